"""One supervised child process: its output line by line, and when it may be started again."""

import os
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tenants.embedded.process import Account, signal_group, spawn

FIRST_PAUSE = 0.2
LONGEST_PAUSE = 30.0
STEADY_SECONDS = 60.0  # who ran this long starts again without a longer pause
REMEMBERED_LINES = 50


@dataclass(frozen=True)
class Spec:
    """How to run a child. `stage` orders the stop: the highest first, equal ones together."""

    name: str
    command: Callable[[], Sequence[str]]
    env: Mapping[str, str]
    cwd: Path
    stage: int
    stop_seconds: float = 10.0
    stop_signal: signal.Signals = signal.SIGTERM
    account: Account | None = None
    group: bool = True  # False: its own children must not be signalled behind its back


class Child:
    """A running or waiting child of the supervisor."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.lines: deque[str] = deque(maxlen=REMEMBERED_LINES)
        self.process: subprocess.Popen[bytes] | None = None
        self.restart_at: float | None = None
        self.failures = 0  # unexpected ends since it last ran steadily
        self._started = 0.0
        self._rest = b""

    @property
    def running(self) -> bool:
        """Whether its process lives now."""
        return self.process is not None and self.process.poll() is None

    @property
    def exit_code(self) -> int:
        """Of a process that ended; negative for a signal, 1 when it never ran."""
        return 1 if self.process is None else self.process.wait()

    def start(self) -> None:
        """Run the command; output arrives at `fileno`."""
        spec = self.spec
        self.process = spawn(
            spec.command(),
            env=spec.env,
            cwd=spec.cwd,
            output=subprocess.PIPE,
            account=spec.account,
            death_signal=spec.stop_signal,
        )
        os.set_blocking(self.fileno(), False)
        self.restart_at = None
        self._started = time.monotonic()
        self._rest = b""

    def fileno(self) -> int:
        """Reading end of its output."""
        if self.process is None or self.process.stdout is None:
            raise ValueError(f"{self.spec.name} does not run")
        return self.process.stdout.fileno()

    def read(self) -> tuple[list[str], bool]:
        """Whole lines that arrived, and whether more may come."""
        try:
            part = os.read(self.fileno(), 65536)
        except BlockingIOError:
            return [], True
        *whole, self._rest = (self._rest + part).split(b"\n")
        if not part and self._rest:
            whole, self._rest = [*whole, self._rest], b""
        lines = [line.decode(errors="replace").rstrip() for line in whole]
        self.lines.extend(lines)
        return lines, bool(part)

    def signal(self, number: signal.Signals) -> None:
        """Signal the process alone; it passes on to its own children what they should know."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def bury(self) -> None:
        """After its end: nothing of its group may stay behind, and the pipe is closed."""
        if self.process is None:
            return
        if self.spec.group:
            signal_group(self.process.pid, signal.SIGKILL)
        if self.process.stdout is not None:
            with suppress(OSError):
                self.process.stdout.close()
        self.process = None

    def schedule_restart(self) -> float:
        """Plan the next start after an unexpected end; returns the pause in seconds, longer every time."""
        if time.monotonic() - self._started > STEADY_SECONDS:
            self.failures = 0
        pause = min(FIRST_PAUSE * 2**self.failures, LONGEST_PAUSE)
        self.failures += 1
        self.restart_at = time.monotonic() + pause
        return pause
