"""Values without goods: 成本调整, 采购费用分摊, and the true cost of what was made."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from apps.inventory.domain.amounts import fen, landed_split, money, spread, units
from apps.inventory.domain.costing import FIFO, ValueChange, on_hand_share
from apps.inventory.models import (
    CostGroup,
    Lot,
    PeriodCost,
    StockDocument,
    StockDocumentLine,
    StockMove,
    ValueEvent,
)
from apps.inventory.records import AdjustmentLine, LandedTarget
from apps.inventory.services.refusals import AlreadyReversed, spot, wrong
from apps.inventory.services.stock import loading, naming
from apps.inventory.services.stock.engine import log, save_head, sign, tell
from apps.inventory.services.stock.groups import group_key, lock_groups, lock_with_downstream
from apps.inventory.services.stock.heads import Head, known_by, new_document
from apps.inventory.services.stock.opening import Dating, Opening, open_books, settle_date
from apps.inventory.services.stock.receiving import MOST_AMOUNT, check_lines
from apps.inventory.services.stock.valuing import Change, Entry, value, write_outcome, write_rows
from apps.inventory.services.stock.writing import Batch, take_ids
from apps.masterdata import public as masterdata
from kernel.errors import DomainError
from tenants.rights import Member

ZERO = Decimal(0)


@dataclass(kw_only=True)
class Values:
    """Value events to be posted with their document, and what they do to the fold."""

    document: StockDocument
    lines: list[StockDocumentLine]
    events: list[ValueEvent] = field(default_factory=list)
    dropped: list[int] = field(default_factory=list)
    kind: str = "landed"


def post_values(values: Values, *, dating: Dating, groups: dict[int, CostGroup], actor: Member | None) -> StockDocument:
    """Write value events: refold, number, tell. Publishes CostPosted. Raises `value_below_zero`, `cost_needed`."""
    document, batch = values.document, Batch()
    document.pk = document.pk or take_ids((StockDocument, 1))[0][0]
    (numbers,) = take_ids((StockMove, len(values.events)))
    change = Change(closed_through=dating.closed_through, dropped=set(values.dropped))
    entries: list[Entry] = []
    for event, number in zip(values.events, numbers, strict=True):
        event.pk = event.seq = number
        event.document_id, event.posted_at = document.pk, dating.at
        _count(event, change, entries, values.kind)
    outcome = value(change, groups)
    sign(document, dating, actor)
    batch.add(*values.events)
    write_outcome(outcome, batch)
    save_head(document, values.lines, batch)
    log(document, batch, actor)
    written = [*entries, *outcome.entries]
    write_rows(batch, written, cause=document.pk, at=dating.at)
    tell(document, costs=bool(written))
    return document


def _count(event: ValueEvent, change: Change, entries: list[Entry], kind: str) -> None:
    """One event: at its receipt's place, at the start of the first open day, or at its own place."""
    amount = fen(event.amount)
    if event.move_id is not None and not event.at_start:
        change.extras[event.move_id] = change.extras.get(event.move_id, 0) + amount
        change.kinds[event.move_id] = kind
        change.is_history = True
        return
    move = event.move_id or 0
    if event.reverses_id in change.dropped:
        # Both stand at one place and drop out; the entry takes back what the other one gave.
        entries.append(Entry(group=event.group_id, kind="first", on=event.dated_on, amount=amount, event=event.seq))
        change.is_history = True
        return
    if amount:
        change.changes.append(ValueChange(event.seq, event.dated_on, event.group_id, amount, move))
    if move:
        entries.append(Entry(group=event.group_id, kind=kind, on=event.dated_on, amount=amount, move=move))
        if event.late:
            late = fen(event.late)
            entries.append(Entry(group=event.group_id, kind="late", on=event.dated_on, amount=late, move=move))


# -- Cost adjustment ---------------------------------------------------------------------------------------------


@transaction.atomic
def adjust_cost(*, head: Head, lines: Sequence[AdjustmentLine]) -> StockDocument:
    """± amounts onto what lies there on the day. Raises `value_below_zero`, Invalid, PeriodClosed."""
    known = known_by(head.idem)
    if known is not None:
        return known
    check_lines(lines)
    for number, line in enumerate(lines, start=1):
        check_money(line.amount, spot(number, "amount"))
    items = naming.find_items([line.item for line in lines], all_states=True)
    opening = open_books([item.id for item in items])
    dating = settle_date(opening, head.moved_on, when_closed=head.when_closed, at=head.at)
    keys = []
    for number, (item, line) in enumerate(zip(items, lines, strict=True), start=1):
        place = naming.find_warehouses(warehouse=line.warehouse)["warehouse"].id if line.warehouse else 0
        keys.append(_group_of(opening, item.id, place, line.lot, number))
    found = lock_groups(opening, keys)
    document = new_document(StockDocument.Kind.ADJUSTMENT, head)
    values = Values(document=document, lines=[], kind="first")
    for number, (item, line, key) in enumerate(zip(items, lines, keys, strict=True), start=1):
        row = StockDocumentLine(
            line=number, item_id=item.id, quantity=ZERO, stock_quantity=ZERO, amount=line.amount, lot=line.lot,
            warehouse_id=key[1],
        )  # fmt: skip
        values.lines.append(row)
        values.events.append(
            ValueEvent(
                kind=ValueEvent.Kind.ADJUSTMENT, line=number, group_id=found[key].pk, dated_on=dating.moved_on,
                amount=line.amount,
            )
        )  # fmt: skip
    groups = {row.pk: row for row in found.values()}
    return post_values(values, dating=dating, groups=groups, actor=head.actor)


def check_money(amount: Decimal, spot_: str) -> None:
    """± with two decimals, not zero, not too big. Raises Invalid `bad_amount`, `too_many_decimals`."""
    if not amount.is_finite() or amount == 0 or abs(amount) > MOST_AMOUNT:
        raise wrong(_("金额不能为零，也不能过大。"), "bad_amount", spot_)
    if -int(amount.normalize().as_tuple().exponent) > 2:
        raise wrong(_("小数位太多。"), "too_many_decimals", spot_)


def _group_of(opening: Opening, item: int, warehouse: int, lot: str, number: int) -> tuple[int, int | None, int | None]:
    method, scope = opening.method_of(item)
    if scope == "warehouse" and not warehouse:
        raise wrong(_("分仓库计价的物料要写明仓库。"), "unknown_warehouse", spot(number, "warehouse"))
    row = Lot.objects.filter(item_id=item, code=lot).first() if lot else None
    if method == "specific" and row is None:
        raise wrong(_("个别计价的物料要写明批号。"), "lot_required", spot(number, "lot"))
    return group_key(opening, item, warehouse, row.pk if row else None)


# -- Landed cost -------------------------------------------------------------------------------------------------


@transaction.atomic
def land_cost(
    *, head: Head, amount: Decimal, basis: str, receipts: Sequence[LandedTarget], partner: str = ""
) -> StockDocument:
    """Split `amount` (CNY) over lines of receipts by `basis`; it belongs to the receipts, wherever the goods went.

    Publishes CostPosted. Raises Invalid `unknown_receipt`, `bad_basis`, AlreadyReversed, `value_below_zero`.
    """
    known = known_by(head.idem)
    if known is not None:
        return known
    check_money(amount, "amount")
    check_basis(basis)
    payee = naming.find_partner(partner)
    targets = targets_of(receipts)
    opening = open_books([])
    dating = settle_date(opening, head.moved_on, when_closed=head.when_closed, at=head.at, field="on")
    moves = _moves_of(targets)
    document = new_document(
        StockDocument.Kind.LANDED, head, partner_id=payee.id if payee else None, amount=amount, basis=basis
    )
    values = Values(document=document, lines=[])
    weights = _weights(targets, moves)
    touched = {move.group_id for parts in moves.values() for move in parts}
    groups = lock_with_downstream(touched, opening.closed_through)
    shares = zip(targets, landed_split(fen(amount), basis, weights), strict=True)
    for number, (line, share) in enumerate(shares, start=1):
        values.lines.append(_landed_line(number, line, money(share)))
        parts = moves[line.pk]
        for move, part in zip(parts, spread(share, [units(one.quantity) for one in parts]), strict=True):
            values.events.append(late_value(move, part, opening, number, ValueEvent.Kind.LANDED, groups))
    return post_values(values, dating=dating, groups=groups, actor=head.actor)


def check_basis(basis: str) -> None:
    """Raise Invalid `bad_basis`."""
    if basis not in ("quantity", "value", "weight"):
        raise wrong(_("分摊依据只能是数量、金额或重量。"), "bad_basis", "basis")


def targets_of(receipts: Sequence[LandedTarget]) -> list[StockDocumentLine]:
    """The lines that bear the cost, each once. Raises Invalid `unknown_receipt`, AlreadyReversed."""
    found: dict[int, StockDocumentLine] = {}
    for number, target in enumerate(receipts):
        rows = StockDocumentLine.objects.select_related("document").filter(
            document_id=target.receipt, document__kind=StockDocument.Kind.RECEIPT, document__state="posted",
            document__reverses=None,
        )  # fmt: skip
        rows = rows.filter(line=target.line) if target.line is not None else rows
        lines = list(rows.order_by("line"))
        if not lines:
            raise wrong(_("找不到这张入库单或这一行。"), "unknown_receipt", f"receipts.{number}.receipt")
        if StockDocument.objects.filter(reverses_id=target.receipt).exists():
            raise AlreadyReversed(_("入库单已红冲，不能再分摊费用。"))
        found |= {line.pk: line for line in lines}
    if not found:
        raise wrong(_("请选择要分摊的入库单。"), "invalid", "receipts")
    return list(found.values())


def _moves_of(lines: Sequence[StockDocumentLine]) -> dict[int, list[StockMove]]:
    documents = {line.document_id for line in lines}
    rows = list(StockMove.objects.filter(document_id__in=documents).order_by("id"))
    by_line: dict[int, list[StockMove]] = {}
    for line in lines:
        by_line[line.pk] = [row for row in rows if (row.document_id, row.line) == (line.document_id, line.line)]
        if any(row.costing != StockMove.Costing.GIVEN for row in by_line[line.pk]):
            raise DomainError(_("没有自身成本的入库行不能分摊费用。"), "cost_needed")
    return by_line


def _weights(
    lines: Sequence[StockDocumentLine], moves: dict[int, list[StockMove]]
) -> list[tuple[Decimal, Decimal, Decimal]]:
    amounts = loading.amounts_of(move.pk for parts in moves.values() for move in parts)
    items = masterdata.stock_items_by_id([line.item_id for line in lines])
    return [
        (
            line.stock_quantity,
            money(sum(amounts.get(move.pk, 0) for move in moves[line.pk])),
            line.stock_quantity * (items[line.item_id].weight or ZERO),
        )
        for line in lines
    ]


def _landed_line(number: int, target: StockDocumentLine, amount: Decimal) -> StockDocumentLine:
    return StockDocumentLine(
        line=number, item_id=target.item_id, quantity=target.quantity, unit=target.unit,
        stock_quantity=target.stock_quantity, amount=amount, target=target,
    )  # fmt: skip


def late_value(
    move: StockMove, amount: int, opening: Opening, line: int, kind: str, groups: dict[int, CostGroup]
) -> ValueEvent:
    """`amount` fen for receipt `move`: at its place, or for a closed month the share still on hand, the rest late."""
    event = ValueEvent(kind=kind, line=line, group_id=move.group_id, move_id=move.pk, dated_on=move.moved_on)
    first = opening.first_open_day
    if opening.closed_through is None or first is None or move.moved_on > opening.closed_through:
        event.amount = money(amount)
        return event
    group = groups[move.group_id]
    share = on_hand_share(amount, units(move.quantity), left_of(move, group, opening.closed_through))
    event.dated_on, event.at_start = first, True
    event.amount, event.late = money(share), money(amount - share)
    return event


def left_of(move: StockMove, group: CostGroup, closed_through: date) -> int:
    """What is left at the start of the first open day: of the receipt's layer (FIFO), else of the whole group."""
    row = PeriodCost.objects.filter(group_id=group.pk, period__month=closed_through.replace(day=1)).first()
    if row is None:
        return 0
    if group.method != FIFO:
        return units(row.quantity)
    return next((int(quantity) for pk, _on, quantity, _value in row.layers if pk == move.pk), 0)


# -- The true cost of what was made ------------------------------------------------------------------------------


@transaction.atomic
def set_output_cost(*, receipt: int, amount: Decimal, head: Head) -> StockDocument | None:
    """Make `amount` (CNY) the cost of receipt move `receipt`; the difference follows the goods. None: no difference.

    Raises StockMove.DoesNotExist, AlreadyReversed, `value_below_zero`.
    """
    if not amount.is_finite() or not 0 <= amount <= MOST_AMOUNT:
        raise wrong(_("金额不能是负数，也不能过大。"), "bad_amount", "amount")
    opening = open_books([])
    dating = settle_date(opening, head.moved_on, when_closed="first_open_day", at=head.at)
    move = StockMove.objects.get(pk=receipt)
    if StockMove.objects.filter(reverses_id=receipt).exists() or move.costing != StockMove.Costing.GIVEN:
        raise AlreadyReversed(_("这笔入库已红冲，或没有自身成本。"))
    groups = lock_with_downstream([move.group_id], opening.closed_through)
    events = ValueEvent.objects.filter(move_id=receipt).values_list("amount", "late")
    known = (move.given_amount or ZERO) + sum((now + late for now, late in events), ZERO)
    if amount == known:
        return None
    document = new_document(StockDocument.Kind.ADJUSTMENT, head)
    line = StockDocumentLine(
        line=1, item_id=move.item_id, quantity=ZERO, stock_quantity=ZERO, amount=amount - known, origin_id=receipt
    )
    event = late_value(move, fen(amount - known), opening, 1, ValueEvent.Kind.OUTPUT, groups)
    values = Values(document=document, lines=[line], events=[event], kind="delta")
    return post_values(values, dating=dating, groups=groups, actor=head.actor)
