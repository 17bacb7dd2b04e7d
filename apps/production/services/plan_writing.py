"""A plan into the database: rows are laid out as text and sent with COPY, tables one after the other."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

import numpy as np
from django.db import connection

from apps.production import packing
from apps.production.domain.mrp import NEVER, Plan
from apps.production.domain.pegging import Edges
from apps.production.domain.quantities import Ints, to_decimal
from apps.production.services.plan_loading import Loaded
from apps.production.services.plan_messages import PLANNED_FIRST, Message

BLOCK = 20_000


def write_plan(run_id: int, loaded: Loaded, plan: Plan, edges: Edges, messages: list[Message]) -> None:
    """Store orders, receipts, rows, pegs and messages of a run; call in the run's transaction."""
    days = _iso_days(loaded)
    _copy("production_plannedorder", _ORDER_COLUMNS, _orders(run_id, loaded, plan, days))
    _copy("production_planreceipt", _RECEIPT_COLUMNS, _receipts(run_id, loaded, plan, days))
    _copy_packed("production_planrow", _ROW_COLUMNS, _rows(run_id, loaded, plan))
    _copy_packed("production_peg", _PEG_COLUMNS, _pegs(run_id, loaded, plan, edges))
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


def _copy_packed(table: str, columns: dict[str, str], rows: Iterator[tuple[Any, ...]]) -> None:
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


def _orders(run_id: int, loaded: Loaded, plan: Plan, days: list[str]) -> Iterator[str]:
    kinds = {item: "make" if made else "buy" for item, made in loaded.makes.items()}
    items = [key[0] for key in loaded.keys]
    orders, levels = plan.orders, plan.level.tolist()
    columns = zip(
        orders.row.tolist(),
        orders.quantity.tolist(),
        orders.release.tolist(),
        orders.due.tolist(),
        orders.cut.tolist(),
        strict=True,
    )
    for at, (row, quantity, release, due, cut) in enumerate(columns, start=run_id * PLANNED_FIRST):
        item = items[row]
        yield (
            f"{at}\t{run_id}\t{item}\t{kinds[item]}\t{_text(quantity)}\t{days[release]}\t{days[due]}\t{cut}\t"
            f"{levels[row]}\tf\t\n"
        )


def _receipts(run_id: int, loaded: Loaded, plan: Plan, days: list[str]) -> Iterator[str]:
    for at, (row, needed) in enumerate(zip(loaded.receipts, plan.needed.tolist(), strict=True)):
        need_on = days[needed] if needed != NEVER else r"\N"
        yield (
            f"{run_id * PLANNED_FIRST + at}\t{run_id}\t{row.key[0]}\t{_safe(row.kind)}\t{_safe(row.number)}\t"
            f"{row.line}\t{_text(row.quantity)}\t{row.due_on.isoformat()}\t{need_on}\n"
        )


def _rows(run_id: int, loaded: Loaded, plan: Plan) -> Iterator[tuple[Any, ...]]:
    """One row an item: make-to-order rows of an item join its free one."""
    days, columns = plan.days, loaded.problem.items
    names = ("gross", "scheduled", "receipt", "release", "projected")
    packed = packing.pack(packing.DAY, day=days.day, **{name: getattr(days, name) for name in names})
    for item, rows, parts in _by_item(loaded, days.row, packed):
        row = rows[0]
        kind = "make" if loaded.makes[item] else "buy"
        level = int(plan.level[rows].max())
        figures = parts[0] if len(parts) == 1 else _summed(parts)
        on_hand, safety = int(columns.on_hand[row]), int(columns.safety[row])
        yield run_id, item, level, kind, to_decimal(on_hand), to_decimal(safety), figures.tobytes()


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
    """(item, its rows, the packed rows of each), for every item that is planned."""
    order = np.argsort(row, kind="stable")
    starts = np.searchsorted(row[order], np.arange(len(loaded.keys) + 1))
    rows_of: dict[int, list[int]] = {}
    for at, (item, _made_for) in enumerate(loaded.keys):
        rows_of.setdefault(item, []).append(at)
    for item, rows in rows_of.items():
        parts = [packed[order[starts[at] : starts[at + 1]]] for at in rows]
        if len(parts) > 1:  # an item without free figures shows those of its lines alone
            parts = [part for part in parts if len(part)] or parts[:1]
        yield item, rows, parts


def _pegs(run_id: int, loaded: Loaded, plan: Plan, edges: Edges) -> Iterator[tuple[Any, ...]]:
    first = run_id * PLANNED_FIRST
    needs = plan.needs
    kind, need_id = needs.kind[edges.need], needs.id[edges.need]
    packed = packing.pack(
        packing.EDGE,
        need_kind=kind,
        supply_kind=edges.supply_kind,
        need_day=needs.day[edges.need],
        supply_day=edges.supply_day,
        need_id=np.where(kind == packing.NEED_KINDS.index("planned"), need_id + first, need_id),
        supply_id=np.where(edges.supply_kind > 0, edges.supply + first, 0),
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
