"""Case kind `kit_check`."""

from datetime import date
from fractions import Fraction
from typing import Any

from apps.production.domain.kit import KitLine, KitOrder, Reserved, Supply
from apps.production.domain.kit import check as kit_check
from apps.production.domain.quantities import SCALE
from tests.production.golden_support import assert_keys, scaled, text


def check(given: dict[str, Any], expect: dict[str, Any]) -> None:
    """Run one case."""
    orders = [
        KitOrder(
            row["number"],
            int(row["priority"]),
            date.fromisoformat(row["start"]),
            scaled(row["quantity"]),
            tuple(KitLine(line["item"], scaled(line["required"])) for line in row["lines"]),
        )
        for row in given["orders"]
    ]
    reserved = [Reserved(row["item"], scaled(row["quantity"]), row["for"]) for row in given.get("reserved", [])]
    supply = Supply({item: scaled(quantity) for item, quantity in given["stock"].items()}, reserved)

    answer = kit_check(
        orders, supply, in_sequence=given["mode"] == "in_sequence", hold_partial=given.get("hold_partial", False)
    )

    assert_keys(
        expect,
        {
            "order_rate": _rate(answer.order_rate),
            "line_rate": _rate(answer.line_rate),
            "orders": {
                order.number: {
                    "complete": order.complete,
                    "max_kits": text(order.max_kits * SCALE),
                    "short": _short(order.lines),
                }
                for order in answer.orders
            },
            "shortages": {item: text(short) for item, short in answer.shortages.items()},
        },
    )


def _short(lines: Any) -> dict[str, str]:
    short: dict[str, int] = {}
    for line in lines:
        if line.short:
            short[line.item] = short.get(line.item, 0) + line.short
    return {item: text(quantity) for item, quantity in short.items()}


def _rate(value: Fraction | None) -> str | None:
    return None if value is None else f"{round(float(value), 4):.4f}"
