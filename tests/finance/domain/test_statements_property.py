"""Whatever balanced vouchers are posted, the three statements hold together."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from apps.finance.domain.cashflow import CASH_CODES
from apps.finance.domain.ledger import general_ledger, trial_balance
from apps.finance.domain.periods import Period, Span, month_span
from apps.finance.domain.profit_transfer import LeafBalance, profit_transfer, year_profit
from tests.finance.domain.books import (
    LEAVES,
    Voucher,
    balances_of,
    book_of,
    random_openings,
    random_vouchers,
)

ZERO = Decimal("0.00")
MARCH, MAY = Period(2026, 3), Period(2026, 5)


def failing(statement):
    return [check for check in statement.checks if check.kind == "equal" and not check.ok]


@settings(max_examples=60, deadline=None)
@given(
    random_vouchers("2026-01", "2026-06"),
    random_openings(ytd=False),
    st.sampled_from(["account", "partner"]),
)
def test_any_balanced_ledger_gives_a_balanced_sheet(vouchers, openings, crossing):
    book = book_of(balances_of(vouchers, openings=openings), crossing=crossing)

    sheet = book.balance_sheet(Period(2026, 6), closed=True)

    assert failing(sheet) == []
    assert sheet.status == "final"
    assert sheet.amount(30, "closing") == sheet.amount(53, "closing")


@settings(max_examples=60, deadline=None)
@given(random_vouchers("2026-03", "2026-06"), random_openings(ytd=True))
def test_a_book_begun_in_march_balances_in_both_columns(vouchers, openings):
    # The cash flow of January and February is what the cash accounts moved: put it all on line 1.
    cash = sum((row.ytd_debit - row.ytd_credit for row in openings if row.account[:4] in CASH_CODES), ZERO)
    balances = balances_of(vouchers, start="2026-03", openings=openings, opening_cash_flow={1: cash})
    book = book_of(balances)

    built = [
        book.balance_sheet(MAY, closed=False),
        book.income_statement(MAY, closed=False),
        book.cash_flow(MAY, span="quarter", closed=False),
        book.cash_flow(MAY, span="year", closed=False),
    ]

    assert [failing(statement) for statement in built] == [[], [], [], []]
    assert built[0].amount(30, "year_begin") == built[0].amount(53, "year_begin")


@settings(max_examples=60, deadline=None)
@given(random_vouchers("2026-01", "2026-06"), random_openings(ytd=False))
def test_cash_flow_explains_the_change_of_cash(vouchers, openings):
    balances = balances_of(vouchers, openings=openings)

    statement = book_of(balances).cash_flow(MAY, closed=True)

    change = sum((balances.turnover(code, month_span(MAY)).net for code in CASH_CODES), ZERO)
    assert failing(statement) == []
    assert statement.amount(20, "current") == change


@settings(max_examples=60, deadline=None)
@given(random_vouchers("2026-01", "2026-06"), random_openings(ytd=False))
def test_trial_balance_totals_agree_in_pairs_and_with_the_general_ledger(vouchers, openings):
    balances = balances_of(vouchers, openings=openings)
    span = Span(MARCH, MAY)

    trial = trial_balance(balances, span)

    assert trial.balanced
    for row in trial.rows:
        last = general_ledger(balances, row.account.code, span)[-1]
        assert last.balance == row.amounts.closing_debit - row.amounts.closing_credit
        assert (last.debit, last.credit) == (row.amounts.ytd_debit, row.amounts.ytd_credit)


@settings(max_examples=60, deadline=None)
@given(random_vouchers("2026-12", "2026-12"), random_openings(ytd=False))
def test_closing_steps_empty_profit_and_loss_and_leave_income_alone(vouchers, openings):
    december = Period(2026, 12)
    before = balances_of(vouchers, openings=openings)
    transfers = [Voucher(december, tuple(lines), True) for lines in profit_transfer(leaves(before, december))]
    transferred = balances_of([*vouchers, *transfers], openings=openings)
    year_end = Voucher(december, tuple(year_profit(leaves(transferred, december))), True)
    after = balances_of([*vouchers, *transfers, year_end], openings=openings)

    income_before = book_of(before).income_statement(december, closed=True)
    income_after = book_of(after).income_statement(december, closed=True)

    assert all(sum(line.net for line in one.lines) == 0 for one in [*transfers, year_end])
    assert all(not after.balance(account.code, december) for account in LEAVES if account.code[0] == "5")
    assert after.balance("3103", december) == 0
    assert after.balance("3104", december) == after.balance("310490", december)
    assert income_before.rows == income_after.rows
    assert profit_transfer(leaves(after, december)) == []
    assert year_profit(leaves(after, december)) == []


def leaves(balances, period):
    return [LeafBalance(account.code, account.direction, balances.balance(account.code, period)) for account in LEAVES]
