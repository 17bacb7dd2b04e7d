"""sales-orders/ and purchase-orders/: lists, one order, and the verbs of its life."""

from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apps.inventory.api import inputs, outputs
from apps.inventory.api.base import InventoryView, Json, money
from apps.inventory.api.document_shapes import document_answer
from apps.inventory.selectors import orders as selectors
from apps.inventory.services.orders import drafts, moving, states
from apps.inventory.services.orders.changes import as_change
from apps.inventory.services.orders.sides import SALES, Side
from apps.inventory.services.orders.values import MoveInput, OrderInput, Posting
from kernel.clock import now, today
from kernel.exports import Column

READ_LINES = (
    Column("number", _("单号")),
    Column("partner", _("往来单位")),
    Column("partner_name", _("名称")),
    Column("ordered_on", _("下单日期"), "date"),
    Column("state", _("状态")),
    Column("line", _("行号"), "number"),
    Column("item", _("物料编码")),
    Column("name", _("物料名称")),
    Column("quantity", _("数量"), "quantity"),
    Column("unit", _("单位")),
    Column("due_on", _("交期"), "date"),
    Column("promised_on", _("承诺交期"), "date"),
    Column("open", _("未完数量"), "quantity"),
    Column("returned", _("退货数量"), "quantity"),
)
MONEY_LINES = (Column("unit_price", _("单价"), "quantity"), Column("amount", _("金额"), "money"))


class OrderView(InventoryView):
    """What both kinds of orders share. `side` is given in `urls.py`; `word` is the right that writes orders."""

    side: Side = SALES

    @property
    def rights(self) -> dict[str, str | None]:  # type: ignore[override]  # the side decides
        return {"GET": "inventory.view", "*": self.writing_right}

    @property
    def writing_right(self) -> str:
        return "inventory.sell" if self.side.sells else "inventory.buy"

    @property
    def prices(self) -> bool:
        """Prices are seen by who deals in them and by who sees costs."""
        return self.sees_cost or self.member.can(self.writing_right)

    def shape(self, order: Any) -> Json:
        reserved = selectors.reserved_for([order.number]) if self.side.sells else {}
        return outputs.order_shape(self.side, order, reserved=reserved, prices=self.prices)

    def answer(self, order_id: int, *, status: int = 200) -> Response:
        return Response(self.shape(selectors.order_at(self.side, order_id)), status=status)

    def order_input(self) -> tuple[OrderInput, int | None]:
        data = self.body(inputs.OrderBody)
        version = data.pop("version", None)
        lines = [as_change(line) for line in data.pop("lines")]
        data.setdefault("ordered_on", today())
        return OrderInput(lines=lines, **data), version


class OrderList(OrderView):
    """GET orders, newest first; POST drafts one."""

    orderings = {
        **{name: name for name in ("id", "number", "ordered_on", "state", "total", "created_at", "confirmed_at")},
        "partner": "partner__code_key",
    }

    @property
    def export_name(self) -> str:  # type: ignore[override]  # the side decides
        return str(_("销售订单") if self.side.sells else _("采购订单"))

    @property
    def export_columns(self) -> Any:  # type: ignore[override]  # amounts only for who may see them
        done = (
            Column("shipped", _("已发货"), "quantity")
            if self.side.sells
            else Column("received", _("已收货"), "quantity")
        )
        return (*READ_LINES, done, *(MONEY_LINES if self.prices else ()))

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Any) -> HttpResponseBase:
        wanted = self._filter()
        totals = {"total": money(selectors.total(self.side, wanted))} if self.prices else None
        self._reserved = selectors.reserved_for(None) if self.side.sells else {}
        return self.shown(selectors.listed(self.side, wanted), self._shape_in_list, totals=totals)

    def _shape_in_list(self, order: Any) -> Json:
        return outputs.order_shape(self.side, order, reserved=self._reserved, prices=self.prices)

    def _filter(self) -> selectors.OrderFilter:
        params = self.params
        partner, item = params.partner(), params.item()
        return selectors.OrderFilter(
            state=params.choice("state", tuple(self.side.order.State.values)),
            partner_id=partner.id if partner else None,
            item_id=item.id if item else None,
            since=params.day("from"),
            until=params.day("to"),
            due_until=params.day("due_until"),
            number=params.text("number"),
            search=params.text("search"),
            open=params.truth("open"),
        )

    def export_rows(self, queryset: Any) -> Any:
        """One row a line."""
        for order in super().export_rows(queryset):
            shown = outputs.order_shape(self.side, order, reserved={}, prices=self.prices)
            for line in shown["lines"]:
                yield {**shown, **line}

    @extend_schema(request=inputs.OrderBody, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Any) -> Response:
        values, _version = self.order_input()
        made = drafts.create(side=self.side, values=values, actor=self.member, at=now())
        return self.answer(made.pk, status=201)


class OrderDetail(OrderView):
    """GET one order; PUT writes a draft anew; DELETE throws a draft away."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Any, order_id: int) -> Response:
        return self.answer(order_id)

    @extend_schema(request=inputs.OrderBody, responses=OpenApiTypes.OBJECT)
    def put(self, request: Any, order_id: int) -> Response:
        values, version = self.order_input()
        drafts.rewrite(side=self.side, order_id=order_id, version=version, values=values, actor=self.member)
        return self.answer(order_id)

    @extend_schema(responses={204: None})
    def delete(self, request: Any, order_id: int) -> Response:
        drafts.delete(side=self.side, order_id=order_id, actor=self.member)
        return Response(status=204)


class OrderVerb(OrderView):
    """POST {version} → the order. `verb`: confirm, close or cancel of `services.orders.states`."""

    verb: Any = None

    @extend_schema(request=inputs.VersionBody, responses=OpenApiTypes.OBJECT)
    def post(self, request: Any, order_id: int) -> Response:
        version = self.body(inputs.VersionBody).get("version")
        type(self).verb(side=self.side, order_id=order_id, version=version, actor=self.member, at=now())
        return self.answer(order_id)


class OrderConfirm(OrderVerb):
    """409 not_draft, order_closed, stale_version, partner_blocked, item_stopped, not_enough_available."""

    verb = staticmethod(states.confirm)


class OrderClose(OrderVerb):
    """409 order_not_confirmed, order_closed, stale_version."""

    verb = staticmethod(states.close)


class OrderCancel(OrderVerb):
    """409 already_moved, order_closed, locked_by_supply, stale_version."""

    verb = staticmethod(states.cancel)


class OrderChange(OrderView):
    """POST {version, lines} changes named lines and adds new ones."""

    @extend_schema(request=inputs.ChangeBody, responses=OpenApiTypes.OBJECT)
    def post(self, request: Any, order_id: int) -> Response:
        data = self.body(inputs.ChangeBody)
        lines = [as_change(line) for line in data["lines"]]
        states.change(
            side=self.side, order_id=order_id, version=data.get("version"), lines=lines, actor=self.member, at=now()
        )
        return self.answer(order_id)


class OrderMoving(OrderView):
    """POST {warehouse, moved_on, lines} → 201 the stock document. Subclasses: ship or receive, and return."""

    returns = False

    @property
    def rights(self) -> dict[str, str | None]:  # type: ignore[override]  # goods are moved by who moves goods
        return {"*": "inventory.move"}

    @extend_schema(request=inputs.OrderMoveBody, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Any, order_id: int) -> Response:
        data = self.body(inputs.OrderMoveBody)
        lines = [MoveInput(**{**line, "serials": tuple(line.get("serials", ()))}) for line in data.get("lines", [])]
        verb = moving.take_back if self.returns else moving.deliver
        how = Posting(
            warehouse=data.get("warehouse", ""), moved_on=data.get("moved_on") or today(), note=data.get("note", ""),
            when_closed=data.get("when_closed", "refuse"), actor=self.member, at=now(),
        )  # fmt: skip
        document = verb(side=self.side, order_id=order_id, lines=lines, how=how)
        return Response(document_answer(document.pk, costs=self.sees_cost), status=201)


class OrderDeliver(OrderMoving):
    """ship/ and receive/: 409 over_shipment, over_receipt, order_closed, not_enough_stock, …"""


class OrderReturn(OrderMoving):
    """return/: at the value of the shipment or receipt; 409 over_returned."""

    returns = True
