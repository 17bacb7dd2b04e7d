"""P8: wages are the sum of their lines and the sum over employees, whatever is reported and undone."""

from datetime import date
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from apps.production.domain.wages import (
    Rate,
    RateRow,
    Share,
    Tier,
    WorkRow,
    half_up,
    pay,
    totals_of,
    wages_of,
)

MONEY = st.integers(0, 10**6).map(lambda n: Fraction(n, 10**4))
WEIGHTS = st.lists(st.integers(1, 1000).map(lambda n: Fraction(n, 100)), min_size=1, max_size=7)
GOOD = st.integers(0, 10**5).map(Fraction)


@given(GOOD, MONEY, WEIGHTS)
def test_a_group_shares_exactly_what_the_report_earns(good: Fraction, rate: Fraction, weights: list[Fraction]):
    shares = [Share(f"E{number}", weight) for number, weight in enumerate(weights)]

    paid = pay(good, Rate(rate), shares)

    assert sum(one.fen for one in paid) == half_up(good * rate * 100)
    assert sum(one.quantity for one in paid) == good


@given(GOOD, GOOD, MONEY, MONEY, st.integers(1, 1000))
def test_tiers_pay_the_same_in_one_report_or_two(
    first: Fraction, second: Fraction, low: Fraction, high: Fraction, start: int
):
    rate = Rate(low, (Tier(Fraction(start), high),))

    parts = rate.value(Fraction(0), first) + rate.value(first, second)

    assert parts == rate.value(Fraction(0), first + second)


@settings(max_examples=50)
@given(st.lists(st.tuples(GOOD, WEIGHTS, st.booleans()), max_size=12), MONEY)
def test_totals_are_sums_and_an_undo_leaves_nothing(
    reports: list[tuple[Fraction, list[Fraction], bool]], rate: Fraction
):
    day = date(2026, 6, 30)
    rows: list[WorkRow] = []
    for number, (good, weights, undone) in enumerate(reports):
        workers = tuple((f"E{place}", weight) for place, weight in enumerate(weights))
        rows.append(WorkRow(f"R{number}", day, "DN50", 10, good, workers))
        if undone:
            rows.append(WorkRow(f"U{number}", day, "DN50", 10, Fraction(0), (), undoes=f"R{number}"))

    lines = wages_of([RateRow("DN50", 10, date(2026, 1, 1), Rate(rate))], rows)

    kept = sum(half_up(good * rate * 100) for good, _weights, undone in reports if not undone)
    assert sum(totals_of(lines).values()) == kept
    assert kept == sum(paid.fen for rows_of in lines.values() for paid in rows_of)
