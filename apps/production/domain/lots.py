"""批量规则: how a net requirement becomes orders. Arrays over days and items; quantities in 1/10000 stock units.

`need[t, i]` is the cumulative net requirement of item i up to day t, never falling.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from fractions import Fraction
from math import isqrt
from typing import Any

import numpy as np

from apps.production.domain.quantities import Ints

L4L, FOQ, MIN_MAX, POQ, EOQ, WW = range(6)
RULES = {"l4l": L4L, "foq": FOQ, "min_max": MIN_MAX, "poq": POQ, "eoq": EOQ, "ww": WW}


@dataclass(frozen=True)
class LotRules:
    """The rule of each item; 0 = not set. `economic` is E of the eoq rule; costs are exact numbers for ww alone."""

    rule: Ints
    fixed: Ints
    min_lot: Ints
    max_lot: Ints
    multiple: Ints
    period: Ints
    economic: Ints
    order_cost: Sequence[Any]
    holding_cost: Sequence[Any]

    def of(self, rows: Ints, *, costs: bool = False) -> "LotRules":
        """The rules of those items; `costs` only where somebody asks for them, exact numbers are slow to pick."""
        columns = (getattr(self, column.name)[rows] for column in fields(self)[:7])
        picked = [[cost[at] for at in rows] if costs else () for cost in (self.order_cost, self.holding_cost)]
        return LotRules(*columns, *picked)


def economic_quantity(*, annual_demand: Fraction, order_cost: Fraction, holding_cost: Fraction, step: int) -> int:
    """E = sqrt(2 D K / h) in 1/10000, rounded up to `step`; 0 when holding costs nothing. Harris 1913."""
    if holding_cost <= 0:
        return 0
    square = 2 * annual_demand * order_cost / holding_cost * Fraction(10_000, step) ** 2
    whole = -(-square.numerator // square.denominator)
    root = isqrt(whole)
    return (root if root * root >= square else root + 1) * step


def rounded_up(quantity: Ints, rules: LotRules) -> tuple[Ints, Ints, Ints]:
    """(total, number of full max_lots, rest) of each quantity: raised to min_lot, rounded up to multiple, split."""
    total = _raised(quantity, rules)
    largest = np.where(rules.max_lot > 0, rules.max_lot, np.maximum(total, 1))
    full = np.where(total > largest, total // largest, 0)
    rest = total - full * largest
    rest = np.where((full > 0) & (rest > 0), _raised(rest, rules), rest)
    return full * largest + rest, full, rest


def _raised(quantity: Ints, rules: LotRules) -> Ints:
    raised = np.maximum(quantity, rules.min_lot)
    multiple = np.maximum(rules.multiple, 1)
    return -(-raised // multiple) * multiple


def place(need: Ints, rules: LotRules) -> Ints:
    """What is ordered for each day and item, `[day, item]`. What a lot brings above the need serves later days."""
    lots = np.zeros_like(need)
    brought = np.zeros(need.shape[1], dtype=np.int64)
    planned_ahead = rules.rule == WW
    for column in np.flatnonzero(planned_ahead):
        lots[:, column] = _ww_column(need[:, column], rules.of(np.array([column]), costs=True))
    others = np.flatnonzero(~planned_ahead)
    if not others.size:
        return lots
    mine, some = need[:, others], rules.of(others)
    brought = brought[others]
    for day in range(len(need)):
        short = mine[day] - brought
        active = np.flatnonzero(short > 0)
        if active.size:
            picked = some.of(active) if active.size < others.size else some
            wanted = _by_rule(mine, active, day, short[active], brought[active], picked)
            total = rounded_up(wanted, picked)[0]
            lots[day, others[active]] = total
            brought[active] += total
    return lots


def _by_rule(need: Ints, active: Ints, day: int, short: Ints, brought: Ints, rules: LotRules) -> Ints:
    """What the rule itself asks for on `day` of the `active` columns, before min_lot, multiple and max_lot."""
    wanted = short.copy()
    fixed = (rules.rule == FOQ) & (rules.fixed > 0)
    lot = np.maximum(rules.fixed, 1)
    wanted = np.where(fixed, -(-short // lot) * lot, wanted)
    wanted = np.where(rules.rule == EOQ, np.maximum(short, rules.economic), wanted)
    if (rules.rule == POQ).any():
        last = np.minimum(day + np.maximum(rules.period, 1) - 1, len(need) - 1)
        ahead = need[last, active] - brought
        wanted = np.where(rules.rule == POQ, ahead, wanted)
    return np.asarray(wanted, dtype=np.int64)


def _ww_column(need: Ints, rules: LotRules) -> Ints:
    """Wagner–Whitin for one item; its holding cost is for a unit and a day."""
    net = [int(x) for x in np.diff(need, prepend=np.int64(0))]
    orders = ww_orders(
        net,
        order_costs=[rules.order_cost[0]] * len(net),
        holding_cost=rules.holding_cost[0],
        adjust=lambda quantity: int(rounded_up(np.array([quantity], dtype=np.int64), rules)[0][0]),
    )
    return np.array(orders, dtype=np.int64)


def ww_orders(
    net: list[int], *, order_costs: Sequence[Any], holding_cost: Any, adjust: Callable[[int], int]
) -> list[int]:
    """Least-cost orders for net requirements a period, then fewest orders (Wagner, Whitin 1958).

    `adjust` gives the lot that is really ordered; what it brings above serves the periods after, which are then
    planned anew.
    """
    left = list(net)
    orders = [0] * len(net)
    start = 0
    while start < len(net) and any(left[start:]):
        for first, last in _ww_runs(left, order_costs, holding_cost, start):
            wanted = sum(left[first : last + 1])
            orders[first] = adjust(wanted)
            start = last + 1
            spare = orders[first] - wanted
            if spare:
                _use_up(left, start, spare)
                break
        else:
            break
    return orders


def _use_up(left: list[int], start: int, spare: int) -> None:
    for period in range(start, len(left)):
        used = min(spare, left[period])
        left[period] -= used
        spare -= used


def _ww_runs(net: list[int], order_costs: Sequence[Any], holding_cost: Any, start: int) -> list[tuple[int, int]]:
    """(period of the order, last period it serves), in order, of the best plan from `start` on."""
    best: dict[int, tuple[Any, int, int]] = {start - 1: (0, 0, start - 1)}  # period: (cost, orders, served since)
    for last in range(start, len(net)):
        best[last] = _ww_best(best, net, order_costs, holding_cost, start, last)
    runs: list[tuple[int, int]] = []
    last = len(net) - 1
    while last >= start:
        since = best[last][2]
        if since <= last:
            runs.append((since, last))
        last = min(since, last) - 1
    return runs[::-1]


def _ww_best(
    best: dict[int, tuple[Any, int, int]],
    net: list[int],
    order_costs: Sequence[Any],
    holding_cost: Any,
    start: int,
    last: int,
) -> tuple[Any, int, int]:
    if not net[last]:
        return best[last - 1][0], best[last - 1][1], last + 1  # nothing to serve: no order stands for it
    found: tuple[Any, int, int] = (None, 0, last)
    holding: Any = 0
    served = 0
    for first in range(last, start - 1, -1):
        # Holding what `last` needs since `first` costs more than an order in `last`: no earlier one can be best.
        if (last - first) * net[last] * holding_cost > order_costs[last]:
            break
        if first < last:
            served += net[first + 1]
            holding += served * holding_cost
        cost, orders = best[first - 1][0] + order_costs[first] + holding, best[first - 1][1] + 1
        if found[0] is None or (cost, orders) < (found[0], found[1]):
            found = (cost, orders, first)
    return found
