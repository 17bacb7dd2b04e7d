"""Celery entry points of finance: the message becomes Python values, one call each."""

import logging

from celery import shared_task

from apps.finance.services.proof import prove_books
from tenants.context import all_company_ids
from tenants.tasks import send_to_company

log = logging.getLogger(__name__)


@shared_task
def prove_company_books(**_: object) -> None:
    """Nightly, in one company: prove the books; what does not hold is an error in the log that operations watch."""
    proof = prove_books()
    if not proof.ok:
        log.error(
            "books do not hold: %s chain problems, %s balances, %s unbalanced vouchers, %s number gaps",
            len(proof.chain.problems), proof.balances_differ, proof.unbalanced, proof.gaps,
        )  # fmt: skip


@shared_task
def prove_all_books(**_: object) -> None:
    """Nightly: queue the proof for every company."""
    for tenant_id in all_company_ids():
        send_to_company(prove_company_books, tenant_id)
