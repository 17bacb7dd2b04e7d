"""Bills and planning parameters as the columns that `mrp` computes with."""

from collections.abc import Hashable, Iterable, Mapping
from datetime import date
from fractions import Fraction
from math import lcm
from typing import TypeVar

import numpy as np

from apps.production.domain.explosion import DirectLine
from apps.production.domain.mrp import Lines
from apps.production.domain.quantities import SCALE, ints

Key = TypeVar("Key", bound=Hashable)
ALWAYS = 10**6  # days: before any plan begins and after any plan ends


def line_table(lines: Iterable[DirectLine[Key]], row: Mapping[Key, int], start: date | None = None) -> Lines:
    """Columns of `lines`, sorted by parent; dates become days from `start`."""
    known = sorted((line for line in lines if line.component in row), key=lambda line: row[line.parent])
    figures = [_figures(line.factor, line.fixed) for line in known]
    return Lines(
        parent=ints(row[line.parent] for line in known),
        component=ints(row[line.component] for line in known),
        factor=_whole(factor for factor, _addend, _divisor in figures),
        addend=_whole(addend for _factor, addend, _divisor in figures),
        divisor=_whole(divisor for _factor, _addend, divisor in figures),
        since=ints(_day(line.valid_from, start, -ALWAYS) for line in known),
        until=ints(_day(line.valid_to, start, ALWAYS) for line in known),
    )


def _figures(factor: Fraction, fixed: Fraction) -> tuple[int, int, int]:
    """(factor, addend, divisor) of q x `factor` + `fixed` in whole numbers, without fractions on the way."""
    if not fixed:
        return factor.numerator, 0, factor.denominator
    once = fixed * SCALE
    divisor = lcm(factor.denominator, once.denominator)
    return factor.numerator * (divisor // factor.denominator), once.numerator * (divisor // once.denominator), divisor


def _day(on: date | None, start: date | None, otherwise: int) -> int:
    return (on - start).days if on and start else otherwise


def _whole(values: Iterable[int]) -> np.ndarray:
    found = list(values)
    fits = all(abs(value) < 2**62 for value in found)
    return np.array(found, dtype=np.int64 if fits else object)
