"""Arithmetic of orders: amounts, net values, tolerance, progress. Decimal in, Decimal out."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

CENT = Decimal("0.01")
ZERO = Decimal(0)


class Progress(StrEnum):
    """How far an order has come."""

    NONE = "none"
    PART = "part"
    ALL = "all"


@dataclass(frozen=True)
class Done:
    """What of a line was wanted, what has moved, and whether the rest is given up."""

    quantity: Decimal
    done: Decimal
    closed: bool = False

    @property
    def open(self) -> Decimal:
        """What is still to come; never negative."""
        return ZERO if self.closed else max(ZERO, self.quantity - self.done)


def _cent(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


def line_amount(quantity: Decimal, unit_price: Decimal) -> Decimal:
    """`quantity x unit_price`, half up to the fen."""
    return _cent(quantity * unit_price)


def net_amount(amount: Decimal, tax_rate: Decimal, *, includes_tax: bool) -> Decimal:
    """The part of `amount` without tax, half up to the fen."""
    return _cent(amount / (1 + tax_rate)) if includes_tax else amount


def gross_amount(amount: Decimal, tax_rate: Decimal, *, includes_tax: bool) -> Decimal:
    """`amount` with tax, half up to the fen."""
    return amount if includes_tax else _cent(amount * (1 + tax_rate))


def net_of_part(
    *, before: Decimal, quantity: Decimal, unit_price: Decimal, tax_rate: Decimal, includes_tax: bool
) -> Decimal:
    """Net value of `quantity` when `before` came earlier at the same price.

    The difference of two cumulative values, so that parts of a line sum to the value of the whole line.
    """

    def net(many: Decimal) -> Decimal:
        return net_amount(line_amount(many, unit_price), tax_rate, includes_tax=includes_tax)

    return net(before + quantity) - net(before)


def most(quantity: Decimal, tolerance: Decimal) -> Decimal:
    """The most that may move against a line of `quantity`."""
    return quantity * (1 + tolerance)


def progress(lines: Iterable[Done]) -> Progress:
    """ALL when nothing is open any more, NONE when nothing has moved."""
    rows = list(lines)
    if rows and all(not row.open for row in rows):
        return Progress.ALL
    return Progress.PART if any(row.done for row in rows) else Progress.NONE


def split_over(quantity: Decimal, rests: Iterable[tuple[int, Decimal]]) -> list[tuple[int, Decimal]]:
    """Take `quantity` from (key, rest) in order; what is left over is not in the answer."""
    taken = []
    for key, rest in rests:
        if quantity <= 0:
            break
        part = min(quantity, rest)
        if part > 0:
            taken.append((key, part))
            quantity -= part
    return taken
