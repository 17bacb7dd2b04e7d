"""红冲 of any stock document: the stock goes back, and so does the order that it was for."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from apps.inventory.models import StockDocument
from apps.inventory.services.orders.drafts import lock
from apps.inventory.services.orders.moving import store_progress
from apps.inventory.services.orders.refusals import OverReturned
from apps.inventory.services.orders.sides import BY_KIND, Side
from apps.inventory.services.orders.states import lines_of
from apps.inventory.services.stock import reversing as stock
from apps.inventory.services.stock.heads import Head
from tenants.rights import Member


@transaction.atomic
def reverse(*, document_id: int, actor: Member | None, at: datetime, reason: str = "") -> StockDocument:
    """Reverse a posted document, on its own date or the first open day, and give the quantities back to its order.

    Raises what `stock.reversing` raises, and `over_returned` where a return still stands on the shipment.
    """
    touched = [(side, *_locked(side, document_id)) for side in BY_KIND.values()]
    head = Head(moved_on=localdate(at), reason="", actor=actor, at=at, note=reason)
    document = stock.reverse(head=head, document_id=document_id)
    for side, order, fulfilments in touched:
        if order is not None:
            _give_back(side, order, fulfilments)
    return document


def _locked(side: Side, document_id: int) -> tuple[Any, list[Any]]:
    """The order of the document, locked before any stock is; (None, []) when the document is no order's."""
    found = list(side.fulfilment.objects.filter(document_id=document_id).select_related("line").order_by("id"))
    return (lock(side, found[0].line.order_id), found) if found else (None, [])


def _give_back(side: Side, order: Any, fulfilments: list[Any]) -> None:
    rows = {row.pk: row for row in lines_of(order)}
    for one in fulfilments:
        row = rows[one.line_id]
        if one.is_return:
            row.returned -= one.quantity
        else:
            row.done -= one.quantity
        if row.returned > row.done:
            raise OverReturned(_("这张单据的货已有退货，请先红冲退货单。"))
    store_progress(side, order, list(rows.values()))
