"""Kit check over HTTP."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apps.production.api import plan_inputs
from apps.production.api.base import ProductionView, plain
from apps.production.domain.kit import OrderResult
from apps.production.domain.quantities import to_decimal
from apps.production.services.kit_check import KitReport, kit_check
from kernel.clock import today


class KitCheck(ProductionView):
    """POST {work_orders or from, to; mode, expected} → rates, orders with their lines, shortages. Changes nothing."""

    rights: dict[str, str | None] = {"*": "production.view"}

    @extend_schema(request=plan_inputs.KitCheckInput, responses={200: dict})
    def post(self, request: Any) -> Response:
        given = self.body(plan_inputs.KitCheckInput)
        report = kit_check(
            numbers=given.get("work_orders"),
            since=given.get("from"),
            until=given.get("to"),
            in_sequence=given["mode"] == "in_sequence",
            expected=given["expected"],
            today=today(),
        )
        return Response(shown(report))


def shown(report: KitReport) -> dict[str, Any]:
    """The report as JSON; rates have four decimals, null without data."""
    answer = report.answer
    return {
        "order_rate": rate(answer.order_rate),
        "line_rate": rate(answer.line_rate),
        "orders": [_order(order, report) for order in answer.orders],
        "shortages": [
            {
                "item": item,
                "short": plain(to_decimal(short)),
                "orders": answer.waiting[item],
                "chase": [
                    {"kind": row.kind, "number": row.number, "due_on": row.due_on, "quantity": plain(row.quantity)}
                    for row in report.coming.get(item, ())
                ],
            }
            for item, short in sorted(answer.shortages.items())
        ],
    }


def _order(order: OrderResult, report: KitReport) -> dict[str, Any]:
    known_day = order.complete_at is not None and order.complete_at.year > 1
    complete_at = order.complete_at if known_day else (today() if order.complete_at else None)
    return {
        "number": order.number,
        "complete": order.complete,
        "complete_at": complete_at,
        "max_kits": str(order.max_kits),
        "lines": [
            {
                "item": line.item,
                "required": plain(to_decimal(line.required)),
                "available": plain(to_decimal(line.available)),
                "short": plain(to_decimal(line.short)),
                "substitutes": [
                    {
                        "item": one.item,
                        "ratio": plain(Decimal(one.ratio)),
                        "available": plain(to_decimal(one.available)),
                    }
                    for one in report.substitutes.get((order.number, line.item), ())
                ],
            }
            for line in order.lines
        ],
    }


def rate(value: Fraction | None) -> str | None:
    """Four decimals, half-up."""
    if value is None:
        return None
    whole = (2 * value.numerator * 10_000 + value.denominator) // (2 * value.denominator)
    return f"{whole // 10_000}.{whole % 10_000:04d}"
