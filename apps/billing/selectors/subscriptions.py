"""What a company has subscribed to, what it will cost next, and the cards of the catalogue."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.billing.domain import proration
from apps.billing.domain.access import SubscriptionState, access_of, refusal_code
from apps.billing.domain.access import Target as AccessTarget
from apps.billing.domain.money import ZERO, total
from apps.billing.domain.trial import first_charge
from apps.billing.models import Invoice, PendingLine, Subscription, SubscriptionItem
from apps.billing.selectors.catalogue import price_book
from apps.billing.selectors.periods import living_items, next_boundary, period_around, size_of
from kernel.errors import NotFound


def current(tenant_id: int) -> Subscription:
    """The company's living subscription, else the one closed last. Raises NotFound."""
    row = Subscription.objects.of(tenant_id).order_by("-id").first()
    if row is None:
        raise NotFound(_("这家企业还没有订阅。"), "no_subscription")
    return row


def overview(tenant_id: int) -> dict[str, Any]:
    """The Subscription object of the API, values as Python: what is held, what waits, what comes next."""
    subscription = current(tenant_id)
    rows = living_items(subscription)
    return {
        "id": subscription.pk,
        "state": subscription.state,
        "access": access_of(SubscriptionState(subscription.state)).value,
        "interval": subscription.interval,
        "next_interval": subscription.next_interval or None,
        "alignment": subscription.alignment,
        "anchor_date": subscription.anchor_date,
        "period": [subscription.period_start, subscription.period_end] if subscription.period_start else None,
        "trial_end": subscription.trial_end,
        "terms_accepted": subscription.terms_accepted_at is not None,
        "cancel_on": subscription.cancel_on,
        "items": [_item(row, subscription) for row in rows],
        "next_invoice": next_invoice(subscription, rows),
        "version": subscription.version,
    }


def _item(row: SubscriptionItem, subscription: Subscription) -> dict[str, Any]:
    waiting = subscription.scheduled.get(row.item)
    return {
        "item": row.item,
        "name": row.price.name,
        "kind": row.price.kind,
        "quantity": row.quantity,
        "next_quantity": row.quantity if waiting is None else waiting,
        "unit_price": row.price.unit_price,
        "price_version": f"{row.price.plan.code}-{row.price.plan.version}",
    }


def next_invoice(subscription: Subscription, rows: list[SubscriptionItem]) -> dict[str, Any] | None:
    """When the next invoice comes, its fixed part and what waits for it (CNY); None when none will come."""
    pending = total(
        PendingLine.objects.of(subscription.tenant_id)
        .filter(subscription=subscription, taken_by=None)
        .values_list("amount", flat=True)
    )
    if subscription.state == SubscriptionState.TRIALING and subscription.trial_end:
        return {"on": subscription.trial_end, "fixed": _first_fixed(subscription, rows), "pending": pending}
    if subscription.period_end is None or subscription.state == SubscriptionState.CLOSED:
        return None
    day = next_boundary(subscription)
    renews = day == subscription.period_end and not subscription.cancel_on
    return {"on": day, "fixed": _renewal(subscription, rows) if renews else ZERO, "pending": pending}


def _first_fixed(subscription: Subscription, rows: list[SubscriptionItem]) -> Decimal:
    """What the first period after the trial costs; the same arithmetic as the invoice."""
    day = subscription.trial_end or subscription.started_on
    amounts = [
        first_charge(
            unit_price=row.price.unit_price,
            quantity=subscription.scheduled.get(row.item, row.quantity),
            day=day,
            interval=subscription.interval,  # type: ignore[arg-type]  # the column holds the names of the literal
            alignment=subscription.alignment,  # type: ignore[arg-type]  # as above
        )[1].amount
        for row in rows
    ]
    return total(amounts)


def _renewal(subscription: Subscription, rows: list[SubscriptionItem]) -> Decimal:
    period = period_around(subscription, subscription.period_end or date.max)
    size = size_of(subscription, period)
    return total(
        proration.prorated(row.price.unit_price, subscription.scheduled.get(row.item, row.quantity), period.days, size)
        for row in rows
    )


def access(tenant_id: int) -> dict[str, Any]:
    """`{state, access, modules, reason}`: what may be done, and why not more."""
    subscription = current(tenant_id)
    tenant = subscription.tenant
    code = refusal_code(SubscriptionState(subscription.state), frozenset(), AccessTarget.CREATE, None)
    number = None
    if tenant.access_invoice:
        number = Invoice.objects.of(tenant_id).filter(pk=tenant.access_invoice).values_list("number", flat=True).first()
    return {
        "state": subscription.state,
        "access": tenant.access,
        "modules": dict(tenant.grants.order_by("module").values_list("module", "level")),
        "reason": {"code": code, "message": tenant.access_message, "invoice": number} if code else None,
    }


def module_cards(tenant_id: int, today: date) -> list[dict[str, Any]]:
    """The cards of 应用与订阅, in catalogue order: price, held or not, until when, quantity that renews."""
    subscription, book = current(tenant_id), price_book()
    held = {row.item: row for row in living_items(subscription)}
    plan = book.plan_on(today)
    return [
        {
            "item": price.item,
            "name": price.name,
            "kind": price.kind,
            "unit_price": (held[price.item].price if price.item in held else price).unit_price,
            "interval": subscription.interval,
            "quantity": held[price.item].quantity if price.item in held else 0,
            "next_quantity": subscription.scheduled.get(
                price.item, held[price.item].quantity if price.item in held else 0
            ),
            "ends_on": subscription.period_end if subscription.scheduled.get(price.item) == 0 else None,
        }
        for price in book.items(plan, subscription.interval)
        if price.kind != "base"
    ]


def pricing(today: date) -> dict[str, Any]:
    """The public price list: items by month and year, meters with allowance and tiers, days of trial."""
    book = price_book()
    plan = book.plan_on(today)
    yearly = {price.item: price.unit_price for price in book.items(plan, "year")}
    return {
        "plan": plan.code,
        "version": plan.version,
        "items": [
            {"item": row.item, "name": row.name, "month": row.unit_price, "year": yearly.get(row.item, ZERO)}
            for row in book.items(plan, "month")
        ],
        "meters": [meter_terms(price) for price in book.meters(plan)],
        "trial_days": plan.trial_days,
    }


def meter_terms(price: Any) -> dict[str, Any]:
    """A meter's price as the public list tells it."""
    return {
        "meter": price.meter_id,
        "name": price.name,
        "unit": price.meter.unit,
        "free_units": price.free_units,
        "model": price.model,
        "tiers": price.tiers,
        "unit_price": price.unit_price,
        "package_size": price.package_size,
        "package_price": price.package_price,
        "minimum": price.minimum,
    }


def trial_last_day(subscription: Subscription) -> date | None:
    """The last local day that is free."""
    return subscription.trial_end - timedelta(days=1) if subscription.trial_end else None
