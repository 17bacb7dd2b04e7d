"""销售订单 and 采购订单 from a file: rows of one 单号 make one draft order."""

from collections.abc import Hashable, Sequence
from datetime import date
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.inventory.imports.cells import Cells
from apps.inventory.imports.groups import apply_groups
from apps.inventory.services.orders import drafts
from apps.inventory.services.orders.sides import PURCHASES, SALES, Side
from apps.inventory.services.orders.values import LineInput, OrderInput
from kernel.clock import today
from kernel.imports import Applied, ImportColumn, ImportContext, ImportKind, ImportRow

COLUMNS = (
    ImportColumn("number", "单号", "Number", required=True, example="SO2606-01", aliases=("订单号",)),
    ImportColumn("partner", "往来单位", "Partner", required=True, example="C001", note="编码",
                 aliases=("客户", "供应商", "customer", "supplier")),
    ImportColumn("ordered_on", "下单日期", "Ordered on", example="2026-06-01"),
    ImportColumn("item", "物料编码", "Item", required=True, example="M6-BOLT", aliases=("物料",)),
    ImportColumn("quantity", "数量", "Quantity", required=True, example="100"),
    ImportColumn("unit", "单位", "Unit", example="个"),
    ImportColumn("unit_price", "单价", "Unit price", required=True, example="1.13"),
    ImportColumn("tax_rate", "税率", "Tax rate", example="13%"),
    ImportColumn("due_on", "交期", "Due on", required=True, example="2026-06-30"),
    ImportColumn("warehouse", "仓库", "Warehouse", example="WH-FG"),
)  # fmt: skip


def apply(side: Side, rows: Sequence[ImportRow], context: ImportContext) -> Applied:
    """Draft an order for each number."""
    return apply_groups(
        rows, context, key=lambda row: row.get("number"), read=_read, save=partial(_save, side, context)
    )


def _read(cells: Cells) -> dict[str, Any]:
    price = cells.number("unit_price", 6)
    if price is not None and price < 0:
        cells.refuse("unit_price", "invalid", _("单价不能为负数。"))
    return {
        "partner": cells.text("partner", 64),
        "ordered_on": cells.day("ordered_on"),
        "line": LineInput(
            item=cells.text("item"),
            quantity=cells.number("quantity", 12),
            unit=cells.text("unit", 64) or None,
            unit_price=price,
            tax_rate=cells.share("tax_rate"),
            due_on=cells.day("due_on"),
            warehouse=cells.text("warehouse", 64) or None,
        ),
    }


def _save(side: Side, context: ImportContext, number: Hashable, values: list[dict[str, Any]]) -> int:
    first = values[0]
    ordered: date = first["ordered_on"] or today()
    order = drafts.create(
        side=side,
        values=OrderInput(
            number=str(number)[:60], partner=first["partner"], ordered_on=ordered,
            lines=[one["line"] for one in values],
        ),
        actor=context.member, at=context.now,
    )  # fmt: skip
    return int(order.pk)


def undo(side: Side, ids: Any, context: ImportContext) -> None:
    """Delete the drafts again. Raises `not_draft` once one was confirmed."""
    for order_id in reversed(list(ids)):
        drafts.delete(side=side, order_id=order_id, actor=context.member)


def _kind(side: Side, key: str, title: Any, right: str, url: str) -> ImportKind:
    return ImportKind(
        key=key, title=title, columns=COLUMNS, apply=partial(apply, side), undo=partial(undo, side), right=right,
        view_right="inventory.view", module="inventory", list_url=url,
    )  # fmt: skip


SALES_ORDERS = _kind(
    SALES, "inventory.sales_orders", gettext_lazy("销售订单"), "inventory.sell", "/inventory/sales-orders/"
)
PURCHASE_ORDERS = _kind(
    PURCHASES, "inventory.purchase_orders", gettext_lazy("采购订单"), "inventory.buy", "/inventory/purchase-orders/"
)
