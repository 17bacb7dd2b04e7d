"""Columns of a plan as bytes: one row an item instead of one a day or edge. Little-endian, fixed width, no header."""

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


def pack(kind: np.dtype[Any], **columns: NDArray[Any]) -> NDArray[Any]:
    """Rows of `kind` from its columns; a slice's `tobytes()` is what is stored."""
    rows = np.empty(len(next(iter(columns.values()))), dtype=kind)
    for name, column in columns.items():
        rows[name] = column
    return rows


def unpack(kind: np.dtype[Any], stored: bytes | memoryview) -> NDArray[Any]:
    """The rows back, read only."""
    return np.frombuffer(stored, dtype=kind)
