"""Base of billing's API views: they stand on the shared tables for their whole life, key and answer included."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, cast

from django.http.response import HttpResponseBase
from rest_framework import serializers
from rest_framework.request import Request as DrfRequest
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.billing.api.sheets import sheet_response
from apps.billing.api.values import plain
from apps.billing.models import IdempotencyKey
from kernel.api.pagination import Pages
from kernel.api.views import ModuleAPIView, OperatorAPIView
from kernel.http.request import Request
from tenants.context import Company, shared_context

__all__ = ["BillingView", "OperatorView", "PublicView"]
PART = 500  # rows of a file that are read together


class _Shared(ModuleAPIView):
    idempotency_model = IdempotencyKey
    stores_answers = True  # False: the command keeps its own key
    sheet = ""  # of `sheets.SHEETS`: what ?format=xlsx and ?format=csv answer

    def initial(self, request: DrfRequest, *args: Any, **kwargs: Any) -> None:
        if self.stores_answers:
            super().initial(request, *args, **kwargs)
        else:
            APIView.initial(self, request, *args, **kwargs)

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with shared_context():
            return super().dispatch(request, *args, **kwargs)

    def read(self, serializer: type[serializers.Serializer]) -> dict[str, Any]:
        """The checked body. Raises ValidationError (400) with the fields."""
        data = serializer(data=self.request.data)
        data.is_valid(raise_exception=True)
        return dict(data.validated_data)

    def answer(self, data: Any, status: int = 200) -> Response:
        """JSON of Python values: money and quantities as text."""
        return Response(plain(data), status=status)

    def page(self, rows: Any, show: Callable[[Any], dict[str, Any]]) -> HttpResponseBase:
        """One page of an ordered list, or all of it as a file."""
        return self.page_at_once(rows, lambda found: [show(row) for row in found])

    def page_at_once(self, rows: Any, show: Callable[[list[Any]], list[dict[str, Any]]]) -> HttpResponseBase:
        """As `page`, for lists whose figures are read for many rows in a fixed number of queries."""
        if self.wants_file:
            return self.file(line for part in _parts(rows) for line in show(part))
        pages = Pages()
        found: list[Any] = list(pages.paginate_queryset(rows, self.request, view=self) or [])
        return pages.get_paginated_response(plain(show(found)))

    @property
    def wants_file(self) -> bool:
        """Does the caller ask for the list as a file?"""
        return bool(self.sheet) and self.request.query_params.get("format", "json") != "json"

    def file(self, rows: Iterable[dict[str, Any]]) -> HttpResponseBase:
        """`rows` as the sheet of this view. Raises Invalid for another format than xlsx and csv."""
        return sheet_response(self.sheet, rows, self.request.query_params["format"])


def _parts(rows: Any) -> Iterator[list[Any]]:
    source = iter(rows.iterator(chunk_size=PART) if hasattr(rows, "iterator") else rows)
    while part := list(islice(source, PART)):
        yield part


class BillingView(_Shared):
    """A view at a company's host. Reading needs `billing.view`; what a late company may still do is `always_open`."""

    rights: dict[str, str | None] = {"GET": "billing.view", "*": "billing.manage"}

    @property
    def company(self) -> Company:
        return cast(Request, self.request._request).company


class OperatorView(_Shared, OperatorAPIView):
    """A view of the operator's staff on the bare domain."""


class PublicView(_Shared):
    """A view for visitors: nobody is signed in."""

    authentication_classes: list[Any] = []
    permission_classes: list[Any] = []
    always_open = True

    def perform_authentication(self, request: DrfRequest) -> None:
        """Nobody is asked who they are."""
