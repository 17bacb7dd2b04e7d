"""The same work as ours, done by Tryton: a program for the peer's own interpreter, started by `tryton.py`.

It imports nothing of the product, and the product imports nothing of it. `python tryton_work.py <task> <database>
<settings as JSON>` does one task through Tryton's own models and prints one line of JSON. What Tryton's server does
around a request is done around each piece of work here: a transaction of its own, tried again up to five times when the
database says that two of them met, with the waits of its dispatcher.
"""

import datetime
import json
import multiprocessing
import random
import sys
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
WARM_UP = 3
START_SECONDS = 300  # eight interpreters that load all modules at once
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


_MOVES = """
INSERT INTO stock_move (create_uid, create_date, product, unit, quantity, internal_quantity, from_location, to_location,
                        effective_date, state, company, unit_price, currency, cost_price, unit_price_updated)
SELECT {user}, now(), i.id, {unit}, q.quantity, q.quantity,
       CASE WHEN q.is_in THEN {supplier} ELSE w.storage_location END,
       CASE WHEN q.is_in THEN w.storage_location ELSE {production} END,
       '{first}'::date + (n * {days}::bigint / {moves})::int, 'done', {company},
       CASE WHEN q.is_in THEN 1 END, CASE WHEN q.is_in THEN {currency} END, 1, false
  FROM generate_series(0, {moves} - 1) n
  CROSS JOIN LATERAL (SELECT n / ({items} * {places}) % 2 = 0 AS is_in,
                             CASE WHEN n / ({items} * {places}) % 2 = 0 THEN 2 ELSE 1 END AS quantity) q
  JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM product_product) i ON i.place = n % {items}
  JOIN (SELECT storage_location, row_number() OVER (ORDER BY id) - 1 AS place FROM stock_location
         WHERE type = 'warehouse') w ON w.place = n / {items} % {places}
"""


def stock_list(tryton: Tryton, settings: Settings) -> Settings:
    """Milliseconds of a page of "products by locations", now and as of a past day."""
    today = datetime.date.today()  # Tryton's own idea of today, which cannot be given
    houses = tryton.request(lambda: _fill_stock(tryton, settings, today))
    past = today - datetime.timedelta(days=settings["past_days"])
    answer = {}
    for name, day, offset in (("now", today, settings["offset"]), ("past", past, 0)):
        context = {"locations": houses, "stock_date_end": day}
        run = _page_of(tryton, offset, settings["limit"], context)
        for _ in range(3):
            run()
        answer[name] = [_milliseconds(run) for _ in range(settings["times"])]
    return answer


def _fill_stock(tryton: Tryton, settings: Settings, today: datetime.date) -> list[int]:
    """Items, warehouses and moves like ours; the same months closed, which gives Tryton its sums of the past."""
    make_products(tryton, settings["items"])
    houses = make_warehouses(tryton, settings["places"])
    clerk = Clerk(tryton)
    counts = {name: int(settings[name]) for name in ("items", "places", "moves", "days")}
    first = today - datetime.timedelta(days=settings["days"])
    period = tryton.pool.get("stock.period")
    with Transaction().connection.cursor() as cursor:
        cursor.execute(_MOVES.format(**clerk.ids, **counts, first=first.isoformat(), user=tryton.user))
        closed = period(date=today - datetime.timedelta(days=settings["closed_days"]), company=clerk.ids["company"])
        closed.save()
        period.close([closed])
        cursor.execute("ANALYZE")
    return houses


def _page_of(tryton: Tryton, offset: int, limit: int, context: Settings) -> Callable[[], None]:
    """What its own screen asks for: how many there are, the rows of the page, their quantities now and foreseen."""
    rows = tryton.pool.get("stock.products_by_locations")
    shown = ["product.rec_name", "default_uom.rec_name", "quantity", "forecast_quantity"]

    def work() -> None:
        rows.search_count([])
        found = rows.search([], offset=offset, limit=limit)
        assert len(rows.read([row.id for row in found], shown)) == limit

    return lambda: tryton.request(work, readonly=True, **context)


def _milliseconds(run: Callable[[], None]) -> float:
    begin = time.perf_counter()
    run()
    return (time.perf_counter() - begin) * 1000


TASKS = {"prepare": prepare, "moves": moves, "stock_list": stock_list}


def main(task: str, database: str, settings: str) -> None:
    tryton = Tryton(database)
    if task != "prepare":
        tryton.enter()
    print("ANSWER\t" + json.dumps(TASKS[task](tryton, json.loads(settings))), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:4])
