"""Closing a month of monthly average: 10 000 items and 100 000 moves, half of them issues without a price.

`python -m benchmarks.month_close`; promise of inventory.md §18: < 30 s.
"""

import time
from datetime import date

from django.utils import timezone

from apps.inventory.models import CostEntry, PeriodCost
from apps.inventory.services.closing import close
from apps.inventory.services.proof import broken_stock
from benchmarks.common import as_superuser, finish, installation, make_company, result
from benchmarks.stock_common import AFTER_MOVES, MOVE_COLUMNS, fill_groups, make_items, make_warehouses
from tenants.context import tenant_context

ITEMS, MOVES = 10_000, 100_000
FIRST = date(2026, 1, 1)

_MOVES = f"""
INSERT INTO inventory_stockmove ({MOVE_COLUMNS})
SELECT n + 1, 1, n + 1, 1, i.id, (SELECT min(id) FROM masterdata_warehouse), i.id,
       CASE WHEN n / %(items)s %% 2 = 0 THEN 7 ELSE -5 END, %(first)s::date + (n * 28 / %(moves)s)::int,
       now(), 'opening',
       CASE WHEN n / %(items)s %% 2 = 0 THEN 'given' ELSE 'issue' END,
       CASE WHEN n / %(items)s %% 2 = 0 THEN 7 + n %% 13 END
  FROM generate_series(0, %(moves)s - 1) n
  JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM masterdata_item) i ON i.place = n %% %(items)s
"""
_ENTRIES = """
INSERT INTO inventory_costentry (move_id, group_id, kind, dated_on, amount, cause_id, posted_at)
SELECT id, group_id, 'first', moved_on, given_amount, 1, now() FROM inventory_stockmove WHERE costing = 'given'
"""


def main() -> None:
    with installation() as server:
        company, owner = make_company()
        with tenant_context(company):
            make_items(ITEMS)
            make_warehouses(1)
        with as_superuser(server, company) as admin:
            fill_groups(admin, "monthly_average")
            admin.execute(_MOVES, {"items": ITEMS, "moves": MOVES, "first": FIRST})
            admin.execute(_ENTRIES)
            for statement in AFTER_MOVES:
                admin.execute(statement)
        with tenant_context(company):
            begin = time.perf_counter()
            period = close(month="2026-01", actor=owner, at=timezone.now())
            taken = time.perf_counter() - begin
            proved = broken_stock() == []
            priced, kept = CostEntry.objects.filter(kind="close").count(), PeriodCost.objects.count()
            print(f"priced: {priced} issues, kept: {kept} groups, value {period.value}; the sums hold: {proved}")
    finish([result(f"month close, {ITEMS} items, {MOVES} moves", taken, 30, "s", "promise"), proved])


if __name__ == "__main__":
    main()
