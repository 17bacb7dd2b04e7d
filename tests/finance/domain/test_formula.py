"""The formula language: what is read, what is refused, what it is worth."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.finance.domain import catalogue
from apps.finance.domain.errors import BookkeepingError
from apps.finance.domain.formula import Formula, Term, parse_formula, parse_template_amount

accounts = st.from_regex(r"[1-9][0-9]{0,9}\*?", fullmatch=True)
numbers = st.integers(1, 99).map(str)
terms = st.one_of(
    st.tuples(st.sampled_from(["BAL", "POS", "NEG", "DR", "CR", "OPEN"]), accounts),
    st.tuples(st.sampled_from(["MEMO", "TAG", "L"]), numbers),
    st.just(("RECLASS", "")),
)
coefficients = st.sampled_from([Decimal(1), Decimal(-1)])
formulas = st.lists(st.builds(lambda c, t: Term(c, *t), coefficients, terms), min_size=1, max_size=12).map(
    lambda parts: Formula(tuple(parts))
)


@given(formulas)
def test_a_printed_formula_reads_back_the_same(formula):
    assert parse_formula(str(formula)) == formula


@given(formulas)
def test_evaluation_is_the_signed_sum_of_its_terms(formula):
    worth = {("BAL", "1002"): Decimal(5)}

    total = formula.evaluate(lambda kind, argument: worth.get((kind, argument), Decimal(2)))

    assert total == sum(term.coefficient * worth.get((term.kind, term.argument), Decimal(2)) for term in formula.terms)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_with_a_code(text):
    try:
        parse_formula(text)
    except BookkeepingError as refusal:
        assert refusal.code == "invalid"


@pytest.mark.parametrize(
    "text",
    ["", " ", "BAL", "BAL()", "BAL(10 02)", "BAL(1002", "L0", "L", "BAL(1001)BAL(1002)", "+", "MEMO(5*)",
     "SUM(1)", "BAL(1002)*2", "5", "L1--L2", "bal(1002)", "BAL(１００２)", "RECLASS(1)", "L1+" * 400],
)  # fmt: skip
def test_what_is_not_the_language_is_refused(text):
    with pytest.raises(BookkeepingError):
        parse_formula(text)


def test_blanks_are_allowed_and_accounts_are_listed_for_drill_down():
    formula = parse_formula(" BAL(1001) + BAL( 1002 ) - POS(1122)+L3 ")

    assert formula.accounts == ("1001", "1002", "1122")
    assert formula.lines == (3,)
    assert str(formula) == "BAL(1001)+BAL(1002)-POS(1122)+L3"


def test_a_template_amount_may_be_scaled():
    formula = parse_template_amount("=BAL(1002)*0.01 - 5")

    assert formula.evaluate(lambda kind, argument: Decimal("1234.00")) == Decimal("7.34")  # 12.34 - 5
    assert parse_formula(str(formula), scaling=True) == formula


@pytest.mark.parametrize("text", ["=L1*2", "=RECLASS", "=TAG(1)", "=", "=2*2"])
def test_a_template_amount_has_no_lines(text):
    with pytest.raises(BookkeepingError):
        parse_template_amount(text)


def test_every_shipped_formula_can_be_read():
    for line in catalogue.statement_lines():
        formula = parse_formula(line.formula)

        assert str(formula).replace("+", "") == line.formula.replace("+", "")
        assert all(other < line.line for other in formula.lines)
