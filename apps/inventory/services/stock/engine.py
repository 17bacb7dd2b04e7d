"""Posting: locks, checks, numbers, writes, tells. Verbs make the plan, `valuing` says what it is worth."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _

from apps.inventory.domain.amounts import fen, units
from apps.inventory.domain.costing import Assembly, Move
from apps.inventory.events import CostPosted, GoodsReceived, GoodsReturned, GoodsShipped, StockMoved
from apps.inventory.models import StockDocument, StockMove
from apps.inventory.records import Source
from apps.inventory.services.refusals import DuplicateSerial
from apps.inventory.services.stock import loading
from apps.inventory.services.stock.checks import (
    check_available,
    check_history,
    check_returns,
    is_late,
    use_reservations,
)
from apps.inventory.services.stock.groups import assign_groups
from apps.inventory.services.stock.opening import Dating, Opening
from apps.inventory.services.stock.plan import Leg, Plan
from apps.inventory.services.stock.shelves import Shelves
from apps.inventory.services.stock.valuing import Change, Entry, append_entries, value, write_outcome
from apps.inventory.services.stock.writing import Batch, take_ids
from apps.masterdata import public as masterdata
from kernel import audit
from kernel.events import Event, publish
from kernel.models import AuditEntry
from tenants.rights import Member

NUMBER_OF = {
    "receipt": "receipt", "issue": "issue", "transfer": "transfer", "assembly": "assembly",
    "adjustment": "cost_adjustment", "landed": "landed_cost",
}  # fmt: skip


def post(
    plan: Plan,
    *,
    opening: Opening,
    dating: Dating,
    shelves: Shelves,
    actor: Member | None,
) -> StockDocument:
    """Write a planned document: all of it or nothing.

    Publishes StockMoved, CostPosted and what the reason says. Raises NotEnoughStock, NotEnoughAvailable, NegativeLater,
    OverReturned, DuplicateSerial, `cost_needed`, `value_below_zero`.
    """
    document, batch = plan.document, Batch()
    check_history(plan, shelves, dating)
    late = is_late(plan, shelves, dating)
    before = {
        pair: (shelves.usable_of(pair, dating.moved_on), level.reserved) for pair, level in shelves.levels.items()
    }
    for leg in plan.legs:
        shelves.apply(leg, dating.moved_on)
    use_reservations(plan, shelves, batch)
    check_available(plan, shelves, before, dating.moved_on)
    groups = assign_groups(opening, plan.legs, late=late, held=shelves.groups)
    _keep_inside(plan)
    give_ids(plan, shelves.ids)
    check_returns(plan)
    moves = [_move_row(plan, leg, dating, actor) for leg in plan.legs]
    outcome = value(_change(plan, dating), groups)
    if plan.numbering and not document.number and document._state.adding:
        document.number = batch.ask("number", *masterdata.number_inside(plan.numbering, dating.moved_on))
    sign(document, dating, actor)
    batch.put(StockMove, moves)
    shelves.write(batch)
    write_outcome(outcome, batch)
    log(document, batch, actor)
    fresh = [leg.item.id for leg in plan.legs if not leg.item.is_moved]
    if fresh:
        masterdata.mark_moved(fresh)
    _write(plan, batch, outcome.entries, dating.at)
    return document


def _write(plan: Plan, batch: Batch, entries: Sequence[Entry], at: datetime) -> None:
    """The rows and the facts, in one statement where the entries are few."""
    document = plan.document
    save_head(document, plan.lines, batch)
    try:
        append_entries(batch, entries, cause=document.pk, at=at)
        tell(document, costs=bool(entries), moves=len(plan.legs), batch=batch)
        document.number = batch.answers.get("number", document.number)
    except IntegrityError as error:
        # The second guard: two receipts of one serial in two warehouses at the same moment.
        if "stock_balance_serial_once" in str(error):
            raise DuplicateSerial(_("序列号已在库，不能重复入库。")) from error
        raise


def save_head(document: StockDocument, lines: Sequence[object], batch: Batch) -> None:
    """Put the head and its lines into the batch; a draft's head is changed, its lines are written anew."""
    if document._state.adding:
        batch.add(document)
    else:
        document.lines.all().delete()
        document.save()
    for line in lines:
        line.document_id = document.pk  # type: ignore[attr-defined]
        batch.add(line)  # type: ignore[arg-type]


def sign(document: StockDocument, dating: Dating, actor: Member | None) -> None:
    """The document is posted: its number, its day, its signature."""
    if not document.number:
        document.number = masterdata.next_number(NUMBER_OF[document.kind], dating.moved_on)
    document.moved_on, document.intended_on = dating.moved_on, dating.intended_on
    document.state = StockDocument.State.POSTED
    document.posted_at = dating.at
    document.posted_by_id = actor.user_id if actor else None
    document.posted_by_name = actor.name if actor else ""


def log(document: StockDocument, batch: Batch, actor: Member | None) -> None:
    """The entry of the log, among the rows of the posting."""
    action, name = f"stock_{document.kind}.post", f"stock_document:{document.pk}"
    # The number may be an answer that is still to come: it is put in as it is.
    row = audit.columns(actor=actor, action=action, object=name, label="") | {"label": document.number}
    batch.put(AuditEntry, [row])


def tell(document: StockDocument, *, costs: bool, moves: int = 0, batch: Batch | None = None) -> None:
    """The facts of a posting with `moves` ledger lines, and with them the rows of `batch`."""
    day = document.moved_on.isoformat()
    source = str(Source(kind=document.source_kind, number=document.source_number))
    facts: list[Event] = []
    fact = {
        "sale": GoodsShipped, "purchase": GoodsReceived, "sales_return": GoodsReturned, "purchase_return": GoodsReturned
    }.get(document.reason)  # fmt: skip
    if fact is not None and document.reverses_id is None:
        facts.append(fact(document_id=document.pk, moved_on=day, source=source))
    if document.kind not in ("adjustment", "landed"):
        facts.append(
            StockMoved(
                document_id=document.pk, kind=document.kind, reason=document.reason, moved_on=day, moves=moves
            )
        )  # fmt: skip
    if costs:
        facts.append(CostPosted(document_id=document.pk, dated_on=day))
    answers = publish(*facts, along=batch.take() if batch else ())
    if batch:
        batch.answers |= answers


def give_ids(plan: Plan, held: Sequence[int] = ()) -> None:
    """Ids of the document and of its moves, ascending in the ledger's order: those taken with the locks, if enough."""
    if len(held) > len(plan.legs):
        head, moves = held[0], list(held[1 : len(plan.legs) + 1])
        if plan.document.pk is None:
            plan.document.pk = head
            plan.document._state.adding = True
    elif plan.document.pk is None:
        (head,), moves = take_ids((StockDocument, 1), (StockMove, len(plan.legs)))
        plan.document.pk = head
        plan.document._state.adding = True
    else:
        (moves,) = take_ids((StockMove, len(plan.legs)))
    for leg, number in zip(plan.legs, moves, strict=True):
        leg.id = number


def _move_row(plan: Plan, leg: Leg, dating: Dating, actor: Member | None) -> dict[str, Any]:
    assert leg.group is not None  # noqa: S101  # assigned just before
    feeder = leg.feeder.id if leg.feeder else leg.feeder_id
    return dict(
        id=leg.id, document_id=plan.document.pk, line=leg.line, part=leg.part, item_id=leg.item.id,
        warehouse_id=leg.warehouse.id, location_id=leg.location_id, lot_id=leg.lot.pk if leg.lot else None,
        group_id=leg.group.pk, quantity=leg.quantity, moved_on=dating.moved_on, intended_on=dating.intended_on,
        posted_at=dating.at, posted_by_id=actor.user_id if actor else None, reason=leg.reason, costing=leg.costing,
        given_amount=leg.given, origin_id=leg.origin_id, feeder_id=feeder if leg.costing != "none" else None,
        reverses_id=leg.reverses_id,
    )  # fmt: skip


def _change(plan: Plan, dating: Dating) -> Change:
    """The plan as the fold sees it."""
    change = Change(closed_through=dating.closed_through)
    for leg in plan.legs:
        assert leg.group is not None  # noqa: S101  # assigned just before
        if leg.costing == "none":
            continue
        if leg.costing == "mirror":
            assert leg.reverses_id is not None  # noqa: S101  # what a mirror is
            change.mirrors[leg.id] = leg.reverses_id
            change.mirror_on[leg.id] = (leg.group.pk, dating.moved_on)
            change.is_history = True
            continue
        change.moves.append(_fold_move(plan, leg, dating.moved_on))
    outputs = [leg for leg in plan.legs if leg.costing == "share"]
    if outputs:
        inputs = [leg.id for leg in plan.legs if leg.quantity < 0]
        weights = _line_weights(plan, outputs)
        change.assemblies[plan.document.pk] = Assembly(inputs, loading.weigh(weights), fen(plan.document.extra_cost))
    return change


def _fold_move(plan: Plan, leg: Leg, on: date) -> Move:
    assert leg.group is not None  # noqa: S101  # assigned just before
    return Move(
        id=leg.id, on=on, group=leg.group.pk, quantity=units(leg.quantity), costing=leg.costing,
        given=fen(leg.given) if leg.given is not None else 0,
        feeder=(leg.feeder.id if leg.feeder else leg.feeder_id) or 0, document=plan.document.pk,
    )  # fmt: skip


def _line_weights(plan: Plan, outputs: Sequence[Leg]) -> list[tuple[int, Decimal | None, int, int]]:
    whole = {line.line: units(line.stock_quantity) for line in plan.lines}
    return [(leg.id, leg.weight, units(leg.quantity), whole[leg.line]) for leg in outputs]


def _keep_inside(plan: Plan) -> None:
    """A re-labelling (one group in and out, equal quantities, no extra cost) carries no value."""
    if plan.document.kind != StockDocument.Kind.ASSEMBLY or plan.document.reverses_id:
        return
    groups = {leg.group.pk for leg in plan.legs if leg.group}
    if len(groups) == 1 and sum(leg.quantity for leg in plan.legs) == 0 and plan.document.extra_cost == 0:
        for leg in plan.legs:
            leg.costing = "none"
