"""Properties of material planning over random plants: P1 to P5 of the contract, in memory."""

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.production.domain.explosion import Bill, DatedBill, DirectLine, Line, direct_lines
from apps.production.domain.lots import LotRules
from apps.production.domain.mrp import DEMAND, NEVER, Items, Needs, Plan, Problem, Receipts, plan
from apps.production.domain.pegging import lateness, peg
from apps.production.domain.planning_tables import line_table
from apps.production.domain.quantities import SCALE, ints

DAYS = 40


@dataclass(frozen=True)
class Plant:
    """A random plant: items 0..n-1, components always have a higher number than their parent."""

    count: int
    lines: tuple[tuple[int, int, int, int, int], ...]  # parent, component, quantity, scrap in 1/100, fixed
    stock: tuple[int, ...]
    safety: tuple[int, ...]
    lead: tuple[int, ...]
    rule: tuple[int, ...]
    demands: tuple[tuple[int, int, int, int], ...]  # item, day, quantity, priority
    receipts: tuple[tuple[int, int, int], ...]  # item, day, quantity


@st.composite
def plants(draw: st.DrawFn) -> Plant:
    count = draw(st.integers(2, 7))
    pairs = draw(st.lists(st.tuples(st.integers(0, count - 2), st.integers(1, count - 1)), max_size=10, unique=True))
    small = st.integers(0, 9)
    lines = [
        (a, b, draw(st.integers(1, 4)), draw(st.sampled_from([0, 5, 33])), draw(st.sampled_from([0, 0, 2])))
        for a, b in pairs
        if a < b
    ]
    each = lambda values: tuple(draw(values) for _ in range(count))  # noqa: E731  # one draw an item
    demand = st.tuples(st.integers(0, count - 1), st.integers(-2, DAYS - 1), st.integers(1, 30), st.integers(1, 9))
    receipt = st.tuples(st.integers(0, count - 1), st.integers(-3, DAYS - 1), st.integers(1, 40))
    return Plant(
        count,
        tuple(lines),
        each(st.integers(0, 50)),
        each(st.sampled_from([0, 0, 10])),
        each(small),
        each(st.integers(0, 3)),
        tuple(draw(st.lists(demand, max_size=8))),
        tuple(draw(st.lists(receipt, max_size=5))),
    )


def problem_of(plant: Plant, *, times: int = 1, order: int = 1) -> Problem:
    """The plant as arrays; `times` multiplies all quantities, `order` -1 loads all rows the other way round."""
    n, unit = plant.count, SCALE * times
    rule = np.array(plant.rule, dtype=np.int64)
    zero = np.zeros(n, dtype=np.int64)
    rules = LotRules(
        rule, zero + 25 * unit, (rule == 2) * 20 * unit, (rule == 2) * 60 * unit, zero, zero + 7, zero, [0] * n, [0] * n
    )
    bills: dict[int, list[DatedBill[int]]] = {}
    for parent in {line[0] for line in plant.lines}:
        lines = tuple(
            Line(c, Fraction(q), Fraction(s, 100), Fraction(f * times))
            for a, c, q, s, f in plant.lines[::order]
            if a == parent
        )
        bills[parent] = [DatedBill(Bill(Fraction(1), lines))]
    direct: list[DirectLine[int]] = [line for parent in bills for line in direct_lines(bills, parent)]
    demands = list(enumerate(plant.demands))[::order]
    receipts = sorted(plant.receipts)
    return Problem(
        items=Items(
            on_hand=ints(q * unit for q in plant.stock),
            safety=ints(q * unit for q in plant.safety),
            lead=ints(plant.lead),
            step=zero + SCALE,
            tolerance=zero,
            explodes=np.array([i in bills for i in range(n)]),
            working_lead=np.zeros(n, dtype=bool),
            rules=rules,
        ),
        lines=line_table(direct[::order], {i: i for i in range(n)}),
        links=(ints(a for a, *_ in plant.lines), ints(b for _, b, *_ in plant.lines)),
        needs=Needs(
            ints(d[0] for _, d in demands),
            ints(d[1] for _, d in demands),
            ints(d[2] * unit for _, d in demands),
            ints(DEMAND for _ in demands),
            ints(key for key, _ in demands),
            ints(d[3] for _, d in demands),
        ),
        receipts=Receipts(
            ints(r[0] for r in receipts), ints(r[1] for r in receipts), ints(r[2] * unit for r in receipts)
        ),
        days=DAYS,
    )


def rows_at(answer: Plan, row: int) -> dict[int, tuple[int, int, int, int]]:
    """{day: (gross, scheduled, receipt, projected)} of an item."""
    days = answer.days
    here = np.flatnonzero(days.row == row)
    return {
        int(days.day[i]): (int(days.gross[i]), int(days.scheduled[i]), int(days.receipt[i]), int(days.projected[i]))
        for i in here
    }


@settings(max_examples=120, deadline=None)
@given(plants())
def test_p1_every_day_balances_and_stays_above_safety(plant: Plant) -> None:
    problem = problem_of(plant)

    answer = plan(problem)

    for row in range(plant.count):
        stock = plant.stock[row] * SCALE
        for _day, (gross, scheduled, receipt, projected) in sorted(rows_at(answer, row).items()):
            stock += scheduled + receipt - gross
            assert projected == stock
            assert projected >= plant.safety[row] * SCALE
    ordered = np.bincount(answer.orders.row, answer.orders.quantity, minlength=plant.count)
    asked = np.bincount(answer.needs.row, answer.needs.quantity, minlength=plant.count)
    came = answer.needed > NEVER
    received = np.bincount(problem.receipts.row[came], problem.receipts.quantity[came], minlength=plant.count)
    assert (problem.items.on_hand + received + ordered >= asked).all()


@settings(max_examples=120, deadline=None)
@given(plants())
def test_p2_pegs_sum_to_needs_and_stay_within_supplies(plant: Plant) -> None:
    problem = problem_of(plant)
    answer = plan(problem)

    edges = peg(problem, answer)

    served = np.zeros(len(answer.needs.row), dtype=np.int64)
    np.add.at(served, edges.need, edges.quantity)
    assert (served == answer.needs.quantity).all()
    given_out: dict[tuple[int, int, int], int] = {}
    for row, kind, supply, quantity in zip(edges.row, edges.supply_kind, edges.supply, edges.quantity, strict=True):
        key = (int(kind), int(supply), int(row) if kind == 0 else -1)
        given_out[key] = given_out.get(key, 0) + int(quantity)
    for (kind, supply, row), quantity in given_out.items():
        whole = (problem.items.on_hand[row], problem.receipts.quantity, answer.orders.quantity)
        assert quantity <= (whole[0] if kind == 0 else whole[kind][supply])
    assert (answer.needs.row[edges.need] == edges.row).all()
    late_order, late_need = lateness(answer, edges)
    assert (late_order >= answer.orders.cut).all()
    assert (late_need >= 0).all()


@settings(max_examples=80, deadline=None)
@given(plants())
def test_p3_doubling_everything_doubles_lot_for_lot_plans(plant: Plant) -> None:
    lot_for_lot = replace(
        plant, rule=(0,) * plant.count, lines=tuple((a, b, q, 0, f) for a, b, q, _s, f in plant.lines)
    )

    once, twice = plan(problem_of(lot_for_lot)), plan(problem_of(lot_for_lot, times=2))

    assert (twice.orders.quantity == 2 * once.orders.quantity).all()
    assert (twice.orders.release == once.orders.release).all()


@settings(max_examples=80, deadline=None)
@given(plants())
def test_p4_the_order_of_loading_changes_nothing(plant: Plant) -> None:
    one, other = plan(problem_of(plant)), plan(problem_of(plant, order=-1))

    for name in ("row", "due", "release", "quantity"):
        assert (getattr(one.orders, name) == getattr(other.orders, name)).all()
    assert (one.needed == other.needed).all()


@settings(max_examples=80, deadline=None)
@given(plants())
def test_p5_components_lie_below_their_parents(plant: Plant) -> None:
    answer = plan(problem_of(plant))

    for parent, component, *_rest in plant.lines:
        assert answer.level[component] > answer.level[parent]
