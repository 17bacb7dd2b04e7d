"""The stock list over 20 000 items x 10 warehouses with 5 million moves: now, and as of a past day.

`python -m benchmarks.on_hand [moves]`; promises of inventory.md §18: page p95 < 100 ms, as of a past day < 1 s.
"""

import sys
from datetime import date, timedelta

from apps.inventory.selectors import stock_list
from apps.inventory.selectors.stock import StockQuery
from benchmarks.common import as_superuser, finish, installation, make_company, measure
from benchmarks.stock_common import AFTER_MOVES, MOVE_COLUMNS, fill_groups, make_items, make_warehouses
from tenants.context import Company, tenant_context
from tenants.embedded.postgres import EmbeddedPostgres

MOVES, ITEMS, PLACES = 5_000_000, 20_000, 10
FIRST, DAYS = date(2025, 1, 1), 500
TODAY = FIRST + timedelta(days=DAYS)
CLOSED, PAST = date(2026, 3, 31), date(2026, 4, 20)

# Receipts and issues in turn, never below zero; the closed months' end is kept as a snapshot.
_MOVES = f"""
INSERT INTO inventory_stockmove ({MOVE_COLUMNS})
SELECT n, 1, n, 1, i.id, w.id, i.id, CASE WHEN n / %(pairs)s %% 2 = 0 THEN 2 ELSE -1 END,
       %(first)s::date + (n * %(days)s::bigint / %(moves)s)::int, now(), 'opening',
       CASE WHEN n / %(pairs)s %% 2 = 0 THEN 'given' ELSE 'issue' END,
       CASE WHEN n / %(pairs)s %% 2 = 0 THEN 2 END
  FROM generate_series(0, %(moves)s - 1) n
  JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM masterdata_item) i ON i.place = n %% %(items)s
  JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM masterdata_warehouse) w
    ON w.place = n / %(items)s %% %(places)s
"""
_SNAPSHOT = (
    "INSERT INTO inventory_period (id, month, value, quantity_rows, entries, closed_by_name, closed_at)"
    " VALUES (1, %(month)s, 0, 0, 0, '', now())",
    "INSERT INTO inventory_periodbalance (period_id, item_id, warehouse_id, quantity)"
    " SELECT 1, item_id, warehouse_id, sum(quantity) FROM inventory_stockmove WHERE moved_on <= %(closed)s"
    " GROUP BY 2, 3 HAVING sum(quantity) > 0",
    "UPDATE inventory_stocksettings SET closed_through = %(closed)s",
)


def main(moves: int) -> None:
    with installation() as server:
        company, _owner = make_company()
        fill(server, company, moves=moves, items=ITEMS, places=PLACES)
        with tenant_context(company):
            kept = _measure()
    finish(kept)


def fill(server: EmbeddedPostgres, company: Company, *, moves: int, items: int, places: int) -> None:
    """Items, warehouses, moves with what posting them would have left, and the months up to CLOSED closed."""
    with tenant_context(company):
        make_items(items)
        make_warehouses(places)
    counts = {"moves": moves, "items": items, "places": places, "pairs": items * places}
    with as_superuser(server, company) as admin:
        fill_groups(admin, "moving_average")
        admin.execute(_MOVES, {**counts, "first": FIRST, "days": DAYS})
        for statement in _SNAPSHOT:
            admin.execute(statement, {"month": CLOSED.replace(day=1), "closed": CLOSED})
        for statement in AFTER_MOVES:
            admin.execute(statement)


def _measure() -> list[bool]:
    return [
        measure("stock list, a page with its count and totals", lambda: page(StockQuery(), 4000)).kept(100),
        measure("stock list, one item's rows", lambda: page(StockQuery(item="I000777"), 0)).kept(100),
        measure("stock list, a search", lambda: page(StockQuery(search="i0007"), 50)).kept(100),
        measure("stock list as of a past day, all of it", lambda: page(StockQuery(as_of=PAST), 0), times=10).kept(1000),
    ]


def page(query: StockQuery, offset: int) -> None:
    """What the page asks for: how many rows, their totals, fifty of them."""
    stock_list.summary(query, today=TODAY)
    stock_list.rows(query, today=TODAY, limit=50, offset=offset)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else MOVES)
