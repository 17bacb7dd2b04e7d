"""From the headings of a file to the columns of a kind."""

import unicodedata
from collections.abc import Mapping, Sequence

from kernel.imports.kinds import ImportKind
from kernel.models import ImportJob


def fold(heading: str) -> str:
    """A heading without case, width, blanks, stars and the remark in brackets: `物料编码 * (必填)` → `物料编码`."""
    text = unicodedata.normalize("NFKC", heading).casefold().strip()
    if text.endswith(")") and "(" in text[1:]:
        text = text.rpartition("(")[0]
    return "".join(text.replace("*", "").replace("_", " ").split())


def match(kind: ImportKind, headings: Sequence[str], wanted: Mapping[str, str] | None = None) -> dict[str, int]:
    """{column key: index in the file}. `wanted` {column key: heading} (chosen or remembered) goes before the names."""
    places: dict[str, int] = {}
    for index, heading in enumerate(headings):
        places.setdefault(heading.strip(), index)
    folded: dict[str, int] = {}
    for index, heading in enumerate(headings):
        folded.setdefault(fold(heading), index)
    found: dict[str, int] = {}
    for column in kind.columns:
        place = _chosen(column.key, wanted or {}, places)
        if place is None and column.key not in (wanted or {}):
            names = (fold(name) for name in column.names if name)
            place = next((folded[name] for name in names if name in folded), None)
        if place is not None:
            found[column.key] = place
    return found


def _chosen(key: str, wanted: Mapping[str, str], places: Mapping[str, int]) -> int | None:
    heading = wanted.get(key, "").strip()
    return places.get(heading) if heading else None


def remembered(kind: ImportKind) -> dict[str, str]:
    """The mapping of the last import of this kind that went through, {} without one."""
    last = ImportJob.objects.filter(kind=kind.key, state=ImportJob.State.DONE).order_by("-id").first()
    return {key: heading for key, heading in (last.mapping if last else {}).items() if heading}
