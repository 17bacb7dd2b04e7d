"""The operator's log: who changed what of which company, before and after, and why."""

from datetime import datetime
from typing import Any

from apps.billing.models import AuditLog
from tenants.rights import Member


def record(
    *,
    at: datetime,
    action: str,
    object: str,
    label: str,
    tenant_id: int | None = None,
    actor: Member | None = None,
    changes: dict[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Write one entry in the caller's transaction. `actor` None = the system; values in `changes` must be JSON."""
    AuditLog.objects.create(
        at=at,
        tenant_id=tenant_id,
        actor_id=actor.user_id if actor else None,
        actor_name=actor.name if actor else "系统",
        action=action,
        object=object,
        label=label[:200],
        changes=changes or {},
        reason=reason[:200],
        ip=actor.ip if actor else None,
    )
