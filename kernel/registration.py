"""What the kernel hangs into the ground: the staff mirror, its rights, and the queue's nudge."""

from django.utils.translation import gettext_lazy as _

from kernel import events, jobs, notices, registry, shell_state
from kernel.models import Staff
from kernel.registry import NavGroup, NavItem
from kernel.tasks import deliver_facts
from kernel.tasks_run import run_job
from kernel.webhooks import services as webhooks
from tenants import hooks, rights
from tenants.hooks import StaffRow


def mirror_staff(row: StaffRow) -> None:
    """Remember a member's name in the company's own schema."""
    Staff.objects.update_or_create(user_id=row.user_id, defaults={"name": row.name, "is_active": row.is_active})


def nudge() -> None:
    """Ask a worker to deliver what was just published in this company."""
    deliver_facts.delay()


def queue_job(job_id: int) -> None:
    """Hand a job of this company to the workers."""
    run_job.delay(job_id=job_id)


hooks.staff_listeners.append(mirror_staff)
events.wake_with(nudge)
events.tap(webhooks.feed)
jobs.queue_with(queue_job)
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
            NavItem(label=_("安全与共享"), url_name="security", icon="shield-lock"),
            NavItem(label=_("设置"), url_name="settings", icon="settings", right="company.settings"),
        ),
    )
)
