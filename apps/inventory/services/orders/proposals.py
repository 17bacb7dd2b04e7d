"""Shortages become draft purchase orders: one for each supplier, priced as last bought."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from apps.inventory.models import PurchaseOrderLine, ReorderRule
from apps.inventory.services.orders import drafts
from apps.inventory.services.orders.sides import PURCHASES
from apps.inventory.services.orders.values import LineInput, OrderInput
from apps.masterdata import public as masterdata
from kernel.errors import Invalid
from tenants.rights import Member


@dataclass(frozen=True, kw_only=True)
class ProposalRow:
    """`quantity` stock units of `item` by `due_on`; `supplier` and `warehouse` are codes, empty = the item's own."""

    item: str
    quantity: Decimal
    due_on: date
    warehouse: str = ""
    supplier: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """Rows that were decided together; `source_…` names what proposed them."""

    rows: tuple[ProposalRow, ...]
    source_kind: str = ""
    source_ref: str = ""


@transaction.atomic
def propose(proposal: Proposal, *, actor: Member, at: datetime) -> list[Any]:
    """Draft an order for each supplier, in the order of the suppliers' codes. Raises as `drafts.create`.

    A supplier is the row's own, else that of the item's reorder rule, else who delivered the item last; without any
    Invalid `unknown_supplier`. The price is that of the last order of item and supplier, 0 when there was none.
    """
    by_supplier: dict[str, list[ProposalRow]] = {}
    items = masterdata.items_by_code({row.item for row in proposal.rows})
    for index, row in enumerate(proposal.rows):
        item = items.get(row.item)
        supplier = row.supplier or (_supplier_of(item.id, row.warehouse) if item else "")
        if item is not None and not supplier:
            sentence = _("物料 %(item)s 还没有供应商，请在补货规则里填写。") % {"item": item.label}
            raise Invalid(sentence, "unknown_supplier", fields={f"lines.{index}.supplier": [sentence]})
        by_supplier.setdefault(supplier, []).append(row)
    return [
        drafts.create(side=PURCHASES, values=_order(proposal, supplier, rows, at), actor=actor, at=at)
        for supplier, rows in sorted(by_supplier.items())
    ]


def _order(proposal: Proposal, supplier: str, rows: Sequence[ProposalRow], at: datetime) -> OrderInput:
    partner = masterdata.partner_by_code(supplier)
    return OrderInput(
        partner=supplier,
        ordered_on=localdate(at),
        source_kind=proposal.source_kind,
        source_ref=f"{proposal.source_ref}:{supplier}" if proposal.source_ref else "",
        lines=[
            LineInput(
                item=row.item, quantity=row.quantity, due_on=row.due_on, warehouse=row.warehouse, note=row.note,
                unit_price=_last_price(row.item, partner.id) if partner else None,
            )
            for row in rows
        ],
    )  # fmt: skip


def _supplier_of(item_id: int, warehouse: str) -> str:
    rules = ReorderRule.objects.filter(item_id=item_id, supplier__isnull=False).select_related("supplier", "warehouse")
    found = {rule.warehouse.code: rule.supplier.code for rule in rules.order_by("-id") if rule.supplier}
    if found:
        return found.get(warehouse) or next(iter(found.values()))
    last = (
        PurchaseOrderLine.objects.filter(item_id=item_id)
        .exclude(order__state="cancelled")
        .select_related("order__partner")
        .order_by("-order__ordered_on", "-id")
        .first()
    )
    return last.order.partner.code if last else ""


def _last_price(item: str, partner_id: int) -> Decimal | None:
    """Price a stock unit of the last order of item and supplier; None when there was none, or in another unit."""
    row = (
        PurchaseOrderLine.objects.filter(item__code=item, order__partner_id=partner_id)
        .exclude(order__state="cancelled")
        .order_by("-order__ordered_on", "-id")
        .first()
    )
    return row.unit_price if row is not None and row.quantity == row.stock_quantity else None
