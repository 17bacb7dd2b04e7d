"""What a work order cost, and how its receipts share it; CNY, half-up to the fen at the named places."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

CENT = Decimal("0.01")


def receipt_value(
    *,
    quantity: Decimal,
    received: Decimal,
    ordered: Decimal,
    standard: Decimal | None,
    material: Decimal,
    given: Decimal,
) -> Decimal:
    """What a receipt of `quantity` is valued at: standard cost, else its share of the material used so far.

    `ordered` pieces are still expected in all, `received` came before and were `given` their value: the last receipt
    takes what is left, to the fen.
    """
    if standard is not None:
        return (quantity * standard).quantize(CENT, ROUND_HALF_UP)
    rest, coming = material - given, max(quantity, ordered - received)
    return max(Decimal(0), _cent(Fraction(rest) * Fraction(quantity) / Fraction(coming)))


def hours_value(minutes: Decimal, rate: Decimal) -> Decimal:
    """Minutes at a rate an hour."""
    return _cent(Fraction(minutes) * Fraction(rate) / 60)


def by_quantity(amount: Decimal, quantities: Sequence[Decimal]) -> list[Decimal]:
    """Split an amount of either sign by quantity, largest remainder, ties by place; sums to `amount`."""
    whole = sum(quantities, Decimal(0))
    if not whole:
        return []
    fen = int(amount * 100)
    exact = [Fraction(abs(fen)) * Fraction(quantity) / Fraction(whole) for quantity in quantities]
    shares = [value.numerator // value.denominator for value in exact]
    order = sorted(range(len(exact)), key=lambda i: (shares[i] - exact[i], i))
    for i in order[: abs(fen) - sum(shares)]:
        shares[i] += 1
    sign = 1 if fen >= 0 else -1
    return [Decimal(sign * share).scaleb(-2) for share in shares]


def _cent(value: Fraction) -> Decimal:
    doubled = abs(value) * 200 + 1
    whole = doubled.numerator // (2 * doubled.denominator)
    return Decimal(whole if value >= 0 else -whole).scaleb(-2)
