"""Is this a schedule? Written apart from what makes schedules: it shares their input, not their arithmetic.

Working time is counted here minute span by minute span from the calendar's own definition, day by day.
"""

from collections.abc import Iterable, Mapping
from itertools import pairwise

from apps.production.domain.shop import Centre, Job, Mode, Place, Plan, Shop, Step
from apps.production.domain.worktime import DAY, CalendarDef

Fault = str


def faults(shop: Shop, plan: Plan) -> list[Fault]:
    """Everything that is wrong with `plan`, empty when nothing is. What lies between fixed steps is not its fault."""
    steps = {step.key: step for job in shop.jobs for step in job.steps}
    missing = sorted(set(steps) - set(plan))
    unknown = sorted(set(plan) - set(steps))
    if missing or unknown:
        return [f"step {key} has no place" for key in missing] + [f"step {key} is unknown" for key in unknown]
    found = [fault for step in steps.values() for fault in _step_faults(shop, step, plan[step.key])]
    found += [fault for job in shop.jobs for fault in _job_faults(shop, job, plan)]
    found += _machine_faults(shop, steps, plan)
    return found


def _step_faults(shop: Shop, step: Step, place: Place) -> Iterable[Fault]:
    if step.fixed is not None:
        if place != step.fixed:
            yield f"step {step.key} was fixed and moved"
        return
    if place.start < shop.start:
        yield f"step {step.key} starts before the plan"
    if step.lead is not None:
        if place.unit or place.end - place.start < step.lead:
            yield f"step {step.key} is too short at the subcontractor"
        return
    mode = _mode(step, place)
    if mode is None:
        yield f"step {step.key} is on a machine that cannot do it"
        return
    if not 1 <= place.unit <= shop.centres[place.centre].units:
        yield f"step {step.key} is on unit {place.unit}, which is not there"
    yield from _time_faults(shop.calendars[shop.centres[place.centre].calendar], step, place, mode)


def _time_faults(calendar: CalendarDef, step: Step, place: Place, mode: Mode) -> Iterable[Fault]:
    needed = place.setup + mode.run
    if open_minutes(calendar, place.start, place.end) != needed:
        yield f"step {step.key} has not {needed} working minutes between start and end"
    opens = open_minutes(calendar, place.start, place.start + 1)
    closes = open_minutes(calendar, place.end - 1, place.end)
    if needed and not (opens and closes):
        yield f"step {step.key} starts or ends in a break"


def _mode(step: Step, place: Place) -> Mode | None:
    return next((mode for mode in step.modes if mode.centre == place.centre), None)


def _job_faults(shop: Shop, job: Job, plan: Plan) -> Iterable[Fault]:
    if job.steps and job.steps[0].fixed is None and plan[job.steps[0].key].start < job.release:
        yield f"job {job.key} starts before its release"
    for before, after in pairwise(job.steps):
        if after.fixed is not None:
            continue
        first, second = plan[before.key], plan[after.key]
        if not before.overlaps:
            if second.start < first.end + before.queue:
                yield f"step {after.key} starts before step {before.key} is over"
            continue
        yield from _batch_faults(shop, before, after, first, second)


def _batch_faults(shop: Shop, before: Step, after: Step, first: Place, second: Place) -> Iterable[Fault]:
    mode = _mode(before, first)
    if mode is not None and first.unit:
        calendar = shop.calendars[shop.centres[first.centre].calendar]
        needed = min(first.setup + mode.first - mode.setup, first.setup + mode.run)
        until = min(second.start - before.queue, first.end)
        if open_minutes(calendar, first.start, until) < needed:
            yield f"step {after.key} starts before the first batch of step {before.key} is out"
    follower = _mode(after, second)
    if follower is None or not second.unit:
        if second.end < first.end + before.queue:
            yield f"step {after.key} ends before step {before.key}"
        return
    calendar = shop.calendars[shop.centres[second.centre].calendar]
    last = min(follower.last, second.setup + follower.run)
    if open_minutes(calendar, max(second.start, first.end + before.queue), second.end) < last:
        yield f"step {after.key} ends before the last batch of step {before.key} can be worked"


def _machine_faults(shop: Shop, steps: Mapping[int, Step], plan: Plan) -> list[Fault]:
    lines: dict[tuple[int, int], list[tuple[Place, Step]]] = {}
    for key, place in plan.items():
        if place.unit:
            lines.setdefault((place.centre, place.unit), []).append((place, steps[key]))
    found: list[Fault] = []
    for (centre, _unit), line in sorted(lines.items()):
        line.sort(key=lambda row: (row[0].start, row[0].end, row[1].key))
        found += _line_faults(shop.centres[centre], line)
    return found


def _line_faults(centre: Centre, line: list[tuple[Place, Step]]) -> Iterable[Fault]:
    longest: tuple[Place, Step] | None = None
    before: Step | None = None
    for place, step in line:
        crosses = longest is not None and place.start < longest[0].end and place.end > place.start
        if longest is not None and crosses and (step.fixed is None or longest[1].fixed is None):
            yield f"steps {longest[1].key} and {step.key} overlap"
        if longest is None or place.end > longest[0].end:
            longest = (place, step)
        mode = _mode(step, place) if step.fixed is None else None
        if mode is not None:
            yield from _setup_faults(centre, before, step, place, mode)
        before = step


def _setup_faults(centre: Centre, before: Step | None, step: Step, place: Place, mode: Mode) -> Iterable[Fault]:
    if not centre.matrix:
        if place.setup != mode.setup:
            yield f"step {step.key} has a wrong set-up"
        return
    needed = _changeover(centre, before, step, mode)
    if place.setup < needed:
        yield f"step {step.key} needs {needed} minutes of set-up"


def _changeover(centre: Centre, before: Step | None, step: Step, mode: Mode) -> int:
    if before is None:
        return mode.setup
    same = before.group == step.group
    return int(centre.matrix.get(before.group, {}).get(step.group, 0 if same else mode.setup))


def open_minutes(calendar: CalendarDef, start: int, end: int) -> int:
    """Minutes between two moments on which the calendar is open."""
    total, reached = 0, start
    for day in range(start // DAY - 1, end // DAY + 1):
        base = day * DAY
        if day in calendar.exceptions:
            spans = [(base + a, base + b) for a, b in calendar.exceptions[day]]
        else:
            week = base - (day % 7) * DAY
            spans = [(week + a, week + b) for a, b in calendar.week if a // DAY == day % 7]
        for a, b in sorted(spans):
            a, b = max(a, reached), min(b, end)
            if b > a:
                total += b - a
                reached = b
    return total
