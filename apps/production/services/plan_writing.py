"""A plan into the database, with COPY, one table after the other.

Planned orders, the many rows of a plan, go from columns straight into the binary form; the rest row by row.
"""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import numpy as np
from django.db import connection

from apps.production import binary_copy
from apps.production.domain.mrp import NEVER, Plan
from apps.production.domain.quantities import Ints
from apps.production.services.plan_loading import Loaded
from apps.production.services.plan_messages import Message
from apps.production.services.plan_numbers import PLANNED_FIRST, by_number
from apps.production.services.plan_packing import Packed

BLOCK = 20_000


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
