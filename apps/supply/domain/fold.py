"""The fold: from the versions of an order's chain to what they mean. Total: a version that breaks a rule has no effect.

The table of §7 of the contract: agreed = open = closed = None; the other side is the one that did not propose.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from apps.supply.domain.errors import RuleBroken
from apps.supply.domain.terms import (
    BUYER,
    IN_CHANGE,
    IN_COUNTER,
    SELLER,
    Header,
    Terms,
    apply,
    read_change,
    read_header,
    read_line,
    settle,
)

ORDER, CHANGE, RESPONSE, CANCEL = "order", "order_change", "order_response", "order_cancel"
TERMS, CANCELLATION = "terms", "cancel"
ACCEPT, COUNTER, REFUSE = "AP", "CA", "RE"
MOST_TOTAL = Decimal(10) ** 18
UNREADABLE = (KeyError, TypeError, ValueError, ArithmeticError)


@dataclass(frozen=True, kw_only=True)
class Version:
    """One version of an order's chain as the fold reads it; `by` is the side of its sender."""

    seq: int
    kind: str
    by: str
    payload: Mapping[str, Any]
    sent_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Open:
    """A proposal that waits for the other side; `terms` None = it is a cancellation."""

    seq: int
    by: str
    what: str
    terms: Terms | None = None
    reason: str = ""


@dataclass(frozen=True)
class Agreed:
    """What both sides stand by, since version `seq`."""

    seq: int
    terms: Terms


@dataclass(frozen=True, kw_only=True)
class Order:
    """The meaning of a chain up to version `seq`. `closed`: refused, cancelled or None."""

    seq: int = 0
    header: Header | None = None
    agreed: Agreed | None = None
    open: Open | None = None
    closed: str | None = None
    sent_at: datetime | None = None
    reason: str = ""
    ineffective: tuple[int, ...] = ()

    @property
    def state(self) -> str:
        if self.closed:
            return self.closed
        if self.agreed is None:
            return "countered" if self.open and self.open.by == SELLER else "sent"
        if self.open is None:
            return "agreed"
        return "changing" if self.open.what == TERMS else "cancelling"

    @property
    def waiting_for(self) -> str | None:
        """Whose turn it is: buyer, seller or nobody's."""
        return other(self.open.by) if self.open and not self.closed else None

    @property
    def terms(self) -> Terms:
        """The agreed terms, else the open ones, else none."""
        if self.agreed:
            return self.agreed.terms
        return self.open.terms if self.open and self.open.terms else Terms()


def other(side: str) -> str:
    return SELLER if side == BUYER else BUYER


def fold(versions: Iterable[Version], *, until: int | None = None) -> Order:
    """The meaning of `versions`, given in any order and however often; it ends before the first gap."""
    known = {version.seq: version for version in versions}
    order, seq = Order(), 1
    while seq in known and (until is None or seq <= until):
        order = step(order, known[seq])
        seq += 1
    return order


def step(order: Order, version: Version) -> Order:
    """The order after one more version."""
    try:
        after = advance(order, version)
    except (RuleBroken, *UNREADABLE):
        return replace(order, seq=version.seq, ineffective=(*order.ineffective, version.seq))
    return replace(after, seq=version.seq)


def advance(order: Order, version: Version) -> Order:
    """The order after a version that obeys the rules.

    Raises RuleBroken with the refusal's code: order_closed, not_your_turn, answer_first, wrong_side, not_agreed,
    use_counter, unknown_line, unknown_item, invalid; or KeyError and the like for a payload that is no such document.
    """
    if version.kind == ORDER:
        return _opened(order, version)
    if order.header is None:
        raise RuleBroken("not_found")
    if order.closed:
        raise RuleBroken("order_closed")
    if version.kind == RESPONSE:
        return _answered(order, version)
    if version.kind == CHANGE:
        return _withdrawn(order, version) if version.payload.get("withdraw") else _proposed(order, version)
    if version.kind == CANCEL:
        return _cancelled(order, version)
    raise RuleBroken("invalid")


def _opened(order: Order, version: Version) -> Order:
    if version.by != BUYER or version.seq != 1 or order.header is not None:
        raise RuleBroken("wrong_side")
    lines = tuple(sorted((read_line(row) for row in version.payload["lines"]), key=lambda line: line.line))
    if len({line.line for line in lines}) != len(lines) or not lines:
        raise RuleBroken("invalid")
    header, terms = read_header(version.payload), Terms(lines)
    _check_total(terms, header)
    opened = Open(seq=version.seq, by=BUYER, what=TERMS, terms=terms)
    return replace(order, header=header, open=opened, sent_at=version.sent_at)


def _check_total(terms: Terms, header: Header | None) -> None:
    # What no ledger can hold would stick at the other firm: nobody may say it.
    if terms.total(price_includes_tax=header.price_includes_tax if header else True) >= MOST_TOTAL:
        raise RuleBroken("invalid")


def _answered(order: Order, version: Version) -> Order:
    asked = order.open
    if asked is None or asked.by == version.by:
        raise RuleBroken("not_your_turn")
    code = version.payload["code"]
    if code == ACCEPT:
        return _accepted(order, asked, version)
    if code == REFUSE:
        closed = None if order.agreed else "refused"
        return replace(order, open=None, closed=closed, reason=_reason(version))
    if code != COUNTER or asked.terms is None:
        raise RuleBroken("answer_first")
    return replace(order, open=_open(order, version, asked.terms, actions=IN_COUNTER))


def _accepted(order: Order, asked: Open, version: Version) -> Order:
    if version.payload.get("lines"):
        raise RuleBroken("use_counter")
    if asked.terms is None:
        return replace(order, open=None, closed="cancelled", reason=asked.reason)
    before = order.agreed.terms if order.agreed else None
    return replace(order, open=None, agreed=Agreed(version.seq, settle(asked.terms, before, by=asked.by)))


def _proposed(order: Order, version: Version) -> Order:
    own = order.open
    if own is not None and own.by != version.by:
        raise RuleBroken("answer_first")
    base = own.terms if own is not None and own.terms is not None else None
    if base is None:
        if order.agreed is None:
            raise RuleBroken("not_agreed")
        base = order.agreed.terms
    return replace(order, open=_open(order, version, base, actions=IN_CHANGE))


def _open(order: Order, version: Version, base: Terms, *, actions: frozenset[int]) -> Open:
    changes = [read_change(row) for row in version.payload.get("lines") or ()]
    terms = apply(base, changes, by=version.by, actions=actions)
    if not terms.lines or not changes:
        raise RuleBroken("invalid")
    _check_total(terms, order.header)
    return Open(seq=version.seq, by=version.by, what=TERMS, terms=terms, reason=_reason(version))


def _withdrawn(order: Order, version: Version) -> Order:
    if order.open is None:
        raise RuleBroken("not_your_turn")
    if order.open.by != version.by:
        raise RuleBroken("answer_first")
    if order.agreed is None:
        raise RuleBroken("not_agreed")
    return replace(order, open=None)


def _cancelled(order: Order, version: Version) -> Order:
    if order.agreed is None:
        if version.by != BUYER:
            raise RuleBroken("wrong_side")
        return replace(order, open=None, closed="cancelled", reason=_reason(version))
    if order.open is not None and order.open.by != version.by:
        raise RuleBroken("answer_first")
    asked = Open(seq=version.seq, by=version.by, what=CANCELLATION, reason=_reason(version))
    return replace(order, open=asked)


def _reason(version: Version) -> str:
    return str(version.payload.get("reason") or "")
