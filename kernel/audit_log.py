"""操作日志 as people ask it: who, when, what; and the whole filter as Excel."""

from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from kernel.audit_words import NOUNS, VERBS, Change, action_text, changes_of, codes_like
from kernel.exports import Column, export_response
from kernel.models import AuditEntry, Staff


def entries(
    *,
    actor_id: int | None = None,
    since: date | None = None,
    until: date | None = None,
    text: str = "",
    action: str = "",
    object: str = "",
) -> QuerySet[AuditEntry]:
    """Entries newest first. `since` and `until` are days in Shanghai, both included; `text` is searched in what was
    done, to what, and in the values before and after; `action` is a word or a beginning (`voucher.`)."""
    found = AuditEntry.objects.order_by("-at", "-id")
    if actor_id is not None:
        found = found.filter(actor_id=actor_id)
    if since is not None:
        found = found.filter(at__gte=_midnight(since))
    if until is not None:
        found = found.filter(at__lt=_midnight(until + timedelta(days=1)))
    if action:
        found = found.filter(action__startswith=action)
    if object:
        found = found.filter(object=object)
    if text.strip():
        found = found.annotate(changes_text=Cast("changes", TextField())).filter(_contains(text.strip()))
    return found


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(0)))


def _contains(text: str) -> Q:
    names = ("label", "action", "object", "actor_name", "changes_text")
    condition = Q()
    for name in names:
        condition |= Q(**{f"{name}__icontains": text})
    for code in codes_like(text, VERBS):  # people search for 记账, the log holds voucher.post
        condition |= Q(action=code) if "." in code else Q(action__endswith=f".{code}")
    for code in codes_like(text, NOUNS):
        condition |= Q(action__startswith=f"{code}.")
    return condition


def actors() -> list[tuple[int, str]]:
    """(user id, name) of everybody who has ever worked here, for the filter."""
    return list(Staff.objects.order_by("name", "user_id").values_list("user_id", "name"))


def changes_text(entry: AuditEntry) -> str:
    """`名称：螺栓 → 螺母；…` of one entry."""
    return "；".join(_sentence(change) for change in changes_of(entry))


def _sentence(change: Change) -> str:
    value = change.before if change.after is None else f"{change.before} → {change.after}"
    return f"{change.name}：{value}"


def columns() -> list[Column]:
    return [
        Column("at", _("时间"), "moment"),
        Column("actor_name", _("操作人")),
        Column("action", _("操作"), value=lambda entry: action_text(entry.action)),
        Column("object", _("对象编号")),
        Column("label", _("对象")),
        Column("changes", _("修改内容"), value=changes_text),
        Column("ip", _("IP 地址")),
    ]


def export(found: QuerySet[AuditEntry], fmt: str = "xlsx") -> HttpResponseBase:
    """The whole filter as a download."""
    return export_response(_("操作日志"), columns(), found.iterator(chunk_size=2000), fmt)
