"""What the operator earns: recurring revenue, recognition, cohorts, unit economics, ageing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from apps.billing.domain.calendar import Interval, Period, boundary, month_of
from apps.billing.domain.money import ZERO, ratio, round_half_up, share_out, total
from apps.billing.domain.tax import split_inclusive


@dataclass(frozen=True)
class RecurringItem:
    """An item at one instant: CNY per unit and interval, VAT included, after forever coupons."""

    unit_price: Decimal
    quantity: int
    interval: Interval


@dataclass(frozen=True, kw_only=True)
class Waterfall:
    """R-MRR by tenant, CNY: start + new + reactivation + expansion - contraction - churn = end."""

    start: Decimal
    new: Decimal
    reactivation: Decimal
    expansion: Decimal
    contraction: Decimal
    churn: Decimal
    end: Decimal
    logo_churn: Decimal

    @property
    def arr(self) -> Decimal:
        """Twelve months of the end."""
        return self.end * 12


@dataclass(frozen=True)
class CostPool:
    """R-COST: CNY of one month, allocated by `driver`."""

    name: str
    amount: Decimal
    driver: str


@dataclass(frozen=True, kw_only=True)
class UnitEconomics:
    """Per tenant and in total, CNY without VAT; `margin` is None without revenue."""

    revenue: Mapping[str, Decimal]
    cost: Mapping[str, Decimal]
    contribution: Mapping[str, Decimal]
    margin: Mapping[str, Decimal | None]
    revenue_by_module: Mapping[str, Decimal]
    total_revenue: Decimal
    total_cost: Decimal
    unallocated: Decimal
    total_contribution: Decimal


@dataclass(frozen=True, kw_only=True)
class Ageing:
    """Open remainders by days past due, CNY."""

    not_due: Decimal = ZERO
    d1_30: Decimal = ZERO
    d31_60: Decimal = ZERO
    d61_90: Decimal = ZERO
    over_90: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        """All buckets."""
        return self.not_due + self.d1_30 + self.d31_60 + self.d61_90 + self.over_90


def monthly_recurring(items: Iterable[RecurringItem]) -> Decimal:
    """R-MRR: sum of round(price x quantity, yearly / 12) per item, CNY."""
    return total(
        round_half_up(Fraction(item.unit_price) * item.quantity / (12 if item.interval == "year" else 1))
        for item in items
    )


def waterfall(start: Mapping[str, Decimal], end: Mapping[str, Decimal], paid_before: Iterable[str] = ()) -> Waterfall:
    """R-MRR: from the MRR of each tenant at both ends; `paid_before` paid earlier and are not in `start`."""
    known, tenants = set(paid_before), dict.fromkeys([*start, *end])
    before = {tenant: start.get(tenant, ZERO) for tenant in tenants}
    after = {tenant: end.get(tenant, ZERO) for tenant in tenants}
    arrived = [tenant for tenant in tenants if not before[tenant] and after[tenant]]
    left = [tenant for tenant in tenants if before[tenant] and not after[tenant]]
    moved = [after[tenant] - before[tenant] for tenant in tenants if before[tenant] and after[tenant]]
    return Waterfall(
        start=total(before.values()),
        new=total(after[tenant] for tenant in arrived if tenant not in known),
        reactivation=total(after[tenant] for tenant in arrived if tenant in known),
        expansion=total(difference for difference in moved if difference > 0),
        contraction=-total(difference for difference in moved if difference < 0),
        churn=total(before[tenant] for tenant in left),
        end=total(after.values()),
        logo_churn=ratio(len(left), sum(1 for amount in before.values() if amount)),
    )


def recognised_through(net: Decimal, service: Period, day: date) -> Decimal:
    """R-REVREC: round(net x days / service days) for the days up to, without, `day`; CNY."""
    days = (min(max(day, service.start), service.end) - service.start).days
    return round_half_up(Fraction(net) * days / service.days)


def recognition(net: Decimal, service: Period) -> dict[date, Decimal]:
    """R-REVREC: revenue by month (its 1st), the difference of cumulative roundings; sums to `net`."""
    months: dict[date, Decimal] = {}
    month, before = month_of(service.start), ZERO
    while month.start < service.end:
        through = recognised_through(net, service, month.end)
        months[month.start] = through - before
        month, before = month_of(month.end), through
    return months


def net_of_gross(gross: Decimal, tax_rate: Decimal) -> Decimal:
    """R-TAX-INCL: what of a gross amount is revenue, CNY."""
    return split_inclusive(gross, tax_rate).net


def logo_retention(
    cohort: Iterable[str], since: date, paying: Mapping[date, Iterable[str]], through: date
) -> tuple[Decimal, ...]:
    """R-COHORT: share of a sign-up cohort paying in month 0, 1, … up to the month `through` (2 decimals).

    `since`, `through` and the keys of `paying` are firsts of months.
    """
    members = set(cohort)
    return tuple(
        ratio(len(members.intersection(paying.get(month, ()))), len(members)) for month in _months(since, through)
    )


def revenue_retention(
    cohort: Iterable[str], since: date, mrr: Mapping[date, Mapping[str, Decimal]], through: date
) -> tuple[Decimal, ...]:
    """R-COHORT: MRR of the cohort in month n as a share of its MRR in month 0 (2 decimals)."""
    members = set(cohort)
    sums = [
        total(amount for tenant, amount in mrr.get(month, {}).items() if tenant in members)
        for month in _months(since, through)
    ]
    return tuple(ratio(amount, sums[0]) for amount in sums)


def allocate_pools(
    tenants: Sequence[str], pools: Iterable[CostPool], drivers: Mapping[str, Mapping[str, Decimal]]
) -> tuple[dict[str, Decimal], Decimal]:
    """R-COST, R-ALLOC in tenant order: cost per tenant and what no driver takes, CNY."""
    cost, unallocated = dict.fromkeys(tenants, ZERO), ZERO
    for pool in pools:
        driver = drivers.get(pool.driver, {})
        weights = [driver.get(tenant, Decimal(0)) for tenant in tenants]
        if not sum(weights):
            unallocated += pool.amount
            continue
        for tenant, share in zip(tenants, share_out(pool.amount, weights), strict=True):
            cost[tenant] += share
    return cost, unallocated


def unit_economics(
    revenue: Mapping[str, Mapping[str, Decimal]],
    pools: Sequence[CostPool],
    drivers: Mapping[str, Mapping[str, Decimal]],
) -> UnitEconomics:
    """R-COST: revenue by tenant and module (CNY without VAT) against allocated pools.

    Tenant order is that of `revenue`; tenants that only a driver names follow.
    """
    tenants = list(dict.fromkeys([*revenue, *(tenant for driver in drivers.values() for tenant in driver)]))
    earned = {tenant: total(revenue.get(tenant, {}).values()) for tenant in tenants}
    cost, unallocated = allocate_pools(tenants, pools, drivers)
    contribution = {tenant: earned[tenant] - cost[tenant] for tenant in tenants}
    by_module: dict[str, Decimal] = {}
    for modules in revenue.values():
        for module, amount in modules.items():
            by_module[module] = by_module.get(module, ZERO) + amount
    total_revenue, total_cost = total(earned.values()), total(pool.amount for pool in pools)
    return UnitEconomics(
        revenue=earned,
        cost=cost,
        contribution=contribution,
        margin={tenant: ratio(contribution[tenant], earned[tenant]) if earned[tenant] else None for tenant in tenants},
        revenue_by_module=by_module,
        total_revenue=total_revenue,
        total_cost=total_cost,
        unallocated=unallocated,
        total_contribution=total_revenue - total_cost,
    )


def bucket(days_past_due: int) -> str:
    """Ageing bucket: <= 0 not_due, 1–30, 31–60, 61–90, above."""
    if days_past_due <= 0:
        return "not_due"
    edges = ((30, "d1_30"), (60, "d31_60"), (90, "d61_90"))
    return next((name for edge, name in edges if days_past_due <= edge), "over_90")


def ageing(as_of: date, remainders: Iterable[tuple[date, Decimal]]) -> Ageing:
    """Open (due date, CNY) pairs by days past due on `as_of`."""
    sums: dict[str, Decimal] = {}
    for due, remaining in remainders:
        name = bucket((as_of - due).days)
        sums[name] = sums.get(name, ZERO) + remaining
    return Ageing(**sums)


def _months(since: date, through: date) -> list[date]:
    count = (through.year - since.year) * 12 + through.month - since.month + 1
    return [boundary(since, "month", number) for number in range(max(0, count))]
