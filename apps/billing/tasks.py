"""Entry points of billing for the scheduler: the message becomes Python values, one call each."""

from celery import shared_task

from apps.billing.services import jobs, signup
from apps.billing.services.catching_up import replay_facts
from kernel.clock import follow_shared_clock, now
from tenants.context import shared_context

__all__ = ["finish_signups", "replay_facts", "run_job"]


@shared_task
def run_job(*, name: str, **_: object) -> None:
    """Run a billing job for this moment, on the shared tables."""
    with shared_context(), follow_shared_clock():
        jobs.run(name, at=now())


@shared_task
def finish_signups(**_: object) -> None:
    """Complete sign-ups that were confirmed but not provisioned."""
    with shared_context(), follow_shared_clock():
        signup.finish_waiting(at=now())
