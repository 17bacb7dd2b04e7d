"""Starting a child process the careful way: own group, death with its parent, no more rights than needed."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO

from tenants.embedded.errors import EmbeddedError

try:
    import pwd
except ImportError:  # Windows has no accounts of this kind and no root either
    pwd = None  # type: ignore[assignment]  # the module is optional on that platform

POLL_SECONDS = 0.05
SHARED_STATE = Path("/var/lib/qingzhun")
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Account:
    """The unprivileged account that servers run as when we are root."""

    uid: int
    gid: int

    def own(self, path: Path) -> None:
        """Hand one file or folder over to this account."""
        os.chown(path, self.uid, self.gid)

    def reaches(self, path: Path) -> bool:
        """Whether this account may pass through every folder above `path`."""
        return all(self._passes(folder) for folder in path.resolve().parents)

    def _passes(self, folder: Path) -> bool:
        state = folder.stat()
        if state.st_uid == self.uid:
            return bool(state.st_mode & 0o100)
        return bool(state.st_mode & (0o010 if state.st_gid == self.gid else 0o001))


def server_account() -> Account | None:
    """None unless we are root; PostgreSQL refuses to run as root, and a broker has no need to."""
    if pwd is None or os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid)
    return None


def account_folder(path: Path, account: Account | None) -> Path:
    """Make `path` a folder of `account` alone and return where it really is.

    When the account cannot pass the folders above (root's home is private), the folder is made below
    /var/lib and `path` becomes a link to it; the caller's own folder is opened for passing through only.
    Raises EmbeddedError when it stands already where the account cannot go.
    """
    if account is None:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.is_symlink():
        path.parent.chmod(path.parent.stat().st_mode | 0o011)
    if not path.exists() and not account.reaches(path):
        _link_elsewhere(path)
    path.mkdir(mode=0o700, exist_ok=True)
    if not account.reaches(path):  # restored there by hand
        raise EmbeddedError(
            f"服务账户无法进入 {path.resolve()}，请对它上面的各级目录执行 chmod o+x，或用 QZ_DATA_DIR 另选目录。",
            f"The servers' account cannot pass to {path.resolve()}; chmod o+x the folders above it, or choose another "
            "data folder with QZ_DATA_DIR.",
        )
    account.own(path)
    return path.resolve()


def _link_elsewhere(path: Path) -> None:
    name = f"{path.name}-{sha256(os.fsencode(path.absolute())).hexdigest()[:12]}"
    SHARED_STATE.mkdir(mode=0o755, parents=True, exist_ok=True)
    real = SHARED_STATE / name
    real.mkdir(mode=0o700, exist_ok=True)
    path.unlink(missing_ok=True)  # a link whose target was removed
    path.symlink_to(real)


def readable_programs(tree: Path, account: Account | None) -> Path:
    """`tree`, a folder of programs, or a copy of it at a place that `account` can read."""
    if account is None or account.reaches(tree / "inside"):
        return tree
    state = tree.stat()
    mark = sha256(f"{tree}:{state.st_mtime_ns}:{state.st_ino}".encode()).hexdigest()[:12]
    copy = SHARED_STATE / "programs" / mark
    if not copy.exists():
        copy.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(dir=copy.parent))
        _copy_readable(tree, fresh)
        with suppress(OSError):  # another start was quicker; its copy is as good
            fresh.rename(copy)
        shutil.rmtree(fresh, ignore_errors=True)
    return copy / tree.name


def _copy_readable(tree: Path, target: Path) -> None:
    # A wheel keeps the libraries it was linked with beside the package, found by a relative path.
    for source in (tree, tree.with_name(f"{tree.name}.libs")):
        if source.is_dir():
            shutil.copytree(source, target / source.name)
    for path in (target, *target.rglob("*")):
        path.chmod(path.stat().st_mode | (0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644))


def spawn(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    cwd: Path,
    output: int | IO[bytes],
    account: Account | None = None,
    death_signal: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start `command` in a session of its own; it gets `death_signal` when this process dies.

    Call it from the main thread: Linux ties the death signal to the thread that started the child.
    """
    # S603: commands are composed by this package, never from input. PLW1509: the function between fork
    # and exec makes one prepared system call and allocates nothing.
    return subprocess.Popen(  # noqa: S603
        list(command),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        env=dict(env),
        cwd=cwd,
        start_new_session=True,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        preexec_fn=_die_with_parent(death_signal),
    )


def _die_with_parent(death_signal: signal.Signals) -> Callable[[], None] | None:
    if _libc is None:
        return None
    prctl, number, parent = _libc.prctl, int(death_signal), os.getpid()

    def arrange() -> None:
        prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)
        if os.getppid() != parent:  # the parent died before the arrangement was made
            os._exit(1)

    return arrange


def is_alive(pid: int) -> bool:
    """Whether a process with this number exists and has not ended."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    status = Path(f"/proc/{pid}/stat")
    with suppress(OSError):
        return status.read_text().rpartition(")")[2].split()[0] != "Z"
    return True


def signal_group(pid: int, number: signal.Signals) -> None:
    """Signal a child and everything it started; harmless when all are gone."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def wait_until(done: Callable[[], bool], seconds: float) -> bool:
    """Poll `done` for some time; whether it came true."""
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True
