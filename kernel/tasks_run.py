"""Background entry points that services hand work to; `kernel.tasks` holds those that the scheduler calls."""

from celery import shared_task

from kernel.clock import now
from kernel.imports import runner


@shared_task
def run_import(*, job_id: int, **_: object) -> None:
    """Run one import of the company of the message."""
    runner.run(job_id, now=now())
