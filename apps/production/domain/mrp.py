"""物料需求计划, day-exact, whole plant, as arrays: netting, lot sizing, explosion, level by level. numpy only.

Items are rows 0..n-1, days are offsets from start_on (0 = start_on), quantities are int64 in 1/10000 stock units.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import TypeVar

import numpy as np

from apps.production.domain.errors import BomCycle, TooLarge
from apps.production.domain.explosion import find_cycle
from apps.production.domain.lots import WW, LotRules, place
from apps.production.domain.quantities import LARGEST, Bools, Ints, no_ints

CELLS = 2_000_000  # days x items that are worked on at once: bounds the memory whatever the plant
NEVER = -(10**6)  # a day that does not come
DEMAND, ORDER, PLANNED, SAFETY = range(4)  # kinds of requirement
URGENT_LAST = 10  # safety stock gives way to every real requirement of its day


@dataclass(frozen=True)
class Items:
    """One row an item. `working_lead`: the lead counts working days. `explodes`: its orders are made, not bought."""

    on_hand: Ints
    safety: Ints
    lead: Ints
    step: Ints
    tolerance: Ints
    explodes: Bools
    working_lead: Bools
    rules: LotRules

    def __len__(self) -> int:
        return len(self.on_hand)


@dataclass(frozen=True)
class Lines:
    """What an order of `parent` takes of `component`: (q x factor + addend) / divisor, sorted by parent.

    In force for orders released on days `since` to `until`, both included.
    """

    parent: Ints
    component: Ints
    factor: Ints
    addend: Ints
    divisor: Ints
    since: Ints
    until: Ints


@dataclass(frozen=True)
class Needs:
    """Requirements: `kind` and `id` say whose, `priority` 1 is urgent; days before start count on day 0."""

    row: Ints
    day: Ints
    quantity: Ints
    kind: Ints
    id: Ints
    priority: Ints

    def where(self, mask: Bools | Ints | slice) -> "Needs":
        return Needs(*(getattr(self, name)[mask] for name in _NEED_COLUMNS))


_NEED_COLUMNS = ("row", "day", "quantity", "kind", "id", "priority")
Columns = TypeVar("Columns", "Needs", "Orders", "Days")


@dataclass(frozen=True)
class Receipts:
    """Open orders, sorted by row, day, number. `day` may lie before start (overdue)."""

    row: Ints
    day: Ints
    quantity: Ints


@dataclass(frozen=True)
class Orders:
    """Planned orders by level, row, due day. `cut`: days by which the lead time reaches before the start."""

    row: Ints
    due: Ints
    release: Ints
    cut: Ints
    quantity: Ints


@dataclass(frozen=True)
class Days:
    """Days on which something happens, by row and day."""

    row: Ints
    day: Ints
    gross: Ints
    scheduled: Ints
    receipt: Ints
    release: Ints
    projected: Ints


@dataclass
class Plan:
    """The whole answer. `needed` is a receipt's need day, NEVER when it is not needed. `needs` are all requirements."""

    level: Ints
    needed: Ints
    orders: Orders
    days: Days
    needs: Needs


@dataclass(frozen=True)
class Problem:
    """The whole question. `days` is the length of the plan; `workdays[k]` is day k - `before` of the plan calendar."""

    items: Items
    lines: Lines
    links: tuple[Ints, Ints]  # parent and component of every line of an active bill, phantoms too
    needs: Needs
    receipts: Receipts
    days: int
    workdays: Bools | None = None
    before: int = 0


def plan(problem: Problem) -> Plan:
    """Plan every item once, tops first. Raises BomCycle, TooLarge."""
    level = low_level_codes(len(problem.items), *problem.links)
    needed = np.full(len(problem.receipts.row), NEVER, dtype=np.int64)
    work = _Work(problem, level, needed)
    for depth in range(int(level.max(initial=0)) + 1):
        work.do_level(depth)
    return Plan(level, needed, _joined(Orders, work.orders), _joined(Days, work.days), _joined(Needs, work.done))


def low_level_codes(count: int, parent: Ints, component: Ints) -> Ints:
    """The longest path from a top, for each item. Raises BomCycle with rows as path."""
    level = np.zeros(count, dtype=np.int64)
    waiting = np.bincount(component, minlength=count).astype(np.int64)
    order = np.argsort(parent, kind="stable")
    parents, children = parent[order], component[order]
    starts = np.searchsorted(parents, np.arange(count + 1))
    frontier = np.flatnonzero(waiting == 0)
    seen = 0
    while frontier.size:
        seen += frontier.size
        picked, lines = _spread(starts, frontier)
        below = children[lines]
        np.maximum.at(level, below, level[frontier[picked]] + 1)
        np.subtract.at(waiting, below, 1)
        found = np.unique(below)
        frontier = found[waiting[found] == 0]
    if seen < count:
        raise BomCycle(_cycle(parent, component, np.flatnonzero(waiting > 0)))
    return level


def _cycle(parent: Ints, component: Ints, left: Ints) -> list[object]:
    children: dict[int, list[int]] = {}
    for above, below in zip(parent.tolist(), component.tolist(), strict=True):
        children.setdefault(above, []).append(below)
    return list(find_cycle(children, left.tolist()) or [])


def _spread(starts: Ints, rows: Ints) -> tuple[Ints, Ints]:
    """For each of `rows` the positions starts[row]..starts[row + 1]: (place in `rows`, position)."""
    counts = starts[rows + 1] - starts[rows]
    offsets = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.repeat(np.arange(len(rows)), counts), np.repeat(starts[rows], counts) + offsets


@dataclass
class _Work:
    """What a run carries from level to level."""

    problem: Problem
    level: Ints
    needed: Ints
    orders: list[Orders] = field(default_factory=list)
    days: list[Days] = field(default_factory=list)
    done: list[Needs] = field(default_factory=list)
    ordered: int = 0

    def __post_init__(self) -> None:
        needs = self.problem.needs
        day = np.maximum(needs.day, 0)
        inside = needs.where(day < self.problem.days)
        day = np.maximum(inside.day, 0)
        kind, priority = inside.kind.astype(np.int8), inside.priority.astype(np.int8)
        inside = Needs(inside.row, day, inside.quantity, kind, inside.id, priority)
        self.waiting: dict[int, list[Needs]] = {}
        self._hand_down(inside)
        self.line_starts = np.searchsorted(self.problem.lines.parent, np.arange(len(self.problem.items) + 1))
        self.receipt_starts = np.searchsorted(self.problem.receipts.row, np.arange(len(self.problem.items) + 1))

    def _hand_down(self, needs: Needs) -> None:
        """Lay requirements where their level will find them."""
        depth = self.level[needs.row]
        for found in np.flatnonzero(np.bincount(depth)).tolist():
            self.waiting.setdefault(found, []).append(needs.where(np.flatnonzero(depth == found)))

    def do_level(self, depth: int) -> None:
        """Net, order and explode all items of one level."""
        needs = _joined(Needs, self.waiting.pop(depth, []))
        items = self.problem.items
        busy = np.zeros(len(items), dtype=bool)
        busy[needs.row] = True
        busy[self.problem.receipts.row] = True
        busy |= (items.on_hand != 0) | (items.safety != 0)
        rows = np.flatnonzero(busy & (self.level == depth))
        needs = _joined(Needs, [needs, _safety(rows, items.safety[rows])])
        # By row, day, priority, kind: the order in which supplies are given out. Ids come in order by themselves.
        place_of = (
            ((needs.row * self.problem.days + needs.day) << 8) + (needs.priority.astype(np.int64) << 4) + needs.kind
        )
        needs = needs.where(np.argsort(place_of, kind="stable"))
        for part in _chunks(rows, self.problem.days):
            first, last = np.searchsorted(needs.row, [part[0], part[-1] + 1])
            self._do_rows(part, needs.where(slice(int(first), int(last))))

    def _do_rows(self, rows: Ints, needs: Needs) -> None:
        problem, n = self.problem, len(rows)
        items = problem.items
        gross = np.zeros((problem.days, n), dtype=np.int64)
        real = needs.kind != SAFETY
        np.add.at(gross.ravel(), needs.day[real] * n + np.searchsorted(rows, needs.row[real]), needs.quantity[real])
        wanted = np.cumsum(gross, axis=0)
        if n and int(wanted.max(initial=0)) > LARGEST:
            raise TooLarge("a requirement is larger than a ledger holds")
        free = items.on_hand[rows] - items.safety[rows]
        scheduled, supplied = self._schedule(rows, wanted, free)
        net = np.maximum(wanted - (free + supplied), 0)
        planned_ahead = bool((items.rules.rule[rows] == WW).any())
        lots = place(net, items.rules.of(rows, costs=planned_ahead))
        made = self._order(rows, lots)
        release = np.zeros_like(gross)
        np.add.at(release.ravel(), made.release * n + np.searchsorted(rows, made.row), made.quantity)
        projected = items.on_hand[rows] + np.cumsum(scheduled + lots, axis=0) - wanted
        self.days.append(_days(rows, gross, scheduled, lots, release, projected))
        self.done.append(needs)
        self.orders.append(made)
        self._explode(made, self.ordered)
        self.ordered += len(made.row)

    def _schedule(self, rows: Ints, wanted: Ints, free: Ints) -> tuple[Ints, Ints]:
        """Scheduled receipts where they are needed: `[day, item]`, and what all of them bring to each item."""
        receipts, last = self.problem.receipts, self.problem.days - 1
        scheduled = np.zeros_like(wanted)
        supplied = np.zeros(len(rows), dtype=np.int64)
        starts = self.receipt_starts
        for column in np.flatnonzero(starts[rows + 1] > starts[rows]):
            span = slice(int(starts[rows[column]]), int(starts[rows[column] + 1]))
            quantity = receipts.quantity[span]
            before = free[column] + np.cumsum(quantity) - quantity
            on = np.searchsorted(wanted[:, column], before, side="right")
            on = np.where(before < 0, 0, on)
            needed = on <= last
            np.add.at(scheduled, (on[needed], column), quantity[needed])
            self.needed[span] = np.where(needed, on, NEVER)
            supplied[column] = quantity.sum()
        return scheduled, supplied

    def _order(self, rows: Ints, lots: Ints) -> Orders:
        """The lots of each day as orders, split at max_lot, by row and due day."""
        items = self.problem.items
        column, due = np.nonzero(np.ascontiguousarray(lots.T))
        row, total = rows[column], lots.ravel()[due * len(rows) + column]
        largest = items.rules.max_lot[row]
        full = np.where((largest > 0) & (total > largest), total // np.maximum(largest, 1), 0)
        rest = total - full * largest
        counts = full + (rest > 0)
        row, due = np.repeat(row, counts), np.repeat(due, counts)
        quantity = np.repeat(largest, counts)
        last = np.cumsum(counts) - 1
        quantity[last[rest > 0]] = rest[rest > 0]
        wished = self._back(due, items.lead[row], items.working_lead[row])
        release = np.maximum(wished, 0)
        return Orders(row, due, release, release - wished, quantity)

    def _back(self, due: Ints, lead: Ints, working: Bools) -> Ints:
        """The day that lies `lead` before `due`, in working days of the plan calendar where that is asked."""
        plain = due - lead
        if self.problem.workdays is None or not working.any():
            return plain
        open_days = np.flatnonzero(self.problem.workdays) - self.problem.before
        at = np.searchsorted(open_days, due, side="right") - 1 - lead
        # Before the calendar begins every day counts.
        counted = np.where(at >= 0, open_days[np.maximum(at, 0)], open_days[0] + at if open_days.size else plain)
        return np.where(working & (lead > 0), counted, plain)

    def _explode(self, made: Orders, first_id: int) -> None:
        """Turn made orders into requirements of their components on the day of release."""
        picked = np.flatnonzero(self.problem.items.explodes[made.row])
        place_in, lines = _spread(self.line_starts, made.row[picked])
        which = picked[place_in]
        table = self.problem.lines
        day = made.release[which]
        valid = (table.since[lines] <= day) & (day <= table.until[lines])
        which, lines, day = which[valid], lines[valid], day[valid]
        component = table.component[lines]
        quantity = _required(made.quantity[which], table, lines, self.problem.items.step[component])
        some = quantity > 0
        count = int(some.sum())
        self._hand_down(
            Needs(
                component[some],
                day[some],
                quantity[some],
                np.full(count, PLANNED, dtype=np.int8),
                first_id + which[some],
                np.full(count, 5, dtype=np.int8),
            )
        )


def _required(quantity: Ints, table: Lines, lines: Ints, step: Ints) -> Ints:
    """(q x factor + addend) / divisor, rounded up to the component's unit, exactly."""
    factor, addend, divisor = table.factor[lines], table.addend[lines], table.divisor[lines] * step
    whole = -(-(quantity * factor + addend) // divisor) * step
    if len(quantity) and int(quantity.max()) * int(factor.max()) + int(addend.max()) < 2**62:
        return np.asarray(whole, dtype=np.int64)
    rough = quantity.astype(float) * factor + addend
    for at in np.flatnonzero(np.maximum(rough, rough / divisor * step) > float(LARGEST)):
        # Beyond 64 bits on the way: once more in whole numbers of any size.
        exact = -(-(int(quantity[at]) * int(factor[at]) + int(addend[at])) // int(divisor[at])) * int(step[at])
        if exact > LARGEST:
            raise TooLarge("a requirement is larger than a ledger holds")
        whole[at] = exact
    return np.asarray(whole, dtype=np.int64)


def _days(rows: Ints, gross: Ints, scheduled: Ints, lots: Ints, release: Ints, projected: Ints) -> Days:
    busy = (gross != 0) | (scheduled != 0) | (lots != 0) | (release != 0)
    column, day = np.nonzero(np.ascontiguousarray(busy.T))
    at = day * len(rows) + column
    figures = (table.ravel()[at] for table in (gross, scheduled, lots, release, projected))
    return Days(rows[column], day, *figures)


def _safety(rows: Ints, safety: Ints) -> Needs:
    """What the safety stock of each item asks for, on day 0."""
    held = np.flatnonzero(safety > 0)
    zeros = np.zeros(len(held), dtype=np.int64)
    kind, priority = np.full(len(held), SAFETY, dtype=np.int8), np.full(len(held), URGENT_LAST, dtype=np.int8)
    return Needs(rows[held], zeros, safety[held], kind, zeros, priority)


def _chunks(rows: Ints, days: int) -> Iterator[Ints]:
    size = max(1, CELLS // max(days, 1))
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def _joined(kind: type[Columns], parts: list[Columns]) -> Columns:
    """One record of columns out of many."""
    names = [column.name for column in fields(kind)]
    if not parts:
        return kind(*(no_ints() for _ in names))
    return kind(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))
