"""Which version of a price an item pays (R-PRICE-VERSION)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from apps.billing.domain.calendar import Period
from apps.billing.domain.money import round_half_up


class NoPriceInForce(ValueError):
    """No version of the price is effective on the day of a purchase."""


@dataclass(frozen=True, kw_only=True)
class PriceVersion:
    """One published price, CNY per interval; `grandfathered_until` keeps older subscribers off it."""

    version: str
    unit_price: Decimal
    effective_from: date
    grandfathered_until: date | None = None

    def reaches_subscribers_on(self, day: date) -> bool:
        """May an item that pins an older version move here at a renewal on `day`?"""
        waits_until = self.grandfathered_until or self.effective_from
        return self.effective_from <= day and waits_until <= day


def oldest_first(versions: Iterable[PriceVersion]) -> list[PriceVersion]:
    """By effective date; versions of one day keep the order they were published in."""
    return sorted(versions, key=lambda version: version.effective_from)


def at_renewal(versions: Iterable[PriceVersion], pinned: str, day: date) -> PriceVersion:
    """R-PRICE-VERSION: the newest version that reaches subscribers on `day`; never back from `pinned`."""
    ordered = oldest_first(versions)
    position = next(index for index, version in enumerate(ordered) if version.version == pinned)
    newer = [version for version in ordered[position + 1 :] if version.reaches_subscribers_on(day)]
    return newer[-1] if newer else ordered[position]


def over_renewals(versions: Sequence[PriceVersion], pinned: str, days: Sequence[date]) -> tuple[PriceVersion, ...]:
    """R-PRICE-VERSION: what an item pays after each of several renewals in a row."""
    chosen: list[PriceVersion] = []
    for day in days:
        chosen.append(at_renewal(versions, pinned, day))
        pinned = chosen[-1].version
    return tuple(chosen)


def for_new_purchase(versions: Iterable[PriceVersion], day: date) -> PriceVersion:
    """R-PRICE-VERSION: a new purchase takes the newest version effective on its local day."""
    effective = [version for version in oldest_first(versions) if version.effective_from <= day]
    if not effective:
        raise NoPriceInForce(f"no price is in force on {day}")
    return effective[-1]


def purchase_amount(price: Decimal, quantity: int, day: date, period: Period) -> Decimal:
    """R-ADD: round(price x quantity x remaining days / period days); the day of adding is billed."""
    return round_half_up(Fraction(price) * quantity * period.rest(day) / period.days)
