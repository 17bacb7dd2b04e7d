"""Deliveries: ASN, packages and receipts as one's own ledgers, from the copies of their chains."""

import json
from datetime import date
from typing import Any
from uuid import UUID

from apps.supply.domain.delivery import Delivery, Receipt
from apps.supply.domain.errors import RuleBroken
from apps.supply.events import DespatchCancelled, DespatchSent, ReceiptPublished
from apps.supply.models import (
    Despatch,
    DespatchLine,
    GoodsReceipt,
    Package,
    ReceiptLine,
    SharedOrder,
    SupplyLink,
    VersionCopy,
)
from apps.supply.selectors.chains import copied, folded_delivery
from apps.supply.services.projecting import buyer_of, refresh_progress
from kernel.events import publish


def project_delivery(link: SupplyLink, chain: UUID) -> Delivery:
    """Bring ASN and receipts of the chain up to its copies.

    Publishes DespatchSent, DespatchCancelled, ReceiptPublished. Raises RuleBroken `not_found` when a line names an
    order that is not on this link.
    """
    rows = copied(link.pk, chain)
    delivery = folded_delivery(rows, buyer_of(link))
    orders = _orders(link, delivery)
    despatch = _project_despatch(link, chain, rows, delivery, orders) if delivery.lines else None
    for receipt in delivery.receipts:
        _project_receipt(link, rows[receipt.seq - 1], receipt, despatch, orders)
    refresh_progress(orders.values())
    return delivery


def _orders(link: SupplyLink, delivery: Delivery) -> dict[str, UUID]:
    named = {line.order for line in delivery.lines}
    named |= {row.order for receipt in delivery.receipts for row in receipt.lines}
    try:
        wanted = {text: UUID(text) for text in named}
    except ValueError as error:
        raise RuleBroken("not_found") from error
    known = set(SharedOrder.objects.filter(pk__in=wanted.values(), link=link).values_list("pk", flat=True))
    if known != set(wanted.values()):
        raise RuleBroken("not_found")
    return wanted


def _project_despatch(
    link: SupplyLink, chain: UUID, rows: list[VersionCopy], delivery: Delivery, orders: dict[str, UUID]
) -> Despatch:
    head: dict[str, Any] = json.loads(rows[0].payload)
    eta = head.get("eta")
    before = Despatch.objects.filter(pk=chain).values_list("state", flat=True).first()
    row, is_new = Despatch.objects.update_or_create(
        pk=chain,
        defaults={"state": delivery.state, "seq": delivery.seq},
        create_defaults={
            "link": link, "role": link.role, "number": str(head.get("number", ""))[:64], "state": delivery.state,
            "seq": delivery.seq, "ship_date": date.fromisoformat(head["ship_date"]),
            "eta": date.fromisoformat(eta) if eta else None, "carrier": str(head.get("carrier", ""))[:100],
            "tracking": str(head.get("tracking", ""))[:100], "sent_at": rows[0].sent_at,
        },
    )  # fmt: skip
    if is_new:
        DespatchLine.objects.bulk_create(
            DespatchLine(
                despatch=row, order_id=orders[line.order], line=line.line, quantity=line.quantity,
                unit=line.unit[:64], lot=line.lot[:60], package=line.package[:20],
            )
            for line in delivery.lines
        )  # fmt: skip
        Package.objects.bulk_create(
            Package(despatch=row, no=one.no[:20], kind=one.kind[:20], sscc=one.sscc[:18], code=one.code[:20])
            for one in delivery.packages
        )
        publish(DespatchSent(despatch_id=str(chain)))
    if delivery.cancelled and before != Despatch.State.CANCELLED:
        publish(DespatchCancelled(despatch_id=str(chain)))
    return row


def _project_receipt(
    link: SupplyLink, version: VersionCopy, receipt: Receipt, despatch: Despatch | None, orders: dict[str, UUID]
) -> None:  # fmt: skip
    known = GoodsReceipt.objects.filter(pk=version.id).first()
    if known is not None:
        if known.is_reversed != receipt.reversed:
            GoodsReceipt.objects.filter(pk=known.pk).update(is_reversed=receipt.reversed)
            publish(ReceiptPublished(receipt_id=str(known.pk)))
        return
    row = GoodsReceipt.objects.create(
        pk=version.id, link=link, despatch=despatch, chain=version.chain, seq=version.seq,
        received_on=receipt.received_on, is_complete=receipt.complete, is_reversed=receipt.reversed,
        sent_at=version.sent_at,
    )  # fmt: skip
    ReceiptLine.objects.bulk_create(
        ReceiptLine(
            receipt=row, order_id=orders[line.order], line=line.line, despatched=line.despatched,
            received=line.received, rejected=line.rejected, short=line.short, over=line.over,
            reason=line.reason[:200],
        )
        for line in receipt.lines
    )  # fmt: skip
    publish(ReceiptPublished(receipt_id=str(row.pk)))
