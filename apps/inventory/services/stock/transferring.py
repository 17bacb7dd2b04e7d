"""调拨: goods change their place, in one step or by way of the transit warehouse."""

from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from apps.inventory.models import StockDocument, StockDocumentLine, StockMove
from apps.inventory.records import TransferLine
from apps.inventory.services.refusals import AlreadyReversed, wrong
from apps.inventory.services.stock import naming
from apps.inventory.services.stock.engine import post
from apps.inventory.services.stock.heads import Head, known_by, lines_of, new_document
from apps.inventory.services.stock.holding import lock_shelves
from apps.inventory.services.stock.issuing import legs_out
from apps.inventory.services.stock.opening import open_books, settle_date
from apps.inventory.services.stock.plan import Leg, Plan
from apps.inventory.services.stock.receiving import check_lines
from apps.inventory.services.stock.shelves import Shelf, Wish, choose
from apps.masterdata import public as masterdata
from apps.masterdata.public import StockItem, WarehouseInfo
from kernel.errors import DomainError

TRANSIT = "TRANSIT"


@transaction.atomic
def transfer(
    *, head: Head, from_warehouse: str, to_warehouse: str, lines: Sequence[TransferLine], in_transit: bool = False
) -> StockDocument:
    """Move goods from one warehouse to another; `in_transit`: they are on the way until `receive_transfer`.

    Within one warehouse (上架, 移库) every line names the location it goes to, another one than it comes from; where it
    leaves that out, what has no location yet goes first. Publishes StockMoved, CostPosted where value moves: never
    within one warehouse. Raises Invalid `same_warehouse` where nothing would change its place, and what `issue` raises.
    """
    known = known_by(head.idem)
    if known is not None:
        return known
    check_lines(lines)
    places = naming.find_warehouses(from_warehouse=from_warehouse, to_warehouse=to_warehouse)
    source, target = places["from_warehouse"], places["to_warehouse"]
    inside = source.id == target.id
    if inside and (in_transit or not all(line.to_location for line in lines)):
        raise nothing_moves()
    items = naming.find_items([line.item for line in lines], all_states=True)
    opening = open_books([item.id for item in items])
    dating = settle_date(opening, head.moved_on, when_closed=head.when_closed, at=head.at)
    quantities = naming.stock_quantities(lines, items)
    locations = naming.find_locations(source, [line.location for line in lines])
    to_locations = naming.find_locations(target, [line.to_location for line in lines], field="to_location")
    if inside and any(here == there for here, there in zip(locations, to_locations, strict=True)):
        raise nothing_moves()
    for number, (item, line, quantity) in enumerate(zip(items, lines, quantities, strict=True), start=1):
        naming.check_tracking(
            item, quantity=quantity, lot=line.lot, serials=line.serials, line=number, lot_needed=False
        )
    through = masterdata.ensure_transit_warehouse(code=TRANSIT, name=_("在途仓")) if in_transit else target
    if in_transit and through.id in (source.id, target.id):
        raise nothing_moves()
    shelves = lock_shelves({(item.id, place.id) for item in items for place in (source, through)}, at=head.at)
    document = new_document(
        StockDocument.Kind.TRANSFER, head, warehouse_id=source.id, to_warehouse_id=target.id, in_transit=in_transit
    )
    rows = lines_of(items, lines, quantities, locations)
    plan = Plan(document=document, lines=rows, legs=[])
    taken: dict[Shelf, Decimal] = {}
    for number, (item, line, quantity) in enumerate(zip(items, lines, quantities, strict=True), start=1):
        rows[number - 1].to_location_id = to_locations[number - 1]
        wish = Wish(
            line=number, item=item, warehouse=source, quantity=quantity, lot=line.lot, serials=line.serials,
            location_id=locations[number - 1], any_state=True, goes_to=to_locations[number - 1] if inside else None,
        )  # fmt: skip
        parts = choose(shelves, wish, on=dating.moved_on, taken=taken)
        arrives_at = None if in_transit else to_locations[number - 1]
        plan.legs += both_legs(legs_out(wish, parts, reason="transfer"), through, arrives_at)
    return post(plan, opening=opening, dating=dating, shelves=shelves, actor=head.actor)


def nothing_moves() -> Exception:
    """Within one warehouse goods move only from one location to another."""
    sentence = _("调出和调入是同一个仓库时，请填写另一个调入库位。")
    return wrong(sentence, "same_warehouse", "to_warehouse")


def both_legs(out: Sequence[Leg], target: WarehouseInfo, location: int | None) -> list[Leg]:
    """Each outgoing leg with the incoming one that takes its value; parts count on."""
    legs: list[Leg] = []
    for number, leg in enumerate(out):
        leg.part = 2 * number + 1
        legs += [
            leg,
            Leg(
                line=leg.line, part=leg.part + 1, item=leg.item, warehouse=target, quantity=-leg.quantity,
                reason=leg.reason, costing="pair", location_id=location, lot=leg.lot, feeder=leg,
            ),
        ]  # fmt: skip
    return legs


@transaction.atomic
def receive_transfer(*, head: Head, document_id: int) -> StockDocument:
    """What is on the way arrives whole. Raises AlreadyReversed, `already_moved` when it has arrived."""
    first = StockDocument.objects.select_for_update().get(pk=document_id)
    if not first.in_transit or first.reverses_id or first.state != StockDocument.State.POSTED:
        raise DomainError(_("这张单据没有在途的货。"), "already_moved")
    if first.reversals.exists():
        raise AlreadyReversed(_("这张单据已红冲。"))
    if first.arrivals.filter(reverses=None, reversals=None).exists():
        raise DomainError(_("这张调拨单的货已经收到了。"), "already_moved")
    moves = list(first.moves.filter(quantity__gt=0).select_related("lot").order_by("id"))
    items = masterdata.stock_items_by_id([move.item_id for move in moves])
    opening = open_books(list(items))
    dating = settle_date(opening, head.moved_on, when_closed=head.when_closed, at=head.at)
    if dating.moved_on < first.moved_on:
        raise wrong(_("到货日期不能早于发出日期。"), "bad_date", "moved_on")
    through = masterdata.get_warehouse(moves[0].warehouse_id)
    target = masterdata.get_warehouse(int(first.to_warehouse_id or 0))
    shelves = lock_shelves({(item, place.id) for item in items for place in (through, target)}, at=head.at)
    document = new_document(
        StockDocument.Kind.TRANSFER, head, warehouse_id=through.id, to_warehouse_id=target.id, transit_of=first
    )
    typed = list(first.lines.order_by("line"))
    plan = Plan(document=document, lines=[_again(line) for line in typed], legs=[])
    for line in typed:
        out = [_leg(move, items[move.item_id], through) for move in moves if move.line == line.line]
        plan.legs += both_legs(out, target, line.to_location_id)
    return post(plan, opening=opening, dating=dating, shelves=shelves, actor=head.actor)


def _again(line: StockDocumentLine) -> StockDocumentLine:
    return StockDocumentLine(
        line=line.line, item_id=line.item_id, quantity=line.quantity, unit=line.unit,
        stock_quantity=line.stock_quantity, lot=line.lot, serials=line.serials, to_location_id=line.to_location_id,
    )  # fmt: skip


def _leg(move: StockMove, item: StockItem, place: WarehouseInfo) -> Leg:
    return Leg(
        line=move.line, item=item, warehouse=place, quantity=-move.quantity, reason="transfer", costing="issue",
        lot=move.lot, location_id=move.location_id,
    )  # fmt: skip
