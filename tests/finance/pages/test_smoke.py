"""Every page of finance opens, in both languages, with few questions to the database."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.finance.api.company import Books, credit, debit
from tests.inventory.api.company import Store
from tests.people import api_client
from tests.standing import Standing

PAGES = (
    "vouchers/", "vouchers/?q=圆钢", "vouchers/?state=draft", "vouchers/new/", "ledgers/",
    "ledgers/general/?from=2026-01&to=2026-01",
    "ledgers/account/?account=1002&from=2026-01&to=2026-02", "ledgers/journal/?from=2026-01&to=2026-01",
    "ledgers/multi-column/?account=1403&from=2026-01&to=2026-01",
    "ledgers/quantity/?account=1403&from=2026-01&to=2026-01",
    "ledgers/aux-balance/?from=2026-01&to=2026-01", "ledgers/voucher-summary/?from=2026-01&to=2026-01", "reports/",
    "reports/trial-balance/?from=2026-01&to=2026-01", "reports/balance-sheet/?period=2026-01",
    "reports/income-statement/?period=2026-01", "reports/cash-flow/?period=2026-01&span=year",
    "reports/balance-sheet/lines/1/?period=2026-01", "reports/cash-flow/lines/1/?period=2026-01",
    "close/?period=2026-01", "close/stock/?period=2026-01", "accounts/", "rules/", "rules/new/",
    "rules/of/STD-SALE/", "rules/stock-accounts/", "facts/", "facts/?state=waiting",
    "accounts/new/?parent=5602", "accounts/1002/", "accounts/opening/",
    "accounts/settings/", "home/",
)  # fmt: skip
MOST_QUERIES = 15
CHINESE = re.compile(r"[\u3400-\u9fff]")
MARKED = re.compile(
    r"<(bdi|span|div|script|select|option|button|ul)\b[^>]*\blang=\"zh-CN\"[^>]*>.*?</\1>"
    r"|<input\b[^>]*\blang=\"zh-CN\"[^>]*>",
    re.DOTALL,
)


@pytest.mark.parametrize("path", PAGES)
def test_page_opens_with_few_queries(shop, office, path):
    office.get("/finance/vouchers/")  # what is read once a process is read now

    with CaptureQueriesContext(connection) as queries:
        answer = office.get(f"/finance/{path}")

    body = answer.content.decode()
    assert answer.status_code == 200
    assert "<c-" not in body
    assert "{{" not in body and "{%" not in body
    assert len(queries) <= MOST_QUERIES, [query["sql"][:110] for query in queries]


def march() -> None:
    client = api_client("alice")
    books = Books(client)
    books.value("customer", "C009", "恒通机械")
    aux = {"customer": "C009"}
    books.posted("2026-02-05", debit("1122", "100.00", aux=aux), credit("5001", "100.00"))
    books.posted("2026-03-05", debit("1122", "50.00", aux=aux), credit("1403", "50.00"))
    assert books.patch("book/", {"crossing": "partner"}).status_code == 200
    store = Store(client).stocked()
    store.receipt("100", moved_on="2026-02-10")


@pytest.fixture(scope="session")
def standing_busy(standing: Callable[..., Standing], standing_shop: Standing) -> Standing:
    return standing("busy", march, on=standing_shop)


@pytest.fixture
def busy(standing_busy: Standing, shop: Books) -> Books:
    """The same company in March: earlier months with movements, stock of two items, partners told apart."""
    return shop


BUSY = (
    "ledgers/account/?account=1122&from=2026-03&to=2026-03&aux=customer:C009",
    "ledgers/multi-column/?account=1122&from=2026-03&to=2026-03&by=customer&exclude_closing=1",
    "ledgers/quantity/?account=1122&from=2026-03&to=2026-03&aux=customer:C009",
    "ledgers/aux-balance/?account=1122&dimension=customer&from=2026-03&to=2026-03",
    "reports/balance-sheet/?period=2026-03", "reports/income-statement/?period=2026-03&span=quarter",
    "reports/cash-flow/?period=2026-03", "close/", "close/?period=2026-03", "close/stock/",
)  # fmt: skip


@pytest.mark.parametrize("path", BUSY)
def test_books_with_a_past_ask_no_more(busy, office, path):
    office.get("/finance/vouchers/")

    with CaptureQueriesContext(connection) as queries:
        answer = office.get(f"/finance/{path}")

    assert answer.status_code == 200
    assert len(queries) <= MOST_QUERIES, [query["sql"][:110] for query in queries]


@pytest.mark.parametrize("path", [path for path in PAGES if "圆钢" not in path])
def test_english_page_has_no_chinese_of_ours(shop, office, path):
    office.cookies["qz_lang"] = "en"

    body = office.get(f"/finance/{path}").content.decode()

    left = re.sub(r"<!--.*?-->", "", body[max(body.find("<main"), 0) :], flags=re.DOTALL)
    for _round in range(3):
        left = MARKED.sub("", left)
    assert not sorted({line.strip()[:160] for line in left.splitlines() if CHINESE.search(line)})
