"""What all resources of master data share: a list that is Excel too, and one record by code or id."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.masterdata.api import outputs
from kernel.api.lists import ExportListMixin
from kernel.api.views import ModuleAPIView


class MasterdataView(ModuleAPIView):
    """Everybody reads, editors write."""

    rights: dict[str, str | None] = {"GET": "masterdata.view", "*": "masterdata.edit"}

    def taken(self, kind: type[serializers.Serializer[Any]], *, partial: bool = False) -> dict[str, Any]:
        """The body in the shape of `kind`; only what was sent, plus defaults of required input."""
        data = kind(data=self.request.data, partial=partial)
        data.is_valid(raise_exception=True)
        return dict(data.validated_data)


class RecordList(ExportListMixin, MasterdataView):
    """GET the list, POST a record → 201. Subclasses say what `rows`, `create` and `shown` are."""

    input: type[serializers.Serializer[Any]]
    shape: Any  # outputs.item and its like: (row, member) -> dict
    columns_for: Any = None  # columns.item_columns and its like: (member) -> columns

    @extend_schema(responses={200: dict})
    def get(self, request: Any) -> HttpResponseBase:
        if self.columns_for is not None:
            self.export_columns = type(self).columns_for(self.member)
        return self.listed(self.rows(request.query_params), outputs.shaped(type(self).shape))

    @extend_schema(responses={201: dict})
    def post(self, request: Any) -> Response:
        record = self.create(self.taken(self.input))
        return self.created(type(self).shape(self.shown(record), self.member))

    def rows(self, filters: Mapping[str, Any]) -> Any:
        raise NotImplementedError

    def create(self, values: Any) -> Any:
        raise NotImplementedError

    def shown(self, record: Any) -> Any:
        """The record as `shape` wants it."""
        return record


class RecordDetail(MasterdataView):
    """GET, PATCH, DELETE one record. Subclasses say how it is found, changed and removed."""

    input: type[serializers.Serializer[Any]]
    shape: Any  # outputs.item and its like: (row, member) -> dict

    @extend_schema(responses={200: dict})
    def get(self, request: Any, code: str) -> Response:
        return self.answer(self.find(code))

    @extend_schema(responses={200: dict})
    def patch(self, request: Any, code: str) -> Response:
        record = self.find(code)
        return self.answer(self.change(record, self.taken(self.input, partial=True)))

    @extend_schema(responses={204: None})
    def delete(self, request: Any, code: str) -> Response:
        self.remove(self.find(code))
        return Response(status=204)

    def answer(self, record: Any) -> Response:
        return Response(type(self).shape(self.shown(record), self.member))

    def find(self, code: str) -> Any:
        raise NotImplementedError

    def change(self, record: Any, values: Any) -> Any:
        raise NotImplementedError

    def remove(self, record: Any) -> None:
        raise NotImplementedError

    def shown(self, record: Any) -> Any:
        """The record as `shape` wants it."""
        return record
