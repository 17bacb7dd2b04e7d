"""隔离区: a person lets a very late event count (as late usage) or throws it away with a reason."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.billing.domain.states import QUARANTINED_EVENT, may_move
from apps.billing.domain.usage import UsageEvent
from apps.billing.models import UsageQuarantine
from apps.billing.services import audit, usage_rows
from kernel.errors import DomainError, NotFound
from tenants.rights import Member


class AlreadyResolved(DomainError):
    """Somebody decided before."""

    code = "already_resolved"


def release(*, event_id: int, at: datetime, actor: Member | None) -> UsageQuarantine:
    """The event counts from now on; its period being invoiced, it is late usage. Raises AlreadyResolved, NotFound."""
    known = UsageQuarantine.objects.across_tenants().filter(pk=event_id).first()
    if known is None:
        raise NotFound(_("找不到这个事件。"))
    usage_rows.ensure_months([known.occurred_at])
    with transaction.atomic():
        usage_rows.hold_off_rollup()
        usage_rows.hold_off_finalise([known.tenant_id])
        row = _resolve(event_id, UsageQuarantine.State.RELEASED, "", at, actor)
        event = UsageEvent(
            tenant=str(row.tenant_id), transaction_id=row.transaction_id, meter=row.meter, value=row.value,
            occurred_at=row.occurred_at, properties=row.properties,
        )  # fmt: skip
        usage_rows.copy_events([event], at)
        usage_rows.mark_late([event])
    return row


@transaction.atomic
def discard(*, event_id: int, reason: str, at: datetime, actor: Member | None) -> UsageQuarantine:
    """The event never counts; its identity stays taken. Raises AlreadyResolved, NotFound."""
    return _resolve(event_id, UsageQuarantine.State.DISCARDED, reason, at, actor)


def _resolve(event_id: int, state: str, reason: str, at: datetime, actor: Member | None) -> UsageQuarantine:
    row = UsageQuarantine.objects.across_tenants().select_for_update().filter(pk=event_id).first()
    if row is None:
        raise NotFound(_("找不到这个事件。"))
    if not may_move(QUARANTINED_EVENT, row.state, state):
        raise AlreadyResolved(_("这个事件已经处理过。"), extra={"state": row.state})
    before, row.state, row.resolved_at, row.resolution = row.state, state, at, reason[:200]
    row.save(update_fields=["state", "resolved_at", "resolution"])
    audit.record(
        at=at, tenant_id=row.tenant_id, actor=actor, action=f"usage.{state}", object=f"quarantine:{row.pk}",
        label=row.meter, changes={"state": [before, state]}, reason=reason,
    )  # fmt: skip
    return row
