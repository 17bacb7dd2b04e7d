"""The stock list: its pages join up, count and totals are those of all its rows, now and on a past day."""

from datetime import date
from decimal import Decimal

import pytest

from apps.inventory.selectors import stock_list
from apps.inventory.selectors.stock import StockQuery
from tests.inventory import shop

pytestmark = pytest.mark.usefixtures("in_hongda")
TODAY = date(2026, 3, 20)
PAST = date(2026, 3, 10)


@pytest.fixture
def stock(in_hongda) -> None:
    """Three items in two warehouses: 10 of each came on the 10th, 4 of the first left W1 on the 12th."""
    for place in ("W1", "W2"):
        shop.make_warehouse(place)
    for code in ("FLANGE", "M6-BOLT", "NUT"):
        shop.make_item(code)
        for place in ("W1", "W2"):
            shop.receive_of(code, "10", on="2026-03-10", amount="10", warehouse=place)
    shop.issue_of("FLANGE", "4", on="2026-03-12", warehouse="W1")
    shop.make_item("NEVER-MOVED")


@pytest.mark.parametrize(("as_of", "expected"), [(None, 56), (PAST, 60)])  # 6 x 10 - 4, 6 x 10
@pytest.mark.parametrize("near", [0, 1000])
def test_pages_join_up_to_the_list(stock, monkeypatch, as_of: date | None, expected: int, near: int):
    monkeypatch.setattr(stock_list, "NEAR", near)
    query = StockQuery(as_of=as_of)

    whole = stock_list.rows(query, today=TODAY)
    pages = [stock_list.rows(query, today=TODAY, limit=4, offset=offset) for offset in (0, 4, 8)]
    summary = stock_list.summary(query, today=TODAY)

    assert [(row.item, row.warehouse) for row in whole] == [
        (item, place) for item in ("FLANGE", "M6-BOLT", "NUT") for place in ("W1", "W2")
    ]
    assert [row for page in pages for row in page] == whole
    assert (summary.count, summary.quantity, summary.reserved) == (6, Decimal(expected), 0)


@pytest.mark.parametrize("as_of", [None, PAST])
@pytest.mark.parametrize(
    ("query", "count"), [({"item": "nut"}, 2), ({"warehouse": "w1"}, 3), ({"search": "bolt"}, 2), ({"search": " "}, 6)]
)
def test_a_filter_counts_what_it_shows(stock, as_of: date | None, query: dict[str, str], count: int):
    asked = StockQuery(as_of=as_of, **query)

    rows = stock_list.rows(asked, today=TODAY, limit=50)

    assert len(rows) == stock_list.summary(asked, today=TODAY).count == count
    assert sum(row.quantity for row in rows) == stock_list.summary(asked, today=TODAY).quantity
