"""物料对照: a partner's quantity in one's own stock unit and back, exactly or not at all."""

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from apps.supply.domain.errors import RuleBroken

DECIMALS = 4
MOST_DIGITS = 14
_FACTOR = re.compile(r"[0-9]{1,12}(\.[0-9]{1,9})?(/[0-9]{1,12}(\.[0-9]{1,9})?)?")


@dataclass(frozen=True)
class Factor:
    """Own stock units in one unit of the partner's document, in lowest terms."""

    numerator: int
    denominator: int = 1

    @classmethod
    def parse(cls, text: str) -> "Factor":
        """`"100"`, `"0.5"` or `"1/3"`. Raises RuleBroken `bad_factor`."""
        if not _FACTOR.fullmatch(text.strip()):
            raise RuleBroken("bad_factor")
        above, _, below = text.strip().partition("/")
        if Fraction(above) <= 0 or Fraction(below or 1) <= 0:
            raise RuleBroken("bad_factor")
        exact = Fraction(above) / Fraction(below or 1)
        return cls(exact.numerator, exact.denominator)

    def __str__(self) -> str:
        return str(self.numerator) if self.denominator == 1 else f"{self.numerator}/{self.denominator}"

    @property
    def exact(self) -> Fraction:
        return Fraction(self.numerator, self.denominator)


def to_own(quantity: Decimal, factor: Factor) -> Decimal:
    """Own stock quantity of the partner's `quantity`. Raises RuleBroken `unit_not_exact`."""
    return _exact(Fraction(quantity) * factor.exact)


def to_partner(quantity: Decimal, factor: Factor) -> Decimal:
    """The partner's quantity of one's own. Raises RuleBroken `unit_not_exact`."""
    return _exact(Fraction(quantity) / factor.exact)


def _exact(value: Fraction) -> Decimal:
    whole, rest = divmod(value.numerator * 10**DECIMALS, value.denominator)
    if rest or abs(whole) >= 10 ** (MOST_DIGITS + DECIMALS):
        raise RuleBroken("unit_not_exact")
    return Decimal(whole).scaleb(-DECIMALS)
