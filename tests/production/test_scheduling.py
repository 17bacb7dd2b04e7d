"""Finite scheduling as arithmetic: P6 and what people rely on."""

from dataclasses import replace
from time import monotonic

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.production.domain.dispatch import dispatch
from apps.production.domain.lateness import explain, remedies
from apps.production.domain.placing import rebuild
from apps.production.domain.schedule_check import faults
from apps.production.domain.search import lower_bound, run
from apps.production.domain.shop import Centre, Job, Mode, Place, Shop, Step, moved, worth
from apps.production.domain.solving import Effort
from apps.production.domain.worktime import DAY, CalendarDef, WorkTime
from tests.production.instances import ALWAYS, read

MONDAY = 9000 * DAY - (9000 % 7) * DAY
OFFICE = CalendarDef(tuple((day * DAY + 480, day * DAY + 1020) for day in range(5)))
LONG = CalendarDef(tuple((day * DAY + 360, day * DAY + 1320) for day in range(6)))
CLOSED_ONCE = CalendarDef(tuple((day * DAY, day * DAY + DAY) for day in range(7)), {MONDAY // DAY + 1: ()})
START = MONDAY + 480


def mode(centre: int, setup: int, run_minutes: int) -> Mode:
    total = setup + run_minutes
    return Mode(centre, setup, run_minutes, total, total)


def effort(seconds: float) -> Effort:
    return Effort(monotonic() + seconds, 2)


@st.composite
def shops(draw: st.DrawFn) -> Shop:
    """Small shops with calendars, units, alternatives, change-overs, transfer batches, waiting and fixed steps."""
    centres = tuple(
        Centre(
            draw(st.integers(1, 2)),
            draw(st.integers(0, 2)),
            {"red": {"blue": 40, "red": 5}, "blue": {"red": 20}} if draw(st.integers(0, 3)) == 0 else {},
        )
        for _ in range(draw(st.integers(1, 4)))
    )
    calendars = (draw(st.sampled_from((ALWAYS, CLOSED_ONCE))), OFFICE, LONG)
    jobs, key, taken = [], 0, {(0, 0): START}
    for number in range(draw(st.integers(1, 6))):
        steps = []
        for at in range(draw(st.integers(1, 4))):
            step = draw(_steps(len(centres), key, at))
            if at == 0 and draw(st.integers(0, 5)) == 0:
                step = _fixed(step, centres, calendars, taken)
            steps.append(step)
            key += 1
        due = draw(st.none() | st.integers(START, START + 6 * DAY))
        jobs.append(Job(number, tuple(steps), START + draw(st.integers(0, 2)) * DAY, due, draw(st.integers(1, 9))))
    return Shop(START, centres, calendars, tuple(jobs))


@st.composite
def _steps(draw: st.DrawFn, centres: int, key: int, at: int) -> Step:
    if draw(st.integers(0, 9)) == 0:
        return Step(key, (mode(0, 0, 0),), lead=draw(st.integers(0, 3)) * DAY)
    modes = []
    for centre in sorted(draw(st.sets(st.integers(0, centres - 1), min_size=1, max_size=2))):
        setup, minutes = draw(st.integers(0, 30)), draw(st.integers(0, 700))
        first = setup + draw(st.integers(0, minutes))
        last = draw(st.integers(0, minutes)) if at else setup + minutes
        modes.append(Mode(centre, setup, minutes, first, last))
    return Step(
        key,
        tuple(modes),
        queue=draw(st.sampled_from([0, 0, 30, 600])),
        group=draw(st.sampled_from(["red", "blue", ""])),
        overlaps=draw(st.booleans()),
    )


def _fixed(
    step: Step, centres: tuple[Centre, ...], calendars: tuple[CalendarDef, ...], taken: dict[tuple[int, int], int]
) -> Step:
    if step.lead is not None:
        return step
    one = step.modes[0]
    ready = taken.get((one.centre, 1), START)
    start, end = WorkTime(calendars[centres[one.centre].calendar], START).span(ready, one.minutes)
    taken[one.centre, 1] = end
    return replace(step, fixed=Place(one.centre, 1, start, end, one.setup))


@given(shops())
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
def test_p6_every_rule_makes_a_schedule(shop: Shop) -> None:
    plan = dispatch(shop)

    assert faults(shop, plan) == []


@given(shops())
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_p6_every_answer_is_a_schedule_and_no_worse_than_the_rules(shop: Shop) -> None:
    result = run(shop, effort(0.6))

    assert result.dropped == ()
    assert faults(shop, result.plan) == []
    assert result.price <= worth(shop, dispatch(shop))
    assert result.bound <= result.price.makespan


@given(shops(), st.integers(0, 5))
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_p6_what_is_mended_is_a_schedule_again(shop: Shop, late_days: int) -> None:
    before = dispatch(shop)
    loose = tuple(
        replace(job, release=job.release + late_days * DAY, steps=tuple(replace(one, fixed=None) for one in job.steps))
        for job in shop.jobs
    )
    changed = replace(shop, jobs=loose, last=before)

    plan = rebuild(changed, {key: place.start for key, place in before.items()}, keep=before)

    assert faults(changed, plan) == []


@given(shops())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_lateness_is_explained_to_the_minute(shop: Shop) -> None:
    plan = dispatch(shop)

    for late in explain(shop, plan):
        if late.end >= late.earliest:
            assert sum(part.minutes for part in late.chain) == late.end - late.earliest
        assert all(part.minutes > 0 for part in late.chain)


def two_machines() -> Shop:
    """Two jobs over lathe and mill by office hours; the second is due first."""
    centres = (Centre(1, 0), Centre(1, 0))
    jobs = (
        Job(1, (Step(10, (mode(0, 30, 210),)), Step(11, (mode(1, 0, 60),))), START, START + 5 * DAY),
        Job(2, (Step(20, (mode(0, 0, 120),)), Step(21, (mode(1, 0, 60),))), START, START + 180),
    )
    return Shop(START, centres, (OFFICE,), jobs)


def test_the_urgent_job_goes_first() -> None:
    result = run(two_machines(), effort(3))

    assert result.status == "optimal"
    assert result.plan[20].start == START
    assert result.plan[10].start == START + 120
    assert result.price.tardiness == 0


def test_a_rerun_when_nothing_happened_moves_nothing() -> None:
    shop = two_machines()
    first = run(shop, effort(2))

    again = run(replace(shop, last=first.plan), effort(2), replan=True)

    assert moved(first.plan, again.plan) == set()


def test_a_machine_stop_moves_what_it_hits_and_little_else() -> None:
    shop = two_machines()
    first = run(shop, effort(2))
    closed = CalendarDef(OFFICE.week, {MONDAY // DAY: ()})
    stopped = replace(shop, centres=(Centre(1, 1), Centre(1, 0)), calendars=(OFFICE, closed), last=first.plan)

    again = run(stopped, effort(2), replan=True)

    assert faults(stopped, again.plan) == []
    assert again.plan[20].start == MONDAY + DAY + 480


def test_first_in_line_is_offered_when_it_helps() -> None:
    shop = two_machines()
    plan = rebuild(shop, {10: 0, 11: 1, 20: 2, 21: 3})

    late = explain(shop, plan)[0]
    found = remedies(shop, plan, late)

    assert late.job == 2
    assert late.chain[0].job == 1  # it waits for the first job on the lathe
    assert late.chain[0].minutes == 240  # 30 + 210
    assert [one.late_minutes for one in found if one.kind == "priority"] == [0]


def test_a_plant_at_twice_its_load_still_gets_a_plan() -> None:
    jobs = tuple(
        Job(
            number,
            (Step(2 * number, (mode(0, 10, 200),)), Step(2 * number + 1, (mode(1, 0, 200),))),
            START,
            START + DAY,
        )
        for number in range(40)
    )
    shop = Shop(START, (Centre(1, 0), Centre(1, 0)), (OFFICE,), jobs)

    result = run(shop, effort(2))

    assert faults(shop, result.plan) == []
    assert result.price.makespan >= lower_bound(shop)


@pytest.mark.parametrize(("name", "form", "best"), [("ft06", "jsp", 55), ("la01", "jsp", 666), ("mk01", "fjsp", 40)])
def test_small_public_instances_are_solved(name: str, form: str, best: int) -> None:
    shop = read(f"{name}.txt", form)

    result = run(shop, effort(20))

    assert (result.price.makespan, result.status, result.bound) == (best, "optimal", best)


def test_a_last_batch_as_large_as_the_work_is_waited_for_whole():
    # Sawing is over at 1; the lathe works the one minute in one batch and may begin only then.
    sawn = Step(0, (Mode(0, 0, 1, 0, 1),), overlaps=True, fixed=Place(0, 1, START, START + 1, 0))
    turned = Step(1, (mode(1, 0, 1),))
    shop = Shop(START, (Centre(1, 0), Centre(1, 0)), (ALWAYS,), (Job(0, (sawn, turned), START),))

    plan = dispatch(shop)

    assert faults(shop, plan) == []
    assert (plan[1].start, plan[1].end) == (START + 1, START + 2)
