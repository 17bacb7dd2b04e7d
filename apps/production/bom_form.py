"""Lines of a bill as a page sends them: numbered text fields, and rows pasted from a spreadsheet."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from apps.production.models import Bom

COLUMNS = ("component", "quantity", "unit", "scrap_rate", "fixed_quantity", "operation", "phantom")
PASTED = ("component", "quantity", "unit", "scrap_rate", "fixed_quantity")
NUMBERS = {"quantity": 6, "scrap_rate": 6, "fixed_quantity": 6}
BLANK_ROWS = 5
MOST_ROWS = 2000
LARGEST = Decimal(10) ** 12
Cells = dict[str, str]


@dataclass
class LineRow:
    """One row of the page: what was typed and what is wrong with it."""

    cells: Cells
    error: str = ""

    @property
    def is_blank(self) -> bool:
        return not any(self.cells.get(name) for name in ("component", "quantity"))


def rows_of(bom: Bom | None) -> list[LineRow]:
    """The rows of a saved bill and some blank ones."""
    rows = [
        LineRow(
            {
                "component": line.component.code,
                "quantity": _plain(line.quantity),
                "unit": line.unit,
                "scrap_rate": _plain(line.scrap_rate),
                "fixed_quantity": _plain(line.fixed_quantity),
                "operation": str(line.operation or ""),
                "phantom": {True: "yes", False: "no"}.get(line.phantom, "") if line.phantom is not None else "",
            }
        )
        for line in (bom.lines.all() if bom else ())
    ]
    return rows + [LineRow(dict.fromkeys(COLUMNS, "")) for _blank in range(BLANK_ROWS)]


def rows_from(post: Mapping[str, Any], pasted: str) -> list[LineRow]:
    """The rows as they were sent; pasted ones come last."""
    rows = []
    for place in range(MOST_ROWS):
        if f"lines-{place}-component" not in post:
            break
        cells = {name: str(post.get(f"lines-{place}-{name}", "")).replace("\x00", "").strip() for name in COLUMNS}
        cells["component"] = cells["component"] or _first_word(post, place)
        rows.append(LineRow(cells))
    filled = [row for row in rows if not row.is_blank]
    return filled + _pasted(pasted)


def _first_word(post: Mapping[str, Any], place: int) -> str:
    return str(post.get(f"lines-{place}-component_text", "")).replace("\x00", "").strip().partition(" ")[0]


def _pasted(text: str) -> list[LineRow]:
    rows = []
    for line in text.replace("\r", "").split("\n")[:MOST_ROWS]:
        cells = [cell.strip() for cell in line.replace("\x00", "").split("\t")]
        if any(cells):
            rows.append(LineRow({**dict.fromkeys(COLUMNS, ""), **dict(zip(PASTED, cells, strict=False))}))
    return rows


def values_of(rows: list[LineRow]) -> list[dict[str, Any]] | None:
    """What the service takes; None when a cell cannot be read, which is then said on its row."""
    values = [_values(row) for row in rows]
    return None if any(row.error for row in rows) else values


def _values(row: LineRow) -> dict[str, Any]:
    found: dict[str, Any] = {"component": row.cells["component"], "unit": row.cells["unit"]}
    for name in NUMBERS:
        found[name] = _number(row, name)
    operation = row.cells["operation"]
    if operation and not (operation.isascii() and operation.isdigit() and len(operation) < 7):
        row.error = _("工序要是整数。")
    found["operation"] = int(operation) if operation and not row.error else None
    found["phantom"] = {"yes": True, "no": False}.get(row.cells["phantom"])
    return found


def _number(row: LineRow, name: str) -> Decimal | None:
    text = row.cells[name].replace(",", "").replace("，", "")
    if not text:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or value < 0 or value >= LARGEST or value != round(value, NUMBERS[name]):
        row.error = _("“%(value)s”不是有效的数字，最多 6 位小数。") % {"value": text[:40]}
        return None
    return round(value, NUMBERS[name])


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    stripped = text.rstrip("0").rstrip(".") if "." in text else text
    return "" if stripped == "0" else stripped
