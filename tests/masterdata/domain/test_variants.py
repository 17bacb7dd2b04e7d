"""Variants: 3 colours x 4 sizes, once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.masterdata.domain.codes import BadCode, code_key
from apps.masterdata.domain.variants import (
    BadFamily,
    all_variants,
    check_pattern,
    combination_key,
    missing_variants,
    parse_axes,
)

SHIRT_AXES = parse_axes(
    {
        "颜色": [{"code": "RD", "name": "红"}, {"code": "BL", "name": "蓝"}, {"code": "BK", "name": "黑"}],
        "尺码": ["S", "M", "L", "XL"],
    }
)


def test_three_colours_and_four_sizes_are_twelve_items():
    variants = all_variants(family="POLO", axes=SHIRT_AXES, pattern="{family}-{颜色}{尺码}")

    assert len(variants) == 12  # 3 x 4
    assert [variant.code for variant in variants[:5]] == [
        "POLO-RDS",
        "POLO-RDM",
        "POLO-RDL",
        "POLO-RDXL",
        "POLO-BLS",
    ]
    assert variants[0].axis_values == (("颜色", "红"), ("尺码", "S"))
    assert variants[0].label == "红 / S"


def test_second_run_makes_nothing_even_after_a_code_was_changed():
    variants = all_variants(family="POLO", axes=SHIRT_AXES)
    existing = {
        combination_key({"尺码": size, "颜色": colour}) for colour in "红蓝黑" for size in ("S", "M", "L", "xl")
    }

    assert missing_variants(variants, existing=set()) == variants
    assert missing_variants(variants, existing=existing) == ()


def test_new_size_makes_only_the_new_items():
    before = {variant.key for variant in all_variants(family="POLO", axes=SHIRT_AXES)}
    axes = parse_axes({"颜色": ["红", "蓝", "黑"], "尺码": ["S", "M", "L", "XL", "XXL"]})

    new = missing_variants(all_variants(family="POLO", axes=axes), existing=before)

    assert [variant.code for variant in new] == ["POLO-红-XXL", "POLO-蓝-XXL", "POLO-黑-XXL"]


def test_empty_pattern_joins_everything():
    assert check_pattern(" ", SHIRT_AXES) == "{family}-{颜色}-{尺码}"
    assert check_pattern("{code}/{颜色}/{尺码}", SHIRT_AXES) == "{code}/{颜色}/{尺码}"


@pytest.mark.parametrize(
    "pattern", ["{family}", "{family}-{颜色}", "{颜色}{尺码}{材质}", "{颜色}{尺码", "{颜色}}{尺码}"]
)
def test_pattern_that_repeats_or_cannot_be_read_is_refused(pattern):
    with pytest.raises(BadFamily):
        check_pattern(pattern, SHIRT_AXES)


@pytest.mark.parametrize(
    "axes",
    [
        {},
        {"颜色": []},
        {"颜色": "红"},
        {"颜色": ["红", "红 "]},
        {"颜色": ["红", ""]},
        {"": ["红"]},
        {"{a}": ["红"]},
        {"family": ["红"]},
        {"Size": ["S"], "ｓｉｚｅ": ["M"]},
        {"a": list(range(40)), "b": list(range(40))},  # 1600 combinations
        {f"a{i}": ["1"] for i in range(7)},
    ],
)
def test_axes_that_make_no_distinct_items_are_refused(axes):
    with pytest.raises(BadFamily) as refusal:
        parse_axes(axes)

    assert refusal.value.code == "bad_family"


def test_two_variants_never_share_a_code():
    axes = parse_axes({"a": ["1", "11"], "b": ["12", "2"]})

    with pytest.raises(BadFamily, match="112"):
        all_variants(family="F", axes=axes, pattern="{a}{b}")  # 1 + 12 and 11 + 2


def test_code_that_is_too_long_is_refused():
    with pytest.raises(BadCode):
        all_variants(family="F" * 64, axes=SHIRT_AXES)


values = st.lists(st.text(alphabet="ABCDE123", min_size=1, max_size=3), min_size=1, max_size=5, unique=True)


@given(values, values, values)
def test_product_is_complete_and_distinct(a, b, c):
    variants = all_variants(family="F", axes=parse_axes({"a": a, "b": b, "c": c}))

    assert len({code_key(variant.code) for variant in variants}) == len(a) * len(b) * len(c)
    assert len({variant.key for variant in variants}) == len(variants)
