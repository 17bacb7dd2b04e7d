"""Background entry points of the kernel: the message becomes Python values, one call each."""

from celery import shared_task

from kernel import events, housekeeping
from kernel.clock import now
from kernel.tasks_run import run_import, run_job, send_webhooks
from tenants.context import all_company_ids
from tenants.services.provisioning import refill_pool
from tenants.tasks import send_to_company

__all__ = [
    "deliver_facts", "purge_all", "purge_company", "run_import", "run_job", "send_webhooks", "sweep_facts", "wake_all",
    "refill_schemas", "wake_company",
]  # fmt: skip


@shared_task
def deliver_facts(**_: object) -> None:
    """Deliver what waits in the company of the message; what is left over gets a message of its own."""
    if sum(events.deliver_waiting(limit=events.AT_ONCE)) >= events.AT_ONCE:
        deliver_facts.delay()


@shared_task
def sweep_facts(**_: object) -> None:
    """Every few minutes: wake the delivery of every company, for facts whose nudge was lost."""
    for tenant_id in all_company_ids():
        send_to_company(deliver_facts, tenant_id)


@shared_task
def wake_company(**_: object) -> None:
    """Start the imports, jobs and webhooks that the queue lost in the company of the message."""
    housekeeping.wake(now=now())


@shared_task
def wake_all(**_: object) -> None:
    """Every few minutes, for every company."""
    for tenant_id in all_company_ids():
        send_to_company(wake_company, tenant_id)


@shared_task
def purge_company(**_: object) -> None:
    """Remove what the company of the message need not keep."""
    housekeeping.purge(now=now())


@shared_task
def purge_all(**_: object) -> None:
    """Every night, for every company."""
    for tenant_id in all_company_ids():
        send_to_company(purge_company, tenant_id)


@shared_task
def refill_schemas(**_: object) -> None:
    """Every minute: make the schemas that the next sign-ups will claim."""
    refill_pool()
