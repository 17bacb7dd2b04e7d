"""补货: how much to order for an item in a warehouse."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

ZERO = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """`rule`: min_max (at or below the point: up to `reorder_to`), order_point (fixed lot `min_lot`, as many as lift it
    to the point), lot_for_lot (up to the safety stock). Quantities in stock units; 0 = none.
    """

    rule: str
    reorder_point: Decimal = ZERO
    reorder_to: Decimal = ZERO
    safety_stock: Decimal = ZERO
    min_lot: Decimal = ZERO
    multiple: Decimal = ZERO


def position(*, on_hand: Decimal, expected: Decimal, committed: Decimal) -> Decimal:
    return on_hand + expected - committed


def order_quantity(rule: Rule, at: Decimal) -> Decimal:
    """What to order at position `at`; 0 = nothing."""
    wanted = _wanted(rule, at)
    if wanted is None:
        return ZERO
    if rule.multiple > 0:
        wanted = (wanted / rule.multiple).to_integral_value(ROUND_CEILING) * rule.multiple
    return max(rule.min_lot, wanted)


def _wanted(rule: Rule, at: Decimal) -> Decimal | None:
    if rule.rule == "lot_for_lot":
        return rule.safety_stock - at if at < rule.safety_stock else None
    if at > rule.reorder_point:
        return None
    if rule.rule == "order_point":
        return rule.reorder_point - at
    return rule.reorder_to - at if rule.reorder_to > at else None
