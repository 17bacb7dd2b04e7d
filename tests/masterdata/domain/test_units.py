"""Units: there and back is identity; what is not exact is refused."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from apps.masterdata.domain.units import (
    PROVISIONED_UNITS,
    STOCK_UNIT_FACTOR,
    BadFactor,
    BadQuantity,
    Factor,
    TooManyDecimals,
    UnitNames,
    UnitNotExact,
    UnknownUnit,
    check_decimals,
    convert,
    parse_quantity,
    plain,
)

quantities = st.decimals(min_value=-(10**9), max_value=10**9, places=4)
factors = st.builds(Factor, st.integers(1, 10_000), st.integers(1, 10_000))
BOX_OF_100 = Factor.parse("100")


@given(quantities, factors, factors)
def test_there_and_back_is_identity(quantity, source, target):
    try:
        there = convert(quantity, source=source, target=target)
    except (UnitNotExact, BadQuantity):
        return

    assert convert(there, source=target, target=source) == quantity


@given(quantities, factors, factors)
def test_answer_is_the_exact_fraction_or_a_refusal(quantity, source, target):
    exact = Fraction(quantity) * source.numerator * target.denominator / (source.denominator * target.numerator)

    if (exact * 10_000).denominator > 1:
        with pytest.raises(UnitNotExact):
            convert(quantity, source=source, target=target)
    elif abs(exact) >= 10**14:  # NUMERIC(18,4) has 14 digits before the point
        with pytest.raises(BadQuantity):
            convert(quantity, source=source, target=target)
    else:
        assert Fraction(convert(quantity, source=source, target=target)) == exact


@given(quantities, factors, factors, factors)
def test_by_way_of_a_third_unit_is_the_same(quantity, first, second, third):
    try:
        half_way = convert(quantity, source=first, target=second)
        direct = convert(quantity, source=first, target=third)
    except (UnitNotExact, BadQuantity):
        assume(False)

    assert convert(half_way, source=second, target=third) == direct


def test_two_hundred_and_fifty_pieces_are_two_boxes_and_a_half():
    assert convert(Decimal(250), source=STOCK_UNIT_FACTOR, target=BOX_OF_100) == Decimal("2.5")
    assert convert(Decimal("2.5"), source=BOX_OF_100) == Decimal(250)


def test_a_third_is_exact_when_it_divides_and_refused_when_not():
    third = Factor.parse("1/3")

    assert convert(Decimal(3), source=third) == Decimal(1)  # 3 x 1 / 3
    with pytest.raises(UnitNotExact) as refusal:
        convert(Decimal(1), source=third)
    assert (refusal.value.code, refusal.value.conflict) == ("unit_not_exact", True)


def test_answer_too_large_for_a_ledger_is_refused():
    with pytest.raises(BadQuantity):
        convert(Decimal(10**9), source=Factor(10**6))


@given(factors)
def test_factor_is_read_back_from_its_text(factor):
    assert Factor.parse(str(factor)) == factor


@pytest.mark.parametrize(
    ("text", "printed"),
    [("100", "100"), ("2/6", "1/3"), ("0.001", "1/1000"), (" １／３ ", "1/3"), ("2.5/5", "1/2")],
)
def test_factor_is_kept_in_lowest_terms(text, printed):
    assert str(Factor.parse(text)) == printed


@pytest.mark.parametrize("text", ["", "0", "-1", "1/0", "abc", "1e3", "1/2/3", "9" * 18, "0.0000000000001", "NaN"])
def test_factor_that_is_not_exact_and_positive_is_refused(text):
    with pytest.raises(BadFactor):
        Factor.parse(text)


@pytest.mark.parametrize("unit", PROVISIONED_UNITS, ids=lambda unit: unit.code)
def test_unit_answers_to_code_name_and_rec20(unit):
    names = UnitNames(PROVISIONED_UNITS)

    assert {names.find(name).code for name in (unit.code, unit.code.upper(), unit.name, unit.rec20)} == {unit.code}


def test_provisioned_units_are_the_seventeen_and_have_distinct_names():
    codes = [
        "pcs",
        "set",
        "pair",
        "box",
        "bag",
        "roll",
        "sheet",
        "g",
        "kg",
        "t",
        "mm",
        "cm",
        "m",
        "m2",
        "m3",
        "l",
        "h",
    ]

    assert [unit.code for unit in PROVISIONED_UNITS] == codes
    for names in ({u.name for u in PROVISIONED_UNITS}, {u.rec20 for u in PROVISIONED_UNITS}):
        assert len(names) == len(codes)


def test_older_codes_and_signs_are_understood():
    names = UnitNames(PROVISIONED_UNITS)

    assert names.find("EA").code == "pcs"
    assert names.find("㎡").code == "m2"
    assert names.find("公斤").code == "kg"
    with pytest.raises(UnknownUnit) as refusal:
        names.find("筐")
    assert refusal.value.code == "unknown_unit"


def test_pieces_are_whole_and_kilograms_have_three_decimals():
    assert check_decimals(Decimal("12.000"), 0) == 12
    assert check_decimals(Decimal("0.125"), 3) == Decimal("0.125")
    with pytest.raises(TooManyDecimals, match="0.5"):
        check_decimals(Decimal("0.5"), 0)


@pytest.mark.parametrize("text", ["", "abc", "NaN", "Infinity", "1E+14", "123456789012345", "9" * 400])
def test_quantity_that_no_ledger_holds_is_refused(text):
    with pytest.raises(BadQuantity):
        parse_quantity(text)


def test_quantity_has_at_most_four_decimals():
    assert parse_quantity(" １２．５ ") == Decimal("12.5")
    with pytest.raises(TooManyDecimals):
        parse_quantity("1.00001")
    with pytest.raises(TooManyDecimals):
        parse_quantity("1E-999999999999")
    assert str(parse_quantity("0E-999999999999")) == "0.0000"


@pytest.mark.parametrize(
    ("quantity", "text"),
    [("2.5000", "2.5"), ("1E+2", "100"), ("0.0000", "0"), ("-0.00", "0"), ("-1.50", "-1.5")],
)
def test_plain_text_of_a_quantity(quantity, text):
    assert plain(Decimal(quantity)) == text


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-1000, max_value=1000), st.integers(0, 6))
def test_decimals_are_counted_as_the_fraction_counts_them(quantity, decimals):
    fits = (Fraction(quantity) * 10**decimals).denominator == 1

    try:
        accepted = check_decimals(quantity, decimals) == quantity
    except TooManyDecimals:
        accepted = False

    assert accepted == fits
