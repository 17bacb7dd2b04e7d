"""What is made from the sources before the first page: translations, collected static files, the database's tables."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import psycopg

from tenants.embedded.messages import read_catalogue, write_catalogue

TEMPLATE = "qz_template"  # the schema that every company is made from; it carries the mark of the code


def compile_all(project: Path) -> list[Path]:
    """Compile every `.po` of the project and of its apps whose `.mo` is missing or older; returns what was written.

    Raises ValueError, naming file and line, when a catalogue has an error.
    """
    written = []
    shelves = (project / "locale", *project.glob("apps/*/locale"))
    for source in sorted(path for shelf in shelves for path in shelf.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        fresh = target.with_suffix(".mo.new")
        fresh.write_bytes(write_catalogue(read_catalogue(source)))
        fresh.replace(target)
        written.append(target)
    return written


class StaticStamp:
    """Remembers from which sources the static files were collected, which takes seconds."""

    def __init__(self, project: Path) -> None:
        self._project, self._file = project, project / "staticfiles" / ".stamp"

    def is_fresh(self) -> bool:
        """Whether nothing changed since they were collected."""
        try:
            return self._file.read_text() == fingerprint(self._sources())
        except OSError:
            return False

    def renew(self) -> None:
        """Note that they are now collected from the sources as they are."""
        if self._file.parent.is_dir():
            self._file.write_text(fingerprint(self._sources()))

    def _sources(self) -> Iterator[Path]:
        yield from (self._project / "requirements").glob("base.txt")
        yield from (self._project / "config").glob("*.py")
        for folder in (self._project / "static", *self._project.glob("apps/*/static")):
            yield from (path for path in folder.rglob("*") if path.is_file())


class DatabaseMark:
    """Which code brought a database up, as the database itself remembers: the same code need not look it over again.

    `bootstrap --mark` writes it last. A database that was restored or replaced tells the mark of its own past, or none.
    `of`: what else the tables, roles and grants depend on; at least one of them is secret, for companies may read it.
    """

    def __init__(self, project: Path, dsn: str, of: Iterable[str]) -> None:
        self._project, self._dsn, self._of = project, dsn, "\n".join(of)

    def expected(self) -> str:
        """The mark of the code as it is."""
        return fingerprint(self._sources(), self._of)

    def stored(self) -> str:
        """The mark in the database; "" when nobody brought it up, or it does not say."""
        try:
            with closing(psycopg.connect(self._dsn, connect_timeout=5)) as connection:
                row = connection.execute(
                    "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = %s", [TEMPLATE]
                ).fetchone()
        except psycopg.OperationalError:
            return ""
        return str(row[0] or "") if row else ""

    def _sources(self) -> Iterator[Path]:
        yield from (self._project / "requirements").glob("base.txt")
        for folder in ("config", "tenants", "kernel", "apps"):
            for path in (self._project / folder).rglob("*"):
                if path.suffix not in (".pyc", ".mo") and path.is_file():
                    yield path


def fingerprint(files: Iterable[Path], of: str = "") -> str:
    """Changes when a file comes, goes or is written, and with `of`."""
    marks = sha256(of.encode())
    for path in sorted(files):
        state = path.stat()
        marks.update(f"{path}:{state.st_size}:{state.st_mtime_ns}\n".encode())
    return marks.hexdigest()
