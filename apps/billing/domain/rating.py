"""What a quantity costs: price models, allowances, levels and caps. Exact inside, rounded once at the end."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from apps.billing.domain.calendar import Period, local_day
from apps.billing.domain.money import ZERO, Exact, round_half_up

Model = Literal["per_unit", "graduated", "volume", "package", "percentage"]
CapMode = Literal["hard", "soft"]


@dataclass(frozen=True)
class Tier:
    """A step of a price: `up_to` inclusive, None for the last; CNY per unit."""

    up_to: Decimal | None
    unit_price: Decimal


@dataclass(frozen=True, kw_only=True)
class UsagePrice:
    """A price of a meter, CNY, VAT included. Tiers count from the first unit that is not free."""

    model: Model
    unit_price: Decimal = Decimal(0)
    tiers: tuple[Tier, ...] = ()
    free_units: Decimal = Decimal(0)
    free_prorated: bool = False
    package_size: Decimal = Decimal(1)
    package_price: Decimal = ZERO
    rate: Decimal = Decimal(0)
    fixed_per_transaction: Decimal = Decimal(0)


@dataclass(frozen=True)
class Usage:
    """What was used: units, or for a percentage price an amount (CNY) and a number of transactions."""

    quantity: Exact = Decimal(0)
    amount: Decimal = Decimal(0)
    transactions: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            Fraction(self.quantity) + Fraction(other.quantity),
            self.amount + other.amount,
            self.transactions + other.transactions,
        )


@dataclass(frozen=True)
class Rated:
    """`amount` in CNY for `billable` units beyond `allowance`; a percentage has no billable units."""

    amount: Decimal
    allowance: Decimal
    billable: Fraction | None


@dataclass(frozen=True)
class LevelChange:
    """A level that holds from the local day of `at` on."""

    at: datetime
    level: Decimal


@dataclass(frozen=True)
class Cap:
    """Spending limit in CNY: hard refuses the event, soft waives what is above."""

    amount: Decimal
    mode: CapMode


@dataclass(frozen=True, kw_only=True)
class CappedUsage:
    """The outcome of events under a cap; `gross` = `charge` + `waived`, CNY."""

    admitted: tuple[bool, ...]
    accepted: Usage
    refused: Usage
    gross: Decimal
    charge: Decimal
    waived: Decimal


def allowance(price: UsagePrice, fraction: tuple[int, int] | None = None) -> Decimal:
    """R-FREE, R-FREE-PRORATED: free units; of a part period (days, period days) floored to whole units."""
    if not price.free_prorated or fraction is None:
        return price.free_units
    days, period_days = fraction
    return Decimal(Fraction(price.free_units) * days / period_days // 1)


def rate(price: UsagePrice, usage: Usage, fraction: tuple[int, int] | None = None) -> Rated:
    """Charge for `usage` in one period: free units first (R-FREE), then the model, half-up once (R-ROUND)."""
    free = allowance(price, fraction)
    if price.model == "percentage":
        return Rated(round_half_up(_percentage(price, usage)), free, None)
    billable = max(Fraction(0), Fraction(usage.quantity) - Fraction(free))
    return Rated(round_half_up(_exact_charge(price, billable)), free, billable)


def charge(price: UsagePrice, quantity: Exact, fraction: tuple[int, int] | None = None) -> Decimal:
    """CNY for `quantity` units; what `rate` answers, for those who need nothing else."""
    return rate(price, Usage(quantity), fraction).amount


def late_charge(price: UsagePrice, invoiced: Exact, now: Exact, fraction: tuple[int, int] | None = None) -> Decimal:
    """R-LATE: charge(total) - charge(invoiced), at the original price and its tier position, CNY."""
    return charge(price, now, fraction) - charge(price, invoiced, fraction)


def level_days(period: Period, opening: Decimal, changes: Iterable[LevelChange]) -> Decimal:
    """R-WEIGHTED, R-EOD: sum of level x days; the level at the end of a local day counts for that day."""
    days_total, level, since = Decimal(0), opening, period.start
    for change in sorted(changes, key=lambda change: change.at):
        day = min(max(local_day(change.at), period.start), period.end)
        days_total += level * (day - since).days
        # What happens on or after the end belongs to the next period.
        if day < period.end:
            level = change.level
        since = day
    return days_total + level * (period.end - since).days


def weighted_level(period: Period, opening: Decimal, changes: Iterable[LevelChange]) -> Fraction:
    """R-WEIGHTED: level-days / period days, the quantity of a level meter."""
    return Fraction(level_days(period, opening, changes)) / period.days


def admits(price: UsagePrice, cap: Cap, used: Usage, event: Usage, fraction: tuple[int, int] | None = None) -> bool:
    """R-CAP hard: may the event still be taken, that is, does the charge with it stay within the cap?"""
    return rate(price, used + event, fraction).amount <= cap.amount


def soften(gross: Decimal, cap: Cap) -> tuple[Decimal, Decimal]:
    """R-CAP soft: (charge, waived) of `gross`, CNY."""
    charged = min(gross, cap.amount)
    return charged, gross - charged


def rate_under_cap(
    price: UsagePrice, cap: Cap, events: Sequence[Usage], fraction: tuple[int, int] | None = None
) -> CappedUsage:
    """R-CAP over events in order. A refused event leaves room for a smaller one after it."""
    accepted, refused, admitted = Usage(), Usage(), list[bool]()
    for event in events:
        taken = cap.mode == "soft" or admits(price, cap, accepted, event, fraction)
        admitted.append(taken)
        if taken:
            accepted += event
        else:
            refused += event
    gross = rate(price, accepted, fraction).amount
    charged, waived = soften(gross, cap)
    return CappedUsage(
        admitted=tuple(admitted),
        accepted=accepted,
        refused=refused,
        gross=gross,
        charge=charged,
        waived=waived,
    )


def effective_minimum(minimum: Decimal, fraction: tuple[int, int] | None = None) -> Decimal:
    """R-MINIMUM: the minimum of a part period, CNY."""
    return round_half_up(Fraction(minimum) * Fraction(*(fraction or (1, 1))))


def true_up(minimum: Decimal, usage_charges: Decimal) -> Decimal:
    """R-MINIMUM: max(0, prorated minimum - sum of usage lines), CNY."""
    return max(ZERO, minimum - usage_charges)


def _exact_charge(price: UsagePrice, billable: Fraction) -> Fraction:
    if price.model == "graduated":
        return _graduated(price.tiers, billable)
    if price.model == "volume":
        return _volume(price.tiers, billable)
    if price.model == "package":
        return _packages(price, billable) * Fraction(price.package_price)
    return billable * Fraction(price.unit_price)


def _graduated(tiers: Sequence[Tier], billable: Fraction) -> Fraction:
    """R-GRADUATED: units fill the tiers in order; the last tier has no top."""
    charged, below = Fraction(0), Fraction(0)
    for tier in tiers:
        endless = tier.up_to is None or tier is tiers[-1]
        top = billable if endless else min(billable, Fraction(tier.up_to or 0))
        charged += max(Fraction(0), top - below) * Fraction(tier.unit_price)
        below = max(below, top)
    return charged


def _volume(tiers: Sequence[Tier], billable: Fraction) -> Fraction:
    """R-VOLUME: all units at the price of the tier that holds the total."""
    for tier in tiers:
        if tier.up_to is None or tier is tiers[-1] or billable <= Fraction(tier.up_to):
            return billable * Fraction(tier.unit_price)
    return Fraction(0)


def _packages(price: UsagePrice, billable: Fraction) -> int:
    """R-PACKAGE: ceil(units / size)."""
    return -int(-billable // Fraction(price.package_size))


def _percentage(price: UsagePrice, usage: Usage) -> Fraction:
    """R-PERCENT: rate x amount + fixed x count."""
    variable = Fraction(price.rate) * Fraction(usage.amount)
    return variable + Fraction(price.fixed_per_transaction) * usage.transactions
