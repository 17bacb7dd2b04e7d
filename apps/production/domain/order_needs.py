"""What one order needs of each component: phantoms opened, in exact fractions, linear in the order's quantity.

Production §4: u = q x quantity / base x (1 + scrap) + fixed; a phantom's lines are exploded with the unrounded u, its
fixed quantities once. So every need is `per_unit x q + fixed`, and rounding up comes once, per order and line.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

DEEPEST = 30


@dataclass(frozen=True)
class Line:
    """A line of a bill: `quantity` and `fixed` in stock units of the component, for one unit of the parent."""

    component: int
    quantity: Fraction
    fixed: Fraction
    is_phantom: bool = False
    step_seq: int | None = None
    backflush: bool = False
    alternates: tuple[dict[str, str], ...] = field(default=())


@dataclass(frozen=True)
class Need:
    """A component that is taken from stock: per unit of the order, and once an order."""

    component: int
    per_unit: Fraction
    fixed: Fraction
    step_seq: int | None
    backflush: bool
    alternates: tuple[dict[str, str], ...]


class NoBill(LookupError):
    """A phantom has no active bill; `item` is its id."""

    def __init__(self, item: int) -> None:
        super().__init__(item)
        self.item = item


def needs(lines: Sequence[Line], bill_of: Callable[[int], Sequence[Line] | None]) -> list[Need]:
    """The needs of a bill in line order. Raises NoBill for a phantom without lines of its own."""
    return _open(lines, bill_of, Fraction(1), Fraction(0), None, 0)


def _open(
    lines: Sequence[Line],
    bill_of: Callable[[int], Sequence[Line] | None],
    per_unit: Fraction,
    fixed: Fraction,
    step_seq: int | None,
    depth: int,
) -> list[Need]:
    found: list[Need] = []
    for line in lines:
        each, once = per_unit * line.quantity, fixed * line.quantity + line.fixed
        seq = step_seq if step_seq is not None else line.step_seq
        if not line.is_phantom:
            found.append(Need(line.component, each, once, seq, line.backflush, line.alternates))
            continue
        inner = bill_of(line.component)
        if inner is None or depth >= DEEPEST:
            raise NoBill(line.component)
        found += _open(inner, bill_of, each, once, seq, depth + 1)
    return found
