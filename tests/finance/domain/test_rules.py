"""自动凭证规则 as arithmetic: which rule is met, and the lines it makes."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.finance.domain.amounts import ZERO
from apps.finance.domain.errors import BookkeepingError
from apps.finance.domain.lines import Line
from apps.finance.domain.rules import MadeLine, RuleLine, RuleVersion, add_up, fill, first_match, make_lines, merge
from apps.finance.domain.standard_rules import STANDARD_RULES
from apps.inventory.records import FINANCE_REASON, LATE_REASON

MATERIAL = RuleVersion(
    {"reason": "MATERIAL"},
    "领料 {item}",
    [
        RuleLine("debit", "400101", "-amount"),
        RuleLine("credit", "{stock_account}|1403", "-amount", {"item": "item"}, "-quantity"),
    ],
)
ISSUE = {"reason": "MATERIAL", "item": "M6-BOLT", "amount": "-70.00", "quantity": "-40"}


def test_the_first_rule_met_wins():
    rules = [("overhead", {"reason": "MATERIAL", "use": "overhead"}), ("material", {"reason": "MATERIAL"})]

    assert first_match(rules, {"reason": "MATERIAL", "use": "overhead"}) == "overhead"
    assert first_match(rules, {"reason": "MATERIAL"}) == "material"
    assert first_match(rules, {"reason": "SALE"}) is None


@pytest.mark.parametrize(
    ("wanted", "value", "met"), [("1", 1, True), (True, "true", True), ("", None, True), ("1.0", "1", False)]
)
def test_conditions_compare_as_text(wanted: Any, value: Any, met: bool):
    assert (first_match([("rule", {"x": wanted})], {"x": value}) == "rule") is met


def test_a_minus_turns_the_sign():
    debit, credit = make_lines(MATERIAL, ISSUE)

    assert (debit.accounts, debit.amount, debit.summary) == (("400101",), Decimal("70.00"), "领料 M6-BOLT")
    assert (credit.accounts, credit.quantity, credit.aux) == (("1403",), Decimal(40), {"item": "M6-BOLT"})


def test_goods_that_come_back_are_red_on_the_same_sides():
    debit, credit = make_lines(MATERIAL, {**ISSUE, "amount": "17.50", "quantity": "10"})

    assert (debit.side, debit.amount) == ("debit", Decimal("-17.50"))
    assert (credit.amount, credit.quantity) == (Decimal("-17.50"), Decimal(-10))


def test_rows_repeat_the_lines_and_equal_lines_add_up():
    rows = [
        {"item": "M6-BOLT", "amount": "-70.00", "quantity": "-40", "stock_account": "1403"},
        {"item": "M6-BOLT", "amount": "-35.00", "quantity": "-20", "stock_account": "1403"},
        {"item": "DN50", "amount": "-8.00", "quantity": "-1", "stock_account": "1405"},
    ]

    lines = make_lines(MATERIAL, {"reason": "MATERIAL", "lines": rows})

    made = [(line.accounts[0], line.amount, line.quantity) for line in lines]
    assert made == [
        ("400101", Decimal("105.00"), None),  # 70 + 35, 领料 M6-BOLT
        ("1403", Decimal("105.00"), Decimal(60)),  # 40 + 20
        ("400101", Decimal("8.00"), None),
        ("1405", Decimal("8.00"), Decimal(1)),
    ]


def test_lines_of_nothing_fall_away():
    sale = RuleVersion(
        {}, "销售", [RuleLine("debit", "1122", "total"), RuleLine("credit", "5001", "net"),
                     RuleLine("credit", "222101", "tax")],
    )  # fmt: skip

    assert len(make_lines(sale, {"total": "100.00", "net": "100.00", "tax": "0"})) == 2
    assert make_lines(sale, {"total": "0.00", "net": 0, "tax": "0"}) == []


@pytest.mark.parametrize("amount", ["1.005", "1e3", "1,000.00", "", "abc", None])
def test_an_amount_is_never_rounded_or_guessed(amount: Any):
    with pytest.raises(BookkeepingError) as caught:
        make_lines(MATERIAL, {**ISSUE, "amount": amount})

    assert caught.value.code == "invalid"


def test_a_missing_field_is_named():
    with pytest.raises(BookkeepingError, match="amount"):
        make_lines(MATERIAL, {"reason": "MATERIAL"})


def test_a_summary_takes_only_fields():
    assert fill("领料 {item.__class__} {item}{x}", {"item": "M6-BOLT"}) == "领料 M6-BOLT"
    assert len(fill("{note}", {"note": "长" * 500})) == 200


_amounts = st.decimals(min_value=-10_000, max_value=10_000, places=2).filter(bool)
_made = st.builds(
    MadeLine,
    accounts=st.sampled_from([("1403",), ("1405",)]),
    side=st.sampled_from(["debit", "credit"]),
    amount=_amounts,
    summary=st.sampled_from(["领料", "退料"]),
    aux=st.sampled_from([{}, {"item": "M6-BOLT"}]),
)


@given(st.lists(_made, max_size=30))
def test_adding_up_keeps_every_sum_and_leaves_no_zero(lines: list[MadeLine]):
    added = add_up(lines)

    def sums(rows: list[MadeLine]) -> dict[object, Decimal]:
        found: dict[object, Decimal] = {}
        for row in rows:
            key = (row.accounts, row.side, row.amount < 0)
            found[key] = found.get(key, ZERO) + row.amount
        return found

    assert sums(added) == sums(lines)
    assert all(line.amount for line in added)


@given(st.lists(st.tuples(st.sampled_from(["1403", "400101"]), _amounts), max_size=30))
def test_merged_lines_of_a_day_keep_the_sum_of_each_account(pairs: list[tuple[str, Decimal]]):
    lines = [Line(account, "领料", debit=amount) for account, amount in pairs]

    merged = merge(lines)

    for account in ("1403", "400101"):
        before = sum((line.debit for line in lines if line.account == account), ZERO)
        assert sum((line.debit for line in merged if line.account == account), ZERO) == before
    assert all(line.debit for line in merged) and len(merged) <= 4


DATA = {
    "amount": "-113.00", "net": "100.00", "tax": "13.00", "total": "113.00", "in_amount": "50.00",
    "out_amount": "-50.00", "extra_cost": "0.00", "quantity": "-1", "number": "CK-1",
}  # fmt: skip


@pytest.mark.parametrize("rule", STANDARD_RULES, ids=lambda rule: rule.code)
def test_every_shipped_rule_balances(rule: Any):
    lines = make_lines(RuleVersion(rule.when, rule.summary, rule.lines), DATA)

    debit = sum((line.amount for line in lines if line.side == "debit"), ZERO)
    assert debit == sum((line.amount for line in lines if line.side == "credit"), ZERO) != 0


def test_every_reason_of_stock_has_a_rule_but_opening_stock():
    ruled = {rule.when["reason"] for rule in STANDARD_RULES if set(rule.when) == {"reason"}}

    # Opening stock stands in the opening balances; 车间领用 and the like are told apart by a second field.
    assert {*FINANCE_REASON.values(), LATE_REASON} - ruled == {"OPENING"}
