"""Columns that are packed come back as they were, whatever their size, sign and step."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from apps.production import packing

SMALL = st.sampled_from([0, 1, -1, 127, 128, -128, -129, 32_767, 32_768, 2**31 - 1, 2**31, -(2**31), -(2**31) - 1])
FIGURE = SMALL | st.integers(-(10**18), 10**18) | st.integers(-(10**6), 10**6).map(lambda pieces: pieces * 10_000)
NAMES = ("gross", "scheduled", "receipt", "release", "projected")
DAYS = st.lists(st.tuples(st.integers(0, 1830), *(FIGURE for _ in NAMES)), min_size=1, max_size=6)


@given(st.lists(DAYS, max_size=4), st.sampled_from([1, 10, 10_000]))
def test_days_of_every_item_come_back(items: list[list[tuple[int, ...]]], step: int) -> None:
    lines = [line for item in items for line in item]
    columns = dict(zip(packing.DAY.names or (), np.array(lines, dtype=np.int64).reshape(-1, 6).T, strict=True))
    lengths = [len(item) for item in items]
    begins = np.cumsum([0, *lengths])[:-1]

    packed = list(packing.pack(packing.DAY, columns, begins, np.full(len(items), step)))

    assert [packing.unpack(packing.DAY, one).tolist() for one in packed] == items


def test_pieces_take_a_third_of_the_plain_rows() -> None:
    """365 days of a part in whole pieces: day 2 bytes, gross 1, projected 2 and 24 bytes of head, of 44 a day."""
    days = np.arange(365)
    columns = {name: np.zeros(365, dtype=np.int64) for name in NAMES} | {"day": days}
    columns["gross"] = np.full(365, 5 * 10_000)
    columns["projected"] = -days * 5 * 10_000  # down to -1820 pieces

    (packed,) = packing.pack(packing.DAY, columns, np.array([0]), np.array([10_000]))

    assert len(packed) == 2 + 6 + 12 + 365 * (2 + 1 + 2)


def test_planned_orders_and_receipts_get_their_ids_back() -> None:
    columns = {
        "need_kind": np.array([0, 2, 1]),
        "supply_kind": np.array([0, 1, 2]),
        "need_day": np.array([3, 4, 5]),
        "supply_day": np.array([0, 4, 5]),
        "need_id": np.array([17, 8, 9]),
        "supply_id": np.array([0, 6, 7]),
        "quantity": np.array([25_000, 10_000, 10_000]),
    }

    (packed,) = packing.pack(packing.EDGE, columns, np.array([0]), np.array([10_000]))

    rows = packing.unpack_edges(packed, 50_000_000)
    assert rows["need_id"].tolist() == [17, 50_000_008, 9]  # a demand and a work order have ids of their own
    assert rows["supply_id"].tolist() == [0, 50_000_006, 50_000_007]
    assert rows["quantity"].tolist() == [25_000, 10_000, 10_000]  # half a piece more: kept to 1/10000
    assert (7).to_bytes(packing.ID_WIDTH, "little") in packed  # what the search for an order looks for


def test_plain_rows_of_an_older_run_are_still_read() -> None:
    days, edges = np.zeros(2, dtype=packing.DAY), np.zeros(1, dtype=packing.EDGE)
    days["day"], days["gross"] = [255, 300], [10_000, -5]
    edges["supply_kind"], edges["supply_id"] = 2, 70_000_001

    assert packing.unpack(packing.DAY, days.tobytes()).tolist() == days.tolist()
    assert packing.unpack_edges(edges.tobytes(), 70_000_000).tolist() == edges.tolist()
