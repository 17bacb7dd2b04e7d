"""收发存, 呆滞, 到期, 周转 and 订单台账: every figure is a sum of moves, entries or open lines."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import connection
from django.db.models import Sum

from apps.inventory.domain.orders import Done, line_amount
from apps.inventory.models import Balance
from apps.inventory.selectors.orders import OPEN_STATES
from apps.inventory.services.orders.sides import PURCHASES, SALES
from apps.masterdata import public as masterdata
from apps.masterdata.public import ItemInfo

ZERO = Decimal(0)
FOUR = Decimal("0.0001")

# A transfer within the company neither comes nor goes; what is worth is counted with the move it belongs to.
_QUANTITIES = """
SELECT item_id,
       coalesce(sum(quantity) FILTER (WHERE moved_on < %(since)s), 0),
       coalesce(sum(quantity) FILTER (WHERE moved_on >= %(since)s AND quantity > 0 AND reason <> 'transfer'), 0),
       coalesce(sum(quantity) FILTER (WHERE moved_on >= %(since)s AND quantity < 0 AND reason <> 'transfer'), 0),
       coalesce(sum(quantity), 0)
  FROM inventory_stockmove WHERE moved_on <= %(until)s AND (%(item)s::bigint IS NULL OR item_id = %(item)s)
 GROUP BY item_id ORDER BY item_id
"""
_VALUES = """
SELECT g.item_id,
       coalesce(sum(e.amount) FILTER (WHERE e.dated_on < %(since)s), 0),
       coalesce(sum(e.amount) FILTER (WHERE e.dated_on >= %(since)s AND coalesce(m.reason, '') <> 'transfer'
                                        AND coalesce(m.quantity, e.amount) > 0), 0),
       coalesce(sum(e.amount) FILTER (WHERE e.dated_on >= %(since)s AND coalesce(m.reason, '') <> 'transfer'
                                        AND coalesce(m.quantity, e.amount) <= 0), 0),
       coalesce(sum(e.amount), 0)
  FROM inventory_costentry e JOIN inventory_costgroup g ON g.id = e.group_id
  LEFT JOIN inventory_stockmove m ON m.id = e.move_id
 WHERE e.kind <> 'late' AND e.dated_on <= %(until)s AND (%(item)s::bigint IS NULL OR g.item_id = %(item)s)
 GROUP BY g.item_id ORDER BY g.item_id
"""
_LAST_OUT = """
SELECT item_id, max(moved_on) FROM inventory_stockmove
 WHERE quantity < 0 AND reason <> 'transfer' AND reverses_id IS NULL AND item_id = ANY(%(items)s) GROUP BY item_id
"""


@dataclass(frozen=True)
class Four:
    """Opening, in, out (negative) and closing; opening + came + went = closing."""

    opening: Decimal = ZERO
    came: Decimal = ZERO
    went: Decimal = ZERO
    closing: Decimal = ZERO


@dataclass(frozen=True, kw_only=True)
class Movement:
    """One item of 收发存: quantities in stock units, values in CNY."""

    item: ItemInfo
    quantity: Four
    value: Four


def movements(*, since: date, until: date, item_id: int | None = None) -> list[Movement]:
    """Opening, in, out and closing of every item that moved or lay there, by code."""
    params = {"since": since, "until": until, "item": item_id}
    quantities = {row[0]: Four(*row[1:]) for row in _run(_QUANTITIES, params)}
    values = {row[0]: Four(*row[1:]) for row in _run(_VALUES, params)}
    items = masterdata.get_items(quantities)
    found = [
        Movement(item=items[key], quantity=four, value=values.get(key, Four()))
        for key, four in quantities.items()
        if any((four.opening, four.came, four.went, four.closing))
    ]
    return sorted(found, key=lambda row: (row.item.code, row.item.id))


def sums(rows: Iterable[Movement]) -> Four:
    """The values of all rows."""
    listed = list(rows)
    parts = ("opening", "came", "went", "closing")
    return Four(*(sum((getattr(row.value, part) for row in listed), ZERO) for part in parts))


@dataclass(frozen=True, kw_only=True)
class Slow:
    """Stock that nobody has taken for long; `last_on` None = it never left."""

    item: ItemInfo
    quantity: Decimal
    last_on: date | None
    days: int | None


def slow(*, since: date, today: date) -> list[Slow]:
    """Items on hand of which nothing left on or after `since`, the longest first."""
    lying = dict(
        Balance.objects.filter(quantity__gt=0)
        .values_list("item_id")
        .annotate(total=Sum("quantity"))
        .order_by("item_id")
    )
    last = dict(_run(_LAST_OUT, {"items": list(lying)}))
    items = masterdata.get_items(lying)
    rows = [
        Slow(item=items[key], quantity=quantity, last_on=last.get(key),
             days=(today - last[key]).days if last.get(key) else None)
        for key, quantity in lying.items()
        if last.get(key) is None or last[key] < since
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (row.last_on or date.min, row.item.code))


def expiry(*, since: date | None, until: date) -> list[Balance]:
    """Balances of lots that expire between `since` and `until`, the first ones first."""
    rows = Balance.objects.filter(quantity__gt=0, lot__expires_on__lte=until).select_related("item", "warehouse", "lot")
    if since is not None:
        rows = rows.filter(lot__expires_on__gte=since)
    return list(rows.order_by("lot__expires_on", "lot__code", "id"))


@dataclass(frozen=True, kw_only=True)
class Turnover:
    """How often stock turned over: what left over the mean of opening and closing; None without stock."""

    item: ItemInfo
    went: Decimal
    average: Decimal
    turns: Decimal | None
    days: Decimal | None


def turnover(*, since: date, until: date, item_id: int | None = None) -> list[Turnover]:
    """周转 of every item by quantity, by code."""
    span = Decimal((until - since).days + 1)
    rows = []
    for row in movements(since=since, until=until, item_id=item_id):
        went, average = -row.quantity.went, (row.quantity.opening + row.quantity.closing) / 2
        turns = (went / average).quantize(FOUR, ROUND_HALF_UP) if average else None
        days = (span / turns).quantize(Decimal("0.1"), ROUND_HALF_UP) if turns else None
        rows.append(Turnover(item=row.item, went=went, average=average, turns=turns, days=days))
    return rows


@dataclass(frozen=True, kw_only=True)
class BookLine:
    """An open line of a sales or purchase order; quantities in its unit, `amount` of what is open in CNY."""

    kind: str
    row: Any
    open: Decimal
    amount: Decimal


def order_book(*, since: date | None, until: date | None) -> list[BookLine]:
    """Open order lines by due day, sales before purchases on one day."""
    found = []
    for side in (SALES, PURCHASES):
        rows = side.line.objects.filter(order__state__in=OPEN_STATES, closed=False)
        rows = rows.filter(due_on__gte=since) if since else rows
        rows = rows.filter(due_on__lte=until) if until else rows
        for row in rows.select_related("order__partner", "item", "warehouse").order_by("due_on", "id"):
            rest = Done(row.quantity, row.done, row.closed).open
            if rest > 0:
                found.append(BookLine(kind=side.kind, row=row, open=rest, amount=line_amount(rest, row.unit_price)))
    return sorted(found, key=lambda one: (one.row.due_on, one.kind != SALES.kind, one.row.pk))


def _run(sql: str, params: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()
