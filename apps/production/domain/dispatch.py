"""A plan at once: priority rules over serial schedule generation. Always feasible, since no due date is hard.

Of the steps that may start next the one that can start first is placed; those that can start at the same moment queue
at the machine in the order of the rule: ATC (apparent tardiness cost, Vepsalainen and Morton 1987), EDD (earliest due
date), SPT-critical (shortest first, orders without slack before all), MWR (most work remaining).
"""

from collections.abc import Callable, Sequence
from heapq import heapify, heappop, heappush
from math import exp
from time import monotonic

from apps.production.domain.placing import Builder, Found
from apps.production.domain.shop import Job, Plan, Shop, worth

LOOK_AHEAD = (
    100.0,
    30.0,
    8.0,
    2.0,
)  # how many mean processing times ATC looks ahead; nights count as slack, so far ahead
Rule = Callable[
    [Job, int, int, float], float
]  # (job, step number, moment it can start, remaining minutes) -> low first


def dispatch(shop: Shop, *, deadline: float | None = None) -> Plan:
    """The best of the rules' plans; at least one rule is run, the others only before `deadline` (monotonic seconds)."""
    rules = _rules(shop)
    best = build(shop, rules[0])
    price = worth(shop, best)
    for rule in rules[1:]:
        if deadline is not None and monotonic() > deadline:
            break
        plan = build(shop, rule)
        found = worth(shop, plan)
        if found < price:
            best, price = plan, found
    return best


def build(shop: Shop, rule: Rule) -> Plan:
    """One plan by one rule."""
    builder = Builder(shop)
    remaining = [_remaining(job) for job in shop.jobs]
    queue = []
    for number, job in enumerate(shop.jobs):
        if job.steps:
            queue.append(_entry(builder, number, 0, rule, remaining))
    heapify(queue)
    while queue:
        start, _rank, number, at = heappop(queue)
        entry = _entry(builder, number, at, rule, remaining)
        if entry[0] > start and queue and entry > queue[0]:
            heappush(queue, entry)  # the machine was taken meanwhile
            continue
        builder.place(shop.jobs[number], at)
        if at + 1 < len(shop.jobs[number].steps):
            heappush(queue, _entry(builder, number, at + 1, rule, remaining))
    return builder.plan


def _entry(
    builder: Builder, number: int, at: int, rule: Rule, remaining: Sequence[Sequence[float]]
) -> tuple[int, float, int, int]:
    job = builder.shop.jobs[number]
    step = job.steps[at]
    if step.fixed is not None:
        return step.fixed.start, float("-inf"), number, at
    found: Found = builder.floor.best(step, *builder.ready(job, at))
    start = found.place.start
    return start, rule(job, at, start, remaining[number][at]), number, at


def _remaining(job: Job) -> list[float]:
    """Working minutes from each step to the end of its job, in the shortest mode."""
    found, total = [0.0] * len(job.steps), 0.0
    for at in range(len(job.steps) - 1, -1, -1):
        total += shortest(job, at)
        found[at] = total
    return found


def shortest(job: Job, at: int) -> int:
    """Minutes of a step in its shortest mode."""
    step = job.steps[at]
    return step.lead if step.lead is not None else min(mode.minutes for mode in step.modes)


def _rules(shop: Shop) -> list[Rule]:
    minutes = [shortest(job, at) for job in shop.jobs for at in range(len(job.steps))]
    mean = max(1.0, sum(minutes) / max(1, len(minutes)))

    def most_work(job: Job, at: int, start: int, remaining: float) -> float:
        return -remaining

    def apparent_cost(far: float, by_job: bool) -> Rule:
        """`by_job`: urgency for the work of the whole job that is left, not of this step alone."""

        def rule(job: Job, at: int, start: int, remaining: float) -> float:
            if job.due is None:
                return 0.0
            slack = max(0.0, job.due - remaining - start)
            work = remaining if by_job else shortest(job, at)
            return -job.weight / max(1.0, work) * exp(-slack / (far * mean))

        return rule

    def earliest_due(job: Job, at: int, start: int, remaining: float) -> float:
        return float(job.due) if job.due is not None else float("inf")

    def critical_short(job: Job, at: int, start: int, remaining: float) -> float:
        relaxed = job.due is None or job.due - start > remaining
        return shortest(job, at) + (1e12 if relaxed else 0.0)

    if shop.makespan_only:
        return [most_work, critical_short]
    costs = [apparent_cost(far, by_job) for far in LOOK_AHEAD for by_job in (False, True)]
    return [costs[0], earliest_due, *costs[1:], critical_short, most_work]
