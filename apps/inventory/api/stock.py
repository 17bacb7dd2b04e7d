"""expected-receipts/ and reservations/: what is promised."""

from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apps.inventory.api.base import InventoryView, Json, day, quantity_text
from apps.inventory.api.document_shapes import reservation_shape
from apps.inventory.api.inputs import WIDE, Body, Moment, chars, decimal
from apps.inventory.models import Reservation
from apps.inventory.records import Source
from apps.inventory.selectors import promised
from apps.inventory.selectors.promises import reservation_view
from apps.inventory.services import reservations
from kernel.clock import now
from kernel.exports import Column


class ForBody(Body):
    kind = chars(40)
    number = chars(80)
    line = chars(40)


class ReservationBody(Body):
    item = chars(200, required=True)
    warehouse = chars(64, required=True)
    quantity = decimal(WIDE, required=True)
    lot = chars(64)
    serial = chars(64)
    until = Moment(required=False, allow_null=True)

    def get_fields(self) -> Any:
        fields = super().get_fields()
        fields["for"] = ForBody(required=False)
        return fields


class ExpectedList(InventoryView):
    """GET ?item=&warehouse=&source=&until="""

    orderings = {"id": "id", "due_on": "due_on", "quantity": "quantity", "item": "item__code_key"}

    export_name = "预计入库"
    export_columns = (
        Column("item.code", _("物料编码")),
        Column("warehouse.code", _("仓库")),
        Column("quantity", _("数量"), "quantity"),
        Column("received", _("已收"), "quantity"),
        Column("due_on", _("交期"), "date"),
        Column("source_number", _("来源")),
    )

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Any) -> HttpResponseBase:
        params = self.params
        item, warehouse = params.item(), params.warehouse()
        rows = promised.expected(
            item_id=item.id if item else None, warehouse_id=warehouse.id if warehouse else None,
            source=params.text("source"), until=params.day("until"),
        )  # fmt: skip
        return self.shown(rows, expected_shape)


def expected_shape(row: Any) -> Json:
    """One expected receipt in stock units."""
    return {
        "id": row.pk,
        "item": row.item.code,
        "name": row.item.name,
        "warehouse": row.warehouse.code if row.warehouse else None,
        "quantity": quantity_text(row.quantity),
        "received": quantity_text(row.received),
        "due_on": day(row.due_on),
        "source": {"kind": row.source_kind, "number": row.source_number, "line": row.source_line},
        "firm": row.firm,
    }


class ReservationList(InventoryView):
    """GET ?item=&warehouse=&state=&number=; POST keeps stock for somebody → 201."""

    orderings = {"id": "id", "until": "until", "quantity": "quantity", "state": "state", "item": "item__code_key"}

    rights = {"GET": "inventory.view", "*": "inventory.sell"}
    export_name = "预留"
    export_columns = (
        Column("item.code", _("物料编码")),
        Column("warehouse.code", _("仓库")),
        Column("quantity", _("数量"), "quantity"),
        Column("used", _("已用"), "quantity"),
        Column("for_number", _("来源")),
        Column("state", _("状态")),
    )

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Any) -> HttpResponseBase:
        params = self.params
        item, warehouse = params.item(), params.warehouse()
        rows = promised.reservations(
            item_id=item.id if item else None, warehouse_id=warehouse.id if warehouse else None,
            state=params.choice("state", tuple(Reservation.State.values)), number=params.text("number"), at=now(),
        )  # fmt: skip
        return self.shown(rows, lambda row: reservation_shape(reservation_view(row, at=now())))

    @extend_schema(request=ReservationBody, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Any) -> Response:
        data = self.body(ReservationBody)
        made = reservations.reserve(
            item=data["item"], warehouse=data["warehouse"], quantity=data["quantity"],
            source=Source(**data.get("for", {})), lot=data.get("lot", ""), serial=data.get("serial", ""),
            until=data.get("until"), actor=self.member, at=now(),
        )  # fmt: skip
        return self.created(reservation_shape(promised.reservation_at(made.pk, at=now())))


class ReservationDetail(InventoryView):
    """GET one reservation."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Any, reservation_id: int) -> Response:
        return Response(reservation_shape(promised.reservation_at(reservation_id, at=now())))


class ReservationRelease(InventoryView):
    """POST sets the open part free."""

    rights = {"*": "inventory.sell"}

    @extend_schema(request=None, responses=OpenApiTypes.OBJECT)
    def post(self, request: Any, reservation_id: int) -> Response:
        promised.reservation_at(reservation_id, at=now())
        reservations.release(reservation_id=reservation_id, actor=self.member, at=now())
        return Response(reservation_shape(promised.reservation_at(reservation_id, at=now())))
