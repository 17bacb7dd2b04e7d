"""What the kernel hangs into the ground: the staff mirror, its rights, and the queue's nudge."""

from django.utils.translation import gettext_lazy as _

from kernel import company_export, events, jobs, notices, registry, sample, shell_state
from kernel.models import Staff
from kernel.nudging import nudge
from kernel.registry import NavGroup, NavItem
from kernel.tasks_run import run_job
from kernel.webhooks import services as webhooks
from tenants import hooks, rights
from tenants.hooks import StaffRow


def mirror_staff(row: StaffRow) -> None:
    """Remember a member's name in the company's own schema."""
    Staff.objects.bulk_create(
        [Staff(user_id=row.user_id, name=row.name, is_active=row.is_active)],
        update_conflicts=True,
        unique_fields=["user_id"],
        update_fields=["name", "is_active"],
    )


def queue_job(job_id: int) -> None:
    """Hand a job of this company to the workers."""
    run_job.delay(job_id=job_id)


hooks.staff_listeners.append(mirror_staff)
events.wake_with(nudge)
events.tap(webhooks.feed, when=webhooks.SOMEBODY_LISTENS)
jobs.queue_with(queue_job)
jobs.register(company_export.KIND, company_export.run)
jobs.register(sample.KIND, sample.run)
shell_state.supply("unread", notices.unread_count)
rights.register(
    "company",
    {
        "view": rights.EVERYBODY,
        "members": ("admin",),
        "audit": ("admin", "auditor", "data_officer", "chief"),
        "security": ("admin", "data_officer"),
        "export": ("admin", "data_officer", "accountant", "chief"),
        "settings": ("admin",),
    },
    title=_("企业管理"),
    labels={
        "view": _("进入企业"),
        "members": _("邀请成员、调整权限"),
        "audit": _("查看操作日志"),
        "security": _("管理安全与共享"),
        "export": _("导出企业全部数据"),
        "settings": _("修改企业设置"),
    },
)
registry.add_group(
    NavGroup(
        key="company",
        label=_("企业管理"),
        icon="building",
        color="ink",
        position=90,
        items=(
            NavItem(label=_("成员与权限"), url_name="members", icon="users", right="company.members"),
            NavItem(label=_("操作日志"), url_name="audit", icon="history", right="company.audit"),
            NavItem(label=_("安全与共享"), url_name="security", icon="shield-lock"),
            NavItem(label=_("数据导出"), url_name="export", icon="file-export", right="company.export"),
            NavItem(label=_("设置"), url_name="settings", icon="settings", right="company.settings"),
        ),
    )
)
