"""Red letters, closing lines and cash-flow tags."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.finance.domain.cashflow import amount_of, cash_change, check_tag, is_cash, tag_lines
from apps.finance.domain.errors import BookkeepingError
from apps.finance.domain.lines import Line, credit_line, debit_line
from apps.finance.domain.profit_transfer import (
    LeafBalance,
    check_closing_accounts,
    profit_transfer,
    year_profit,
)
from apps.finance.domain.red import (
    check_reversal,
    correction_prefix,
    marked_lines,
    reversal_lines,
    reversal_prefix,
)
from tests.finance.domain.books import balanced_lines, yuan

PREFIX = reversal_prefix(date(2026, 9, 10), "记", 12)


def test_the_mark_of_a_reversal_and_of_its_correction():
    assert PREFIX == "注销2026年9月10日记-12号凭证"
    assert correction_prefix(date(2026, 9, 10), "记", 12) == "订正2026年9月10日记-12号凭证"


@given(balanced_lines())
def test_a_reversal_and_its_original_sum_to_zero_on_each_side(lines):
    red = reversal_lines(lines, PREFIX)

    for original, reversed_line in zip(lines, red, strict=True):
        assert original.debit + reversed_line.debit == 0
        assert original.credit + reversed_line.credit == 0
        assert reversed_line.account == original.account
        assert reversed_line.summary.startswith(PREFIX)
    assert sum(line.net for line in red) == 0


def test_a_reversal_turns_quantities_and_keeps_what_matches_it():
    line = Line(
        "1403",
        "钢" * 200,
        debit=yuan("5000"),
        quantity=Decimal("1000"),
        unit_price=Decimal("5"),
        ref="CG-01",
        due_on=date(2026, 2, 14),
        cash_flow=3,
    )

    red = reversal_lines([line], PREFIX)[0]

    assert (red.debit, red.credit, red.quantity) == (yuan("-5000"), Decimal(0), Decimal("-1000"))
    assert (red.unit_price, red.ref, red.cash_flow) == (Decimal("5"), "CG-01", 3)
    assert len(red.summary) == 200  # the long summary gives way to the mark


def test_a_correction_keeps_its_amounts():
    line = debit_line("1403", "采购钢材", yuan(8))

    assert marked_lines([line], "订正")[0] == replace(line, summary="订正 采购钢材")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reason": "error", "reversal_on": date(2027, 1, 5)}, "prior_year_needs_blue"),
        ({"reason": "oops"}, "invalid"),
        ({"reversal_on": date(2026, 9, 9)}, "invalid"),
        ({"is_reversal": True}, "reversal_of_reversal"),
        ({"already_reversed": True}, "already_reversed"),
    ],
)
def test_what_may_not_be_reversed(changes, code):
    with pytest.raises(BookkeepingError) as refusal:
        check_reversal(**{**allowed_reversal(), **changes})

    assert refusal.value.code == code


@pytest.mark.parametrize("reason", ["estimate", "return"])
def test_estimates_and_returns_reach_back_over_the_year(reason):
    check_reversal(**{**allowed_reversal(), "reason": reason, "reversal_on": date(2027, 1, 5)})


def allowed_reversal():
    return {
        "reason": "error",
        "original_on": date(2026, 9, 10),
        "reversal_on": date(2026, 9, 30),
        "is_reversal": False,
        "already_reversed": False,
    }


def test_profit_transfer_writes_one_voucher_per_direction():
    balances = [
        LeafBalance("5001", "credit", yuan("-100000"), combo=3),
        LeafBalance("530104", "credit", yuan("50")),  # abnormal: stands negative
        LeafBalance("5401", "debit", yuan("45000")),
        LeafBalance("560302", "debit", yuan("-35.20")),
        LeafBalance("1002", "debit", yuan("9")),
    ]

    income, expense = profit_transfer(balances)

    assert [(line.account, line.combo, line.debit, line.credit) for line in income] == [
        ("5001", 3, yuan("100000"), yuan(0)),
        ("530104", 0, yuan("-50"), yuan(0)),
        ("3103", 0, yuan(0), yuan("99950")),  # 100000 - 50
    ]
    assert [(line.account, line.debit, line.credit) for line in expense] == [
        ("3103", yuan("44964.80"), yuan(0)),  # 45000 - 35.20
        ("5401", yuan(0), yuan("45000")),
        ("560302", yuan(0), yuan("-35.20")),
    ]


def test_profit_transfer_without_a_sum_leaves_3103_out():
    balances = [LeafBalance("5001", "credit", yuan(-5)), LeafBalance("5051", "credit", yuan(5))]

    vouchers = profit_transfer(balances)

    assert [[line.account for line in lines] for lines in vouchers] == [["5001", "5051"]]


def test_year_profit_moves_the_profit_and_then_its_distribution():
    balances = [
        LeafBalance("3103", "credit", yuan("-54235.20")),
        LeafBalance("310401", "credit", yuan("5423.52")),
        LeafBalance("310490", "credit", yuan("-1000")),
    ]

    lines = year_profit(balances)

    assert [(line.account, line.debit, line.credit) for line in lines] == [
        ("3103", yuan("54235.20"), yuan(0)),
        ("310490", yuan(0), yuan("54235.20")),
        ("310401", yuan(0), yuan("5423.52")),
        ("310490", yuan("5423.52"), yuan(0)),
    ]


def test_a_loss_credits_3103():
    lines = year_profit([LeafBalance("3103", "credit", yuan("88"))])

    assert [(line.account, line.net) for line in lines] == [("3103", yuan(-88)), ("310490", yuan(88))]


def test_closing_vouchers_stay_among_their_accounts():
    check_closing_accounts(["5001", "310490", "3103"])

    with pytest.raises(BookkeepingError) as refusal:
        check_closing_accounts(["5001", "1002"])
    assert refusal.value.code == "closing_voucher_accounts"


@given(balanced_lines())
def test_tags_explain_the_cash_of_a_voucher(lines):
    tags = tag_lines(lines)

    cash = sum((line.net for line in lines if is_cash(line.account)), Decimal("0.00"))
    assert cash_change(tags) == cash
    assert bool(tags) == (
        any(is_cash(line.account) for line in lines) and not all(is_cash(line.account) for line in lines)
    )


def test_default_tags_follow_account_and_side():
    lines = [
        credit_line("1002", "付款", yuan(1300)),
        debit_line("220201", "货款", yuan(1000)),
        debit_line("1602", "不在表里", yuan(100)),
        replace(debit_line("560301", "利息", yuan(200)), cash_flow=17),
    ]

    tags = tag_lines(lines)

    assert [(tag.position, tag.line, tag.amount, tag.guessed) for tag in tags] == [
        (1, 3, yuan(1000), False),
        (2, 6, yuan(100), True),
        (3, 17, yuan(200), False),
    ]


def test_no_tags_without_cash_or_between_cash_accounts():
    assert tag_lines([debit_line("1403", "料", yuan(1)), credit_line("2202", "料", yuan(1))]) == []
    assert tag_lines([debit_line("1001", "提现", yuan(1)), credit_line("1002", "提现", yuan(1))]) == []


@given(st.integers(-5, 30))
def test_only_detail_lines_may_be_tags(line):
    good = 1 <= line <= 18 and line not in (7, 13)

    if good:
        check_tag(line)
        assert abs(amount_of(line, yuan(5), yuan(0))) == 5
    else:
        with pytest.raises(BookkeepingError):
            check_tag(line)
