"""Bills and planning parameters as the columns that `mrp` computes with."""

from collections.abc import Hashable, Iterable, Mapping
from datetime import date
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
    divisors = [lcm(line.factor.denominator, (line.fixed * SCALE).denominator) for line in known]
    both = list(zip(known, divisors, strict=True))
    return Lines(
        parent=ints(row[line.parent] for line in known),
        component=ints(row[line.component] for line in known),
        factor=_whole(int(line.factor * divisor) for line, divisor in both),
        addend=_whole(int(line.fixed * SCALE * divisor) for line, divisor in both),
        divisor=_whole(divisors),
        since=ints(_day(line.valid_from, start, -ALWAYS) for line in known),
        until=ints(_day(line.valid_to, start, ALWAYS) for line in known),
    )


def _day(on: date | None, start: date | None, otherwise: int) -> int:
    return (on - start).days if on and start else otherwise


def _whole(values: Iterable[int]) -> np.ndarray:
    found = list(values)
    fits = all(abs(value) < 2**62 for value in found)
    return np.array(found, dtype=np.int64 if fits else object)
