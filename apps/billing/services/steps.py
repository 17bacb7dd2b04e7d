"""The due steps of one company, each in its own transaction with the subscription locked."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from apps.billing.models import Invoice, Subscription
from apps.billing.selectors.catalogue import price_book
from apps.billing.services import alerts, dunning, invoices, subscriptions

Step = Callable[[Subscription, datetime], int]


def on_locked(subscription_id: int, at: datetime, step: Step) -> int | None:
    """Run `step` with the row locked; None when another worker holds it (it does the same work)."""
    with transaction.atomic():
        rows = Subscription.objects.across_tenants().select_for_update(skip_locked=True)
        row = rows.filter(pk=subscription_id).first()
        return None if row is None else step(row, at)


def catch_up(subscription: Subscription, at: datetime) -> int:
    """Trial ends and boundaries that are due."""
    before = subscription.version
    subscriptions.settle_due(subscription, price_book(), at)
    return int(subscription.version != before)


def climb(subscription: Subscription, at: datetime) -> int:
    """The dunning ladder and its reminders; a boundary that is due comes first."""
    subscriptions.settle_due(subscription, price_book(), at)
    return dunning.remind(subscription=subscription, at=at) + dunning.climb(subscription=subscription, at=at)


def remind(subscription: Subscription, at: datetime) -> int:
    """Reminders alone; a boundary that is due comes first."""
    subscriptions.settle_due(subscription, price_book(), at)
    return dunning.remind(subscription=subscription, at=at)


def alert(subscription: Subscription, at: datetime) -> int:
    """Alerts of the running month."""
    return alerts.fire_alerts(subscription=subscription, at=at)


def refresh(subscription: Subscription, at: datetime) -> int:
    """Drafts that still wait are built again from what is known by now; how many changed."""
    waiting = Invoice.objects.of(subscription.tenant_id).filter(
        subscription=subscription, state="draft", finalise_after__gt=at
    )
    book = price_book()
    return sum(invoices.refresh(invoice=invoice, book=book, at=at) for invoice in waiting.order_by("id"))


def finalise(subscription: Subscription, at: datetime) -> int:
    """Every draft of this subscription whose grace is over, oldest first; one that fails keeps step and reason."""
    due = Invoice.objects.of(subscription.tenant_id).filter(
        subscription=subscription, state__in=("draft", "building"), finalise_after__lte=at
    )
    done = 0
    for invoice_id in due.order_by("finalise_after", "id").values_list("id", flat=True):
        invoices.finalise(invoice_id=invoice_id, at=at)
        done += 1
    return done
