"""数据删除: a company that is closed keeps its data for export for 30 days; then schema, files and sign-ins go (C7)."""

from datetime import datetime, timedelta

from apps.billing.domain.access import SubscriptionState
from apps.billing.domain.calendar import local_day
from apps.billing.models import Subscription
from apps.billing.services import audit
from tenants.context import load_company
from tenants.models import Tenant
from tenants.services.archive import purge_company

KEPT = timedelta(days=30)  # the terms of service promise it


def due(*, at: datetime) -> list[int]:
    """Ids of companies whose last subscription closed 30 local days ago or earlier, oldest first."""
    living = Subscription.objects.across_tenants().exclude(state=SubscriptionState.CLOSED)
    closed = Subscription.objects.across_tenants().filter(state=SubscriptionState.CLOSED)
    late = closed.filter(closed_on__gt=local_day(at) - KEPT)
    rows = (
        Tenant.objects.filter(state=Tenant.State.ACTIVE, pk__in=closed.values("tenant_id"))
        .exclude(pk__in=living.values("tenant_id"))
        .exclude(pk__in=late.values("tenant_id"))
    )
    return list(rows.order_by("id").values_list("id", flat=True))


def purge(*, tenant_id: int, at: datetime) -> None:
    """Remove all data of a closed company; our own invoices stay, as the law asks. Not inside a transaction."""
    company = load_company(tenant_id)
    certificate = purge_company(company=company, at=at)
    audit.record(
        at=at, tenant_id=tenant_id, action="company.purged", object=f"tenant:{tenant_id}", label=company.slug,
        changes={"files": [certificate["files"], 0]}, reason="closed for 30 days",
    )  # fmt: skip
