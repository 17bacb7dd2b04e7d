"""The shop to be scheduled, in whole minutes, and what a schedule of it is worth. No clock, no database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil

from apps.production.domain.worktime import CalendarDef, WorkTime

Plan = dict[int, "Place"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where and when a step is done; `setup` is the part of its working minutes that prepares. Unit 0 = no capacity."""

    centre: int
    unit: int
    start: int
    end: int
    setup: int = 0


@dataclass(frozen=True, slots=True)
class Mode:
    """One way to do a step: at a work centre, `setup` and `run` working minutes.

    `first`: minutes after the start when the first transfer batch is out. `last`: minutes for the last batch that
    comes in. Both equal setup + run where whole lots are passed on.
    """

    centre: int
    setup: int
    run: int
    first: int
    last: int

    @property
    def minutes(self) -> int:
        return self.setup + self.run


@dataclass(frozen=True, slots=True)
class Step:
    """`queue`: minutes by the clock after the step. `overlaps`: the next step may start on the first transfer batch.

    `lead`: subcontracted, minutes by the clock and no capacity. `fixed`: it stands where it stands.
    """

    key: int
    modes: tuple[Mode, ...]
    queue: int = 0
    group: str = ""
    overlaps: bool = False
    lead: int | None = None
    fixed: Place | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """Steps in their order. `release`: not before; `due`: after it the job is late; `weight` of a late minute."""

    key: int
    steps: tuple[Step, ...]
    release: int
    due: int | None = None
    weight: int = 1
    material: str = ""


@dataclass(frozen=True)
class Centre:
    """`units` places side by side. `matrix` {group: {group: minutes}}: change-over by what was made before."""

    units: int
    calendar: int
    matrix: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def setup(self, before: str | None, step: Step, mode: Mode) -> int:
        """Set-up minutes of `step` after a step of group `before` (None = nothing was made)."""
        if not self.matrix or before is None:
            return mode.setup
        if before == step.group:
            return int(self.matrix.get(before, {}).get(step.group, 0))
        return int(self.matrix.get(before, {}).get(step.group, mode.setup))


@dataclass(frozen=True)
class Shop:
    """Everything a schedule is made from. `last`: where the plan in force has the steps; moving them is a change."""

    start: int
    centres: tuple[Centre, ...]
    calendars: tuple[CalendarDef, ...]
    jobs: tuple[Job, ...]
    last: Mapping[int, Place] = field(default_factory=dict)
    makespan_only: bool = False

    def times(self) -> tuple[WorkTime, ...]:
        origin = min([self.start, *(step.fixed.start for job in self.jobs for step in job.steps if step.fixed)])
        return tuple(WorkTime(calendar, origin) for calendar in self.calendars)

    @property
    def size(self) -> int:
        return sum(len(job.steps) for job in self.jobs)


@dataclass(frozen=True, order=True)
class Worth:
    """What a plan costs, the first difference decides. Minutes; `tardiness` is weighted."""

    tardiness: int
    setup: int
    change: int
    makespan: int


def duration(setup: Fraction, run: Fraction, quantity: Fraction, fixed: Fraction, efficiency: Fraction) -> int:
    """production.md §7: `setup + (run x quantity + fixed) / efficiency`, up to whole minutes."""
    return ceil(setup + (run * quantity + fixed) / efficiency)


def worth(shop: Shop, plan: Plan) -> Worth:
    """The price of a complete plan."""
    tardiness = sum(job.weight * late_minutes(job, plan) for job in shop.jobs if job.due is not None)
    ends = [place.end for place in plan.values()]
    makespan = max(ends, default=shop.start) - shop.start
    if shop.makespan_only:
        return Worth(makespan, 0, 0, makespan)
    setup = sum(place.setup for place in plan.values())
    return Worth(tardiness, setup, change(shop.last, plan), makespan)


def late_minutes(job: Job, plan: Plan) -> int:
    """Minutes by the clock from the due moment to the end of the last step, 0 when in time."""
    if job.due is None or not job.steps:
        return 0
    return max(0, plan[job.steps[-1].key].end - job.due)


MOVED_MACHINE = 480  # a step on another machine counts like a shift of one day's work


def change(last: Mapping[int, Place], plan: Plan) -> int:
    """How far the steps went from where the people expect them."""
    total = 0
    for key, was in last.items():
        now = plan.get(key)
        if now is not None:
            total += abs(now.start - was.start) + (MOVED_MACHINE if now.centre != was.centre else 0)
    return total


def moved(last: Mapping[int, Place], plan: Plan) -> set[int]:
    """Steps of the last plan whose machine or times differ."""
    return {
        key
        for key, was in last.items()
        if key in plan and (plan[key].centre, plan[key].start, plan[key].end) != (was.centre, was.start, was.end)
    }


def steps_of(jobs: Iterable[Job]) -> dict[int, Step]:
    return {step.key: step for job in jobs for step in job.steps}
