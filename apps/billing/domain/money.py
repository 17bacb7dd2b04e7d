"""Fen, rounding and sharing out. Exact values travel as `Fraction`; money is `Decimal` with 2 places."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

ZERO = Decimal("0.00")

Exact = Decimal | Fraction | int


def round_half_up(value: Exact) -> Decimal:
    """R-ROUND: CNY to the fen, half-up with ties away from zero. Call it once per line."""
    return from_fen(_nearest(Fraction(value) * 100))


def ratio(part: Exact, whole: Exact) -> Decimal:
    """`part / whole` half-up to 2 decimals; 0.00 when there is no whole."""
    return round_half_up(Fraction(part) / Fraction(whole)) if whole else ZERO


def to_fen(amount: Decimal) -> int:
    """Whole fen of an amount that already has 2 decimals."""
    fen = Fraction(amount) * 100
    if fen.denominator != 1:
        raise ValueError(f"{amount} is not a whole number of fen")
    return fen.numerator


def from_fen(fen: int) -> Decimal:
    """CNY of whole fen."""
    return Decimal(fen).scaleb(-2)


def total(amounts: Iterable[Decimal]) -> Decimal:
    """Sum of CNY amounts, 0.00 for none."""
    return sum(amounts, ZERO)


def largest_remainder(amount: Decimal, exact_shares: Sequence[Fraction]) -> tuple[Decimal, ...]:
    """R-ALLOC: split `amount` (CNY) into shares near `exact_shares` (CNY) that sum to it exactly.

    Each share is floored in fen towards minus infinity; the missing fen go one each to the largest
    remainders, ties to the lower index.
    """
    if not exact_shares:
        if amount:
            raise ValueError("an amount cannot be shared out over nothing")
        return ()
    floors = [int(share * 100 // 1) for share in exact_shares]
    remainders = [share * 100 - floor for share, floor in zip(exact_shares, floors, strict=True)]
    ranking = sorted(range(len(floors)), key=lambda index: (-remainders[index], index))
    everyone, some = divmod(to_fen(amount) - sum(floors), len(floors))
    for rank, index in enumerate(ranking):
        floors[index] += everyone + (1 if rank < some else 0)
    return tuple(from_fen(fen) for fen in floors)


def share_out(amount: Decimal, weights: Sequence[Exact]) -> tuple[Decimal, ...]:
    """R-ALLOC by weight: the exact share of a weight is amount x weight / sum of weights (not 0)."""
    whole = sum((Fraction(weight) for weight in weights), Fraction(0))
    return largest_remainder(amount, [Fraction(amount) * Fraction(weight) / whole for weight in weights])


def _nearest(value: Fraction) -> int:
    magnitude = (2 * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    return magnitude if value >= 0 else -magnitude
