"""Quantities as whole numbers of 1/10000 stock units, the way planning computes with them."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

SCALE = 10_000
PLACES = 4
LARGEST = 10**18  # what NUMERIC(18,4) holds, in 1/10000

Ints = NDArray[np.signedinteger[Any]]
Bools = NDArray[np.bool_]


def to_int(quantity: Decimal | str | int) -> int:
    """`Decimal("2.5")` -> 25000. The quantity has at most four decimals."""
    return int(Decimal(quantity).scaleb(PLACES))


def to_decimal(scaled: int) -> Decimal:
    """25000 -> `Decimal("2.5000")`."""
    return Decimal(int(scaled)).scaleb(-PLACES)


def step_of(decimals: int) -> int:
    """The finest quantity of a unit with so many decimals, in 1/10000."""
    return int(10 ** (PLACES - min(decimals, PLACES)))


def ceil_to(value: Fraction, step: int) -> int:
    """`value` (in 1/10000) rounded up to a whole multiple of `step`."""
    return -((-value) // step) * step


def ints(values: Iterable[Any]) -> Ints:
    """An int64 array of `values`."""
    return np.fromiter(values, dtype=np.int64)


def no_ints() -> Ints:
    return np.empty(0, dtype=np.int64)
