"""库存金额: as of a day, as known at a moment. Every number is a sum of entries."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from typing import Any, NamedTuple

from django.db import connection

from apps.inventory.domain.amounts import fen, money, spread, units
from apps.inventory.records import ValueRow

ZERO = Decimal(0)
BEGINNING = date(1, 1, 1)

# The last snapshot that ended by the day and was known at the moment.
_SNAPSHOT = """
SELECT id, (month + interval '1 month' - interval '1 day')::date FROM inventory_period
 WHERE month + interval '1 month' - interval '1 day' <= %(day)s AND closed_at <= %(known)s
 ORDER BY month DESC LIMIT 1
"""
# Entries of a closed month never change: its snapshot holds for whoever asks after the close.
_VALUES = """
SELECT group_id, sum(value) AS value FROM (
    SELECT c.group_id, c.value FROM inventory_periodcost c WHERE c.period_id = %(period)s
    UNION ALL
    SELECT e.group_id, e.amount FROM inventory_costentry e
     WHERE e.kind <> 'late' AND e.dated_on > %(since)s AND e.dated_on <= %(day)s AND e.posted_at <= %(known)s) rows
 GROUP BY group_id
"""
_QUANTITIES = """
SELECT group_id, warehouse_id, sum(quantity) AS quantity FROM (
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
# What ever was there to share the month's cost, of the groups that wait for it.
_SHARED = """
SELECT group_id, sum(quantity) AS quantity FROM (
    SELECT m.group_id, m.quantity FROM inventory_stockmove m
     WHERE m.group_id IN (SELECT group_id FROM waiting) AND m.quantity > 0 AND m.moved_on > %(since)s
       AND m.moved_on <= %(day)s AND m.posted_at <= %(known)s AND m.costing <> 'none'
    UNION ALL
    SELECT c.group_id, c.quantity FROM inventory_periodcost c
     WHERE c.group_id IN (SELECT group_id FROM waiting) AND c.period_id = %(period)s) rows
 GROUP BY group_id
"""
# One statement, whatever lies there: pages of other modules ask for it among much else.
_PLACES = f"""
WITH priced AS ({_VALUES}), lying AS ({_QUANTITIES}), waiting AS ({_WAITING}), shared AS ({_SHARED})
SELECT group_id, g.item_id, i.code, i.source, coalesce(c.code, ''), l.warehouse_id, coalesce(w.kind, ''), l.quantity,
       coalesce(p.value, 0), g.value, waiting.group_id IS NOT NULL, coalesce(shared.quantity, 0)
  FROM priced p FULL JOIN lying l USING (group_id)
  JOIN inventory_costgroup g ON g.id = group_id
  JOIN masterdata_item i ON i.id = g.item_id
  LEFT JOIN masterdata_category c ON c.id = i.category_id
  LEFT JOIN masterdata_warehouse w ON w.id = l.warehouse_id
  LEFT JOIN waiting USING (group_id)
  LEFT JOIN shared USING (group_id)
 WHERE l.warehouse_id IS NOT NULL
 ORDER BY group_id, l.warehouse_id
"""  # noqa: S608  # literals of this file


class _Place(NamedTuple):
    """What of a group lies in one warehouse, beside what the group is worth: priced so far, and running."""

    group_id: int
    item_id: int
    item: str
    source: str
    category: str
    warehouse_id: int
    warehouse_kind: str
    quantity: Decimal
    priced: Decimal
    running: Decimal
    waiting: bool
    shared: Decimal


@dataclass(frozen=True, kw_only=True)
class Cell:
    """Quantity and value of a group in a warehouse; a company-wide group is spread over its warehouses by quantity.

    `names` holds what rows may be gathered by: item, source, category, warehouse_kind.
    """

    item_id: int
    warehouse_id: int
    quantity: Decimal
    value: Decimal
    provisional: bool
    names: dict[str, str]


def cells(*, day: date, known_at: datetime, today: date) -> list[Cell]:
    """Stock at the end of `day` as it was known at `known_at`.

    A monthly average that waits for its close is shown at the running average and marked provisional.
    """
    params: dict[str, Any] = {"day": day, "known": known_at}
    snapshot = _run(_SNAPSHOT, params) or [(0, BEGINNING)]
    params["period"], params["since"] = snapshot[0]
    places = [_Place(*row) for row in _run(_PLACES, params)]
    found: list[Cell] = []
    for _group, rows in groupby(places, key=lambda place: place.group_id):
        found += _cells(list(rows), running=day >= today)
    return found


def _cells(places: Sequence[_Place], *, running: bool) -> list[Cell]:
    parts = spread(fen(_value(places, running=running)), [max(units(place.quantity), 0) for place in places])
    return [
        Cell(
            item_id=place.item_id, warehouse_id=place.warehouse_id, quantity=place.quantity, value=money(part),
            provisional=place.waiting, names={
                "item": place.item, "source": place.source, "category": place.category,
                "warehouse_kind": place.warehouse_kind,
            },
        )
        for place, part in zip(places, parts, strict=True)
    ]  # fmt: skip


def _value(places: Sequence[_Place], *, running: bool) -> Decimal:
    """While the close is waited for: the running value; of a past month what is priced over all that came, times what
    is left, the average as far as one knows it.
    """
    one = places[0]
    if not one.waiting:
        return one.priced
    if running:
        return one.running
    left = sum((place.quantity for place in places), ZERO)
    return (one.priced * left / one.shared).quantize(Decimal("0.01"), ROUND_HALF_UP) if one.shared else ZERO


def _run(sql: str, params: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def stock_value(*, day: date, known_at: datetime, by: str, today: date) -> list[ValueRow]:
    """Value at the end of `day` by one or several of item, source, category, warehouse_kind, comma between them."""
    wanted = by.split(",")
    sums: dict[tuple[str, ...], list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    for one in cells(day=day, known_at=known_at, today=today):
        total = sums[tuple(one.names[part] for part in wanted)]
        total[0] += one.quantity
        total[1] += one.value
    return [
        ValueRow(key=",".join(key), quantity=total[0], value=total[1], parts=dict(zip(wanted, key, strict=True)))
        for key, total in sorted(sums.items())
    ]
