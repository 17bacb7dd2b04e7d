"""What got stuck: facts whose reaction keeps failing and webhooks that are not answered, each with its reason."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from kernel import events, figures
from kernel.errors import NotFound
from kernel.models import Delivery, WebhookDelivery


def stuck_facts() -> QuerySet[Delivery]:
    """Deliveries that failed at least once and are not done, most attempts first."""
    failed = Delivery.objects.filter(state=Delivery.State.FAILED)
    return failed.select_related("fact").order_by("-attempts", "-id")


def stuck_webhooks() -> QuerySet[WebhookDelivery]:
    """Webhook deliveries that failed or were given up, newest first."""
    states = [WebhookDelivery.State.FAILED, WebhookDelivery.State.GIVEN_UP]
    return WebhookDelivery.objects.filter(state__in=states).select_related("webhook").order_by("-id")


def counts(*, now: datetime) -> dict[str, Any]:
    """Figures for the page and for the operator: waiting, failing, stuck (>= 5 attempts), oldest open moment."""
    open_ones = Delivery.objects.exclude(state=Delivery.State.DONE)
    oldest = open_ones.order_by("fact__occurred_at", "id").values_list("fact__occurred_at", flat=True).first()
    found: dict[str, Any] = figures.ask(
        counts={
            "waiting": open_ones.filter(state=Delivery.State.WAITING),
            "failing": open_ones.filter(state=Delivery.State.FAILED),
            "stuck": open_ones.filter(Q(attempts__gte=events.STUCK_AFTER)),
            "webhooks": stuck_webhooks(),
        }
    )
    return found | {"oldest_seconds": int((now - oldest).total_seconds()) if oldest else 0}


def retry_fact(*, delivery_id: int) -> None:
    """Put a failed delivery of a fact at the head of the queue. Raises NotFound."""
    if not stuck_facts().filter(pk=delivery_id).exists():
        raise NotFound(_("找不到这条记录，可能已经处理完。"))
    events.retry_now(delivery_id)
