"""The shop as a constraint model (CP-SAT): an interval a step and machine, no overlap, precedence, what it costs."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from ortools.sat.python import cp_model

from apps.production.domain.axis import Axis
from apps.production.domain.shop import MOVED_MACHINE, Job, Mode, Place, Plan, Shop, Step

MOST_ON_A_CIRCUIT = 40  # a machine with change-overs and more steps than this is left to the placing


@dataclass
class Option:
    """One place a step may go to: mode and unit (0 = any unit of the work centre)."""

    mode: Mode
    unit: int
    chosen: Any
    start: Any
    end: Any
    interval: Any
    setup: Any = None


@dataclass
class Task:
    """A step in the model."""

    step: Step
    start: Any
    end: Any
    options: list[Option] = field(default_factory=list)


class Model:
    """Variables and constraints of one shop; `tasks` by step, `tardiness` and the others are the prices."""

    def __init__(self, shop: Shop, incumbent: Plan) -> None:
        self.shop = shop
        self.axis = Axis(shop)
        self.cp = cp_model.CpModel()
        self.incumbent = self.hinted = incumbent
        self._follows: list[tuple[Any, Callable[[Plan], int]]] = []
        self.horizon = self._horizon()
        self.tasks: dict[int, Task] = {}
        self._circuits = self._machines_with_circuit()
        for job in shop.jobs:
            for step in job.steps:
                self.tasks[step.key] = self._task(step)
            self._chain(job)
        self._machines()
        self.hint(incumbent)

    def _hinted(self, most: int, worth: Callable[[Plan], int]) -> Any:
        """A variable that follows from a plan: every start must be complete, or the search begins with nothing."""
        found = self.cp.new_int_var(0, most, "")
        self._follows.append((found, worth))
        self._hint_one(found, worth, self.hinted)
        return found

    def _hint_one(self, variable: Any, worth: Callable[[Plan], int], plan: Plan) -> None:
        self.cp.add_hint(variable, max(0, worth(plan)))

    def _latest(self, plan: Plan) -> int:
        return max((self.axis.to(plan[job.steps[-1].key].end) for job in self.shop.jobs if job.steps), default=0)

    def _horizon(self) -> int:
        latest = max((self.axis.to(place.end) for place in self.incumbent.values()), default=0)
        work = sum(
            self.axis.minutes(place.centre, place.end - place.start if not place.unit else 0)
            for place in self.incumbent.values()
        )
        if self.shop.makespan_only and self.axis.is_exact:
            return max(1, latest)
        return latest + latest // 2 + work + 10_000

    def _task(self, step: Step) -> Task:
        if step.fixed is not None:
            start, end = self.axis.to(step.fixed.start), self.axis.to(step.fixed.end)
            return Task(step, self.cp.new_constant(start), self.cp.new_constant(max(start, end)))
        task = Task(step, self.cp.new_int_var(0, self.horizon, ""), self.cp.new_int_var(0, self.horizon, ""))
        if step.lead is not None:
            self.cp.add(task.end >= task.start + self.axis.clock(step.lead))
            return task
        places = [(mode, unit) for mode in step.modes for unit in self._units(mode.centre)]
        task.options = [self._option(task, mode, unit, only=len(places) == 1) for mode, unit in places]
        if len(places) > 1:
            self.cp.add_exactly_one(option.chosen for option in task.options)
        return task

    def _units(self, centre: int) -> Sequence[int]:
        if centre in self._circuits:
            return range(1, self.shop.centres[centre].units + 1)
        return (0,)

    def _option(self, task: Task, mode: Mode, unit: int, *, only: bool) -> Option:
        setup: Any = None
        size: Any = self.axis.minutes(mode.centre, mode.minutes)
        if mode.centre in self._circuits:
            setup = self.cp.new_int_var(0, self._longest_setup(mode), "")
            size = setup + self.axis.minutes(mode.centre, mode.run)
        if only:
            chosen: Any = self.cp.new_constant(1)
            interval = self.cp.new_interval_var(task.start, size, task.end, "")
            return Option(mode, unit, chosen, task.start, task.end, interval, setup)
        chosen = self.cp.new_bool_var("")
        # An interval that is not chosen binds nothing, so all options share the step's own start and end.
        interval = self.cp.new_optional_interval_var(task.start, size, task.end, chosen, "")
        return Option(mode, unit, chosen, task.start, task.end, interval, setup)

    def _longest_setup(self, mode: Mode) -> int:
        matrix = self.shop.centres[mode.centre].matrix
        longest = max((minutes for row in matrix.values() for minutes in row.values()), default=0)
        return self.axis.minutes(mode.centre, max(mode.setup, longest))

    def _chain(self, job: Job) -> None:
        release = self.axis.to(job.release)
        for at, step in enumerate(job.steps):
            task = self.tasks[step.key]
            if step.fixed is not None:
                continue
            if at == 0:
                self.cp.add(task.start >= release)
            else:
                self._precedence(self.tasks[job.steps[at - 1].key], task)

    def _precedence(self, before: Task, after: Task) -> None:
        queue = self.axis.clock(before.step.queue)
        if not before.step.overlaps:
            self.cp.add(after.start >= before.end + queue)
            return
        if before.options:
            for option in before.options:
                first = self.axis.minutes(option.mode.centre, option.mode.first - option.mode.setup)
                setup = (
                    option.setup
                    if option.setup is not None
                    else self.axis.minutes(option.mode.centre, option.mode.setup)
                )
                self.cp.add(after.start >= before.start + setup + first + queue).only_enforce_if(option.chosen)
        else:
            self.cp.add(after.start >= before.start + queue)
        if not after.options:
            self.cp.add(after.end >= before.end + queue)
        for option in after.options:
            last = self.axis.minutes(option.mode.centre, option.mode.last)
            self.cp.add(after.end >= before.end + queue + last).only_enforce_if(option.chosen)

    def _machines(self) -> None:
        options: dict[int, list[Option]] = {}
        fixed: dict[int, list[tuple[Step, Place]]] = {}
        for task in self.tasks.values():
            for option in task.options:
                options.setdefault(option.mode.centre, []).append(option)
            if task.step.fixed is not None and task.step.fixed.unit:
                fixed.setdefault(task.step.fixed.centre, []).append((task.step, task.step.fixed))
        owners = {id(option): task for task in self.tasks.values() for option in task.options}
        for centre, found in sorted(options.items()):
            stands = fixed.get(centre, [])
            if centre in self._circuits:
                self._circuit_machine(centre, found, stands, owners)
            else:
                self._plain_machine(centre, found, stands)

    def _plain_machine(self, centre: int, options: list[Option], fixed: list[tuple[Step, Place]]) -> None:
        units = self.shop.centres[centre].units
        intervals = [option.interval for option in options]
        blocked = _merged([(self.axis.to(place.start), self.axis.to(place.end)) for _, place in fixed], units)
        intervals += [self.cp.new_fixed_size_interval_var(start, end - start, "") for start, end in blocked]
        if units == 1:
            self.cp.add_no_overlap(intervals)
        else:
            self.cp.add_cumulative(intervals, [1] * len(intervals), units)

    def _circuit_machine(
        self, centre: int, options: list[Option], fixed: list[tuple[Step, Place]], owners: dict[int, Task]
    ) -> None:
        for unit in range(1, self.shop.centres[centre].units + 1):
            here = [option for option in options if option.unit == unit]
            stands = sorted((place.start, place.end, step.group) for step, place in fixed if place.unit == unit)
            blocked = _merged([(self.axis.to(start), self.axis.to(end)) for start, end, _ in stands], 1)
            intervals = [option.interval for option in here]
            intervals += [self.cp.new_fixed_size_interval_var(start, end - start, "") for start, end in blocked]
            self.cp.add_no_overlap(intervals)
            self._circuit(centre, here, [owners[id(option)].step for option in here], bool(stands))

    def _circuit(self, centre: int, options: list[Option], steps: list[Step], has_fixed: bool) -> None:
        """Arcs 0 → first → … → last → 0; a step that is elsewhere loops on itself, an empty machine on 0."""
        arcs: list[tuple[int, int, Any]] = []
        empty = self.cp.new_bool_var("")
        arcs.append((0, 0, empty))
        for j, (option, step) in enumerate(zip(options, steps, strict=True), start=1):
            first, last = self.cp.new_bool_var(""), self.cp.new_bool_var("")
            arcs += [(0, j, first), (j, 0, last), (j, j, option.chosen.negated())]
            self.cp.add(option.setup == self.axis.minutes(centre, option.mode.setup)).only_enforce_if(first)
            self.cp.add_implication(empty, option.chosen.negated())
            for i, (other, before) in enumerate(zip(options, steps, strict=True), start=1):
                if i == j:
                    continue
                arc = self.cp.new_bool_var("")
                arcs.append((i, j, arc))
                minutes = self.shop.centres[centre].setup(before.group, step, option.mode)
                self.cp.add(option.setup == self.axis.minutes(centre, minutes)).only_enforce_if(arc)
                self.cp.add(option.start >= other.end).only_enforce_if(arc)
        self.cp.add_circuit(arcs)

    def _machines_with_circuit(self) -> frozenset[int]:
        count: dict[int, int] = {}
        for job in self.shop.jobs:
            for step in job.steps:
                for centre in {mode.centre for mode in step.modes} if step.fixed is None else ():
                    count[centre] = count.get(centre, 0) + 1
        return frozenset(
            number
            for number, centre in enumerate(self.shop.centres)
            if centre.matrix and 0 < count.get(number, 0) <= MOST_ON_A_CIRCUIT
        )

    # -- Prices ------------------------------------------------------------------------------------------------

    def makespan(self) -> Any:
        found = self._hinted(self.horizon, lambda plan: self._latest(plan))
        ends = [self.tasks[job.steps[-1].key].end for job in self.shop.jobs if job.steps]
        self.cp.add_max_equality(found, ends or [0])
        return found

    def tardiness(self) -> Any:
        terms: list[Any] = []
        for job in self.shop.jobs:
            if job.due is None or not job.steps:
                continue
            due, last = self.axis.to(job.due), job.steps[-1].key
            late = self._hinted(self.horizon, lambda plan, due=due, last=last: self.axis.to(plan[last].end) - due)  # type: ignore[misc]  # bound as it is now
            self.cp.add(late >= self.tasks[last].end - due)
            terms.append(job.weight * late)
        return sum(terms) if terms else self.cp.new_constant(0)

    def setups(self) -> Any:
        """Set-up minutes that depend on choices."""
        terms = []
        for task in self.tasks.values():
            for option in task.options:
                if option.setup is not None:
                    spent = self.cp.new_int_var(0, self._longest_setup(option.mode), "")
                    self.cp.add(spent >= option.setup).only_enforce_if(option.chosen)
                    terms.append(spent)
                elif len(task.options) > 1:
                    terms.append(option.chosen * self.axis.minutes(option.mode.centre, option.mode.setup))
        return sum(terms) if terms else None

    def change(self) -> Any:
        """How far steps go from the last plan; None without one."""
        terms: list[Any] = []
        for key, was in self.shop.last.items():
            task = self.tasks.get(key)
            if task is None or task.step.fixed is not None:
                continue
            start = self.axis.to(was.start)
            away = self._hinted(
                self.horizon + start,
                lambda plan, key=key, start=start: abs(self.axis.to(plan[key].start) - start),  # type: ignore[misc]  # bound as it is now
            )
            self.cp.add_abs_equality(away, task.start - start)
            terms.append(away)
            terms += [MOVED_MACHINE * option.chosen for option in task.options if option.mode.centre != was.centre]
        return sum(terms) if terms else None

    def hold(self, plan: Plan, free: Collection[int]) -> None:
        """All steps but the free ones stay on their machines in their order; times are open."""
        lines: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for key, task in self.tasks.items():
            place = plan[key]
            if key in free or task.step.fixed is not None or not place.unit:
                continue
            taken = _taken(task.options, place)
            if len(task.options) > 1:
                self.cp.add(taken.chosen == 1)
            lines.setdefault((place.centre, place.unit), []).append((place.start, key))
        for line in lines.values():
            for (_, before), (_, after) in pairwise(sorted(line)):
                self.cp.add(self.tasks[after].start >= self.tasks[before].end)

    def keep(self, places: Mapping[int, Place], most_moved: float) -> None:
        """At most a share of these steps leaves its place."""
        stays = []
        for key, place in places.items():
            task = self.tasks[key]
            if task.step.fixed is not None:
                continue
            stay = self.cp.new_bool_var("")
            self.cp.add(task.start == self.axis.to(place.start)).only_enforce_if(stay)
            for option in task.options:
                if len(task.options) > 1 and option.mode.centre != place.centre:
                    self.cp.add_implication(stay, option.chosen.negated())
            self.cp.add_hint(stay, True)
            stays.append(stay)
        self.cp.add(sum(stays) >= len(stays) - int(len(places) * most_moved))

    def hint(self, plan: Plan) -> None:
        """Start the search from `plan`."""
        self.cp.clear_hints()
        self.hinted = plan
        for variable, worth in self._follows:
            self._hint_one(variable, worth, plan)
        for key, task in self.tasks.items():
            if task.step.fixed is not None:
                continue
            place = plan[key]
            self.cp.add_hint(task.start, self.axis.to(place.start))
            self.cp.add_hint(task.end, self.axis.to(place.end))
            if len(task.options) > 1:
                taken = _taken(task.options, place)
                for option in task.options:
                    self.cp.add_hint(option.chosen, option is taken)


def _taken(options: list[Option], place: Place) -> Option:
    exact = [option for option in options if option.mode.centre == place.centre and option.unit in (0, place.unit)]
    return exact[0] if exact else options[0]


def _merged(spans: list[tuple[int, int]], units: int) -> list[tuple[int, int]]:
    """Blocked time of fixed steps: on one unit overlapping ones become one; never more at once than there are units."""
    found: list[tuple[int, int]] = []
    if units == 1:
        for start, end in sorted(span for span in spans if span[0] < span[1]):
            if found and start < found[-1][1]:
                found[-1] = (found[-1][0], max(found[-1][1], end))
            else:
                found.append((start, end))
        return found
    moments = sorted({moment for span in spans for moment in span})
    for start, end in pairwise(moments):
        busy = sum(1 for span in spans if span[0] <= start and span[1] >= end and span[0] < span[1])
        found += [(start, end)] * min(busy, units)
    return found
