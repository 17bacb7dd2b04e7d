"""Finite scheduling from a shop to a checked plan: rules first, then search for as long as there is time."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import monotonic

from apps.production.domain.dispatch import dispatch, shortest
from apps.production.domain.nudging import nudge
from apps.production.domain.placing import rebuild
from apps.production.domain.schedule_check import faults
from apps.production.domain.shop import Plan, Shop, Worth, moved, worth
from apps.production.domain.solving import MOST_MOVED, Best, Effort, Proof, solve
from apps.production.domain.windows import improve

ONE_MODEL = 3000  # steps; above, the plan is improved piece by piece
SMALL = 60  # steps; the model alone is quick enough below
NUDGED = 0.4  # of the time goes to nudging first where orders are late
RULES_SHARE = 0.3  # of the time at most goes to further rules
OPTIMAL, FEASIBLE, DISPATCH = "optimal", "feasible", "dispatch"


@dataclass(frozen=True)
class Result:
    """A plan without faults, and what it is worth. `dropped`: faults of a better-looking plan that was thrown away."""

    plan: Plan
    price: Worth
    status: str
    bound: int
    seconds: float
    dropped: tuple[str, ...] = ()


Tell = Callable[[Plan, str], None]


def run(shop: Shop, effort: Effort, *, replan: bool = False, tell: Tell = lambda plan, status: None) -> Result:
    """Schedule `shop`. `replan`: steps of `shop.last` move only where the lateness of orders asks for it.

    `tell(plan, status)` is called with each better plan, so that stopping the search keeps it.
    """
    began = monotonic()
    first = start_plan(shop, effort, replan=replan)
    tell(first, DISPATCH)
    if replan and not moved(shop.last, first) and len(shop.last) >= shop.size:
        return Result(first, worth(shop, first), FEASIBLE, lower_bound(shop), monotonic() - began)
    best = _search_state(shop, first, replan, tell)
    proof = Proof(False, 0)
    if shop.size and effort.left > 0.1:
        proof = _search(best, effort)
    plan, dropped = best.plan, tuple(faults(shop, best.plan))
    if dropped:
        plan, proof = first, Proof(False, 0)
    price = worth(shop, plan)
    status = OPTIMAL if proof.optimal and not replan else FEASIBLE if effort.left or plan != first else DISPATCH
    bound = max(proof.bound, lower_bound(shop))
    return Result(plan, price, status, min(bound, price.makespan), monotonic() - began, dropped)


def start_plan(shop: Shop, effort: Effort, *, replan: bool = False) -> Plan:
    """The best of the priority rules, or the last plan mended. A re-plan always begins with the mended one."""
    mended = None
    if shop.last:
        order = {key: place.start for key, place in shop.last.items()}
        places = {key: (place.centre, place.unit) for key, place in shop.last.items()}
        latest = max(order.values())
        for job in shop.jobs:  # what is new comes behind what was planned
            for step in job.steps:
                order.setdefault(step.key, step.fixed.start if step.fixed else latest + (job.due or 0) % 1000 + 1)
        mended = rebuild(shop, order, places, shop.last)
        if replan:
            return _pushed(shop, order, places, mended)
    best = dispatch(shop, deadline=monotonic() + effort.left * RULES_SHARE)
    if mended is not None and worth(shop, mended) <= worth(shop, best):
        return mended
    return best


def _pushed(shop: Shop, order: dict[int, int], places: dict[int, tuple[int, int]], mended: Plan) -> Plan:
    """What cannot stay goes behind the queue in `mended`; here the queue of its machine moves up behind it instead."""
    loose = moved(shop.last, mended)
    if not loose:
        return mended
    machines = {(shop.last[key].centre, shop.last[key].unit): shop.last[key].start for key in loose}
    for key in loose:
        place = shop.last[key]
        machines[(place.centre, place.unit)] = min(place.start, machines[(place.centre, place.unit)])
    keep = {
        key: place
        for key, place in shop.last.items()
        if place.start < machines.get((place.centre, place.unit), place.start + 1)
    }
    pushed = rebuild(shop, order, places, keep)
    return pushed if worth(shop, pushed) < worth(shop, mended) else mended


def _search_state(shop: Shop, first: Plan, replan: bool, tell: Tell) -> Best:
    best = Best(shop, first, lambda plan, price: tell(plan, FEASIBLE))
    if replan:
        loose = moved(shop.last, first)
        untouched = {key: place for key, place in shop.last.items() if key not in loose and key in first}
        most = int(len(untouched) * MOST_MOVED)
        best.untouched, best.accepts = untouched, lambda plan: len(moved(untouched, plan)) <= most
    return best


def _search(best: Best, effort: Effort) -> Proof:
    if best.shop.size > ONE_MODEL:
        improve(best, effort)
        return Proof(False, 0)
    if best.price.tardiness and not best.shop.makespan_only and best.shop.size > SMALL:
        nudge(best, replace(effort, deadline=monotonic() + effort.left * NUDGED))
    return solve(best, effort)


def lower_bound(shop: Shop) -> int:
    """Minutes that no plan goes below: the longest job with machines always open, the load of each machine alone."""
    longest, load = 0, [0] * len(shop.centres)
    for job in shop.jobs:
        own = sum(shortest(job, at) for at, step in enumerate(job.steps) if step.fixed is None and not step.overlaps)
        longest = max(longest, max(0, job.release - shop.start) + own)
        for step in job.steps:
            if step.fixed is None and step.lead is None and len(step.modes) == 1:
                load[step.modes[0].centre] += step.modes[0].run
    ends = [step.fixed.end - shop.start for job in shop.jobs for step in job.steps if step.fixed]
    loads = [-(-minutes // shop.centres[number].units) for number, minutes in enumerate(load)]
    return max([longest, *loads, *ends, 0])
