"""Solving the constraint model goal after goal, each solution put into true time before it counts."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from ortools.sat.python import cp_model

from apps.production.domain.cpmodel import Model
from apps.production.domain.placing import rebuild
from apps.production.domain.shop import Place, Plan, Shop, Worth, worth

FIRST_SHARE = 0.7  # of the time that is left goes to the goal that counts first
MOST_MOVED = 0.15  # share of the steps that a disturbance does not touch which a re-plan may move
SHOW_EVERY = 1.0  # seconds between two solutions that are put into true time while the search goes on
Better = Callable[[Plan, Worth], None]


@dataclass
class Best:
    """The best plan so far; `offer` takes a better one that `accepts` lets through, and tells."""

    shop: Shop
    plan: Plan
    tell: Better = lambda plan, price: None
    accepts: Callable[[Plan], bool] = lambda plan: True
    untouched: Mapping[int, Place] = field(default_factory=dict)  # of these at most a share may move

    def __post_init__(self) -> None:
        self.price = worth(self.shop, self.plan)

    def offer(self, plan: Plan) -> bool:
        price = worth(self.shop, plan)
        if price >= self.price or not self.accepts(plan):
            return False
        self.plan, self.price = plan, price
        self.tell(plan, price)
        return True


@dataclass(frozen=True)
class Effort:
    """`deadline` in monotonic seconds."""

    deadline: float
    workers: int = 2
    seed: int = 0

    @property
    def left(self) -> float:
        return max(0.0, self.deadline - monotonic())


@dataclass(frozen=True)
class Proof:
    """`optimal`: every goal was solved to the end on exact time. `bound`: minutes no makespan goes below."""

    optimal: bool
    bound: int


def solve(best: Best, effort: Effort, free: Collection[int] | None = None) -> Proof:
    """Improve `best` until it is proved or the time is over. `free`: only these steps may change their order."""
    model = Model(best.shop, best.plan)
    if free is not None:
        model.hold(best.plan, free)
    if best.untouched:
        model.keep(best.untouched, MOST_MOVED)
    optimal, bound = True, 0
    goals = _goals(model, best)[: None if free is None else 1]
    for number, goal in enumerate(goals):
        if effort.left < 0.05:
            return Proof(False, bound)
        last = number == len(goals) - 1
        seconds = effort.left if last else effort.left * FIRST_SHARE
        solver = _solver(effort, seconds)
        model.cp.minimize(goal)
        status = solver.solve(model.cp, _Watch(model, best))
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return Proof(False, bound)
        plan = true_plan(model, solver.value)
        best.offer(plan)
        model.hint(best.plan)
        optimal = optimal and status == cp_model.OPTIMAL
        if number == 0 and best.shop.makespan_only and model.axis.is_exact:
            bound = model.axis.moment(int(solver.best_objective_bound)) - best.shop.start
        model.cp.add(goal <= int(solver.objective_value))
    return Proof(optimal and model.axis.is_exact, bound)


def _goals(model: Model, best: Best) -> list[Any]:
    if best.shop.makespan_only:
        return [model.makespan()]
    goals = [model.tardiness()] if best.price.tardiness else []
    if not goals:
        model.cp.add(model.tardiness() <= 0) if model.axis.is_exact else None
    goals += [goal for goal in (model.setups(), model.change()) if goal is not None]
    return [*goals, model.makespan()]


def _solver(effort: Effort, seconds: float) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(0.05, seconds)
    solver.parameters.num_workers = max(1, effort.workers)
    solver.parameters.linearization_level = 0  # bounds from a linear relaxation are weak here and cost the time
    solver.parameters.random_seed = effort.seed
    return solver


def true_plan(model: Model, value: Callable[[Any], Any]) -> Plan:
    """A solution of the model in true time. Steps that the solution leaves at their last place stay there."""
    order: dict[int, int] = {}
    places: dict[int, tuple[int, int]] = {}
    keep: dict[int, Place] = {}
    for key, task in model.tasks.items():
        if task.step.fixed is not None:
            order[key] = model.axis.to(task.step.fixed.start)
            continue
        order[key] = int(value(task.start))
        taken = next((option for option in task.options if value(option.chosen)), None)
        if taken is not None:
            places[key] = (taken.mode.centre, taken.unit)
        was = model.shop.last.get(key)
        if (
            was is not None
            and order[key] == model.axis.to(was.start)
            and (taken is None or taken.mode.centre == was.centre)
        ):
            keep[key] = was
    return rebuild(model.shop, order, places, keep)


class _Watch(cp_model.CpSolverSolutionCallback):
    """Takes solutions while the search goes on, so that stopping it loses little."""

    def __init__(self, model: Model, best: Best) -> None:
        super().__init__()
        self._model, self._best = model, best
        self._shown = 0.0

    def on_solution_callback(self) -> None:
        if monotonic() - self._shown < SHOW_EVERY:
            return
        self._best.offer(true_plan(self._model, self.value))
        self._shown = monotonic()
