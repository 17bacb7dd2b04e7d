"""Pinyin keys: found by FLP, sorted alike everywhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.masterdata.domain.pinyin import pinyin_keys, search_key


@pytest.mark.parametrize(
    ("name", "full", "initials"),
    [
        ("法兰盘 DN50", "falanpandn50", "flpdn50"),
        ("宏达五金（深圳）", "hongdawujinshenzhen", "hdwjsz"),
        ("M6螺栓", "m6luoshuan", "m6ls"),
        ("绿色塑料", "lvsesuliao", "lssl"),
        ("重庆轴承", "chongqingzhoucheng", "cqzc"),
        ("", "", ""),
    ],
)
def test_keys_of_a_name(name, full, initials):
    keys = pinyin_keys(name)

    assert (keys.full, keys.initials) == (full, initials)


def test_typed_search_has_the_form_of_the_keys():
    assert search_key(" ＦＬＰ-dn 50") == "flpdn50"


@given(st.text(max_size=100))
def test_keys_fit_their_columns(name):
    keys = pinyin_keys(name, max_length=50)

    assert len(keys.full) <= 50
    assert len(keys.initials) <= 50
    assert not any(char.isspace() for char in keys.full + keys.initials)
