"""Lines of a bill as they are typed: codes become items, units are known, numbers are in range."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.masterdata import public as masterdata
from apps.production.models import Bom, BomAlternate, BomLine
from apps.production.services.plan_refusals import BomCycle, unknown_item, wrong

Values = Mapping[str, Any]
FIRST_LINE = 10


def write_lines(bom: Bom, rows: Sequence[Values]) -> None:
    """Replace the lines of `bom`. Raises Invalid `unknown_item`, `unknown_unit`, `bad_range`, BomCycle for itself."""
    codes = [str(row["component"]) for row in rows]
    codes += [str(one["item"]) for row in rows for one in row.get("alternates") or ()]
    known = masterdata.items_by_code(codes)
    numbers: set[int] = set()
    lines, alternates = [], []
    for index, row in enumerate(rows):
        line = _line(bom, row, index, known)
        if line.line in numbers:
            raise wrong("invalid", _("行号 %(line)s 重复。") % {"line": line.line}, f"lines.{index}.line")
        numbers.add(line.line)
        lines.append(line)
        alternates.append(_alternates(line, row, index, known))
    BomLine.objects.filter(bom_id=bom.pk).delete()
    BomLine.objects.bulk_create(lines, batch_size=1000)
    BomAlternate.objects.bulk_create([one for found in alternates for one in found], batch_size=1000)


def _line(bom: Bom, row: Values, index: int, known: Mapping[str, masterdata.ItemInfo]) -> BomLine:
    field = f"lines.{index}"
    item = _item(str(row["component"]), f"{field}.component", known)
    if item.id == bom.item_id:
        raise BomCycle(
            _("物料 %(item)s 不能用它自己来做。") % {"item": item.code}, extra={"path": [item.code, item.code]}
        )
    unit = str(row.get("unit") or "")
    if unit:
        unit = _unit(item, unit, f"{field}.unit")
    quantity, fixed = row.get("quantity") or Decimal(0), row.get("fixed_quantity") or Decimal(0)
    if quantity <= 0 and fixed <= 0:
        raise wrong("invalid", _("用量和固定用量不能都是零。"), f"{field}.quantity")
    start, end = row.get("valid_from"), row.get("valid_to")
    check_range(start, end, f"{field}.valid_to")
    return BomLine(
        bom=bom,
        line=row.get("line") or (index + 1) * FIRST_LINE,
        component_id=item.id,
        quantity=quantity,
        unit=unit,
        scrap_rate=row.get("scrap_rate") or Decimal(0),
        fixed_quantity=fixed,
        phantom=row.get("phantom"),
        operation=row.get("operation"),
        backflush=bool(row.get("backflush")),
        valid_from=start,
        valid_to=end,
    )


def check_range(start: Any, end: Any, field: str) -> None:
    """Raises Invalid `bad_range` when a range ends before it begins."""
    if start is not None and end is not None and end < start:
        raise wrong("bad_range", _("截止日期不能早于起始日期。"), field)


def _alternates(line: BomLine, row: Values, index: int, known: Mapping[str, masterdata.ItemInfo]) -> list[BomAlternate]:
    found: list[BomAlternate] = []
    for at, one in enumerate(row.get("alternates") or ()):
        field = f"lines.{index}.alternates.{at}.item"
        item = _item(str(one["item"]), field, known)
        if item.id in (line.component_id, line.bom.item_id) or any(item.id == other.item_id for other in found):
            raise wrong("invalid", _("替代料不能是原料、产品本身，也不能重复。"), field)
        found.append(
            BomAlternate(
                bom_line=line,
                item_id=item.id,
                ratio=one.get("ratio") or Decimal(1),
                priority=one.get("priority") or at + 1,
            )
        )
    return found


def _item(code: str, field: str, known: Mapping[str, masterdata.ItemInfo]) -> masterdata.ItemInfo:
    if code not in known:
        raise unknown_item(code, field)
    return known[code]


def _unit(item: masterdata.ItemInfo, unit: str, field: str) -> str:
    """The unit's code as the item knows it; empty for the stock unit."""
    wanted = unit.casefold()
    if wanted in (item.stock_unit.casefold(), item.stock_unit_name.casefold()):
        return ""
    found = next((code for code in item.units if code.casefold() == wanted), None)
    if found is None:
        sentence = _("物料 %(item)s 没有单位“%(unit)s”，请先填换算系数。") % {"item": item.code, "unit": unit[:64]}
        raise wrong("unknown_unit", sentence, field)
    return found
