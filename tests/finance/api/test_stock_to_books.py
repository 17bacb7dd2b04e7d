"""From a slip of the store to the draft in the books, both over the API, to the fen."""

from typing import Any

import pytest

from apps.finance.domain.periods import Period as Month
from apps.finance.services.ledger import standing_balances
from apps.finance.services.stock_ties import stock_ties
from kernel import events
from tenants.context import Company, tenant_context
from tests.finance.api.company import Books
from tests.inventory.api.company import Store

JANUARY = Month(2026, 1)
Lines = list[tuple[str, str, str]]


class Both(Store):
    """The store of a company that keeps its books here; `told` brings what was posted to the books."""

    def __init__(self, books: Books, company: Company) -> None:
        super().__init__(books.client)
        self.books, self.company = books, company

    def told(self) -> None:
        with tenant_context(self.company):
            _done, failed = events.deliver_waiting()
        assert failed == 0

    def facts(self, reason: str) -> list[dict[str, Any]]:
        """Facts of a reason, the oldest first, with the lines of their vouchers."""
        self.told()
        found = [row for row in self.books.get("business-facts/")["results"] if row["data"].get("reason") == reason]
        return sorted(found, key=lambda row: int(row["id"]))

    def lines(self, fact: dict[str, Any]) -> Lines:
        """(account, debit, credit) of the draft of a fact."""
        assert fact["state"] == "drafted", fact
        voucher = self.books.get(f"vouchers/{fact['voucher']}/")
        assert voucher["debit_total"] == voucher["credit_total"]
        return sorted((line["account"], line["debit"], line["credit"]) for line in voucher["lines"])

    def assert_tied(self) -> None:
        """With everything posted, each stock account holds what lies in the store."""
        self.told()
        for voucher in self.books.get("vouchers/", state="draft", page_size=200)["results"]:
            self.books.made(f"vouchers/{voucher['id']}/review/")
            self.books.made(f"vouchers/{voucher['id']}/post/")
        with tenant_context(self.company):
            ties = stock_ties(JANUARY, standing_balances("14", at=JANUARY.index), chosen={})
        assert ties and [tie for tie in ties if tie.difference] == []


@pytest.fixture
def both(started: Books, hongda: Company) -> Both:
    """宏达五金 with books and store, costs known at once."""
    both = Both(started, hongda)
    both.stocked()
    both.master("items/", {"code": "KIT-50", "name": "法兰套件 DN50", "stock_unit": "pcs", "source": "make"})
    answer = both.client.patch("/api/v1/inventory/settings/", {"default_method": "moving_average"}, format="json")
    assert answer.status_code == 200
    return both


def assembled(both: Both, *, on: str = "2026-01-12", extra_cost: str = "12.34") -> Any:
    """Ten kits of forty bolts."""
    return both.made("assemblies/", {
        "warehouse": "WH-RAW", "moved_on": on, "inputs": [{"item": "M6-BOLT", "quantity": "40"}],
        "outputs": [{"item": "KIT-50", "quantity": "10"}], "extra_cost": extra_cost,
    })  # fmt: skip


def bolts(both: Both, **more: Any) -> Any:
    """A hundred at 1.00, bought of S001 unless told otherwise."""
    return both.receipt("100", **{"moved_on": "2026-01-05", "reason": "purchase", "partner": "S001", **more})


def test_an_assembly_with_extra_cost_balances(both: Both):
    bolts(both)
    assembled(both)

    (fact,) = both.facts("ASSEMBLY")

    assert fact["rule"] == "STD-ASSEMBLY-EXTRA"
    assert both.lines(fact) == [
        ("1403", "0.00", "40.00"),  # 40 bolts x 1.00
        ("1405", "52.34", "0.00"),  # 40.00 + 12.34
        ("400103", "0.00", "12.34"),
    ]
    both.assert_tied()


def test_an_assembly_without_extra_cost_is_as_before(both: Both):
    bolts(both)
    assembled(both, extra_cost="0")

    (fact,) = both.facts("ASSEMBLY")

    assert fact["rule"] == "STD-ASSEMBLY" and "has_extra_cost" not in fact["data"]
    assert both.lines(fact) == [("1403", "0.00", "40.00"), ("1405", "40.00", "0.00")]


def test_an_assembly_taken_back_takes_the_processing_back_in_red(both: Both):
    bolts(both)
    made = assembled(both)
    both.made(f"assemblies/{made['id']}/reverse/", {"reason": "装错了"})

    _first, back = both.facts("ASSEMBLY")

    # What comes back in is debited: 40.00 = 52.34 - 12.34
    assert both.lines(back) == [("1403", "40.00", "0.00"), ("1405", "0.00", "52.34"), ("400103", "0.00", "-12.34")]
    both.assert_tied()


def test_a_dearer_input_moves_the_outputs_and_not_the_processing(both: Both):
    receipt = bolts(both)
    assembled(both)
    both.made("landed-costs/", {"amount": "10.00", "basis": "quantity", "on": "2026-01-20", "partner": "S001",
                                "receipts": [{"receipt": receipt["id"]}]})  # fmt: skip

    _first, correction = both.facts("ASSEMBLY")

    # 10.00 x 40 / 100 went on from the bolts into the kits
    assert both.lines(correction) == [("1403", "0.00", "4.00"), ("1405", "4.00", "0.00")]
    both.assert_tied()


def test_monthly_average_prices_assemblies_at_the_close(both: Both):
    both.client.patch("/api/v1/inventory/settings/", {"default_method": "monthly_average"}, format="json")
    bolts(both)
    assembled(both)
    assert both.facts("ASSEMBLY") == []
    both.made("periods/2026-01/close/")

    (fact,) = both.facts("ASSEMBLY")

    assert both.lines(fact) == [("1403", "0.00", "40.00"), ("1405", "52.34", "0.00"), ("400103", "0.00", "12.34")]
    both.assert_tied()


def test_an_input_priced_before_the_others_is_work_in_process_until_the_close(both: Both):
    both.master("items/", {"code": "GSK-50", "name": "石墨垫片", "stock_unit": "pcs"})
    monthly = {"method": "monthly_average"}
    assert both.client.put("/api/v1/inventory/item-settings/GSK-50/", monthly, format="json").status_code == 200
    bolts(both)
    bolts(both, item="GSK-50")
    both.made("assemblies/", {
        "warehouse": "WH-RAW", "moved_on": "2026-01-12", "outputs": [{"item": "KIT-50", "quantity": "10"}],
        "inputs": [{"item": "M6-BOLT", "quantity": "40"}, {"item": "GSK-50", "quantity": "10"}], "extra_cost": "12.34",
    })  # fmt: skip
    both.facts("ASSEMBLY")
    both.made("periods/2026-01/close/")

    begun, ended = both.facts("ASSEMBLY")

    assert both.lines(begun) == [("1403", "0.00", "40.00"), ("400103", "0.00", "-40.00")]  # 40 bolts, known at once
    # 40.00 + 10.00 + 12.34, of which 40.00 had left the bolts before: 62.34 - 10.00 = 52.34
    assert both.lines(ended) == [("1403", "0.00", "10.00"), ("1405", "62.34", "0.00"), ("400103", "0.00", "52.34")]
    both.assert_tied()


def test_other_goods_in_and_out_wait_for_a_word_in_1901(both: Both):
    bolts(both, reason="other_in", partner="")
    both.made("issues/", {"warehouse": "WH-RAW", "moved_on": "2026-01-08", "reason": "other_out",
                          "lines": [{"item": "M6-BOLT", "quantity": "7"}]})  # fmt: skip

    (came,), (went,) = both.facts("OTHER_IN"), both.facts("OTHER_OUT")

    assert both.lines(came) == [("1403", "100.00", "0.00"), ("1901", "0.00", "100.00")]  # 100 x 1.00
    assert both.lines(went) == [("1403", "0.00", "7.00"), ("1901", "7.00", "0.00")]  # 7 x 1.00
    both.assert_tied()


def test_other_goods_in_that_are_taken_back_are_red(both: Both):
    made = bolts(both, reason="other_in", partner="")
    both.made(f"receipts/{made['id']}/reverse/", {"reason": "录错"})

    _first, back = both.facts("OTHER_IN")

    assert both.lines(back) == [("1403", "-100.00", "0.00"), ("1901", "0.00", "-100.00")]


def test_opening_stock_is_set_aside_with_what_to_do(both: Both):
    bolts(both, reason="opening", partner="")

    (fact,) = both.facts("OPENING")

    assert (fact["state"], fact["voucher"]) == ("set_aside", None)
    assert "手工填制凭证" in fact["message"]
    assert both.books.get("business-facts/", state="waiting")["count"] == 0


def test_freight_is_owed_to_the_carrier(both: Both):
    both.master("partners/", {"code": "S009", "name": "顺达货运", "is_supplier": True})
    receipt = bolts(both)
    both.made("landed-costs/", {"amount": "20.00", "basis": "quantity", "on": "2026-01-20", "partner": "S009",
                                "receipts": [{"receipt": receipt["id"]}]})  # fmt: skip

    (fact,) = both.facts("LANDED_COST")

    assert both.lines(fact) == [("1403", "20.00", "0.00"), ("2202", "0.00", "20.00")]
    voucher = both.books.get(f"vouchers/{fact['voucher']}/")
    assert {line["account"]: line["aux"] for line in voucher["lines"]}["2202"] == {"supplier": "S009"}
    both.assert_tied()


@pytest.fixture
def divided(books: Books, hongda: Company) -> Both:
    """宏达五金 that keeps estimates apart from what was invoiced."""
    books.started(payable_details=True)
    both = Both(books, hongda)
    both.stocked()
    return both


def test_estimates_stand_apart_where_the_company_wants_it(divided: Both):
    books = divided.books
    accounts = {row["code"]: row for row in books.get("accounts/", search="2202")["results"]}
    assert {code: row["name"] for code, row in accounts.items()} == {
        "2202": "应付账款", "220201": "应付货款", "220202": "暂估应付账款",
    }  # fmt: skip
    assert accounts["220202"]["aux"] == [{"dimension": "supplier", "required": True}]
    assert accounts["220201"]["open_item"] == "payable" and accounts["2202"]["is_leaf"] is False
    bolts(divided)
    invoice = {"net": "100.00", "tax": "13.00", "total": "113.00", "supplier": "S001", "number": "26330001"}
    back = {"amount": "100.00", "supplier": "S001", "number": "RK-1"}

    (received,) = divided.facts("PURCHASE_RECEIPT")
    day = {"occurred_on": "2026-01-20"}
    taken_back = books.made("business-facts/", {"fact": "EstimateReversed", "source": "B:1", "data": back, **day})
    invoiced = books.made("business-facts/", {"fact": "PurchaseInvoiced", "source": "P:1", "data": invoice, **day})

    assert divided.lines(received) == [("1403", "100.00", "0.00"), ("220202", "0.00", "100.00")]  # 100 x 1.00
    assert divided.lines(taken_back) == [("1403", "-100.00", "0.00"), ("220202", "0.00", "-100.00")]
    assert divided.lines(invoiced) == [
        ("1403", "100.00", "0.00"), ("220201", "0.00", "113.00"), ("22210101", "13.00", "0.00"),  # 100 + 13
    ]  # fmt: skip
    divided.assert_tied()
    sheet = books.get("reports/balance-sheet/", period="2026-01")
    assert next(row["closing"] for row in sheet["rows"] if row["line"] == 33) == "113.00"  # 应付账款: 100 - 100 + 113


def test_without_a_word_the_chart_is_the_statute_s(started: Books):
    codes = {row["code"] for row in started.get("accounts/", search="2202")["results"]}

    assert codes == {"2202"}
