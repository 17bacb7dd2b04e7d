"""A result as rows: places in true time, figures of the run, why orders are late."""

from typing import Any

from apps.production.domain.lateness import Explanation, Part, Remedy, explain, remedies
from apps.production.domain.search import Result
from apps.production.domain.shop import Job, Place, Plan, late_minutes
from apps.production.models import Schedule, ScheduledStep, WorkOrder
from apps.production.services.schedule_loading import Loaded, fingerprint, moment_of

EXPLAINED = 200  # late orders that are explained
WITH_REMEDIES = 20  # of them, the latest ones, with what was tried


def write_result(run: Schedule, loaded: Loaded, result: Result) -> None:
    """Store the steps and put the figures on `run` (not saved)."""
    shop, plan = loaded.shop, result.plan
    rows = [_row(run, loaded, job, plan) for job in shop.jobs]
    steps = [row for found in rows for row in found]
    run.scheduled_steps.all().delete()
    ScheduledStep.objects.bulk_create(steps, batch_size=1000)
    late = [late_minutes(job, plan) for job in shop.jobs]
    run.status = result.status
    run.steps = len(steps)
    run.makespan_minutes = result.price.makespan if not shop.makespan_only else result.price.tardiness
    run.lower_bound = result.bound
    run.tardiness_minutes = sum(late)
    run.late_orders = sum(1 for minutes in late if minutes)
    run.moved_steps = sum(1 for row in steps if row.moved)
    run.basis = fingerprint(loaded.orders[job.key] for job in shop.jobs)
    run.late = late_rows(loaded, plan)


def _row(run: Schedule, loaded: Loaded, job: Job, plan: Plan) -> list[ScheduledStep]:
    order = loaded.orders[job.key]
    found = []
    for step in job.steps:
        place, was = plan[step.key], loaded.base.get(step.key)
        found.append(
            ScheduledStep(
                schedule=run,
                work_order_id=order.pk,
                work_order=order.number,
                step_id=step.key,
                seq=loaded.steps[step.key].seq,
                work_centre=loaded.centres[place.centre],
                unit=place.unit,
                start_at=moment_of(place.start),
                end_at=moment_of(place.end),
                setup_minutes=place.setup if place.unit else 0,
                work_minutes=_work(place, job, step.key),
                frozen=step.key in loaded.frozen,
                pinned=was.pinned if was is not None else False,
                moved=was is not None and not _is_same(loaded, place, was),
            )
        )
    return found


def _work(place: Place, job: Job, key: int) -> int:
    step = next(step for step in job.steps if step.key == key)
    mode = next((mode for mode in step.modes if mode.centre == place.centre), None)
    return place.setup + mode.run if mode is not None and place.unit else 0


def _is_same(loaded: Loaded, place: Place, was: ScheduledStep) -> bool:
    here = (loaded.centres[place.centre].pk, moment_of(place.start), moment_of(place.end))
    return here == (was.work_centre_id, was.start_at, was.end_at)


def late_rows(loaded: Loaded, plan: Plan) -> list[dict[str, Any]]:
    """Late orders as the API shows them, the latest first."""
    found = explain(loaded.shop, plan)[:EXPLAINED]
    return [_late(loaded, plan, late, number < WITH_REMEDIES) for number, late in enumerate(found)]


def _late(loaded: Loaded, plan: Plan, late: Explanation, with_remedies: bool) -> dict[str, Any]:
    order = loaded.orders[late.job]
    tried = remedies(loaded.shop, plan, late) if with_remedies else ()
    return {
        "work_order": order.number,
        "item": order.item.code,
        "item_name": order.item.name,
        "due_on": order.due_on.isoformat(),
        "end_at": moment_of(late.end).isoformat(),
        "earliest_end_at": moment_of(late.earliest).isoformat(),
        "late_minutes": late.late,
        "chain": [_part(loaded, order, part) for part in late.chain],
        "remedies": [_remedy(loaded, one) for one in tried],
    }


def _part(loaded: Loaded, order: WorkOrder, part: Part) -> dict[str, Any]:
    """`ref`: the order that stood before, the item that comes last, or the work centre."""
    centre = loaded.centres[part.centre].code if part.centre is not None else None
    if part.job is not None:
        ref: str | None = loaded.orders[part.job].number
    elif part.kind == "material":
        arrival = loaded.material.get(order.number)
        ref = arrival.item if arrival and (order.start_on is None or arrival.on > order.start_on) else None
    else:
        ref = centre
    seq = loaded.steps[part.step].seq if part.step is not None else None
    return {"kind": part.kind, "ref": ref, "minutes": part.minutes, "work_centre": centre, "seq": seq}


def _remedy(loaded: Loaded, one: Remedy) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "work_centre": loaded.centres[one.centre].code if one.centre is not None else None,
        "late_minutes": one.late_minutes,
        "total_late_minutes": one.total_late_minutes,
        "late_orders": one.late_jobs,
    }
