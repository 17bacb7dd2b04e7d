"""What a clerk types into a head and a grid: kept word by word, read into values, faults put back on their cells."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from kernel.errors import DomainError

BLANK_LINES = 5
MOST_LINES = 1000
_LINE = re.compile(r"lines-(\d{1,5})-([a-z_]+)")
_NUMBER = re.compile(r"-?(\d{1,14}(\.\d*)?|\.\d+)")
_GRIDS = ("lines", "inputs", "outputs")
_SPLIT = re.compile(r"[\s,，;；、]+")


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A column of a grid. `kind`: lookup, number, text, date, hidden; `src` of a lookup; `css` sets its width."""

    key: str
    label: Any = ""
    kind: str = "text"
    css: str = ""
    src: str = ""
    required: bool = False
    list_label: Any = ""
    hint: str = ""


@dataclass
class Line:
    """One row as it stands on the screen: texts, shown texts of lookups, faults by column."""

    values: dict[str, str] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def is_blank(self) -> bool:
        return not any(text for key, text in self.values.items() if key != "line")

    def text(self, key: str) -> str:
        return self.values.get(key, "")

    def cells(self, columns: Sequence["Cell"]) -> list[dict[str, Any]]:
        """Each column with what stands in it, for the template."""
        return [
            {
                "column": column,
                "value": self.text(column.key),
                "shown": self.shown.get(column.key) or self.text(column.key),
                "error": self.errors.get(column.key, ""),
            }
            for column in columns
        ]

    def number(self, key: str) -> Decimal | None:
        """The number of a cell; None when it is empty; a fault is noted when it is none."""
        return self._read(key, number_of, _("请填写数字。"))

    def day(self, key: str) -> date | None:
        """The date of a cell."""
        return self._read(key, day_of, _("请填写日期，例如 2026-01-31。"))

    def words(self, key: str) -> tuple[str, ...]:
        """Several texts in one cell, parted by blanks or commas."""
        return tuple(word for word in _SPLIT.split(self.text(key)) if word)

    def _read(self, key: str, reader: Any, fault: str) -> Any:
        text = self.text(key)
        if not text:
            return None
        found = reader(text)
        if found is None:
            self.errors[key] = fault
        return found


@dataclass
class Entry:
    """A whole form. `errors` are faults of the head by field, `faults` speak above the grid."""

    head: dict[str, str] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    version: str = ""

    @property
    def is_valid(self) -> bool:
        return not self.faults and not self.errors and not self.has_cell_errors

    @property
    def has_cell_errors(self) -> bool:
        return any(line.errors for line in self.lines)

    @property
    def filled(self) -> list[Line]:
        """Rows that hold something: these are what a refusal's `lines.0` counts."""
        return [line for line in self.lines if not line.is_blank]

    def day(self, key: str) -> date | None:
        """A date of the head."""
        text = self.head.get(key, "")
        found = day_of(text) if text else None
        if text and found is None:
            self.errors[key] = _("请填写日期，例如 2026-01-31。")
        return found


def grid(entry: Entry, columns: Sequence[Cell]) -> dict[str, Any]:
    """What `inventory/_grid.html` draws: columns, rows of cells, an empty row to copy."""
    return {
        "columns": [column for column in columns if column.kind != "hidden"],
        "rows": [line.cells(columns) for line in padded(entry).lines],
        "empty": Line().cells(columns),
    }


def blank(head: Mapping[str, str] | None = None) -> Entry:
    """A fresh form."""
    return Entry(head=dict(head or {}), lines=[Line() for _row in range(BLANK_LINES)])


def read(post: Mapping[str, Any], *, head: Iterable[str], columns: Sequence[Cell]) -> Entry:
    """The form as it was sent. A lookup without script sends what was typed: its first word is the code."""
    entry = Entry(version=str(post.get("version", ""))[:20])
    for key in head:
        entry.head[key], entry.shown[key] = _pair(post, key)
    places = sorted({int(match[1]) for name in post if (match := _LINE.match(name))})[:MOST_LINES]
    for place in places:
        line = Line()
        for column in columns:
            name = f"lines-{place}-{column.key}"
            line.values[column.key], line.shown[column.key] = _pair(post, name)
        entry.lines.append(line)
    return entry


def padded(entry: Entry) -> Entry:
    """At least a few rows to type in."""
    entry.lines += [Line() for _row in range(max(0, BLANK_LINES - len(entry.lines)))]
    return entry


def take_refusal(entry: Entry, error: DomainError) -> None:
    """Put a refusal of a service on the cells it names; what names no cell speaks above the grid."""
    rows, placed = entry.filled, False
    for spot, texts in error.fields.items():
        first, _dot, rest = spot.partition(".")
        index, _dot, key = rest.partition(".")
        text = " ".join(str(one) for one in texts)
        row = rows[int(index)] if first in _GRIDS and index.isdigit() and int(index) < len(rows) else None
        cell = _cell(key)
        if row is not None and cell in row.values:
            row.errors[cell] = text
            placed = True
        elif spot in entry.head:
            entry.errors[spot] = text
            placed = True
    if not placed:
        entry.faults.append(error.message)


def _cell(key: str) -> str:
    """The column that shows what a service calls `key`: lots and serial numbers are typed into one."""
    name = key.split(".")[0] or "item"
    return "lot" if name == "serials" else name


def number_of(text: str) -> Decimal | None:
    """A number as people type it: full-width digits and separators are fine; None when it is none."""
    folded = unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "").rstrip("%")
    return Decimal(folded) if _NUMBER.fullmatch(folded) else None


def day_of(text: str) -> date | None:
    """A date as `2026-01-31`; None when it is none."""
    try:
        return date.fromisoformat(unicodedata.normalize("NFKC", text).strip().replace("/", "-"))
    except ValueError:
        return None


def _pair(post: Mapping[str, Any], name: str) -> tuple[str, str]:
    """(value, shown text) of a field."""
    value = _clean(post.get(name, ""))
    shown = _clean(post.get(f"{name}_text", ""))
    if not value and shown:
        value = shown.split()[0]
    return value, shown or value


def _clean(text: Any) -> str:
    return str(text).replace("\x00", "").strip()[:500]
