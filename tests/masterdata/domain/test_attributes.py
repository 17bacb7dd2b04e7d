"""Attribute templates: versions, values and completeness K4."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.masterdata.domain.attributes import (
    AttributeRow,
    AttributeTemplate,
    AttributeType,
    BadAttributes,
    BadTemplate,
    check_values,
    completeness,
    parse_rows,
    shareable_values,
)
from apps.masterdata.domain.classes import FieldClass

ROWS: list[dict[str, object]] = [
    {"key": "material", "name": "材质", "type": "text", "required": True},
    {"key": "bore", "name": "通径", "type": "number", "unit": "mm", "required": True},
    {"key": "face", "name": "密封面", "type": "enum", "options": ["RF", "FF"], "required": True},
    {"key": "coated", "name": "镀锌", "type": "bool", "required": True},
    {"key": "tested", "name": "型式试验日期", "type": "date", "required": True},
    {"key": "drawing", "name": "图号", "required": True, "class": "internal"},
    {"key": "remark", "name": "备注"},
]
FLANGE = AttributeTemplate("FL", 1, parse_rows(ROWS))


def test_five_of_six_required_are_filled():
    values = {"bore": "50", "face": "RF", "coated": False, "tested": "2026-06-30", "drawing": "FL-50-01"}

    score = completeness(FLANGE, values)

    assert (score.required, score.filled) == (6, 5)
    assert score.ratio == Decimal("0.8333")  # 5 / 6 = 0.83333…
    assert score.missing == ("材质",)


def test_blank_text_is_no_answer_and_nothing_required_is_complete():
    assert completeness(FLANGE, {"material": " "}).filled == 0
    assert str(completeness(AttributeTemplate("X", 1, ()), {}).ratio) == "1.0000"


@given(st.integers(1, 200).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))))
def test_ratio_and_missing_agree(counts):
    required, filled = counts
    rows = tuple(AttributeRow(f"k{i}", f"属性{i}", required=True) for i in range(required))

    score = completeness(AttributeTemplate("X", 1, rows), {f"k{i}": "有" for i in range(filled)})

    assert len(score.missing) == required - filled
    assert abs(score.ratio - Decimal(filled) / Decimal(required)) <= Decimal("0.00005")


def test_values_are_stored_in_one_form():
    stored = check_values(
        FLANGE,
        {
            "Material": " 20# ",
            "bore": "５０.00",
            "face": "rf",
            "coated": "是",
            "tested": "2026-06-30",
            "remark": "",
        },
    )

    assert stored == {"material": "20#", "bore": "50", "face": "RF", "coated": True, "tested": "2026-06-30"}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("bore", "五十"),
        ("bore", True),
        ("bore", "NaN"),
        ("bore", "1E+500"),
        ("bore", "1E-500"),
        ("face", "TG"),
        ("coated", "maybe"),
        ("tested", "2026-02-30"),
        ("material", "长" * 501),
        ("material", {"a": 1}),
        ("colour", "红"),
    ],
)
def test_value_that_does_not_fit_is_named(key, value):
    with pytest.raises(BadAttributes) as refusal:
        check_values(FLANGE, {key: value})

    assert list(refusal.value.fields) == [f"attributes.{key}"]
    assert str(refusal.value.fields[f"attributes.{key}"]).endswith("。")


def test_every_bad_cell_of_a_template_is_named():
    rows: list[dict[str, object]] = [
        {"key": "a", "name": "甲", "type": "colour"},
        {"key": "", "name": "乙"},
        {"key": "c", "name": ""},
        {"key": "d", "name": "丁", "type": "enum"},
        {"key": "e", "name": "戊", "class": "open"},
        {"key": "f", "name": "己", "required": "yes"},
        {"key": "g", "name": "庚", "options": "RF"},
        {"key": "h", "name": "辛"},
        {"key": "H", "name": "壬"},
    ]

    with pytest.raises(BadTemplate) as refusal:
        parse_rows(rows)

    assert list(refusal.value.fields) == [
        "rows.0.type", "rows.1.key", "rows.2.name", "rows.3.options", "rows.4.class", "rows.5.required",
        "rows.6.options", "rows.8.key",
    ]  # fmt: skip


def test_new_rows_make_a_new_version_and_leave_the_old_one():
    more = parse_rows([*ROWS, {"key": "pressure", "name": "压力等级", "required": True}])

    second = FLANGE.revise(more)

    assert (FLANGE.version, second.version) == (1, 2)
    assert len(FLANGE.rows) == 7
    assert FLANGE.revise(FLANGE.rows) is FLANGE


def test_internal_attributes_stay_at_home():
    values = {"material": "20#", "drawing": "FL-50-01", "lost": "?"}

    assert shareable_values(FLANGE, values, audience=FieldClass.PARTNER) == {"material": "20#"}
    assert FLANGE.rows[0].type is AttributeType.TEXT
