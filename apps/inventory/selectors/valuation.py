"""库存金额: as of a day, as known at a moment. Every number is a sum of entries."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import connection

from apps.inventory.domain.amounts import fen, money, spread, units
from apps.inventory.models import CostGroup
from apps.inventory.records import ValueRow
from apps.inventory.selectors.stock import snapshot_before

ZERO = Decimal(0)

# Entries of a closed month never change: its snapshot holds for whoever asks after the close.
_VALUES = """
SELECT group_id, sum(value) FROM (
    SELECT c.group_id, c.value FROM inventory_periodcost c WHERE c.period_id = %(period)s
    UNION ALL
    SELECT e.group_id, e.amount FROM inventory_costentry e
     WHERE e.kind <> 'late' AND e.dated_on > %(since)s AND e.dated_on <= %(day)s AND e.posted_at <= %(known)s) rows
 GROUP BY group_id
"""
_QUANTITIES = """
SELECT group_id, warehouse_id, sum(quantity) FROM (
    SELECT g.id AS group_id, p.warehouse_id, p.quantity
      FROM inventory_periodbalance p
      JOIN inventory_costgroup g ON g.item_id = p.item_id
       AND (g.warehouse_id IS NULL OR g.warehouse_id = p.warehouse_id)
       AND (g.lot_id IS NULL OR g.lot_id = p.lot_id)
      JOIN inventory_periodcost k ON k.group_id = g.id AND k.period_id = p.period_id
     WHERE p.period_id = %(period)s
    UNION ALL
    SELECT m.group_id, m.warehouse_id, m.quantity FROM inventory_stockmove m
     WHERE m.moved_on > %(since)s AND m.moved_on <= %(day)s AND m.posted_at <= %(known)s) rows
 GROUP BY group_id, warehouse_id HAVING sum(quantity) <> 0
"""
_WAITING = """
SELECT DISTINCT m.group_id FROM inventory_stockmove m
  JOIN inventory_costgroup g ON g.id = m.group_id AND g.method = 'monthly_average'
 WHERE m.moved_on > %(since)s AND m.moved_on <= %(day)s AND m.costing NOT IN ('none', 'mirror', 'given')
   AND NOT EXISTS (SELECT 1 FROM inventory_costentry e WHERE e.move_id = m.id AND e.posted_at <= %(known)s)
   AND NOT EXISTS (SELECT 1 FROM inventory_stockmove r WHERE r.reverses_id = m.id AND r.costing = 'mirror')
"""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """Quantity and value of a group in a warehouse; a company-wide group is spread over its warehouses by quantity."""

    item_id: int
    warehouse_id: int
    quantity: Decimal
    value: Decimal
    provisional: bool


def cells(*, day: date, known_at: datetime, today: date) -> list[Cell]:
    """Stock at the end of `day` as it was known at `known_at`.

    A monthly average that waits for its close is shown at the running average and marked provisional.
    """
    period, since = _snapshot(day, known_at)
    params = {"period": period, "since": since, "day": day, "known": known_at}
    values: dict[int, Decimal] = dict(_run(_VALUES, params))
    quantities: dict[int, list[tuple[int, Decimal]]] = defaultdict(list)
    for group, warehouse, quantity in _run(_QUANTITIES, params):
        quantities[group].append((warehouse, quantity))
    waiting = {row[0] for row in _run(_WAITING, params)}
    groups = {row.pk: row for row in CostGroup.objects.filter(pk__in=set(values) | set(quantities)).order_by("id")}
    running = day >= today
    found: list[Cell] = []
    for pk, group in sorted(groups.items()):
        provisional = pk in waiting
        value = values.get(pk, ZERO)
        if provisional:
            value = group.value if running else _guess(value, quantities[pk], params, pk)
        found += _cells(group, quantities[pk], value, provisional)
    return found


_RUNNING = """
SELECT coalesce(sum(quantity) FILTER (WHERE quantity > 0), 0) FROM inventory_stockmove
 WHERE group_id = %(group)s AND moved_on > %(since)s AND moved_on <= %(day)s AND posted_at <= %(known)s
   AND costing <> 'none'
"""


def _guess(priced: Decimal, places: Sequence[tuple[int, Decimal]], params: dict[str, Any], group: int) -> Decimal:
    """What is priced over all that came, times what is left: the month's average as far as one knows it."""
    came = _run(_RUNNING, {**params, "group": group})[0][0]
    before = _run("SELECT coalesce(sum(quantity), 0) FROM inventory_periodcost WHERE period_id = %(period)s"
                  " AND group_id = %(group)s", {**params, "group": group})[0][0]  # fmt: skip
    whole, left = came + before, sum((quantity for _place, quantity in places), ZERO)
    return (priced * left / whole).quantize(Decimal("0.01"), ROUND_HALF_UP) if whole else ZERO


def _snapshot(day: date, known_at: datetime) -> tuple[int, date]:
    """The last snapshot that ended by `day` and was known at `known_at`."""
    period, since = snapshot_before(day)
    while period:
        closed_at, month = _run("SELECT closed_at, month FROM inventory_period WHERE id = %(id)s", {"id": period})[0]
        if closed_at <= known_at:
            return period, since
        period, since = snapshot_before(month - timedelta(days=1))
    return 0, date(1, 1, 1)


def _cells(group: CostGroup, places: Sequence[tuple[int, Decimal]], value: Decimal, provisional: bool) -> list[Cell]:
    ordered = sorted(places)
    parts = spread(fen(value), [max(units(quantity), 0) for _warehouse, quantity in ordered])
    return [
        Cell(
            item_id=group.item_id, warehouse_id=warehouse, quantity=quantity, value=money(part),
            provisional=provisional,
        )
        for (warehouse, quantity), part in zip(ordered, parts, strict=True)
    ]  # fmt: skip


def _run(sql: str, params: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


_NAMES = """
SELECT i.id, i.code, coalesce(c.code, ''), w.id, w.kind FROM masterdata_item i
  LEFT JOIN masterdata_category c ON c.id = i.category_id CROSS JOIN masterdata_warehouse w
 WHERE i.id = ANY(%(items)s) AND w.id = ANY(%(places)s)
"""


def stock_value(*, day: date, known_at: datetime, by: str, today: date) -> list[ValueRow]:
    """Value at the end of `day` by "category", "item", "warehouse_kind" or both ("category,warehouse_kind")."""
    found = cells(day=day, known_at=known_at, today=today)
    wanted = by.split(",")
    params = {"items": sorted({one.item_id for one in found}), "places": sorted({one.warehouse_id for one in found})}
    names = {
        (item, place): {"item": code, "category": category, "warehouse_kind": kind}
        for item, code, category, place, kind in _run(_NAMES, params)
    }
    sums: dict[tuple[str, ...], list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    for one in found:
        name = names[(one.item_id, one.warehouse_id)]
        total = sums[tuple(name[part] for part in wanted)]
        total[0] += one.quantity
        total[1] += one.value
    return [
        ValueRow(key=",".join(key), quantity=total[0], value=total[1], parts=dict(zip(wanted, key, strict=True)))
        for key, total in sorted(sums.items())
    ]
