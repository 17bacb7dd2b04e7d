"""Case kind `lot_sizing`: orders of one item from its net requirements, and what they cost."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from apps.production.domain.lots import RULES, LotRules, economic_quantity, place, rounded_up, ww_orders
from apps.production.domain.quantities import SCALE, Ints
from tests.production.golden_support import assert_keys, number, scaled, text


def rules_of(rows: list[dict[str, Any]], *, steps: list[int]) -> LotRules:
    """The lot rules of cases, one row an item. Costs of ww are for a unit and a period."""

    def column(*names: str) -> Ints:
        return np.array([scaled(next((row[n] for n in names if row.get(n)), 0)) for row in rows], dtype=np.int64)

    period = [int(row.get("period") or row.get("period_days") or 0) for row in rows]
    economic = [
        economic_quantity(
            annual_demand=number(row.get("annual_demand")),
            order_cost=number(row.get("order_cost")),
            holding_cost=number(row.get("holding_cost")),
            step=step,
        )
        for row, step in zip(rows, steps, strict=True)
    ]
    return LotRules(
        rule=np.array([RULES[row.get("rule", "l4l")] for row in rows], dtype=np.int64),
        fixed=column("fixed_quantity"),
        min_lot=column("min_lot"),
        max_lot=column("max_lot"),
        multiple=column("multiple"),
        period=np.array(period, dtype=np.int64),
        economic=np.array(economic, dtype=np.int64),
        order_cost=[number(row.get("order_cost")) * SCALE for row in rows],
        holding_cost=[number(row.get("holding_cost")) for row in rows],
    )


def check(given: dict[str, Any], expect: dict[str, Any]) -> None:
    """Run one case."""
    net = [scaled(quantity) for quantity in given["net"]]
    rules = rules_of([given], steps=[SCALE])
    if given.get("order_costs"):
        orders = ww_orders(
            net,
            order_costs=[number(cost) * SCALE for cost in given["order_costs"]],
            holding_cost=number(given.get("holding_cost")),
            adjust=lambda quantity: int(rounded_up(np.array([quantity]), rules)[0][0]),
        )
    else:
        orders = [int(x) for x in place(np.cumsum(np.array(net, dtype=np.int64))[:, None], rules)[:, 0]]
    found = {"orders": [text(order) for order in orders], "cost": _cost(given, net, orders)}
    assert_keys(expect, found)


def _cost(given: dict[str, Any], net: list[int], orders: list[int]) -> str:
    costs = [number(cost) for cost in given.get("order_costs") or [given.get("order_cost", 0)] * len(net)]
    holding, stock, total = number(given.get("holding_cost")), 0, Fraction(0)
    for cost, order, used in zip(costs, orders, net, strict=True):
        stock += order - used
        total += (cost if order else 0) + holding * Fraction(stock, SCALE)
    return str(round(Decimal(total.numerator) / Decimal(total.denominator), 2))
