"""What comes off an invoice before tax: coupons and the provider's concession of a subsidy."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from apps.billing.domain.money import ZERO, largest_remainder, round_half_up, total

Duration = Literal["once", "repeating", "forever"]


@dataclass(frozen=True, kw_only=True)
class Coupon:
    """R-COUPON: a percentage or an amount (CNY) off the listed items (None = all).

    `months_left` counts this invoice; `carry` keeps what an amount could not use for the next invoice.
    """

    duration: Duration
    percent: Decimal | None = None
    amount: Decimal | None = None
    items: frozenset[str] | None = None
    carry: bool = False
    months_left: int | None = None


@dataclass(frozen=True, kw_only=True)
class Discount:
    """CNY taken off, by line; `carried` is kept for later, `after` is the coupon the next invoice meets."""

    amount: Decimal
    shares: tuple[Decimal, ...]
    carried: Decimal = ZERO
    after: Coupon | None = None


@dataclass(frozen=True, kw_only=True)
class Voucher:
    """R-VOUCHER: face value not yet spent (CNY), dead after the local end of `expires_on`."""

    remaining: Decimal
    expires_on: date

    def left_on(self, day: date | None) -> Decimal:
        """What the voucher still pays on the local `day`."""
        return ZERO if day is not None and day > self.expires_on else self.remaining


@dataclass(frozen=True, kw_only=True)
class Subsidy:
    """R-SPLIT: percentages of the eligible amount; caps in CNY, None = no limit; items None = all."""

    provider_percent: Decimal = Decimal(0)
    government_percent: Decimal = Decimal(0)
    government_cap: Decimal | None = None
    items: frozenset[str] | None = None
    voucher: Voucher | None = None


@dataclass(frozen=True, kw_only=True)
class PayerSplit:
    """R-SPLIT: the provider's concession by line, and what the government pays (CNY)."""

    provider: Decimal
    provider_shares: tuple[Decimal, ...]
    government: Decimal


def spread(amount: Decimal, base: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """R-ALLOC of a fixed sum D: the exact share of a line is D x line / base."""
    whole = Fraction(total(base))
    if not amount or not whole:
        return (ZERO,) * len(base)
    return largest_remainder(amount, [Fraction(amount) * Fraction(line) / whole for line in base])


def apply_coupon(coupon: Coupon, items: Sequence[str | None], left: Sequence[Decimal]) -> Discount:
    """R-COUPON: rounded once on the eligible amount, never below 0; `left` = after former discounts (CNY)."""
    nothing = (ZERO,) * len(left)
    if coupon.months_left is not None and coupon.months_left < 1:
        return Discount(amount=ZERO, shares=nothing)
    base = eligible(coupon.items, items, left)
    wanted = _wanted(coupon, total(base))
    amount = max(ZERO, min(wanted, total(base)))
    carried = (coupon.amount or ZERO) - amount if coupon.carry and coupon.percent is None else ZERO
    shares = _percent_or_spread(amount, coupon.percent, base) if amount else nothing
    return Discount(amount=amount, shares=shares, carried=carried, after=_next_use(coupon, carried))


def split_payers(
    subsidy: Subsidy, items: Sequence[str | None], left: Sequence[Decimal], day: date | None
) -> PayerSplit:
    """R-SPLIT on what coupons and promotional credit left (CNY by line), within the list total."""
    base = eligible(subsidy.items, items, left)
    amount, list_total = max(ZERO, total(base)), max(ZERO, total(left))
    provider = min(_percent_of(amount, subsidy.provider_percent), list_total)
    limits = [_percent_of(amount, subsidy.government_percent), list_total - provider]
    if subsidy.government_cap is not None:
        limits.append(max(ZERO, subsidy.government_cap))
    if subsidy.voucher is not None:
        limits.append(max(ZERO, subsidy.voucher.left_on(day)))
    shares = _percent_or_spread(provider, subsidy.provider_percent, base)
    return PayerSplit(provider=provider, provider_shares=shares, government=min(limits))


def eligible(wanted: frozenset[str] | None, items: Sequence[str | None], left: Sequence[Decimal]) -> list[Decimal]:
    """The amounts of the lines whose item is listed, 0.00 for the others."""
    return [amount if wanted is None or item in wanted else ZERO for item, amount in zip(items, left, strict=True)]


def _wanted(coupon: Coupon, base: Decimal) -> Decimal:
    if coupon.percent is not None:
        return _percent_of(base, coupon.percent)
    return coupon.amount or ZERO


def _percent_of(amount: Decimal, percent: Decimal) -> Decimal:
    return round_half_up(Fraction(amount) * Fraction(percent) / 100)


def _percent_or_spread(amount: Decimal, percent: Decimal | None, base: Sequence[Decimal]) -> tuple[Decimal, ...]:
    # A percentage cut down to a limit is shared out like a fixed sum.
    if percent is None or amount != _percent_of(total(base), percent):
        return spread(amount, base)
    return largest_remainder(amount, [Fraction(line) * Fraction(percent) / 100 for line in base])


def _next_use(coupon: Coupon, carried: Decimal) -> Coupon | None:
    if coupon.duration == "once":
        return replace(coupon, amount=carried) if carried else None
    renewed = coupon if coupon.amount is None else replace(coupon, amount=coupon.amount + carried)
    if coupon.duration == "forever" or coupon.months_left is None:
        return renewed
    return replace(renewed, months_left=coupon.months_left - 1) if coupon.months_left > 1 else None
