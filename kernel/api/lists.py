"""Lists of the API that are Excel too: ?format=xlsx and ?format=csv answer the whole filter, not a page."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponseBase

from kernel.api.pagination import Pages
from kernel.exports import Column, export_response

CHUNK = 2000


class ExportListMixin:
    """For list views, generic (`ListAPIView`: nothing to do) or plain (call `self.listed(queryset, Serializer)`).

    `export_name`: file name without ending. `export_columns`: `Column`s over the model instances; without them the
    columns are the serializer's own plain fields. `export_rows` may be overridden (other order, one row a line).
    """

    export_name = "export"
    export_columns: Sequence[Column] = ()
    pagination_class: type[Pages] = Pages

    def listed(self, queryset: Any, serializer_class: Any) -> HttpResponseBase:
        """One page as {"count", "next", "previous", "results"}, or the whole list as a file when ?format= asks."""
        fmt = self._wanted_format()
        if fmt:
            return self.exported(queryset, serializer_class, fmt)
        paginator = self.pagination_class()
        request, view = self._request_and_view()
        page: Any = paginator.paginate_queryset(queryset, request, view=view)
        data = serializer_class(page, many=True, context={"request": request}).data
        return paginator.get_paginated_response(data)

    def list(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The generic views' own list, or the file."""
        fmt = self._wanted_format()
        if not fmt:
            return super().list(request, *args, **kwargs)  # type: ignore[misc]  # of the view beside it
        queryset = self.filter_queryset(self.get_queryset())  # type: ignore[attr-defined]  # as above
        return self.exported(queryset, self.get_serializer_class(), fmt)  # type: ignore[attr-defined]  # as above

    def exported(self, queryset: Any, serializer_class: Any, fmt: str) -> HttpResponseBase:
        if self.export_columns:
            return export_response(self.export_name, self.export_columns, self.export_rows(queryset), fmt)
        serializer = serializer_class(context={"request": self._request_and_view()[0]})
        rows = (serializer.to_representation(row) for row in self.export_rows(queryset))
        if not hasattr(serializer, "fields"):
            return self._exported_shapes(list(rows), fmt)
        columns = [Column(name, field.label or name, _kind_of(field)) for name, field in serializer.fields.items()]
        return export_response(self.export_name, columns, rows, fmt)

    def _exported_shapes(self, rows: Sequence[Any], fmt: str) -> HttpResponseBase:
        """Rows without declared fields: the columns are what the first row shows, nested lists apart."""
        first = rows[0] if rows else {}
        columns = [Column(name, name, "text") for name, value in first.items() if not isinstance(value, dict | list)]
        return export_response(self.export_name, columns, rows, fmt)

    def export_rows(self, queryset: Any) -> Iterable[Any]:
        """All rows, read in chunks; prefetches are kept."""
        return queryset.iterator(chunk_size=CHUNK) if hasattr(queryset, "iterator") else queryset

    def _request_and_view(self) -> tuple[Any, Any]:
        return self.request, self  # type: ignore[attr-defined]  # this class stands beside a DRF view

    def _wanted_format(self) -> str:
        fmt = str(self._request_and_view()[0].query_params.get("format", ""))
        return "" if fmt == "json" else fmt


def _kind_of(field: Any) -> str:
    """How a serializer's field is written in a sheet."""
    name = type(field).__name__
    if name == "DecimalField":
        return "money" if field.decimal_places == 2 else "quantity"
    kinds = {"IntegerField": "number", "FloatField": "number", "DateField": "date", "DateTimeField": "moment"}
    return kinds.get(name, "text")
