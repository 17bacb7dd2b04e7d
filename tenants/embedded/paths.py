"""Where one installation keeps its things: everything below one data folder (`QZ_DATA_DIR`)."""

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from tenants.embedded.errors import EmbeddedError

try:
    import fcntl
except ImportError:  # Windows: no advisory locks, one start at a time is the user's care
    fcntl = None  # type: ignore[assignment]  # the module is optional on that platform

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class DataPaths:
    """Names of the files and folders inside the data folder."""

    root: Path

    @property
    def secrets(self) -> Path:
        """Generated passwords and keys, readable by the owner alone."""
        return self.root / "secrets.json"

    @property
    def endpoints(self) -> Path:
        """Ports of the embedded servers, chosen once and then kept."""
        return self.root / "endpoints.json"

    @property
    def postgres(self) -> Path:
        """Folder of the embedded PostgreSQL; the cluster is `data` inside it."""
        return self.root / "postgres"

    @property
    def cluster(self) -> Path:
        """What PostgreSQL calls PGDATA."""
        return self.postgres / "data"

    @property
    def broker(self) -> Path:
        """Folder of the embedded broker: its configuration and append-only file."""
        return self.root / "broker"

    @property
    def queue(self) -> Path:
        """Messages of the file transport, used only where no broker program is to be had."""
        return self.root / "queue"

    @property
    def cache(self) -> Path:
        """File cache that goes with the file transport."""
        return self.root / "cache"

    @property
    def logs(self) -> Path:
        """Log files of servers that run without the supervisor."""
        return self.root / "logs"

    @property
    def media(self) -> Path:
        """Files of the companies."""
        return self.root / "media"

    @property
    def schedule(self) -> Path:
        """State of the scheduler."""
        return self.root / "schedule" / "beat"

    @property
    def sign_ins(self) -> Path:
        """Sign-in names of the demo company, written once by the command that makes it."""
        return self.root / "sign_ins.json"

    @property
    def processes(self) -> Path:
        """Process numbers of the last start, so that the next one can clear away what was left."""
        return self.root / "processes.json"

    @property
    def up_lock(self) -> Path:
        """Held for as long as `manage.py up` runs on this data folder."""
        return self.root / "up.lock"

    @property
    def postgres_lock(self) -> Path:
        """Held by the process that owns the running PostgreSQL."""
        return self.root / "postgres.lock"


def data_dir(env: Mapping[str, str] | None = None) -> Path:
    """The data folder: `QZ_DATA_DIR`, else `.data`; a relative name starts at the project."""
    name = (os.environ if env is None else env).get("QZ_DATA_DIR") or ".data"
    return (PROJECT / Path(name).expanduser()).resolve()


def prepare(root: Path) -> DataPaths:
    """Make the data folder. Raises EmbeddedError when it is a file or cannot be written."""
    paths = DataPaths(root)
    try:
        root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=root):
            pass
    except OSError as error:
        reason = error.strerror or str(error)
        raise EmbeddedError(
            f"数据目录 {root} 无法写入（{reason}），请修正权限或用 QZ_DATA_DIR 另选目录。",
            f"The data folder {root} cannot be written ({reason}); correct it or choose another with QZ_DATA_DIR.",
        ) from error
    return paths


def read_json(path: Path) -> dict[str, Any]:
    """The object in a JSON file, {} when there is none. Raises EmbeddedError when it cannot be understood."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise _unreadable(path, str(error)) from error
    if not isinstance(content, dict):
        raise _unreadable(path, "not a JSON object")
    return content


def _unreadable(path: Path, reason: str) -> EmbeddedError:
    return EmbeddedError(
        f"文件 {path} 无法读取（{reason}），请从备份恢复该文件。",
        f"The file {path} cannot be read ({reason}); restore it from a backup.",
    )


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Replace a file in one step, readable by its owner alone; a crash leaves the old or the new one."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=1, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Hold the folder's short lock, so that two first starts agree on one set of secrets and ports."""
    with (root / ".lock").open("a") as file:
        if fcntl is not None:
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


class ProcessLock:
    """A lock that dies with its holder; the file names the holder's process number for people."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: IO[str] | None = None

    @property
    def held(self) -> bool:
        """Whether this object holds the lock now."""
        return self._file is not None

    def acquire(self) -> bool:
        """Take the lock; False when another process holds it."""
        file = self.path.open("a+")
        if not _take(file):
            file.close()
            return False
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        self._file = file
        return True

    def is_taken(self) -> bool:
        """Whether anybody holds the lock now."""
        with self.path.open("a+") as file:
            return not _take(file)

    def holder(self) -> str:
        """Process number of whoever took the lock last, "?" when unknown."""
        try:
            return self.path.read_text() or "?"
        except OSError:
            return "?"

    def release(self) -> None:
        """Give the lock back; harmless when it is not held."""
        if self._file is not None:
            self._file.close()
            self._file = None


def _take(file: IO[str]) -> bool:
    if fcntl is None:
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
