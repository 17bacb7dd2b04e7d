"""All rows of a posting in one statement: a move costs few round trips, a document of 200 lines as many."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db import connection, models

from kernel.events import Along, parts_of
from tenants.db.prepared import Prepared

_NEXT = Prepared("""
SELECT w.place, nextval(pg_get_serial_sequence(w.name, 'id'))
  FROM unnest(%s::text[], %s::int[]) WITH ORDINALITY AS w(name, wanted, place), generate_series(1, w.wanted)
""")


def take_ids(*wanted: tuple[type[models.Model], int]) -> list[list[int]]:
    """(model, count) -> that many ids of the table's own sequence, ascending; one query for all."""
    answers: list[list[int]] = [[] for _one in wanted]
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [[model._meta.db_table for model, _count in wanted], [count for _model, count in wanted]])
        for place, row_id in cursor.fetchall():
            answers[place - 1].append(row_id)
    return [sorted(ids) for ids in answers]


class Answer(str):
    """In a column: the value of the query that was asked under this name in the same statement."""

    __slots__ = ()


class Batch:
    """Rows to insert and columns to change, written together by `write`.

    Inserted rows are model instances, whole, or the columns of many such rows; changes are {column: value} with `id`.
    No row is in it twice. `answers` has the values of what was asked, once it is written.
    """

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {}
        self._asked: list[Along] = []
        self._new: dict[type[models.Model], list[models.Model]] = defaultdict(list)
        self._rows: dict[type[models.Model], list[Mapping[str, Any]]] = defaultdict(list)
        self._changes: dict[type[models.Model], dict[tuple[str, ...], list[Mapping[str, Any]]]] = defaultdict(dict)

    def add(self, *rows: models.Model) -> None:
        for row in rows:
            self._new[type(row)].append(row)

    def put(self, model: type[models.Model], rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert rows of {column: value}, all of the same columns: cheaper than instances, for the ledgers."""
        self._rows[model] += rows

    def change(self, model: type[models.Model], row_id: int, **columns: Any) -> None:
        """Set `columns` of row `row_id` to these values."""
        self._changes[model].setdefault(tuple(columns), []).append({"id": row_id, **columns})

    def ask(self, name: str, text: str, params: tuple[Any, ...]) -> Answer:
        """Put a query of one `value` in front of the rows; columns that hold the answer get what it says."""
        self._asked.append(Along(text, params, name))
        return Answer(name)

    def write(self) -> None:
        taken = self.take()
        if taken:
            named = tuple(one.name for one in taken if one.name)
            with connection.cursor() as cursor:
                cursor.execute(_together(parts_of(taken), named), [param for one in taken for param in one.params])
                self.answers |= dict(zip(named, cursor.fetchone(), strict=False))

    def take(self) -> list[Along]:
        """The statements, each with its rows as JSON; the batch is empty afterwards."""
        taken = [*self._asked]
        for model, rows in self._new.items():
            columns = _columns(model, rows[0].pk is not None)
            whole = [{column: getattr(row, name) for column, name in columns} for row in rows]
            self.put(model, whole)
        for model, ready in self._rows.items():
            if ready:
                columns = tuple((name, value if type(value) is Answer else "") for name, value in ready[0].items())
                one = len(ready) == 1
                taken.append(Along(_insertion(model, columns, one), (_as_json(ready[0] if one else ready),)))
        for changed, shapes in self._changes.items():
            for names, changes in shapes.items():
                one = len(changes) == 1
                taken.append(Along(_update(changed, names, one), (_as_json(changes[0] if one else changes),)))
        self._asked.clear()
        self._new.clear()
        self._rows.clear()
        self._changes.clear()
        return taken


@lru_cache(maxsize=500)
def _together(parts: tuple[tuple[str, str], ...], named: tuple[str, ...]) -> Prepared:
    answers = ", ".join(f"(SELECT value FROM {name})" for name in named) or "1"  # noqa: S608  # names of our own
    return Prepared(f"WITH {', '.join(f'{name} AS ({text})' for name, text in parts)} SELECT {answers}")


@lru_cache(maxsize=500)
def _columns(model: type[models.Model], has_id: bool) -> tuple[tuple[str, str], ...]:
    """(column, attribute) pairs of a whole row."""
    fields = [field for field in model._meta.concrete_fields if has_id or not field.primary_key]
    return tuple((str(field.column), field.attname) for field in fields)


@lru_cache(maxsize=500)
def _insertion(model: type[models.Model], columns: tuple[tuple[str, str], ...], one: bool) -> str:
    """The statement that inserts rows from JSON, or `one` row; a column with the name of an answer gets that."""
    names = ", ".join(column for column, _answer in columns)
    asked = {column: f"(SELECT value FROM {answer})" for column, answer in columns if answer}  # noqa: S608  # names of our own
    values = ", ".join(asked.get(column, column) for column, _answer in columns)
    table = model._meta.db_table
    # The order of the array is the order of the ids that the table gives. A short text: the driver remembers how it is
    # to be sent only below 4096 characters.
    read = "jsonb_populate_record" if one else "jsonb_populate_recordset"
    source = f'SELECT {values} FROM {read}(NULL::"{table}", %s::jsonb)'  # noqa: S608  # names of our own
    return f'INSERT INTO "{table}" ({names}) {source}'


@lru_cache(maxsize=500)
def _update(model: type[models.Model], columns: tuple[str, ...], one: bool) -> str:
    """The statement that changes rows; the planner knows that `one` is one and finds it by its key."""
    by_column = {field.column: field for field in model._meta.concrete_fields}
    types = ", ".join(f'"{column}" {_type_of(by_column[column])}' for column in ("id", *columns))
    sets = ", ".join(f'"{column}" = x."{column}"' for column in columns)
    table = model._meta.db_table
    read = "jsonb_to_record" if one else "jsonb_to_recordset"
    source = f"FROM {read}(%s::jsonb) AS x({types}) WHERE t.id = x.id"
    return f'UPDATE "{table}" t SET {sets} {source}'  # noqa: S608  # names of our own tables and columns


def _type_of(field: "models.Field[Any, Any]") -> str:
    return str(field.rel_db_type(connection) if field.primary_key else field.db_type(connection))


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)


_as_json = json.JSONEncoder(default=_plain, ensure_ascii=False, check_circular=False).encode
