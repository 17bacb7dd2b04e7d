"""Many small figures in one round trip: counts and sums of several tables as one statement."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

Rows = QuerySet[Any, Any]


@dataclass(frozen=True)
class Statement:
    """Figures ready to be asked. The ORM takes ten times as long to write the text as the database to answer it, and
    the text is the same for every company: what depends on the day alone is written once a day (`lru_cache`).
    """

    sql: str
    params: tuple[Any, ...]
    counts: tuple[str, ...]
    sums: tuple[str, ...]

    def ask(self) -> dict[str, Any]:
        """{name: how many rows} and {name: sum of a column as Decimal}."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.params)
            row = cursor.fetchone()
        numbers = [int(value) for value in row[: len(self.counts)]]
        amounts = [Decimal(value) for value in row[len(self.counts) :]]
        return dict(zip((*self.counts, *self.sums), (*numbers, *amounts), strict=True))


def written(*, counts: Mapping[str, Rows], sums: Mapping[str, tuple[Rows, str]] | None = None) -> Statement:
    """The statement of the figures; nothing is asked yet."""
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
    return Statement(f"SELECT {', '.join(parts)}", tuple(params), tuple(counts), tuple(sums or ()))


def ask(*, counts: Mapping[str, Rows], sums: Mapping[str, tuple[Rows, str]] | None = None) -> dict[str, Any]:
    """{name: how many rows} and {name: sum of a column as Decimal}; one statement, whatever the number of figures."""
    return written(counts=counts, sums=sums).ask()


def _inner(rows: Rows) -> tuple[str, tuple[Any, ...]]:
    """The statement of `rows`; what can have no row at all becomes a select of nothing."""
    try:
        sql, params = rows.query.sql_with_params()
    except EmptyResultSet:
        return "SELECT 0 WHERE false", ()
    return sql, tuple(params)
