"""明细账, 日记账, 辅助余额表, 数量金额账, 多栏账, 汇总: each to the fen, and as files with real numbers."""

import io
from collections.abc import Callable
from typing import Any, cast

import pytest
from python_calamine import load_workbook

from tests.finance.api.company import BASE, Books, credit, debit
from tests.people import api_client
from tests.standing import Standing

JANUARY = {"from": "2026-01", "to": "2026-01"}


def january() -> None:
    started = Books(api_client("alice"))
    started.posted("2026-01-05", debit("1002", "100.00", "投入"), credit("3001", "100.00"))
    started.posted("2026-01-05", debit("560206", "30.00", "办公"), credit("1002", "30.00"))
    started.posted("2026-02-09", debit("560206", "90.00", "办公"), credit("1002", "90.00"))
    started.draft("2026-01-06", debit("1002", "999.00"), credit("3001", "999.00"))


@pytest.fixture(scope="session")
def standing_bank(standing: Callable[..., Standing], standing_books: Standing) -> Standing:
    return standing("bank", january, on=standing_books)


@pytest.fixture
def bank(standing_bank: Standing, started: Books) -> Books:
    """A year-end cheque, two entries on one day, an overdraft in February."""
    return started


def shown(report: Any) -> list[tuple[str, str, str, str, str, str]]:
    names = ("kind", "date", "debit", "credit", "direction", "balance")
    return [tuple(row[name] for name in names) for row in report["rows"]]


def test_subledger_with_totals_of_every_period(bank: Books):
    report = bank.get("reports/subledger/", account="1002", **{"from": "2026-01", "to": "2026-03"})

    assert shown(report) == [
        ("opening", "2026-01-01", "0.00", "0.00", "平", "0.00"),
        ("line", "2026-01-05", "100.00", "0.00", "借", "100.00"),
        ("line", "2026-01-05", "0.00", "30.00", "借", "70.00"),
        ("period_total", "2026-01-31", "100.00", "30.00", "借", "70.00"),
        ("ytd_total", "2026-01-31", "100.00", "30.00", "借", "70.00"),
        ("line", "2026-02-09", "0.00", "90.00", "贷", "20.00"),  # 70 - 90, shown without a sign
        ("period_total", "2026-02-28", "0.00", "90.00", "贷", "20.00"),
        ("ytd_total", "2026-02-28", "100.00", "120.00", "贷", "20.00"),
        ("period_total", "2026-03-31", "0.00", "0.00", "贷", "20.00"),
        ("ytd_total", "2026-03-31", "100.00", "120.00", "贷", "20.00"),
    ]
    assert [row["number"] for row in report["rows"] if row["kind"] == "line"] == ["记-1", "记-2", "记-1"]


def test_a_ledger_begun_in_february_knows_the_year_so_far(bank: Books):
    report = bank.get("reports/subledger/", account="1002", **{"from": "2026-02", "to": "2026-02"})

    assert shown(report)[0] == ("opening", "2026-02-01", "0.00", "0.00", "借", "70.00")
    assert shown(report)[-1] == ("ytd_total", "2026-02-28", "100.00", "120.00", "贷", "20.00")


def test_balances_on_the_side_of_the_account(bank: Books):
    assert bank.patch("book/", {"balance_side": "account"}).status_code == 200

    report = bank.get("reports/subledger/", account="1002", **{"from": "2026-02", "to": "2026-02"})

    assert shown(report)[-1][4:] == ("借", "-20.00")


def test_journal_adds_day_totals(bank: Books):
    report = bank.get("reports/journal/", account="1002", **JANUARY)

    assert [row[0] for row in shown(report)] == ["opening", "line", "line", "day_total", "period_total", "ytd_total"]
    assert shown(report)[3] == ("day_total", "2026-01-05", "100.00", "30.00", "借", "70.00")


def test_general_ledger_ties_to_the_subledger(bank: Books):
    report = bank.get("reports/general-ledger/", account="1002", **{"from": "2026-01", "to": "2026-02"})

    rows = [(row["kind"], row["period"], row["balance"], row["direction"]) for row in report["accounts"][0]["rows"]]
    assert rows == [
        ("opening", "2026-01", "0.00", "平"),
        ("period_total", "2026-01", "70.00", "借"),
        ("ytd_total", "2026-01", "70.00", "借"),
        ("period_total", "2026-02", "20.00", "贷"),
        ("ytd_total", "2026-02", "20.00", "贷"),
    ]
    every = bank.get("reports/general-ledger/", **JANUARY)["accounts"]
    assert [account["account"] for account in every] == ["1002", "3001", "5602"]


def test_aux_balance_ties_to_the_account(started: Books):
    for code, name in (("C001", "恒通机械"), ("C002", "永盛阀门")):
        started.value("customer", code, name)
    first, second = {"customer": "C001"}, {"customer": "C002"}
    started.posted("2026-01-05", debit("1122", "100.00", aux=first), credit("5001", "100.00"))
    started.posted("2026-02-05", debit("1122", "40.00", aux=second), credit("5001", "40.00"))
    started.posted("2026-02-06", debit("1002", "130.00"), credit("1122", "130.00", aux=first))

    report = started.get(
        "reports/aux-balance/", dimension="customer", account="1122", **{"from": "2026-02", "to": "2026-02"}
    )
    one = started.get("reports/subledger/", account="1122", aux="客户:C001", **{"from": "2026-01", "to": "2026-02"})

    rows = {row["value"]: row for row in report["rows"]}
    assert (rows["C001"]["opening_debit"], rows["C001"]["credit"]) == ("100.00", "130.00")
    assert (rows["C001"]["closing_credit"], rows["C002"]["closing_debit"]) == ("30.00", "40.00")  # 100 - 130
    assert report["totals"]["closing_debit"] == "40.00" and report["totals"]["closing_credit"] == "30.00"
    assert shown(one)[-1][4:] == ("贷", "30.00")


def test_quantity_ledger(started: Books):
    started.made("accounts/", {"code": "140301", "name": "钢材", "quantity": True})
    started.posted("2026-01-05", debit("140301", "5000.00", quantity="1000.0000"), credit("3001", "5000.00"))
    started.posted("2026-01-09", debit("400101", "1500.00"), credit("140301", "1500.00", quantity="300"))

    report = started.get("reports/quantity-ledger/", account="1403", **JANUARY)

    names = ("kind", "debit_quantity", "credit_quantity", "balance_quantity", "unit_price", "balance")
    assert [tuple(row[name] for name in names) for row in report["rows"]] == [
        ("opening", "0.0000", "0.0000", "0.0000", None, "0.00"),
        ("line", "1000.0000", "0.0000", "1000.0000", "5.000000", "5000.00"),
        ("line", "0.0000", "300.0000", "700.0000", "5.000000", "3500.00"),  # 1500 / 300
        ("period_total", "1000.0000", "300.0000", "700.0000", "5.000000", "3500.00"),
        ("ytd_total", "1000.0000", "300.0000", "700.0000", "5.000000", "3500.00"),
    ]


def test_multi_column_by_child_and_by_dimension(started: Books):
    started.value("department", "D1", "机加车间")
    expense = started.get("accounts/5602/")
    assert not expense["is_leaf"]
    started.made("accounts/", {"code": "560250", "name": "车间办公", "aux": [{"dimension": "department"}]})
    started.posted("2026-01-05", debit("560206", "30.00", "办公"), credit("1002", "30.00"))
    started.posted("2026-01-06", debit("560250", "12.00", "纸", aux={"department": "D1"}), credit("1002", "12.00"))
    started.posted("2026-01-07", credit("560206", "5.00", "退"), debit("1002", "5.00"))

    report = started.get("reports/multi-column/", account="5602", **JANUARY)
    by = started.get("reports/multi-column/", account="560250", by="department", **JANUARY)
    started.run("2026-01", "profit_transfer")
    without = started.get("reports/multi-column/", account="5602", exclude_closing="true", **JANUARY)

    cells = [row["cells"] for row in report["rows"]]
    assert cells == [{"560206": "30.00"}, {"560250": "12.00"}, {"560206": "-5.00"}]
    assert (report["totals"]["560206"], report["totals"]["560201"]) == ("25.00", "0.00")  # 30 - 5
    assert by["columns"] == [{"key": "D1", "name": "机加车间"}] and by["totals"] == {"D1": "12.00"}
    assert without["totals"] == report["totals"]


def test_voucher_summary_and_number_check(bank: Books):
    report = bank.get("reports/voucher-summary/", **{"from": "2026-01", "to": "2026-02"})
    check = bank.get("reports/number-check/", period="2026-01")

    assert (report["vouchers"], report["attachments"]) == (3, 0)
    assert {row["account"]: (row["debit"], row["credit"]) for row in report["rows"]} == {
        "1002": ("100.00", "120.00"), "3001": ("0.00", "100.00"), "5602": ("120.00", "0.00"),
    }  # fmt: skip
    assert report["totals"] == {"debit": "220.00", "credit": "220.00"}
    assert (
        report["numbers"] == [{"word": "记", "first": 1, "last": 1, "count": 3}] or report["numbers"][0]["count"] == 3
    )
    assert check["words"] == [{"word": "记", "first": 1, "last": 2, "count": 2, "gaps": []}]


def test_drafts_and_reviewed_vouchers_are_in_no_report(bank: Books):
    draft = bank.draft("2026-01-07", debit("1002", "5.00"), credit("3001", "5.00"))
    bank.made(f"vouchers/{draft['id']}/review/")

    report = bank.get("reports/trial-balance/", **JANUARY)

    assert {row["account"]: row["closing_debit"] for row in report["rows"]}["1002"] == "70.00"


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("trial-balance", JANUARY), ("general-ledger", JANUARY), ("voucher-summary", JANUARY),
        ("subledger", {**JANUARY, "account": "1002"}), ("journal", {**JANUARY, "account": "1002"}),
        ("quantity-ledger", {**JANUARY, "account": "1002"}), ("multi-column", {**JANUARY, "account": "5602"}),
        ("aux-balance", {**JANUARY, "account": "1122", "dimension": "customer"}),
        ("number-check", {"period": "2026-01"}),
        ("balance-sheet", {"period": "2026-01"}), ("income-statement", {"period": "2026-01"}),
        ("cash-flow", {"period": "2026-01", "span": "year"}), ("kpis", {"period": "2026-01"}),
    ],
)  # fmt: skip
def test_every_report_is_a_file_too(bank: Books, path, params):
    for fmt in ("xlsx", "csv"):
        response = bank.client.get(f"{BASE}reports/{path}/", {**params, "format": fmt})

        assert response.status_code == 200 and "attachment" in response["Content-Disposition"]
        assert b"".join(cast(Any, response).streaming_content)


def test_amounts_are_numbers_in_excel(bank: Books):
    response = bank.client.get(f"{BASE}reports/trial-balance/", {**JANUARY, "format": "xlsx"})

    cells = load_workbook(io.BytesIO(b"".join(cast(Any, response).streaming_content))).get_sheet_by_index(0).to_python()
    assert cells[0][:3] == ["科目编码", "科目名称", "期初借方"]
    assert cells[1][0] == "1002" and cells[1][4] == 100.0
    assert cells[-1][1] == "合计" and cells[-1][4] == 130.0  # 100 + 30


def test_trial_balance_filters(bank: Books):
    leaves = bank.get("reports/trial-balance/", leaf="true", **JANUARY)
    top = bank.get("reports/trial-balance/", level=1, **JANUARY)
    every = bank.get("reports/trial-balance/", show_zero="true", **JANUARY)

    assert [row["account"] for row in leaves["rows"]] == ["1002", "3001", "560206"]
    assert [row["account"] for row in top["rows"]] == ["1002", "3001", "5602"]
    assert leaves["totals"] == top["totals"] == every["totals"]
    assert len(every["rows"]) == bank.get("accounts/")["count"]
