"""What of a plan is read item by item, as one row an item: its days, the ids of its orders, its pegs."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from apps.production import packing
from apps.production.domain.mrp import PLANNED, Plan
from apps.production.domain.pegging import PLANNED_SUPPLY, STOCK, Edges
from apps.production.domain.quantities import Ints, to_decimal
from apps.production.services.plan_loading import Loaded
from apps.production.services.plan_numbers import PLANNED_FIRST

FIGURES = ("gross", "scheduled", "receipt", "release", "projected")
Columns = dict[str, Ints]


@dataclass(frozen=True)
class Packed:
    """Rows and pegs of a plan, one row an item, ready to be sent."""

    rows: list[tuple[Any, ...]]
    pegs: list[tuple[Any, ...]]


def pack_plan(run_id: int, loaded: Loaded, plan: Plan, edges: Edges, numbers: Ints) -> Packed:
    """`numbers`: the ids of the planned orders, in the order of `plan.orders`."""
    first_row = _first_rows(loaded)
    rows = list(_rows(run_id, loaded, plan, numbers, first_row))
    return Packed(rows, list(_pegs(run_id, loaded, plan, edges, numbers, first_row)))


def _first_rows(loaded: Loaded) -> Ints:
    """The first row of the item of each row: make-to-order rows of an item join its free one."""
    first: dict[int, int] = {}
    for at, (item, _made_for) in enumerate(loaded.keys):
        first.setdefault(item, at)
    return np.array([first[item] for item, _made_for in loaded.keys], dtype=np.int64)


def _rows(run_id: int, loaded: Loaded, plan: Plan, numbers: Ints, first_row: Ints) -> Iterator[tuple[Any, ...]]:
    ids = _orders_by_item(plan, numbers, first_row)
    days = _days_by_item(loaded, plan, first_row)
    columns = loaded.problem.items
    level = plan.level.copy()
    np.maximum.at(level, first_row, plan.level)
    for row in np.unique(first_row).tolist():
        item = loaded.keys[row][0]
        kind = "make" if loaded.makes[item] else "buy"
        on_hand, safety = to_decimal(int(columns.on_hand[row])), to_decimal(int(columns.safety[row]))
        yield run_id, item, int(level[row]), kind, on_hand, safety, days.get(row, b""), ids.get(row, b"")


def _orders_by_item(plan: Plan, numbers: Ints, first_row: Ints) -> dict[int, bytes]:
    """{row: ids of the planned orders of its item}, for every item that is ordered."""
    row, columns = _together(plan.orders.row, {"id": numbers}, first_row)
    begins, ids = _begins(row), columns["id"].astype(packing.ORDER)
    ends = np.append(begins, len(ids))[1:]
    spans = zip(row[begins].tolist(), begins.tolist(), ends.tolist(), strict=True)
    return {at: ids[begin:end].tobytes() for at, begin, end in spans}


def _days_by_item(loaded: Loaded, plan: Plan, first_row: Ints) -> dict[int, bytes]:
    """{row: what happens to its item, day by day}."""
    columns = {name: getattr(plan.days, name) for name in ("day", *FIGURES)}
    return _packed(packing.DAY, loaded, *_summed(plan.days.row, columns, first_row))


def _summed(row: Ints, columns: Columns, first_row: Ints) -> tuple[Ints, Columns]:
    """Figures of several rows of one item as those of its first row."""
    joined = np.flatnonzero(np.bincount(first_row, minlength=len(first_row)) > 1)
    if not joined.size:
        return row, columns
    alone = ~np.isin(first_row[row], joined)
    rows, tables = [row[alone]], [{name: column[alone] for name, column in columns.items()}]
    for first in joined.tolist():
        own = [np.flatnonzero(row == at) for at in np.flatnonzero(first_row == first).tolist()]
        table = _sum([{name: column[at] for name, column in columns.items()} for at in own if len(at)])
        rows.append(np.full(len(table["day"]), first, dtype=np.int64))
        tables.append(table)
    return np.concatenate(rows), {name: np.concatenate([table[name] for table in tables]) for name in columns}


def _sum(parts: list[Columns]) -> Columns:
    """Several tables as one: projected stock of each carries on to the days of the others."""
    days = np.unique(np.concatenate([np.empty(0, dtype=np.int64), *(part["day"] for part in parts)]))
    summed = {"day": days} | {name: np.zeros(len(days), dtype=np.int64) for name in FIGURES}
    for part in parts:
        at = np.searchsorted(days, part["day"])
        for name in FIGURES[:-1]:
            summed[name][at] += part[name]
        last = np.searchsorted(part["day"], days, side="right") - 1
        begin = part["projected"][0] - part["scheduled"][0] - part["receipt"][0] + part["gross"][0]
        summed["projected"] += np.where(last >= 0, part["projected"][np.maximum(last, 0)], begin)
    return summed


def _pegs(
    run_id: int, loaded: Loaded, plan: Plan, edges: Edges, numbers: Ints, first_row: Ints
) -> Iterator[tuple[Any, ...]]:
    """Planned orders and receipts stand in the edges as places in the run, which are half as wide as their ids."""
    needs, places = plan.needs, numbers - run_id * PLANNED_FIRST
    kind, need_id = needs.kind[edges.need], needs.id[edges.need]
    ordered = kind == PLANNED
    need_id[ordered] = places[need_id[ordered]]
    supply_id = np.where(edges.supply_kind == STOCK, 0, edges.supply)
    planned = edges.supply_kind == PLANNED_SUPPLY
    supply_id[planned] = places[edges.supply[planned]]
    columns = {
        "need_kind": kind,
        "supply_kind": edges.supply_kind,
        "need_day": needs.day[edges.need],
        "supply_day": edges.supply_day,
        "need_id": need_id,
        "supply_id": supply_id,
        "quantity": edges.quantity,
    }
    for row, stored in _packed(packing.EDGE, loaded, *_together(edges.row, columns, first_row)).items():
        yield run_id, loaded.keys[row][0], stored


def _together(row: Ints, columns: Columns, first_row: Ints) -> tuple[Ints, Columns]:
    """Rows of one item behind each other, as those of its first row."""
    first = first_row[row]
    if (first == row).all():
        return row, columns
    order = np.lexsort((row, first))
    return first[order], {name: column[order] for name, column in columns.items()}


def _packed(kind: np.dtype[Any], loaded: Loaded, row: Ints, columns: Columns) -> dict[int, bytes]:
    """{row: its lines packed}. `row` falls into one run for each row, as everything of a plan does."""
    begins = _begins(row)
    rows = row[begins]
    found = packing.pack(kind, columns, begins, loaded.problem.items.step[rows])
    return dict(zip(rows.tolist(), found, strict=True))


def _begins(row: Ints) -> Ints:
    return np.flatnonzero(np.diff(row, prepend=np.int64(-1)))
