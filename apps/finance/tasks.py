"""Celery entry points of finance: the message becomes Python values, one call each."""

import logging

from celery import shared_task

from apps.finance.services.chain import prove_chain
from tenants.context import all_company_ids
from tenants.tasks import send_to_company

log = logging.getLogger(__name__)


@shared_task
def prove_books(**_: object) -> None:
    """Nightly, in one company: prove the hash chain; a broken one is an error in the log that operations watch."""
    report = prove_chain()
    if not report.ok:
        log.error("hash chain broken: %s problems, first at voucher %s", len(report.problems), report.problems[0].key)


@shared_task
def prove_all_books(**_: object) -> None:
    """Nightly: queue the proof for every company."""
    for tenant_id in all_company_ids():
        send_to_company(prove_books, tenant_id)
