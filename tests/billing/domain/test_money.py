"""R-ROUND and R-ALLOC."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.billing.domain.money import largest_remainder, round_half_up, share_out, to_fen, total
from tests.billing.domain.strategies import signed_amounts

exact_values = st.fractions(min_value=-10_000, max_value=10_000, max_denominator=100_000)


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [
        (Fraction(1, 200), "0.01"),  # a tie goes away from zero
        (Fraction(-1, 200), "-0.01"),
        (Fraction(46_0714, 10_000), "46.07"),
        (Decimal("2.675"), "2.68"),  # binary floats would say 2.67
        (Decimal("-0.004"), "0.00"),
        (0, "0.00"),
    ],
)
def test_r_round_half_up_away_from_zero(exact, rounded):
    assert str(round_half_up(exact)) == rounded


@given(exact_values)
def test_r_round_is_within_half_a_fen_and_symmetric(exact):
    rounded = round_half_up(exact)

    assert abs(Fraction(rounded) - exact) <= Fraction(1, 200)
    assert round_half_up(-exact) == -rounded


def test_r_alloc_gives_ties_to_the_lower_index():
    shares = largest_remainder(Decimal("100.00"), [Fraction(100, 3)] * 3)

    assert shares == (Decimal("33.34"), Decimal("33.33"), Decimal("33.33"))


@given(st.lists(exact_values, min_size=1, max_size=12))
def test_r_alloc_sums_to_the_rounded_whole_and_stays_within_a_fen(exact_shares):
    amount = round_half_up(sum(exact_shares, Fraction(0)))

    shares = largest_remainder(amount, exact_shares)

    assert total(shares) == amount
    for share, exact in zip(shares, exact_shares, strict=True):
        assert abs(Fraction(share) - exact) <= Fraction(1, 100)


@given(signed_amounts, st.lists(st.integers(0, 1000), min_size=1, max_size=9).filter(any))
def test_r_cost_shares_by_weight_sum_exactly(amount, weights):
    shares = share_out(amount, weights)

    assert total(shares) == amount


def test_money_refuses_parts_of_a_fen():
    with pytest.raises(ValueError, match="fen"):
        to_fen(Decimal("0.001"))
    with pytest.raises(ValueError, match="over nothing"):
        largest_remainder(Decimal("0.01"), [])
