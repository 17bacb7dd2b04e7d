"""The stock list, a page at a time, with its totals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from apps.inventory.models import Reservation
from apps.inventory.selectors.stock import Line, StockQuery, snapshot_before
from apps.inventory.selectors.stock_sql import shown_sql, summary_sql
from apps.masterdata import public as masterdata

ZERO = Decimal(0)

# Up to here a page of a past day is made item by item; behind it all items are added up in one pass.
NEAR = 1000


@dataclass(frozen=True)
class Summary:
    """How many rows the whole filter has, and their sums in stock units."""

    count: int
    quantity: Decimal
    reserved: Decimal


def summary(query: StockQuery, *, today: date) -> Summary:
    """Of the whole filter, in one pass."""
    return Summary(*_run(summary_sql(query), query, today)[0])


def rows(query: StockQuery, *, today: date, limit: int | None = None, offset: int = 0) -> list[Line]:
    """Rows by item code, warehouse, location, lot: in pages by `limit` and `offset`, all when None."""
    near = limit is not None and offset + limit <= NEAR
    sql = shown_sql(query, paged=limit is not None, by_item=near)
    found = _run(sql, query, today, limit=limit, offset=offset)
    kept = _kept_lots(found) if query.group in ("lot", "serial") and query.as_of is None else {}
    return [_line(row, kept.get((row[14], row[15]), row[12])) for row in found]


def _kept_lots(found: Sequence[Sequence[Any]]) -> dict[tuple[int, int], Decimal]:
    lots = [row[15] for row in found if row[15]]
    kept: dict[tuple[int, int], Decimal] = {}
    for one in Reservation.objects.filter(state="active", lot_id__in=lots).order_by("id"):
        key = (one.warehouse_id, int(one.lot_id or 0))
        kept[key] = kept.get(key, ZERO) + one.quantity - one.used
    return kept


def _line(row: Sequence[Any], reserved: Decimal) -> Line:
    is_serial = row[9] == "serial"
    usable = ZERO if row[6] in ("inspection", "reject") else row[13]
    return Line(
        item_id=row[0], item=row[1], name=row[2], spec=row[3], unit=row[4], warehouse=row[5], location=row[7],
        lot=row[8] if row[8] and not is_serial else "", serial=row[8] if row[8] and is_serial else "",
        expires_on=row[10], quantity=row[11], reserved=reserved, available=max(usable - reserved, ZERO),
    )  # fmt: skip


def _run(sql: str, query: StockQuery, today: date, **more: Any) -> list[Sequence[Any]]:
    period, since = snapshot_before(query.as_of) if query.as_of else (0, date.min)
    params = {
        "item": masterdata.folded(query.item), "warehouse": masterdata.folded(query.warehouse),
        "categories": sorted(masterdata.category_ids(query.category)),
        "search_like": f"%{masterdata.folded_text(query.search)}%",
        "today": today, "day": query.as_of, "period": period, "since": since, **more,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()
