"""Which prices hold for whom: the plan in force, the version an item pins, a meter's price for the arithmetic."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.billing.domain import price_version
from apps.billing.domain.price_version import PriceVersion
from apps.billing.domain.rating import Tier, UsagePrice
from apps.billing.models import Price, PricePlan, TaxRate
from kernel.errors import DomainError

PLAN = "standard"


class NoPlanInForce(DomainError):
    """Nothing is on sale."""

    code = "no_plan_in_force"


@dataclass(frozen=True)
class PriceBook:
    """The published prices of a plan, all versions, read once: `plan_on` a day and `item` or `meter` prices."""

    plans: tuple[PricePlan, ...]
    prices: tuple[Price, ...]

    def plan_on(self, day: date) -> PricePlan:
        """R-PRICE-VERSION: what a new purchase takes. Raises NoPlanInForce."""
        try:
            version = price_version.for_new_purchase([_version(plan) for plan in self.plans], day)
        except price_version.NoPriceInForce:
            raise NoPlanInForce(_("目前没有可订购的价目，请联系客服。")) from None
        return next(plan for plan in self.plans if str(plan.version) == version.version)

    def plan_at_renewal(self, pinned: PricePlan, day: date) -> PricePlan:
        """R-PRICE-VERSION: the version an item pays from a renewal on `day`."""
        version = price_version.at_renewal([_version(plan) for plan in self.plans], str(pinned.version), day)
        return next(plan for plan in self.plans if str(plan.version) == version.version)

    def items(self, plan: PricePlan, interval: str) -> list[Price]:
        """Item prices in catalogue order."""
        return [
            price for price in self.prices if price.plan_id == plan.pk and price.item and price.interval == interval
        ]

    def item(self, plan: PricePlan, code: str, interval: str) -> Price | None:
        return next((price for price in self.items(plan, interval) if price.item == code), None)

    def meters(self, plan: PricePlan) -> list[Price]:
        """Meter prices in catalogue order."""
        return [price for price in self.prices if price.plan_id == plan.pk and price.meter_id]

    def meter(self, plan: PricePlan, code: str) -> Price | None:
        return next((price for price in self.meters(plan) if price.meter_id == code), None)


def price_book(code: str = PLAN) -> PriceBook:
    """Two queries; retired versions stay known to those who pinned them."""
    plans = PricePlan.objects.filter(code=code).exclude(state=PricePlan.State.DRAFT).order_by("version")
    found = tuple(plans)
    prices = Price.objects.filter(plan__in=found).select_related("meter", "plan").order_by("plan_id", "position", "id")
    return PriceBook(found, tuple(prices))


def usage_price(price: Price) -> UsagePrice:
    """A meter's stored price in the shape of the arithmetic."""
    return UsagePrice(
        model=price.model,  # type: ignore[arg-type]  # the column holds the names of the literal
        unit_price=price.unit_price,
        tiers=tuple(_tiers(price.tiers)),
        free_units=price.free_units,
        free_prorated=price.free_prorated,
        package_size=price.package_size,
        package_price=price.package_price,
        rate=price.rate,
        fixed_per_transaction=price.fixed_per_transaction,
    )


def standard_tax_rate(day: date) -> Decimal:
    """The operator's rate of VAT in force on the local date of finalise."""
    row = (
        TaxRate.objects.filter(is_standard=True, valid_from__lte=day)
        .exclude(valid_to__lt=day)
        .order_by("-valid_from", "-id")
        .first()
    )
    if row is None:
        raise DomainError(_("没有适用的增值税率，请先维护税率表。"), "no_tax_rate")
    return row.rate


def _tiers(stored: Iterable[dict[str, str | None]]) -> Iterable[Tier]:
    for row in stored:
        top = row["up_to"]
        yield Tier(None if top is None else Decimal(top), Decimal(row["unit_price"] or 0))


def _version(plan: PricePlan) -> PriceVersion:
    return PriceVersion(
        version=str(plan.version),
        unit_price=Decimal(0),  # the choice is by date; the amount stands on the plan's own prices
        effective_from=plan.effective_from,
        grandfathered_until=plan.grandfathered_until,
    )
