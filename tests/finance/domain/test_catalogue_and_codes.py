"""Shipped tables, account codes, periods, the month-end checklist."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.finance.domain import catalogue
from apps.finance.domain.account_codes import AccountProperties, CodeRule, inherit
from apps.finance.domain.checklist import RULES, evaluate, profit_transfer_count, year_profit_count
from apps.finance.domain.errors import BookkeepingError
from apps.finance.domain.periods import (
    Period,
    Span,
    filing_span,
    initial_periods,
    is_filing_end,
    periods_after_year_close,
    quarter_of,
    report_span,
)

periods = st.integers(1900 * 12, 9999 * 12 + 11).map(Period.from_index)


def test_the_shipped_tables_have_their_rows():
    forms = Counter(line.form for line in catalogue.statement_lines())

    assert len(catalogue.chart()) == 66
    assert len(catalogue.vat_accounts()) == 33
    assert len(catalogue.template_accounts()) == 67
    assert forms == {"会小企01表": 53, "会小企02表": 32, "会小企03表": 22}
    assert len(catalogue.statement_checks()) == 27
    assert len(catalogue.default_tags()) == 58
    assert len(catalogue.tax_layout()) == 964
    assert len(catalogue.tax_rules()) == 19


def test_starting_accounts_have_their_parents_and_the_taxpayers_columns():
    general, small = catalogue.starting_accounts("general"), catalogue.starting_accounts("small_scale")

    codes = {row.code for row in general}
    assert len(codes) == len(general) == 166  # 66 + 33 + 67
    assert len(small) == 155  # without the eleven VAT columns
    assert all(row.parent in codes for row in general if row.level > 1)
    assert all(CodeRule().parent(row.code) == row.parent for row in general)


def test_default_tags_name_detail_lines():
    kinds = {line.line: line.kind for line in catalogue.form_lines("会小企03表")}

    for tag in catalogue.default_tags().values():
        assert kinds[tag.when_debited] == kinds[tag.when_credited] == "tag"


def test_the_threshold_turns_from_inclusive_to_exclusive_with_2026():
    rows = [row for row in catalogue.tax_rules() if row.rule == "threshold_quarter"]

    assert [row.inclusive for row in rows if row.holds_on(date(2025, 12, 31))] == [True]
    assert [row.inclusive for row in rows if row.holds_on(date(2026, 1, 1))] == [False]
    assert {row.value for row in rows} == {Decimal("300000.00")}


def test_levels_and_parents_by_code():
    rule = CodeRule()

    assert [rule.level(code) for code in ("2221", "222101", "22210101", "2221010101")] == [1, 2, 3, 4]
    assert rule.parent("2221") is None
    assert rule.ancestors("22210101") == ["222101", "2221"]
    assert rule.top("22210101") == "2221"


@pytest.mark.parametrize("code", ["", "222", "22210", "22AA", "２２２１", "222101010101"])
def test_codes_outside_the_rule_are_refused(code):
    with pytest.raises(BookkeepingError):
        CodeRule().level(code)


def test_template_codes_widen_with_the_rule_of_the_book():
    rule = CodeRule.of([4, 3, 2])

    assert rule.widen("2221") == "2221"
    assert rule.widen("22210107") == "222100107"
    assert rule.parent("222100107") == rule.widen("222101") == "2221001"


@pytest.mark.parametrize("lengths", [[], [4], [3, 2], [4, 1], [4, 5], [4, 2, 2, 2, 2, 2, 2], [4, 4, 4, 4, 4, 4]])
def test_impossible_code_lengths_are_refused(lengths):
    with pytest.raises(BookkeepingError):
        CodeRule.of(lengths)


def test_a_child_inherits_everything_but_the_income_line():
    parent = AccountProperties(
        "profit_loss", "debit", {"department": True}, quantity=True, currencies=("USD",), income_line=13
    )

    child = inherit(parent, {"quantity": False})
    feeding = inherit(parent, {"income_line": 12, "direction": "credit"})

    assert (child.category, child.direction, child.aux, child.quantity) == (
        "profit_loss",
        "debit",
        {"department": True},
        False,
    )
    assert child.income_line is None
    assert (feeding.income_line, feeding.direction, feeding.quantity) == (12, "credit", True)


@pytest.mark.parametrize("given_properties", [{"category": "asset"}, {"colour": "red"}])
def test_a_child_cannot_change_category(given_properties):
    with pytest.raises(BookkeepingError):
        inherit(AccountProperties("asset", "debit", {}), given_properties)


@given(periods)
def test_periods_read_back_and_count_on(period):
    assert Period.parse(str(period)) == period
    assert period.holds(period.first_day) and period.holds(period.last_day)
    assert quarter_of(period).first <= period <= quarter_of(period).last


@pytest.mark.parametrize(
    "text", ["", "2026-13", "2026-00", "2026-1", "26-01", "2026-01-01", "２０２６-01", "2026-01\n"]
)
def test_what_is_no_period(text):
    with pytest.raises(BookkeepingError):
        Period.parse(text)


def test_spans():
    may = Period(2026, 5)

    assert report_span(may, "quarter") == Span(Period(2026, 4), may)
    assert report_span(may, "year").first == Period(2026, 1)
    assert report_span(may, "quarter").not_before(may) == Span(may, may)
    assert len(initial_periods(may)) == 20  # May to December 2026 are 8, and 12
    assert periods_after_year_close(2026).first == Period(2028, 1)
    assert Span(Period(2026, 1), Period(2026, 3)).days == 90  # 31 + 28 + 31
    assert filing_span(may, "quarter").last == Period(2026, 6)
    assert is_filing_end(may, "month") and not is_filing_end(may, "quarter")
    with pytest.raises(BookkeepingError):
        Span(may, Period(2026, 4))


def counts(**changes):
    return {**{rule.code: 0 for rule in RULES}, **changes}


def test_a_clean_month_is_ready_and_warnings_do_not_block():
    clean, warned = evaluate(counts()), evaluate(counts(cash_never_negative=2, fx_revalued=None))

    assert clean.ready and {item.status for item in clean.items} == {"ok"}
    assert warned.ready
    assert {item.code: item.status for item in warned.items if item.status != "ok"} == {
        "cash_never_negative": "warning",
        "fx_revalued": "not_needed",
    }


def test_blocking_items_stop_the_close():
    found = evaluate(counts(no_unposted_vouchers=3, profit_transferred=5))

    assert not found.ready
    assert [(item.code, item.status, item.count) for item in found.blockers] == [
        ("no_unposted_vouchers", "blocked", 3),
        ("profit_transferred", "todo", 5),
    ]
    assert [item.code for item in found.items if item.blocking] == [rule.code for rule in RULES[:8]]


def test_an_item_without_a_count_never_reads_as_ok():
    with pytest.raises(KeyError):
        evaluate({"no_unposted_vouchers": 0})


def test_when_profit_has_to_be_transferred():
    assert profit_transfer_count(4, monthly=True, december=False) == 4
    assert profit_transfer_count(4, monthly=False, december=False) is None
    assert profit_transfer_count(4, monthly=False, december=True) == 4
    assert year_profit_count(1, december=False) is None
