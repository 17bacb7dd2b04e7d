"""Orders around an import: take the file in, choose the columns, run, take it back."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kernel import actors, attachments, audit
from kernel.errors import DomainError, Invalid, NotFound
from kernel.imports.kinds import ImportContext, ImportKind, get
from kernel.models import ImportJob
from kernel.tasks_run import run_import
from tenants.rights import Member

log = logging.getLogger(__name__)
State = ImportJob.State


class NotUndoable(DomainError):
    """This import cannot be taken back: the kind cannot, the day is over, or it was done before."""

    code = "import_not_undoable"


@transaction.atomic
def take_in(
    *,
    kind: ImportKind,
    upload: Any,
    member: Member,
    now: datetime,
    mode: str = ImportJob.Mode.ALL_OR_NOTHING,
    on_existing: str = ImportJob.OnExisting.REFUSE,
    options: Mapping[str, str] | None = None,
    state: str = State.QUEUED,
) -> ImportJob:
    """Store the file and make its job; the caller `start`s it after the commit.

    Raises what `attachments.store` raises, Invalid for an unknown mode.
    """
    if mode not in ImportJob.Mode.values or on_existing not in ImportJob.OnExisting.values:
        raise Invalid(_("导入方式不对。"), fields={"mode": [_("请用 all_or_nothing 或 skip_bad_rows。")]})
    right = kind.view_right or kind.right
    file = attachments.store(
        upload, member=member, stored_at=now, owner=f"import:{kind.key}", right=right, endings=kind.accepts
    )
    return ImportJob.objects.create(
        kind=kind.key,
        state=state,
        mode=mode,
        on_existing=on_existing if kind.can_update else ImportJob.OnExisting.REFUSE,
        options=dict(options or {}),
        file=file,
        actor=actors.freeze(member),
        created_by_id=member.user_id,
        created_by_name=member.name,
        created_at=now,
    )


def start(job: ImportJob) -> None:
    """Hand the job to the queue. When the queue is down the sweep starts it later: the order is stored."""
    try:
        run_import.delay(job_id=job.pk)
    except Exception:  # any failure of the broker: nothing is lost
        log.warning("import %s waits for the sweep: the queue is down", job.pk, exc_info=True)


@transaction.atomic
def order(*, job_id: int, kind: ImportKind, is_trial: bool, member: Member, changes: Mapping[str, Any]) -> ImportJob:
    """Queue a job of the wizard: a trial, or the import itself. `changes`: mapping, mode, on_existing.

    The caller `start`s it after the commit. Raises NotFound, DomainError when it has run already.
    """
    job = ImportJob.objects.select_for_update().filter(pk=job_id, kind=kind.key, created_by_id=member.user_id).first()
    if job is None:
        raise NotFound(_("找不到您要的内容。"))
    if job.state not in (State.DRAFT, State.CHECKED):
        raise DomainError(_("这个文件已经导入过，请重新上传。"), "import_already_run")
    for name, value in changes.items():
        setattr(job, name, value)
    job.state, job.is_trial, job.actor = State.QUEUED, is_trial, actors.freeze(member)
    job.save()
    return job


@transaction.atomic
def undo(*, job_id: int, kind: ImportKind, member: Member, now: datetime) -> ImportJob:
    """Take back what the import wrote, by the kind's rules. Raises NotFound, NotUndoable, and what the kind says."""
    job = ImportJob.objects.select_for_update().filter(pk=job_id, kind=kind.key).first()
    if job is None:
        raise NotFound(_("找不到您要的内容。"))
    if kind.undo is None or job.state != State.DONE or job.undo_until is None:
        raise NotUndoable(_("这次导入不能撤销。"))
    if job.undone_at is not None:
        raise NotUndoable(_("这次导入已经撤销过。"), "import_already_undone")
    if now > job.undo_until:
        raise NotUndoable(_("导入已超过 24 小时，不能撤销。请在列表中逐条处理。"), "import_undo_expired")
    context = ImportContext(member=member, now=now, job_id=job.pk, options=job.options)
    kind.undo(job.undo_data, context)
    job.undone_at = now
    job.save(update_fields=["undone_at"])
    audit.record(actor=member, action="import.undo", object=f"import:{job.pk}", label=f"{kind.title} {job.file.name}")
    return job


def sweep(*, now: datetime) -> int:
    """Start what the queue lost, end what broke off with its worker; run by the scheduler. Returns how many."""
    lost = ImportJob.objects.filter(state=State.QUEUED, created_at__lt=now - timedelta(minutes=2)).order_by("id")
    jobs = list(lost[:50])
    for job in jobs:
        start(job)
    dead = ImportJob.objects.filter(state=State.RUNNING, started_at__lt=now - timedelta(hours=2))
    message = _("导入中断，没有写入任何数据，请重新导入。")
    return len(jobs) + dead.update(state=State.FAILED, message=message, finished_at=now)


def job_of(job_id: int, kind_key: str) -> ImportJob:
    """The job of this kind. Raises NotFound."""
    get(kind_key)
    job = ImportJob.objects.select_related("file", "error_file").filter(pk=job_id, kind=kind_key).first()
    if job is None:
        raise NotFound(_("找不到您要的内容。"))
    return job
