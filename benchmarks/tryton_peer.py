"""Ours beside Tryton, both on the same server in the same run, at a size that fills in two minutes.

`python -m benchmarks.tryton_peer [moves] [stock_list] [plan] [--seconds=20] [--moves=100000] [--demands=200]`; without
a name all of them.

* `moves`: 8 clients on 20 of 200 items, each move a done receipt or issue at the moving average, checked against what
  is there. Tryton makes, assigns and does a move in one transaction, which its own screens do in three.
* `stock_list`: a page of 50 rows in the middle of 2 000 items x 4 warehouses with 100 000 moves, now and as of a past
  day, months closed on both sides. Ours shows an item and a warehouse a row, with totals; Tryton's "products by
  locations" an item a row, the four warehouses together, without totals: the lesser work is the peer's.
* `plan`: 1 000 items on 4 levels, two components each, lot for lot, 200 demands in a year. Tryton makes its production
  requests level by level until nothing is short; ours also pegs every order and writes messages.

A row is kept when ours is not slower than Tryton.
"""

import sys
from collections.abc import Callable
from dataclasses import asdict

from apps.inventory.selectors.stock import StockQuery
from benchmarks import mrp, on_hand, stock_moves
from benchmarks.common import Timing, finish, installation, make_company, measure, result
from benchmarks.peers.plant import load_plant, made_plant
from benchmarks.peers.tryton import Tryton
from tenants.context import load_company, tenant_context
from tenants.embedded.postgres import EmbeddedPostgres
from tenants.models import ModuleGrant

ITEMS, PLACES, TIMES, LIMIT = 2000, 4, 40, 50
STOCKED = 200
PLANT, LEVELS = 1000, 4


def main(arguments: list[str]) -> None:
    wanted = [name for name in arguments if not name.startswith("--")] or list(PARTS)
    sizes = {"seconds": stock_moves.SECONDS, "moves": 100_000.0, "demands": 200.0}
    sizes |= {name: float(number) for name, _, number in (one[2:].partition("=") for one in arguments if "=" in one)}
    kept: list[bool] = []
    with installation() as server:
        tryton = Tryton(server)
        for name in wanted:
            kept += PARTS[name](server, tryton, sizes)
    finish(kept)


def _moves(server: EmbeddedPostgres, tryton: Tryton, sizes: dict[str, float]) -> list[bool]:
    seconds, clients, hot = sizes["seconds"], stock_moves.CLIENTS, stock_moves.HOT
    company, owner = make_company(slug="moves")
    with tenant_context(company):
        codes = stock_moves.stocked(STOCKED, owner)
    ours = stock_moves.load(company, owner, codes[:hot], seconds)
    theirs = tryton.ask("moves", items=STOCKED, hot=hot, clients=clients, seconds=seconds)
    rate = theirs["done"] / seconds
    print(f"moves per second: ours {ours:.0f}, {tryton.version()} {rate:.1f}, which is {ours / max(rate, 0.01):.1f} x")
    print(f"Tryton's meetings: {theirs['tried_again']} tried again, {theirs['refused']} refused in the end")
    # Milliseconds of one move, as `stock_moves` tells it: what is less is better.
    name = f"a move beside the peer, {clients} clients on {hot} hot items"
    return [result(name, 1000 / ours, 1000 / max(rate, 0.01), "ms", tryton.version())]


def _stock_list(server: EmbeddedPostgres, tryton: Tryton, sizes: dict[str, float]) -> list[bool]:
    company, _owner = make_company(slug="list")
    moves = int(sizes["moves"])
    on_hand.fill(server, company, moves=moves, items=ITEMS, places=PLACES)
    past = StockQuery(as_of=on_hand.PAST)
    with tenant_context(company):
        ours = {
            "now": measure("ours", lambda: on_hand.page(StockQuery(), ITEMS * PLACES // 2), times=TIMES),
            "past": measure("ours", lambda: on_hand.page(past, 0), times=TIMES),
        }
    theirs = tryton.ask(
        "stock_list", items=ITEMS, places=PLACES, moves=moves, days=on_hand.DAYS, times=TIMES, limit=LIMIT,
        offset=ITEMS // 2, past_days=(on_hand.TODAY - on_hand.PAST).days,
        closed_days=(on_hand.TODAY - on_hand.CLOSED).days,
    )  # fmt: skip
    kept = []
    for name, text in (("now", "stock list, a page"), ("past", "stock list as of a past day, a page")):
        peer = Timing(tryton.version(), theirs[name])
        print(f"{text}: p50 ours {ours[name].percentile(0.5):.1f}, {peer.name} {peer.percentile(0.5):.1f} ms")
        text = f"{text} of {ITEMS} items x {PLACES} warehouses, {moves} moves, p95"
        kept.append(result(text, ours[name].percentile(0.95), peer.percentile(0.95), "ms", peer.name))
    return kept


def _plan(_server: EmbeddedPostgres, tryton: Tryton, sizes: dict[str, float]) -> list[bool]:
    company, owner = make_company(slug="plan")
    # As in `mrp`: without the stock module, stock is what is typed in production, which here is nothing.
    ModuleGrant.objects.filter(tenant_id=company.id, module="inventory").delete()
    demands = int(sizes["demands"])
    plant = made_plant(PLANT, LEVELS, demands)
    with tenant_context(load_company(company.id)):
        load_plant(plant, owner)
        ours = mrp.planned(owner, times=3)
    theirs = tryton.ask("plan", **asdict(plant))
    print(f"Tryton's production requests: {theirs['orders']}")
    name = f"planning of {PLANT} items on {LEVELS} levels, {demands} demands"
    return [result(name, ours, theirs["seconds"], "s", tryton.version())]


Part = Callable[[EmbeddedPostgres, Tryton, dict[str, float]], list[bool]]
PARTS: dict[str, Part] = {"moves": _moves, "stock_list": _stock_list, "plan": _plan}

if __name__ == "__main__":
    main(sys.argv[1:])
