"""Business facts and conditions of rules in words."""

from apps.finance import fact_words


def test_kinds_fields_and_values_of_facts_have_words():
    assert fact_words.fact_text("SalesInvoiced") == "销售发票"
    assert fact_words.field_text("supplier") == "供应商"
    assert fact_words.value_text("reason", "MATERIAL") == "生产领料"
    assert fact_words.value_text("taxpayer", "small_scale") == "小规模纳税人"


def test_what_nobody_named_stays_as_it_was_told():
    assert fact_words.fact_text("CanteenCard") == "CanteenCard"
    assert fact_words.value_text("number", "XS-0009") == "XS-0009"


def test_a_condition_reads_as_words():
    assert fact_words.when_text({"use": "overhead", "reason": "MATERIAL"}) == "用途：车间公用 · 业务：生产领料"
