"""Files that are made from the sources before the first page: translations and collected static files."""

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


class StaticStamp:
    """Remembers from which sources the static files were collected, since collecting takes seconds."""

    def __init__(self, project: Path) -> None:
        self._project = project
        self._file = project / "staticfiles" / ".stamp"

    def is_fresh(self) -> bool:
        """Whether nothing changed since the last collection."""
        try:
            return self._file.read_text() == self._fingerprint()
        except OSError:
            return False

    def renew(self) -> None:
        """Note that the static files are now those of the sources."""
        if self._file.parent.is_dir():
            self._file.write_text(self._fingerprint())

    def _fingerprint(self) -> str:
        marks = sha256()
        for path in sorted(self._sources()):
            state = path.stat()
            marks.update(f"{path}:{state.st_size}:{state.st_mtime_ns}\n".encode())
        return marks.hexdigest()

    def _sources(self) -> Iterator[Path]:
        yield from (self._project / "requirements").glob("base.txt")
        yield from (self._project / "config").glob("*.py")
        for folder in (self._project / "static", *self._project.glob("apps/*/static")):
            yield from (path for path in folder.rglob("*") if path.is_file())
