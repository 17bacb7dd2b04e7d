"""R-MRR, R-REVREC, R-COHORT, R-COST and ageing."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.billing.domain import analytics
from apps.billing.domain.analytics import CostPool
from apps.billing.domain.calendar import Period
from apps.billing.domain.money import ZERO, total
from tests.billing.domain.strategies import amounts

tenants = st.sampled_from(["宏达五金", "精工模具", "永兴电镀", "长青塑胶"])
mrr = st.dictionaries(tenants, amounts)


@given(mrr, mrr, st.sets(tenants))
def test_r_mrr_the_waterfall_conserves(start, end, paid_before):
    figures = analytics.waterfall(start, end, paid_before)

    gained = figures.new + figures.reactivation + figures.expansion
    assert figures.start + gained - figures.contraction - figures.churn == figures.end
    assert min(vars(figures).values()) >= 0


def test_r_mrr_tells_new_from_reactivated():
    figures = analytics.waterfall(
        {"宏达五金": Decimal("99.00")},
        {"精工模具": Decimal("129.00"), "永兴电镀": Decimal("89.00")},
        ["永兴电镀"],
    )

    assert (figures.new, figures.reactivation, figures.churn) == (
        Decimal("129.00"),
        Decimal("89.00"),
        Decimal("99.00"),
    )
    assert figures.logo_churn == Decimal("1.00")


@given(amounts, st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.integers(1, 800))
def test_r_revrec_months_sum_to_the_net(net, start, days):
    service = Period(start, date.fromordinal(start.toordinal() + days))

    months = analytics.recognition(net, service)

    assert total(months.values()) == net
    assert list(months) == sorted(months)


def test_r_cohort_shares_of_sign_ups_and_of_their_first_revenue():
    january, march = date(2026, 1, 1), date(2026, 3, 1)
    cohort = ["宏达五金", "精工模具", "永兴电镀"]
    paying = {january: ["宏达五金", "精工模具"], march: ["精工模具", "长青塑胶"]}
    revenue = {
        january: {"宏达五金": Decimal("100.00"), "精工模具": Decimal("50.00")},
        march: {"精工模具": Decimal("75.00"), "长青塑胶": Decimal("999.00")},
    }

    assert analytics.logo_retention(cohort, january, paying, march) == (
        Decimal("0.67"),
        ZERO,
        Decimal("0.33"),
    )
    assert analytics.revenue_retention(cohort, january, revenue, march) == (
        Decimal("1.00"),
        ZERO,
        Decimal("0.50"),
    )
    assert analytics.logo_retention(cohort, march, paying, january) == ()


@given(mrr, st.dictionaries(tenants, st.integers(0, 50).map(Decimal)), amounts)
def test_r_cost_every_yuan_is_allocated_or_named(earned, days, amount):
    revenue = {tenant: {"finance": value} for tenant, value in earned.items()}
    pools = [CostPool("servers", amount, "days"), CostPool("phones", Decimal("9.00"), "minutes")]

    figures = analytics.unit_economics(revenue, pools, {"days": days})

    assert total(figures.cost.values()) + figures.unallocated == figures.total_cost
    assert total(figures.contribution.values()) - figures.unallocated == figures.total_contribution
    assert figures.unallocated >= Decimal("9.00")


@pytest.mark.parametrize(
    ("days", "name"),
    [
        (-5, "not_due"),
        (0, "not_due"),
        (1, "d1_30"),
        (30, "d1_30"),
        (31, "d31_60"),
        (60, "d31_60"),
        (61, "d61_90"),
        (90, "d61_90"),
        (91, "over_90"),
    ],
)
def test_ageing_buckets(days, name):
    assert analytics.bucket(days) == name
