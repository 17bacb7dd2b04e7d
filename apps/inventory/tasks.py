"""Background work of inventory: reservations that have run out are set free, stock is proved."""

import logging

from celery import shared_task

from apps.inventory.services import reservations
from apps.inventory.services.proof import broken_stock
from kernel.clock import now
from tenants.context import all_company_ids
from tenants.tasks import send_to_company

log = logging.getLogger(__name__)


@shared_task
def free_company_reservations(**_: object) -> None:
    """Hourly, in one company: what has run out is set free; a posting does the same on its way."""
    reservations.sweep(at=now())


@shared_task
def free_all_reservations(**_: object) -> None:
    """Hourly: queue the sweep for every company."""
    for tenant_id in all_company_ids():
        send_to_company(free_company_reservations, tenant_id)


@shared_task
def prove_company_stock(**_: object) -> None:
    """Nightly, in one company: what does not hold is an error in the log that operations watch."""
    problems = broken_stock()
    if problems:
        log.error("stock does not hold: %s", "; ".join(problems))


@shared_task
def prove_all_stock(**_: object) -> None:
    """Nightly: queue the proof for every company."""
    for tenant_id in all_company_ids():
        send_to_company(prove_company_stock, tenant_id)
