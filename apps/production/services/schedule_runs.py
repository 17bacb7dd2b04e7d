"""排产: one run at a time, computed beside the server, checked, stored whole or not at all."""

import logging
from datetime import datetime, timedelta
from decimal import Decimal
from time import monotonic
from typing import Any

from django.core.cache import cache
from django.db import connection, transaction
from django.utils.translation import gettext as _

from apps.production.domain.search import Result
from apps.production.domain.worktime import NoWorkingTime
from apps.production.models import Schedule
from apps.production.selectors.plan_settings import settings
from apps.production.services.plan_refusals import RunBusy, absent, wrong
from apps.production.services.schedule_loading import Loaded, Wanted, load
from apps.production.services.schedule_writing import write_result
from apps.production.solver_child import Task
from apps.production.solver_process import SolverDied, solve_beside
from kernel import audit, jobs
from kernel.errors import DomainError
from tenants.rights import Member

log = logging.getLogger(__name__)
JOB = "production.schedule"
ACTIVE = (Schedule.State.QUEUED, Schedule.State.RUNNING)
DEAD_AFTER = timedelta(minutes=30)
KEPT_RUNS = 20
EARLIEST, LATEST = 2001, 2099
LONGEST_LIMIT = 3600
WAIT_MARGIN = 2  # seconds of a wait that are kept for loading, checking and storing


@transaction.atomic
def create_run(*, values: dict[str, Any], actor: Member, at: datetime) -> Schedule:
    """Order a run: `start_at, work_orders, objective, time_limit_s, frozen_until, base_run, seed`.

    Raises RunBusy while another is under way, Invalid `bad_range`, `unknown_run`, `bad_change`.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(current_schema() || ':production_schedule'))")
    _end_dead_runs(at)
    busy = Schedule.objects.filter(state__in=ACTIVE).order_by("id").first()
    if busy is not None:
        raise RunBusy(_("已有一次排产在进行，请稍候。"), extra={"id": busy.pk})
    if values.get("scenario"):
        raise wrong("bad_change", _("模拟方案还不能用于排产。"), "scenario")
    run = Schedule.objects.create(
        start_at=_in_range(values.get("start_at") or at, "start_at"),
        frozen_until=_in_range(values["frozen_until"], "frozen_until") if values.get("frozen_until") else None,
        objective=values.get("objective") or Schedule.Objective.LATENESS,
        time_limit_s=min(LONGEST_LIMIT, values.get("time_limit_s") or settings().time_limit_s),
        seed=values.get("seed") or 0,
        base_run=_base(values.get("base_run")),
        orders=list(values.get("work_orders") or ()),
        created_at=at,
        created_by_id=actor.user_id,
        created_by_name=actor.name[:60],
    )
    audit.record(actor=actor, action="schedule.create", object=f"schedule:{run.pk}", label=str(run.pk))
    return run


def _end_dead_runs(at: datetime) -> None:
    """A run whose worker went away must not keep everybody from scheduling for ever."""
    dead = Schedule.objects.filter(state__in=ACTIVE, created_at__lt=at - DEAD_AFTER)
    for run in dead:
        if run.created_at + timedelta(seconds=run.time_limit_s) + DEAD_AFTER < at:
            _fail(run.pk, _("排产中断，请重新开始。"), at)


def _in_range(moment: datetime, field: str) -> datetime:
    if not EARLIEST <= moment.year <= LATEST:
        raise wrong("bad_range", _("时间不对。"), field)
    return moment


def _base(run_id: int | None) -> Schedule | None:
    if run_id is None:
        return None
    found = Schedule.objects.filter(pk=run_id, scheduled_steps__isnull=False).distinct().first()
    if found is None:
        raise wrong("unknown_run", _("没有这次排产，或它没有结果。"), "base_run")
    return found


def start_run(*, values: dict[str, Any], actor: Member, at: datetime, wait: int = 0) -> Schedule:
    """A run that is computed within `wait` seconds here and now, or by the workers. Call outside a transaction.

    Raises as `create_run`, and `unknown_work_order` before anything is stored.
    """
    load(_wanted_of(values, at))
    run = create_run(values=values, actor=actor, at=at)
    if wait:
        execute(run_id=run.pk, at=at, most_seconds=max(1, wait - WAIT_MARGIN))
    else:
        job = jobs.start(kind=JOB, title=_("自动排产"), member=actor, at=at, params={"run": run.pk})
        Schedule.objects.filter(pk=run.pk).update(job_id=job.pk)
    run.refresh_from_db()
    return run


def _wanted_of(values: dict[str, Any], at: datetime) -> Wanted:
    return Wanted(_in_range(values.get("start_at") or at, "start_at"), tuple(values.get("work_orders") or ()))


def run_job(job: jobs.Running) -> jobs.Outcome:
    """What the workers call; a run that is over is left alone."""
    execute(run_id=int(job.params["run"]), at=job.now, report=job.report)
    run = Schedule.objects.get(pk=job.params["run"])
    if run.state == Schedule.State.FAILED:
        raise DomainError(run.error, "run_failed")
    return jobs.Outcome(
        url=f"/production/board/?run={run.pk}", message=_("%(count)s 道工序已排好。") % {"count": run.steps}
    )


def execute(*, run_id: int, at: datetime, most_seconds: int | None = None, report: Any = None) -> None:
    """Compute a run that was ordered. A refusal, a bug or a dying solver ends it as failed, nothing else changes."""
    if not Schedule.objects.filter(pk=run_id, state__in=ACTIVE).update(state=Schedule.State.RUNNING):
        return
    try:
        _compute(run_id, at, most_seconds, report)
    except DomainError as error:
        _fail(run_id, error.message, at)
    except NoWorkingTime:
        _fail(run_id, _("有工作中心的日历没有班次，请先补上。"), at)
    except SolverDied:
        log.error("the solver of schedule %s died", run_id)
        _fail(run_id, _("求解程序意外中断，原计划没有变动，请重新排产。"), at)
    except Exception:  # a bug must not leave a run that is busy for ever
        log.exception("schedule %s broke off", run_id)
        _fail(run_id, _("程序出错，我们已经记录，请稍后再试。"), at)


def _compute(run_id: int, at: datetime, most_seconds: int | None, report: Any) -> None:
    began = monotonic()
    run = Schedule.objects.select_related("base_run").get(pk=run_id)
    loaded = load(
        Wanted(
            run.start_at,
            tuple(run.orders),
            run.frozen_until,
            run.base_run,
            run.objective == Schedule.Objective.MAKESPAN,
            with_material=True,
        )
    )
    seconds = min(run.time_limit_s, most_seconds or run.time_limit_s)
    task = Task(loaded.shop, float(seconds), settings().workers, run.seed, run.base_run is not None)
    result = solve_beside(task, stopped=lambda: _is_stopped(run_id), seen=lambda share: _show(run_id, share, report))
    if result.dropped:
        log.error("schedule %s: a plan with faults was dropped: %s", run_id, result.dropped[:3])
    _store(run_id, loaded, result, at, began)


def _is_stopped(run_id: int) -> bool:
    return Schedule.objects.filter(pk=run_id, cancel_asked=True).exists()


def _show(run_id: int, share: float, report: Any) -> None:
    cache.set(_progress_key(run_id), int(share * 100), 3600)
    if report is not None:
        report(int(share * 100), 100)


def _progress_key(run_id: int) -> str:
    return f"schedule:{run_id}"


def progress(run: Schedule) -> int:
    """Per cent."""
    if run.state in ACTIVE:
        return int(cache.get(_progress_key(run.pk)) or 0)
    return 100


@transaction.atomic
def _store(run_id: int, loaded: Loaded, result: Result, at: datetime, began: float) -> None:
    run = Schedule.objects.select_for_update().get(pk=run_id)
    write_result(run, loaded, result)
    run.state = Schedule.State.CANCELLED if run.cancel_asked else Schedule.State.DONE
    run.finished_at = at
    run.seconds = Decimal(monotonic() - began).quantize(Decimal("0.001"))
    run.save()
    _forget_old_runs(run)


def _forget_old_runs(run: Schedule) -> None:
    keep = list(Schedule.objects.order_by("-id").values_list("id", flat=True)[:KEPT_RUNS])
    keep += [run.base_run_id] if run.base_run_id else []
    Schedule.objects.exclude(pk__in=keep).filter(is_published=False).delete()


def _fail(run_id: int, sentence: str, at: datetime) -> None:
    Schedule.objects.filter(pk=run_id).update(state=Schedule.State.FAILED, error=sentence[:500], finished_at=at)


@transaction.atomic
def cancel_run(*, run_id: int, actor: Member, at: datetime) -> Schedule:
    """Stop a run. One that searches keeps the best so far; one that waits ends; one that is over stays as it is."""
    run = Schedule.objects.select_for_update().filter(pk=run_id).first()
    if run is None:
        raise absent()
    if run.state not in ACTIVE:
        return run
    run.cancel_asked = True
    if run.state == Schedule.State.QUEUED:
        run.state, run.finished_at = Schedule.State.CANCELLED, at
    run.save(update_fields=["cancel_asked", "state", "finished_at"])
    audit.record(actor=actor, action="schedule.cancel", object=f"schedule:{run.pk}", label=str(run.pk))
    return run
