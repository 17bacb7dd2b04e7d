"""Files that are made from the sources before the first page: translations and collected static files."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from tenants.embedded.messages import read_catalogue, write_catalogue


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


class Stamp(ABC):
    """Remembers from which sources something was made that takes seconds to make."""

    def __init__(self, file: Path, of: str = "") -> None:
        self._file, self._of = file, of

    def is_fresh(self) -> bool:
        """Whether nothing changed since it was made."""
        try:
            return self._file.read_text() == self._fingerprint()
        except OSError:
            return False

    def was_made(self) -> bool:
        """Whether it was ever made, from whatever sources."""
        return self._file.exists()

    def renew(self) -> None:
        """Note that it is now made from the sources as they are."""
        if self._file.parent.is_dir():
            self._file.write_text(self._fingerprint())

    def _fingerprint(self) -> str:
        marks = sha256(self._of.encode())
        for path in sorted(self._sources()):
            state = path.stat()
            marks.update(f"{path}:{state.st_size}:{state.st_mtime_ns}\n".encode())
        return marks.hexdigest()

    @abstractmethod
    def _sources(self) -> Iterator[Path]:
        """The files that it is made from."""


class StaticStamp(Stamp):
    """The collected static files."""

    def __init__(self, project: Path) -> None:
        super().__init__(project / "staticfiles" / ".stamp")
        self._project = project

    def _sources(self) -> Iterator[Path]:
        yield from (self._project / "requirements").glob("base.txt")
        yield from (self._project / "config").glob("*.py")
        for folder in (self._project / "static", *self._project.glob("apps/*/static")):
            yield from (path for path in folder.rglob("*") if path.is_file())


class CodeStamp(Stamp):
    """A database that this very code brought up: its pages can be served while the next start looks it over.

    `database` is the address given for a server of one's own: another one was not brought up yet.
    """

    def __init__(self, project: Path, data: Path, database: str = "") -> None:
        super().__init__(data / "code.stamp", database)
        self._project = project

    def _sources(self) -> Iterator[Path]:
        yield from (self._project / "requirements").glob("base.txt")
        for folder in ("config", "tenants", "kernel", "apps"):
            yield from (self._project / folder).rglob("*.py")
