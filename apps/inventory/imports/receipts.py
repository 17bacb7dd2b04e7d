"""入库 and 期初库存 from a file: rows of one warehouse, day and type make one receipt."""

from collections.abc import Hashable, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy

from apps.inventory.imports.cells import Cells
from apps.inventory.imports.groups import apply_groups
from apps.inventory.models.documents import Reason
from apps.inventory.records import ReceiptLine
from apps.inventory.services import reversing
from apps.inventory.services.stock.heads import Head
from apps.inventory.services.stock.receiving import receive
from kernel.imports import Applied, ImportColumn, ImportContext, ImportKind, ImportRow

COLUMNS = (
    ImportColumn("warehouse", "仓库", "Warehouse", required=True, example="WH-RAW", aliases=("仓库编码",)),
    ImportColumn("item", "物料编码", "Item", required=True, example="M6-BOLT", aliases=("物料",)),
    ImportColumn("quantity", "数量", "Quantity", required=True, example="1000"),
    ImportColumn("unit", "单位", "Unit", example="个"),
    ImportColumn("unit_cost", "单价", "Unit cost", example="0.35", note="不含税"),
    ImportColumn("amount", "金额", "Amount", example="350.00", note="与单价填一个即可"),
    ImportColumn("lot", "批号", "Lot", example="L2606-1"),
    ImportColumn("serial", "序列号", "Serial", example=""),
    ImportColumn("expires_on", "有效期至", "Expires on", example="2027-06-30"),
    ImportColumn("location", "库位", "Location", example="A-01"),
    ImportColumn("moved_on", "日期", "Date", required=True, example="2026-06-01"),
    ImportColumn("reason", "类型", "Reason", example="期初", note="期初、采购入库、完工入库、盘盈、其他入库"),
)
ZERO = Decimal(0)
_TYPED = ("opening", "purchase", "production", "subcontract", "gain", "other_in")
# Chinese words stand here as the file has them, whatever language the reader of the page speaks.
REASONS = {
    "期初": "opening", "采购入库": "purchase", "采购": "purchase", "完工入库": "production", "委外入库": "subcontract",
    "盘盈": "gain", "其他入库": "other_in", **{key: key for key in _TYPED},
}  # fmt: skip


def apply(rows: Sequence[ImportRow], context: ImportContext) -> Applied:
    """Post a receipt for each (warehouse, day, type)."""
    return apply_groups(rows, context, key=_key, read=_read, save=partial(_save, context))


def _key(row: ImportRow) -> Hashable:
    cells = Cells(row)
    return cells.text("warehouse"), cells.day("moved_on"), cells.word("reason", REASONS, Reason.OPENING.value)


def _read(cells: Cells) -> ReceiptLine:
    cells.day("moved_on")
    cells.word("reason", REASONS, Reason.OPENING.value)
    serial = cells.text("serial", 64)
    return ReceiptLine(
        item=cells.text("item"),
        quantity=cells.number("quantity", 12) or ZERO,
        unit=cells.text("unit", 64),
        unit_cost=cells.number("unit_cost", 6),
        amount=cells.number("amount", 2),
        lot=cells.text("lot", 64),
        serials=(serial,) if serial else (),
        expires_on=cells.day("expires_on"),
        location=cells.text("location", 64),
    )


def _save(context: ImportContext, key: Any, lines: list[ReceiptLine]) -> int:
    warehouse, moved_on, reason = key
    head = Head(moved_on=moved_on, reason=reason, actor=context.member, at=context.now, note=f"#{context.job_id}")
    return int(receive(head=head, warehouse=warehouse, lines=lines).pk)


def undo(ids: Any, context: ImportContext) -> None:
    """Reverse the receipts again, last first. Raises the reason where goods have left already."""
    for document_id in reversed(list(ids)):
        reversing.reverse(
            document_id=document_id, actor=context.member, at=context.now, reason=f"#{context.job_id}"
        )  # fmt: skip


RECEIPTS = ImportKind(
    key="inventory.receipts",
    title=gettext_lazy("入库和期初库存"),
    columns=COLUMNS,
    apply=apply,
    undo=undo,
    right="inventory.move",
    view_right="inventory.view",
    module="inventory",
    list_url="/inventory/receipts/",
)
