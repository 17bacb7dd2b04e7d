"""Material planning from database to database: 10 000 items on 8 levels, 50 000 bill lines, 20 000 demands, 52 weeks.

`python -m benchmarks.mrp [items]`; promises of production.md §19: 10 s, 2 GB, twice the work in 2.2 x the time, a plant
of 300 items in 1 s, explosion of 1 700 lines in 300 ms, the page of an item's plan in 200 ms.

Made plants: each item takes 5.7 components, most of them one level below; two thirds of the items gather a week in one
order, the others order lot for lot, in fixed lots or with a minimum; every order on every level is stored and pegged.

The tables are filled by bulk inserts, not by the services that a clerk's click goes through (those take minutes for
10 000 items): the rows are the same, and only planning them is measured.
"""

import random
import resource
import sys
import time
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection
from django.utils import timezone

from apps.masterdata import public as masterdata
from apps.masterdata.models import Item
from apps.production.models import Bom, BomLine, Demand, PlanningData, PlanRun
from apps.production.selectors import boms, plans
from apps.production.services.mrp import start_run
from benchmarks.common import finish, installation, make_company, measure, result
from benchmarks.stock_common import make_items
from tenants.context import load_company, tenant_context
from tenants.models import ModuleGrant
from tenants.rights import Member

ITEMS, LEVELS, WEEKS = 10_000, 8, 52
TREE = 1_700  # lines of the explosion that is promised
START = date(2026, 1, 5)
TWICE = 2
MEGABYTE = 1024
RULES = ("poq", "poq", "poq", "poq", "l4l", "min_max")


def main(items: int) -> None:
    kept = []
    with installation():
        seconds = {}
        for name, count in (("small", 300), ("plant", items), ("twice", TWICE * items)):
            company, owner = make_company(slug=f"works-{name}", name="宏达五金制品")
            ModuleGrant.objects.filter(tenant_id=company.id, module="inventory").delete()
            # Read again without the stock module: stock is what is typed in production, which here is nothing.
            with tenant_context(load_company(company.id)):
                top, middle = _fill(count)
                seconds[name] = planned(owner, times=3)
                if name == "plant":
                    kept += _pages(top, middle)
                    kept.append(_memory())
    kept.append(result("MRP of 300 items", seconds["small"], 1, "s", "promise"))
    kept.append(result(f"MRP of {items} items, 5 lines each, 52 weeks", seconds["plant"], 10, "s", "promise"))
    ratio = seconds["twice"] / seconds["plant"]
    kept.append(result("MRP of twice the plant against once", ratio, 2.2, "x", "promise"))
    finish(kept)


def planned(owner: Member, *, times: int) -> float:
    """The median of so many runs in seconds, from reading the first row to the commit."""
    taken = []
    for _ in range(times):
        cpu, wall = time.process_time(), time.perf_counter()
        run = start_run(start_on=START, horizon_days=7 * WEEKS, actor=owner, at=timezone.now(), wait=True)
        taken.append(time.perf_counter() - wall)
        assert run.state == PlanRun.State.DONE, run.error  # a failed run measures nothing
        cpu = time.process_time() - cpu
        made = f"{run.items} items, {run.orders} orders, {run.messages} messages"
        print(f"{made}: {taken[-1]:.2f} s, of which {cpu:.2f} s of this process", flush=True)
    return sorted(taken)[len(taken) // 2]


def _memory() -> bool:
    """The most this process has ever held, the database apart."""
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE
    return result("MRP, largest size of the process", megabytes, 2048, "MB", "promise")


def _pages(top: int, middle: int) -> list[bool]:
    run = plans.current_run()
    item, part = masterdata.get_item(top), masterdata.get_item(middle)
    assert run is not None  # it has just been made
    plan = measure("plan of one item", lambda: (plans.item_plan(run, item), plans.edges(run, item_id=top)))
    orders = measure("a page of planned orders", lambda: list(plans.planned_orders(run)[:50]))
    of_item = measure("planned orders of one item", lambda: list(plans.planned_orders(run, item_id=top)[:50]))
    rows = len(boms.explode(item=part, quantity=Decimal(10), on=START).rows)
    tree = measure(
        f"explosion of {rows} lines", lambda: boms.explode(item=part, quantity=Decimal(10), on=START), times=20
    )
    return [plan.kept(200), orders.kept(200), of_item.kept(200), tree.kept(300)]


def _fill(count: int) -> tuple[int, int]:
    """Items on eight levels with bills, parameters and demands.

    The ids of an item on top and of one whose tree has about as many lines as the promised explosion.
    """
    chance = random.Random(20260105)  # a made plant, not a secret
    codes = make_items(count)
    ids = list(Item.objects.filter(code__in=codes).order_by("id").values_list("id", flat=True))
    size = count // LEVELS
    levels = [ids[size * at : size * (at + 1) if at < LEVELS - 1 else count] for at in range(LEVELS)]
    trees = _fill_bills(levels, 5 * count, chance)
    PlanningData.objects.bulk_create([_parameters(item, chance) for item in ids], batch_size=2000)
    Demand.objects.bulk_create(
        [
            Demand(
                item_id=chance.choice(levels[0]),
                quantity=chance.randrange(1, 60),
                due_on=START + timedelta(days=chance.randrange(40, 7 * WEEKS)),
                priority=chance.randrange(1, 10),
                created_at=timezone.now(),
            )
            for _ in range(2 * count)
        ],
        batch_size=2000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # what the server does by itself a minute later
    return levels[0][0], min(trees, key=lambda item: abs(trees[item] - TREE))


def _parameters(item: int, chance: random.Random) -> PlanningData:
    rule = chance.choice(RULES)
    return PlanningData(
        item_id=item,
        lot_rule=rule,
        period_days=7 if rule == "poq" else 0,
        min_lot=Decimal(200) if rule == "min_max" else None,
        lead_days=chance.randrange(1, 12),
    )


def _fill_bills(levels: list[list[int]], lines: int, chance: random.Random) -> dict[int, int]:
    """Bills with so many lines in all; {item: lines of its tree down to the last part}."""
    parents = [(at, item) for at, level in enumerate(levels[:-1]) for item in level]
    each, more = divmod(lines, len(parents))
    heads = Bom.objects.bulk_create(
        [Bom(item_id=item, version="1", state=Bom.State.ACTIVE, created_at=timezone.now()) for _at, item in parents],
        batch_size=2000,
    )
    below: dict[int, set[int]] = {}
    rows = []
    for place, ((at, item), head) in enumerate(zip(parents, heads, strict=True)):
        found = below[item] = set()
        while len(found) < each + (place < more):
            level = at + 1 if chance.random() < 0.8 else chance.randrange(at + 1, LEVELS)
            found.add(chance.choice(levels[level]))
        rows += [
            BomLine(bom=head, line=10 * (n + 1), component_id=one, quantity=1, scrap_rate=Decimal("0.02") * (n % 2))
            for n, one in enumerate(sorted(found))
        ]
    BomLine.objects.bulk_create(rows, batch_size=2000)
    trees: dict[int, int] = {}
    for _at, item in reversed(parents):  # components stand behind those that use them
        trees[item] = sum(1 + trees.get(one, 0) for one in below[item])
    return trees


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ITEMS)
