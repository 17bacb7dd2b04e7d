"""Despatches, packages and receipts over HTTP."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apps.supply.api import delivery_inputs, inputs, shapes
from apps.supply.api.base import SupplyView
from apps.supply.domain.canonical import number
from apps.supply.domain.despatching import GotWish, ShipWish
from apps.supply.models import GoodsReceipt
from apps.supply.printing.labels import label_pdf
from apps.supply.selectors import looks
from apps.supply.selectors.deliveries import DespatchView, despatch_views, despatches, package_called, receipts
from apps.supply.services import despatches as shipping
from apps.supply.services import receipts as receiving
from apps.supply.services.packing import ParcelWish
from apps.supply.services.refusals import refusal
from kernel.clock import today
from kernel.exports import Column

COLUMNS = [
    Column("number", "number"), Column("role", "role"), Column("link.partner.code", "partner"),
    Column("state", "state"), Column("ship_date", "ship_date", "date"), Column("carrier", "carrier"),
]  # fmt: skip
RECEIPT_COLUMNS = [
    Column("id", "id"),
    Column("link.partner.code", "partner"),
    Column("received_on", "received_on", "date"),
]


def despatch_shape(view: DespatchView) -> dict[str, Any]:
    row = view.row
    return {
        "id": str(row.pk),
        "number": row.number,
        "partner": row.link.partner.code,
        "role": row.role,
        "state": row.state,
        "version": row.seq,
        "ship_date": shapes.day(row.ship_date),
        "eta": shapes.day(row.eta),
        "carrier": row.carrier,
        "tracking": row.tracking,
        "lines": [
            {
                "order": str(line.order_id), "line": line.line, "quantity": number(line.quantity), "unit": line.unit,
                "lot": line.lot, "package": line.package, "received": number(came.received),
                "short": number(came.short), "over": number(came.over), "rejected": number(came.rejected),
                "accepted": number(came.accepted), "reason": came.reason,
            }
            for line, came in view.lines
        ],
        "packages": [
            {"no": one.no, "kind": one.kind, "sscc": one.sscc or None, "code": one.code} for one in view.packages
        ],
    }  # fmt: skip


def receipt_shape(row: GoodsReceipt) -> dict[str, Any]:
    state = "reversed" if row.is_reversed else "received" if row.is_complete else "part_received"
    return {
        "id": str(row.pk),
        "despatch": str(row.despatch_id) if row.despatch_id else None,
        "partner": row.link.partner.code,
        "received_on": shapes.day(row.received_on),
        "complete": row.is_complete,
        "state": state,
        "version": row.seq,
        "lines": [
            {
                "order": str(line.order_id), "line": line.line, "despatched": number(line.despatched),
                "received": number(line.received), "short": number(line.short), "over": number(line.over),
                "rejected": number(line.rejected), "accepted": number(line.received - line.rejected),
                "reason": line.reason,
            }
            for line in row.lines.all()
        ],
    }  # fmt: skip


class DespatchShape:
    """Prints despatches, many at once, where a serializer is expected."""

    def __init__(self, rows: Any, many: bool = False, context: Any = None) -> None:
        self.data = [despatch_shape(view) for view in despatch_views(rows)]


class ReceiptShape:
    def __init__(self, rows: Any, many: bool = False, context: Any = None) -> None:
        self.data = [receipt_shape(row) for row in rows]


def one_despatch(despatch_id: UUID) -> DespatchView:
    """Raises not_found."""
    views = despatch_views(despatches().filter(pk=despatch_id))
    if not views:
        raise refusal("not_found")
    return views[0]


def wish_of(asked: dict[str, Any]) -> shipping.DespatchWish:
    """A body of the shape DespatchBody as the service takes it."""
    lines = [ShipWish(**line) for line in asked["lines"]]
    packages = [
        ParcelWish(no=one["no"], kind=one["kind"], sscc=one["sscc"] or "") for one in asked.get("packages", ())
    ]  # fmt: skip
    return shipping.DespatchWish(**{**asked, "lines": lines, "packages": packages})


class DespatchList(SupplyView):
    """GET ?state=&role=&partner=&number=&order= · POST (seller, free) → 201."""

    rights = {"GET": "supply.view", "*": "supply.ship"}
    export_name, export_columns = "despatches", COLUMNS

    @extend_schema(responses={200: dict})
    def get(self, request: Any) -> Any:
        return self.seen_list(despatches(request.query_params), DespatchShape)

    @extend_schema(request=delivery_inputs.DespatchBody, responses={201: dict})
    def post(self, request: Any) -> Response:
        asked = self.taken(delivery_inputs.DespatchBody)
        row = shipping.create_despatch(wish=wish_of(asked), act=self.act)
        return self.created(despatch_shape(one_despatch(row.pk)))


class DespatchDetail(SupplyView):
    """GET; the other firm can read that it was looked at."""

    @extend_schema(responses={200: dict})
    def get(self, request: Any, despatch_id: UUID) -> Response:
        view = one_despatch(despatch_id)
        looks.note(view.row.link, view.row.pk, view.row.seq, via="api")
        return Response(despatch_shape(view))


class DespatchCancel(SupplyView):
    """POST {version}; 409 already_received."""

    rights = {"*": "supply.ship"}

    @extend_schema(request=inputs.VersionBody, responses={200: dict})
    def post(self, request: Any, despatch_id: UUID) -> Response:
        asked = self.taken(inputs.VersionBody)
        shipping.cancel_despatch(despatch_id=despatch_id, seen=asked["version"], act=self.act)
        return Response(despatch_shape(one_despatch(despatch_id)))


class DespatchLabels(SupplyView):
    """GET the labels as PDF, one page of 100 x 100 mm a package."""

    @extend_schema(responses={(200, "application/pdf"): bytes})
    def get(self, request: Any, despatch_id: UUID) -> HttpResponse:
        view = one_despatch(despatch_id)
        looks.note(view.row.link, view.row.pk, view.row.seq, via="api", what="download")
        response = HttpResponse(label_pdf(view), content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="labels-{view.row.number}.pdf"'
        return response


class PackageFind(SupplyView):
    """GET ?code= what a scan of a label says → {despatch, package, lines}; 404 when nobody knows it."""

    @extend_schema(responses={200: dict})
    def get(self, request: Any) -> Response:
        package = package_called(request.query_params.get("code", "")[:200])
        if package is None:
            raise refusal("not_found")
        whole = despatch_shape(one_despatch(package.despatch_id))
        lines = [line for line in whole["lines"] if line["package"] == package.no]
        mine = {"no": package.no, "kind": package.kind, "sscc": package.sscc or None, "code": package.code}
        return Response({"despatch": whole["id"], "version": whole["version"], "package": mine, "lines": lines})


class ReceiptList(SupplyView):
    """GET ?despatch=&order= · POST (buyer: 402 without the module) → 201."""

    rights = {"GET": "supply.view", "*": "supply.receive"}
    export_name, export_columns = "receipts", RECEIPT_COLUMNS

    @extend_schema(responses={200: dict})
    def get(self, request: Any) -> Any:
        return self.listed(receipts(request.query_params), ReceiptShape)

    @extend_schema(request=delivery_inputs.ReceiptBody, responses={201: dict})
    def post(self, request: Any) -> Response:
        self.pay()
        asked = self.taken(delivery_inputs.ReceiptBody)
        if bool(asked.get("despatch")) == bool(asked["order"]):
            raise refusal("invalid", field="despatch")
        if asked.get("despatch") and "version" not in asked:
            raise refusal("invalid", field="version")
        wish = receiving.ReceiptWish(
            despatch=asked.get("despatch"), seen=asked.get("version", 0), order=asked["order"],
            received_on=asked.get("received_on") or today(), complete=asked["complete"],
            lines=[GotWish(**line) for line in asked.get("lines", ())],
        )  # fmt: skip
        row = receiving.create_receipt(wish=wish, act=self.act)
        return self.created(receipt_shape(receipts({}).get(pk=row.pk)))


class ReceiptDetail(SupplyView):
    @extend_schema(responses={200: dict})
    def get(self, request: Any, receipt_id: UUID) -> Response:
        row = receipts({}).filter(pk=receipt_id).first()
        if row is None:
            raise refusal("not_found")
        return Response(receipt_shape(row))


class ReceiptReverse(SupplyView):
    """POST takes the receipt back → the receipt, state reversed."""

    rights = {"*": "supply.receive"}

    @extend_schema(request=None, responses={200: dict})
    def post(self, request: Any, receipt_id: UUID) -> Response:
        self.pay()
        receiving.reverse_receipt(receipt_id=receipt_id, act=self.act)
        return Response(receipt_shape(receipts({}).get(pk=receipt_id)))
