"""后台任务: long work that leaves the member free. A module registers how it runs, starts it, and reports progress."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kernel import actors, notices
from kernel.errors import DomainError, NotFound
from kernel.models import Attachment, Job
from tenants.rights import Member

log = logging.getLogger(__name__)
State = Job.State
KEPT = timedelta(days=30)
DEAD_AFTER = timedelta(hours=2)
DONE_TEXT = gettext_noop("“%(title)s”已完成。")
FAILED_TEXT = gettext_noop("“%(title)s”没有完成：%(reason)s")


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a job ended well: a file to fetch, a page to go to, a sentence."""

    result: Attachment | None = None
    url: str = ""
    message: str = ""


@dataclass(frozen=True, kw_only=True)
class Running:
    """The job as its runner sees it: who ordered it, with what, and when it started."""

    id: int
    member: Member
    params: dict[str, Any]
    now: datetime

    def report(self, done: int, total: int) -> None:
        report(self.id, done, total)


Run = Callable[[Running], Outcome]
_runs: dict[str, Run] = {}
_queue: list[Callable[[int], None]] = []


def register(kind: str, run: Run) -> None:
    """`run(job)` does the work of `kind`; call in `registration.py`. It must bear being run again after a crash."""
    _runs[kind] = run


def queue_with(callback: Callable[[int], None]) -> None:
    """Set what hands a job to the workers."""
    _queue[:] = [callback]


def start(*, kind: str, title: str, member: Member, at: datetime, params: Mapping[str, Any] | None = None) -> Job:
    """Order work; call outside a transaction. `title` is what the member sees, `params` plain JSON."""
    if kind not in _runs:
        raise ValueError(f"Unknown kind of job: {kind}")
    job = Job.objects.create(
        kind=kind,
        title=title[:200],
        params=dict(params or {}),
        actor=actors.freeze(member),
        created_by_id=member.user_id,
        created_by_name=member.name,
        created_at=at,
    )
    _hand_over(job.pk)
    return job


def _hand_over(job_id: int) -> None:
    for callback in _queue:
        try:
            callback(job_id)
        except Exception:  # the queue may be down: the sweep hands it over later, the order is stored
            log.warning("job %s waits for the sweep", job_id, exc_info=True)


def report(job_id: int, done: int, total: int) -> None:
    """Say how far a job is. Kept in the cache: the job's own transaction is not seen by others until it ends."""
    cache.set(f"job:{job_id}", (done, total), 3600)


def progress_of(job: Job) -> tuple[int, int]:
    """(done, total) of a job, while it runs and after."""
    found = cache.get(f"job:{job.pk}") if job.state == State.RUNNING else None
    return (int(found[0]), int(found[1])) if found else (job.done, job.total)


def run(job_id: int, *, now: datetime) -> None:
    """Do the work of one job and tell the member; a job that is over is left alone."""
    if not Job.objects.filter(pk=job_id, state__in=[State.QUEUED, State.RUNNING]).update(
        state=State.RUNNING, started_at=now
    ):
        return
    job = Job.objects.get(pk=job_id)
    try:
        running = Running(id=job.pk, member=actors.revive(job.actor), params=job.params, now=now)
        outcome = _runs[job.kind](running)
    except DomainError as error:
        _end_badly(job, error.message, now)
    except Exception:  # a bug must not leave the member waiting for ever
        log.exception("job %s of %s broke off", job_id, job.kind)
        _end_badly(job, _("程序出错，我们已经记录，请稍后再试。"), now)
    else:
        _end_well(job, outcome, now)


def _end_well(job: Job, outcome: Outcome, now: datetime) -> None:
    job.done, job.total = progress_of(job)
    job.done = job.total = max(job.done, job.total)
    job.state, job.finished_at = State.DONE, now
    job.result, job.url, job.message = outcome.result, outcome.url, outcome.message[:500]
    job.save()
    _tell(job, DONE_TEXT, {"title": job.title}, now)


def _end_badly(job: Job, reason: str, now: datetime) -> None:
    job.state, job.finished_at, job.message = State.FAILED, now, reason[:500]
    job.save()
    _tell(job, FAILED_TEXT, {"title": job.title, "reason": reason}, now)


def _tell(job: Job, message: str, params: dict[str, Any], now: datetime) -> None:
    notices.notify(
        user_id=job.created_by_id,
        kind="job",
        message=message,
        params=params,
        at=now,
        url=job.url or f"/jobs/{job.pk}/",
        is_bad=job.state == State.FAILED,
    )


def of_member(member: Member) -> QuerySet[Job]:
    """The member's own jobs, newest first."""
    return Job.objects.filter(created_by_id=member.user_id).select_related("result").order_by("-id")


def job_of(job_id: int, member: Member) -> Job:
    """One of the member's own jobs. Raises NotFound."""
    found = of_member(member).filter(pk=job_id).first()
    if found is None:
        raise NotFound(_("找不到这个任务。"))
    return found


def sweep(*, now: datetime) -> int:
    """Hand over what the queue lost, end what broke off with its worker; run by the scheduler."""
    lost = Job.objects.filter(state=State.QUEUED, created_at__lt=now - timedelta(minutes=2)).order_by("id")
    waiting = list(lost.values_list("pk", flat=True)[:50])
    for job_id in waiting:
        _hand_over(job_id)
    dead = list(Job.objects.filter(state=State.RUNNING, started_at__lt=now - DEAD_AFTER).order_by("id")[:50])
    for job in dead:
        _end_badly(job, _("任务中断，请重新开始。"), now)
    return len(waiting) + len(dead)
