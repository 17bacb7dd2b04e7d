"""齐套检查: which orders have all their material, alone or one after the other. Whole numbers of 1/10000 units."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from apps.production.domain.quantities import SCALE


@dataclass(frozen=True)
class KitLine:
    """What an order still needs of an item."""

    item: str
    required: int


@dataclass(frozen=True)
class KitOrder:
    """An open order; `quantity` is what it makes, in 1/10000."""

    number: str
    priority: int
    start: date
    quantity: int
    lines: tuple[KitLine, ...]


@dataclass(frozen=True)
class Reserved:
    """`quantity` of an item is held for the order `holder`, or for somebody else."""

    item: str
    quantity: int
    holder: str


@dataclass(frozen=True)
class Expected:
    """`quantity` of an item comes on a day."""

    item: str
    on: date
    quantity: int


@dataclass(frozen=True)
class LineResult:
    item: str
    required: int
    available: int

    @property
    def short(self) -> int:
        return max(0, self.required - self.available)


@dataclass(frozen=True)
class OrderResult:
    """`max_kits`: whole pieces of the order that the material there is good for. `last_item`: what comes last."""

    number: str
    lines: tuple[LineResult, ...]
    max_kits: int
    complete_at: date | None = None
    last_item: str = ""

    @property
    def complete(self) -> bool:
        return all(not line.short for line in self.lines)


@dataclass
class KitAnswer:
    """`order_rate` = complete orders / orders, `line_rate` = lines without shortage / lines; None without data."""

    orders: list[OrderResult] = field(default_factory=list)
    shortages: dict[str, int] = field(default_factory=dict)
    waiting: dict[str, list[str]] = field(default_factory=dict)

    @property
    def order_rate(self) -> Fraction | None:
        return Fraction(sum(order.complete for order in self.orders), len(self.orders)) if self.orders else None

    @property
    def line_rate(self) -> Fraction | None:
        lines = [line for order in self.orders for line in order.lines]
        return Fraction(sum(not line.short for line in lines), len(lines)) if lines else None


@dataclass(frozen=True)
class Supply:
    """What there is: usable stock, reservations on it, and what is expected when."""

    stock: Mapping[str, int]
    reserved: Sequence[Reserved] = ()
    expected: Sequence[Expected] = ()


class _Pool:
    """What is left for each order: stock less the reservations of others less what earlier orders took."""

    def __init__(self, supply: Supply, *, with_expected: bool) -> None:
        self.supply = supply
        self.taken: dict[str, int] = {}
        self.held: dict[str, int] = {}
        self.own: dict[tuple[str, str], int] = {}
        for row in supply.reserved:
            self.held[row.item] = self.held.get(row.item, 0) + row.quantity
            self.own[row.item, row.holder] = self.own.get((row.item, row.holder), 0) + row.quantity
        self.coming: dict[str, list[Expected]] = {}
        for receipt in sorted(supply.expected, key=lambda row: row.on) if with_expected else ():
            self.coming.setdefault(receipt.item, []).append(receipt)

    def available(self, item: str, order: KitOrder, by: date) -> int:
        on_hand = self.supply.stock.get(item, 0) - self._others(item, order.number)
        due = sum(row.quantity for row in self.coming.get(item, ()) if row.on <= by)
        return max(0, on_hand + due - self.taken.get(item, 0))

    def _others(self, item: str, number: str) -> int:
        return self.held.get(item, 0) - self.own.get((item, number), 0)

    def take(self, item: str, order: KitOrder, quantity: int) -> None:
        """What its own reservation covers is out of the others' reach already."""
        mine = self.own.get((item, order.number), 0)
        from_own = min(mine, quantity)
        self.own[item, order.number] = mine - from_own
        self.held[item] = self.held.get(item, 0) - from_own
        self.taken[item] = self.taken.get(item, 0) + quantity

    def days(self, item: str) -> list[date]:
        return [row.on for row in self.coming.get(item, ())]


def check(
    orders: Sequence[KitOrder],
    supply: Supply,
    *,
    in_sequence: bool,
    hold_partial: bool = False,
    with_expected: bool = False,
) -> KitAnswer:
    """Each order in (priority, start, number) order: against the whole, or against what earlier ones left.

    An incomplete order takes nothing unless `hold_partial`. With `with_expected` receipts due by its start count.
    """
    pool = _Pool(supply, with_expected=with_expected)
    later = _Pool(supply, with_expected=True)
    answer = KitAnswer()
    for order in sorted(orders, key=lambda row: (row.priority, row.start, row.number)):
        result = _of_order(order, pool, later)
        answer.orders.append(result)
        for line in result.lines:
            if line.short:
                answer.shortages[line.item] = answer.shortages.get(line.item, 0) + line.short
                waiting = answer.waiting.setdefault(line.item, [])
                if order.number not in waiting:
                    waiting.append(order.number)
        if in_sequence and (result.complete or hold_partial):
            for line in result.lines:
                pool.take(line.item, order, min(line.required, line.available))
                later.take(line.item, order, min(line.required, line.available))
    return answer


def _of_order(order: KitOrder, pool: _Pool, later: _Pool) -> OrderResult:
    used: dict[str, int] = {}
    lines = []
    for line in order.lines:
        # Two lines of one item share what there is of it.
        there = max(0, pool.available(line.item, order, order.start) - used.get(line.item, 0))
        used[line.item] = used.get(line.item, 0) + min(there, line.required)
        lines.append(LineResult(line.item, line.required, there))
    return OrderResult(order.number, tuple(lines), _max_kits(order, lines), *_complete_at(order, later))


def _max_kits(order: KitOrder, lines: Sequence[LineResult]) -> int:
    """min over lines of floor(available x order quantity / required), at most the order quantity; whole pieces."""
    kits = [order.quantity // SCALE]
    kits += [line.available * order.quantity // (line.required * SCALE) for line in lines if line.required > 0]
    return min(kits)


def _complete_at(order: KitOrder, pool: _Pool) -> tuple[date | None, str]:
    """The first day on which all lines are there or expected, and the item that comes last.

    No day when it is not known; the first item without a day then.
    """
    wanted: dict[str, int] = {}
    for line in order.lines:
        wanted[line.item] = wanted.get(line.item, 0) + line.required
    latest, last_item = date.min, ""
    for item, required in wanted.items():
        days = [date.min, *pool.days(item)]
        found = next((day for day in days if pool.available(item, order, day) >= required), None)
        if found is None:
            return None, item
        if found > latest:
            latest, last_item = found, item
    return latest, last_item
