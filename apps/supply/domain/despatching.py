"""What may be despatched and received of agreed orders; the same rules for a company and for a guest."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from apps.supply.domain.delivery import AsnLine, Delivery, Key, Received
from apps.supply.domain.despatch import ZERO, most, outcome
from apps.supply.domain.errors import RuleBroken
from apps.supply.domain.fold import Order
from apps.supply.domain.terms import Line


@dataclass(frozen=True, kw_only=True)
class ShipWish:
    """One line to be despatched; `order` is the order's chain as text."""

    order: str
    line: int
    quantity: Decimal
    lot: str = ""
    package: str = ""


@dataclass(frozen=True, kw_only=True)
class GotWish:
    """One line as it was counted at the gate."""

    order: str
    line: int
    received: Decimal
    rejected: Decimal = ZERO
    reason: str = ""


def plan_despatch(
    wishes: Iterable[ShipWish], orders: Mapping[str, Order], despatched: Mapping[Key, Decimal]
) -> tuple[AsnLine, ...]:  # fmt: skip
    """The ASN's lines in the order's units. Raises RuleBroken: order_closed, not_agreed, unknown_line, over_agreed."""
    total = dict(despatched)
    lines = []
    for wish in wishes:
        line = _agreed_line(orders[wish.order], wish.line)
        key = (wish.order, wish.line)
        total[key] = total.get(key, ZERO) + wish.quantity
        header = orders[wish.order].header
        tolerance = header.over_tolerance if header else ZERO
        if wish.quantity > 0 and total[key] > most(line.quantity, tolerance):
            raise RuleBroken("over_agreed", wish.line)
        lines.append(
            AsnLine(
                order=wish.order, line=wish.line, quantity=wish.quantity, unit=line.unit, lot=wish.lot,
                package=wish.package,
            )
        )  # fmt: skip
    return tuple(lines)


def _agreed_line(order: Order, number: int) -> Line:
    if order.closed:
        raise RuleBroken("order_closed")
    if order.agreed is None:
        raise RuleBroken("not_agreed")
    line = order.agreed.terms.by_number().get(number)
    if line is None:
        raise RuleBroken("unknown_line", number)
    return line


def plan_receipt(
    wishes: Iterable[GotWish], delivery: Delivery | None, *, complete: bool
) -> tuple[tuple[Received, ...], bool]:  # fmt: skip
    """The receipt's lines and whether the delivery is complete with them.

    Against an ASN (`delivery`) what nobody counted is short once complete; without one what came is what was sent.
    Raises RuleBroken: unknown_line, rejected_over_received.
    """
    counted: dict[Key, GotWish] = {}
    for wish in wishes:
        if (wish.order, wish.line) in counted:
            raise RuleBroken("unknown_line", wish.line)
        counted[wish.order, wish.line] = wish
    if delivery is None:
        return tuple(_row(wish, wish.received, complete=True) for wish in counted.values()), True
    left = delivery.outstanding()
    for key in counted:
        if key not in left:
            raise RuleBroken("unknown_line", key[1])
    done = complete or all(key in counted and counted[key].received >= left[key] for key in left)
    keys = left if done else [key for key in left if key in counted]
    blank = [GotWish(order=order, line=line, received=ZERO) for order, line in keys]
    return tuple(_row(counted.get((one.order, one.line), one), left[one.order, one.line], complete=done)
                 for one in blank), done  # fmt: skip


def _row(wish: GotWish, despatched: Decimal, *, complete: bool) -> Received:
    due = outcome(despatched=despatched, received=wish.received, rejected=wish.rejected)
    return Received(
        order=wish.order, line=wish.line, despatched=despatched, received=wish.received, rejected=wish.rejected,
        short=due.short if complete else ZERO, over=due.over, reason=wish.reason,
    )  # fmt: skip


def check_accepted(
    rows: Iterable[Received], orders: Mapping[str, Order], accepted: Mapping[Key, Decimal]
) -> None:  # fmt: skip
    """Accepted in total <= agreed x (1 + tolerance). Raises RuleBroken: order_closed, not_agreed, over_agreed."""
    for row in rows:
        line = _agreed_line(orders[row.order], row.line)
        header = orders[row.order].header
        total = accepted.get((row.order, row.line), ZERO) + row.received - row.rejected
        if row.received > 0 and total > most(line.quantity, header.over_tolerance if header else ZERO):
            raise RuleBroken("over_agreed", row.line)
