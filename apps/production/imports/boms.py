"""物料清单 from a sheet: rows of one item and version are one bill, saved by the service that the page calls."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy

from apps.production.imports import cells
from apps.production.services import boms
from apps.production.services.bom_cycles import check_cycles
from apps.production.services.plan_refusals import BomCycle
from kernel.errors import DomainError
from kernel.imports import Applied, ImportColumn, ImportContext, ImportKind, ImportRow, RowError

COLUMNS = (
    ImportColumn("item", "产品", "Item", required=True, example="FLANGE-DN50"),
    ImportColumn("version", "版本", "Version", example="A"),
    ImportColumn("base_quantity", "基准数量", "Base quantity", example="1"),
    ImportColumn("line", "行号", "Line", example="10"),
    ImportColumn("component", "子件", "Component", required=True, example="M6-BOLT"),
    ImportColumn("quantity", "用量", "Quantity", required=True, example="4"),
    ImportColumn("unit", "单位", "Unit", example="pcs"),
    ImportColumn("scrap_rate", "损耗率", "Scrap rate", example="0.05", note="0.05 = 5%"),
    ImportColumn("fixed_quantity", "固定用量", "Fixed quantity", example="0"),
    ImportColumn("phantom", "虚拟件", "Phantom", example="否"),
    ImportColumn("operation", "工序", "Operation", example="10"),
)


def apply(rows: Sequence[ImportRow], context: ImportContext) -> Applied:
    """Each bill is taken whole or not at all; one that clashes with no active version becomes active."""
    applied, groups = Applied(), _groups(rows)
    made: dict[int, tuple[int, list[ImportRow]]] = {}
    done = 0
    for group in groups.values():
        try:
            with transaction.atomic():
                bom = _save(group, context)
        except DomainError as error:
            applied.errors += _errors(group, error)
            applied.skipped |= {row.number for row in group} - {error.row for error in applied.errors}
        else:
            made[bom.pk] = (bom.item_id, group)
        done += len(group)
        context.progress(done)
    _drop_rings(made, applied)
    applied.created = len(made)
    applied.undo = sorted(made) or None
    return applied


def _groups(rows: Sequence[ImportRow]) -> dict[tuple[str, str], list[ImportRow]]:
    groups: dict[tuple[str, str], list[ImportRow]] = {}
    for row in rows:
        groups.setdefault((row.get("item").strip().casefold(), row.get("version").strip()), []).append(row)
    return groups


def _save(group: list[ImportRow], context: ImportContext) -> Any:
    head = group[0]
    values = {
        "item": cells.text(head, "item"),
        "version": cells.text(head, "version", 20),
        "base_quantity": cells.number(head, "base_quantity"),
        "lines": [_line(row) for row in group],
    }
    bom = boms.create_bom(values=values, actor=context.member, at=context.now, check=False)
    return boms.activate_if_free(bom_id=bom.pk, actor=context.member)


def _line(row: ImportRow) -> dict[str, Any]:
    try:
        return {
            "line": cells.whole(row, "line"),
            "component": cells.text(row, "component"),
            "quantity": cells.number(row, "quantity"),
            "unit": cells.text(row, "unit"),
            "scrap_rate": cells.number(row, "scrap_rate"),
            "fixed_quantity": cells.number(row, "fixed_quantity"),
            "phantom": cells.truth(row, "phantom"),
            "operation": cells.whole(row, "operation"),
        }
    except DomainError as error:
        error.extra["row"] = row.number
        raise


def _errors(group: list[ImportRow], error: DomainError) -> list[RowError]:
    """`lines.3.component` is the fourth row of the group."""
    found = []
    for spot, texts in error.fields.items():
        row, key = group[0], spot
        if spot.startswith("lines."):
            _lines, place, key = spot.split(".", 2)
            row = group[int(place)]
        elif "row" in error.extra:
            row = next(one for one in group if one.number == error.extra["row"])
        found.append(RowError(row.number, key, error.code, "；".join(map(str, texts)), row.get(key)))
    return found or [RowError(group[0].number, "item", error.code, error.message, group[0].get("item"))]


def _drop_rings(made: dict[int, tuple[int, list[ImportRow]]], applied: Applied) -> None:
    """Bills that close a ring are bad; the others stay. One search over all, again for each ring that is found."""
    while made:
        try:
            check_cycles(item for item, _group in made.values())
        except BomCycle as error:
            guilty = [pk for pk, (_item, group) in made.items() if _in_path(group, error)]
            if not guilty:
                raise
            _item, group = made.pop(guilty[-1])
            boms.withdraw_bom(bom_id=guilty[-1])
            applied.errors.append(RowError(group[0].number, "component", error.code, error.message, ""))
        else:
            return


def _in_path(group: list[ImportRow], error: BomCycle) -> bool:
    path = {str(code).casefold() for code in error.extra["path"]}
    return group[0].get("item").strip().casefold() in path


def undo(ids: Any, context: ImportContext) -> None:
    """Take the bills back. Raises `bom_in_use` once an order has copied one."""
    for pk in reversed(list(ids)):
        boms.withdraw_bom(bom_id=pk)


BOMS = ImportKind(
    key="production.boms",
    title=gettext_lazy("物料清单"),
    columns=COLUMNS,
    apply=apply,
    undo=undo,
    right="production.engineer",
    view_right="production.view",
    module="production",
    list_url="/production/boms/",
)
