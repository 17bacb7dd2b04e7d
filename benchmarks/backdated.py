"""A late slip: a back-dated receipt into an item with many later moves, all deltas written in the posting.

`python -m benchmarks.backdated`; promises of inventory.md §18: 100 000 later moves < 2 s, 3 000 later moves < 150 ms.
"""

from datetime import date
from typing import Any

import psycopg

from apps.inventory.models import CostEntry
from apps.inventory.services.proof import broken_stock
from benchmarks.common import as_superuser, finish, installation, make_company, measure
from benchmarks.stock_common import (
    AFTER_MOVES,
    MOVE_COLUMNS,
    fill_groups,
    make_items,
    make_warehouses,
    put_in,
    use_method,
)
from tenants.context import tenant_context

LARGE, SMALL = 100_000, 3_000
FIRST = date(2026, 1, 10)

# A receipt of 1 at 1.00, then an issue of 1, and so on: each issue is worth 1.00 until the late slip comes.
_MOVES = f"""
INSERT INTO inventory_stockmove ({MOVE_COLUMNS})
SELECT %(from)s + n, 1, %(from)s + n, 1, %(item)s, (SELECT min(id) FROM masterdata_warehouse), %(item)s,
       CASE WHEN n %% 2 = 0 THEN 1 ELSE -1 END, '2026-01-20'::date + (n * 100 / %(moves)s)::int, now(), 'opening',
       CASE WHEN n %% 2 = 0 THEN 'given' ELSE 'issue' END, CASE WHEN n %% 2 = 0 THEN 1 END
  FROM generate_series(0, %(moves)s - 1) n
"""
_ENTRIES = """
INSERT INTO inventory_costentry (move_id, group_id, kind, dated_on, amount, cause_id, posted_at)
SELECT id, group_id, 'first', moved_on, quantity, 1, now() FROM inventory_stockmove
"""


def main() -> None:
    with installation() as server:
        company, owner = make_company()
        with tenant_context(company):
            codes = make_items(2)
            make_warehouses(1)
            use_method(codes, "moving_average", owner)
        with as_superuser(server, company) as admin:
            _fill(admin)
        with tenant_context(company):
            large, small = codes
            kept = [
                measure(
                    f"back-dated receipt before {LARGE} moves",
                    lambda: put_in(large, "1", "1234.56", on=FIRST, actor=owner), times=5, warm_up=1,
                ).kept(2000),
                measure(
                    f"back-dated receipt before {SMALL} moves",
                    lambda: put_in(small, "1", "1234.56", on=FIRST, actor=owner), times=20,
                ).kept(150),
            ]  # fmt: skip
            deltas = CostEntry.objects.filter(kind="delta").count()
            proved = broken_stock() == []
            print(f"deltas written: {deltas}; the sums hold: {proved}")
    finish([*kept, proved])


def _fill(admin: "psycopg.Connection[Any]") -> None:
    fill_groups(admin, "moving_average")
    ids = [row[0] for row in admin.execute("SELECT id FROM masterdata_item ORDER BY id").fetchall()]
    admin.execute(_MOVES, {"from": 1, "item": ids[0], "moves": LARGE})
    admin.execute(_MOVES, {"from": LARGE + 1, "item": ids[1], "moves": SMALL})
    admin.execute(_ENTRIES)
    for statement in AFTER_MOVES:
        admin.execute(statement)


if __name__ == "__main__":
    main()
