"""Voids: an accepted, not yet invoiced event of the same company is taken back, once (R-CORRECTION)."""

from collections.abc import Sequence
from datetime import datetime

from apps.billing.domain.usage import UsageEvent, Verdict, void_verdict
from apps.billing.models import UsageDirtyDay, UsagePeriod, UsageVoid
from apps.billing.models import UsageEvent as EventRow


def judge(event: UsageEvent) -> Verdict:
    """May this void be taken? Its target must be stored by now: one of the same batch is not yet."""
    target = find_target(event)
    return void_verdict(
        target_exists=target is not None,
        is_void=target is not None and UsageVoid.objects.of(target.tenant_id).filter(target=event.voids).exists(),
        is_invoiced=target is not None and _is_invoiced(target),
    )


def find_target(event: UsageEvent) -> EventRow | None:
    rows = EventRow.objects.of(int(event.tenant)).filter(transaction_id=event.voids or "")
    return rows.order_by("id").first()


def _is_invoiced(target: EventRow) -> bool:
    return (
        UsagePeriod.objects.of(target.tenant_id)
        .filter(
            meter_id=target.meter,
            period_start__lte=target.local_day,
            period_end__gt=target.local_day,
            finalised_at__gt=target.received_at,
        )
        .exists()
    )


def write(events: Sequence[UsageEvent], made_at: datetime) -> None:
    """Store the voids and ask for their days to be summed again."""
    for event in events:
        target = find_target(event)
        if target is None:
            continue
        UsageVoid.objects.create(
            tenant_id=target.tenant_id, transaction_id=event.transaction_id, target=target.transaction_id,
            event_id=target.id, meter=target.meter, local_day=target.local_day, made_at=made_at,
        )  # fmt: skip
        UsageDirtyDay.objects.of(target.tenant_id).get_or_create(
            meter=target.meter, day=target.local_day, defaults={"tenant_id": target.tenant_id}
        )
