"""Celery entry points of finance: the message becomes Python values, one call each."""

import logging

from celery import shared_task

from apps.finance.services.proof import broken_books
from tenants.context import all_company_ids
from tenants.tasks import send_to_company

log = logging.getLogger(__name__)


@shared_task
def prove_company_books(**_: object) -> None:
    """Nightly, in one company: prove the books; what does not hold is an error in the log that operations watch."""
    problems = broken_books()
    if problems:
        log.error("books do not hold: %s", "; ".join(problems))


@shared_task
def prove_all_books(**_: object) -> None:
    """Nightly: queue the proof for every company."""
    for tenant_id in all_company_ids():
        send_to_company(prove_company_books, tenant_id)
