"""`python -m benchmarks [name …]`: run every promise in a process of its own and print one table.

`--write` keeps the table in BENCHMARKS.md with the command that made it.
"""

import platform
import subprocess
import sys
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = {"__init__", "__main__", "common", "stock_common"}
HEAD = "| promise | ours | limit or peer | measured against | ratio | verdict |\n|---|---|---|---|---|---|\n"


def main(arguments: list[str]) -> int:
    """Exit 1 when a promise is broken or a file fails."""
    wanted = [name for name in arguments if not name.startswith("-")]
    names = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in LEFT_OUT)
    rows: list[str] = []
    failed = False
    for name in wanted or names:
        print(f"== {name}", flush=True)
        done = subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], cwd=ROOT, capture_output=True, text=True)
        lines = done.stdout.splitlines()
        rows += ["| " + " | ".join(line.split("\t")[1:]) + " |" for line in lines if line.startswith("RESULT\t")]
        failed = failed or done.returncode != 0
        print("\n".join(lines if done.returncode == 0 else [*lines, done.stderr[-2000:]]), flush=True)
    table = HEAD + "\n".join(rows) + "\n"
    print(table)
    if "--write" in arguments:
        (ROOT / "BENCHMARKS.md").write_text(_page(table), encoding="utf-8")
    return int(failed)


def _page(table: str) -> str:
    made = (
        "Made by `make bench` (`python -m benchmarks --write`), which starts a throw-away installation for each file\n"
        f"of `benchmarks/`. Last run: {date.today().isoformat()}, {platform.machine()}, two shared cores."
    )
    return f"# Promises\n\n{made}\n\n{table}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
