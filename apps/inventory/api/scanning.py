"""scan/ and labels/."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.inventory.api.base import InventoryView
from apps.inventory.api.inputs import WIDE, Body, chars, decimal
from apps.inventory.services import labels, scanning
from kernel.clock import now, today
from kernel.exports import as_download


class ContextBody(Body):
    document = chars(80)
    warehouse = chars(64)
    location = chars(64)
    to_warehouse = chars(64)
    to_location = chars(64)
    lot = chars(64)


class ScanBody(Body):
    task = chars(20, required=True)
    code = chars(1000, required=True, trim_whitespace=False)
    quantity = decimal(WIDE)
    context = ContextBody(required=False)  # type: ignore[assignment]  # a field: the metaclass takes it out
    key = chars(80)


class LabelBody(Body):
    kind = chars(20, required=True)
    ids = serializers.ListField(child=serializers.CharField(max_length=80), min_length=1, max_length=2000)
    format = serializers.CharField(max_length=10, default="pdf")
    size = serializers.CharField(max_length=10, default="60x40")
    copies = serializers.IntegerField(default=1, min_value=1, max_value=500)


class ScanView(InventoryView):
    """POST one scan → {understood, posted, next, message, context}; 400 unknown_code; a `key` counts once."""

    @property
    def rights(self) -> dict[str, str | None]:  # type: ignore[override]  # looking up moves nothing
        named = self.request.data.get("task") if isinstance(self.request.data, dict) else None
        looks = isinstance(named, str) and scanning.task_named(named) == "look_up"
        return {"*": "inventory.view" if looks else "inventory.move"}

    @extend_schema(request=ScanBody, responses=OpenApiTypes.OBJECT)
    def post(self, request: Any) -> Response:
        data = self.body(ScanBody)
        answer = scanning.scan(
            task=data["task"],
            code=data["code"],
            quantity=data.get("quantity"),
            context=scanning.ScanContext(**data.get("context", {})),
            key=data.get("key", ""),
            actor=self.member,
            at=now(),
            today=today(),
        )
        return Response(answer)


class LabelView(InventoryView):
    """POST {kind, ids, format, size, copies} → the file."""

    rights = {"*": "inventory.view"}

    @extend_schema(request=LabelBody, responses={(200, "application/pdf"): bytes})
    def post(self, request: Any) -> Any:
        data = self.body(LabelBody)
        content, content_type = labels.print_labels(
            kind=data["kind"], ids=data["ids"], fmt=data["format"], size=data["size"], copies=data["copies"],
            actor=self.member,
        )  # fmt: skip
        return as_download(HttpResponse(content, content_type=content_type), f"labels.{data['format'].lower()}")
