"""存储: every night the files of each company are measured; the level of a day is the one at its end (R-EOD)."""

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from apps.billing.domain.access import SubscriptionState
from apps.billing.domain.calendar import local_day, start_of_day
from apps.billing.domain.usage import UsageEvent
from apps.billing.models import Subscription, UsageEventKey
from apps.billing.models import UsageEvent as EventRow
from apps.billing.services import usage
from kernel.attachments import used_bytes
from tenants.context import load_company, tenant_context

METER = "platform.storage_gb"
GIGABYTE, STEP = Decimal(1024**3), Decimal("0.000001")


def waiting(*, at: datetime) -> list[int]:
    """Companies whose level of yesterday is not written yet, oldest first."""
    day = local_day(at) - timedelta(days=1)
    rows = Subscription.objects.across_tenants().filter(started_on__lte=day, tenant__state="active")
    written = UsageEventKey.objects.across_tenants().filter(transaction_id=_identity(day))
    rows = rows.exclude(state=SubscriptionState.CLOSED).exclude(tenant_id__in=written.values("tenant_id"))
    return list(rows.order_by("tenant_id").values_list("tenant_id", flat=True))


def measure(*, tenant_id: int, at: datetime) -> bool:
    """Write the level of yesterday, GB; nothing while there never was a file. Was it written?

    Not inside a transaction: it enters the company.
    """
    level = _level(tenant_id)
    if not level and not _had_files(tenant_id):
        return False
    event = _event(tenant_id, local_day(at) - timedelta(days=1), level)
    usage.ingest(events=[event], received_at=at, capped=False)
    return True


def _level(tenant_id: int) -> Decimal:
    with tenant_context(load_company(tenant_id)):
        return (used_bytes() / GIGABYTE).quantize(STEP, ROUND_HALF_UP)


def _had_files(tenant_id: int) -> bool:
    # The last level holds until another is written: a company that removed its files gets its 0 once.
    last = EventRow.objects.of(tenant_id).filter(meter=METER).order_by("-occurred_at", "-id").first()
    return last is not None and bool(last.value)


def _identity(day: date) -> str:
    return f"storage:{day.isoformat()}"


def _event(tenant_id: int, day: date, level: Decimal) -> UsageEvent:
    moment = start_of_day(day + timedelta(days=1)) - timedelta(seconds=1)
    return UsageEvent(
        tenant=str(tenant_id), transaction_id=_identity(day), meter=METER, value=level, occurred_at=moment
    )
