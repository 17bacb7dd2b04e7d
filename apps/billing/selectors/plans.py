"""Price plans as the operator sees them, and whom a new version touches."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.billing.domain.access import SubscriptionState
from apps.billing.domain.money import ZERO
from apps.billing.domain.proration import prorated
from apps.billing.models import PricePlan, Subscription, SubscriptionItem
from apps.billing.selectors.subscriptions import meter_terms
from kernel.errors import NotFound


def plans() -> QuerySet[PricePlan]:
    """All versions, newest first."""
    return PricePlan.objects.prefetch_related("prices__meter").order_by("code", "-version")


def one(plan_id: int) -> PricePlan:
    """A version with its prices. Raises NotFound."""
    plan = plans().filter(pk=plan_id).first()
    if plan is None:
        raise NotFound(_("没有这个价目表。"))
    return plan


def shown(plan: PricePlan) -> dict[str, Any]:
    """A plan with its prices."""
    prices = sorted(plan.prices.all(), key=lambda price: (price.position, price.pk))
    yearly = {price.item: price.unit_price for price in prices if price.item and price.interval == "year"}
    return {
        "id": plan.pk,
        "code": plan.code,
        "plan": plan.code,
        "version": plan.version,
        "name": plan.name,
        "state": plan.state,
        "effective_from": plan.effective_from,
        "grandfathered_until": plan.grandfathered_until,
        "items": [
            {"item": row.item, "name": row.name, "month": row.unit_price, "year": yearly.get(row.item, ZERO)}
            for row in prices
            if row.item and row.interval == "month"
        ],
        "meters": [meter_terms(price) for price in prices if price.meter_id],
    }


def impact(plan_id: int) -> list[dict[str, Any]]:
    """Who pays what more or less, from when: `[{tenant, from, old, new, difference}]`, CNY per interval."""
    plan = one(plan_id)
    prices = {(price.item, price.interval): price for price in plan.prices.all() if price.item}
    rows = (
        SubscriptionItem.objects.across_tenants()
        .filter(valid_to=None, price__plan__code=plan.code)
        .exclude(subscription__state=SubscriptionState.CLOSED)
        .exclude(price__plan=plan)
        .select_related("price", "subscription__tenant")
        .order_by("tenant_id", "id")
    )
    found: dict[int, dict[str, Any]] = {}
    for row in rows:
        new = prices.get((row.item, row.price.interval))
        if new is None or new.unit_price == row.price.unit_price:
            continue
        entry = found.setdefault(row.tenant_id, _entry(row.subscription, plan))
        entry["old"] += prorated(row.price.unit_price, row.quantity, 1, 1)
        entry["new"] += prorated(new.unit_price, row.quantity, 1, 1)
    return [{**entry, "difference": entry["new"] - entry["old"]} for entry in found.values()]


def _entry(subscription: Subscription, plan: PricePlan) -> dict[str, Any]:
    since = max(plan.grandfathered_until or plan.effective_from, plan.effective_from)
    return {"tenant": subscription.tenant.slug, "from": _renewal_from(subscription, since), "old": ZERO, "new": ZERO}


def _renewal_from(subscription: Subscription, since: date) -> date:
    """The first known renewal on or after `since`; a renewal before it does not migrate."""
    end = subscription.period_end or subscription.trial_end or since
    return max(end, since)
