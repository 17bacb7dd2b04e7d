"""Tryton's own models in a process of the peer, with what its server does around a request."""

import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from trytond import backend, config
from trytond.pool import Pool
from trytond.transaction import Transaction, TransactionError

ROOT = 0  # Tryton's own user, whom no rule holds
SIGNED_IN = ("login", "=", "admin")
PAUSE = 0.02
Settings = dict[str, Any]


class Tryton:
    """One database of the peer, opened once in a process."""

    def __init__(self, database: str) -> None:
        self.database = database
        self.retries = config.getint("database", "retry")
        self.tried_again = 0
        self.user = ROOT
        self.context: Settings = {}
        Pool.start()
        self.pool = Pool(database)
        self.pool.init()

    def enter(self) -> None:
        """Stand in the company that `prepare` made, as the administrator does after signing in."""
        user, company = self.request(lambda: (self.one("res.user", SIGNED_IN).id, self.one("company.company").id))
        self.user = user
        self.context = {"company": company, "employee": None, "language": "en", "_skip_warnings": True}

    def request(self, work: Callable[[], Any], *, readonly: bool = False, **context: Any) -> Any:
        """`work` in a transaction of its own, as trytond.protocols.dispatcher runs a request."""
        count, extras = 0, {}  # type: ignore[var-annotated]  # Tryton's own, filled by its errors
        while True:
            if count:
                time.sleep(PAUSE * count)
            within = {**self.context, **context}
            with Transaction().start(
                self.database, self.user, readonly=readonly, context=within, **extras
            ) as transaction:
                try:
                    answer = work()
                    transaction.commit()
                    return answer
                except TransactionError as error:
                    transaction.rollback()
                    error.fix(extras)
                except backend.DatabaseOperationalError:
                    transaction.rollback()
                    count += 1
                    self.tried_again += 1
                    if count > self.retries or readonly:
                        raise

    def one(self, model: str, *domain: tuple[Any, ...]) -> Any:
        """The only row of `model` that fits."""
        return self.pool.get(model).search(list(domain), limit=1)[0]


def prepare(tryton: Tryton, settings: Settings) -> Settings:
    """A company with one currency whose user is the administrator: what the first sign-in asks for."""
    del settings

    def work() -> None:
        get = tryton.pool.get
        currency = get("currency.currency")(name="Renminbi", code="CNY", symbol="¥", rounding=Decimal("0.01"), digits=2)
        currency.save()
        party = get("party.party")(name="Hongda")
        party.save()
        company = get("company.company")(party=party, currency=currency)
        company.save()
        user = tryton.one("res.user", SIGNED_IN)
        user.companies = [company]
        user.company = company
        user.save()

    tryton.request(work)
    return {}


def make_products(tryton: Tryton, count: int, **values: Any) -> list[int]:
    """Goods counted in pieces, valued at the moving average; `values` add to the template of each."""
    get = tryton.pool.get
    unit = tryton.one("product.uom", ("symbol", "=", "u"))
    common = {"type": "goods", "default_uom": unit.id, "cost_price_method": "average", **values}
    rows = [{"name": f"Bolt {n}", "code": f"I{n:06d}", "products": [("create", [{}])], **common} for n in range(count)]
    templates = [one for at in range(0, count, 500) for one in get("product.template").create(rows[at : at + 500])]
    return [template.products[0].id for template in templates]


def make_warehouses(tryton: Tryton, count: int) -> list[int]:
    """Warehouses with one place each; the one that Tryton brings is the first."""
    location = tryton.pool.get("stock.location")
    first = tryton.one("stock.location", ("type", "=", "warehouse"))
    made = [first]
    for number in range(2, count + 1):
        place = location(name=f"Place {number}", type="storage")
        place.save()
        house = location(name=f"Warehouse {number}", type="warehouse", production_location=first.production_location)
        house.input_location = house.output_location = house.storage_location = place
        house.save()
        place.parent = house
        place.save()
        made.append(house)
    return [house.id for house in made]
