"""A plan into the database, with COPY, one table after the other.

Planned orders, the many rows of a plan, go from columns straight into the binary form; the rest row by row.
"""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
from django.db import connection

from apps.production import binary_copy, packing
from apps.production.domain.mrp import NEVER, PLANNED, Plan
from apps.production.domain.pegging import PLANNED_SUPPLY, RECEIPT, Edges
from apps.production.domain.quantities import Ints, to_decimal
from apps.production.services.plan_loading import Loaded
from apps.production.services.plan_messages import Message
from apps.production.services.plan_numbers import PLANNED_FIRST, by_number

BLOCK = 20_000


@dataclass(frozen=True)
class Packed:
    """Rows and pegs of a plan, one row an item, ready to be sent."""

    rows: list[tuple[Any, ...]]
    pegs: list[tuple[Any, ...]]


def pack_plan(run_id: int, loaded: Loaded, plan: Plan, edges: Edges, numbers: Ints) -> Packed:
    """`numbers`: the ids of the planned orders, in the order of `plan.orders`."""
    rows = list(_rows(run_id, loaded, plan, numbers))
    return Packed(rows, list(_pegs(run_id, loaded, plan, edges, numbers)))


@contextmanager
def sending_orders(run_id: int, loaded: Loaded, plan: Plan, numbers: Ints) -> Iterator[None]:
    """Store the planned orders beside what the caller computes meanwhile; call in the run's transaction.

    The server takes in orders on one core while the other pegs. The connection is busy until the block ends, so the
    block asks the database nothing; the thread that sends touches this one COPY and nothing of the company.
    """
    statement = f"COPY production_plannedorder ({', '.join(_ORDER_COLUMNS)}) FROM STDIN (FORMAT BINARY)"
    with connection.cursor() as cursor, cursor.copy(statement) as copy, ThreadPoolExecutor(max_workers=1) as beside:
        sent = beside.submit(_send, copy, _order_blocks(run_id, loaded, plan, numbers))
        yield
        sent.result()


def _send(copy: Any, blocks: Iterable[bytes]) -> None:
    for block in blocks:
        copy.write(block)


def write_plan(run_id: int, loaded: Loaded, plan: Plan, packed: Packed, messages: list[Message]) -> None:
    """Store all of a run but its orders: receipts, rows, pegs and messages; call in the run's transaction."""
    _copy("production_planreceipt", _RECEIPT_COLUMNS, _receipts(run_id, loaded, plan))
    _copy_packed("production_planrow", _ROW_COLUMNS, packed.rows)
    _copy_packed("production_peg", _PEG_COLUMNS, packed.pegs)
    _copy("production_planmessage", _MESSAGE_COLUMNS, _messages(run_id, messages))


_ORDER_COLUMNS = (
    "id", "run_id", "item_id", "kind", "quantity", "release_on", "due_on", "past_due_days", "level", "firm",
    "released_as",
)  # fmt: skip
_RECEIPT_COLUMNS = ("id", "run_id", "item_id", "kind", "number", "line", "quantity", "due_on", "need_on")
_ROW_COLUMNS = {
    "run_id": "int8",
    "item_id": "int8",
    "level": "int2",
    "kind": "varchar",
    "on_hand": "numeric",
    "safety_stock": "numeric",
    "days": "bytea",
    "orders": "bytea",
}
_PEG_COLUMNS = {"run_id": "int8", "item_id": "int8", "edges": "bytea"}
_MESSAGE_COLUMNS = ("run_id", "code", "item_id", "order_kind", "order_number", "from_on", "to_on", "days")


def _copy(table: str, columns: tuple[str, ...], lines: Iterator[str]) -> None:
    """Send tab-separated lines; the table name is ours, never a caller's."""
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        block: list[str] = []
        for line in lines:
            block.append(line)
            if len(block) >= BLOCK:
                copy.write("".join(block))
                block.clear()
        copy.write("".join(block))


def _copy_packed(table: str, columns: dict[str, str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Send few rows that are heavy: bytes as they are."""
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT BINARY)"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.set_types(list(columns.values()))
        for row in rows:
            copy.write_row(row)


def _iso_days(loaded: Loaded) -> list[str]:
    return [(loaded.start_on + timedelta(days=day)).isoformat() for day in range(loaded.problem.days)]


def _text(quantity: int) -> str:
    """1/10000 units as NUMERIC."""
    whole, part = divmod(abs(quantity), 10_000)
    return f"{'-' if quantity < 0 else ''}{whole}.{part:04d}"


def _order_blocks(run_id: int, loaded: Loaded, plan: Plan, numbers: Ints) -> Iterator[bytes]:
    """Planned orders as binary COPY, in the order of their ids."""
    items = np.array([item for item, _made_for in loaded.keys], dtype=np.int64)
    kinds = np.array([b"make" if loaded.makes[item] else b"buy" for item, _made_for in loaded.keys], dtype="S4")
    orders, places = plan.orders, by_number(numbers, run_id)
    yield binary_copy.HEAD
    for start in range(0, len(places), BLOCK):
        at = places[start : start + BLOCK]
        row, none = orders.row[at], np.zeros(len(at), dtype=np.int8)
        columns = [
            ("int8", numbers[at]),
            ("int8", none + np.int64(run_id)),
            ("int8", items[row]),
            ("text", kinds[row]),
            ("numeric", orders.quantity[at]),
            ("date", binary_copy.days_of(loaded.start_on, orders.release[at])),
            ("date", binary_copy.days_of(loaded.start_on, orders.due[at])),
            ("int4", orders.cut[at]),
            ("int2", plan.level[row]),
            ("bool", none),
            ("text", np.zeros(len(at), dtype="S1")),
        ]
        yield binary_copy.rows(columns)
    yield binary_copy.TAIL


def _receipts(run_id: int, loaded: Loaded, plan: Plan) -> Iterator[str]:
    days = _iso_days(loaded)
    for at, (row, needed) in enumerate(zip(loaded.receipts, plan.needed.tolist(), strict=True)):
        need_on = days[needed] if needed != NEVER else r"\N"
        yield (
            f"{run_id * PLANNED_FIRST + at}\t{run_id}\t{row.key[0]}\t{_safe(row.kind)}\t{_safe(row.number)}\t"
            f"{row.line}\t{_text(row.quantity)}\t{row.due_on.isoformat()}\t{need_on}\n"
        )


def _rows(run_id: int, loaded: Loaded, plan: Plan, numbers: Ints) -> Iterator[tuple[Any, ...]]:
    """One row an item: make-to-order rows of an item join its free one."""
    ids = dict(_orders_by_item(loaded, plan, numbers))
    days, columns = plan.days, loaded.problem.items
    names = ("gross", "scheduled", "receipt", "release", "projected")
    packed = packing.pack(packing.DAY, day=days.day, **{name: getattr(days, name) for name in names})
    for item, rows, parts in _by_item(loaded, days.row, packed):
        row = rows[0]
        kind = "make" if loaded.makes[item] else "buy"
        level = int(plan.level[rows].max())
        figures = parts[0] if len(parts) == 1 else _summed(parts)
        on_hand, safety = int(columns.on_hand[row]), int(columns.safety[row])
        yield run_id, item, level, kind, to_decimal(on_hand), to_decimal(safety), figures.tobytes(), ids.get(item, b"")


def _orders_by_item(loaded: Loaded, plan: Plan, numbers: Ints) -> Iterator[tuple[int, bytes]]:
    """(item, ids of its planned orders packed), for every item that is ordered."""
    for item, _rows_of_item, parts in _by_item(loaded, plan.orders.row, numbers.astype(packing.ORDER)):
        yield item, b"".join(part.tobytes() for part in parts)


def _summed(parts: list[np.ndarray]) -> np.ndarray:
    """Figures of several rows of one item as one: projected stock of each carries on to the days of the others."""
    days = np.unique(np.concatenate([part["day"] for part in parts]))
    summed = np.zeros(len(days), dtype=packing.DAY)
    summed["day"] = days
    for part in parts:
        at = np.searchsorted(days, part["day"])
        for name in ("gross", "scheduled", "receipt", "release"):
            summed[name][at] += part[name]
        last = np.searchsorted(part["day"], days, side="right") - 1
        begin = part["projected"][0] - part["scheduled"][0] - part["receipt"][0] + part["gross"][0] if len(part) else 0
        summed["projected"] += np.where(last >= 0, part["projected"][np.maximum(last, 0)], begin) if len(part) else 0
    return summed


def _by_item(
    loaded: Loaded,
    row: Ints,
    packed: np.ndarray,
) -> Iterator[tuple[int, list[int], list[np.ndarray]]]:
    """(item, its rows, the packed rows of each), for every item that is planned.

    `row` falls into one run for each row, as everything of a plan does.
    """
    begins = np.flatnonzero(np.diff(row, prepend=np.int64(-1)))
    starts, ends = np.zeros((2, len(loaded.keys)), dtype=np.int64)
    starts[row[begins]], ends[row[begins]] = begins, np.append(begins[1:], len(row))[: len(begins)]
    rows_of: dict[int, list[int]] = {}
    for at, (item, _made_for) in enumerate(loaded.keys):
        rows_of.setdefault(item, []).append(at)
    for item, rows in rows_of.items():
        parts = [packed[starts[at] : ends[at]] for at in rows]
        if len(parts) > 1:  # an item without free figures shows those of its lines alone
            parts = [part for part in parts if len(part)] or parts[:1]
        yield item, rows, parts


def _pegs(run_id: int, loaded: Loaded, plan: Plan, edges: Edges, numbers: Ints) -> Iterator[tuple[Any, ...]]:
    needs = plan.needs
    kind, need_id = needs.kind[edges.need], needs.id[edges.need]
    need_id[kind == PLANNED] = numbers[need_id[kind == PLANNED]]
    supply_id = np.where(edges.supply_kind == RECEIPT, edges.supply + run_id * PLANNED_FIRST, 0)
    planned = edges.supply_kind == PLANNED_SUPPLY
    supply_id[planned] = numbers[edges.supply[planned]]
    packed = packing.pack(
        packing.EDGE,
        need_kind=kind,
        supply_kind=edges.supply_kind,
        need_day=needs.day[edges.need],
        supply_day=edges.supply_day,
        need_id=need_id,
        supply_id=supply_id,
        quantity=edges.quantity,
    )
    for item, _rows_of_item, parts in _by_item(loaded, edges.row, packed):
        data = b"".join(part.tobytes() for part in parts)
        if data:
            yield run_id, item, data


def _messages(run_id: int, messages: Iterable[Message]) -> Iterator[str]:
    for row in messages:
        begin = row.from_on.isoformat() if row.from_on else r"\N"
        end = row.to_on.isoformat() if row.to_on else r"\N"
        yield (
            f"{run_id}\t{row.code}\t{row.item_id}\t{_safe(row.order_kind)}\t{_safe(row.order_number)}\t{begin}\t{end}\t"
            f"{row.days}\n"
        )


def _safe(text: str) -> str:
    """Text in COPY: its own marks are written as such."""
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
