"""Moving and pinning one step of the plan in force: what stands in the way is told before anything moves."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.production.domain.codes import code_key
from apps.production.domain.placing import Builder, rebuild
from apps.production.domain.schedule_check import faults
from apps.production.domain.shop import Job, Place, Plan, Shop, Step, late_minutes
from apps.production.domain.worktime import WorkTime
from apps.production.models import Schedule, ScheduledStep, WorkOrderStep
from apps.production.services.plan_refusals import absent, wrong
from apps.production.services.schedule_loading import Loaded, Wanted, load, minute_of, moment_of
from apps.production.services.schedule_publishing import Overlap, lock_plan, write_planned_times
from apps.production.services.schedule_writing import late_rows
from apps.production.services.work_centres import unknown_work_centre
from kernel import audit
from kernel.errors import DomainError
from tenants.rights import Member


class Frozen(DomainError):
    """The step has started, is pinned, or lies before the frozen line."""

    code = "frozen"


@dataclass(frozen=True)
class MoveAnswer:
    """`conflicts`: what stands in the way (moved aside when pushed). `late_changes`: orders whose lateness changed."""

    ok: bool
    row: ScheduledStep
    conflicts: list[dict[str, Any]]
    late_changes: list[dict[str, Any]]


@transaction.atomic
def move_step(
    *,
    work_order: str,
    seq: int,
    start_at: datetime | None,
    work_centre: str | None,
    actor: Member,
    at: datetime,
    push: bool = False,
    only_look: bool = False,
    unit: int | None = None,
) -> MoveAnswer:
    """Put a step of the published plan elsewhere; `start_at` snaps to the machine's next open minute.

    Raises NotFound, Frozen, Invalid `unknown_work_centre`, `bad_range`, and Overlap when something stands in the way
    and `push` is False. With `push` the others move on; the order's own later steps always
    follow. `only_look` changes nothing and raises nothing about overlaps.
    """
    lock_plan()
    schedule, row = _planned(work_order, seq)
    loaded = load(Wanted(at, base=schedule))
    job, step = _job_and_step(loaded, row)
    _check_loose(schedule, row, loaded, at)
    place = _target(loaded, step, row, start_at, work_centre, unit, minute_of(at, up=True))
    conflicts = _conflicts(loaded, job, step, place)
    if only_look:
        return MoveAnswer(not conflicts, row, conflicts, [])
    if not push and any(one["kind"] != "after" for one in conflicts):
        raise _taken(conflicts)
    plan = _pushed(loaded, job, step, place, conflicts)
    if not push and _others_moved(loaded, job, plan):
        raise _taken(conflicts)
    answer = MoveAnswer(True, row, conflicts, _late_changes(loaded, plan))
    _write(schedule, loaded, plan)
    row.refresh_from_db()
    label = f"{row.work_order}/{row.seq}"
    audit.record(actor=actor, action="schedule.move", object=f"schedule:{schedule.pk}", label=label)
    return answer


@transaction.atomic
def pin_step(
    *,
    work_order: str,
    seq: int,
    start_at: datetime | None,
    work_centre: str | None,
    actor: Member,
    at: datetime,
    push: bool = False,
    pinned: bool = True,
) -> MoveAnswer:
    """Fix a step where it stands, or at a new place first; `pinned` False lets it go again. Raises as `move_step`."""
    lock_plan()
    schedule, row = _planned(work_order, seq)
    answer = MoveAnswer(True, row, [], [])
    if pinned and (start_at is not None or work_centre):
        answer = move_step(
            work_order=work_order, seq=seq, start_at=start_at, work_centre=work_centre, actor=actor, at=at, push=push
        )
    answer.row.pinned = pinned
    answer.row.save(update_fields=["pinned"])
    WorkOrderStep.objects.filter(pk=row.step_id).update(pinned=pinned)
    label = f"{row.work_order}/{row.seq}"
    verb = "schedule.pin" if pinned else "schedule.unpin"
    audit.record(actor=actor, action=verb, object=f"schedule:{schedule.pk}", label=label)
    return answer


def push_helps(conflicts: list[dict[str, Any]]) -> bool:
    """May what stands in the way give way? The order's own step before it, and what stands fast, do not."""
    return not any(one["kind"] == "before" or one["frozen"] for one in conflicts)


def _taken(conflicts: list[dict[str, Any]]) -> Overlap:
    if any(one["kind"] == "before" for one in conflicts):
        sentence = _("上一道工序那时还没完成，请晚一点开始。")
    elif not push_helps(conflicts):
        sentence = _("挡住的工序已开工或已固定，不能顺延。")
    else:
        sentence = _("这个时间已有别的工序，换个时间，或选择顺延后面的工序。")
    return Overlap(sentence, extra={"conflicts": conflicts})


def _others_moved(loaded: Loaded, job: Job, plan: Plan) -> bool:
    """The order's own later steps follow by themselves; other orders move only when that is asked for."""
    own = {step.key for step in job.steps}
    return any(place != loaded.shop.last[key] for key, place in plan.items() if key not in own)


def _planned(work_order: str, seq: int) -> tuple[Schedule, ScheduledStep]:
    schedule = Schedule.objects.filter(is_published=True).first()
    rows = ScheduledStep.objects.select_related("work_centre").filter(schedule=schedule, work_order=work_order, seq=seq)
    row = rows.first() if schedule is not None else None
    if schedule is None or row is None:
        raise absent()
    return schedule, row


def _job_and_step(loaded: Loaded, row: ScheduledStep) -> tuple[Job, Step]:
    for job in loaded.shop.jobs:
        for step in job.steps:
            if step.key == row.step_id:
                return job, step
    raise Frozen(_("这道工序已经完成，不能再移动。"))


def _check_loose(schedule: Schedule, row: ScheduledStep, loaded: Loaded, at: datetime) -> None:
    state = loaded.steps[row.step_id].state
    if state != WorkOrderStep.State.WAITING:
        raise Frozen(_("这道工序已经开工，不能再移动。"))
    if row.pinned:
        raise Frozen(_("这道工序已固定，先取消固定再移动。"))
    if schedule.frozen_until is not None and row.start_at < schedule.frozen_until:
        raise Frozen(_("这道工序在冻结期内，不能移动。"))


def _target(
    loaded: Loaded,
    step: Step,
    row: ScheduledStep,
    start_at: datetime | None,
    work_centre: str | None,
    unit: int | None,
    earliest: int,
) -> Place:
    centre = _centre(loaded, work_centre) if work_centre else loaded.place_of(row).centre
    wanted = max(earliest, minute_of(start_at) if start_at is not None else minute_of(row.start_at))
    if start_at is not None and not 2001 <= start_at.year <= 2099:
        raise wrong("bad_range", _("时间不对。"), "start_at")
    if step.lead is not None:
        return Place(centre, 0, wanted, wanted + step.lead)
    mode = next((mode for mode in step.modes if mode.centre == centre), None)
    if mode is None:
        sentence = _("这道工序不能在工作中心 %(code)s 上做。") % {"code": loaded.centres[centre].code}
        raise wrong("unknown_work_centre", sentence, "work_centre")
    time = WorkTime(loaded.shop.calendars[loaded.shop.centres[centre].calendar], wanted)
    start, end = time.span(wanted, mode.minutes)
    units = [unit] if unit else range(1, loaded.shop.centres[centre].units + 1)
    places = [Place(centre, number, start, end, mode.setup) for number in units]
    return min(places, key=lambda place: (len(_standing(loaded, step, place)), place.unit != row.unit, place.unit))


def _centre(loaded: Loaded, code: str) -> int:
    for number, centre in enumerate(loaded.centres):
        if centre.code_key == code_key(code):
            return number
    raise unknown_work_centre(code, "work_centre")


def _standing(loaded: Loaded, step: Step, place: Place) -> list[int]:
    """Steps of the plan that stand where `place` would be."""
    return sorted(
        key
        for key, other in loaded.shop.last.items()
        if place.unit
        and key != step.key
        and (other.centre, other.unit) == (place.centre, place.unit)
        and other.start < place.end
        and place.start < other.end
    )


def _conflicts(loaded: Loaded, job: Job, step: Step, place: Place) -> list[dict[str, Any]]:
    """What a place runs into: other steps on the machine, and the order's own steps before and after."""
    found = [_conflict(loaded, key, "machine") for key in _standing(loaded, step, place)]
    builder = Builder(loaded.shop)
    builder.plan = dict(loaded.shop.last)
    at = next(number for number, one in enumerate(job.steps) if one.key == step.key)
    known = at == 0 or job.steps[at - 1].key in loaded.shop.last
    if known and builder.ready(job, at)[0] > place.start:
        found.append(_conflict(loaded, job.steps[at - 1].key if at else step.key, "before"))
    if at + 1 < len(job.steps) and job.steps[at + 1].key in loaded.shop.last:
        builder.plan[step.key] = place
        after = job.steps[at + 1].key
        if builder.ready(job, at + 1)[0] > loaded.shop.last[after].start:
            found.append(_conflict(loaded, after, "after"))
    return found


def _conflict(loaded: Loaded, key: int, kind: str) -> dict[str, Any]:
    row = loaded.base[key]
    return {
        "kind": kind,
        "work_order": row.work_order,
        "seq": row.seq,
        "start_at": row.start_at.isoformat(),
        "end_at": row.end_at.isoformat(),
        "frozen": key in loaded.frozen,
    }


def _pushed(loaded: Loaded, job: Job, step: Step, place: Place, conflicts: list[dict[str, Any]]) -> Plan:
    """The plan with the step at its new place. Others stay, or move on; what stands fast does not give way."""
    if any(one["frozen"] and one["kind"] != "before" for one in conflicts):
        raise Frozen(_("挡住的工序已开工或已固定，不能顺延。"), extra={"conflicts": conflicts})
    if any(one["kind"] == "before" for one in conflicts):
        raise _taken(conflicts)
    shop = _with_fixed(loaded.shop, job, step, place)
    order = {key: one.start for key, one in shop.last.items()}
    places = {key: (one.centre, one.unit) for key, one in shop.last.items()}
    keep = {key: one for key, one in shop.last.items() if key != step.key and key not in _standing(loaded, step, place)}
    plan = rebuild(shop, order, places, keep, {key: one.start for key, one in shop.last.items()})
    if faults(shop, plan):
        raise Overlap(_("排不下，请换个时间。"), extra={"conflicts": conflicts})
    return plan


def _with_fixed(shop: Shop, job: Job, step: Step, place: Place) -> Shop:
    """Only what the plan holds, with the step where it shall be."""
    jobs = []
    for one in shop.jobs:
        steps = tuple(
            replace(each, fixed=place) if each.key == step.key else _as_planned(shop, each)
            for each in one.steps
            if each.key in shop.last
        )
        if steps:
            jobs.append(replace(one, steps=steps))
    return replace(shop, jobs=tuple(jobs), start=min(shop.start, *(one.start for one in shop.last.values())))


def _as_planned(shop: Shop, step: Step) -> Step:
    """Steps whose time is over stay as a record of what was planned."""
    was = shop.last[step.key]
    return replace(step, fixed=was) if step.fixed is None and was.end <= shop.start else step


def _late_changes(loaded: Loaded, plan: Plan) -> list[dict[str, Any]]:
    found = []
    for job in loaded.shop.jobs:
        if any(step.key not in plan or step.key not in loaded.shop.last for step in job.steps):
            continue
        before, after = late_minutes(job, dict(loaded.shop.last)), late_minutes(job, plan)
        if before != after:
            number = loaded.orders[job.key].number
            found.append({"work_order": number, "before_minutes": before, "after_minutes": after})
    return sorted(found, key=lambda row: (-row["after_minutes"], row["work_order"]))


def _write(schedule: Schedule, loaded: Loaded, plan: Plan) -> None:
    """Store the places that changed in one statement, and what it does to the orders."""
    rows = []
    for row in schedule.scheduled_steps.order_by("id"):
        place = plan.get(row.step_id)
        if place is None or place == loaded.place_of(row):
            continue
        row.work_centre, row.unit = loaded.centres[place.centre], place.unit
        row.start_at, row.end_at, row.setup_minutes = moment_of(place.start), moment_of(place.end), place.setup
        rows.append(row)
    try:
        with transaction.atomic():
            ScheduledStep.objects.bulk_update(
                rows, ["work_centre", "unit", "start_at", "end_at", "setup_minutes"], batch_size=5000
            )
    except IntegrityError as error:
        raise _taken([]) from error
    write_planned_times(rows)
    _refresh_figures(schedule, loaded, plan)


def _refresh_figures(schedule: Schedule, loaded: Loaded, plan: Plan) -> None:
    jobs = tuple(job for job in loaded.shop.jobs if all(step.key in plan for step in job.steps))
    shop = replace(loaded.shop, jobs=jobs)
    late = [late_minutes(job, plan) for job in jobs]
    schedule.tardiness_minutes, schedule.late_orders = sum(late), sum(1 for minutes in late if minutes)
    schedule.late = late_rows(replace(loaded, shop=shop), _complete(plan, jobs))
    schedule.save(update_fields=["tardiness_minutes", "late_orders", "late"])


def _complete(plan: Mapping[int, Place], jobs: tuple[Job, ...]) -> Plan:
    return {step.key: plan[step.key] for job in jobs for step in job.steps}
