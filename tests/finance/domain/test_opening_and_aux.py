"""Opening totals, open items, and keys of aux combinations."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.finance.domain.balances import Opening
from apps.finance.domain.combos import check_dimensions, combo_key, parse_aux
from apps.finance.domain.errors import BookkeepingError
from apps.finance.domain.opening import check_balanced, check_items, opening_totals
from tests.finance.domain.books import yuan

words = st.text("ABCdef019-_", min_size=1, max_size=8)


def test_totals_at_the_start_and_on_the_first_of_january():
    rows = [
        Opening("1002", yuan(150), ytd_debit=yuan(90), ytd_credit=yuan(40)),
        Opening("3001", yuan(-100)),
        Opening("3103", yuan(-50), ytd_credit=yuan(50)),
    ]

    totals = opening_totals(rows)

    assert (totals.debit_total, totals.credit_total, totals.difference) == (150, 150, 0)
    assert (totals.year_begin_debit, totals.year_begin_credit) == (100, 100)  # 150 - (90 - 40)
    check_balanced(totals)


def test_a_book_unbalanced_on_the_first_of_january_may_not_start():
    totals = opening_totals([Opening("1002", yuan(5), ytd_debit=yuan(1)), Opening("3001", yuan(-5))])

    with pytest.raises(BookkeepingError, match="年初余额借贷差 -1.00") as refusal:
        check_balanced(totals)
    assert refusal.value.code == "opening_unbalanced"


def test_items_add_up_to_the_balance_where_there_are_any():
    check_items("1122", yuan(5), [])
    check_items("1122", yuan(5), [yuan(2), yuan(3)])

    with pytest.raises(BookkeepingError) as refusal:
        check_items("1122", yuan(5), [yuan(2)])
    assert refusal.value.code == "opening_items_differ"


@given(st.dictionaries(words, words, max_size=4))
def test_a_key_reads_back_as_its_values(values):
    assert parse_aux(combo_key(values)) == values


def test_the_written_form_may_be_chinese_and_in_any_order():
    assert parse_aux("部门：D1； 客户: C001 ;") == {"department": "D1", "customer": "C001"}
    assert combo_key(parse_aux("部门:D1;客户:C001")) == "customer:C001;department:D1"
    assert parse_aux("机台:M3", {"机台": "machine"}) == {"machine": "M3"}
    assert parse_aux("") == {}


@pytest.mark.parametrize("text", ["C001", "customer:", ":C001", "customer:A;客户:B"])
def test_what_is_no_aux(text):
    with pytest.raises(BookkeepingError):
        parse_aux(text)


@pytest.mark.parametrize(("given_codes", "code"), [(["department"], "aux_required"), (["customer", "item"], "invalid")])
def test_required_and_foreign_dimensions(given_codes, code):
    allowed = {"customer": True, "department": False}
    check_dimensions("1122", ["customer"], allowed=allowed, labels={})

    with pytest.raises(BookkeepingError) as refusal:
        check_dimensions("1122", given_codes, allowed=allowed, labels={"customer": "客户"})

    assert refusal.value.code == code
