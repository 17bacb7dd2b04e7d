"""Planning: production requests level by level until nothing is short, as Tryton's supply wizard makes them."""

import datetime
import time
from typing import Any

from .base import Settings, Tryton, make_products
from .moves import Clerk

HORIZON = datetime.timedelta(days=364)


def plan(tryton: Tryton, settings: Settings) -> Settings:
    """Seconds from the first read to the commit, and how many requests there are then."""
    tryton.request(lambda: _fill(tryton, settings))
    production = tryton.pool.get("production")

    def work() -> int:
        orders, clean, made = 0, True, [None]
        while made:
            made = production.generate_requests(clean=clean)
            orders, clean = orders + len(made), False
        return orders

    begin = time.perf_counter()
    orders = tryton.request(work)
    return {"seconds": time.perf_counter() - begin, "orders": orders}


def _fill(tryton: Tryton, settings: Settings) -> None:
    """The plant that is given: all items are made, those of the lowest level of nothing."""
    get = tryton.pool.get
    products = make_products(tryton, len(settings["lead_days"]), producible=True)
    clerk = Clerk(tryton)
    unit = clerk.ids["unit"]
    boms = get("production.bom").create([_bom(products, int(at), below, unit) for at, below in _bills(settings)])
    links = [{"product": products[int(at)], "bom": bom.id} for (at, _), bom in zip(_bills(settings), boms, strict=True)]
    get("product.product-production.bom").create(links)
    get("production.lead_time").create(
        [
            {"product": products[at], "lead_time": datetime.timedelta(days=days)}
            for at, days in enumerate(settings["lead_days"])
        ]
    )
    get("stock.move").create([_demand(clerk, products[at], *wanted) for at, *wanted in settings["demands"]])
    configuration = get("production.configuration")(1)
    configuration.supply_period = HORIZON
    configuration.save()


def _bills(settings: Settings) -> list[tuple[str, list[int]]]:
    return list(settings["components"].items())


def _bom(products: list[int], at: int, below: list[int], unit: int) -> Settings:
    rows: dict[str, list[Any]] = {
        "inputs": [{"product": products[one], "quantity": 1, "unit": unit} for one in below],
        "outputs": [{"product": products[at], "quantity": 1, "unit": unit}],
    }
    return {"name": f"Bill {at}", **{name: [("create", found)] for name, found in rows.items()}}


def _demand(clerk: Clerk, product: int, quantity: int, day: int) -> Settings:
    """Goods that shall leave for a customer on a day to come."""
    return {
        "product": product,
        "unit": clerk.ids["unit"],
        "quantity": quantity,
        "from_location": clerk.ids["place"],
        "to_location": clerk.ids["customer"],
        "planned_date": datetime.date.today() + datetime.timedelta(days=day),
        "company": clerk.ids["company"],
        "unit_price": 1,
        "currency": clerk.ids["currency"],
    }
