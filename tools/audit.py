"""Compare the requirements with published advisories. A finding fails; an unreachable service is told, not hidden."""

import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
SECONDS = 240
FOUND = "Found "  # pip-audit's summary, "Found 2 known vulnerabilities in 1 package"


def main() -> None:
    """Exit 1 only for an advisory that concerns a pinned version."""
    command = [sys.executable, "-m", "pip_audit", "--progress-spinner=off", "--disable-pip", "--require-hashes"]
    command += ["--timeout", "20", "-r", str(PROJECT / "requirements" / "base.txt")]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        print("audit: the advisory service did not answer in time; NOT CHECKED")
        return
    if done.returncode == 0:
        print("audit: no known vulnerability in requirements/base.txt")
    elif FOUND in done.stderr:
        sys.exit(f"audit: {done.stderr.strip()}\n{done.stdout}")
    else:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        print(f"audit: the advisory service could not be asked; NOT CHECKED ({reason[:200]})")


if __name__ == "__main__":
    main()
