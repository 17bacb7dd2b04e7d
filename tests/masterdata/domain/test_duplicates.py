"""Soft duplicates: told, not refused."""

import pytest

from apps.masterdata.domain.duplicates import (
    Candidate,
    DuplicateRule,
    item_keys,
    mobile_key,
    partner_keys,
    partner_name_key,
    soft_duplicates,
)


@pytest.mark.parametrize(
    "name",
    [
        "宏达五金（深圳）有限公司",
        "宏达五金(深圳)有限责任公司",
        "宏达五金 深圳 股份有限公司",
        "宏达五金深圳",
    ],
)
def test_legal_form_does_not_make_another_partner(name):
    assert partner_name_key(name) == "宏达五金深圳"


def test_other_name_stays_another_partner():
    assert partner_name_key("宏达五金厂") != partner_name_key("宏达五金有限公司")
    assert partner_name_key("有限公司") == "有限公司"


@pytest.mark.parametrize("typed", ["138 0013 8000", "+86 138-0013-8000", "008613800138000", "１３８００１３８０００"])
def test_one_mobile_in_every_writing(typed):
    assert mobile_key(typed) == "13800138000"


def test_landline_is_kept_and_a_stump_is_not():
    assert mobile_key("0755-8888 6666") == "075588886666"
    assert mobile_key("8888") == ""


def test_same_name_and_spec_is_a_warning_on_the_later_row():
    rows = [
        Candidate("M6-BOLT", item_keys(name="六角螺栓", spec="M6×20")),
        Candidate("M8-BOLT", item_keys(name="六角螺栓", spec="M8×20")),
        Candidate("LS-001", item_keys(name="六角 螺栓", spec="m6*20")),
    ]

    warnings = soft_duplicates(rows)

    assert [(w.rule, w.reference, w.earlier) for w in warnings] == [(DuplicateRule.SAME_ITEM, "LS-001", "M6-BOLT")]


def test_stored_record_is_named_and_never_its_own_duplicate():
    keys = partner_keys(name="宏达五金有限公司", mobile="13800138000")
    known = {(rule, key): "C001" for rule, key in keys.items()}

    again = soft_duplicates([Candidate("C001", keys)], known=known)
    other = soft_duplicates([Candidate("C002", keys)], known=known)

    assert again == []
    assert [(w.rule, w.earlier) for w in other] == [
        (DuplicateRule.SAME_PARTNER, "C001"),
        (DuplicateRule.SAME_MOBILE, "C001"),
    ]


def test_records_without_a_name_or_mobile_share_nothing():
    assert item_keys(name=" ") == {}
    assert partner_keys(name="", mobile="") == {}
