"""All rows of a posting in one statement: a move costs few round trips, a document of 200 lines as many."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, models


def take_ids(*wanted: tuple[type[models.Model], int]) -> list[list[int]]:
    """(model, count) -> that many ids of the table's own sequence, ascending; one query for all."""
    answers: list[list[int]] = [[] for _one in wanted]
    parts: list[str] = []
    params: list[Any] = []
    for number, (model, count) in enumerate(wanted):
        parts.append("SELECT %s, nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)")
        params += [number, model._meta.db_table, count]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), params)
        for number, row_id in cursor.fetchall():
            answers[number].append(row_id)
    return [sorted(ids) for ids in answers]


class Batch:
    """Rows to insert and columns to change, written together by `write`.

    Inserted rows are model instances, whole; changes are {column: value} with `id`. No row is in it twice.
    """

    def __init__(self) -> None:
        self._new: dict[type[models.Model], list[models.Model]] = defaultdict(list)
        self._changes: dict[type[models.Model], dict[tuple[str, ...], list[Mapping[str, Any]]]] = defaultdict(dict)

    def add(self, *rows: models.Model) -> None:
        for row in rows:
            self._new[type(row)].append(row)

    def change(self, model: type[models.Model], row_id: int, **columns: Any) -> None:
        """Set `columns` of row `row_id` to these values."""
        self._changes[model].setdefault(tuple(columns), []).append({"id": row_id, **columns})

    def write(self) -> None:
        parts, params = [], []
        for model, rows in self._new.items():
            sql, text = _insertion(model, rows)
            parts.append(sql)
            params.append(text)
        for changed, shapes in self._changes.items():
            for columns, changes in shapes.items():
                parts.append(_update(changed, columns))
                params.append(_as_json(changes))
        self._new.clear()
        self._changes.clear()
        if not parts:
            return
        names = [f"part{number} AS ({sql})" for number, sql in enumerate(parts)]
        with connection.cursor() as cursor:
            cursor.execute(f"WITH {', '.join(names)} SELECT 1", params)


def _insertion(model: type[models.Model], rows: Sequence[models.Model]) -> tuple[str, str]:
    fields = [field for field in model._meta.concrete_fields if not field.primary_key or rows[0].pk is not None]
    names = ", ".join(f'"{field.column}"' for field in fields)
    types = ", ".join(f'"{field.column}" {_type_of(field)}' for field in fields)
    values = [{str(field.column): getattr(row, field.attname) for field in fields} for row in rows]
    table = model._meta.db_table
    # The order of the array is the order of the ids that the table gives.
    source = f"SELECT {names} FROM jsonb_to_recordset(%s::jsonb) AS x({types})"  # noqa: S608  # names of our columns
    sql = f'INSERT INTO "{table}" ({names}) {source}'
    return sql, _as_json(values)


def _update(model: type[models.Model], columns: Sequence[str]) -> str:
    by_column = {field.column: field for field in model._meta.concrete_fields}
    types = ", ".join(f'"{column}" {_type_of(by_column[column])}' for column in ("id", *columns))
    sets = ", ".join(f'"{column}" = x."{column}"' for column in columns)
    table = model._meta.db_table
    source = f"FROM jsonb_to_recordset(%s::jsonb) AS x({types}) WHERE t.id = x.id"
    return f'UPDATE "{table}" t SET {sets} {source}'  # noqa: S608  # names of our own tables and columns


def _type_of(field: "models.Field[Any, Any]") -> str:
    return str(field.rel_db_type(connection) if field.primary_key else field.db_type(connection))


def _as_json(rows: Sequence[Mapping[str, Any]]) -> str:
    return json.dumps(rows, default=_plain, ensure_ascii=False)


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)
