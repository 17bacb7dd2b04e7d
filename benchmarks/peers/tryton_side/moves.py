"""Moves under load: clients on a few hot items, each a process with a connection of its own."""

import multiprocessing
import random
import time
from decimal import Decimal
from typing import Any

from trytond import backend

from .base import Settings, Tryton, make_products

WARM_UP = 3
START_SECONDS = 300  # eight interpreters that load all modules at once


class Clerk:
    """Receipts from a supplier and issues to production in the first warehouse, each done at once."""

    def __init__(self, tryton: Tryton) -> None:
        self.move = tryton.pool.get("stock.move")
        company = tryton.one("company.company")
        house = tryton.one("stock.location", ("type", "=", "warehouse"))
        self.ids = {
            "company": company.id,
            "currency": company.currency.id,
            "supplier": tryton.one("stock.location", ("type", "=", "supplier")).id,
            "customer": tryton.one("stock.location", ("type", "=", "customer")).id,
            "place": house.storage_location.id,
            "production": house.production_location.id,
            "unit": tryton.one("product.uom", ("symbol", "=", "u")).id,
        }

    def receive(self, product: int, quantity: float, price: Decimal) -> None:
        """A done receipt at a price of one unit, which moves the average."""
        prices = {"unit_price": price, "currency": self.ids["currency"]}
        self.move.do(self._make(product, quantity, "supplier", "place", prices))

    def issue(self, product: int, quantity: float) -> bool:
        """A done issue of goods that are there; False when they are not."""
        made = self._make(product, quantity, "place", "production", {})
        if not self.move.assign_try(made, with_childs=False):
            return False
        self.move.do(made)
        return True

    def _make(self, product: int, quantity: float, source: str, goal: str, more: Settings) -> list[Any]:
        common = {"product": product, "unit": self.ids["unit"], "quantity": quantity, "company": self.ids["company"]}
        where = {"from_location": self.ids[source], "to_location": self.ids[goal]}
        return list(self.move.create([{**common, **where, **more}]))


def moves(tryton: Tryton, settings: Settings) -> Settings:
    """Moves done by all clients in so many seconds, each client a process with a connection of its own."""

    def stock() -> list[int]:
        products = make_products(tryton, settings["items"])
        clerk = Clerk(tryton)
        for product in products[: settings["hot"]]:
            clerk.receive(product, 100_000, Decimal(1))
        return products[: settings["hot"]]

    hot = tryton.request(stock)
    context = multiprocessing.get_context("spawn")
    counts: Any = context.Queue()
    gate = context.Barrier(settings["clients"])
    clients = [
        context.Process(target=client, args=(tryton.database, hot, settings["seconds"], number, gate, counts))
        for number in range(settings["clients"])
    ]
    for one in clients:
        one.start()
    found = [counts.get(timeout=settings["seconds"] + START_SECONDS) for _one in clients]
    for one in clients:
        one.join()
    assert all(one is not None for one in found), "a client of the peer failed; its error stands above"
    names = ("done", "refused", "tried_again")
    return {name: sum(one[at] for one in found) for at, name in enumerate(names)}


def client(database: str, hot: list[int], seconds: float, number: int, gate: Any, counts: Any) -> None:
    """One client; what it counted goes into `counts`, None when it fails, so that nobody waits for it."""
    found = None
    try:
        tryton = Tryton(database)
        tryton.enter()
        clerk = tryton.request(lambda: Clerk(tryton))
        chance = random.Random(number)
        for _ in range(WARM_UP):
            _done(tryton, clerk, hot, chance)
        gate.wait(START_SECONDS)
        found = _work_off(tryton, clerk, hot, seconds, chance)
    finally:
        counts.put(found)


def _work_off(
    tryton: Tryton, clerk: Clerk, hot: list[int], seconds: float, chance: random.Random
) -> tuple[int, int, int]:
    """What is refused after all tries is not counted as done."""
    done = refused = tryton.tried_again = 0
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        fits = _done(tryton, clerk, hot, chance)
        done, refused = done + fits, refused + (not fits)
    return done, refused, tryton.tried_again


def _done(tryton: Tryton, clerk: Clerk, hot: list[int], chance: random.Random) -> bool:
    """A receipt or an issue, as likely, of any hot item; False when it was refused."""

    def work() -> bool:
        product = chance.choice(hot)
        if chance.random() < 0.5:
            clerk.receive(product, 3, round(Decimal(f"{chance.randint(100, 900)}.17") / 3, 4))
            return True
        return clerk.issue(product, 2)

    try:
        return bool(tryton.request(work))
    except backend.DatabaseOperationalError:
        return False
