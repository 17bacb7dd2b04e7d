"""交期承诺: when can a quantity of an item be ready? Stock first, then what is expected, then making or buying."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from apps.production.domain.explosion import DatedBill, DirectLine, direct_lines
from apps.production.domain.quantities import ceil_to

Fit = Callable[[str, int, date], tuple[date, bool]]


@dataclass(frozen=True)
class Source:
    """How an item is replenished: `lead` calendar days, `make` from its components; `step` its finest quantity."""

    lead: int = 0
    make: bool = False
    step: int = 10_000


@dataclass(frozen=True)
class Flow:
    """`quantity` of an item comes (+) or goes (-) on a day."""

    item: str
    on: date
    quantity: int


@dataclass(frozen=True)
class Node:
    """One answer of the walk. `source`: stock, expected, make, buy; `below` are the components of what is made."""

    item: str
    quantity: int
    source: str
    ready_on: date
    from_stock: int = 0
    below: tuple["Node", ...] = ()
    at_capacity: bool = False


@dataclass(frozen=True)
class Binding:
    """What fixes the date: `stock`, `expected`, `lead_time` or `capacity`, of an item."""

    kind: str
    item: str


@dataclass
class Situation:
    """What is there, what comes and goes, how items are replenished. `fit`: first date that finite capacity gives."""

    today: date
    stock: Mapping[str, int]
    flows: Sequence[Flow]
    sources: Mapping[str, Source]
    bills: Mapping[str, list[DatedBill[str]]]
    fit: Fit | None = None
    _moves: dict[str, list[tuple[date, int]]] = field(default_factory=dict)
    _lines: dict[str, list[DirectLine[str]]] = field(default_factory=dict)
    _log: list[tuple[str, tuple[date, int]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for flow in self.flows:
            self._moves.setdefault(flow.item, []).append((max(flow.on, self.today), flow.quantity))

    def ready(self, item: str, quantity: int) -> Node:
        """The earliest way to have `quantity` (1/10000) of `item`; what it uses is out of reach afterwards."""
        waiting = self._first_day(item, quantity)
        if waiting == self.today:
            self._take(item, waiting, quantity)
            return Node(item, quantity, "stock", waiting, quantity)
        mark = len(self._log)
        made = self._replenish(item, quantity)
        if waiting is not None and waiting <= made.ready_on:
            self._give_back(mark)
            self._take(item, waiting, quantity)
            return Node(item, quantity, "expected", waiting)
        return made

    def _replenish(self, item: str, quantity: int) -> Node:
        source = self.sources.get(item, Source())
        there = min(quantity, self._atp(item, self.today))
        if there:
            self._take(item, self.today, there)
        missing = quantity - there
        lead = timedelta(days=source.lead)
        if not source.make:
            return Node(item, missing, "buy", self.today + lead, there)
        below = tuple(self.ready(line.component, needed) for line, needed in self._needed(item, missing) if needed > 0)
        start = max((node.ready_on for node in below), default=self.today)
        end = start + lead
        if self.fit is None:
            return Node(item, missing, "make", end, there, below)
        fitted, at_capacity = self.fit(item, missing, start)
        return Node(item, missing, "make", fitted, there, below, at_capacity)

    def _needed(self, item: str, quantity: int) -> list[tuple[DirectLine[str], int]]:
        """What each line takes for one order of `quantity`, rounded up to the component's unit."""
        if item not in self._lines:
            self._lines[item] = direct_lines(self.bills, item)
        found = []
        for line in self._lines[item]:
            if (line.valid_from or self.today) <= self.today <= (line.valid_to or self.today):
                step = self.sources.get(line.component, Source()).step
                found.append((line, ceil_to(quantity * line.factor + line.fixed * 10_000, step)))
        return found

    def _days(self, item: str) -> list[date]:
        return sorted({self.today, *(day for day, _ in self._moves.get(item, ()))})

    def _level(self, item: str, on: date) -> int:
        moved = sum(quantity for day, quantity in self._moves.get(item, ()) if day <= on)
        return self.stock.get(item, 0) + moved

    def _atp(self, item: str, on: date) -> int:
        """max(0, least of what is there on `on` or any day after)."""
        return max(0, min(self._level(item, day) for day in [on, *(d for d in self._days(item) if d > on)]))

    def _first_day(self, item: str, quantity: int) -> date | None:
        return next((day for day in self._days(item) if self._atp(item, day) >= quantity), None)

    def _take(self, item: str, on: date, quantity: int) -> None:
        move = (on, -quantity)
        self._moves.setdefault(item, []).append(move)
        self._log.append((item, move))

    def _give_back(self, mark: int) -> None:
        while len(self._log) > mark:
            item, move = self._log.pop()
            self._moves[item].remove(move)


def binding(node: Node, today: date) -> Binding:
    """Walk down the branch that fixes the date; the first in line order when several do."""
    while node.source == "make" and not node.at_capacity:
        latest = max((below.ready_on for below in node.below), default=today)
        if latest <= today:
            break
        node = next(below for below in node.below if below.ready_on == latest)
    if node.at_capacity:
        return Binding("capacity", node.item)
    kinds = {"make": "lead_time", "buy": "lead_time"}
    return Binding(kinds.get(node.source, node.source), node.item)


def flattened(node: Node) -> list[Node]:
    """The node and all below it, tops first; what came from stock is a node of its own."""
    found = [replace(node, below=())]
    if node.from_stock and node.source not in ("stock", "expected"):
        found.append(Node(node.item, node.from_stock, "stock", node.ready_on))
    for below in node.below:
        found.extend(flattened(below))
    return found
