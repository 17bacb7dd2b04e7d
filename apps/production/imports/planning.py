"""计划参数 and 需求 from a sheet, row by row through the services that the pages call."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy

from apps.masterdata import public as masterdata
from apps.production.imports import cells
from apps.production.models import Demand, PlanningData
from apps.production.services.demands import cancel_demand, create_demand
from apps.production.services.plan_refusals import unknown_item
from apps.production.services.planning_data import save_planning_data
from kernel.imports import Applied, ImportColumn, ImportContext, ImportKind, ImportRow, apply_each
from kernel.imports.rows import CREATED, UPDATED

RULES = dict(PlanningData.LotRule.choices)
SOURCES = dict(PlanningData.Source.choices)
NUMBERS = ("fixed_quantity", "min_lot", "max_lot", "multiple", "annual_demand", "safety_stock")
COSTS = ("order_cost", "holding_cost")
DAYS = ("period_days", "lead_days", "tolerance_days")
PLANNING_COLUMNS = (
    ImportColumn("item", "物料编码", "Item", required=True, example="M6-BOLT"),
    ImportColumn("lot_rule", "批量规则", "Lot rule", example="按需", note="、".join(RULES.values())),
    ImportColumn("fixed_quantity", "固定批量", "Fixed lot", example="500"),
    ImportColumn("min_lot", "最小批量", "Minimum lot", example="100"),
    ImportColumn("max_lot", "最大批量", "Maximum lot", example="1000"),
    ImportColumn("multiple", "倍数", "Multiple", example="50"),
    ImportColumn("period_days", "合并天数", "Period days", example="7"),
    ImportColumn("order_cost", "订货成本", "Order cost", example="30"),
    ImportColumn("holding_cost", "持有成本", "Holding cost", example="0.2"),
    ImportColumn("annual_demand", "年需求量", "Annual demand", example="12000"),
    ImportColumn("lead_days", "提前期", "Lead days", example="5"),
    ImportColumn("tolerance_days", "提示容差天数", "Tolerance days", example="1"),
    ImportColumn("safety_stock", "安全库存", "Safety stock", example="200"),
    ImportColumn("supplier", "供应商", "Supplier", example="S001"),
    ImportColumn("source", "来源", "Source", example="采购", note="、".join(SOURCES.values())),
)
DEMAND_COLUMNS = (
    ImportColumn("item", "物料编码", "Item", required=True, example="FLANGE-DN50"),
    ImportColumn("quantity", "数量", "Quantity", required=True, example="500"),
    ImportColumn("due_on", "需求日期", "Due on", required=True, example="2026-03-20"),
    ImportColumn("priority", "优先级", "Priority", example="5", note="1-9"),
    ImportColumn("reference", "参考号", "Reference", example="SO2603-0012"),
)


def apply_planning(rows: Sequence[ImportRow], context: ImportContext) -> Applied:
    """Set what the file names; parameters it does not name stay as they are."""
    known = masterdata.items_by_code(row.get("item").strip() for row in rows)
    ids = [item.id for item in known.values()]
    planned = set(PlanningData.objects.filter(item_id__in=ids).values_list("pk", flat=True))
    return apply_each(rows, context, partial(_save_planning, known, planned, context))


def _save_planning(
    known: dict[str, masterdata.ItemInfo], planned: set[int], context: ImportContext, row: ImportRow
) -> tuple[str, Any]:
    item = _item(known, row)
    values: dict[str, Any] = {}
    readers: list[tuple[tuple[str, ...], Callable[[ImportRow, str], Any]]] = [
        (NUMBERS, partial(cells.number, places=4)),
        (COSTS, cells.number),
        (DAYS, cells.whole),
    ]
    for names, read in readers:
        values |= {name: read(row, name) for name in names if name in row.values}
    values |= {name: value for name, value in _words(row).items() if name in row.values}
    save_planning_data(item=item, values=values, actor=context.member, whole=False)
    outcome = UPDATED if item.id in planned else CREATED
    planned.add(item.id)
    return outcome, item.id


def _words(row: ImportRow) -> dict[str, Any]:
    return {
        "lot_rule": cells.choice(row, "lot_rule", RULES) or PlanningData.LotRule.L4L,
        "source": cells.choice(row, "source", SOURCES) or "",
        "supplier": cells.text(row, "supplier"),
    }


def _item(known: dict[str, masterdata.ItemInfo], row: ImportRow) -> masterdata.ItemInfo:
    code = row.get("item").strip()
    if code not in known:
        raise unknown_item(code, "item")
    return known[code]


def apply_demands(rows: Sequence[ImportRow], context: ImportContext) -> Applied:
    """Each row is a demand of its own."""
    return apply_each(rows, context, partial(_save_demand, context))


def _save_demand(context: ImportContext, row: ImportRow) -> tuple[str, Any]:
    values = {
        "item": cells.text(row, "item"),
        "quantity": cells.number(row, "quantity", 4),
        "due_on": cells.day(row, "due_on"),
        "priority": cells.whole(row, "priority"),
        "reference": cells.text(row, "reference", 100),
        "kind": Demand.Kind.MANUAL,
    }
    return CREATED, create_demand(values=values, actor=context.member, at=context.now).pk


def undo_demands(ids: Any, context: ImportContext) -> None:
    """Cancel what was imported; what is over already stays as it is."""
    rows = Demand.objects.filter(pk__in=list(ids), state=Demand.State.OPEN).order_by("id")
    for pk in list(rows.values_list("pk", flat=True)):
        cancel_demand(demand_id=pk, actor=context.member)


PLANNING_DATA = ImportKind(
    key="production.planning_data",
    title=gettext_lazy("计划参数"),
    columns=PLANNING_COLUMNS,
    apply=apply_planning,
    right="production.plan",
    view_right="production.view",
    module="production",
    can_update=True,
    list_url="/production/planning-data/",
)
DEMANDS = ImportKind(
    key="production.demands",
    title=gettext_lazy("需求"),
    columns=DEMAND_COLUMNS,
    apply=apply_demands,
    undo=undo_demands,
    right="production.plan",
    view_right="production.view",
    module="production",
    list_url="/production/demands/",
)
