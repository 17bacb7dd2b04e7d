"""GS1-128 bars, read back by an independent decoder."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.inventory.domain import code128
from apps.inventory.domain.code128 import FNC1, bars, modules, symbols

TEXTS = st.text(alphabet="0123456789ABCxyz-/.()" + FNC1, min_size=1, max_size=40)


def decoded(values: list[int]) -> str:
    """The text of symbol values, by the tables of the standard."""
    in_c, text = values[0] == 105, ""
    for value in values[1:-1]:
        if value == 102:
            text += FNC1
        elif in_c and value < 100:
            text += f"{value:02d}"
        elif in_c:
            in_c = False
        elif value == 99:
            in_c = True
        else:
            text += chr(value + 32)
    return text


def test_every_symbol_has_eleven_modules_and_is_its_own():
    widths = code128._WIDTHS

    assert len(widths) == 106 == len(set(widths))
    assert {sum(map(int, width)) for width in widths} == {11}
    assert all(sum(map(int, width[::2])) % 2 == 0 for width in widths)  # dark modules of a symbol are even


def test_known_symbol_of_the_standard():
    # "Wikipedia" in set B: start 104, check 88 by the weighted sum 4878 mod 103.
    values = symbols("Wikipedia", gs1=False)

    assert values == [104, 55, 73, 75, 73, 80, 69, 68, 73, 65, 88]


def test_gtin_and_lot_use_pairs_of_digits():
    text = "0106901234567892" + "10A1"

    values = symbols(text)

    assert values[:2] == [105, 102]  # start C, FNC1
    assert values[2:10] == [1, 6, 90, 12, 34, 56, 78, 92]


@given(text=TEXTS)
def test_what_is_encoded_can_be_read(text):
    values = symbols(text)

    assert decoded(values) == FNC1 + text
    total = values[0] + sum(place * value for place, value in enumerate(values[1:-1], start=1))
    assert values[-1] == total % 103
    assert modules(text) == 11 * len(values) + 13  # stop has 13 modules
    assert bars(text)[0] == (0, 2)


def test_chinese_cannot_be_bars():
    with pytest.raises(ValueError, match="code set B"):
        symbols("法兰盘")
