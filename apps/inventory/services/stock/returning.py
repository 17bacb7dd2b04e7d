"""Returns by the move they undo in part: back from the shop floor or a customer, or back to a supplier."""

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from apps.inventory.models import StockDocument, StockMove
from apps.inventory.records import IssueLine, ReceiptLine
from apps.inventory.services.refusals import wrong
from apps.inventory.services.stock.heads import Head
from apps.inventory.services.stock.issuing import issue
from apps.inventory.services.stock.receiving import receive


@transaction.atomic
def return_stock(*, head: Head, origin: int, quantity: Decimal, warehouse: str = "") -> StockDocument:
    """Bring back `quantity` stock units of what move `origin` took out, or send back what it brought in.

    `warehouse` empty = that of the origin; the lot is the origin's. Raises what `receive` and `issue` raise.
    """
    move = StockMove.objects.select_related("item", "warehouse", "lot").filter(pk=origin).first()
    if move is None:
        raise wrong(_("找不到这个物料的原出入库流水。"), "unknown_origin", "origin")
    place = warehouse or move.warehouse.code
    is_serial = move.lot is not None and move.lot.kind == "serial"
    lot = move.lot.code if move.lot and not is_serial else ""
    serials = (move.lot.code,) if move.lot and is_serial else ()
    if move.quantity < 0:
        row = ReceiptLine(item=move.item.code, quantity=quantity, lot=lot, serials=serials, origin=origin)
        return receive(head=head, warehouse=place, lines=[row])
    back = IssueLine(item=move.item.code, quantity=quantity, lot=lot, serials=serials, origin=origin)
    return issue(head=head, warehouse=place, lines=[back])
