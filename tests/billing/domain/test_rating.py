"""R-GRADUATED, R-VOLUME, R-PACKAGE, R-PERCENT, R-FREE, R-FREE-PRORATED, R-WEIGHTED, R-CAP, R-LATE."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.billing.domain import rating
from apps.billing.domain.calendar import ZONE, Period
from apps.billing.domain.money import ZERO, total
from apps.billing.domain.rating import Cap, LevelChange, Tier, Usage, UsagePrice
from tests.billing.domain.strategies import amounts, quantities, rising_prices

STEPS = (
    Tier(Decimal(1000), Decimal("0.10")),
    Tier(Decimal(5000), Decimal("0.08")),
    Tier(None, Decimal("0.05")),
)
FEBRUARY = Period(date(2026, 2, 1), date(2026, 3, 1))


def charge(price: UsagePrice, quantity: str) -> str:
    return str(rating.charge(price, Decimal(quantity)))


@given(rising_prices, quantities, quantities)
def test_more_units_never_cost_less(price, quantity, more):
    assert rating.charge(price, quantity) <= rating.charge(price, quantity + more)


@given(rising_prices, quantities, st.lists(quantities, max_size=5))
def test_r_late_deltas_telescope_to_the_charge_of_everything(price, invoiced, late):
    billed, seen = rating.charge(price, invoiced), invoiced
    for quantity in late:
        billed += rating.late_charge(price, seen, seen + quantity)
        seen += quantity

    assert billed == rating.charge(price, seen)


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [("1000", "100.00"), ("1001", "80.08"), ("5000", "400.00"), ("5001", "250.05")],
)
def test_r_volume_all_units_at_the_tier_of_the_total(quantity, expected):
    assert charge(UsagePrice(model="volume", tiers=STEPS), quantity) == expected


def test_r_free_comes_off_before_the_tiers_count():
    price = UsagePrice(model="graduated", tiers=STEPS, free_units=Decimal(300))

    assert charge(price, "300") == "0.00"
    assert charge(price, "1301") == "100.08"  # 1000 x 0.10 + 1 x 0.08
    assert rating.rate(price, Usage(Decimal("1301"))).billable == 1001


def test_r_free_prorated_is_floored_to_whole_units():
    price = UsagePrice(model="per_unit", unit_price=Decimal("0.10"), free_units=Decimal(300), free_prorated=True)

    assert rating.allowance(price, (13, 31)) == 125  # 300 x 13/31 = 125.81
    assert rating.allowance(price) == 300
    assert rating.charge(price, 200, (13, 31)) == Decimal("7.50")


@pytest.mark.parametrize(
    ("quantity", "expected"), [("20000", "0.00"), ("20001", "5.00"), ("30000", "5.00"), ("30001", "10.00")]
)
def test_r_package_started_packages_are_paid_whole(quantity, expected):
    price = UsagePrice(
        model="package",
        package_size=Decimal(10_000),
        package_price=Decimal("5.00"),
        free_units=Decimal(20_000),
    )

    assert charge(price, quantity) == expected


def test_r_percent_is_rate_x_amount_plus_fixed_x_count():
    price = UsagePrice(model="percentage", rate=Decimal("0.006"), fixed_per_transaction=Decimal("0.10"))

    rated = rating.rate(price, Usage(amount=Decimal("1234.56"), transactions=3))

    assert rated.amount == Decimal("7.71")  # 7.40736 + 0.30
    assert rated.billable is None


def test_r_weighted_the_level_at_the_end_of_a_day_counts_for_that_day():
    def at(day: int, hour: int) -> datetime:
        return datetime(2026, 2, day, hour, tzinfo=ZONE)

    changes = [
        LevelChange(at(11, 9), Decimal(50)),
        LevelChange(at(11, 22), Decimal(22)),  # the last of the day holds
        LevelChange(at(4, 0), Decimal(10)),
        LevelChange(datetime(2026, 3, 1, tzinfo=ZONE), Decimal(999)),
        LevelChange(datetime(2026, 1, 20, tzinfo=ZONE), Decimal(1)),
    ]

    # 3 x 1 + 7 x 10 + 18 x 22
    assert rating.level_days(FEBRUARY, Decimal(0), changes) == 469


@given(rising_prices, amounts, st.lists(quantities, max_size=8))
def test_r_cap_hard_never_passes_the_cap_and_refuses_only_what_would(price, limit, events):
    capped = rating.rate_under_cap(price, Cap(limit, "hard"), [Usage(event) for event in events])

    taken = Decimal(0)
    for event, admitted in zip(events, capped.admitted, strict=True):
        assert admitted == (rating.charge(price, taken + event) <= limit)
        taken += event if admitted else 0
    assert capped.charge == rating.charge(price, taken)
    assert capped.waived == ZERO


@given(rising_prices, amounts, st.lists(quantities, max_size=8))
def test_r_cap_soft_takes_everything_and_waives_the_rest(price, limit, events):
    capped = rating.rate_under_cap(price, Cap(limit, "soft"), [Usage(event) for event in events])

    assert all(capped.admitted)
    assert capped.gross == rating.charge(price, sum(events, Decimal(0)))
    assert capped.charge == min(capped.gross, limit)
    assert total([capped.charge, capped.waived]) == capped.gross


def test_r_minimum_true_up_fills_to_the_prorated_minimum():
    minimum = rating.effective_minimum(Decimal("200.00"), (13, 31))

    assert minimum == Decimal("83.87")  # 200 x 13/31 = 83.8710
    assert rating.true_up(minimum, Decimal("80.00")) == Decimal("3.87")
    assert rating.true_up(minimum, Decimal("90.00")) == ZERO
