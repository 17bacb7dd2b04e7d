"""The stock list: moves filled in by SQL as on our side, months closed by Tryton, pages as its screen asks for them."""

import datetime
import time
from collections.abc import Callable

from trytond.transaction import Transaction

from .base import Settings, Tryton, make_products, make_warehouses
from .moves import Clerk

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
        page = rows.read([row.id for row in found], shown)
        assert len(page) == limit and any(row["quantity"] for row in page)  # an empty list measures nothing

    return lambda: tryton.request(work, readonly=True, **context)


def _milliseconds(run: Callable[[], None]) -> float:
    begin = time.perf_counter()
    run()
    return (time.perf_counter() - begin) * 1000
