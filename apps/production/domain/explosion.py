"""BOM explosion in exact fractions: what an order needs, over phantoms, and where an item stands in the tree."""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Generic, NamedTuple, TypeVar

from apps.production.domain.errors import BomCycle

Key = TypeVar("Key", bound=Hashable)
_ONE = Fraction(1)
MOST_ROWS = 20_000  # a tree of shared parts has more paths than anybody reads


class Line(NamedTuple, Generic[Key]):
    """`quantity` of `component` (its stock unit) for the bill's base, `fixed` once an order, `scrap` a share on top."""

    component: Key
    quantity: Fraction
    scrap: Fraction = Fraction(0)
    fixed: Fraction = Fraction(0)
    phantom: bool = False
    valid_from: date | None = None
    valid_to: date | None = None

    def on(self, day: date | None) -> bool:
        """Is the line in force on `day`? None = whenever."""
        return day is None or (
            (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)
        )


@dataclass(frozen=True)
class Bill(Generic[Key]):
    """What `base` stock units of an item are made of."""

    base: Fraction
    lines: tuple[Line[Key], ...]

    def per_unit(self, line: Line[Key]) -> Fraction:
        """What one unit of the parent takes, scrap included, the fixed quantity apart."""
        base, taken, scrap = self.base, line.quantity, line.scrap
        if not scrap and base.numerator == base.denominator:
            return taken
        # quantity / base x (1 + scrap) as one fraction: reduced once, not after each step.
        above = taken.numerator * base.denominator * (scrap.denominator + scrap.numerator)
        return Fraction(above, taken.denominator * base.numerator * scrap.denominator)


class Row(NamedTuple, Generic[Key]):
    """One spot of the tree: `path` leads from the asked item to the component, both included; `quantity` is u.

    u = q x quantity / base x (1 + scrap) + fixed, not rounded.
    """

    level: int
    path: tuple[Key, ...]
    quantity: Fraction
    phantom: bool


Bills = Mapping[Key, Bill[Key]]


def find_cycle(children: Mapping[Key, Iterable[Key]], roots: Iterable[Key]) -> list[Key] | None:
    """A path that leads from an item back to itself, reachable from `roots`; None when there is none."""
    done: set[Key] = set()
    for root in roots:
        trail: list[Key] = []
        on_trail: set[Key] = set()
        pending: list[tuple[Key, Iterator[Key]]] = []
        _enter(root, children, trail, on_trail, pending)
        while pending:
            node, rest = pending[-1]
            child = next((found for found in rest if found not in done), None)
            if child is None:
                pending.pop()
                trail.pop()
                on_trail.discard(node)
                done.add(node)
            elif child in on_trail:
                return [*trail[trail.index(child) :], child]
            else:
                _enter(child, children, trail, on_trail, pending)
    return None


def _enter(
    node: Key,
    children: Mapping[Key, Iterable[Key]],
    trail: list[Key],
    on_trail: set[Key],
    pending: list[tuple[Key, Iterator[Key]]],
) -> None:
    trail.append(node)
    on_trail.add(node)
    pending.append((node, iter(children.get(node, ()))))


def children_of(bills: Bills[Key], day: date | None = None) -> dict[Key, list[Key]]:
    """{parent: its components} as far as lines are in force on `day`."""
    return {parent: [line.component for line in bill.lines if line.on(day)] for parent, bill in bills.items()}


def _parents_first(children: Mapping[Key, list[Key]], root: Key) -> list[Key]:
    """The items below `root` so that each stands after all that use it (reverse post-order)."""
    seen: set[Key] = {root}
    order: list[Key] = []
    pending: list[tuple[Key, Iterator[Key]]] = [(root, iter(children.get(root, ())))]
    while pending:
        node, rest = pending[-1]
        child = next((found for found in rest if found not in seen), None)
        if child is None:
            pending.pop()
            order.append(node)
        else:
            seen.add(child)
            pending.append((child, iter(children.get(child, ()))))
    return order[::-1]


class _Share(NamedTuple, Generic[Key]):
    """A line as a walk meets it: one unit of the parent takes `factor` of `component`, an order `fixed` on top."""

    component: Key
    factor: Fraction
    fixed: Fraction
    phantom: bool


class Tree(Generic[Key]):
    """What `item` is made of on `day` (None = whenever). Raises BomCycle when it contains itself.

    Each line's share is worked out once, however many paths lead over it: fractions are slow.
    """

    def __init__(self, bills: Bills[Key], item: Key, day: date | None = None) -> None:
        self.item = item
        self._below = {
            parent: [
                _Share(line.component, bill.per_unit(line), line.fixed, line.phantom)
                for line in bill.lines
                if line.on(day)
            ]
            for parent, bill in bills.items()
        }
        children = {parent: [share.component for share in shares] for parent, shares in self._below.items()}
        cycle = find_cycle(children, [item])
        if cycle:
            raise BomCycle(list(cycle))
        self._parents_first = _parents_first(children, item)

    def levels(self) -> dict[Key, int]:
        """{item: longest path from the asked one}, in an order in which parents stand before components."""
        levels = {self.item: 0}
        for parent in self._parents_first:
            below = levels[parent] + 1
            for share in self._below.get(parent, ()):
                levels[share.component] = max(levels.get(share.component, 0), below)
        return levels

    def totals(self, quantity: Fraction) -> dict[Key, Fraction]:
        """{component: sum over all paths of u, not rounded}, phantoms left out.

        u is linear along a path, so the sum needs no walk over the paths: a fixed quantity counts once a path.
        """
        needed: dict[Key, Fraction] = {self.item: quantity}
        paths: dict[Key, int] = {self.item: 1}
        real: dict[Key, Fraction] = {}
        for parent in self._parents_first:
            asked, ways = needed[parent], paths[parent]
            for child, factor, fixed, phantom in self._below.get(parent, ()):
                amount = asked * factor + ways * fixed if fixed else asked * factor
                needed[child] = needed[child] + amount if child in needed else amount
                paths[child] = paths.get(child, 0) + ways
                if not phantom:
                    real[child] = real[child] + amount if child in real else amount
        return real

    def rows(self, quantity: Fraction) -> list[Row[Key]]:
        """The tree by path, each parent before its components, in line order; at most MOST_ROWS."""
        found: list[Row[Key]] = []
        pending = [Row(0, (self.item,), quantity, False)]
        while pending and len(found) < MOST_ROWS:
            level, path, asked, _phantom = row = pending.pop()
            if level:
                found.append(row)
            pending.extend(
                Row(level + 1, (*path, child), asked * factor + fixed if fixed else asked * factor, phantom)
                for child, factor, fixed, phantom in reversed(self._below.get(path[-1], ()))
            )
        return found


class DirectLine(NamedTuple, Generic[Key]):
    """What an order of `parent` takes of `component` itself, phantoms dissolved: q x `factor` + `fixed`."""

    parent: Key
    component: Key
    factor: Fraction
    fixed: Fraction
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class DatedBill(Generic[Key]):
    """A version of an item's bill with the days on which it counts."""

    bill: Bill[Key]
    valid_from: date | None = None
    valid_to: date | None = None


def direct_lines(versions: Mapping[Key, list[DatedBill[Key]]], parent: Key) -> list[DirectLine[Key]]:
    """The lines of all versions of `parent`, phantoms dissolved into what they are made of.

    Along phantoms u stays unrounded and linear, so each path down to a real component is one line of its own.
    A phantom without a bill in force is taken as it is: nothing can be said of what is inside.
    """
    return list(_dissolved(versions, parent, parent, _ONE, Fraction(0), None, None))


def _dissolved(
    versions: Mapping[Key, list[DatedBill[Key]]],
    top: Key,
    item: Key,
    factor: Fraction,
    fixed: Fraction,
    start: date | None,
    end: date | None,
) -> Iterator[DirectLine[Key]]:
    for dated in versions.get(item, ()):
        first, last = _later(start, dated.valid_from), _earlier(end, dated.valid_to)
        for line in dated.bill.lines:
            since, until = _later(first, line.valid_from), _earlier(last, line.valid_to)
            if since is not None and until is not None and since > until:
                continue
            share = dated.bill.per_unit(line)
            # Most lines hang on a real item: 1 x share + 0 is spared, fractions are slow.
            below = share if factor is _ONE else factor * share
            once = fixed * share + line.fixed if fixed else line.fixed
            if line.phantom and versions.get(line.component):
                yield from _dissolved(versions, top, line.component, below, once, since, until)
            else:
                yield DirectLine(top, line.component, below, once, since, until)


def _later(a: date | None, b: date | None) -> date | None:
    return max(a, b) if a and b else a or b


def _earlier(a: date | None, b: date | None) -> date | None:
    return min(a, b) if a and b else a or b
