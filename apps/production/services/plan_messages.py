"""Messages of a run: which orders to move or drop, what comes too late, what nobody can make or buy."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from apps.production.domain.explosion import DatedBill
from apps.production.domain.mrp import DEMAND, NEVER, Plan
from apps.production.domain.quantities import Ints
from apps.production.services.plan_loading import FREE, Loaded


@dataclass(frozen=True)
class Message:
    """One message; `order_kind` and `order_number` name the order or demand it speaks of."""

    code: str
    item_id: int
    order_kind: str = ""
    order_number: str = ""
    from_on: date | None = None
    to_on: date | None = None
    days: int = 0


def messages(loaded: Loaded, plan: Plan, late_need: Ints, numbers: Ints) -> list[Message]:
    """All messages of a plan, receipts first, then orders, items and demands. `numbers`: ids of the planned orders."""
    return [
        *_of_receipts(loaded, plan),
        *_of_orders(loaded, plan, numbers),
        *_of_items(loaded, plan),
        *_of_demands(loaded, plan, late_need),
    ]


def _of_receipts(loaded: Loaded, plan: Plan) -> Iterator[Message]:
    """An overdue receipt counts as due on the first day; shifts within the item's tolerance are silent."""
    for receipt, needed in zip(loaded.receipts, plan.needed.tolist(), strict=True):
        row: dict[str, Any] = {"item_id": receipt.key[0], "order_kind": receipt.kind, "order_number": receipt.number}
        due = max((receipt.due_on - loaded.start_on).days, 0)
        if needed == NEVER:
            if due < loaded.problem.days:  # what comes after the plan ends may be needed after it
                yield Message("cancel", **row, from_on=receipt.due_on)
            continue
        data = loaded.data.get(receipt.key[0])
        if abs(needed - due) > (data.tolerance_days if data else 0):
            code = "reschedule_in" if needed < due else "reschedule_out"
            to_on = loaded.start_on + timedelta(days=needed)
            yield Message(code, **row, from_on=receipt.due_on, to_on=to_on, days=needed - due)


def _of_orders(loaded: Loaded, plan: Plan, numbers: Ints) -> Iterator[Message]:
    orders = plan.orders
    for at in np.flatnonzero(orders.cut).tolist():
        wished = loaded.start_on - timedelta(days=int(orders.cut[at]))
        yield Message(
            "past_due",
            loaded.keys[int(orders.row[at])][0],
            "planned",
            str(numbers[at]),
            wished,
            loaded.start_on,
            int(orders.cut[at]),
        )


def _of_items(loaded: Loaded, plan: Plan) -> Iterator[Message]:
    """Once an item: made without a bill in force, bought without a supplier, below its safety stock now."""
    seen: set[int] = set()
    lacking = _without_bill(loaded, plan)
    for row in np.unique(plan.orders.row).tolist():
        item = loaded.keys[row][0]
        if item in seen:
            continue
        seen.add(item)
        data = loaded.data.get(item)
        if loaded.makes[item]:
            if item in lacking:
                yield Message("no_bom", item)
        elif data is None or data.supplier_id is None:
            yield Message("no_supplier", item)
    columns = loaded.problem.items
    for row in np.flatnonzero(columns.on_hand < columns.safety).tolist():
        if loaded.keys[row][1] == FREE:
            yield Message("below_safety", loaded.keys[row][0], to_on=loaded.start_on)


def _without_bill(loaded: Loaded, plan: Plan) -> set[int]:
    """Made items of which an order is released on a day that no version of a bill counts on."""
    last = loaded.start_on + timedelta(days=loaded.problem.days)
    always = {item for item, found in loaded.bills.items() if _in_force(found, loaded.start_on, last)}
    found: set[int] = set()
    for row in np.unique(plan.orders.row).tolist():
        item = loaded.keys[row][0]
        if not loaded.makes[item] or item in always:
            continue
        days = np.unique(plan.orders.release[plan.orders.row == row]).tolist()
        on = [loaded.start_on + timedelta(days=day) for day in days]
        if not all(_in_force(loaded.bills.get(item, ()), day, day) for day in on):
            found.add(item)
    return found


def _in_force(bills: Sequence[DatedBill[int]], first: date, last: date) -> bool:
    """Does one version count from the first to the last day?"""
    return any(
        (bill.valid_from is None or bill.valid_from <= first) and (bill.valid_to is None or bill.valid_to >= last)
        for bill in bills
    )


def _of_demands(loaded: Loaded, plan: Plan, late_need: Ints) -> Iterator[Message]:
    due = {row.id: row.due_on for row in loaded.demands}
    needs = plan.needs
    for at in np.flatnonzero((needs.kind == DEMAND) & (late_need > 0)).tolist():
        demand, days = int(needs.id[at]), int(late_need[at])
        on = max(due[demand], loaded.start_on)
        item = loaded.keys[int(needs.row[at])][0]
        yield Message("late_demand", item, "demand", str(demand), due[demand], on + timedelta(days=days), days)
