"""需求计算: one run at a time, whole or not at all; the last one is the proposal in force."""

import logging
from datetime import date, datetime
from decimal import Decimal
from time import perf_counter
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from apps.production import collector
from apps.production.domain.errors import BomCycle, TooLarge
from apps.production.domain.mrp import plan
from apps.production.domain.pegging import lateness, peg
from apps.production.events import PlanRunFinished
from apps.production.models import Peg, PlanMessage, PlannedOrder, PlanReceipt, PlanRow, PlanRun
from apps.production.selectors.plan_settings import settings
from apps.production.services.bom_cycles import cycle_refusal
from apps.production.services.plan_loading import load
from apps.production.services.plan_messages import messages
from apps.production.services.plan_numbers import ids_of_run, numbers_of
from apps.production.services.plan_packing import pack_plan
from apps.production.services.plan_refusals import RunBusy, absent, wrong
from apps.production.services.plan_writing import sending_orders, write_plan
from kernel import audit, jobs
from kernel.errors import DomainError
from kernel.events import publish
from tenants.rights import Member

log = logging.getLogger(__name__)
JOB = "production.mrp"
KEPT_RUNS = 20
LONGEST_HORIZON = 1830
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)
ACTIVE = (PlanRun.State.QUEUED, PlanRun.State.RUNNING)


@transaction.atomic
def create_run(*, start_on: date, horizon_days: int | None, actor: Member, at: datetime) -> PlanRun:
    """Order a run. Raises RunBusy while another is under way, Invalid `bad_range`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(current_schema() || ':production_planrun'))")
    busy = PlanRun.objects.filter(state__in=ACTIVE).order_by("id").first()
    if busy is not None:
        raise RunBusy(_("已有一次需求计算在进行，请稍候。"), extra={"id": busy.pk})
    days = horizon_days or settings().horizon_days
    if not 1 <= days <= LONGEST_HORIZON:
        raise wrong("bad_range", _("计划期是 1 到 %(most)s 天。") % {"most": LONGEST_HORIZON}, "horizon_days")
    if not EARLIEST <= start_on <= LATEST:
        raise wrong("bad_range", _("开始日期不对。"), "start_on")
    run = PlanRun.objects.create(
        start_on=start_on,
        horizon_days=days,
        created_at=at,
        created_by_id=actor.user_id,
        created_by_name=actor.name[:60],
    )
    audit.record(actor=actor, action="plan_run.create", object=f"plan_run:{run.pk}", label=start_on.isoformat())
    return run


def start_run(*, start_on: date, horizon_days: int | None, actor: Member, at: datetime, wait: bool) -> PlanRun:
    """A run that is computed here and now (`wait`) or by the workers. Call outside a transaction.

    Publishes PlanRunFinished when it is done. Raises as `create_run`.
    """
    run = create_run(start_on=start_on, horizon_days=horizon_days, actor=actor, at=at)
    if wait:
        execute(run_id=run.pk, at=at)
    else:
        job = jobs.start(kind=JOB, title=_("需求计算"), member=actor, at=at, params={"run": run.pk})
        PlanRun.objects.filter(pk=run.pk).update(job_id=job.pk)
    run.refresh_from_db()
    return run


def run_job(job: jobs.Running) -> jobs.Outcome:
    """What the workers call; a run that is over is left alone."""
    execute(run_id=int(job.params["run"]), at=job.now)
    run = PlanRun.objects.get(pk=job.params["run"])
    if run.state == PlanRun.State.FAILED:
        raise DomainError(run.error, "run_failed")
    return jobs.Outcome(url="/production/mrp/", message=_("计划订单 %(count)s 张。") % {"count": run.orders})


def execute(*, run_id: int, at: datetime) -> None:
    """Compute a run that was ordered. A refusal or a bug ends it as failed, with nothing else changed."""
    if not PlanRun.objects.filter(pk=run_id, state__in=ACTIVE).update(state=PlanRun.State.RUNNING):
        return
    try:
        with collector.put_off():
            _compute(run_id, at)
    except DomainError as error:
        _fail(run_id, error.message, at)
    except BomCycle as error:
        _fail(run_id, cycle_refusal([int(str(node)) for node in error.path]).message, at)
    except TooLarge:
        _fail(run_id, _("有需求量大得无法记账，请检查用量和需求。"), at)
    except Exception:  # a bug must not leave a run that is busy for ever
        log.exception("plan run %s broke off", run_id)
        _fail(run_id, _("程序出错，我们已经记录，请稍后再试。"), at)


@transaction.atomic
def _compute(run_id: int, at: datetime) -> None:
    began = perf_counter()
    run = PlanRun.objects.select_for_update().get(pk=run_id)
    loaded = load(start_on=run.start_on, horizon_days=run.horizon_days)
    try:
        answer = plan(loaded.problem)
    except BomCycle as error:
        raise BomCycle([loaded.keys[int(str(row))][0] for row in error.path]) from error
    numbers = numbers_of(run_id, answer.orders)
    with sending_orders(run_id, loaded, answer, numbers):
        edges = peg(loaded.problem, answer)
        found = messages(loaded, answer, lateness(answer, edges)[1], numbers)
        packed = pack_plan(run_id, loaded, answer, edges, numbers)
    write_plan(run_id, loaded, answer, packed, found)
    PlanRun.objects.filter(is_current=True).update(is_current=False)
    run.is_current, run.state, run.finished_at = True, PlanRun.State.DONE, at
    run.items, run.orders, run.messages = len(loaded.items), len(answer.orders.row), len(found)
    run.seconds = Decimal(perf_counter() - began).quantize(Decimal("0.001"))
    run.save()
    publish(PlanRunFinished(run_id=run.pk, start_on=run.start_on.isoformat()))


def _fail(run_id: int, sentence: str, at: datetime) -> None:
    PlanRun.objects.filter(pk=run_id).update(state=PlanRun.State.FAILED, error=sentence[:500], finished_at=at)


@transaction.atomic
def forget_old_runs() -> None:
    """Rows of the last runs are kept; older ones go, released orders and all: the orders they became stay.

    Apart from the run that made them old: it is the proposal in force seconds earlier. Twice is as good as once.
    """
    done = PlanRun.objects.filter(state=PlanRun.State.DONE).order_by("-id").values_list("id", flat=True)
    old = list(done[KEPT_RUNS:])
    if not old:
        return
    tables: tuple[Any, ...] = (PlanReceipt, PlanRow, Peg, PlanMessage)
    for rows in [
        *(PlannedOrder.objects.filter(pk__range=ids_of_run(run_id)) for run_id in old),
        *(table.objects.filter(run_id__in=old) for table in tables),
    ]:
        rows._raw_delete(rows.db)  # nothing hangs on these rows: no need to read them first
    PlanRun.objects.filter(pk__in=old).delete()


@transaction.atomic
def cancel_run(*, run_id: int, actor: Member, at: datetime) -> PlanRun:
    """Give up a run that waits or broke off with its worker. Raises NotFound; a run that is over stays as it is."""
    run = PlanRun.objects.select_for_update().filter(pk=run_id).first()
    if run is None:
        raise absent()
    if run.state in ACTIVE:
        run.state, run.finished_at = PlanRun.State.CANCELLED, at
        run.save(update_fields=["state", "finished_at"])
        audit.record(actor=actor, action="plan_run.cancel", object=f"plan_run:{run.pk}", label=str(run.pk))
    return run
