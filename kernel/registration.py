"""What the kernel hangs into the ground: the staff mirror, its rights, and the queue's nudge."""

from kernel import events
from kernel.models import Staff
from kernel.tasks import deliver_facts
from tenants import hooks, rights
from tenants.hooks import StaffRow


def mirror_staff(row: StaffRow) -> None:
    """Remember a member's name in the company's own schema."""
    Staff.objects.update_or_create(user_id=row.user_id, defaults={"name": row.name, "is_active": row.is_active})


def nudge() -> None:
    """Ask a worker to deliver what was just published in this company."""
    deliver_facts.delay()


hooks.staff_listeners.append(mirror_staff)
events.wake_with(nudge)
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
