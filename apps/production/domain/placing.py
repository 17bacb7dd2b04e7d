"""Putting steps on machines one after another, each into the first gap that holds it: what every schedule is made with.

Serial schedule generation: steps are taken in an order that respects their jobs, so the result is always feasible;
calendars, set-ups, queues and transfer batches are exact here.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Mapping
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from apps.production.domain.shop import Job, Mode, Place, Plan, Shop, Step, steps_of
from apps.production.domain.worktime import WorkTime

FAR = 1 << 60


@dataclass(frozen=True, slots=True)
class Found:
    """A place and the mode that leads to it."""

    place: Place
    mode: Mode | None


class Floor:
    """The machines with what stands on them so far."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.times = shop.times()
        self._lines: list[list[list[tuple[int, int, int]]]] = [
            [[] for _ in range(centre.units)] for centre in shop.centres
        ]
        self._steps: dict[int, Step] = {}
        self._crossed: set[tuple[int, int]] = set()  # lines on which steps that stand fast overlap
        self._solid: dict[tuple[int, int], int] = {}  # moment before which a line has no gap left

    def time(self, centre: int) -> WorkTime:
        return self.times[self.shop.centres[centre].calendar]

    def put(self, step: Step, place: Place) -> None:
        """Occupy the place. A fixed step beyond the units that are left stands on the last one."""
        self._steps[step.key] = step
        if place.unit:
            line = min(place.unit, len(self._lines[place.centre]))
            if not self.is_free(place):
                self._crossed.add((place.centre, line))
            insort(self._lines[place.centre][line - 1], (place.start, place.end, step.key))
            self._fill(place.centre, line)

    def _fill(self, centre: int, line_number: int) -> None:
        line, time = self._lines[centre][line_number - 1], self.time(centre)
        solid = self._solid.get((centre, line_number), self.shop.start)
        at = bisect_left(line, (solid, 0, 0))
        if at and line[at - 1][1] > solid:
            solid = line[at - 1][1]
        while at < len(line) and line[at][0] <= time.open_at(solid):
            solid = max(solid, line[at][1])
            at += 1
        self._solid[centre, line_number] = solid

    def take(self, step: Step, place: Place) -> None:
        """Free the place."""
        if place.unit:
            lines = self._lines[place.centre]
            line = min(place.unit, len(lines))
            lines[line - 1].remove((place.start, place.end, step.key))
            if self._solid.get((place.centre, line), 0) > place.start:
                self._solid[place.centre, line] = max(self.shop.start, place.start)

    def is_free(self, place: Place) -> bool:
        """Does nothing else stand there?"""
        lines = self._lines[place.centre]
        if not place.unit:
            return True
        if place.unit > len(lines):
            return False
        line = lines[place.unit - 1]
        at = bisect_right(line, (place.start, FAR, 0))
        if at < len(line) and line[at][0] < place.end:
            return False
        return not any(end > place.start for _, end, _ in line[max(0, at - 1) : at])

    def best(self, step: Step, ready: int, floor_end: int, only: tuple[int, int] | None = None) -> Found:
        """The place where the step ends first. `floor_end`: it must not end before its last batch can have come in.

        `only`: (work centre, unit), unit 0 = any.
        """
        if step.lead is not None:
            return Found(Place(step.modes[0].centre, 0, ready, max(ready + step.lead, floor_end)), None)
        found: Found | None = None
        for mode in step.modes:
            if only is not None and mode.centre != only[0]:
                continue
            for unit in range(1, self.shop.centres[mode.centre].units + 1):
                if only is not None and only[1] not in (0, unit):
                    continue
                place = self._first_fit(step, mode, unit, ready, floor_end)
                if found is None or place.end < found.place.end:
                    found = Found(place, mode)
        return found if found is not None else self.best(step, ready, floor_end)

    def _first_fit(self, step: Step, mode: Mode, unit: int, ready: int, floor_end: int) -> Place:
        line = self._lines[mode.centre][unit - 1]
        ready = max(ready, self._solid.get((mode.centre, unit), ready))
        at = bisect_right(line, (ready, FAR, 0))
        first = 0 if (mode.centre, unit) in self._crossed else max(0, at - 1)
        free_from = max([ready, *(end for _, end, _ in line[first:at])])
        while True:
            setup = self._setup(line, at, mode, step)
            start, end = self._span(mode, setup, free_from, floor_end)
            if at >= len(line):
                return Place(mode.centre, unit, start, end, setup)
            if end <= line[at][0] and self._next_still_right(line, at, step, mode.centre):
                return Place(mode.centre, unit, start, end, setup)
            free_from = max(free_from, line[at][1])
            at += 1

    def _span(self, mode: Mode, setup: int, ready: int, floor_end: int) -> tuple[int, int]:
        time = self.time(mode.centre)
        minutes = setup + mode.run
        start, end = time.span(ready, minutes)
        if floor_end > start:
            # Parts come in batches: end no earlier than the last one allows, so start later rather than stand still.
            must_end = time.span(floor_end, min(mode.last, minutes))[1]
            if must_end > end:
                start = max(start, time.open_at(time.back(must_end, minutes)))
                start, end = time.span(start, minutes)
        return start, end

    def _setup(self, line: list[tuple[int, int, int]], at: int, mode: Mode, step: Step) -> int:
        centre = self.shop.centres[mode.centre]
        if not centre.matrix:
            return mode.setup
        return centre.setup(self._steps[line[at - 1][2]].group if at else None, step, mode)

    def needs_setup(self, step: Step, place: Place, mode: Mode) -> int:
        """Set-up minutes of `step` at a place that is free, after what stands before it."""
        line = self._lines[place.centre][place.unit - 1]
        return self._setup(line, bisect_right(line, (place.start, FAR, 0)), mode, step)

    def _next_still_right(self, line: list[tuple[int, int, int]], at: int, step: Step, centre_id: int) -> bool:
        """On a machine with change-overs a gap is taken only if the step behind it does not need a longer set-up."""
        centre = self.shop.centres[centre_id]
        if not centre.matrix:
            return True
        behind = self._steps[line[at][2]]
        mode = next((mode for mode in behind.modes if mode.centre == centre_id), behind.modes[0])
        before = self._steps[line[at - 1][2]].group if at else None
        return centre.setup(step.group, behind, mode) <= centre.setup(before, behind, mode)


class Builder:
    """A plan in the making: knows when each job's next step may start."""

    def __init__(self, shop: Shop, not_before: Mapping[int, int] | None = None) -> None:
        self.shop = shop
        self.floor = Floor(shop)
        self.plan: Plan = {}
        self._not_before = not_before or {}
        for job in shop.jobs:
            for step in job.steps:
                if step.fixed is not None:
                    self.floor.put(step, step.fixed)

    def ready(self, job: Job, at: int) -> tuple[int, int]:
        """(may start at, must not end before) of the job's step number `at`; the steps before it are placed."""
        earliest = max(job.release, self.shop.start, self._not_before.get(job.steps[at].key, 0))
        if at == 0:
            return earliest, 0
        before = job.steps[at - 1]
        place = self.plan[before.key]
        whole = place.end + before.queue
        if not before.overlaps:
            return max(earliest, whole), 0
        first = first_batch(self.floor.time(place.centre), before, place)
        return max(earliest, first + before.queue), whole

    def place(self, job: Job, at: int, only: tuple[int, int] | None = None) -> Place:
        """Put the job's step number `at` where it ends first."""
        step = job.steps[at]
        if step.fixed is not None:
            self.plan[step.key] = step.fixed
            return step.fixed
        ready, floor_end = self.ready(job, at)
        found = self.floor.best(step, ready, floor_end, only)
        self.floor.put(step, found.place)
        self.plan[step.key] = found.place
        return found.place


def first_batch(time: WorkTime, step: Step, place: Place) -> int:
    """When the first transfer batch of a placed step is out."""
    mode = next((mode for mode in step.modes if mode.centre == place.centre), None)
    if mode is None or not place.unit:
        return place.end
    minutes = min(mode.first - mode.setup + place.setup, place.setup + mode.run)
    return min(place.end, time.span(place.start, minutes)[1])


def rebuild(
    shop: Shop,
    order: Mapping[int, int],
    places: Mapping[int, tuple[int, int]] | None = None,
    keep: Mapping[int, Place] | None = None,
    not_before: Mapping[int, int] | None = None,
) -> Plan:
    """Place all steps in the order of `order` {step: rank}, each as early as it can.

    `places` {step: (work centre, unit)} binds steps to machines. `keep` {step: place}: these stay where they are as
    long as nothing stands there, the machine is open and their job is that far; what cannot stay is placed anew, but
    not before its moment in `not_before` {step: moment}.
    """
    plan = _rebuilt(shop, order, places or {}, keep or {}, not_before)
    if keep and not _setups_hold(shop, plan):
        # A step that gave way was what another one's set-up counted on: machines with change-overs are filled anew.
        loose = {key: place for key, place in keep.items() if not shop.centres[place.centre].matrix}
        plan = _rebuilt(shop, order, places or {}, loose, not_before)
    return plan


def _setups_hold(shop: Shop, plan: Plan) -> bool:
    steps = steps_of(shop.jobs)
    lines: dict[int, dict[int, list[tuple[int, int, int]]]] = {}
    for key, place in plan.items():
        if place.unit and shop.centres[place.centre].matrix:
            lines.setdefault(place.centre, {}).setdefault(place.unit, []).append((place.start, place.end, key))
    return all(
        _line_holds(shop, centre, sorted(line), steps, plan)
        for centre, units in lines.items()
        for line in units.values()
    )


def _line_holds(
    shop: Shop, centre: int, line: list[tuple[int, int, int]], steps: Mapping[int, Step], plan: Plan
) -> bool:
    before: str | None = None
    for _start, _end, key in line:
        step = steps[key]
        mode = next((mode for mode in step.modes if mode.centre == centre), None)
        if step.fixed is None and mode is not None and plan[key].setup < shop.centres[centre].setup(before, step, mode):
            return False
        before = step.group
    return True


def _rebuilt(
    shop: Shop,
    order: Mapping[int, int],
    places: Mapping[int, tuple[int, int]],
    keep: Mapping[int, Place],
    not_before: Mapping[int, int] | None,
) -> Plan:
    builder = Builder(shop, not_before)
    kept = _keep(builder, keep)
    pending = [(order.get(job.steps[0].key, 0), number, 0) for number, job in enumerate(shop.jobs) if job.steps]
    heapify(pending)
    while pending:
        _rank, number, at = heappop(pending)
        job = shop.jobs[number]
        _place_next(builder, job, at, kept, places)
        if at + 1 < len(job.steps):
            heappush(pending, (order.get(job.steps[at + 1].key, 0), number, at + 1))
    return builder.plan


def _keep(builder: Builder, keep: Mapping[int, Place]) -> dict[int, Place]:
    kept: dict[int, Place] = {}
    for job in builder.shop.jobs:
        for step in job.steps:
            place = keep.get(step.key)
            if place is None or step.fixed is not None or not _still_right(builder, step, place):
                continue
            builder.floor.put(step, place)
            kept[step.key] = place
    return kept


def _still_right(builder: Builder, step: Step, place: Place) -> bool:
    """Is the place free, not in the past, and as long as the step now takes on an open machine?"""
    if place.start < builder.shop.start or not builder.floor.is_free(place):
        return False
    if step.lead is not None:
        return not place.unit and place.end - place.start >= step.lead
    mode = next((mode for mode in step.modes if mode.centre == place.centre), None)
    if mode is None or not place.unit:
        return False
    return builder.floor.time(place.centre).span(place.start, place.setup + mode.run) == (place.start, place.end)


def _place_next(
    builder: Builder, job: Job, at: int, kept: dict[int, Place], places: Mapping[int, tuple[int, int]]
) -> None:
    step = job.steps[at]
    place = kept.pop(step.key, None)
    if place is not None:
        ready, floor_end = builder.ready(job, at)
        builder.floor.take(step, place)
        if ready <= place.start and _fits(builder, step, place, floor_end):
            builder.floor.put(step, place)
            builder.plan[step.key] = place
            return
    builder.place(job, at, places.get(step.key))


def _fits(builder: Builder, step: Step, place: Place, floor_end: int) -> bool:
    """Does a kept place still allow the set-up and the last transfer batch?"""
    if not place.unit:
        return place.end >= floor_end
    mode = next(mode for mode in step.modes if mode.centre == place.centre)
    if builder.floor.needs_setup(step, place, mode) > place.setup:
        return False
    if not floor_end:
        return True
    return place.end >= builder.floor.time(place.centre).span(floor_end, min(mode.last, place.setup + mode.run))[1]
