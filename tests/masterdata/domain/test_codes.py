"""Codes: one bolt, one code, however it was typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.masterdata.domain.codes import BadCode, clean_code, code_key, fold_width, text_key


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("M6-BOLT", "M6-BOLT"),
        ("　Ｍ６－ＢＯＬＴ ", "M6-BOLT"),
        ("\ufeffM6-BOLT\u200b", "M6-BOLT"),
        ("\xa0DN50 法兰盘\xa0", "DN50 法兰盘"),
    ],
)
def test_code_is_stored_half_width_and_trimmed(typed, stored):
    assert clean_code(typed) == stored


@pytest.mark.parametrize("typed", ["", "　 ", "\u200b", "M6\nBOLT", "M6\x1dBOLT", "A" * 65])
def test_code_that_cannot_be_typed_again_is_refused(typed):
    with pytest.raises(BadCode) as refusal:
        clean_code(typed)

    assert refusal.value.code == "bad_code"
    assert str(refusal.value).endswith("。")


def test_case_and_width_do_not_make_a_second_code():
    assert code_key("ｍ6-bolt ") == code_key("M6-BOLT")
    assert code_key("M6-BOLT") != code_key("M6 BOLT")


@given(st.text())
def test_key_of_a_key_is_the_key(text):
    assert code_key(code_key(text)) == code_key(text)


@given(st.text(max_size=60))
def test_cleaning_keeps_the_key_and_is_done_once(text):
    try:
        stored = clean_code(text)
    except BadCode:
        return

    assert clean_code(stored) == stored
    assert code_key(stored) == code_key(text)


@given(st.text(alphabet=st.characters(min_codepoint=0x21, max_codepoint=0x7E)))
def test_full_width_ascii_folds_back(text):
    wide = "".join(chr(ord(char) + 0xFEE0) for char in text)

    assert fold_width(wide) == text


@pytest.mark.parametrize("spec", ["M6×20", "m6 * 20", "Ｍ６Ｘ２０", "M6x20"])
def test_one_size_has_one_key(spec):
    assert text_key(spec) == "m6x20"


def test_diameter_signs_share_a_key():
    assert text_key("Φ50") == text_key("φ50") == text_key("ø 50") == text_key("Ø50")
