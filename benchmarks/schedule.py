"""Finite scheduling of a plant: 500 steps on 20 machines, 2 000 and 10 000 steps, a stop, a re-plan.

`python -m benchmarks.schedule [steps ...]`. A made plant: orders of five steps, machines by one-shift and two-shift
calendars, a third of the steps with an alternative, 120 % of what the machines can do until the due dates.
The promises of production.md §19: a feasible, checked plan of 500 steps in 5 s, 2 000 in 15 s, 10 000 in 60 s;
a re-plan after a stop in 10 s with at most 20 % of the untouched steps moved; nothing moves when nothing happened.
"""

import random
import sys
from dataclasses import replace
from time import monotonic

from apps.production.domain.schedule_check import faults
from apps.production.domain.search import run
from apps.production.domain.shop import Centre, Job, Mode, Shop, Step, moved
from apps.production.domain.solving import Effort
from apps.production.domain.worktime import DAY, CalendarDef
from apps.production.solver_child import Task
from apps.production.solver_process import solve_beside
from benchmarks.common import finish, result

START = 9000 * DAY - (9000 % 7) * DAY + 480
ONE_SHIFT = CalendarDef(tuple((day * DAY + 480, day * DAY + 1020) for day in range(5)))
TWO_SHIFTS = CalendarDef(tuple((day * DAY + 360, day * DAY + 1320) for day in range(6)))
STEPS_OF_AN_ORDER, MACHINES, LOAD = 5, 20, 1.2
LIMITS = {500: 5.0, 2000: 15.0, 10000: 60.0}
MARGIN = {500: 1.5, 2000: 3.0, 10000: 12.0}  # of the limit: starting the process, checking, sending


def plant(steps: int, seed: int = 1) -> Shop:
    """A made plant of so many steps at `LOAD` of its machines."""
    dice = random.Random(seed)
    centres = tuple(Centre(1, number % 2) for number in range(MACHINES))
    total, key, orders = 0, 0, []
    for _ in range(steps // STEPS_OF_AN_ORDER):
        row = []
        for centre in dice.sample(range(MACHINES), STEPS_OF_AN_ORDER):
            minutes = dice.randint(20, 240)
            total += minutes + 10
            places = [centre, (centre + 2) % MACHINES] if dice.random() < 1 / 3 else [centre]
            row.append(Step(key, tuple(Mode(one, 10, minutes, minutes + 10, minutes + 10) for one in places)))
            key += 1
        orders.append(tuple(row))
    weekly = sum(ONE_SHIFT.week[0][1] - ONE_SHIFT.week[0][0] for _ in ONE_SHIFT.week) + 6 * 960
    span = total / MACHINES / (weekly / 2 / 7) / LOAD * DAY
    jobs = tuple(
        Job(number, row, START, round(START + DAY + dice.random() * span), dice.randint(1, 9))
        for number, row in enumerate(orders)
    )
    return Shop(START, centres, (ONE_SHIFT, TWO_SHIFTS), jobs)


def main(sizes: list[int]) -> None:
    kept = []
    for steps in sizes:
        shop, limit = plant(steps), LIMITS.get(steps, 60.0)
        began = monotonic()
        found = solve_beside(Task(shop, limit - MARGIN.get(steps, 12.0), 2, 0, False))
        wrong = faults(shop, found.plan)
        took = monotonic() - began
        assert not wrong
        print(f"{steps} steps: {found.status}, {found.price}", flush=True)
        kept.append(
            result(f"schedule of {steps} steps / {MACHINES} machines at 120 %, checked", took, limit, "s", "promise")
        )
        if steps == 500:
            kept += _again(shop, found.plan)
    finish(kept)


def _again(shop: Shop, plan: dict) -> list[bool]:
    same = run(replace(shop, last=plan), Effort(monotonic() + 8), replan=True)
    day = START // DAY + 2
    closed = CalendarDef(shop.calendars[0].week, {day: (), day + 1: ()})
    centres = (replace(shop.centres[0], calendar=2), *shop.centres[1:])
    stopped = replace(shop, centres=centres, calendars=(*shop.calendars, closed), last=plan)
    began = monotonic()
    after = run(stopped, Effort(monotonic() + 8), replan=True)
    took = monotonic() - began
    assert not faults(stopped, after.plan)
    hit = {key for key, place in plan.items() if place.centre == 0 and place.end > day * DAY}
    others = {key: place for key, place in plan.items() if key not in hit}
    share = 100 * len(moved(others, after.plan)) / len(others)
    return [
        result("re-plan when nothing happened, steps moved", len(moved(plan, same.plan)), 0, "", "promise"),
        result("re-plan of 500 steps after a stop", took, 10, "s", "promise"),
        result("re-plan after a stop, other steps moved", share, 20, "%", "promise"),
    ]


if __name__ == "__main__":
    main([int(text) for text in sys.argv[1:]] or [500, 2000, 10000])
