"""Work centres and routings from Excel."""

from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.production.domain.codes import code_key
from apps.production.models import Routing, WorkCentre
from apps.production.services import routings, work_centres
from apps.production.services.calendars import duplicate_code
from apps.production.services.plan_refusals import wrong
from kernel.errors import DomainError
from kernel.imports import Applied, ImportColumn, ImportContext, ImportKind, ImportRow, RowError, apply_each, register
from kernel.imports.rows import CREATED, UPDATED

KINDS = {str(label): value for value, label in WorkCentre.Kind.choices} | {
    value: value for value in WorkCentre.Kind.values
}
CENTRE_NUMBERS = ("efficiency", "machine_rate", "labour_rate", "overhead_rate")
STEP_NUMBERS = ("setup_minutes", "run_minutes", "piece_rate")


def _number(row: ImportRow, key: str, most: int = 10**9) -> Decimal:
    try:
        value = Decimal(row.get(key).replace(",", ""))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or not 0 <= value <= most or value != round(value, 6):
        raise wrong("invalid", _("“%(value)s”不是 0 以上的数字，或小数超过 6 位。") % {"value": row.get(key)[:30]}, key)
    return value


def _whole(row: ImportRow, key: str, most: int) -> int:
    value = _number(row, key, most)
    if value != int(value) or value < 1:
        raise wrong("invalid", _("要是 1 到 %(most)s 的整数。") % {"most": most}, key)
    return int(value)


def apply_centres(rows: Sequence[ImportRow], context: ImportContext) -> Applied:
    return apply_each(rows, context, partial(_save_centre, context))


def _save_centre(context: ImportContext, row: ImportRow) -> tuple[str, Any]:
    values: dict[str, Any] = {name: row.get(name) for name in ("code", "name", "calendar") if row.get(name)}
    if row.get("kind"):
        if row.get("kind") not in KINDS:
            raise wrong("invalid", _("没有类型“%(kind)s”。") % {"kind": row.get("kind")[:30]}, "kind")
        values["kind"] = KINDS[row.get("kind")]
    if row.get("units"):
        values["units"] = _whole(row, "units", 500)
    values |= {name: _number(row, name) for name in CENTRE_NUMBERS if row.get(name)}
    if values.get("efficiency") == 0:
        raise wrong("invalid", _("效率要大于零。"), "efficiency")
    known = WorkCentre.objects.filter(code_key=code_key(row.get("code"))).first()
    if known is not None and not context.updates_existing:
        raise duplicate_code(row.get("code"))
    saved = work_centres.save_work_centre(centre_id=known.pk if known else None, values=values, actor=context.member)
    return (UPDATED if known else CREATED), saved.pk


def undo_centres(ids: Any, context: ImportContext) -> None:
    for pk in reversed(list(ids)):
        if WorkCentre.objects.filter(pk=pk).exists():
            work_centres.delete_work_centre(centre_id=pk, actor=context.member)


def apply_routings(rows: Sequence[ImportRow], context: ImportContext) -> Applied:
    """Rows of one item are one routing, in force at once; a bad row takes its item with it."""
    applied, made = Applied(), []
    for item, group in _grouped(rows):
        try:
            values = {"item": item, "steps": [_step(row) for row in group], "activate": True}
            made.append(routings.create_routing(values=values, actor=context.member, at=context.now).pk)
            applied.created += len(group)
        except _BadRow as bad:
            applied.errors.append(bad.error)
            applied.skipped |= {row.number for row in group if row.number != bad.error.row}
        except DomainError as error:
            applied.errors.append(_at_row(group, error))
            applied.skipped |= {row.number for row in group if row.number != applied.errors[-1].row}
        context.progress(len(group))
    applied.undo = made
    return applied


def _grouped(rows: Sequence[ImportRow]) -> Iterable[tuple[str, list[ImportRow]]]:
    groups: dict[str, tuple[str, list[ImportRow]]] = {}
    for row in rows:
        groups.setdefault(code_key(row.get("item")), (row.get("item"), []))[1].append(row)
    return groups.values()


class _BadRow(Exception):
    def __init__(self, error: RowError) -> None:
        super().__init__(error.message)
        self.error = error


def _step(row: ImportRow) -> dict[str, Any]:
    try:
        step: dict[str, Any] = {"seq": _whole(row, "seq", 99_999), "work_centre": row.get("work_centre")}
        step["name"] = row.get("name")[:100]
        return step | {name: _number(row, name) for name in STEP_NUMBERS if row.get(name)}
    except DomainError as error:
        raise _BadRow(_row_error(row, next(iter(error.fields or {}), ""), error)) from error


def _row_error(row: ImportRow, column: str, error: DomainError) -> RowError:
    return RowError(row.number, column, error.code, error.message, row.get(column) if column else "")


def _at_row(group: list[ImportRow], error: DomainError) -> RowError:
    """`steps.2.work_centre` is the third row of the item."""
    parts = next(iter(error.fields or {}), "item").split(".")
    if parts[0] == "steps" and len(parts) > 2:
        return _row_error(group[int(parts[1])], parts[-1], error)
    return _row_error(group[0], "item", error)


def undo_routings(ids: Any, context: ImportContext) -> None:
    """Drafts go, what was activated is retired: an order may have copied it."""
    for routing in Routing.objects.filter(pk__in=list(ids)).order_by("id"):
        if routing.state == Routing.State.ACTIVE:
            routings.retire_routing(routing_id=routing.pk, actor=context.member)
        elif routing.state == Routing.State.DRAFT:
            routings.delete_routing(routing_id=routing.pk, actor=context.member)


WORK_CENTRES = ImportKind(
    key="production.work_centres",
    title=gettext_lazy("工作中心"),
    columns=(
        ImportColumn("code", "编码", "code", required=True, example="CNC-01"),
        ImportColumn("name", "名称", "name", example="数控车床 1#"),
        ImportColumn("kind", "类型", "kind", example="设备"),
        ImportColumn("units", "数量", "units", example="1"),
        ImportColumn("calendar", "日历", "calendar", example="24x7"),
        ImportColumn("efficiency", "效率", "efficiency", example="1"),
        ImportColumn("machine_rate", "设备费率", "machine_rate", example="30"),
        ImportColumn("labour_rate", "人工费率", "labour_rate", example="25"),
        ImportColumn("overhead_rate", "制造费用率", "overhead_rate"),
    ),
    apply=apply_centres,
    undo=undo_centres,
    right="production.engineer",
    view_right="production.view",
    module="production",
    can_update=True,
    list_url="/production/work-centres/",
)
ROUTINGS = ImportKind(
    key="production.routings",
    title=gettext_lazy("工艺路线"),
    columns=(
        ImportColumn("item", "产品", "item", required=True, example="FLANGE-50"),
        ImportColumn("seq", "工序号", "seq", required=True, example="10"),
        ImportColumn("name", "工序名称", "name", example="车外圆"),
        ImportColumn("work_centre", "工作中心", "work_centre", required=True, example="CNC-01"),
        ImportColumn("setup_minutes", "准备分钟", "setup_minutes", example="30"),
        ImportColumn("run_minutes", "单件分钟", "run_minutes", required=True, example="2.5"),
        ImportColumn("piece_rate", "计件单价", "piece_rate", example="0.8"),
    ),
    apply=apply_routings,
    undo=undo_routings,
    right="production.engineer",
    view_right="production.view",
    module="production",
    list_url="/production/routings/",
)


def register_all() -> None:
    """Tell the import framework; called from `registration.py`."""
    register(WORK_CENTRES)
    register(ROUTINGS)
