"""What the embedded servers have in common: one owner, one folder, readiness, and a quiet end."""

import os
import signal
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path

from tenants.embedded.endpoints import startable_port
from tenants.embedded.errors import EmbeddedError
from tenants.embedded.paths import DataPaths, ProcessLock, prepare
from tenants.embedded.process import POLL_SECONDS, server_account, spawn, wait_until
from tenants.embedded.secrets import load_secrets

READY_SECONDS = 180.0  # recovery after a power cut may have much to read
STOP_SECONDS = 60.0


class EmbeddedServer(ABC):
    """A server that keeps its data below the data folder and runs as a child of its owner.

    `start` and `stop` are for tests and single commands; the supervisor takes `prepare` and `command`
    and runs the server itself.
    """

    name: str
    stop_signal = signal.SIGTERM

    def __init__(self, data_dir: Path) -> None:
        self.paths: DataPaths = prepare(Path(data_dir))
        self.secrets = load_secrets(self.paths.root)
        self.account = server_account()
        self.port = 0
        self._lock = ProcessLock(self.paths.root / f"{self.name}.lock")
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        """Where the server writes when nobody supervises it."""
        return self.paths.logs / f"{self.name}.log"

    @property
    def pid(self) -> int | None:
        """Process number while the server runs through `start`."""
        return self._process.pid if self._process else None

    @property
    @abstractmethod
    def address(self) -> str:
        """Where our own programs reach it, password included; after `prepare`."""

    @abstractmethod
    def command(self) -> list[str]:
        """The command line, after `prepare`; it holds no secret."""

    @abstractmethod
    def environment(self) -> dict[str, str]:
        """The environment the server runs in."""

    @abstractmethod
    def folder(self) -> Path:
        """The working folder, after `prepare`."""

    @abstractmethod
    def answers(self) -> bool:
        """Whether the server does its work now. Raises EmbeddedError when it never will."""

    @abstractmethod
    def _prepare_files(self) -> None:
        """Make or check what the server needs; called with the lock held."""

    def start(self) -> str:
        """Start the server, wait until it answers and return its address.

        Raises EmbeddedError when another process owns it or the data folder is broken.
        """
        self.prepare()
        self.paths.logs.mkdir(exist_ok=True)
        with self.log.open("wb") as output:
            process = spawn(
                self.command(),
                env=self.environment(),
                cwd=self.folder(),
                output=output,
                account=self.account,
                death_signal=self.stop_signal,
            )
        self._process = process
        try:
            self.wait_ready(alive=lambda: process.poll() is None, complaint=lambda: last_complaint(self.log))
        except BaseException:
            self.stop()
            raise
        return self.address

    def stop(self) -> None:
        """Let the server write everything and end. Harmless when nothing runs."""
        if self._process is not None:
            self._process.send_signal(self.stop_signal)
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.send_signal(signal.SIGQUIT)
                self._process.wait(STOP_SECONDS)
            self._process = None
        self.release()

    def prepare(self) -> None:
        """Everything before the server runs: the lock, its files, a free port.

        Raises EmbeddedError as `start` does.
        """
        if not wait_until(self._acquired_or_hopeless, STOP_SECONDS) or not self._lock.held:
            owner = self._lock.holder()
            raise EmbeddedError(
                f"数据目录 {self.paths.root} 正由进程 {owner} 使用，请先停止它。",
                f"The data folder {self.paths.root} is in use by process {owner}; stop it first.",
            )
        try:
            self._prepare_files()
            self.port = startable_port(self.paths.root, self.name)
        except BaseException:
            self.release()
            raise

    def release(self) -> None:
        """Let another process own the server; `stop` does it too."""
        self._lock.release()

    def wait_ready(
        self,
        *,
        alive: Callable[[], bool],
        complaint: Callable[[], str],
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """Wait until the server answers; `pause` may do other work meanwhile.

        Raises EmbeddedError with `complaint` when `alive` turns False or nothing answers in time.
        """
        deadline = time.monotonic() + READY_SECONDS
        while not self.answers():
            if not alive() or time.monotonic() > deadline:
                raise EmbeddedError(
                    f"{self.name} 无法启动，数据目录 {self.folder()} 可能已损坏：{complaint()}",
                    f"{self.name} does not start, the data folder {self.folder()} may be damaged: {complaint()}",
                )
            pause(POLL_SECONDS)

    def _acquired_or_hopeless(self) -> bool:
        # A command that owns the server for a moment is waited for; `manage.py up` stays, so it is not.
        up = ProcessLock(self.paths.up_lock)
        return self._lock.acquire() or (up.is_taken() and up.holder() != str(os.getpid()))


def last_complaint(log: Path) -> str:
    """The gravest line at the end of a server's log, "" when it said nothing."""
    try:
        return gravest(log.read_text(errors="replace").splitlines())
    except OSError:
        return ""


def gravest(lines: list[str]) -> str:
    """The last line that tells of a failure, else the last line, else ""."""
    grave = [line for line in lines if any(word in line for word in ("FATAL", "PANIC", "Fatal", "Bad file"))]
    return (grave or lines or [""])[-1].strip()
