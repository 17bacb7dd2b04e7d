"""Pegging: which supply serves which requirement. Both in order, first to first, so nothing is left unexplained."""

from dataclasses import dataclass

import numpy as np

from apps.production.domain.mrp import NEVER, PLANNED, Plan, Problem
from apps.production.domain.quantities import Ints

STOCK, RECEIPT, PLANNED_SUPPLY = range(3)  # kinds of supply


@dataclass(frozen=True)
class Edges:
    """`quantity` of a supply serves a requirement, both of item `row`. `need`: place in `Plan.needs`."""

    row: Ints
    need: Ints
    supply_kind: Ints
    supply: Ints  # place among receipts or planned orders; 0 for stock
    supply_day: Ints
    quantity: Ints


@dataclass(frozen=True)
class _Supplies:
    row: Ints
    kind: Ints
    id: Ints
    day: Ints
    quantity: Ints


def peg(problem: Problem, plan: Plan) -> Edges:
    """Requirements by (day, priority, kind, id) take stock, then receipts in order, then planned orders by (due, id).

    Sums: per requirement its quantity; per supply at most its quantity, the rest is excess.
    """
    needs = plan.needs
    order = np.lexsort((needs.id, needs.kind, needs.priority, needs.day, needs.row))
    supplies = _supplies(problem, plan)
    asked, given = needs.quantity[order], supplies.quantity
    row, need, supply, quantity = _overlaps(needs.row[order], asked, supplies.row, given, len(problem.items))
    return Edges(row, order[need], supplies.kind[supply], supplies.id[supply], supplies.day[supply], quantity)


def _supplies(problem: Problem, plan: Plan) -> _Supplies:
    stocked = np.flatnonzero(problem.items.on_hand > 0)
    came = np.flatnonzero(plan.needed > NEVER)
    orders = plan.orders
    zeros = np.zeros(len(stocked), dtype=np.int64)
    joined = _Supplies(
        np.concatenate([stocked, problem.receipts.row[came], orders.row]),
        np.concatenate([zeros + STOCK, came * 0 + RECEIPT, orders.row * 0 + PLANNED_SUPPLY]),
        np.concatenate([zeros, came, np.arange(len(orders.row))]),
        np.concatenate([zeros, plan.needed[came], orders.due]),
        np.concatenate([problem.items.on_hand[stocked], problem.receipts.quantity[came], orders.quantity]),
    )
    # Receipts keep their own order, planned orders are by due day already: kind and place say it all.
    order = np.lexsort((joined.id, joined.kind, joined.row))
    return _Supplies(*(getattr(joined, name)[order] for name in ("row", "kind", "id", "day", "quantity")))


def _overlaps(need_row: Ints, asked: Ints, supply_row: Ints, given: Ints, rows: int) -> tuple[Ints, Ints, Ints, Ints]:
    """(row, requirement, supply, quantity) where the running sums of both overlap, row by row, all rows at once.

    Each row is given a span of its own on one long line, as wide as the larger of its two sums.
    """
    totals = np.zeros((2, rows), dtype=np.int64)
    np.add.at(totals[0], need_row, asked)
    np.add.at(totals[1], supply_row, given)
    begin = np.concatenate([[0], np.cumsum(totals.max(axis=0))])[:-1]
    need_end = _ends(need_row, asked, begin, totals[0])
    supply_end = _ends(supply_row, given, begin, totals[1])
    edges = np.unique(np.concatenate([need_end, supply_end, begin]))
    start, length = edges[:-1], np.diff(edges)
    need = np.searchsorted(need_end, start, side="right")
    supply = np.searchsorted(supply_end, start, side="right")
    inside = (need < len(asked)) & (supply < len(given))
    need, supply, start, length = need[inside], supply[inside], start[inside], length[inside]
    both = (need_end[need] - asked[need] <= start) & (supply_end[supply] - given[supply] <= start)
    need, supply, length = need[both], supply[both], length[both]
    return need_row[need], need, supply, length


def _ends(row: Ints, quantity: Ints, begin: Ints, total: Ints) -> Ints:
    """Where each quantity ends on the long line."""
    before = np.concatenate([[0], np.cumsum(total)])[:-1]
    return np.cumsum(quantity) - before[row] + begin[row]


def lateness(plan: Plan, edges: Edges) -> tuple[Ints, Ints]:
    """(days each planned order is late, days each requirement is): its own cut and the latest of its components.

    An order whose components come L days late is released L days late: the cuts along the worst chain add up.
    """
    needs, orders = plan.needs, plan.orders
    late_order = orders.cut.copy()
    late_need = np.zeros(len(needs.row), dtype=np.int64)
    waits = np.zeros(len(orders.row), dtype=np.int64)  # days an order waits for its latest component
    planned = edges.supply_kind == PLANNED_SUPPLY
    need, supply = edges.need[planned], edges.supply[planned]
    depth, order_depth = plan.level[edges.row[planned]], plan.level[orders.row]
    for found in np.unique(depth)[::-1]:
        own = order_depth == found
        late_order[own] += waits[own]
        here = depth == found
        np.maximum.at(late_need, need[here], late_order[supply[here]])
        upward = np.unique(need[here & (needs.kind[need] == PLANNED)])
        np.maximum.at(waits, needs.id[upward], late_need[upward])
    return late_order, late_need
