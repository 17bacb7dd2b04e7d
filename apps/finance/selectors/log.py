"""操作日志 of finance (12号 art. 32): by person, time, action, object and words."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from kernel.models import AuditEntry

# First words of the actions that belong to the books; people and settings of the company have their own log.
OURS = (
    "voucher", "period", "book", "account", "dimension", "value", "rate", "opening", "rule", "fact", "fapiao", "bank",
    "asset", "template", "recurrence", "reclassification", "statement", "archive", "item", "finance",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class LogFilter:
    """None = not asked for. `actor` is a name or a member's id, days are of Shanghai, both included."""

    actor: str | None = None
    since: date | None = None
    until: date | None = None
    action: str | None = None
    object: str | None = None
    search: str | None = None


def listed(wanted: LogFilter) -> QuerySet[AuditEntry]:
    """Entries, newest first."""
    rows = AuditEntry.objects.filter(action__regex=rf"^({'|'.join(OURS)})\.")
    if wanted.actor is not None:
        who = Q(actor_name__icontains=wanted.actor)
        rows = rows.filter(who | Q(actor_id=int(wanted.actor)) if _is_id(wanted.actor) else who)
    if wanted.since is not None:
        rows = rows.filter(at__gte=_midnight(wanted.since))
    if wanted.until is not None:
        rows = rows.filter(at__lt=_midnight(wanted.until + timedelta(days=1)))
    if wanted.action is not None:
        rows = rows.filter(Q(action=wanted.action) | Q(action__startswith=f"{wanted.action}."))
    if wanted.object is not None:
        rows = rows.filter(object=wanted.object)
    if wanted.search is not None:
        rows = rows.filter(Q(label__icontains=wanted.search) | Q(changes__icontains=wanted.search))
    return rows.order_by("-at", "-id")


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
