"""发布排产: a run becomes the plan of the shop, whole, in one transaction."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from apps.production.events import SchedulePublished
from apps.production.models import Schedule, ScheduledStep, WorkOrder, WorkOrderStep
from apps.production.services.plan_refusals import WrongState, absent
from apps.production.services.schedule_loading import TO_SCHEDULE, fingerprint
from kernel import audit
from kernel.errors import DomainError
from kernel.events import publish
from tenants.rights import Member

PUBLISHABLE = (Schedule.State.DONE, Schedule.State.CANCELLED)


class ScheduleStale(DomainError):
    """Orders changed since the run; `extra["work_orders"]` lists their numbers."""

    code = "schedule_stale"


class Overlap(DomainError):
    """A place is taken; `extra["conflicts"]` says by what."""

    code = "overlap"


@transaction.atomic
def publish_run(*, run_id: int, actor: Member, at: datetime) -> Schedule:
    """Make a run the plan in force. Publishes SchedulePublished.

    Raises NotFound, WrongState (no result), ScheduleStale, Overlap. Publishing the plan in force again changes nothing.
    """
    lock_plan()
    run = Schedule.objects.select_for_update().filter(pk=run_id).first()
    if run is None:
        raise absent()
    if run.is_published:
        return run
    if run.state not in PUBLISHABLE or not run.status:
        raise WrongState(_("这次排产没有结果，不能发布。"))
    _check_fresh(run)
    take_down()
    run.is_published, run.published_at, run.published_by_name = True, at, actor.name[:60]
    run.save(update_fields=["is_published", "published_at", "published_by_name"])
    try:
        with transaction.atomic():
            run.scheduled_steps.update(published=True)
    except IntegrityError as error:
        raise Overlap(_("有两道工序占了同一台设备的同一时间，请重新排产。")) from error
    fresh = write_planned_times(list(run.scheduled_steps.order_by("id")))
    audit.record(actor=actor, action="schedule.publish", object=f"schedule:{run.pk}", label=str(run.pk))
    publish(SchedulePublished(run_id=run.pk, fresh_steps=fresh))
    return run


def lock_plan() -> None:
    """Whoever changes the plan in force queues here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(current_schema() || ':production_published'))")


def take_down() -> None:
    """The plan that was in force no longer is."""
    ScheduledStep.objects.filter(published=True).update(published=False)
    Schedule.objects.filter(is_published=True).update(is_published=False)


def _check_fresh(run: Schedule) -> None:
    """Raises ScheduleStale when an order of the run changed, ended, or a newer one is not in it."""
    ids = [row[0] for row in run.basis]
    now: dict[int, list[Any]] = {row[0]: row for row in fingerprint(WorkOrder.objects.filter(pk__in=ids))}
    changed = [row[1] for row in run.basis if now.get(row[0]) != row]
    done = WorkOrderStep.State.DONE
    finished = set(
        WorkOrderStep.objects.filter(pk__in=run.scheduled_steps.values("step_id"), state=done).values_list(
            "order__number", flat=True
        )
    )
    gone = set(run.scheduled_steps.values_list("step_id", flat=True))
    gone -= set(WorkOrderStep.objects.filter(pk__in=gone).values_list("id", flat=True))
    lost = set(run.scheduled_steps.filter(step_id__in=gone).values_list("work_order", flat=True))
    added: set[str] = set()
    if not run.orders:
        newer = WorkOrder.objects.filter(state__in=TO_SCHEDULE, created_at__gt=run.created_at).exclude(pk__in=ids)
        added = set(newer.values_list("number", flat=True))
    stale = sorted({*changed, *finished, *lost, *added})
    if stale:
        raise ScheduleStale(
            _("排产之后有工单变动：%(numbers)s。请重新排产后再发布。") % {"numbers": "、".join(stale[:10])},
            extra={"work_orders": stale},
        )


def write_planned_times(rows: list[ScheduledStep]) -> int:
    """Put the plan on the steps of the orders, where the shop floor sees it; answers how many had none before."""
    by_step = {row.step_id: row for row in rows}
    steps = list(WorkOrderStep.objects.filter(pk__in=by_step).order_by("id"))
    fresh = sum(step.planned_start is None for step in steps)
    for step in steps:
        row = by_step[step.pk]
        step.planned_start, step.planned_end, step.pinned = row.start_at, row.end_at, row.pinned
    WorkOrderStep.objects.bulk_update(steps, ["planned_start", "planned_end", "pinned"], batch_size=500)
    return fresh
