"""Background entry points that services hand work to; `kernel.tasks` holds those that the scheduler calls."""

from celery import shared_task

from kernel import jobs
from kernel.clock import now
from kernel.imports import runner
from kernel.webhooks import sending


@shared_task
def run_import(*, job_id: int, **_: object) -> None:
    """Run one import of the company of the message."""
    runner.run(job_id, now=now())


@shared_task
def run_job(*, job_id: int, **_: object) -> None:
    """Do the work of one job of the company of the message."""
    jobs.run(job_id, now=now())


@shared_task
def send_webhooks(**_: object) -> None:
    """Post what waits in the company of the message."""
    sending.send_waiting()
