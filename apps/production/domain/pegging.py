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

    Sums: per requirement its quantity; per supply at most its quantity, the rest is excess. Edges: by level, row.
    """
    needs = plan.needs  # in that order already, level by level
    rank = np.empty(len(problem.items), dtype=np.int64)
    rank[np.argsort(plan.level, kind="stable")] = np.arange(len(rank))
    supplies = _supplies(problem, plan, rank)
    need, supply, quantity = _overlaps(
        rank[needs.row], needs.quantity, rank[supplies.row], supplies.quantity, len(problem.items)
    )
    return Edges(needs.row[need], need, supplies.kind[supply], supplies.id[supply], supplies.day[supply], quantity)


def _supplies(problem: Problem, plan: Plan, rank: Ints) -> _Supplies:
    """All supplies by level and row: stock, receipts in their own order, planned orders by due day."""
    stocked = np.flatnonzero(problem.items.on_hand > 0)
    came = np.flatnonzero(plan.needed > NEVER)
    orders = plan.orders
    zeros = np.zeros(len(stocked), dtype=np.int64)
    row = np.concatenate([stocked, problem.receipts.row[came], orders.row])
    counts = (len(stocked), len(came), len(orders.row))
    kind = np.repeat(np.array([STOCK, RECEIPT, PLANNED_SUPPLY], dtype=np.int8), counts)
    order = np.argsort(rank[row] * 4 + kind, kind="stable")
    return _Supplies(
        row[order],
        kind[order],
        np.concatenate([zeros, came, np.arange(len(orders.row))])[order],
        np.concatenate([zeros, plan.needed[came], orders.due])[order],
        np.concatenate([problem.items.on_hand[stocked], problem.receipts.quantity[came], orders.quantity])[order],
    )


def _overlaps(need_row: Ints, asked: Ints, supply_row: Ints, given: Ints, rows: int) -> tuple[Ints, Ints, Ints]:
    """(requirement, supply, quantity) where the running sums of both overlap, row by row, all rows at once.

    Each row is given a span of its own on one long line, as wide as the larger of its two sums.
    """
    totals = np.zeros((2, rows), dtype=np.int64)
    np.add.at(totals[0], need_row, asked)
    np.add.at(totals[1], supply_row, given)
    begin = np.concatenate([[0], np.cumsum(totals.max(axis=0))])[:-1]
    need_end = _ends(need_row, asked, begin, totals[0])
    supply_end = _ends(supply_row, given, begin, totals[1])
    ends = np.concatenate([need_end, supply_end])
    order = np.argsort(ends, kind="stable")  # two sorted runs: merged, not sorted
    ends = ends[order]
    passed = np.cumsum(order < len(asked))  # requirements that end here or before
    last = np.flatnonzero(np.append(ends[1:] != ends[:-1], True)) if len(ends) else order
    end, needs_done = ends[last], passed[last]
    start = np.concatenate([[0], end])[:-1]
    need = np.concatenate([[0], needs_done])[:-1]
    supply = np.concatenate([[0], last + 1 - needs_done])[:-1]
    inside = (need < len(asked)) & (supply < len(given))
    need, supply, start, end = need[inside], supply[inside], start[inside], end[inside]
    both = (need_end[need] - asked[need] <= start) & (supply_end[supply] - given[supply] <= start)
    return need[both], supply[both], (end - start)[both]


def _ends(row: Ints, quantity: Ints, begin: Ints, total: Ints) -> Ints:
    """Where each quantity ends on the long line."""
    before = np.concatenate([[0], np.cumsum(total)])[:-1]
    return np.cumsum(quantity) + (begin - before)[row]


def lateness(plan: Plan, edges: Edges) -> tuple[Ints, Ints]:
    """(days each planned order is late, days each requirement is): its own cut and the latest of its components.

    An order whose components come L days late is released L days late: the cuts along the worst chain add up.
    """
    needs, orders = plan.needs, plan.orders
    late_order = orders.cut.copy()
    late_need = np.zeros(len(needs.row), dtype=np.int64)
    if not orders.cut.any():
        return late_order, late_need
    waits = np.zeros(len(orders.row), dtype=np.int64)  # days an order waits for its latest component
    edge_depth, order_depth = plan.level[edges.row], plan.level[orders.row]  # both fall into runs, tops first
    for depth in range(int(plan.level.max(initial=0)), -1, -1):
        own = slice(*np.searchsorted(order_depth, [depth, depth + 1]))
        late_order[own] += waits[own]
        here = slice(*np.searchsorted(edge_depth, [depth, depth + 1]))
        planned = np.flatnonzero(edges.supply_kind[here] == PLANNED_SUPPLY)
        days = late_order[edges.supply[here][planned]]
        planned, days = planned[days > 0], days[days > 0]
        need = edges.need[here][planned]
        np.maximum.at(late_need, need, days)
        upward = needs.kind[need] == PLANNED
        np.maximum.at(waits, needs.id[need[upward]], days[upward])
    return late_order, late_need
