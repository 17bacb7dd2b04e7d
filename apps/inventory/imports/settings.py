"""物料库存设置 from a file: a row is an item, with a warehouse also one reorder rule of it."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.inventory.imports.cells import Cells
from apps.inventory.models.settings import Method, ReorderRule, Scope
from apps.inventory.selectors import settings as selectors
from apps.inventory.services.item_settings import save_item_settings
from apps.inventory.services.stock.naming import MOST_QUANTITY
from apps.masterdata import public as masterdata
from kernel.errors import Invalid
from kernel.imports import Applied, ImportColumn, ImportContext, ImportKind, ImportRow, apply_each
from kernel.imports.rows import UPDATED

METHODS = {
    "移动加权平均": "moving_average", "先进先出": "fifo", "个别计价": "specific", "全月一次加权平均": "monthly_average",
    **{key: key for key in Method.values},
}  # fmt: skip
SCOPES = {"全公司": "company", "分仓库": "warehouse", **{key: key for key in Scope.values}}
RULES = {
    "最低最高": "min_max", "再订货点": "order_point", "按需": "lot_for_lot",
    **{key: key for key in ReorderRule.Rule.values},
}  # fmt: skip
QUANTITIES = ("reorder_point", "reorder_to", "safety_stock", "min_lot", "multiple")
COLUMNS = (
    ImportColumn("item", "物料编码", "Item", required=True, example="M6-BOLT"),
    ImportColumn("method", "计价方法", "Method", example="移动加权平均"),
    ImportColumn("scope", "计价范围", "Scope", example="全公司"),
    ImportColumn("over_receipt_tolerance", "超收比例", "Over-receipt tolerance", example="5%"),
    ImportColumn("warehouse", "仓库", "Warehouse", example="WH-RAW", note="填了补货规则才需要"),
    ImportColumn("rule", "补货规则", "Rule", example="最低最高"),
    ImportColumn("reorder_point", "再订货点", "Reorder point", example="500"),
    ImportColumn("reorder_to", "补到", "Reorder to", example="2000"),
    ImportColumn("safety_stock", "安全库存", "Safety stock", example="200"),
    ImportColumn("min_lot", "最小批量", "Minimum lot", example="100"),
    ImportColumn("multiple", "批量倍数", "Multiple", example="100"),
    ImportColumn("lead_days", "提前期（天）", "Lead days", example="7"),
    ImportColumn("supplier", "供应商", "Supplier", example="S001"),
)


def apply(rows: Sequence[ImportRow], context: ImportContext) -> Applied:
    """Change the settings of each item; an empty cell keeps what stands."""
    return apply_each(rows, context, lambda row: _save(row, context))


def _save(row: ImportRow, context: ImportContext) -> tuple[str, Any]:
    cells = Cells(row)
    item = masterdata.item_by_code(row.get("item"))
    if item is None:
        raise _refused("item", "unknown_item", _("没有物料“%(code)s”，请先建档。") % {"code": row.get("item")[:40]})
    stands = selectors.of_item(item.id)
    tolerance = cells.share("over_receipt_tolerance")
    values: dict[str, Any] = {
        "method": cells.word("method", METHODS, stands.method),
        "scope": cells.word("scope", SCOPES, stands.scope),
        "over_receipt_tolerance": stands.over_receipt_tolerance if tolerance is None else tolerance,
        "count_class": stands.count_class,
    }
    rules = _rules(cells, item.id) if row.get("warehouse") else None
    if cells.errors:
        first = cells.errors[0]
        raise _refused(first.column, first.code, first.message)
    save_item_settings(item_id=item.id, reorder=rules, actor=context.member, **values)
    return UPDATED, item.id


def _rules(cells: Cells, item_id: int) -> list[dict[str, Any]]:
    """The item's rules with that of the row's warehouse put in their place."""
    store = masterdata.warehouse_by_code(cells.text("warehouse", 64))
    if store is None:
        cells.refuse("warehouse", "unknown_warehouse", _("没有这个仓库。"))
        return []
    supplier = masterdata.partner_by_code(cells.text("supplier", 64)) if cells.text("supplier", 64) else None
    if cells.text("supplier", 64) and supplier is None:
        cells.refuse("supplier", "unknown_partner", _("没有这个供应商。"))
    days = cells.number("lead_days", 0)
    rule: dict[str, Any] = {
        "warehouse_id": store.id, "rule": cells.word("rule", RULES, "min_max"),
        "lead_days": int(days or 0), "supplier_id": supplier.id if supplier else None,
    }  # fmt: skip
    rule |= {name: cells.number(name, 4) or 0 for name in QUANTITIES}
    if any(rule[name] < 0 for name in (*QUANTITIES, "lead_days")) or rule["lead_days"] > 3650:
        cells.refuse("reorder_point", "invalid", _("补货数量和提前期不能是负数，提前期最多 3650 天。"))
    if any(rule[name] > MOST_QUANTITY for name in QUANTITIES):
        cells.refuse("reorder_point", "invalid", _("补货数量太大，请核对。"))
    others = [
        {name: getattr(one, name) for name in ("warehouse_id", "rule", "lead_days", "supplier_id", *QUANTITIES)}
        for one in selectors.rules_of(item_id)
        if one.warehouse_id != store.id
    ]
    return [*others, rule]


def _refused(column: str, code: str, sentence: str) -> Invalid:
    return Invalid(sentence, code, fields={column: [sentence]})


ITEM_SETTINGS = ImportKind(
    key="inventory.item_settings",
    title=gettext_lazy("物料库存设置"),
    columns=COLUMNS,
    apply=apply,
    right="inventory.close",
    view_right="inventory.view",
    module="inventory",
    list_url="/inventory/stock/",
)
