"""数据导出: everything a company has, in one file: its tables as CSV, its files, its members.

The work is a job of the member who asked. One archive is kept, the newest: it holds no older archive in turn.
"""

import tempfile
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kernel import attachments, audit, jobs
from kernel.errors import DomainError
from kernel.jobs import Outcome, Running
from kernel.models import Attachment, Job
from tenants.context import current_company
from tenants.rights import Member
from tenants.services.archive import export_company

KIND = "company.export"
OWNER = "company:export"
RIGHT = "company.export"
TITLE = gettext_noop("导出企业全部数据")
RUNNING_AT_MOST = timedelta(hours=2)


class AlreadyExporting(DomainError):
    """One archive is being written; a second would hold the same."""

    code = "export_running"


def running(*, at: datetime) -> Job | None:
    """The export that is being written now, whoever ordered it."""
    open_jobs = Job.objects.filter(kind=KIND, state__in=[Job.State.QUEUED, Job.State.RUNNING])
    return open_jobs.filter(created_at__gt=at - RUNNING_AT_MOST).order_by("-id").first()


def archives() -> QuerySet[Attachment]:
    """Archives that wait to be fetched, newest first."""
    return attachments.of_owner(OWNER).order_by("-id")


def start(*, member: Member, at: datetime) -> Job:
    """Order the archive of this company. Raises AlreadyExporting. Call outside a transaction."""
    if running(at=at) is not None:
        raise AlreadyExporting(_("正在导出，请等这次完成。"))
    audit.record(actor=member, action="export.start", object="company", label=current_company().name)
    return jobs.start(kind=KIND, title=_(TITLE), member=member, at=at)


def run(running_job: Running) -> Outcome:
    """Write the archive and keep it as a file of the company; runs in a worker."""
    company = current_company()
    attachments.forget(list(archives()))
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "archive.zip"
        export_company(
            company=company,
            target=target,
            at=running_job.now,
            progress=partial(jobs.report, running_job.id),
        )
        with target.open("rb") as file:
            kept = attachments.store_result(
                file,
                name=f"{company.slug}-{running_job.now:%Y%m%d-%H%M}.zip",
                member=running_job.member,
                stored_at=running_job.now,
                owner=OWNER,
                right=RIGHT,
            )
    return Outcome(result=kept, url="/company/export/")
