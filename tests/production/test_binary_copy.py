"""Columns that go to the server in its binary form come back as the values they were."""

import struct
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from psycopg.types.numeric import NumericBinaryLoader

from apps.production import binary_copy
from apps.production.models import PlannedOrder

START = date(2026, 1, 5)
COLUMNS = (
    ("int8", "id"),
    ("int8", "run_id"),
    ("int8", "item_id"),
    ("text", "kind"),
    ("numeric", "quantity"),
    ("date", "release_on"),
    ("date", "due_on"),
    ("int4", "past_due_days"),
    ("int2", "level"),
    ("bool", "firm"),
    ("text", "released_as"),
)
NUMERIC = 1700  # the server's number of the type


@pytest.mark.usefixtures("in_hongda")
def test_every_type_arrives_as_it_was_sent() -> None:
    largest = 10**18 - 1  # 99 999 999 999 999.9999, the most that NUMERIC(18,4) holds
    days = binary_copy.days_of(START, np.array([0, -9600]))  # the second lies before the year 2000
    columns = [[7, 2**40], [1, 1], [3, 4], [b"make", b"buy"], [25_000, largest], days, days, [0, 80_000], [9, 0],
               [True, False], [b"", b"GD-1"]]  # fmt: skip
    data = binary_copy.rows([(kind, np.array(rows)) for (kind, _), rows in zip(COLUMNS, columns, strict=True)])

    names = [name for _, name in COLUMNS]
    statement = f"COPY production_plannedorder ({', '.join(names)}) FROM STDIN (FORMAT BINARY)"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(binary_copy.HEAD + data + binary_copy.TAIL)

    early = START - timedelta(days=9600)
    assert list(PlannedOrder.objects.order_by("id").values_list(*names)) == [
        (7, 1, 3, "make", Decimal("2.5000"), START, START, 0, 9, True, ""),
        (2**40, 1, 4, "buy", Decimal("99999999999999.9999"), early, early, 80_000, 0, False, "GD-1"),
    ]


@given(st.lists(st.integers(-(10**18) + 1, 10**18 - 1), min_size=1, max_size=20))
def test_quantities_of_any_size_and_sign_are_exact(quantities: list[int]) -> None:
    data = binary_copy.rows([("numeric", np.array(quantities, dtype=np.int64))])

    width = len(data) // len(quantities)
    found = []
    for start in range(0, len(data), width):
        fields, length = struct.unpack_from(">hi", data, start)
        assert (fields, length) == (1, width - 6)  # one field; its count takes 2 bytes, its length 4
        found.append(NumericBinaryLoader(NUMERIC).load(data[start + 6 : start + width]))
    assert found == [Decimal(quantity).scaleb(-4) for quantity in quantities]


def test_texts_of_one_column_keep_their_own_lengths() -> None:
    data = binary_copy.rows([("text", np.array([b"make", b"", b"buy"]))])

    assert data == b"".join(struct.pack(">hi", 1, len(text)) + text for text in (b"make", b"", b"buy"))
