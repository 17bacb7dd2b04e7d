"""统一社会信用代码: our validator against one written from the standard in another way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.masterdata.domain.uscc import ALPHABET, BadUscc, check_character, clean_uscc, is_uscc

# GB 32100-2015 table of weights W1 … W17, written out.
WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
VALUES = dict(zip("0123456789", range(10), strict=True)) | {
    "A": 10, "B": 11, "C": 12, "D": 13, "E": 14, "F": 15, "G": 16, "H": 17, "J": 18, "K": 19, "L": 20,
    "M": 21, "N": 22, "P": 23, "Q": 24, "R": 25, "T": 26, "U": 27, "W": 28, "X": 29, "Y": 30,
}  # fmt: skip


def independent_is_uscc(text):
    """Valid when the weighted sum of all 18 characters, the last one with weight 1, is 0 mod 31."""
    if len(text) != 18 or any(char not in VALUES for char in text):
        return False
    return (sum(VALUES[char] * weight for char, weight in zip(text, [*WEIGHTS, 1], strict=True))) % 31 == 0


bodies = st.text(alphabet=ALPHABET, min_size=17, max_size=17)


@pytest.mark.parametrize(
    "uscc",
    [
        "91350100M000100Y43",  # example of the standard
        "91110000100000000" + check_character("91110000100000000"),
        "9" * 17 + check_character("9" * 17),
    ],
)
def test_known_codes_are_valid(uscc):
    assert clean_uscc(uscc) == uscc
    assert independent_is_uscc(uscc)


@given(bodies)
def test_every_body_has_exactly_one_check_character(body):
    valid = [char for char in ALPHABET if is_uscc(body + char)]

    assert valid == [check_character(body)]
    assert [char for char in ALPHABET if independent_is_uscc(body + char)] == valid


@given(st.text(alphabet="0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=16, max_size=19))
def test_agrees_with_the_independent_validator(text):
    assert is_uscc(text) == independent_is_uscc(text)


@given(bodies, st.integers(0, 16), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_found(body, place, char):
    uscc = body + check_character(body)
    mistyped = uscc[:place] + char + uscc[place + 1 :]

    assert is_uscc(mistyped) == (mistyped == uscc)


def test_typed_from_the_licence_with_blanks_and_small_letters():
    assert clean_uscc(" 9135 0100 m000 100y 43 ") == "91350100M000100Y43"
    assert clean_uscc("９１３５０１００Ｍ０００１００Ｙ４３") == "91350100M000100Y43"


@pytest.mark.parametrize(
    ("typed", "said"),
    [("91350100M000100Y4", "17 位"), ("91350100I000100Y43", "“I”"), ("91350100M000100Y44", "校验位")],
)
def test_refusal_says_what_is_wrong(typed, said):
    with pytest.raises(BadUscc, match=said) as refusal:
        clean_uscc(typed)

    assert refusal.value.code == "bad_uscc"
