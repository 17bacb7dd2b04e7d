"""work-orders/: the list, one order, the verbs of its life, and what stock does for it."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.production.api import shop_inputs as inputs
from apps.production.api import shop_shapes as shapes
from apps.production.api.shop_base import ShopView, shaped
from apps.production.models import WorkOrder
from apps.production.selectors import order_costs
from apps.production.selectors import work_orders as selectors
from apps.production.services import completion, picking
from apps.production.services import work_orders as services
from kernel.clock import now, today
from kernel.exports import Column

SHOP: dict[str, str | None] = {"*": "production.report"}
COSTS: dict[str, str | None] = {"GET": "production.view_cost"}


class WorkOrderList(ShopView):
    """GET ?item=&state=&search=&from=&to=&sales_order= (due dates); POST makes one; `release`, `reserve` if asked."""

    export_name = "工单"
    export_columns = (
        Column("number", _("工单号")),
        Column("item.code", _("物料编码")),
        Column("item.name", _("物料名称")),
        Column("quantity", _("数量"), "quantity"),
        Column("good", _("合格"), "quantity"),
        Column("scrap", _("报废"), "quantity"),
        Column("received", _("已入库"), "quantity"),
        Column("start_on", _("开工日期"), "date"),
        Column("due_on", _("交期"), "date"),
        Column("priority", _("优先级"), "number"),
        Column("get_state_display", _("状态")),
    )

    @extend_schema(responses={200: dict})
    def get(self, request: Any) -> HttpResponseBase:
        wanted = selectors.OrderFilter(
            item=self.asked("item"),
            states=tuple(state for state in self.asked("state").split(",") if state),
            search=self.asked("search"),
            due_from=self.asked_day("from"),
            due_to=self.asked_day("to"),
            sales_order=self.asked("sales_order"),
            ordering=self.asked("ordering"),
        )
        return self.listed(selectors.with_lines(selectors.listed(wanted)), shaped(shapes.order))

    @extend_schema(request=inputs.OrderBody, responses={201: dict})
    def post(self, request: Any) -> Response:
        data = self.body(inputs.OrderBody)
        given = inputs.OrderBody.order(data)
        made = services.create_work_order(
            given=given, actor=self.member, at=now(), today=today(), release=data["release"], reserve=data["reserve"]
        )
        return self.created(shapes.order(selectors.one(made.pk), self.member))


class WorkOrderDetail(ShopView):
    """GET one order by id or number."""

    @extend_schema(responses={200: dict})
    def get(self, request: Any, order: str) -> Response:
        return Response(shapes.order(selectors.one(selectors.id_of(order)), self.member))


class CostView(ShopView):
    """GET what an order has cost so far, in CNY; `standard` of what was received, null without a standard cost."""

    rights = COSTS

    @extend_schema(responses={200: dict})
    def get(self, request: Any, order: str) -> Response:
        row = selectors.one(selectors.id_of(order))
        return Response(shapes.cost(row, order_costs.actual_cost(row.pk)))


class VerbView(ShopView):
    """POST one verb of an order's life; answers the order. 409 wrong_state, order_closed, stale_version, …"""

    kind: ClassVar[type[serializers.Serializer[Any]]] = inputs.VerbBody
    verb: ClassVar[Callable[..., WorkOrder]]
    clock: ClassVar[tuple[str, ...]] = ()

    @extend_schema(request=inputs.VerbBody, responses={200: dict})
    def post(self, request: Any, order: str) -> Response:
        data = self.body(type(self).kind)
        clock = {name: value for name, value in (("at", now()), ("today", today())) if name in self.clock}
        done = type(self).verb(order_id=selectors.id_of(order), actor=self.member, **data, **clock)
        return Response(shapes.order(selectors.one(done.pk), self.member))


class ReleaseView(VerbView):
    """`reserve`: keep the material for the order. 409 no_active_bom, not_enough_available."""

    kind, verb, clock = inputs.ReleaseBody, staticmethod(services.release), ("at", "today")


class HoldView(VerbView):
    kind, verb = inputs.ReasonedVerbBody, staticmethod(services.hold)


class ResumeView(VerbView):
    verb = staticmethod(services.resume)


class ChangeView(VerbView):
    """409 below_done."""

    kind, verb, clock = inputs.ChangeBody, staticmethod(services.change), ("at",)


class CancelView(VerbView):
    kind, verb, clock = inputs.ReasonedVerbBody, staticmethod(services.cancel), ("at",)


class CompleteView(VerbView):
    """409 step_not_reached."""

    verb, clock = staticmethod(completion.complete), ("at", "today")


class CloseView(VerbView):
    verb, clock = staticmethod(completion.close), ("at", "today")


class IssueView(ShopView):
    """POST takes material for the order. 409 over_issue, not_enough_stock, wrong_state, order_closed, …"""

    rights = SHOP

    @extend_schema(request=inputs.PickBody, responses={201: dict})
    def post(self, request: Any, order: str) -> Response:
        data = self.body(inputs.PickBody)
        data.setdefault("moved_on", today())
        lines = inputs.PickBody.lines_of(data)
        done = picking.issue(
            order_id=selectors.id_of(order), lines=lines, actor=self.member, at=now(), today=today(), **data
        )
        return self.created(shapes.picked(done, self.member))


class ReturnView(ShopView):
    """POST brings material back. 409 over_returned."""

    rights = SHOP

    @extend_schema(request=inputs.PickBody, responses={201: dict})
    def post(self, request: Any, order: str) -> Response:
        data = self.body(inputs.PickBody)
        data.setdefault("moved_on", today())
        lines = inputs.PickBody.lines_of(data)
        done = picking.give_back(
            order_id=selectors.id_of(order), lines=lines, actor=self.member, at=now(), today=today(), **data
        )
        return self.created(shapes.picked(done, self.member))


class ReceiveView(ShopView):
    """POST takes finished goods to stock. 409 over_report, step_not_reached, wrong_state, order_closed."""

    rights = SHOP

    @extend_schema(request=inputs.ReceiveBody, responses={201: dict})
    def post(self, request: Any, order: str) -> Response:
        data = self.body(inputs.ReceiveBody)
        data.setdefault("moved_on", today())
        done = completion.receive(order_id=selectors.id_of(order), actor=self.member, at=now(), today=today(), **data)
        return self.created(shapes.received(done, self.member))
