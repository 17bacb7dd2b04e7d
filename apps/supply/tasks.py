"""Background work of supply: deliveries to the company of the message, and the sweep for what was not delivered."""

from typing import Any
from uuid import UUID

from celery import shared_task

from apps.supply.exchange import calls
from apps.supply.services import delivering, heads, notices
from kernel.clock import now
from tenants.context import all_company_ids, shared_context
from tenants.models import Tenant
from tenants.tasks import HEADER, send_to_company

NO_COMPANY: dict[str, Any] = {HEADER: None}


@shared_task
def deliver(**_: object) -> None:
    """Apply what was sent to the company of the message."""
    delivering.deliver_waiting(at=now())


@shared_task
def route(*, party: str, **_: object) -> None:
    """Shared: find whose company works for the party and wake it. A guest's is nobody's."""
    with shared_context():
        role = calls.role_of(UUID(party))
        tenant_id = _tenants([role]).get(role) if role else None
    if tenant_id is not None:
        send_to_company(deliver, tenant_id)


@shared_task
def sweep(**_: object) -> None:
    """Every minute, shared: wake the companies for which something was sent and not applied yet."""
    with shared_context():
        tenants = _tenants(calls.roles_waiting())
    for tenant_id in tenants.values():
        send_to_company(deliver, tenant_id)


@shared_task
def send_notices(**_: object) -> None:
    """Send the notices that wait in the company of the message."""
    notices.send_waiting(at=now())


@shared_task
def send_all_notices(**_: object) -> None:
    """Every minute, for every company."""
    for tenant_id in all_company_ids():
        send_to_company(send_notices, tenant_id)


@shared_task
def mail_heads(**_: object) -> None:
    """Mail the heads of the live chains of the company of the message."""
    heads.mail_heads()


@shared_task
def mail_all_heads(**_: object) -> None:
    """Once a day, for every company."""
    for tenant_id in all_company_ids():
        send_to_company(mail_heads, tenant_id)


def _tenants(roles: list[str]) -> dict[str, int]:
    """A company's role has the name of its schema."""
    rows = Tenant.objects.filter(schema_name__in=roles, state=Tenant.State.ACTIVE)
    return dict(rows.order_by("id").values_list("schema_name", "id"))


def wake(party: UUID) -> None:
    """Ask a worker to deliver to the party; runs on the shared tables, so the message names no company."""
    route.apply_async(kwargs={"party": str(party)}, headers=NO_COMPANY)
