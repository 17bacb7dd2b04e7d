"""A small company from nothing to statements over the API; every figure carries its arithmetic."""

from typing import Any

import pytest

from tests.finance.api.company import Books, credit, debit


@pytest.fixture
def january(started: Books) -> Books:
    """宏达五金 in January 2026: capital, steel, wages into production, a sale, an expense."""
    started.value("customer", "C001", "恒通机械")
    started.value("supplier", "S001", "钢联物资")
    customer, supplier = {"customer": "C001"}, {"supplier": "S001"}
    started.posted("2026-01-05", debit("1002", "500000.00"), credit("3001", "500000.00"), attachment_count=1)
    started.posted(
        "2026-01-10", debit("1403", "100000.00"), debit("22210101", "13000.00"),
        credit("220201" if _has(started, "220201") else "2202", "113000.00", aux=supplier), attachment_count=2,
    )  # fmt: skip
    started.posted("2026-01-15", debit("400101", "60000.00"), credit("1403", "60000.00"))
    started.posted("2026-01-20", debit("1405", "60000.00"), credit("400101", "60000.00"))
    started.posted(
        "2026-01-25",
        debit("1122", "113000.00", aux=customer),
        credit("5001", "100000.00"),
        credit("22210107", "13000.00"),
    )
    started.posted("2026-01-26", debit("5401", "45000.00"), credit("1405", "45000.00"))
    started.posted("2026-01-28", debit("1002", "50000.00"), credit("1122", "50000.00", aux=customer))
    started.posted("2026-01-31", debit("560202", "800.00"), credit("1002", "800.00"))
    return started


def _has(books: Books, code: str) -> bool:
    return bool(books.ask(f"accounts/{code}/").status_code == 200)


def column(report: Any, name: str) -> dict[int, str]:
    """Amounts of a statement by line."""
    return {row["line"]: row[name] for row in report["rows"]}


def test_a_new_company_has_no_book(books: Books):
    book = books.get("book/")

    assert book["state"] == "new"
    assert book["taxpayer_kinds"] == []
    assert books.ask("reports/trial-balance/", from_="2026-01", to="2026-01").json()["code"] == "book_not_started"


def test_setting_up_loads_chart_and_periods(books: Books):
    made = books.set_up(start="2026-03", kind="small_scale")

    accounts = books.get("accounts/", page_size=500)["results"]
    codes = {account["code"] for account in accounts}
    assert (made["state"], made["start_period"]) == ("setup", "2026-03")
    assert made["taxpayer_kinds"] == [{"kind": "small_scale", "from": "2026-03-01", "vat_filing": "quarter"}]
    assert sum(account["level"] == 1 for account in accounts) == 66
    assert {"222101", "560202"} <= codes and "22210101" not in codes
    assert books.get("periods/")["count"] == 22  # 2026-03 … 2027-12: 10 + 12


def test_trial_balance_of_january(january: Books):
    report = january.client.get("/api/v1/finance/reports/trial-balance/", {"from": "2026-01", "to": "2026-01"}).json()

    rows = {row["account"]: row for row in report["rows"]}
    totals = report["totals"]
    assert rows["1002"]["closing_debit"] == "549200.00"  # 500000 + 50000 - 800
    assert rows["1122"]["closing_debit"] == "63000.00"  # 113000 - 50000
    assert rows["2221"]["closing_debit"] == rows["2221"]["closing_credit"] == "0.00"  # 13000 in, 13000 out
    assert (rows["2221"]["debit"], rows["2221"]["credit"]) == ("13000.00", "13000.00")
    # 500000 + 113000 + 60000 + 60000 + 113000 + 45000 + 50000 + 800
    assert totals["debit"] == totals["credit"] == totals["ytd_debit"] == "941800.00"
    # 1002 549200 + 1122 63000 + 1403 40000 + 1405 15000 + 5401 45000 + 5602 800
    assert totals["closing_debit"] == totals["closing_credit"] == "713000.00"


def test_statements_of_january(january: Books):
    sheet = january.get("reports/balance-sheet/", period="2026-01")
    income = january.get("reports/income-statement/", period="2026-01")
    flow = january.get("reports/cash-flow/", period="2026-01")

    closing, current, cash = column(sheet, "closing"), column(income, "current"), column(flow, "current")
    assert (sheet["form"], sheet["status"], len(sheet["rows"])) == ("会小企01表", "preliminary", 53)
    assert closing[1] == "549200.00"
    assert closing[9] == "55000.00"  # 1403: 100000 - 60000; 1405: 60000 - 45000
    assert closing[51] == "54200.00"  # 100000 - 45000 - 800
    assert closing[30] == closing[53] == "667200.00"  # 549200 + 63000 + 55000
    assert (current[1], current[2], current[32]) == ("100000.00", "45000.00", "54200.00")
    assert (cash[1], cash[15], cash[22]) == ("50000.00", "500000.00", "549200.00")
    assert all(
        check["ok"] for report in (sheet, income, flow) for check in report["checks"] if check["kind"] == "equal"
    )


def test_closing_the_month_makes_the_statements_final(january: Books):
    before = january.post("periods/2026-01/close/")
    made = january.run("2026-01", "profit_transfer")
    closed = january.post("periods/2026-01/close/")

    income = january.get("reports/income-statement/", period="2026-01")
    assert before.status_code == 409 and before.json()["code"] == "period_not_ready"
    assert {"profit_transferred"} == {item["code"] for item in before.json()["blocking"]}
    assert made and all(draft["kind"] == "closing" for draft in made)
    assert closed.json() == {"period": "2026-01", "state": "closed", "year_closed": None}
    assert column(income, "current")[32] == "54200.00"  # vouchers of kind closing are left out
    assert {
        january.get(f"reports/{name}/", period="2026-01")["status"]
        for name in ("balance-sheet", "income-statement", "cash-flow")
    } == {"final"}


def test_kpis_of_one_month(january: Books):
    numbers = january.get("reports/kpis/", period="2026-01", months=1)

    assert (numbers["months"], numbers["days"]) == (1, 31)
    assert numbers["dso"] == "19.5"  # 63000 / 100000 x 31 = 19.53
    assert numbers["dio"] == "37.9"  # 55000 / 45000 x 31 = 37.888…
    assert numbers["dpo"] == "77.8"  # 113000 / 45000 x 31 = 77.844…
    assert numbers["cash_cycle"] == "-20.4"  # 19.5 + 37.9 - 77.8
    assert numbers["gross_margin"] == "0.5500"  # (100000 - 45000) / 100000
    assert numbers["current_ratio"] == "5.90"  # 667200 / 113000 = 5.904…
    assert (numbers["cash"], numbers["receivable"], numbers["payable"]) == ("549200.00", "63000.00", "113000.00")


def test_a_start_in_march_counts_the_year_so_far(books: Books):
    books.set_up(start="2026-03")
    rows = [
        {"account": "1002", "balance": "150.00", "ytd_debit": "90.00", "ytd_credit": "40.00"},
        {"account": "3001", "balance": "100.00"},
        {"account": "5001", "balance": "0.00", "ytd_debit": "50.00", "ytd_credit": "50.00", "ytd_actual": "50.00"},
        {"account": "3103", "balance": "50.00", "ytd_credit": "50.00"},
    ]

    put = books.put("opening-balances/", {"rows": rows, "cash_flow_ytd": {"1": "50.00"}})
    books.made("book/start/")

    sheet = column(books.get("reports/balance-sheet/", period="2026-03"), "year_begin")
    income = books.get("reports/income-statement/", period="2026-03", span="quarter")
    flow = books.get("reports/cash-flow/", period="2026-03", span="year")
    assert put.json() == {
        "rows": 4, "debit_total": "150.00", "credit_total": "150.00", "year_begin_debit": "100.00",
        "year_begin_credit": "100.00", "difference": "0.00", "balanced": True,
    }  # fmt: skip
    assert sheet[1] == "100.00"  # 150 - (90 - 40)
    assert column(income, "current")[1] == "0.00"  # a quarter begun before the book counts from its start
    assert column(income, "ytd")[1] == "50.00"
    assert column(flow, "ytd")[1] == "50.00" and "last_year" in flow["rows"][0]
    assert books.get("opening-balances/")["cash_flow_ytd"] == {"1": "50.00"}


def test_reclassification_moves_one_sheet_only(january: Books):
    body = {"period": "2026-01", "from_line": 4, "to_line": 8, "amount": "3000.00", "reason": "非货款往来"}
    made = january.made("reclassifications/", body)

    here = column(january.get("reports/balance-sheet/", period="2026-01"), "closing")
    next_month = column(january.get("reports/balance-sheet/", period="2026-02"), "closing")
    assert made["amount"] == "3000.00"
    assert (here[4], here[8]) == ("60000.00", "3000.00")  # 63000 - 3000
    assert (next_month[4], next_month[8]) == ("63000.00", "0.00")


def test_the_chain_of_the_month_holds(january: Books):
    report = january.get("chain/")

    assert (report["ok"], report["length"], report["problems"]) == (True, 8, [])
    assert report["head"] == january.get("vouchers/", page_size=500)["results"][-1]["hash"]
