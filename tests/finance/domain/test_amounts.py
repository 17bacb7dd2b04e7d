"""Amounts: read strictly, round once, write in words."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.finance.domain.amounts import (
    allocate,
    chinese_upper,
    format_amount,
    multiply,
    parse_amount,
    round_half_up,
    sum_lines,
)
from apps.finance.domain.errors import BookkeepingError
from apps.finance.domain.lines import credit_line, debit_line

fen = st.integers(-(10**18) + 1, 10**18 - 1)


@pytest.mark.parametrize(
    ("text", "value"),
    [("5000.00", "5000.00"), ("5", "5.00"), ("-3.5", "-3.50"), ("-0", "0.00"), ("9" * 16 + ".99", "9" * 16 + ".99")],
)
def test_amounts_are_read(text, value):
    assert str(parse_amount(text)) == value


@pytest.mark.parametrize(
    "text",
    ["", " 5", "5 ", "1,000", "1e3", ".5", "5.", "+5", "5.001", "1" * 17, "１２", "NaN", "--5", "0x1", "5\n"],
)
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(BookkeepingError) as refusal:
        parse_amount(text)

    assert refusal.value.code == "invalid"


def test_a_third_decimal_has_its_own_sentence():
    with pytest.raises(BookkeepingError, match="小数多于两位"):
        parse_amount("3.545")


@pytest.mark.parametrize(
    ("value", "rounded"),
    [("-3.545", "-3.55"), ("3.545", "3.55"), ("3.5449", "3.54"), ("-0.004", "0.00"), ("0.005", "0.01")],
)
def test_rounding_is_half_up_away_from_zero(value, rounded):
    assert str(round_half_up(Decimal(value))) == rounded


def test_a_product_is_rounded_once():
    # 12345678901234.56 × 7.12345678 = 87943909... exact; two roundings would lose the last fen
    exact = Decimal(1234567890123456 * 712345678).scaleb(-10)

    assert multiply(Decimal("12345678901234.56"), Decimal("7.12345678")) == round_half_up(exact)


@given(fen)
def test_format_and_parse_are_inverse(number):
    amount = Decimal(number).scaleb(-2)

    assert parse_amount(format_amount(amount)) == amount


@given(fen.filter(bool), st.lists(st.integers(0, 10**6), min_size=1, max_size=9).filter(any))
def test_allocation_adds_up_to_the_fen(number, weights):
    total = Decimal(number).scaleb(-2)

    parts = allocate(total, [Decimal(weight) for weight in weights])

    assert sum(parts) == total
    assert all(part == round_half_up(part) for part in parts)


def test_allocation_needs_a_positive_basis():
    for weights in ([], [Decimal(0)], [Decimal(2), Decimal(-1)]):
        with pytest.raises(BookkeepingError):
            allocate(Decimal(1), weights)


def test_difference_of_lines():
    sums = sum_lines([debit_line("1002", "收款", Decimal("87.50")), credit_line("1122", "收款", Decimal("0"))])

    assert (sums.difference, sums.balanced) == (Decimal("87.50"), False)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "人民币零元整"),
        ("0.05", "人民币伍分"),
        ("0.50", "人民币伍角整"),
        ("10", "人民币壹拾元整"),
        ("1680.32", "人民币壹仟陆佰捌拾元零叁角贰分"),
        ("16409.02", "人民币壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "人民币叁佰贰拾伍元零肆分"),
        ("6007.14", "人民币陆仟零柒元壹角肆分"),
        ("100000000", "人民币壹亿元整"),
        ("500000001000", "人民币伍仟亿零壹仟元整"),
        ("-35.20", "人民币负叁拾伍元贰角整"),
    ],
)
def test_amounts_in_words(amount, words):
    assert chinese_upper(Decimal(amount)) == words


@given(fen)
def test_words_read_back_as_the_amount(number):
    amount = Decimal(number).scaleb(-2)

    assert read_words(chinese_upper(amount)) == amount


@given(st.integers(0, 10**18 - 1))
def test_words_never_repeat_a_zero_and_end_in_order(number):
    words = chinese_upper(Decimal(number).scaleb(-2))

    assert "零零" not in words
    assert words.endswith("整") != words.endswith("分")


def test_fractions_of_a_fen_have_no_words():
    with pytest.raises(BookkeepingError):
        chinese_upper(Decimal("0.001"))


def read_words(words: str) -> Decimal:
    """An independent reader: 亿 and 万 close groups, 拾佰仟 places."""
    text = words.removeprefix("人民币").removesuffix("整")
    sign = -1 if text.startswith("负") else 1
    yuan_text, _, fen_text = text.removeprefix("负").rpartition("元")
    total, group, digit = 0, 0, 0
    high = 0
    for sign_character in yuan_text:
        if sign_character in "零壹贰叁肆伍陆柒捌玖":
            digit = "零壹贰叁肆伍陆柒捌玖".index(sign_character)
        elif sign_character in "拾佰仟":
            group += digit * 10 ** ("拾佰仟".index(sign_character) + 1)
            digit = 0
        elif sign_character == "万":
            total, group, digit = (group + digit) * 10**4, 0, 0
        else:
            high, total, group, digit = total + group + digit, 0, 0, 0
    yuan = high * 10**8 + total + group + digit
    cents = 0
    for position, character in enumerate(fen_text):
        if character == "角":
            cents += 10 * "零壹贰叁肆伍陆柒捌玖".index(fen_text[position - 1])
        elif character == "分":
            cents += "零壹贰叁肆伍陆柒捌玖".index(fen_text[position - 1])
    return sign * (Decimal(yuan) + Decimal(cents).scaleb(-2))
