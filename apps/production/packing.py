"""Columns of a plan as bytes: one row an item instead of one a day or edge, every column as narrow as its item allows.

Form: `MARK`, the width of each column in bytes (0 = nothing but noughts), count of rows, the step of which all
quantities are multiples, then the columns one behind the other. Little-endian, signed. A year of a plant has millions
of rows: as eight-byte numbers they would cost the server more than twice as much to write and to keep.
"""

import struct
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

DAY = np.dtype(
    [
        ("day", "<i4"),
        ("gross", "<i8"),
        ("scheduled", "<i8"),
        ("receipt", "<i8"),
        ("release", "<i8"),
        ("projected", "<i8"),
    ]
)
EDGE = np.dtype(
    [
        ("need_kind", "<u1"),
        ("supply_kind", "<u1"),
        ("need_day", "<i4"),
        ("supply_day", "<i4"),
        ("need_id", "<i8"),
        ("supply_id", "<i8"),
        ("quantity", "<i8"),
    ]
)
ORDER = np.dtype("<i8")  # ids of the planned orders of an item
NEED_KINDS = ("demand", "order", "planned", "safety")
SUPPLY_KINDS = ("stock", "receipt", "planned")
PLANNED_NEED, STOCK_SUPPLY = 2, 0

MARK = b"\xff\xff"  # plain rows, as they once were, begin with a day or a kind: both are smaller
ID_WIDTH = 4  # at least: an order is searched for by these bytes
_QUANTITIES = {"gross", "scheduled", "receipt", "release", "projected", "quantity"}
_IDS = {"need_id", "supply_id"}
_LIMITS = np.array([2**7, 2**15, 2**31])
_WIDTHS = np.array([1, 2, 4, 8])
Values = NDArray[Any]


def pack(kind: np.dtype[Any], columns: Mapping[str, Values], begins: Values, steps: Values) -> Iterator[bytes]:
    """The bytes of each span of rows: from one of `begins` to the next, the last to the end; none is empty.

    `steps`: what the quantities of each span are multiples of; where they are not, 1 is taken.
    """
    names = kind.names or ()
    ends = np.append(begins, len(columns[names[0]]))[1:].tolist()
    steps = _true_steps([columns[name] for name in names if name in _QUANTITIES], begins, steps)
    widths = np.stack([_widths(name, columns[name], begins, steps) for name in names], axis=1)
    table = [(columns[name], name in _QUANTITIES) for name in names]
    spans = zip(begins.tolist(), ends, steps.tolist(), widths.tolist(), strict=True)
    for begin, end, step, wide in spans:
        parts = [_head(wide, end - begin, step)]
        for (column, is_quantity), width in zip(table, wide, strict=True):
            if width:
                values = column[begin:end]
                if is_quantity and step != 1:
                    values = values // step
                parts.append(values.astype(f"<i{width}").tobytes())
        yield b"".join(parts)


def _true_steps(quantities: Sequence[Values], begins: Values, steps: Values) -> Values:
    if not len(begins):
        return steps
    broken = np.zeros(len(begins), dtype=bool)
    one = int(steps[0]) if (steps == steps[0]).all() else None  # most plants count in pieces: no column of steps then
    each = np.repeat(steps, np.diff(begins, append=len(quantities[0]))) if one is None else one
    for column in quantities:
        if column.any():
            broken |= np.logical_or.reduceat(column // each * each != column, begins)
    return np.where(broken, 1, steps)


def _widths(name: str, column: Values, begins: Values, steps: Values) -> Values:
    """Bytes that the largest value of each span takes."""
    if not len(begins):
        return begins
    low, high = np.minimum.reduceat(column, begins), np.maximum.reduceat(column, begins)
    if name in _QUANTITIES:
        low, high = low // steps, high // steps
    low, high = low.astype(np.int64), high.astype(np.int64)
    found = _WIDTHS[np.searchsorted(_LIMITS, np.maximum(high, ~low), side="right")]
    if name in _IDS:
        return np.maximum(found, ID_WIDTH)
    return np.where((low == 0) & (high == 0), 0, found)


def _head(widths: Sequence[int], count: int, step: int) -> bytes:
    return MARK + bytes(widths) + struct.pack("<Iq", count, step)


def unpack(kind: np.dtype[Any], stored: bytes | memoryview) -> Values:
    """The rows back."""
    if not is_narrow(stored):
        return np.frombuffer(stored, dtype=kind)
    names = kind.names or ()
    start = len(MARK) + len(names)
    count, step = struct.unpack_from("<Iq", stored, start)
    start += struct.calcsize("<Iq")
    rows = np.zeros(count, dtype=kind)
    for name, width in zip(names, bytes(stored[len(MARK) : len(MARK) + len(names)]), strict=True):
        if width:
            values = np.frombuffer(stored, f"<i{width}", count, start).astype(np.int64)
            rows[name] = values * step if name in _QUANTITIES else values
            start += count * width
    return rows


def unpack_edges(stored: bytes | memoryview, first: int) -> Values:
    """Edges whose planned orders and receipts have their ids again; narrow ones hold places behind id `first`."""
    rows = unpack(EDGE, stored)
    if is_narrow(stored):
        rows["need_id"][rows["need_kind"] == PLANNED_NEED] += first
        rows["supply_id"][rows["supply_kind"] != STOCK_SUPPLY] += first
    return rows


def is_narrow(stored: bytes | memoryview) -> bool:
    """Not the plain rows of an older run?"""
    return bytes(stored[: len(MARK)]) == MARK
