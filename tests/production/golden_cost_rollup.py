"""Case kind `cost_rollup`."""

from dataclasses import fields
from typing import Any

from apps.production.domain.rollup import CostBasis, StepCost, UnitCost, roll_up
from tests.production.golden_support import assert_keys, bills_of, number


def check(given: dict[str, Any], expect: dict[str, Any]) -> None:
    """Run one case."""
    phantoms = frozenset(code for code, row in given["items"].items() if row.get("phantom"))
    costs = roll_up(bills_of(given["boms"], phantoms), {code: _basis(row) for code, row in given["items"].items()})

    assert_keys(expect, {"costs": {item: _shown(costs[item]) for item in expect["costs"]}})


def _basis(row: dict[str, Any]) -> CostBasis:
    names = [column.name for column in fields(StepCost)]
    return CostBasis(
        cost=number(row["cost"]) if "cost" in row else None,
        lot=number(row.get("lot", "1")),
        steps=tuple(StepCost(**{name: number(step.get(name)) for name in names}) for step in row.get("steps", [])),
        subcontract=number(row.get("subcontract")),
    )


def _shown(cost: UnitCost) -> dict[str, str]:
    parts = {column.name: str(getattr(cost, column.name)) for column in fields(UnitCost)}
    return parts | {"total": str(cost.total)}
