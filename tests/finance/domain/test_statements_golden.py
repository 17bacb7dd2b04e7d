"""A month of 宏达五金 by hand: every figure carries its arithmetic."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from apps.finance.domain import catalogue
from apps.finance.domain.balances import AccountFacts, Balances, Movement, Opening
from apps.finance.domain.errors import BookkeepingError
from apps.finance.domain.ledger import trial_balance
from apps.finance.domain.periods import Period, Span, month_span
from apps.finance.domain.statements import (
    LineOverride,
    Reclassification,
    check_line_formula,
    check_reclassification,
    effective_lines,
)
from tests.finance.domain.books import CHART, balances_of, book_of, voucher, yuan

JANUARY = Period(2026, 1)


def january():
    return [
        voucher("2026-01", ("借", "1002", "500000"), ("贷", "3001", "500000")),
        voucher("2026-01", ("借", "1403", "100000"), ("借", "22210101", "13000"), ("贷", "2202", "113000")),
        voucher("2026-01", ("借", "400101", "60000"), ("贷", "1403", "60000")),
        voucher("2026-01", ("借", "1405", "60000"), ("贷", "400101", "60000")),
        voucher("2026-01", ("借", "1002", "113000"), ("贷", "5001", "100000"), ("贷", "22210107", "13000")),
        voucher("2026-01", ("借", "5401", "45000"), ("贷", "1405", "45000")),
        voucher("2026-01", ("借", "560202", "800"), ("贷", "1001", "800")),
        voucher("2026-01", ("借", "2202", "50000"), ("贷", "1002", "50000")),
        voucher("2026-01", ("借", "1002", "35.20"), ("借", "560302", "-35.20")),
    ]


def test_balance_sheet_of_january():
    sheet = book_of(balances_of(january())).balance_sheet(JANUARY, closed=False)

    closing = {row.line: row.amounts["closing"] for row in sheet.rows}
    assert len(sheet.rows) == 53
    assert closing[1] == yuan("562235.20")  # 500000 + 113000 - 50000 + 35.20 - 800
    assert closing[9] == yuan("55000")  # 1403: 100000 - 60000 = 40000; 1405: 60000 - 45000 = 15000
    assert closing[33] == yuan("63000")  # 113000 - 50000
    assert closing[36] == yuan("0")  # 13000 - 13000
    assert closing[51] == yuan("54235.20")  # 100000 - 45000 - 800 + 35.20
    assert closing[30] == closing[53] == yuan("617235.20")  # 562235.20 + 55000
    assert sheet.status == "preliminary"


def test_income_statement_leaves_closing_out_and_feeds_memo_lines():
    posted = [
        *january(),
        voucher("2026-01", ("借", "5001", "100000"), ("贷", "3103", "100000"), closing=True),
    ]

    income = book_of(balances_of(posted)).income_statement(JANUARY, closed=True)

    assert income.amount(1, "current") == yuan("100000")
    assert income.amount(14, "current") == income.amount(16, "current") == yuan("800")  # 业务招待费
    assert income.amount(19, "current") == yuan("-35.20")  # interest income shows negative
    assert income.amount(32, "ytd") == yuan("54235.20")  # 100000 - 45000 - 800 + 35.20
    assert income.status == "final"


def test_cash_flow_of_january():
    flow = book_of(balances_of(january())).cash_flow(JANUARY, closed=True)

    assert flow.amount(15, "current") == yuan("500000")
    assert flow.amount(1, "current") == yuan("100000")  # 5001; its 13000 of VAT goes to line 2 by the map
    assert flow.amount(2, "current") == yuan("13000")
    assert flow.amount(3, "current") == yuan("50000")
    assert flow.amount(6, "current") == yuan("764.80")  # 800 entertainment, less 35.20 debited in red
    assert flow.amount(22, "current") == yuan("562235.20")
    assert flow.status == "final"


def test_crossing_by_account_nets_customers_and_by_partner_does_not():
    movements = [
        Movement("1122", JANUARY, yuan(1000), yuan(0), partner="C001"),
        Movement("1122", JANUARY, yuan(0), yuan(300), partner="C002"),
        Movement("3001", JANUARY, yuan(0), yuan(700)),
    ]
    balances = Balances.build(accounts=CHART, start=JANUARY, movements=movements)

    whole = book_of(balances).balance_sheet(JANUARY, closed=False)
    each = book_of(balances, crossing="partner").balance_sheet(JANUARY, closed=False)

    assert (whole.amount(4, "closing"), whole.amount(34, "closing")) == (yuan(700), yuan(0))
    assert (each.amount(4, "closing"), each.amount(34, "closing")) == (yuan(1000), yuan(300))
    assert each.status == "preliminary"  # L30 = 1000 = 300 + 700


def test_reclassification_moves_the_closing_column_only():
    posted = [
        voucher("2025-12", ("借", "1123", "400"), ("贷", "2202", "400")),
        voucher("2026-01", ("借", "1123", "600"), ("贷", "2202", "600")),
    ]
    moves = (Reclassification(from_line=5, to_line=28, amount=yuan(250)),)
    book = book_of(balances_of(posted, start="2025-12"), reclassifications=moves)

    sheet = book.balance_sheet(JANUARY, closed=True)

    assert sheet.amount(5, "closing") == yuan(750)  # 400 + 600 - 250
    assert sheet.amount(28, "closing") == yuan(250)
    assert (sheet.amount(5, "year_begin"), sheet.amount(28, "year_begin")) == (yuan(400), yuan(0))
    assert sheet.status == "final"


@pytest.mark.parametrize(("from_line", "to_line"), [(5, 33), (15, 14), (19, 14), (5, 5), (5, 99), (10, 14)])
def test_reclassification_refuses_other_side_sums_memos_and_line_19(from_line, to_line):
    move = Reclassification(from_line, to_line, yuan(1))

    with pytest.raises(BookkeepingError) as refusal:
        check_reclassification(catalogue.statement_lines(), move)

    assert refusal.value.code == "invalid"


@pytest.mark.parametrize(("from_line", "to_line"), [(5, 28), (42, 40), (34, 45), (16, 14)])
def test_reclassification_accepts_the_moves_the_statute_names(from_line, to_line):
    check_reclassification(catalogue.statement_lines(), Reclassification(from_line, to_line, yuan(1)))


def test_year_begin_of_the_start_year_is_the_opening_without_its_ytd():
    cash = next(account for account in CHART if account.code == "1002")
    sales = next(account for account in CHART if account.code == "5001")
    capital = next(account for account in CHART if account.code == "3001")
    profit = next(account for account in CHART if account.code == "3103")
    openings = [
        Opening.in_own_direction(cash, balance=yuan(150), ytd_debit=yuan(90), ytd_credit=yuan(40)),
        Opening.in_own_direction(capital, balance=yuan(100)),
        Opening.in_own_direction(sales, balance=yuan(0), ytd_debit=yuan(50), ytd_credit=yuan(50), ytd_actual=yuan(50)),
        Opening.in_own_direction(profit, balance=yuan(50), ytd_credit=yuan(50)),
    ]
    book = book_of(balances_of([], start="2026-03", openings=openings, opening_cash_flow={1: yuan(50)}))

    march = Period(2026, 3)
    sheet = book.balance_sheet(march, closed=False)
    income = book.income_statement(march, closed=False)
    quarter = book.income_statement(march, span="quarter", closed=False)
    flow = book.cash_flow(march, span="year", closed=False)

    assert sheet.amount(1, "year_begin") == yuan(100)  # 150 - (90 - 40)
    assert sheet.amount(51, "closing") == yuan(50)
    assert (income.amount(1, "current"), income.amount(1, "ytd")) == (yuan(0), yuan(50))
    assert quarter.amount(1, "current") == yuan(0)  # counts from the first period of the book
    assert (flow.amount(20, "ytd"), flow.amount(21, "ytd")) == (yuan(50), yuan(100))
    assert flow.amount(22, "last_year") == yuan(100)
    assert {sheet.status, income.status, flow.status} == {"preliminary"}


def test_missing_opening_cash_flow_makes_the_cash_flow_unbalanced_but_not_the_sheet():
    openings = [
        Opening("1002", yuan(150), ytd_debit=yuan(50)),
        Opening("3001", yuan(-150), ytd_credit=yuan(50)),
    ]
    book = book_of(balances_of([], start="2026-03", openings=openings))

    assert book.balance_sheet(Period(2026, 3), closed=True).status == "final"
    assert book.cash_flow(Period(2026, 3), closed=True).status == "unbalanced"


def test_a_new_account_without_a_line_is_caught():
    stray = AccountFacts("1999", "漏掉的科目", "debit")
    movements = [
        Movement("1999", JANUARY, yuan(5), yuan(0)),
        Movement("3001", JANUARY, yuan(0), yuan(5)),
    ]
    balances = Balances.build(accounts=[*CHART, stray], start=JANUARY, movements=movements)

    sheet = book_of(balances).balance_sheet(JANUARY, closed=True)

    assert sheet.status == "unbalanced"
    assert [check.rule for check in sheet.checks if not check.ok] == ["L30=L53"]


def test_at_least_checks_only_warn():
    posted = [voucher("2026-01", ("借", "560201", "5"), ("借", "560206", "-5"))]

    income = book_of(balances_of(posted)).income_statement(JANUARY, closed=True)

    assert not all(check.ok for check in income.checks)  # L14 = 0 < L15 = 5
    assert income.status == "final"


def test_overrides_hold_from_their_day():
    changes = [
        LineOverride("会小企02表", 3, date(2026, 7, 1), name="税金及附加"),
        LineOverride("会小企01表", 14, date(2026, 2, 1), formula="BAL(1901)+BAL(1221)+RECLASS"),
    ]

    june = effective_lines(catalogue.statement_lines(), changes, date(2026, 6, 30))
    july = effective_lines(catalogue.statement_lines(), changes, date(2026, 7, 31))

    assert line_of(june, "会小企02表", 3).name == "营业税金及附加"
    assert line_of(july, "会小企02表", 3).name == "税金及附加"
    assert line_of(june, "会小企01表", 14).formula == "BAL(1901)+BAL(1221)+RECLASS"
    assert len(june) == len(catalogue.statement_lines())


def test_a_formula_may_not_look_ahead():
    with pytest.raises(BookkeepingError):
        check_line_formula(15, "L1+L15")

    check_line_formula(15, "L1+L14")


def test_a_sub_account_added_later_stays_in_its_memo_line():
    child = AccountFacts("56020201", "宴请", "debit", parent="560202", level=3)
    facts = [replace(account, is_leaf=account.code != "560202") for account in CHART]
    movements = [
        Movement("560202", JANUARY, yuan(10), yuan(0)),
        Movement("56020201", JANUARY, yuan(7), yuan(0)),
        Movement("1001", JANUARY, yuan(0), yuan(17)),
    ]
    balances = Balances.build(accounts=[*facts, child], start=JANUARY, movements=movements)

    assert balances.memo(16, month_span(JANUARY)) == yuan(17)  # 10 on the parent + 7 on the child
    assert balances.balance("5602", JANUARY) == yuan(17)


def test_trial_balance_rows_are_net_of_children_and_totals_are_level_one():
    posted = [
        voucher("2026-01", ("借", "22210101", "13"), ("贷", "22210107", "20"), ("借", "1002", "7")),
        voucher("2026-02", ("借", "560206", "3"), ("贷", "1002", "3")),
    ]
    balances = balances_of(posted)

    trial = trial_balance(balances, Span(Period(2026, 2), Period(2026, 2)))
    top = trial_balance(balances, Span(Period(2026, 2), Period(2026, 2)), level=1)

    rows = {row.account.code: row.amounts for row in trial.rows}
    assert rows["2221"].opening_credit == yuan(7)  # 20 - 13, on the side of the sign
    assert rows["22210101"].opening_debit == yuan(13)
    assert (rows["1002"].ytd_debit, rows["1002"].closing_debit) == (yuan(7), yuan(4))
    assert trial.totals.opening_debit == trial.totals.opening_credit == yuan(7)
    assert top.totals == trial.totals
    assert {row.account.code for row in top.rows} == {"1002", "2221", "5602"}
    assert "1001" not in rows
    assert len(trial_balance(balances, month_span(JANUARY), show_zero=True).rows) == len(CHART)


def test_rows_before_the_start_and_unknown_accounts_are_refused():
    with pytest.raises(BookkeepingError):
        balances_of([voucher("2025-12", ("借", "1002", "1"), ("贷", "3001", "1"))])
    with pytest.raises(BookkeepingError):
        balances_of([voucher("2026-01", ("借", "9999", "1"), ("贷", "3001", "1"))])
    with pytest.raises(BookkeepingError):
        balances_of([], openings=[Opening("1002", Decimal(1), ytd_debit=Decimal(1))])


def line_of(lines, form, number):
    return next(line for line in lines if (line.form, line.line) == (form, number))
