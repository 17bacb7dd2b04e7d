"""出库: goods leave, by named lot, by FEFO, from the caller's own reservation or from what is free."""

from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from apps.inventory.models import Reservation, StockDocument
from apps.inventory.models.documents import OUT_REASONS
from apps.inventory.records import IssueLine
from apps.inventory.services.refusals import spot, wrong
from apps.inventory.services.stock import naming
from apps.inventory.services.stock.engine import post
from apps.inventory.services.stock.heads import Head, known_by, lines_of, new_document
from apps.inventory.services.stock.holding import open_shelves
from apps.inventory.services.stock.opening import check_not_future, settle_date
from apps.inventory.services.stock.plan import Leg, Plan
from apps.inventory.services.stock.receiving import check_lines, check_origins, check_reason
from apps.inventory.services.stock.shelves import ZERO, Shelf, Shelves, Wish, choose
from apps.masterdata.public import StockItem, WarehouseInfo

# What is spoilt or sent back may leave whatever its state, when it is named.
ANY_STATE = ("loss", "scrap", "purchase_return")


@transaction.atomic
def issue(*, head: Head, warehouse: str, lines: Sequence[IssueLine], partner: str = "") -> StockDocument:
    """Post an issue. Publishes StockMoved, CostPosted, GoodsShipped or GoodsReturned.

    Raises what `receive` raises, and NotEnoughStock, NotEnoughAvailable, NegativeLater, LotNotUsable.
    """
    known = known_by(head.idem)
    if known is not None:
        return known
    check_reason(head.reason, OUT_REASONS)
    check_lines(lines)
    named = naming.find_names([line.item for line in lines], all_states=True, document="issue", warehouse=warehouse)
    items, place = named.items, named.places["warehouse"]
    customer = naming.find_partner(partner)
    check_not_future(head.moved_on, head.at)
    quantities = naming.stock_quantities(lines, items)
    locations = naming.find_locations(place, [line.location for line in lines])
    for number, (item, line, quantity) in enumerate(zip(items, lines, quantities, strict=True), start=1):
        naming.check_tracking(
            item, quantity=quantity, lot=line.lot, serials=line.serials, line=number, lot_needed=False
        )
    moves = sum(len(line.serials) or 1 for line in lines)
    opening, shelves = open_shelves({(item.id, place.id) for item in items}, head=head, moves=moves)
    dating = settle_date(opening, head.moved_on, when_closed=head.when_closed, at=head.at)
    check_origins([line.origin for line in lines], items, dating.moved_on, outgoing=False)
    document = new_document(
        StockDocument.Kind.ISSUE, head, warehouse_id=place.id, partner_id=customer.id if customer else None
    )
    plan = Plan(
        document=document, lines=lines_of(items, lines, quantities, locations), legs=[], numbering=named.numbering
    )
    taken: dict[Shelf, Decimal] = {}
    for number, (item, line, quantity) in enumerate(zip(items, lines, quantities, strict=True), start=1):
        own = own_reservation(plan, shelves, line.reservation, item, place, quantity, number)
        wish = Wish(
            line=number, item=item, warehouse=place, quantity=quantity, serials=line.serials,
            lot=line.lot or _reserved_lot(own), location_id=locations[number - 1],
            any_state=head.reason in ANY_STATE, own_lot=own.pk if own else None,
        )  # fmt: skip
        parts = choose(shelves, wish, on=dating.moved_on, taken=taken)
        plan.legs += legs_out(wish, parts, reason=head.reason, origin=line.origin)
    return post(plan, opening=opening, dating=dating, shelves=shelves, actor=head.actor)


def legs_out(
    wish: Wish, parts: Sequence[tuple[Shelf, Decimal]], *, reason: str, origin: int | None = None
) -> list[Leg]:
    """Outgoing legs of one line; with `origin` they go back to where they came from."""
    return [
        Leg(
            line=wish.line, part=part, item=wish.item, warehouse=wish.warehouse, quantity=-quantity, reason=reason,
            costing="return" if origin else "issue", location_id=row.location_id, lot=row.lot, origin_id=origin,
            feeder_id=origin,
        )
        for part, (row, quantity) in enumerate(parts, start=1)
    ]  # fmt: skip


def own_reservation(
    plan: Plan,
    shelves: Shelves,
    reservation_id: int | None,
    item: StockItem,
    place: WarehouseInfo,
    quantity: Decimal,
    line: int,
) -> Reservation | None:
    """The caller's reservation, of which as much is used as it still holds. Raises Invalid `unknown_reservation`."""
    if reservation_id is None:
        return None
    row = next((one for one in shelves.kept if one.pk == reservation_id), None)
    if row is None or (row.item_id, row.warehouse_id) != (item.id, place.id):
        raise wrong(_("预留不存在、已用完或属于别的物料。"), "unknown_reservation", spot(line, "reservation"))
    free = row.quantity - row.used - plan.used.get(row.pk, ZERO)
    plan.used[row.pk] = plan.used.get(row.pk, ZERO) + min(free, quantity)
    return row


def _reserved_lot(row: Reservation | None) -> str:
    return row.lot.code if row is not None and row.lot is not None and not row.is_serial else ""
