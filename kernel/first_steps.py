"""开始使用: steps that every company has, for what the modules do not fill of the five."""

from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Exists, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.imports import kinds
from kernel.memo import remembered
from kernel.models import AuditEntry, Fact, ImportJob, Job, Staff
from tenants.entitlements import has_module
from tenants.rights import Member

FIVE = 5
# What people do in a company that is still empty afterwards.
HARMLESS = ("company.", "member.", "invitation.", "password.", "session.", "token.", "totp.", "webhook.", "export.")


def filled_up(steps: list[dict[str, Any]], member: Member) -> list[dict[str, Any]]:
    """`steps` of the modules, and our own behind them until there are five; only what this member may do."""
    missing = FIVE - len(steps)
    return [*steps, *_own(member)[:missing]] if missing > 0 else steps


def colleagues() -> int:
    """People who work here now."""
    return Staff.objects.filter(is_active=True).count()


def _own(member: Member) -> list[dict[str, Any]]:
    known = what_happened()
    steps = (
        ("company.members", _("邀请同事加入"), reverse("members"), known["second"]),
        ("", _("导入第一份 Excel 资料"), _import_page(member), known["imported"]),
        ("", _("为账号开启两步验证"), reverse("security"), known["guarded"]),
        ("company.settings", _("核对企业名称"), reverse("settings"), known["named"]),
        ("company.export", _("导出一份数据备份"), reverse("export"), known["exported"]),
    )
    return [
        {"text": text, "url": url, "done": done}
        for right, text, url, done in steps
        if url and (not right or member.can(right))
    ]


def _import_page(member: Member) -> str:
    """Where this member may bring a file in, or nothing."""
    for kind in kinds.all_kinds():
        if (kind.module is None or has_module(kind.module)) and member.can(kind.right):
            return reverse("import-upload", args=[kind.key])
    return ""


@remembered
def what_happened() -> dict[str, bool]:
    """What the company's own rows tell, in one round trip; `filled`: somebody has entered business data."""
    names, sql, params = _question()
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        row = cursor.fetchone()
    return dict(zip(names, row or (False,) * len(names), strict=True))


@lru_cache(maxsize=1)
def _question() -> tuple[tuple[str, ...], str, tuple[Any, ...]]:
    """Names and statement; every company is asked the same, and writing it costs more than the answer."""
    log = AuditEntry.objects
    found: dict[str, Any] = {
        "second": Exists(Staff.objects.filter(is_active=True).order_by("user_id")[1:2]),
        "imported": Exists(ImportJob.objects.filter(state=ImportJob.State.DONE)),
        "guarded": Exists(log.filter(action="totp.on")),
        "named": Exists(log.filter(action="company.rename")),
        "filled": Exists(Fact.objects.all()) | Exists(log.exclude(_is_harmless())),
        "exported": Exists(Job.objects.filter(kind="company.export", state=Job.State.DONE)),
    }
    rows = Staff.objects.order_by("user_id").values_list(*found.values())[:1]
    return (tuple(found), *rows.query.sql_with_params())


def _is_harmless() -> Q:
    found = Q()
    for beginning in HARMLESS:
        found |= Q(action__startswith=beginning)
    return found
