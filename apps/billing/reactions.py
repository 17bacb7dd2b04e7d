"""Facts become usage: stored under the fact's own identity, so a redelivery is a duplicate."""

from decimal import Decimal

from apps.billing.domain.usage import UsageEvent
from apps.billing.services import usage
from kernel import events
from kernel.clock import now
from kernel.events import Event
from kernel.meters import meters_of
from tenants.context import current_company, shared_context


def meter_fact(event: Event) -> None:
    """Count a fact of the company we stand in. Runs outside a transaction; the delivery is marked after it."""
    company, fact = current_company(), events.current_fact()
    counted = [
        UsageEvent(
            tenant=str(company.id),
            transaction_id=f"fact:{fact.pk}:{meter.code}",
            meter=meter.code,
            value=Decimal(quantity),
            occurred_at=fact.occurred_at,
        )
        for meter in meters_of(event.name)
        if (quantity := meter.quantity(event)) > 0
    ]
    if counted:
        with shared_context():
            usage.ingest(events=counted, received_at=max(now(), fact.occurred_at), capped=False)
