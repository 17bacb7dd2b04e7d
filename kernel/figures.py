"""Many small figures in one round trip: counts and sums of several tables as one statement."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

Rows = QuerySet[Any, Any]


def ask(*, counts: Mapping[str, Rows], sums: Mapping[str, tuple[Rows, str]] | None = None) -> dict[str, Any]:
    """{name: how many rows} and {name: sum of a column as Decimal}; one statement, whatever the number of figures."""
    parts: list[str] = []
    params: list[Any] = []
    for rows in counts.values():
        inner, values = _inner((rows if rows.query.is_sliced else rows.order_by()).values("pk"))
        parts.append(f"(SELECT count(*) FROM ({inner}) AS t)")  # noqa: S608  # the ORM wrote it, values are parameters
        params += values
    for rows, column in (sums or {}).values():
        inner, values = _inner(rows.order_by().values_list(column))
        parts.append(f"(SELECT coalesce(sum(t.v), 0) FROM ({inner}) AS t(v))")  # noqa: S608  # as above
        params += values
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", params)
        row = cursor.fetchone()
    found = dict(zip([*counts, *(sums or {})], row, strict=True))
    return {name: Decimal(value) if name in (sums or {}) else int(value) for name, value in found.items()}


def _inner(rows: Rows) -> tuple[str, tuple[Any, ...]]:
    """The statement of `rows`; what can have no row at all becomes a select of nothing."""
    try:
        sql, params = rows.query.sql_with_params()
    except EmptyResultSet:
        return "SELECT 0 WHERE false", ()
    return sql, tuple(params)
