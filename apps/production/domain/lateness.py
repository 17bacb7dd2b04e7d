"""Why an order is late: what held it up, minute by minute, and what could be done about it.

The parts of a chain add up to end - earliest, where earliest is when the order would end alone in the shop, with its
material there from the start.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from apps.production.domain.placing import first_batch, rebuild
from apps.production.domain.shop import Centre, Job, Place, Plan, Shop, Step, late_minutes
from apps.production.domain.worktime import DAY, CalendarDef, WorkTime

MACHINE, MATERIAL, STEP, CALENDAR, FROZEN = "machine", "material", "step", "calendar", "frozen"
OVERTIME_DAYS = 14
OVERTIME_UNTIL = 22 * 60


@dataclass(frozen=True)
class Part:
    """`minutes` by the clock that the order lost. `job`: whose order stood before it; `centre`: at which machine."""

    kind: str
    minutes: int
    job: int | None = None
    centre: int | None = None
    step: int | None = None


@dataclass(frozen=True)
class Remedy:
    """What was tried: late minutes of this order and of all after it, late orders after it."""

    kind: str
    centre: int | None
    late_minutes: int
    total_late_minutes: int
    late_jobs: int


@dataclass(frozen=True)
class Explanation:
    job: int
    end: int
    late: int
    earliest: int
    chain: tuple[Part, ...]
    remedies: tuple[Remedy, ...] = ()


def explain(shop: Shop, plan: Plan) -> list[Explanation]:
    """Every late job, the latest first."""
    late = [job for job in shop.jobs if late_minutes(job, plan)]
    late.sort(key=lambda job: (-late_minutes(job, plan), job.key))
    times = shop.times()
    stands = _on_machines(shop, plan)
    return [_explained(shop, times, plan, stands, job) for job in late]


Stands = Mapping[tuple[int, int], list[tuple[int, int, int]]]


def _on_machines(shop: Shop, plan: Plan) -> Stands:
    found: dict[tuple[int, int], list[tuple[int, int, int]]] = {}
    for job in shop.jobs:
        for step in job.steps:
            place = plan[step.key]
            if place.unit:
                found.setdefault((place.centre, place.unit), []).append((place.start, place.end, job.key))
    for line in found.values():
        line.sort()
    return found


def _explained(shop: Shop, times: tuple[WorkTime, ...], plan: Plan, stands: Stands, job: Job) -> Explanation:
    parts: list[Part] = []
    ideal = shop.start  # when the step could start alone in the shop
    lost = job.release - shop.start if job.release > shop.start else 0
    if lost:
        parts.append(Part(MATERIAL, lost))
    ideal_end = shop.start
    ready = max(shop.start, job.release)
    for step in job.steps:
        place = plan[step.key]
        parts += _waits(shop, stands, job, step, place, ready)
        ideal_end = _alone(shop, times, step, ideal)
        own = _alone(shop, times, step, place.start) if step.fixed is None else place.end
        if place.end > own:
            parts.append(Part(MACHINE, place.end - own, centre=place.centre, step=step.key))
        ready = _out(shop, times, step, place) + step.queue
        ideal = _alone_out(shop, times, step, ideal, ideal_end) + step.queue
    end = plan[job.steps[-1].key].end
    chain = _balanced(parts, end - ideal_end)
    return Explanation(job.key, end, late_minutes(job, plan), ideal_end, chain)


def _waits(shop: Shop, stands: Stands, job: Job, step: Step, place: Place, ready: int) -> Iterable[Part]:
    """From when the job was there to when the step starts: other jobs on the machine, and the rest closed time."""
    gap = place.start - ready
    if gap <= 0:
        return
    if step.fixed is not None:
        yield Part(FROZEN, gap, centre=place.centre, step=step.key)
        return
    for start, end, other in stands.get((place.centre, place.unit), []):
        held = min(end, place.start) - max(start, ready)
        if other != job.key and held > 0:
            gap -= held
            yield Part(MACHINE, held, other, place.centre, step.key)
    if gap > 0:
        yield Part(CALENDAR, gap, centre=place.centre, step=step.key)


def _alone(shop: Shop, times: tuple[WorkTime, ...], step: Step, ready: int) -> int:
    """When the step would end with every machine free."""
    if step.lead is not None:
        return ready + step.lead
    if step.fixed is not None and not step.modes:
        return ready + step.fixed.end - step.fixed.start
    return min(times[shop.centres[mode.centre].calendar].span(ready, mode.minutes)[1] for mode in step.modes)


def _out(shop: Shop, times: tuple[WorkTime, ...], step: Step, place: Place) -> int:
    if not step.overlaps or not place.unit:
        return place.end
    return first_batch(times[shop.centres[place.centre].calendar], step, place)


def _alone_out(shop: Shop, times: tuple[WorkTime, ...], step: Step, ready: int, end: int) -> int:
    if not step.overlaps or step.lead is not None or not step.modes:
        return end
    return min(times[shop.centres[mode.centre].calendar].span(ready, mode.first)[1] for mode in step.modes)


def _balanced(parts: list[Part], total: int) -> tuple[Part, ...]:
    """Make the parts add up: what breaks add belongs to the calendar, what they swallow is taken from the longest."""
    merged: dict[tuple[object, ...], Part] = {}
    for part in parts:
        key = (part.kind, part.job, part.centre, part.step)
        known = merged.get(key)
        merged[key] = part if known is None else replace(part, minutes=known.minutes + part.minutes)
    found = list(merged.values())
    rest = total - sum(part.minutes for part in found)
    if rest > 0:
        found.append(Part(CALENDAR, rest))
    while rest < 0 and found:
        at = max(range(len(found)), key=lambda number: found[number].minutes)
        taken = min(found[at].minutes, -rest)
        if not taken:
            break
        found[at] = replace(found[at], minutes=found[at].minutes - taken)
        rest += taken
    return tuple(part for part in found if part.minutes)


def remedies(shop: Shop, plan: Plan, late: Explanation) -> tuple[Remedy, ...]:
    """What helps this job: first in line, another machine for its longest wait, overtime there. Effect on all jobs."""
    job = next(job for job in shop.jobs if job.key == late.job)
    waits = [part for part in late.chain if part.kind == MACHINE and part.centre is not None]
    tried: list[tuple[str, int | None, Callable[[], tuple[Shop, Plan]]]] = [
        ("priority", None, lambda: (shop, _first_in_line(shop, plan, job)))
    ]
    if waits:
        worst = max(waits, key=lambda part: part.minutes)
        centre = worst.centre if worst.centre is not None else 0
        tried.append(("overtime", centre, lambda: _overtime(shop, plan, centre, late.end)))
        step = next((step for step in job.steps if step.key == worst.step), None)
        if step is not None and any(mode.centre != centre for mode in step.modes):
            tried.append(("alternative", centre, lambda: (shop, _elsewhere(shop, plan, step, centre))))
    found = []
    for kind, where, attempt in tried:
        changed, after = attempt()
        all_late = [late_minutes(one, after) for one in changed.jobs]
        own = late_minutes(job, after)
        if own < late.late:
            found.append(Remedy(kind, where, own, sum(all_late), sum(1 for one in all_late if one)))
    return tuple(sorted(found, key=lambda one: (one.total_late_minutes, one.late_minutes, one.kind)))


def _orders(plan: Plan) -> tuple[dict[int, int], dict[int, tuple[int, int]]]:
    order = {key: place.start for key, place in plan.items()}
    return order, {key: (place.centre, place.unit) for key, place in plan.items()}


def _first_in_line(shop: Shop, plan: Plan, job: Job) -> Plan:
    order, places = _orders(plan)
    earliest = min(order.values()) - 1
    for step in job.steps:
        order[step.key] = earliest
        if step.fixed is None:
            places.pop(step.key)
    return rebuild(shop, order, places)


def _elsewhere(shop: Shop, plan: Plan, step: Step, centre: int) -> Plan:
    order, places = _orders(plan)
    modes = [mode for mode in step.modes if mode.centre != centre]
    best = min(modes, key=lambda mode: mode.minutes)
    places[step.key] = (best.centre, 0)
    return rebuild(shop, order, places)


def _overtime(shop: Shop, plan: Plan, centre: int, until: int) -> tuple[Shop, Plan]:
    """The machine works on until 22:00 on its working days of the next two weeks."""
    number = shop.centres[centre].calendar
    longer = _longer(shop.calendars[number], shop.start // DAY, min(until // DAY, shop.start // DAY + OVERTIME_DAYS))
    calendars = (*shop.calendars, longer)
    centres = list(shop.centres)
    centres[centre] = Centre(centres[centre].units, len(calendars) - 1, centres[centre].matrix)
    changed = replace(shop, calendars=calendars, centres=tuple(centres), last={})
    order, places = _orders(plan)
    return changed, rebuild(changed, order, places)


def _longer(calendar: CalendarDef, first: int, last: int) -> CalendarDef:
    exceptions = dict(calendar.exceptions)
    for day in range(first, last + 1):
        spans = [(start - day * DAY, end - day * DAY) for start, end in calendar.day_spans(day)]
        if spans and max(end for _, end in spans) < OVERTIME_UNTIL:
            exceptions[day] = (*spans[:-1], (spans[-1][0], OVERTIME_UNTIL))
    return CalendarDef(calendar.week, exceptions)
