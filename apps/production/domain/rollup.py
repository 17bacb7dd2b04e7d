"""标准成本: the cost of one unit of each item, from the bottom of the bills upward, in CNY with six decimals."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from apps.production.domain.errors import BomCycle
from apps.production.domain.explosion import Bill, DatedBill, children_of, direct_lines, find_cycle

MICRO = Decimal("0.000001")


@dataclass(frozen=True)
class StepCost:
    """A step: minutes (`run` a unit), rates in CNY an hour, `piece_rate` CNY a unit."""

    setup: Fraction = Fraction(0)
    run: Fraction = Fraction(0)
    fixed: Fraction = Fraction(0)
    labour_rate: Fraction = Fraction(0)
    machine_rate: Fraction = Fraction(0)
    overhead_rate: Fraction = Fraction(0)
    piece_rate: Fraction = Fraction(0)


@dataclass(frozen=True)
class CostBasis:
    """A bought item has `cost` a unit; a made one its standard `lot`, its steps and a subcontract price a unit."""

    cost: Fraction | None = None
    lot: Fraction = Fraction(1)
    steps: tuple[StepCost, ...] = ()
    subcontract: Fraction = Fraction(0)


@dataclass(frozen=True)
class UnitCost:
    """The five parts of one unit, each with six decimals, and their sum."""

    material: Decimal = Decimal(0)
    labour: Decimal = Decimal(0)
    machine: Decimal = Decimal(0)
    overhead: Decimal = Decimal(0)
    subcontract: Decimal = Decimal(0)

    @property
    def total(self) -> Decimal:
        return sum((getattr(self, part.name) for part in fields(self)), Decimal(0))


def micro(value: Fraction) -> Decimal:
    """Half-up to six decimals."""
    scaled = value * 10**6
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole).scaleb(-6).quantize(MICRO, ROUND_HALF_UP)


def roll_up(bills: Mapping[str, Bill[str]], items: Mapping[str, CostBasis]) -> dict[str, UnitCost]:
    """The cost of every item; the rounded total of a component goes up into its parent's material. Raises BomCycle.

    A component that nobody priced costs nothing.
    """
    children = children_of(bills)
    cycle = find_cycle(children, bills)
    if cycle:
        raise BomCycle(list(cycle))
    versions = {item: [DatedBill(bill)] for item, bill in bills.items()}
    costs: dict[str, UnitCost] = {}
    for item in items:
        _cost_of(item, versions, items, costs)
    return costs


def _cost_of(
    item: str,
    versions: Mapping[str, list[DatedBill[str]]],
    items: Mapping[str, CostBasis],
    costs: dict[str, UnitCost],
) -> UnitCost:
    if item in costs:
        return costs[item]
    basis = items.get(item, CostBasis())
    if basis.cost is not None:
        costs[item] = UnitCost(material=micro(basis.cost))
        return costs[item]
    material = Fraction(0)
    for line in direct_lines(versions, item):
        below = _cost_of(line.component, versions, items, costs)
        material += Fraction(below.total) * (basis.lot * line.factor + line.fixed)
    costs[item] = UnitCost(
        material=micro(material / basis.lot),
        labour=micro(_per_unit(basis, "labour_rate") + sum((s.piece_rate for s in basis.steps), Fraction(0))),
        machine=micro(_per_unit(basis, "machine_rate")),
        overhead=micro(_per_unit(basis, "overhead_rate")),
        subcontract=micro(basis.subcontract),
    )
    return costs[item]


def _per_unit(basis: CostBasis, rate: str) -> Fraction:
    """sum((setup + run x L + fixed) / 60 x rate) / L."""
    hours = (
        (step.setup + step.run * basis.lot + step.fixed) / 60 * Fraction(getattr(step, rate)) for step in basis.steps
    )
    return sum(hours, Fraction(0)) / basis.lot
