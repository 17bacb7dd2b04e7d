"""Programs that run once, side by side: who waits for one of them hears of it at once."""

import io
import sys
from pathlib import Path

from tenants.embedded.installation import STAGE_PROGRAMS
from tenants.embedded.supervisor import Spec, Supervisor


def program(name: str, code: str, folder: Path) -> Spec:
    return Spec(name=name, command=lambda: [sys.executable, "-c", code], env={}, cwd=folder, stage=STAGE_PROGRAMS)


def test_an_early_end_is_heard_while_the_others_work(tmp_path: Path):
    """The slow one ends only when the quick one's end was heard: it waits for the file that is written then."""
    heard = tmp_path / "heard"
    slow = f"import os, time\nwhile not os.path.exists({str(heard)!r}): time.sleep(0.05)"
    names: list[str] = []

    def note(name: str) -> None:
        names.append(name)
        heard.touch()

    with Supervisor(io.StringIO(), tmp_path / "processes") as supervisor:
        codes = supervisor.run_once(
            program("slow", slow, tmp_path), program("quick", "pass", tmp_path),
            program("broken", "raise SystemExit(3)", tmp_path), ended=note,
        )  # fmt: skip

    assert codes == [0, 0, 3]
    assert names[0] == "quick"
    assert "broken" not in names
