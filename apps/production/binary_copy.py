"""Columns of numbers as PostgreSQL's binary COPY, without a Python object a row: millions of rows in a second.

Format of a row: the number of its fields, then length and bytes of each, big-endian (PostgreSQL, "COPY", file formats).
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TAIL = b"\xff\xff"
EPOCH = date(2000, 1, 1)
DIGITS = 5  # of base 10 000: one behind the point, four before it hold what NUMERIC(18,4) does
_SCALAR = {"int8": ">i8", "int4": ">i4", "int2": ">i2", "date": ">i4", "bool": "u1"}
_NUMERIC = np.dtype(
    [("digits", ">i2"), ("weight", ">i2"), ("sign", ">i2"), ("scale", ">i2"), ("value", ">i2", (DIGITS,))]
)
NEGATIVE = 0x4000

Values = NDArray[Any]
Columns = Sequence[tuple[str, Values]]


def days_of(first: date, offset: Values) -> Values:
    """Days from `first` on as `date` columns have them."""
    return offset + (first - EPOCH).days


def rows(columns: Columns) -> bytes:
    """The rows of (type, values) columns, all of one length, no NULLs.

    Types: int8, int4, int2, bool; date (see `days_of`); numeric (whole numbers of 1/10000, below 10^20); text (ASCII).
    """
    fields: list[Any] = [("fields", ">i2")]
    for at, (kind, values) in enumerate(columns):
        fields += [(f"length{at}", ">i4"), (f"value{at}", _layout(kind, values))]
    table = np.zeros(len(columns[0][1]), dtype=fields)
    table["fields"] = len(columns)
    spare: list[int] = []
    for at, (kind, values) in enumerate(columns):
        name = f"value{at}"
        table[f"length{at}"] = table.dtype[name].itemsize
        table[name] = _numeric(values) if kind == "numeric" else values
        if kind == "text":
            table[f"length{at}"] = np.char.str_len(values)
            spare.append(at)
    return _without_padding(table, spare)


def _layout(kind: str, values: Values) -> Any:
    if kind == "numeric":
        return _NUMERIC
    return values.dtype if kind == "text" else _SCALAR[kind]


def _numeric(values: Values) -> Values:
    """Four decimals, digits of base 10 000; the server drops leading noughts itself."""
    found = np.zeros(len(values), dtype=_NUMERIC)
    found["digits"], found["weight"], found["scale"] = DIGITS, DIGITS - 2, 4
    found["sign"] = np.where(values < 0, NEGATIVE, 0)
    left = np.abs(values)
    for place in range(DIGITS - 1, -1, -1):
        left, found["value"][:, place] = np.divmod(left, 10_000)
    return found


def _without_padding(table: Values, texts: Sequence[int]) -> bytes:
    """Texts of one column differ in length: what stands behind the shorter ones is left out."""
    if not texts:
        return table.tobytes()
    flat = table.view(np.uint8).reshape(len(table), table.dtype.itemsize)
    keep = np.ones(flat.shape, dtype=bool)
    places: Any = table.dtype.fields
    for at in texts:
        layout, start = places[f"value{at}"][:2]
        lengths = table[f"length{at}"]
        for place in range(int(lengths.min(initial=layout.itemsize)), layout.itemsize):
            keep[:, start + place] = place < lengths
    return flat[keep].tobytes()
