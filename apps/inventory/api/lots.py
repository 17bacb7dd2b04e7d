"""lots/: the list, the trace of one, and its state."""

from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.inventory.api.base import InventoryView, Json, day, quantity_text
from apps.inventory.api.inputs import Body, chars
from apps.inventory.models import Lot
from apps.inventory.selectors import lots as selectors
from apps.inventory.selectors import trace
from apps.inventory.services import lots as services
from kernel.clock import now
from kernel.exports import Column


class HoldBody(Body):
    downstream = serializers.BooleanField(required=False, default=False)
    note = chars(150)


def lot_shape(row: Any) -> Json:
    """A lot with what of it is on hand."""
    return {
        "id": row.pk,
        "item": row.item.code,
        "name": row.item.name,
        "code": row.code,
        "kind": row.kind,
        "state": row.state,
        "made_on": day(row.made_on),
        "expires_on": day(row.expires_on),
        "supplier_lot": row.supplier_lot or None,
        "quantity": quantity_text(row.on_hand),
        "unit": row.item.stock_unit.code,
    }


class LotList(InventoryView):
    """GET ?item=&code=&state=&expiring_before=&kind=&on_hand=&search="""

    orderings = {
        **{name: name for name in ("id", "code", "state", "made_on", "expires_on")},
        "quantity": "on_hand", "item": "item__code_key",
    }  # fmt: skip

    export_name = "批次"
    export_columns = (
        Column("item.code", _("物料编码")),
        Column("item.name", _("物料名称")),
        Column("code", _("批号")),
        Column("kind", _("种类")),
        Column("state", _("状态")),
        Column("made_on", _("生产日期"), "date"),
        Column("expires_on", _("有效期至"), "date"),
        Column("on_hand", _("现存量"), "quantity"),
    )

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Any) -> HttpResponseBase:
        params = self.params
        item = params.item()
        wanted = selectors.LotFilter(
            item_id=item.id if item else None,
            code=params.text("code"),
            state=params.choice("state", tuple(Lot.State.values)),
            kind=params.choice("kind", tuple(Lot.Kind.values)),
            expiring_before=params.day("expiring_before"),
            on_hand=params.truth("on_hand"),
            search=params.text("search"),
        )
        return self.shown(selectors.listed(wanted), lot_shape)


class LotDetail(InventoryView):
    """GET one lot."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Any, lot_id: int) -> Response:
        return Response(lot_shape(find(lot_id)))


class LotTrace(InventoryView):
    """GET ?direction=up|down|both&levels=1..20 → {root, nodes, edges}."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Any, lot_id: int) -> Response:
        find(lot_id)
        direction = self.params.choice("direction", ("up", "down", "both")) or "both"
        levels = self.params.whole("levels", least=1, most=trace.MOST_LEVELS) or trace.MOST_LEVELS
        found = trace.trace(lot_id, direction=direction, levels=levels)
        return Response(
            {
                "root": node_shape(found.root, direction),
                "nodes": [node_shape(node, direction) for node in found.nodes],
                "edges": [
                    {
                        "from": _key(edge.source),
                        "to": _key(edge.target),
                        "quantity": quantity_text(edge.quantity),
                        "made": quantity_text(edge.made),
                        "document": edge.document,
                    }
                    for edge in found.edges
                ],
            }
        )


class LotVerb(InventoryView):
    """POST hold/, release/ or block/ {downstream, note} → the lot and how many changed."""

    state = Lot.State.HELD

    @extend_schema(request=HoldBody, responses=OpenApiTypes.OBJECT)
    def post(self, request: Any, lot_id: int) -> Response:
        data = self.body(HoldBody)
        changed = services.set_state(
            lot_id=lot_id, state=self.state, actor=self.member, at=now(), downstream=data["downstream"],
            note=data.get("note", ""),
        )  # fmt: skip
        shown = lot_shape(find(lot_id))
        return Response({**shown, "affected": [row.pk for row in changed]})


def find(lot_id: int) -> Lot:
    """One lot with `on_hand`. Raises NotFound."""
    found = selectors.listed(selectors.LotFilter()).filter(pk=lot_id).first()
    if found is None:
        raise services.unknown_lot()
    return found


def node_shape(node: trace.Node, direction: str) -> Json:
    """A node; `partner` and `document` are those of its shipment or receipt."""
    end = trace.shown_end(node, direction)
    return {
        "id": node.id if node.id is not None else node.key,
        "item": node.item,
        "name": node.item_name,
        "code": node.code or None,
        "level": node.level,
        "quantity": quantity_text(node.quantity),
        "state": node.state or None,
        "partner": (end.partner or None) if end else None,
        "document": end.document if end else None,
        "receipts": [_end(one) for one in node.receipts],
        "shipments": [_end(one) for one in node.shipments],
    }


def _end(end: trace.End) -> Json:
    return {"partner": end.partner or None, "document": end.document, "quantity": quantity_text(end.quantity)}


def _key(key: str) -> int | str:
    return int(key) if key.isdigit() else key
