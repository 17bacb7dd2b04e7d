"""Background entry points of the kernel: the message becomes Python values, one call each."""

from celery import shared_task

from kernel import events
from kernel.tasks_run import run_import
from tenants.context import all_company_ids
from tenants.tasks import send_to_company

__all__ = ["deliver_facts", "run_import", "sweep_facts"]


@shared_task
def deliver_facts(**_: object) -> None:
    """Deliver what waits in the company of the message."""
    events.deliver_waiting()


@shared_task
def sweep_facts(**_: object) -> None:
    """Every few minutes: wake the delivery of every company, for facts whose nudge was lost."""
    for tenant_id in all_company_ids():
        send_to_company(deliver_facts, tenant_id)
