"""What all resources of inventory share: the gate, bodies, query parameters, lists with totals."""

from collections.abc import Mapping
from typing import Any, cast

from django.http import HttpResponseBase
from rest_framework import serializers
from rest_framework.response import Response

from apps.inventory.api.params import Params
from kernel.api.lists import ExportListMixin
from kernel.api.views import ModuleAPIView

Json = dict[str, Any]


class InventoryView(ExportListMixin, ModuleAPIView):
    """A view of inventory; who may only look never writes, and amounts are absent without `view_cost`."""

    module = "inventory"
    orderings: Mapping[
        str, str
    ] = {}  # {what ?ordering= may name: its column}; anything else keeps the list's own order
    rights: dict[str, str | None] = {"GET": "inventory.view", "*": "inventory.move"}

    @property
    def params(self) -> Params:
        return Params(self.request.query_params)

    @property
    def sees_cost(self) -> bool:
        return self.member.can("inventory.view_cost")

    def body(self, kind: type[serializers.Serializer[Any]], *, partial: bool = False) -> Json:
        """The body in the shape of `kind`; only what was sent, plus defaults."""
        data = kind(data=self.request.data, partial=partial)
        data.is_valid(raise_exception=True)
        return dict(data.validated_data)

    def shown(self, rows: Any, shape: Any, *, totals: Json | None = None) -> HttpResponseBase:
        """A page of `rows` printed by `shape(row)`, `totals` of the whole filter beside it; or the list as a file."""

        class Output(serializers.BaseSerializer[Any]):
            def to_representation(self, row: Any) -> Json:
                return cast(Json, shape(row))

        answer = self.listed(self._ordered(rows), Output)
        if totals is not None and isinstance(answer, Response):
            answer.data = {**answer.data, "totals": totals}
        return answer

    def _ordered(self, rows: Any) -> Any:
        """`?ordering=due_on` or `-due_on`, ties by id; a name nobody offers changes nothing."""
        wanted = self.params.text("ordering") or ""
        column = self.orderings.get(wanted.removeprefix("-"))
        if column is None or not hasattr(rows, "order_by"):
            return rows
        sign = "-" if wanted.startswith("-") else ""
        return rows.order_by(f"{sign}{column}", f"{sign}id")


def quantity_text(value: Any) -> str | None:
    """`100`, `2.5`: a quantity without trailing zeros or exponent; None stays None."""
    if value is None:
        return None
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("", "-0") else text


def money(value: Any) -> str | None:
    """`1200.50`; None stays None."""
    return None if value is None else f"{value:.2f}"


def day(value: Any) -> str | None:
    """ISO date or moment; None stays None."""
    return None if value is None else value.isoformat()
