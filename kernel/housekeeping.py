"""What a company need not keep: answered commands, ended jobs, uploads that no document took, delivered webhooks."""

from datetime import datetime, timedelta

from django.db import transaction

from kernel import attachments, jobs
from kernel.api import idempotency
from kernel.clock import machine_now
from kernel.imports import services as imports
from kernel.models import Attachment, ImportJob, Job, Notification, WebhookDelivery
from kernel.webhooks import services as webhooks

DRAFTS = timedelta(days=2)
JOBS = timedelta(days=30)
NOTICES = timedelta(days=180)
DELIVERIES = timedelta(days=30)
BATCH = 500


def wake(*, now: datetime) -> None:
    """Start what the queue lost in this company; every few minutes."""
    imports.sweep(now=now)
    jobs.sweep(now=now)
    if WebhookDelivery.objects.filter(state__in=["waiting", "failed"], next_try_at__lte=machine_now()).exists():
        webhooks.nudge()


def purge(*, now: datetime) -> dict[str, int]:
    """Remove what has had its time in this company; once a day. Returns how many of each."""
    return {
        "idempotency_keys": idempotency.forget_old(),
        "imports": _forget_imports(now),
        "jobs": _forget_jobs(now),
        "drafts": _forget_drafts(now),
        "notices": Notification.objects.filter(created_at__lt=now - NOTICES).delete()[0],
        "deliveries": _forget_deliveries(),
    }


def _forget_deliveries() -> int:
    return WebhookDelivery.objects.filter(state="done", done_at__lt=machine_now() - DELIVERIES).delete()[0]


@transaction.atomic
def _forget_imports(now: datetime) -> int:
    """Files of imports that were never started after two days, of the others after 30; the counts go with them."""
    unstarted = [ImportJob.State.DRAFT, ImportJob.State.CHECKED]
    drafts = ImportJob.objects.filter(state__in=unstarted, created_at__lt=now - DRAFTS)
    old = ImportJob.objects.filter(created_at__lt=now - JOBS).exclude(state__in=["queued", "running"])
    count = 0
    for job in list((drafts | old).select_related("file", "error_file").order_by("id")[:BATCH]):
        files = [file for file in (job.file, job.error_file) if file is not None]
        job.delete()
        attachments.forget(files)
        count += 1
    return count


@transaction.atomic
def _forget_jobs(now: datetime) -> int:
    old = Job.objects.filter(state__in=[Job.State.DONE, Job.State.FAILED], finished_at__lt=now - JOBS)
    count = 0
    for job in list(old.select_related("result").order_by("id")[:BATCH]):
        result = job.result
        job.delete()
        # A result that belongs to a document stays with it.
        attachments.forget([result] if result is not None and not result.owner else [])
        count += 1
    return count


@transaction.atomic
def _forget_drafts(now: datetime) -> int:
    in_use = Job.objects.filter(result__isnull=False).values("result_id")
    drafts = Attachment.objects.filter(owner="", created_at__lt=now - DRAFTS).exclude(pk__in=in_use)
    return attachments.forget(list(drafts.order_by("id")[:BATCH]))
