"""Whole numbers of stock: quantities in 1/10000 of a unit, values in fen, rounded half-up at one named place."""

from collections.abc import Sequence
from decimal import Decimal

QUANTITY_SCALE = 10_000
FEN = 100


def half_up(numerator: int, denominator: int) -> int:
    """`r(n/d)`: rounded to a whole number, halves away from zero; `denominator` > 0."""
    if numerator < 0:
        return -((-2 * numerator + denominator) // (2 * denominator))
    return (2 * numerator + denominator) // (2 * denominator)


def spread(total: int, weights: Sequence[int]) -> list[int]:
    """`total` split by `weights` (>= 0) with largest remainder, ties by order; the parts sum to it exactly.

    No weight at all: equal parts.
    """
    if not weights:
        return []
    if sum(weights) == 0:
        weights = [1] * len(weights)
    if total < 0:
        return [-part for part in spread(-total, weights)]
    whole = sum(weights)
    parts = [total * weight // whole for weight in weights]
    rest = [(total * weight % whole, -index) for index, weight in enumerate(weights)]
    for _remainder, index in sorted(rest, reverse=True)[: total - sum(parts)]:
        parts[-index] += 1
    return parts


def units(quantity: Decimal) -> int:
    """1/10000 of a unit; the ledger holds no finer quantity."""
    return int(quantity * QUANTITY_SCALE)


def quantity_of(units_: int) -> Decimal:
    return Decimal(units_).scaleb(-4)


def fen(amount: Decimal) -> int:
    return int(amount * FEN)


def money(fen_: int) -> Decimal:
    return Decimal(fen_).scaleb(-2)


def landed_split(amount: int, basis: str, lines: Sequence[tuple[Decimal, Decimal, Decimal]]) -> list[int]:
    """采购费用分摊: `amount` (fen) over lines of (quantity, value, weight of the line) by `basis`, in line order."""
    column = ("quantity", "value", "weight").index(basis)
    weights = [line[column] for line in lines]
    places = max((-int(weight.normalize().as_tuple().exponent) for weight in weights), default=0)
    return spread(amount, [int(weight.scaleb(max(places, 0))) for weight in weights])
