"""红冲: the mirror of a posted document, on its own date if that month is open, else on the first open day."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from apps.inventory.domain.amounts import fen
from apps.inventory.models import StockDocument, StockDocumentLine, StockMove, ValueEvent
from apps.inventory.services.refusals import AlreadyReversed, OverReturned
from apps.inventory.services.stock.adjusting import Values, late_value, post_values
from apps.inventory.services.stock.engine import post
from apps.inventory.services.stock.groups import lock_with_downstream
from apps.inventory.services.stock.heads import Head, new_document
from apps.inventory.services.stock.holding import lock_shelves
from apps.inventory.services.stock.lots import check_not_on_hand
from apps.inventory.services.stock.opening import Dating, Opening, open_books, settle_date
from apps.inventory.services.stock.plan import Leg, Plan
from apps.masterdata import public as masterdata
from apps.masterdata.public import StockItem, WarehouseInfo
from kernel.errors import DomainError, NotFound


@transaction.atomic
def reverse(*, head: Head, document_id: int) -> StockDocument:
    """Take a posted document back. `head.note` says why; its date is that of the original or the first open day.

    Publishes StockMoved, CostPosted. Raises NotFound, AlreadyReversed, NotEnoughStock, NegativeLater, OverReturned.
    """
    items = StockDocumentLine.objects.filter(document_id=document_id).values_list("item_id", flat=True)
    opening = open_books(sorted(set(items)))
    first = StockDocument.objects.select_for_update(of=("self",)).filter(pk=document_id).first()
    if first is None:
        raise NotFound(_("找不到这张单据。"))
    if first.state != StockDocument.State.POSTED:
        raise DomainError(_("草稿没有记账，直接删除即可。"), "not_posted")
    if first.reverses_id or first.reversals.exists():
        raise AlreadyReversed(_("这张单据已红冲，或本身就是红冲单。"))
    head = replace(head, moved_on=first.moved_on, reason=first.reason, draft=None)
    dating = settle_date(opening, first.moved_on, when_closed="first_open_day", at=head.at)
    document = new_document(
        first.kind, head, warehouse_id=first.warehouse_id, to_warehouse_id=first.to_warehouse_id,
        partner_id=first.partner_id, reverses=first, basis=first.basis, source_kind=first.source_kind,
        source_number=first.source_number, source_line=first.source_line, extra_cost=-first.extra_cost,
        amount=None if first.amount is None else -first.amount,
    )  # fmt: skip
    lines = [_again(line) for line in first.lines.order_by("line")]
    if first.kind in (StockDocument.Kind.ADJUSTMENT, StockDocument.Kind.LANDED):
        return _reverse_values(first, document, lines, opening, dating, head)
    plan = Plan(document=document, lines=lines, legs=_legs(first, dating))
    shelves = lock_shelves(
        {leg.pair for leg in plan.legs}, at=head.at, lots=[leg.lot.pk for leg in plan.legs if leg.lot], outgoing=True
    )
    if first.kind == StockDocument.Kind.ISSUE:
        check_not_on_hand([leg.lot for leg in plan.legs if leg.lot and leg.lot.kind == "serial"])
    return post(plan, opening=opening, dating=dating, shelves=shelves, actor=head.actor)


def _again(line: StockDocumentLine) -> StockDocumentLine:
    """The line as it was typed, amounts turned round."""
    return StockDocumentLine(
        line=line.line, side=line.side, item_id=line.item_id, warehouse_id=line.warehouse_id,
        location_id=line.location_id, to_location_id=line.to_location_id, quantity=line.quantity, unit=line.unit,
        stock_quantity=line.stock_quantity, amount=None if line.amount is None else -line.amount, lot=line.lot,
        serials=line.serials, target_id=line.target_id,
    )  # fmt: skip


def _legs(first: StockDocument, dating: Dating) -> list[Leg]:
    """What came in goes out first, what went out comes back; values follow (`_costing`)."""
    moves = list(first.moves.select_related("lot").order_by("id"))
    _check_untouched(moves)
    items = masterdata.stock_items_by_id([move.item_id for move in moves])
    places = {move.warehouse_id: masterdata.get_warehouse(move.warehouse_id) for move in moves}
    same_day = dating.moved_on == first.moved_on
    made: dict[int, Leg] = {}
    for move in [*(one for one in moves if one.quantity > 0), *(one for one in moves if one.quantity < 0)]:
        leg = _leg(move, items[move.item_id], places[move.warehouse_id])
        made[move.pk] = leg
        if move.costing == StockMove.Costing.NONE:
            leg.costing = "none"
        elif same_day:
            leg.costing = "mirror"
        else:
            leg.costing, leg.feeder_id, leg.origin_id = "return", move.pk, move.pk
    if not same_day:
        _pair_back(moves, made)
    return [made[move.pk] for move in [*(m for m in moves if m.quantity > 0), *(m for m in moves if m.quantity < 0)]]


def _leg(move: StockMove, item: StockItem, place: WarehouseInfo) -> Leg:
    return Leg(
        line=move.line, part=move.part, item=item, warehouse=place, quantity=-move.quantity, reason=move.reason,
        costing="", location_id=move.location_id, lot=move.lot, reverses_id=move.pk,
    )  # fmt: skip


def _pair_back(moves: Sequence[StockMove], made: dict[int, Leg]) -> None:
    """A transfer that goes back carries its value: what leaves here arrives there."""
    for move in moves:
        if move.costing == StockMove.Costing.PAIR and move.feeder_id in made:
            back = made[move.feeder_id]
            back.costing, back.feeder, back.feeder_id = "pair", made[move.pk], None


def _check_untouched(moves: Sequence[StockMove]) -> None:
    """What was given back in part is given back in full first. Raises OverReturned."""
    ids = [move.pk for move in moves]
    back = StockMove.objects.filter(feeder_id__in=ids, costing=StockMove.Costing.RETURN)
    undone = StockMove.objects.filter(reverses__in=back).values_list("reverses_id", flat=True)
    if back.exclude(pk__in=undone).exists():
        raise OverReturned(_("这张单据已有退回，请先红冲退回单。"))


def _reverse_values(
    first: StockDocument,
    document: StockDocument,
    lines: list[StockDocumentLine],
    opening: Opening,
    dating: Dating,
    head: Head,
) -> StockDocument:
    old = list(first.value_events.select_related("move").order_by("id"))
    groups = lock_with_downstream({event.group_id for event in old}, opening.closed_through)
    values = Values(document=document, lines=lines, kind="first")
    for event in old:
        if event.move is not None:
            # `late_value` looks again at what is left: months may have closed since.
            whole = -fen(event.amount + event.late)
            mirror = late_value(event.move, whole, opening, event.line, event.kind, groups)
            if event.at_start and mirror.at_start and mirror.dated_on == event.dated_on:
                mirror.amount, mirror.late = -event.amount, -event.late
            values.kind = "landed" if event.kind == ValueEvent.Kind.LANDED else "delta"
        else:
            mirror = ValueEvent(
                kind=event.kind, line=event.line, group_id=event.group_id, dated_on=dating.moved_on,
                amount=Decimal(-event.amount),
            )  # fmt: skip
            if mirror.dated_on == event.dated_on:
                values.dropped += [event.seq]
        mirror.reverses = event
        values.events.append(mirror)
    return post_values(values, dating=dating, groups=groups, actor=head.actor)
