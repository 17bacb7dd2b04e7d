"""全月一次加权平均: issues are priced when the month closes, items in the order in which one is made of another."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from graphlib import CycleError, TopologicalSorter

from apps.inventory.domain.amounts import half_up
from apps.inventory.domain.costing import (
    MONTHLY,
    RETURN,
    Group,
    Move,
    ValueChange,
    Values,
    amount_in,
    fold,
    place,
    share_of,
)
from apps.inventory.domain.errors import CycleInCosts, ValueBelowZero

Event = Move | ValueChange


def close_month(groups: dict[int, Group], events: Sequence[Event], values: Values) -> None:
    """Price the month's `events` (in order) over `groups`, each item once and after what it is made of.

    Raises CycleInCosts with the ids of the items, CostNeeded, ValueBelowZero.
    """
    by_item: dict[int, list[Event]] = defaultdict(list)
    for event in events:
        by_item[groups[event.group].item].append(event)
    monthly = {group.item for group in groups.values() if group.method == MONTHLY}
    for node in _order(_edges(groups, events, values), by_item, monthly):
        if len(node) == 1 and node[0] in monthly:
            price_month(groups[by_item[node[0]][0].group], by_item[node[0]], values)
        else:
            fold(groups, sorted((event for item in node for event in by_item[item]), key=place), values)


def _edges(groups: dict[int, Group], events: Sequence[Event], values: Values) -> dict[int, set[int]]:
    """{item: items it is made of} by the month's assemblies."""
    item_of = {event.id: groups[event.group].item for event in events if isinstance(event, Move)}
    edges: dict[int, set[int]] = defaultdict(set)
    for assembly in values.assemblies.values():
        inputs = {item_of[move] for move in assembly.inputs if move in item_of}
        for output in assembly.outputs:
            if output.move in item_of:
                edges[item_of[output.move]] |= inputs
    return edges


def _order(edges: dict[int, set[int]], items: Iterable[int], monthly: set[int]) -> list[tuple[int, ...]]:
    """Items in an order that has inputs first; a cycle without monthly average is one node, folded in time's order."""
    node_of = {item: (item,) for item in items}
    for item, inputs in edges.items():
        if item in inputs and item in monthly:
            raise CycleInCosts([item])
    while True:
        graph: dict[tuple[int, ...], set[tuple[int, ...]]] = {node_of[item]: set() for item in sorted(node_of)}
        for item, inputs in edges.items():
            graph[node_of[item]] |= {node_of[one] for one in inputs} - {node_of[item]}
        try:
            return list(TopologicalSorter(graph).static_order())
        except CycleError as error:
            cycle = sorted({item for node in error.args[1] for item in node})
        if monthly.intersection(cycle):
            raise CycleInCosts(cycle)
        for item in cycle:
            node_of[item] = tuple(cycle)


def price_month(group: Group, events: Sequence[Event], values: Values) -> None:
    """One item: `Q` and `V` = opening + priced receipts - supplier returns; then the issues in the ledger's order.

    `amount_k = r(V C_k / Q) - r(V C_{k-1} / Q)`, C_k the cumulative net issues. Leaves the state at the month's end.
    """
    issues: list[Move] = []
    returns: list[Move] = []
    ids = {event.id for event in events if isinstance(event, Move)}
    for event in events:
        if isinstance(event, ValueChange):
            group.value += event.amount
        elif _is_net_issue(event, values, ids):
            issues.append(event)
        elif event.quantity < 0:
            returns.append(event)
        else:
            amount = amount_in(group, event, values)
            values.amounts[event.id] = amount
            group.quantity += event.quantity
            group.value += amount or 0
    for move in returns:
        _return_to_supplier(group, move, values)
    if group.value < 0:
        raise ValueBelowZero(group.id)
    _price_issues(group, issues, values)


def _is_net_issue(move: Move, values: Values, this_month: set[int]) -> bool:
    """Ordinary issues, gains and customer returns without cost, and returns of what left in this very month."""
    if move.costing == RETURN:
        if move.quantity > 0:
            return move.feeder in this_month or values.known(move.feeder) is None
        return values.known(move.feeder) is None
    return move.costing in ("issue", "average")


def _return_to_supplier(group: Group, move: Move, values: Values) -> None:
    quantity = -move.quantity
    worth = min(share_of(max(values.or_guess(move.feeder), 0), move), group.value)
    if quantity == group.quantity:
        worth = group.value
    group.quantity -= quantity
    group.value -= worth
    values.amounts[move.id] = -worth


def _price_issues(group: Group, issues: Sequence[Move], values: Values) -> None:
    whole, worth = group.quantity, group.value
    gone = before = 0
    for move in issues:
        gone -= move.quantity
        upto = half_up(worth * gone, whole) if whole else 0
        values.amounts[move.id] = before - upto
        before = upto
    group.quantity = whole - gone
    group.value = worth - before
    if group.quantity == 0 and group.value:
        raise ValueBelowZero(group.id)
