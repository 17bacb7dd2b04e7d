"""Shared orders over HTTP. `version` is the newest the client saw; a stale one is 409 with base, mine, theirs."""

from dataclasses import fields
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apps.supply.api import inputs, shapes
from apps.supply.api.base import SupplyView, changes_of
from apps.supply.models import SharedOrder
from apps.supply.selectors import looks
from apps.supply.selectors.orders import filtered, orders, view_of, views_of
from apps.supply.services import mapping, negotiating
from apps.supply.services.orders import LineWish, OrderWish, create_order
from apps.supply.services.purchases import lines_of_purchase
from apps.supply.services.refusals import refusal
from kernel.clock import now
from kernel.exports import Column

COLUMNS = [
    Column("number", "number"), Column("role", "role"), Column("link.partner.code", "partner"),
    Column("state", "state"), Column("progress", "progress"), Column("total", "total", "money"),
    Column("currency", "currency"), Column("due_on", "due_on", "date"), Column("sent_at", "sent_at", "moment"),
]  # fmt: skip
_LINE = {field.name for field in fields(LineWish)}


class OrderShape:
    """Prints rows of orders, many at once, where a serializer is expected."""

    def __init__(self, rows: Any, many: bool = False, context: Any = None) -> None:
        self.data = [shapes.order(view) for view in views_of(rows)]


class OrderList(SupplyView):
    """GET ?role=&state=&waiting_for=me&partner=&number=&search= · POST sends an order → 201 (buyer: 402 without)."""

    export_name, export_columns = "shared-orders", COLUMNS

    @extend_schema(responses={200: dict})
    def get(self, request: Any) -> Any:
        return self.seen_list(filtered(request.query_params), OrderShape)

    @extend_schema(request=inputs.OrderBody, responses={201: dict})
    def post(self, request: Any) -> Response:
        self.pay()
        asked = self.taken(inputs.OrderBody)
        if "lines" in asked:
            asked["lines"] = [LineWish(**{key: line[key] for key in line if key in _LINE}) for line in asked["lines"]]
            if asked["purchase_order"]:
                lines_of_purchase(asked["purchase_order"], asked["partner"])
        else:
            asked |= lines_of_purchase(asked["purchase_order"], asked["partner"])
        return self.created(shown(create_order(wish=OrderWish(**asked), act=self.act)))


def shown(row: SharedOrder) -> dict[str, Any]:
    """The whole order as it stands now."""
    return shapes.order(view_of(orders().get(pk=row.pk)))


class OrderDetail(SupplyView):
    """GET the order; the other firm can read that it was looked at."""

    @extend_schema(responses={200: dict})
    def get(self, request: Any, order_id: UUID) -> Response:
        row = orders().filter(pk=order_id).first()
        if row is None:
            raise refusal("not_found")
        looks.note(row.link, row.pk, row.seq, via="api")
        return Response(shapes.order(view_of(row)))


class OrderVerb(SupplyView):
    """POST respond/, change/, cancel/, withdraw/, map/: 200 with the whole order."""

    rights = {"*": "supply.answer"}
    body: Any = inputs.VersionBody

    @extend_schema(responses={200: dict})
    def post(self, request: Any, order_id: UUID) -> Response:
        row = SharedOrder.objects.filter(pk=order_id).first()
        if row is not None and row.role == "buyer":
            self.pay()
        return Response(shown(self.do(order_id, self.taken(self.body))))

    def do(self, order_id: UUID, asked: dict[str, Any]) -> SharedOrder:
        raise NotImplementedError


class OrderRespond(OrderVerb):
    body = inputs.RespondBody

    def do(self, order_id: UUID, asked: dict[str, Any]) -> SharedOrder:
        return negotiating.respond(
            order_id=order_id, seen=asked["version"], code=asked["code"], changes=changes_of(asked.get("lines")),
            reason=asked["reason"], act=self.act,
        )  # fmt: skip


class OrderChange(OrderVerb):
    body = inputs.ChangeBody

    def do(self, order_id: UUID, asked: dict[str, Any]) -> SharedOrder:
        return negotiating.change(
            order_id=order_id, seen=asked["version"], changes=changes_of(asked["lines"]), reason=asked["reason"],
            act=self.act,
        )  # fmt: skip


class OrderCancel(OrderVerb):
    body = inputs.CancelBody

    def do(self, order_id: UUID, asked: dict[str, Any]) -> SharedOrder:
        return negotiating.cancel(order_id=order_id, seen=asked["version"], reason=asked["reason"], act=self.act)


class OrderWithdraw(OrderVerb):
    def do(self, order_id: UUID, asked: dict[str, Any]) -> SharedOrder:
        return negotiating.withdraw(order_id=order_id, seen=asked["version"], act=self.act)


class OrderMap(OrderVerb):
    body = inputs.MapBody

    def do(self, order_id: UUID, asked: dict[str, Any]) -> SharedOrder:
        lines = [
            mapping.LineMap(line=row["line"], item=row.get("item"), factor=row["factor"], remember=row["remember"])
            for row in asked["lines"]
        ]
        return mapping.map_lines(order_id=order_id, lines=lines, actor=self.member, at=now())
