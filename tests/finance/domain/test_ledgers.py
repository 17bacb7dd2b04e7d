"""Ledger pages: order, sides, totals, quantities, numbers."""

from datetime import date
from decimal import Decimal

import pytest

from apps.finance.domain.balances import AccountFacts, Opening, Turnover
from apps.finance.domain.errors import BookkeepingError
from apps.finance.domain.ledger import (
    LedgerLine,
    LedgerStart,
    SidedBalance,
    general_ledger,
    in_book_order,
    sided,
    subledger,
)
from apps.finance.domain.numbers import (
    check_numbers,
    fractions,
    parse_voucher_number,
    voucher_number,
)
from apps.finance.domain.periods import Period, Span, month_span
from apps.finance.domain.special_ledgers import (
    QuantityStart,
    child_key,
    multi_column,
    quantity_ledger,
    voucher_summary,
)
from tests.finance.domain.books import balances_of, voucher, yuan


def line(day, no, debit="0", credit="0", *, seq=1, word="记", account="1002", quantity=None):
    amount = None if quantity is None else Decimal(quantity)
    on = date.fromisoformat(day)
    return LedgerLine(on, word, no, seq, account, "测试", yuan(debit), yuan(credit), amount)


def test_ledger_order_is_date_word_of_the_book_number_line():
    lines = [
        line("2026-01-05", 2),
        line("2026-01-05", 10, word="付"),
        line("2026-01-05", 10, word="收"),
        line("2026-01-05", 9, word="收", seq=2),
        line("2026-01-05", 9, word="收", seq=1),
        line("2026-01-04", 99, word="他"),
    ]

    ordered = in_book_order(lines, ["收", "付", "记"])

    assert [(one.word, one.no, one.seq) for one in ordered] == [
        ("他", 99, 1), ("收", 9, 1), ("收", 9, 2), ("收", 10, 1), ("付", 10, 1), ("记", 2, 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("balance", "direction", "side", "shown"),
    [
        ("5", "credit", "actual", ("借", "5")),
        ("-5", "debit", "actual", ("贷", "5")),
        ("0", "debit", "actual", ("平", "0")),
        ("5", "credit", "account", ("贷", "-5")),
        ("-5", "debit", "account", ("借", "-5")),
        ("-5", "credit", "account", ("贷", "5")),
        ("0", "credit", "account", ("平", "0")),
    ],
)
def test_side_of_a_balance(balance, direction, side, shown):
    printed = sided(yuan(balance), account_direction=direction, balance_side=side)

    assert printed == SidedBalance(shown[0], yuan(shown[1]))


def test_subledger_totals_every_period_and_begins_the_year_anew():
    lines = [line("2025-12-10", 1, debit="100"), line("2026-02-03", 1, credit="30")]
    start = LedgerStart(opening=yuan(50), ytd=Turnover(yuan(7), yuan(0)))

    rows = list(subledger(start, lines, Span(Period(2025, 12), Period(2026, 2))))

    assert [(row.kind, str(row.on), row.debit, row.credit, row.balance) for row in rows] == [
        ("opening", "2025-12-01", 0, 0, 50),
        ("line", "2025-12-10", 100, 0, 150),
        ("period_total", "2025-12-31", 100, 0, 150),
        ("ytd_total", "2025-12-31", 107, 0, 150),
        ("period_total", "2026-01-31", 0, 0, 150),
        ("ytd_total", "2026-01-31", 0, 0, 150),
        ("line", "2026-02-03", 0, 30, 120),
        ("period_total", "2026-02-28", 0, 30, 120),
        ("ytd_total", "2026-02-28", 0, 30, 120),
    ]


def test_journal_adds_the_total_and_balance_of_each_day():
    lines = [
        line("2026-01-05", 1, debit="100"),
        line("2026-01-05", 2, credit="30"),
        line("2026-01-06", 3, credit="-5"),
    ]

    rows = list(subledger(LedgerStart(), lines, month_span(Period(2026, 1)), day_totals=True))

    days = [(row.on.day, row.debit, row.credit, row.balance) for row in rows if row.kind == "day_total"]
    assert days == [(5, 100, 30, 70), (6, 0, -5, 75)]  # a red credit counts negative: 70 + 5


def test_subledger_start_and_general_ledger_read_the_same_balances():
    posted = [
        voucher("2026-03", ("借", "1002", "100"), ("贷", "3001", "100")),
        voucher("2026-04", ("贷", "1002", "40"), ("借", "1403", "40")),
    ]
    openings = [Opening("1002", yuan(9), ytd_debit=yuan(9)), Opening("3001", yuan(-9), ytd_credit=yuan(9))]
    balances = balances_of(posted, start="2026-03", openings=openings)
    april = Span(Period(2026, 4), Period(2026, 4))

    start = LedgerStart.of(balances, "1002", april)
    rows = general_ledger(balances, "1002", Span(Period(2026, 3), Period(2026, 4)))

    assert start == LedgerStart(yuan(109), Turnover(yuan(109), yuan(0)))  # 9 + 100
    assert [(row.kind, row.debit, row.credit, row.balance) for row in rows] == [
        ("opening", 0, 0, 9),
        ("period_total", 100, 0, 109),
        ("ytd_total", 109, 0, 109),
        ("period_total", 0, 40, 69),
        ("ytd_total", 109, 40, 69),
    ]


def test_quantity_ledger_runs_quantities_beside_amounts():
    lines = [
        line("2026-01-05", 1, debit="500", quantity="100", account="1403"),
        line("2026-01-20", 2, credit="200", quantity="40", account="1403"),
        line("2026-02-01", 1, credit="-50", quantity="-10", account="1403"),
    ]
    start = LedgerStart(opening=yuan(100))
    quantities = QuantityStart(opening=Decimal(20))

    rows = quantity_ledger(start, quantities, lines, Span(Period(2026, 1), Period(2026, 2)))

    shown = [(r.row.kind, r.debit_quantity, r.credit_quantity, r.balance_quantity, r.unit_price) for r in rows]
    assert shown == [
        ("opening", 0, 0, 20, 5),  # 100 / 20
        ("line", 100, 0, 120, 5),
        ("line", 0, 40, 80, 5),
        ("period_total", 100, 40, 80, 5),  # 400 / 80
        ("ytd_total", 100, 40, 80, 5),
        ("line", 0, -10, 90, 5),
        ("period_total", 0, -10, 90, 5),
        ("ytd_total", 100, 30, 90, 5),
    ]


def test_multi_column_puts_each_line_under_its_child():
    account = AccountFacts("5602", "管理费用", "debit")
    lines = [
        line("2026-01-05", 1, debit="800", account="560202"),
        line("2026-01-09", 2, debit="50", account="560206"),
        line("2026-01-31", 3, credit="850", account="560202"),
    ]

    page = multi_column(
        account,
        LedgerStart(),
        lines,
        month_span(Period(2026, 1)),
        keys=["560201", "560202", "560206"],
        key_of=child_key("5602", 2),
    )

    assert page.totals == {"560201": 0, "560202": -50, "560206": 50}  # 800 - 850
    assert [(row.key, row.amount) for row in page.rows] == [("560202", 800), ("560206", 50), ("560202", -850)]


def test_voucher_summary_adds_up_by_level_one():
    lines = [line("2026-01-05", 1, debit="8", account="560202"), line("2026-01-05", 1, credit="8", account="1001")]

    assert voucher_summary(lines, code_length=4) == {
        "1001": Turnover(yuan(0), yuan(8)),
        "5602": Turnover(yuan(8), yuan(0)),
    }


def test_voucher_numbers_in_both_languages():
    assert voucher_number("记", 12) == "记-12"
    assert [voucher_number(word, 1, language="en") for word in "记收付转银"] == ["GJ-1", "CR-1", "CP-1", "TR-1", "银-1"]
    assert voucher_number("记", None) is None
    assert parse_voucher_number("记-12") == parse_voucher_number("gj-12") == ("记", 12)


@pytest.mark.parametrize("text", ["", "记12", "记-0", "记-", "-5", "记-1-2"])
def test_what_is_no_voucher_number(text):
    with pytest.raises(BookkeepingError):
        parse_voucher_number(text)


def test_long_vouchers_get_fractions():
    assert fractions(5, 5) == [""]
    assert fractions(0, 5) == [""]
    assert fractions(11, 5) == ["1/3", "2/3", "3/3"]


def test_gaps_are_listed():
    found = check_numbers("记", [1, 2, 5])

    assert (found.first, found.last, found.count, found.gaps) == (1, 5, 3, (3, 4))
    assert check_numbers("收", []).last is None
