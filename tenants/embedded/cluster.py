"""The files of a PostgreSQL cluster: making them, judging them, and which server runs on them."""

import os
import shutil
import signal
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tenants.embedded.binaries import find_postgres, postgres_version, program_tree
from tenants.embedded.endpoints import ADMIN_ROLE
from tenants.embedded.errors import EmbeddedError
from tenants.embedded.process import Account, is_alive, readable_programs, spawn, wait_until

LEFTOVER_SECONDS = 20.0


@dataclass(frozen=True)
class Programs:
    """The folder of PostgreSQL's programs that `account` can run, and their major version."""

    folder: Path
    version: int

    @classmethod
    def found(cls, account: Account | None) -> "Programs":
        """Raises EmbeddedError when the machine has none."""
        folder = find_postgres()
        tree = program_tree(folder / "postgres")
        readable = readable_programs(tree, account) / folder.relative_to(tree)
        return cls(readable, postgres_version(folder))


def clean_environment() -> dict[str, str]:
    """Our environment without PostgreSQL's own: a stray PGPORT or PGDATA must not reach the server."""
    dropped = ("PG", "LC_", "LANG")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    return kept | {"LC_ALL": "C.UTF-8"}


def make_cluster(cluster: Path, *, programs: Programs, account: Account | None, password: str, sync: bool) -> None:
    """Create the files of a new cluster in one step: an interrupted attempt leaves nothing half made.

    Raises EmbeddedError with what initdb said when it fails.
    """
    fresh, password_file = cluster.with_name("data.new"), cluster.with_name("password")
    shutil.rmtree(fresh, ignore_errors=True)
    password_file.touch(mode=0o600)
    password_file.write_text(password)
    if account is not None:
        account.own(password_file)
    options: list[str | Path] = [
        "-D",
        fresh,
        "-A",
        "scram-sha-256",
        f"--pwfile={password_file}",
        "-U",
        ADMIN_ROLE,
        "-E",
        "UTF8",
    ]
    options += ["--locale=C.UTF-8", "--data-checksums", *([] if sync else ["--no-sync"])]
    try:
        process = spawn(
            [programs.folder / "initdb", *options],
            env=clean_environment(),
            cwd=cluster.parent,
            output=subprocess.PIPE,
            account=account,
        )
        said = process.communicate()[0].decode(errors="replace").split("\n")
    finally:
        password_file.unlink()
    if process.returncode:
        grave = ("No space", "FATAL", "PANIC", "could not", "error")
        reason = next((line for word in grave for line in said if word in line), said[0])
        raise EmbeddedError(f"无法建立数据库：{reason}", f"The database could not be created: {reason}")
    fresh.rename(cluster)


def check_cluster(cluster: Path, programs: Programs) -> None:
    """Raise EmbeddedError when the cluster is incomplete or of another major version."""
    try:
        made_by = (cluster / "PG_VERSION").read_text().strip()
    except OSError as error:
        raise EmbeddedError(
            f"数据目录 {cluster} 不完整（缺少 PG_VERSION），请从备份恢复；系统不会覆盖它。",
            f"The data folder {cluster} is incomplete (PG_VERSION is missing); restore it from a backup. "
            "It is not overwritten.",
        ) from error
    if made_by != str(programs.version):
        raise EmbeddedError(
            f"数据目录 {cluster} 属于 PostgreSQL {made_by}，现有程序是 {programs.version}，请先用 pg_upgrade 升级。",
            f"The data folder {cluster} belongs to PostgreSQL {made_by}, the program is {programs.version}; "
            "upgrade it with pg_upgrade first.",
        )


def running_server(cluster: Path) -> int | None:
    """Process number of the server that runs on `cluster`, None when there is none.

    After a reboot another program may have the number in the file; a server's working folder is its cluster.
    """
    try:
        pid = int(_server_file(cluster)[0])
    except (OSError, ValueError):
        return None
    if not is_alive(pid):
        return None
    if Path("/proc/self/cwd").exists():
        try:
            return pid if Path(f"/proc/{pid}/cwd").resolve(strict=True) == cluster.resolve() else None
        except OSError:
            return None
    return pid


def running_port(cluster: Path) -> int:
    """Port of the server that runs on `cluster`."""
    return int(_server_file(cluster)[3])


def reports_ready(cluster: Path) -> bool:
    """Whether the server itself says that it takes connections; asking earlier would fill its log."""
    try:
        return _server_file(cluster)[7].strip() == "ready"
    except (OSError, IndexError):
        return False


def _server_file(cluster: Path) -> list[str]:
    return (cluster / "postmaster.pid").read_text().split("\n")


def end_leftover(cluster: Path) -> None:
    """A server whose owner was killed is going down already; wait for it, urge it in the end.

    Its sessions outlive a killed server for a moment, and while they do no other one may start.
    """
    for number in (signal.SIGINT, signal.SIGQUIT):
        pid = running_server(cluster)
        for left in [pid] if pid is not None else _sessions(cluster):
            with suppress(ProcessLookupError):
                os.kill(left, number)
        if wait_until(lambda: running_server(cluster) is None and not _sessions(cluster), LEFTOVER_SECONDS):
            return


def _sessions(cluster: Path) -> list[int]:
    """Processes that work in the cluster's folder; none where the system does not tell."""
    found = []
    for folder in Path("/proc").glob("[0-9]*/cwd"):
        with suppress(OSError):
            if folder.readlink() == cluster:
                found.append(int(folder.parent.name))
    return found
