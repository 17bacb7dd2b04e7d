"""Amounts, lines, prices and discounts as the shop sees them, for property tests."""

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from apps.billing.domain.discounts import Coupon, Subsidy
from apps.billing.domain.invoice import DraftLine, InvoiceDraft, Minimum
from apps.billing.domain.money import from_fen
from apps.billing.domain.rating import Tier, UsagePrice
from apps.billing.domain.wallet import Grant

ITEMS = ("finance", "inventory", "production", "supply", "seat")

amounts = st.integers(0, 500_000).map(from_fen)
signed_amounts = st.integers(-200_000, 500_000).map(from_fen)
percents = st.integers(0, 10_000).map(lambda value: Decimal(value) / 100)
rates = st.sampled_from([Decimal("0.06"), Decimal("0.03"), Decimal("0.01"), Decimal("0.13"), Decimal("0")])
unit_prices = st.integers(0, 3_000_000).map(lambda value: Decimal(value).scaleb(-4))
quantities = st.integers(0, 2_000_000).map(lambda value: Decimal(value).scaleb(-2))
items = st.none() | st.frozensets(st.sampled_from(ITEMS), min_size=1)

lines = st.builds(
    DraftLine,
    kind=st.sampled_from(["fixed", "usage", "late_usage", "proration_charge", "proration_credit"]),
    amount=signed_amounts,
    item=st.sampled_from(ITEMS),
    tax_rate=st.none() | rates,
)
coupons = st.builds(Coupon, duration=st.sampled_from(["once", "forever"]), percent=percents, items=items) | st.builds(
    Coupon, duration=st.just("once"), amount=amounts, items=items, carry=st.booleans()
)
grants = st.builds(
    Grant,
    id=st.uuids().map(str),
    kind=st.sampled_from(["promo", "paid"]),
    remaining=amounts,
    expires_on=st.none() | st.dates(date(2026, 2, 1), date(2026, 4, 30)),
    created_on=st.dates(date(2025, 1, 1), date(2026, 2, 28)),
)
subsidies = st.builds(
    Subsidy,
    provider_percent=percents.map(lambda value: value / 2),
    government_percent=percents.map(lambda value: value / 2),
    government_cap=st.none() | amounts,
    items=items,
)
drafts = st.builds(
    InvoiceDraft,
    lines=st.lists(lines, max_size=7).map(tuple),
    tax_rate=rates,
    on=st.just(date(2026, 3, 4)),
    minimum=st.none() | st.builds(Minimum, amounts),
    coupons=st.lists(coupons, max_size=3).map(tuple),
    grants=st.lists(grants, max_size=4).map(tuple),
    customer_balance=amounts,
    subsidy=st.none() | subsidies,
)


@st.composite
def tiers(draw):
    """Two or three steps with rising ends and an endless last one."""
    ends = sorted(draw(st.sets(st.integers(1, 10_000), min_size=1, max_size=2)))
    prices = [draw(unit_prices) for _ in range(len(ends) + 1)]
    return tuple(
        Tier(None if end is None else Decimal(end), price) for end, price in zip([*ends, None], prices, strict=True)
    )


rising_prices = st.one_of(
    st.builds(UsagePrice, model=st.just("per_unit"), unit_price=unit_prices, free_units=quantities),
    st.builds(UsagePrice, model=st.just("graduated"), tiers=tiers(), free_units=quantities),
    st.builds(
        UsagePrice,
        model=st.just("package"),
        package_size=st.integers(1, 10_000).map(Decimal),
        package_price=amounts,
        free_units=quantities,
    ),
)
