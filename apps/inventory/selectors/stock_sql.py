"""The statements of the stock list: what lies there now, what lay there on a day, a page of it."""

from apps.inventory.selectors.stock import StockQuery

_COLUMNS = {
    "warehouse": ("NULL::bigint", "NULL::bigint"),
    "lot": ("NULL::bigint", "b.lot_id"),
    "serial": ("NULL::bigint", "b.lot_id"),
    "location": ("b.location_id", "NULL::bigint"),
}
_LEVELS = """
SELECT b.item_id, b.warehouse_id, NULL::bigint AS location_id, NULL::bigint AS lot_id, b.quantity, b.reserved
  FROM inventory_level b WHERE b.quantity <> 0{filters}
"""
_BALANCES = """
SELECT b.item_id, b.warehouse_id, {location} AS location_id, {lot} AS lot_id, sum(b.quantity) AS quantity,
       0::numeric AS reserved,
       coalesce(sum(b.quantity) FILTER (WHERE t.id IS NULL OR (t.state = 'free'
           AND (t.expires_on IS NULL OR t.expires_on >= %(today)s))), 0) AS usable
  FROM inventory_balance b LEFT JOIN inventory_lot t ON t.id = b.lot_id
 WHERE b.quantity <> 0{filters}
 GROUP BY b.item_id, b.warehouse_id, 3, 4
"""
# The last closed month's end and what moved since: all of it in one pass, or of one item `i` after the other.
_SINCE_SNAPSHOT = """
SELECT b.item_id, b.warehouse_id, b.location_id, b.lot_id, b.quantity FROM inventory_periodbalance b
 WHERE b.period_id = %(period)s{filters}
UNION ALL
SELECT b.item_id, b.warehouse_id, b.location_id, b.lot_id, b.quantity FROM inventory_stockmove b
 WHERE b.moved_on > %(since)s AND b.moved_on <= %(day)s{filters}
"""
_PAST = """
SELECT b.item_id, b.warehouse_id, {location} AS location_id, {lot} AS lot_id, sum(b.quantity) AS quantity,
       0::numeric AS reserved
  FROM ({rows}) b GROUP BY b.item_id, b.warehouse_id, 3, 4 HAVING sum(b.quantity) <> 0
"""
_OF_ITEMS = "b.item_id IN (SELECT i.id FROM masterdata_item i WHERE {conditions})"
_OF_WAREHOUSE = "b.warehouse_id IN (SELECT w.id FROM masterdata_warehouse w WHERE w.code_key = %(warehouse)s)"

# Lots that are held or have run out are on hand, but not for use.
_USABLE_OF_LEVEL = """
       r.quantity - CASE WHEN i.tracking = 'none' THEN 0 ELSE coalesce((
           SELECT sum(x.quantity) FROM inventory_balance x JOIN inventory_lot y ON y.id = x.lot_id
            WHERE x.item_id = r.item_id AND x.warehouse_id = r.warehouse_id AND x.quantity > 0
              AND (y.state <> 'free' OR y.expires_on < %(today)s)), 0) END"""
_ORDER = "i.code_key, i.id, w.code_key, w.id"
_PAGE = f"""
SELECT r.* FROM ({{rows}}) r
  JOIN masterdata_item i ON i.id = r.item_id
  JOIN masterdata_warehouse w ON w.id = r.warehouse_id
 ORDER BY {_ORDER}, r.location_id, r.lot_id LIMIT %(limit)s OFFSET %(offset)s
"""  # noqa: S608  # literals of this file
_PAGE_BY_ITEM = f"""
SELECT r.* FROM masterdata_item i CROSS JOIN LATERAL ({{rows}}) r
  JOIN masterdata_warehouse w ON w.id = r.warehouse_id
 WHERE EXISTS (SELECT 1 FROM inventory_level l WHERE l.item_id = i.id)
 ORDER BY {_ORDER}, r.location_id, r.lot_id LIMIT %(limit)s OFFSET %(offset)s
"""  # noqa: S608  # literals of this file
_SHOWN = f"""
SELECT r.item_id, i.code, i.name, i.spec, u.code, w.code, w.kind, coalesce(p.code, ''), t.code, t.kind, t.expires_on,
       r.quantity, r.reserved, {{usable}}, r.warehouse_id, r.lot_id
  FROM ({{rows}}) r
  JOIN masterdata_item i ON i.id = r.item_id
  JOIN masterdata_unit u ON u.id = i.stock_unit_id
  JOIN masterdata_warehouse w ON w.id = r.warehouse_id
  LEFT JOIN masterdata_location p ON p.id = r.location_id
  LEFT JOIN inventory_lot t ON t.id = r.lot_id
 ORDER BY {_ORDER}, p.code_key, p.id, t.code, t.id
"""  # noqa: S608  # literals of this file


def summary_sql(query: StockQuery) -> str:
    """One row: how many rows, sum of quantity, sum of reserved."""
    rows = _rows(query)
    return f"SELECT count(*), coalesce(sum(quantity), 0), coalesce(sum(reserved), 0) FROM ({rows}) r"  # noqa: S608  # ours


def shown_sql(query: StockQuery, *, paged: bool, by_item: bool) -> str:
    """The rows with their names, in order. `paged`: cut before names are looked up; `by_item`: a page near the start
    of a past day is added up item by item, so that what comes after it is not looked at. A filter is quicker in one
    pass, as it may keep few items of many.
    """
    rows = _rows(query)
    if paged and by_item and query.as_of is not None and not _filters(query):
        rows = _PAGE_BY_ITEM.format(rows=_rows(query, " AND b.item_id = i.id"))
    elif paged:
        rows = _PAGE.format(rows=rows)
    return _SHOWN.format(rows=rows, usable=_usable(query))


def _usable(query: StockQuery) -> str:
    if query.as_of is not None:
        return "r.quantity"
    return _USABLE_OF_LEVEL if query.group == "warehouse" else "r.usable"


def _rows(query: StockQuery, more: str = "") -> str:
    """Unordered and unlimited: item, warehouse, location, lot, quantity, reserved (and usable, by lot or location)."""
    location, lot = _COLUMNS[query.group]
    filters = _filters(query) + more
    if query.as_of is not None:
        return _PAST.format(location=location, lot=lot, rows=_SINCE_SNAPSHOT.format(filters=filters))
    if query.group == "warehouse":
        return _LEVELS.format(filters=filters)
    return _BALANCES.format(location=location, lot=lot, filters=filters)


def _filters(query: StockQuery) -> str:
    """Only what is asked for: without a filter neither items nor warehouses are looked at."""
    asked = {
        "i.code_key = %(item)s": query.item.strip(),
        "i.category_id = ANY(%(categories)s)": query.category,
        "i.search_text LIKE %(search_like)s": query.search.strip(),
    }
    conditions = " AND ".join(condition for condition, text in asked.items() if text)
    parts = [_OF_ITEMS.format(conditions=conditions)] if conditions else []
    parts += [_OF_WAREHOUSE] if query.warehouse.strip() else []
    return "".join(f" AND {part}" for part in parts)
