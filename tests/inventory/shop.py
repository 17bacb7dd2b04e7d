"""The stock of 宏达五金 for tests: items, warehouses, and verbs in few words."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from apps.inventory.models import CostEntry, CostGroup, Level, Lot, StockDocument, StockMove
from apps.inventory.records import (
    AdjustmentLine,
    AssemblyLine,
    IssueLine,
    LandedTarget,
    ReceiptLine,
    TransferLine,
)
from apps.inventory.services import closing, item_settings
from apps.inventory.services.stock.adjusting import adjust_cost, land_cost
from apps.inventory.services.stock.assembling import assemble
from apps.inventory.services.stock.heads import Head
from apps.inventory.services.stock.issuing import issue
from apps.inventory.services.stock.receiving import receive
from apps.inventory.services.stock.reversing import reverse
from apps.inventory.services.stock.transferring import transfer
from apps.masterdata.models import Item, Unit, Warehouse
from tenants.rights import Member

OWNER = Member(user_id=1, name="李敏", role="owner")


def make_item(code: str, *, tracking: str = "none", method: str = "", scope: str = "", decimals: int = 4) -> Item:
    """An item counted in 只, fine enough for any quantity of a test."""
    unit, _made = Unit.objects.get_or_create(
        code_key="test-pcs", defaults={"code": "test-pcs", "name": "只", "decimals": decimals}
    )
    item = Item(code=code, name=f"物料 {code}", stock_unit=unit, tracking=tracking)
    item.save()
    item.codes.create(code=code, key=item.code_key)
    if method or scope:
        item_settings.save_item_settings(item_id=item.pk, method=method, scope=scope, actor=OWNER)
    return item


def make_warehouse(code: str, kind: str = "normal") -> Warehouse:
    warehouse = Warehouse(code=code, name=f"仓库 {code}", kind=kind)
    warehouse.save()
    return warehouse


def head(on: date | str, reason: str = "", **more: Any) -> Head:
    day = date.fromisoformat(on) if isinstance(on, str) else on
    return Head(moved_on=day, reason=reason, actor=OWNER, at=more.pop("at", timezone.now()), **more)


def receive_of(
    item: str, quantity: str, *, on: str, warehouse: str = "W1", reason: str = "purchase", head_: Head | None = None,
    **line: Any,
) -> StockDocument:  # fmt: skip
    for name in ("unit_cost", "amount"):
        if line.get(name) is not None:
            line[name] = Decimal(line[name])
    rows = [ReceiptLine(item=item, quantity=Decimal(quantity), **line)]
    return receive(head=head_ or head(on, reason), warehouse=warehouse, lines=rows)


def issue_of(
    item: str, quantity: str, *, on: str, warehouse: str = "W1", reason: str = "material", head_: Head | None = None,
    **line: Any,
) -> StockDocument:  # fmt: skip
    rows = [IssueLine(item=item, quantity=Decimal(quantity), **line)]
    return issue(head=head_ or head(on, reason), warehouse=warehouse, lines=rows)


def transfer_of(item: str, quantity: str, *, on: str, source: str, target: str, **more: Any) -> StockDocument:
    rows = [TransferLine(item=item, quantity=Decimal(quantity), lot=more.pop("lot", ""))]
    return transfer(head=head(on, "transfer"), from_warehouse=source, to_warehouse=target, lines=rows, **more)


def assemble_of(
    inputs: Sequence[dict[str, Any]], outputs: Sequence[dict[str, Any]], *, on: str, extra: str = "0",
    warehouse: str = "W1",
) -> StockDocument:  # fmt: skip
    return assemble(
        head=head(on, "assembly"), warehouse=warehouse, inputs=[_assembly(row) for row in inputs],
        outputs=[_assembly(row) for row in outputs], extra_cost=Decimal(extra),
    )  # fmt: skip


def _assembly(row: dict[str, Any]) -> AssemblyLine:
    share = Decimal(row["share"]) if row.get("share") is not None else None
    return AssemblyLine(
        item=row.get("item", "A"), quantity=Decimal(row["quantity"]), lot=row.get("lot", ""), share=share
    )


def adjust_of(item: str, amount: str, *, on: str, warehouse: str = "", lot: str = "") -> StockDocument:
    rows = [AdjustmentLine(item=item, amount=Decimal(amount), warehouse=warehouse, lot=lot)]
    return adjust_cost(head=head(on, "cost_adjustment"), lines=rows)


def land_of(receipts: Sequence[int], amount: str, *, on: str, basis: str = "quantity") -> StockDocument:
    targets = [LandedTarget(receipt=receipt) for receipt in receipts]
    return land_cost(head=head(on, "landed_cost"), amount=Decimal(amount), basis=basis, receipts=targets)


def reverse_of(document: StockDocument, *, at: datetime | None = None) -> StockDocument:
    return reverse(head=head(document.moved_on, at=at or timezone.now()), document_id=document.pk)


def close_of(month: str) -> None:
    closing.close(month=month, actor=OWNER, at=timezone.now())


# -- What there is -----------------------------------------------------------------------------------------------


def amount_of(move: StockMove) -> Decimal | None:
    """Sum of a move's entries without late ones; None while provisional."""
    amounts = CostEntry.objects.filter(move=move).exclude(kind="late").values_list("amount", flat=True)
    if amounts:
        return sum(amounts, Decimal("0.00"))
    return Decimal("0.00") if move.costing == "none" else None


def on_hand_of(item: str, warehouse: str = "") -> Decimal:
    rows = Level.objects.filter(item__code=item)
    rows = rows.filter(warehouse__code=warehouse) if warehouse else rows
    return sum(rows.values_list("quantity", flat=True), Decimal(0))


def value_of(item: str, warehouse: str = "", lot: str = "") -> Decimal:
    rows = CostGroup.objects.filter(item__code=item)
    rows = rows.filter(warehouse__code=warehouse) if warehouse else rows
    rows = rows.filter(lot__code=lot) if lot else rows
    return sum(rows.values_list("value", flat=True), Decimal("0.00"))


def lot_of(item: str, code: str) -> Lot:
    return Lot.objects.get(item__code=item, code=code)
