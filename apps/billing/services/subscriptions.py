"""Subscriptions: begun with a trial or at once, terms accepted, cancelled, taken up again."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from apps.billing.domain.access import MODULES, SubscriptionState
from apps.billing.domain.calendar import local_day
from apps.billing.domain.states import SUBSCRIPTION, may_move
from apps.billing.domain.trial import trial_period
from apps.billing.models import AlertRule, BillingAccount, Invoice, Meter, Subscription
from apps.billing.selectors.catalogue import PriceBook, price_book
from apps.billing.services import audit, invoices, periods
from apps.billing.services.access import write_access
from apps.billing.services.ahead import check_ahead
from kernel.errors import DomainError, Invalid, NotFound
from tenants.models import Tenant
from tenants.rights import Member

THRESHOLDS = [80, 100]  # every new company hears of its allowances at these percentages


class SubscriptionStateRefused(DomainError):
    """The subscription is in a state that does not allow this."""

    code = "subscription_state"


class AlreadySubscribed(DomainError):
    """The company has a living subscription."""

    code = "already_subscribed"


@transaction.atomic
def begin(
    *,
    tenant_id: int,
    modules: Iterable[str],
    at: datetime,
    trial_days: int,
    seats: int = 0,
    interval: str = "month",
    alignment: str = "calendar",
    terms_accepted: bool = False,
    actor: Member | None = None,
) -> Subscription:
    """Open the company's subscription: `trial_days` local days free of charge, 0 = billed from today.

    Writes grants down. Raises AlreadySubscribed, Invalid for an unknown module.
    """
    tenant = Tenant.objects.select_for_update().get(pk=tenant_id)
    if Subscription.objects.of(tenant).exclude(state=SubscriptionState.CLOSED).exists():
        raise AlreadySubscribed(_("这家企业已有订阅。"))
    book, today = price_book(), local_day(at)
    BillingAccount.objects.of(tenant).get_or_create(tenant=tenant, defaults={"legal_name": tenant.name})
    subscription = Subscription.objects.create(
        tenant=tenant,
        state=SubscriptionState.TRIALING,
        interval=interval,
        alignment="anniversary" if interval == "year" else alignment,
        started_on=today,
        trial_end=trial_period(today, trial_days).end,
        terms_accepted_at=at if terms_accepted else None,
        created_at=at,
    )
    _open_items(subscription, book, {**_wanted(modules), **({"seat": seats} if seats else {})}, today)
    _write_alerts(tenant)
    audit.record(
        at=at, tenant_id=tenant_id, actor=actor, action="subscription.begun",
        object=f"subscription:{subscription.pk}", label=tenant.name,
        changes={"modules": [None, sorted(modules)], "trial_days": [None, trial_days]},
    )  # fmt: skip
    write_access(subscription=subscription, at=at, actor=actor)
    settle_due(subscription, book, at)
    return subscription


def _wanted(modules: Iterable[str]) -> dict[str, int]:
    unknown = sorted(set(modules) - set(MODULES))
    if unknown:
        raise Invalid(
            _("没有这个模块：%(names)s。") % {"names": "、".join(unknown)}, fields={"modules": [_("没有这个模块。")]}
        )
    return dict.fromkeys(modules, 1)


def _open_items(subscription: Subscription, book: PriceBook, wanted: Mapping[str, int], day: date) -> None:
    for price in book.items(book.plan_on(day), subscription.interval):
        quantity = 1 if price.kind == "base" else wanted.get(price.item, 0)
        if quantity:
            periods.open_item(subscription, item=price.item, price=price, quantity=quantity, day=day)


def _write_alerts(tenant: Tenant) -> None:
    AlertRule.objects.bulk_create(
        [AlertRule(tenant=tenant, meter=meter, thresholds=THRESHOLDS) for meter in Meter.objects.order_by("position")],
        ignore_conflicts=True,
    )


def settle_due(subscription: Subscription, book: PriceBook, at: datetime) -> list[Invoice]:
    """Catch the locked subscription up and finalise what need not wait (an invoice without usage)."""
    made = periods.catch_up(subscription, book, at)
    for invoice in made:
        invoices.recompute(invoice=invoice, book=book, at=at)
    ready = [invoice for invoice in made if invoice.finalise_after and invoice.finalise_after <= at]
    return [done for invoice in ready if (done := invoices.finalise(invoice_id=invoice.pk, at=at)) is not None]


def lock_current(tenant_id: int) -> Subscription:
    """The company's subscription, living or last closed, locked. Raises NotFound."""
    row = Subscription.objects.of(tenant_id).select_for_update().order_by("-id").first()
    if row is None:
        raise NotFound(_("这家企业还没有订阅。"), "no_subscription")
    return row


@transaction.atomic
def accept_terms(*, tenant_id: int, at: datetime, actor: Member | None = None) -> Subscription:
    """接受月结条款. In a trial it is remembered for its end; an expired trial is billed from today on."""
    subscription = lock_current(tenant_id)
    book = price_book()
    settle_due(subscription, book, at)
    if subscription.terms_accepted_at is None:
        subscription.terms_accepted_at = at
        subscription.version += 1
        subscription.save(update_fields=["terms_accepted_at", "version"])
        _audit(subscription, "subscription.terms_accepted", at, actor, {})
    if subscription.state == SubscriptionState.TRIAL_EXPIRED:
        for invoice in periods.convert(subscription, book, day=local_day(at), at=at):
            invoices.recompute(invoice=invoice, book=book, at=at)
            invoices.finalise(invoice_id=invoice.pk, at=at)
    return subscription


@transaction.atomic
def cancel(*, tenant_id: int, at: datetime, actor: Member | None = None) -> Subscription:
    """退订: usable to the end of the paid period, then closed. A trial closes at its end without a bill.

    Raises SubscriptionStateRefused.
    """
    subscription = lock_current(tenant_id)
    settle_due(subscription, price_book(), at)
    if subscription.state in (SubscriptionState.TRIALING, SubscriptionState.TRIAL_EXPIRED):
        subscription.terms_accepted_at = None
        subscription.version += 1
        subscription.save(update_fields=["terms_accepted_at", "version"])
        return subscription
    _check_move(subscription, SubscriptionState.CANCELING)
    before, subscription.state = subscription.state, SubscriptionState.CANCELING
    subscription.cancel_on = subscription.period_end
    subscription.version += 1
    subscription.save()
    _audit(subscription, "subscription.canceled", at, actor, {"state": [before, subscription.state]})
    write_access(subscription=subscription, at=at, actor=actor)
    return subscription


@transaction.atomic
def resume(*, tenant_id: int, at: datetime, actor: Member | None = None) -> Subscription:
    """Take a cancellation back before it takes effect. Raises SubscriptionStateRefused."""
    subscription = lock_current(tenant_id)
    settle_due(subscription, price_book(), at)
    if subscription.state != SubscriptionState.CANCELING:
        raise SubscriptionStateRefused(_("订阅没有在退订中，不需要恢复。"))
    subscription.state, subscription.cancel_on = SubscriptionState.ACTIVE.value, None
    subscription.version += 1
    subscription.save()
    _audit(subscription, "subscription.resumed", at, actor, {"state": ["canceling", "active"]})
    write_access(subscription=subscription, at=at, actor=actor)
    return subscription


@transaction.atomic
def extend_trial(*, tenant_id: int, until: date, reason: str, at: datetime, actor: Member | None) -> Subscription:
    """The operator moves the last day of a trial to `until`; an expired trial runs again. Raises Invalid."""
    subscription = lock_current(tenant_id)
    if subscription.state not in (SubscriptionState.TRIALING, SubscriptionState.TRIAL_EXPIRED):
        raise SubscriptionStateRefused(_("只有试用中的订阅可以延长试用。"))
    if until < local_day(at):
        raise Invalid(_("试用截止日不能早于今天。"), fields={"until": [_("不能早于今天。")]})
    check_ahead(until, at)
    before = {"trial_end": str(subscription.trial_end), "state": subscription.state}
    subscription.trial_end = until + timedelta(days=1)
    subscription.state = SubscriptionState.TRIALING.value
    subscription.version += 1
    subscription.save()
    changes = {"trial_end": [before["trial_end"], str(subscription.trial_end)]}
    _audit(subscription, "subscription.trial_extended", at, actor, changes, reason)
    write_access(subscription=subscription, at=at, actor=actor)
    return subscription


def _check_move(subscription: Subscription, state: SubscriptionState) -> None:
    if not may_move(SUBSCRIPTION, subscription.state, state.value):
        raise SubscriptionStateRefused(_("订阅当前的状态不能这样操作。"), extra={"state": subscription.state})


def _audit(
    subscription: Subscription,
    action: str,
    at: datetime,
    actor: Member | None,
    changes: Mapping[str, Sequence[str | None]],
    reason: str = "",
) -> None:
    audit.record(
        at=at, tenant_id=subscription.tenant_id, actor=actor, action=action,
        object=f"subscription:{subscription.pk}", label=subscription.state, changes=dict(changes), reason=reason,
    )  # fmt: skip
