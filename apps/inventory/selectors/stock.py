"""现存量: what lies where, now and on a past day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from apps.inventory.records import StockRow

ZERO = Decimal(0)
GROUPS = ("warehouse", "lot", "location", "serial")

# A lot counts while it is free and not expired; inspection and reject stock is there but not for use.
_NOW = """
SELECT l.item_id, l.warehouse_id, w.code, w.kind, l.quantity, l.reserved,
       l.quantity - coalesce((
           SELECT sum(b.quantity) FROM inventory_balance b JOIN inventory_lot t ON t.id = b.lot_id
            WHERE b.item_id = l.item_id AND b.warehouse_id = l.warehouse_id AND b.quantity > 0
              AND (t.state <> 'free' OR t.expires_on < %(today)s)), 0) AS usable
  FROM inventory_level l JOIN masterdata_warehouse w ON w.id = l.warehouse_id
 WHERE (l.quantity <> 0 OR l.reserved <> 0) AND (%(all)s OR l.item_id = ANY(%(items)s))
 ORDER BY l.item_id, w.code_key, l.warehouse_id
"""
_THEN = """
SELECT item_id, warehouse_id, w.code, w.kind, sum(quantity) FROM (
    SELECT p.item_id, p.warehouse_id, p.quantity FROM inventory_periodbalance p
     WHERE p.period_id = %(period)s AND (%(all)s OR p.item_id = ANY(%(items)s))
    UNION ALL
    SELECT m.item_id, m.warehouse_id, m.quantity FROM inventory_stockmove m
     WHERE m.moved_on > %(since)s AND m.moved_on <= %(day)s AND (%(all)s OR m.item_id = ANY(%(items)s))) rows
  JOIN masterdata_warehouse w ON w.id = warehouse_id
 GROUP BY item_id, warehouse_id, w.code, w.kind, w.code_key HAVING sum(quantity) <> 0
 ORDER BY item_id, w.code_key, warehouse_id
"""
_SNAPSHOT = """
SELECT id, (month + interval '1 month' - interval '1 day')::date FROM inventory_period
 WHERE month + interval '1 month' - interval '1 day' <= %s ORDER BY month DESC LIMIT 1
"""


def on_hand(items: Iterable[int] | None, *, today: date) -> list[StockRow]:
    """Rows with stock or reservations, per item and warehouse, by item and warehouse code."""
    params: dict[str, Any] = {"all": items is None, "items": list(items or ()), "today": today}
    with connection.cursor() as cursor:
        cursor.execute(_NOW, params)
        return [_row(row) for row in cursor.fetchall()]


def on_hand_as_of(items: Iterable[int] | None, *, day: date) -> list[StockRow]:
    """What lay there at the end of `day`; nothing is reserved in the past, all counts as usable but by kind."""
    period, since = snapshot_before(day)
    params: dict[str, Any] = {"all": items is None, "items": list(items or ()), "day": day}
    params |= {"since": since, "period": period}
    with connection.cursor() as cursor:
        cursor.execute(_THEN, params)
        return [_row((*row, ZERO, row[4])) for row in cursor.fetchall()]


def snapshot_before(day: date) -> tuple[int, date]:
    """(id of the last closed month that ended by `day`, its last day); (0, the beginning) without one."""
    with connection.cursor() as cursor:
        cursor.execute(_SNAPSHOT, [day])
        row = cursor.fetchone()
    return (row[0], row[1]) if row else (0, date(1, 1, 1))


def _row(row: Sequence[Any]) -> StockRow:
    item, warehouse, code, kind, quantity, reserved, usable = row
    return StockRow(
        item_id=item, warehouse_id=warehouse, warehouse=code, warehouse_kind=kind, quantity=quantity,
        usable=ZERO if kind in ("inspection", "reject") else usable, reserved=reserved,
    )  # fmt: skip


# -- The list of stock -------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class StockQuery:
    """What the stock list shows. `group`: warehouse, lot, location, serial; empty texts do not filter."""

    group: str = "warehouse"
    item: str = ""
    warehouse: str = ""
    category: str = ""
    search: str = ""
    as_of: date | None = None


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row of the stock list; codes are empty where the grouping does not part by them."""

    item_id: int
    item: str
    name: str
    spec: str
    unit: str
    warehouse: str
    location: str
    lot: str
    serial: str
    expires_on: date | None
    quantity: Decimal
    reserved: Decimal
    available: Decimal
