"""Filters, order, pages and files of the voucher list; accounts and dimensions."""

import csv
import io
from collections.abc import Callable
from typing import Any, cast

import pytest
from python_calamine import load_workbook

from tests.finance.api.company import BASE, Books, credit, debit
from tests.people import api_client
from tests.standing import Standing


def two_months() -> None:
    started = Books(api_client("alice"))
    assert started.patch("book/", {"voucher_words": ["收", "记"]}).status_code == 200
    started.value("customer", "C001", "恒通机械")
    started.posted(
        "2026-01-20",
        debit("1002", "300.00", "货款 法兰盘"),
        credit("1122", "300.00", aux={"customer": "C001"}),
        word="收",
    )
    started.posted("2026-01-05", debit("560206", "80.00", "=办公用品"), credit("1002", "80.00"))
    started.posted("2026-01-06", debit("560208", "45.50", "水电费"), credit("1002", "45.50"))
    started.draft("2026-01-03", debit("560206", "12.00", "未审核"), credit("1002", "12.00"))
    started.posted("2026-02-02", debit("1002", "7.00", "退款"), credit("560206", "7.00"), word="收")


@pytest.fixture(scope="session")
def standing_many(standing: Callable[..., Standing], standing_books: Standing) -> Standing:
    return standing("many", two_months, on=standing_books)


@pytest.fixture
def many(standing_many: Standing, started: Books) -> Books:
    """Two words, two months, posted and drafts."""
    return started


def numbers(books: Books, **params: Any) -> list[str | None]:
    return [row["number"] for row in books.get("vouchers/", **params)["results"]]


def test_book_order_is_period_word_number_with_drafts_last(many: Books):
    assert numbers(many) == ["收-1", "记-1", "记-2", None, "收-1"]


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"period": "2026-02"}, ["收-1"]),
        ({"from": "2026-01-06", "to": "2026-01-20"}, ["收-1", "记-2"]),
        ({"word": "记", "no": "2"}, ["记-2"]),
        ({"state": "draft"}, [None]),
        ({"state": "posted", "period": "2026-01"}, ["收-1", "记-1", "记-2"]),
        ({"account": "5602", "period": "2026-01", "state": "posted"}, ["记-1", "记-2"]),
        ({"amount": "45.50"}, ["记-2"]),
        ({"search": "法兰"}, ["收-1"]),
        ({"aux": "customer:C001"}, ["收-1"]),
        ({"aux": "客户:C001"}, ["收-1"]),
        ({"aux": "customer:C999"}, []),
        ({"kind": "closing"}, []),
        ({"source": "import"}, []),
        ({"account": "560206", "amount": "80.00"}, ["记-1"]),
    ],
)
def test_filters(many: Books, params, found):
    assert numbers(many, **params) == found


def test_pages(many: Books):
    first = many.get("vouchers/", page_size=2)
    last = many.get("vouchers/", page_size=2, page=3)

    assert (first["count"], len(first["results"]), len(last["results"])) == (5, 2, 1)
    assert first["next"] and first["previous"] is None and last["next"] is None
    assert many.ask("vouchers/", page=99).status_code == 404


def test_the_list_as_csv_and_excel(many: Books):
    text = many.client.get(f"{BASE}vouchers/", {"format": "csv"})
    sheet = many.client.get(f"{BASE}vouchers/", {"format": "xlsx"})

    rows = list(csv.DictReader(io.StringIO(b"".join(cast(Any, text).streaming_content).decode("utf-8-sig"))))
    cells = load_workbook(io.BytesIO(b"".join(cast(Any, sheet).streaming_content))).get_sheet_by_index(0).to_python()
    at = cells[0].index("借方金额")
    assert len(rows) == 10 and len(cells) == 11  # five vouchers of two lines, and the heading
    assert rows[0]["借方金额"] == "300.00" and cells[1][at] == 300.0
    assert rows[2]["摘要"] == "'=办公用品"  # text, never a formula
    assert cells[3][cells[0].index("摘要")] == "=办公用品"


def test_accounts_are_filtered_and_inherit_from_their_parent(started: Books):
    made = started.made("accounts/", {"code": "112201", "name": "国内客户"})

    assert made["aux"] == [{"dimension": "customer", "required": True}]
    assert (made["parent"], made["level"], made["direction"], made["open_item"]) == ("1122", 2, "debit", "receivable")
    assert started.get("accounts/1122/")["is_leaf"] is False
    listed = started.get("accounts/", search="国内")["results"]
    assert [account["code"] for account in listed] == ["112201"]
    assert started.get("accounts/", level=1, category="cost")["count"] == 5
    assert started.get("accounts/", is_leaf="false", level=2)["count"] >= 1
    assert started.patch("accounts/112201/", {"name": "内销客户"}).json()["name"] == "内销客户"
    assert started.delete("accounts/112201/").status_code == 204
    assert started.get("accounts/1122/")["is_leaf"] is True


def test_own_dimensions(started: Books):
    made = started.made("dimensions/", {"code": "machine", "name": "机床"})
    started.value("machine", "CNC-1", "一号数控")
    started.made("accounts/", {"code": "410150", "name": "刀具", "aux": [{"dimension": "machine", "required": True}]})

    posted = started.posted("2026-01-15", debit("410150", "60.00", aux={"machine": "CNC-1"}), credit("1002", "60.00"))

    assert made == {"code": "machine", "name": "机床", "built_in": False}
    assert posted["lines"][0]["aux"] == {"machine": "CNC-1"}
    assert started.patch("dimensions/machine/values/CNC-1/", {"name": "数控一号"}).json()["name"] == "数控一号"
    assert [row["code"] for row in started.get("dimensions/machine/values/")["results"]] == ["CNC-1"]


def test_tax_rules_of_a_day(started: Books):
    old = started.get("tax-rules/", rule="threshold_quarter", on="2025-12-31")["results"]
    new = started.get("tax-rules/", rule="threshold_quarter", on="2026-01-01")["results"]

    assert {row["threshold_inclusive"] for row in old} == {True}  # up to 2025 exactly 300,000 was exempt
    assert {row["threshold_inclusive"] for row in new} == {False}  # 增值税法 art. 23
