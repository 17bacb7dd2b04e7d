"""The verbs of a sent order: answer, change, withdraw, cancel. The fold says who may; this says what else must hold."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.masterdata import public as masterdata
from apps.supply import payloads
from apps.supply.domain.convert import to_own
from apps.supply.domain.errors import RuleBroken
from apps.supply.domain.fold import ACCEPT, COUNTER, Order
from apps.supply.domain.terms import ADDED, Change, Terms
from apps.supply.models import OrderItem, SharedOrder
from apps.supply.selectors.ledgers import movements
from apps.supply.services.orders import unit_of
from apps.supply.services.refusals import broken, refusal
from apps.supply.services.turns import Act, Turn, open_turn, take


@transaction.atomic
def respond(
    *, order_id: UUID, seen: int, code: str, changes: Sequence[Change], reason: str, act: Act
) -> SharedOrder:  # fmt: skip
    """AP accepts, CA counters with `changes`, RE refuses what the other side has open.

    Publishes OrderAgreed, OrderCancelled. Raises stale_version, link_not_active, not_your_turn, answer_first,
    order_closed, use_counter, unknown_line, unmapped_lines, unit_not_exact, below_despatched, already_despatched.
    """
    turn = open_turn(order_id, act.at)
    items = _own_codes(turn) if code in (ACCEPT, COUNTER) and turn.side == "seller" else []
    payload = payloads.response(code, changes, reason, items)
    return take(turn, seen=seen, kind="order_response", payload=payload, act=act, verb="respond", check=_check_answer)


def _own_codes(turn: Turn) -> list[dict[str, Any]]:
    units = {line.line: line.unit for line in turn.order.terms.lines}
    if turn.order.open and turn.order.open.terms:
        units |= {line.line: line.unit for line in turn.order.open.terms.lines}
    rows = OrderItem.objects.filter(order=turn.row).exclude(item=None).order_by("line").values("line", "item_id")
    infos = masterdata.get_items(row["item_id"] for row in rows)
    return [
        {"line": row["line"], "item": payloads.item_words(infos[row["item_id"]])["item"], "unit": units[row["line"]]}
        for row in rows
        if row["line"] in units
    ]


def _check_answer(turn: Turn, after: Order) -> None:
    asked = turn.order.open
    agreed_now = after.agreed is not turn.order.agreed
    counters = after.open is not None and after.open.by == turn.side
    if turn.side == "seller" and asked is not None and asked.terms is not None and (agreed_now or counters):
        _check_mapped(turn.row, asked.terms)
        _check_exact(turn.row, after.open.terms if after.open and after.open.terms else asked.terms)
    if after.closed == "cancelled":
        _check_nothing_despatched(turn.row)
    elif after.open is not None and after.open.terms is not None:
        _check_despatched(turn.row, after.open.terms)
    elif after.agreed is not None and after.agreed is not turn.order.agreed:
        _check_despatched(turn.row, after.agreed.terms)


def _check_mapped(row: SharedOrder, terms: Terms) -> None:
    settled = {item.line for item in OrderItem.objects.filter(order=row).order_by("line") if item.is_settled}
    missing = [line.line for line in terms.lines if line.line not in settled]
    if missing:
        raise refusal("unmapped_lines", lines=missing)


def _check_exact(row: SharedOrder, terms: Terms) -> None:
    """What is agreed must be a quantity of our own item; a remembered factor may not divide this one."""
    own = {item.line: item for item in OrderItem.objects.filter(order=row).exclude(item=None).order_by("line")}
    for line in terms.lines:
        mapped = own.get(line.line) or own.get(line.split_of or 0)
        if mapped is None:
            continue
        try:
            to_own(line.quantity, mapped.factor)
        except RuleBroken as error:
            raise broken(error) from error


def _check_despatched(row: SharedOrder, terms: Terms) -> None:
    left = terms.by_number()
    for (_order, number), ledger in movements([row.pk]).items():
        line = left.get(number)
        if ledger.despatched > (line.quantity if line else Decimal(0)):
            raise refusal("below_despatched", line=number)


def _check_nothing_despatched(row: SharedOrder) -> None:
    if any(ledger.despatched > 0 or ledger.received > 0 for ledger in movements([row.pk]).values()):
        raise refusal("already_despatched")


@transaction.atomic
def change(*, order_id: UUID, seen: int, changes: Sequence[Change], reason: str, act: Act) -> SharedOrder:
    """Propose other terms. Raises as `respond`, and unknown_item, unknown_unit for an added line."""
    turn = open_turn(order_id, act.at)
    fresh = seen == turn.order.seq  # the head comes before any other rule
    payload = payloads.change(_with_items(turn, changes) if fresh else changes, reason)
    return take(turn, seen=seen, kind="order_change", payload=payload, act=act, verb="change", check=_check_change)


def _with_items(turn: Turn, changes: Sequence[Change]) -> list[Change]:
    """Added lines of the buyer get the words that the other side may know of the item."""
    if turn.side != "buyer" or all(row.action != ADDED or row.item is None for row in changes):
        return list(changes)
    items = masterdata.items_by_code(row.item for row in changes if row.item)
    return [_with_item(place, row, items) for place, row in enumerate(changes)]


def _with_item(place: int, row: Change, items: dict[str, masterdata.ItemInfo]) -> Change:
    if row.action != ADDED or row.item is None:
        return row
    item = items.get(row.item)
    if item is None:
        raise refusal("unknown_item", field=f"lines.{place}.item")
    words = payloads.item_words(item)
    unit = unit_of(item, row.unit or "", field=f"lines.{place}.unit")
    return Change(**{**vars(row), **words, "unit": unit})


def _check_change(turn: Turn, after: Order) -> None:
    if after.open is not None and after.open.terms is not None:
        if turn.side == "seller":
            _check_exact(turn.row, after.open.terms)
        _check_despatched(turn.row, after.open.terms)


@transaction.atomic
def withdraw(*, order_id: UUID, seen: int, act: Act) -> SharedOrder:
    """Take one's own open proposal back; what was agreed stands. Raises stale_version, not_your_turn, not_agreed."""
    turn = open_turn(order_id, act.at)
    return take(turn, seen=seen, kind="order_change", payload={"withdraw": True}, act=act, verb="withdraw")


@transaction.atomic
def cancel(*, order_id: UUID, seen: int, reason: str, act: Act) -> SharedOrder:
    """Before agreement the buyer's word is enough; after it the other side must agree.

    Raises stale_version, wrong_side, answer_first, order_closed, already_despatched.
    """
    turn = open_turn(order_id, act.at)
    payload = {"reason": reason}
    return take(
        turn, seen=seen, kind="order_cancel", payload=payload, act=act, verb="cancel",
        check=lambda opened, _after: _check_nothing_despatched(opened.row),
    )  # fmt: skip
