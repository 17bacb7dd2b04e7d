"""The stock list, a page at a time, with its totals."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from apps.inventory.models import Reservation
from apps.inventory.selectors.stock import Line, StockQuery, snapshot_before, stock_sql
from apps.masterdata import public as masterdata

ZERO = Decimal(0)

_SHOWN = """
SELECT r.item_id, i.code, i.name, i.spec, u.code, w.code, w.kind, coalesce(p.code, ''), t.code, t.kind, t.expires_on,
       r.quantity, r.reserved, r.usable, r.warehouse_id, r.lot_id
  FROM ({rows}) r
  JOIN masterdata_item i ON i.id = r.item_id
  JOIN masterdata_unit u ON u.id = i.stock_unit_id
  JOIN masterdata_warehouse w ON w.id = r.warehouse_id
  LEFT JOIN masterdata_location p ON p.id = r.location_id
  LEFT JOIN inventory_lot t ON t.id = r.lot_id
 ORDER BY i.code_key, i.id, w.code_key, w.id, p.code_key, p.id, t.code, t.id
"""


def count(query: StockQuery, *, today: date) -> int:
    return int(_run(f"SELECT count(*) FROM ({stock_sql(query)}) r", query, today)[0][0])  # noqa: S608  # our own text


def totals(query: StockQuery, *, today: date) -> dict[str, Decimal]:
    """{"quantity", "reserved"} of the whole filter."""
    sql = f"SELECT coalesce(sum(quantity), 0), coalesce(sum(reserved), 0) FROM ({stock_sql(query)}) r"  # noqa: S608
    quantity, reserved = _run(sql, query, today)[0]
    return {"quantity": quantity, "reserved": reserved}


def rows(query: StockQuery, *, today: date, limit: int | None = None, offset: int = 0) -> list[Line]:
    """Rows by item code, warehouse, location, lot: in pages by `limit` and `offset`, all when None."""
    inner = stock_sql(query)
    if limit is not None:
        # The page is cut before its names are looked up.
        inner = f"SELECT * FROM ({inner}) q ORDER BY code_key, item_id, place, warehouse_id, location_id, lot_id"  # noqa: S608
        inner += " LIMIT %(limit)s OFFSET %(offset)s"
    found = _run(_SHOWN.format(rows=inner), query, today, limit=limit, offset=offset)
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
        "category": query.category, "categories": sorted(masterdata.category_ids(query.category)),
        "search": masterdata.folded_text(query.search), "search_like": f"%{masterdata.folded_text(query.search)}%",
        "today": today, "day": query.as_of, "period": period, "since": since, **more,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()
