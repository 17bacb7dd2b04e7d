"""What a line may be: the refusals of drafting, each at its spot."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from apps.finance import services
from apps.finance.models import AuxCombo
from apps.finance.services import AccountInput, LineInput
from tests.finance.books.hands import AT, JAN, credit, debit, refusal, yuan

OK = debit("1403", "5.00")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"summary": "  "}, "lines.0.summary"),
        ({"summary": "长" * 201}, "lines.0.summary"),
        ({"account": "9999"}, "lines.0.account"),
        ({"debit": Decimal("5.001")}, "lines.0.debit"),
        ({"debit": Decimal("0")}, "lines.0.debit"),
        ({"credit": Decimal("5.00")}, "lines.0.debit"),
        ({"debit": Decimal("NaN")}, "lines.0.debit"),
        ({"debit": Decimal("1E+16")}, "lines.0.debit"),
        ({"quantity": Decimal("1.00001")}, "lines.0.quantity"),
        ({"quantity": Decimal("-1")}, "lines.0.quantity"),
        ({"ref": "x" * 41}, "lines.0.ref"),
        ({"cash_flow": 7}, "lines.0.cash_flow"),
        ({"fc_amount": Decimal("1")}, "lines.0.fc_amount"),
        ({"currency": "USD"}, "lines.0.fc_amount"),
        ({"currency": "USD", "fc_amount": Decimal("1")}, "lines.0.currency"),
        ({"aux": {"item": "NO-SUCH"}}, "lines.0.aux"),
        ({"aux": {"customer": "C001"}}, "lines.0.aux"),
    ],
)
def test_shape_names_the_spot(draft, change, field):
    refused = refusal("invalid", lambda: draft([replace(OK, **change), credit("1002", "5.00")]))

    assert refused.http_status == 400
    assert field in refused.fields


def test_all_bad_spots_are_named_at_once(draft):
    bad = [replace(OK, summary=""), replace(OK, debit=Decimal("0.001"))]

    refused = refusal("invalid", lambda: draft(bad))

    assert set(refused.fields) == {"lines.0.summary", "lines.1.debit"}


def test_head_is_checked(draft):
    assert "word" in refusal("invalid", lambda: draft(word="收")).fields
    assert "attachment_count" in refusal("invalid", lambda: draft(attachment_count=-1)).fields
    assert "kind" in refusal("invalid", lambda: draft(kind="odd")).fields
    assert "lines" in refusal("invalid", lambda: draft([OK])).fields


def test_an_unbalanced_voucher_gives_both_sums_and_the_difference(draft):
    refused = refusal("voucher_unbalanced", lambda: draft([OK, credit("1002", "4.00")]))

    for figure in ("5.00", "4.00", "1.00"):
        assert figure in refused.message


def test_rules_of_the_account(draft, alice):
    services.alter_account(code="1101", changes={"is_active": False}, actor=alice)
    services.alter_account(code="1012", changes={"currencies": ["USD"]}, actor=alice)
    dollars: dict[str, Any] = {"currency": "USD", "fc_amount": yuan("100"), "rate": Decimal("7.1")}

    refusal("account_not_leaf", lambda: draft([debit("5602", "5.00"), credit("1002", "5.00")]))
    refusal("account_inactive", lambda: draft([debit("1101", "5.00"), credit("1002", "5.00")]))
    refusal("aux_required", lambda: draft([debit("1122", "5.00"), credit("1002", "5.00")]))
    refusal("currency_required", lambda: draft([debit("1012", "5.00"), credit("1002", "5.00")]))
    refusal("fc_mismatch", lambda: draft([debit("1012", "709.99", **dollars), credit("1002", "709.99")]))
    refusal(
        "fc_mismatch",
        lambda: draft([debit("1012", "-5.00", currency="USD", fc_amount=yuan("1")), credit("1002", "-5.00")]),
    )
    refusal(
        "closing_voucher_accounts",
        lambda: draft([debit("560206", "5.00"), credit("1002", "5.00")], kind="closing"),
    )


def test_a_foreign_amount_without_rate_leaves_the_base_free(draft, alice):
    services.alter_account(code="1012", changes={"currencies": ["USD"]}, actor=alice)

    voucher = draft([debit("1012", "712.34", currency="USD", fc_amount=yuan("100")), credit("1002", "712.34")])

    assert voucher.lines.get(seq=1).rate is None


def test_base_is_rounded_half_up_once(draft, alice):
    services.alter_account(code="1012", changes={"currencies": ["USD"]}, actor=alice)
    # 0.50 × 7.09 = 3.545 → 3.55
    dollars: dict[str, Any] = {"currency": "USD", "fc_amount": Decimal("0.50"), "rate": Decimal("7.09")}

    assert draft([debit("1012", "3.55", **dollars), credit("1002", "3.55")]).total == Decimal("3.55")


def test_time_and_place(draft, alice):
    refusal("period_missing", lambda: draft(date=JAN.replace(year=2025)))
    services.close_period(period="2026-01", actor=alice, at=AT)
    refusal("period_closed", lambda: draft())


def test_no_voucher_before_the_start(alice, in_hongda):
    lines = [OK, credit("1002", "5.00")]

    refusal("book_not_started", lambda: services.draft_voucher(lines=lines, date=JAN, word="记", actor=alice, at=AT))


def test_one_combo_for_the_same_values_in_any_order(draft, alice):
    services.add_dimension(code="line", name="生产线", actor=alice, at=AT)
    services.add_value(dimension="line", code="L1", name="一线", actor=alice, at=AT)
    services.alter_account(code="1403", changes={"aux": {"item": False, "line": True}}, actor=alice)
    first = {"item": "M-STEEL", "line": "L1"}
    second = {"line": "L1", "item": "M-STEEL"}

    voucher = draft([debit("1403", "5.00", aux=first), debit("1403", "6.00", aux=second), credit("1002", "11.00")])

    combos = {line.combo_id for line in voucher.lines.filter(account__code="1403")}
    assert len(combos) == 1
    assert AuxCombo.objects.get(pk=combos.pop()).key == "item:M-STEEL;line:L1"


def test_an_account_that_got_a_child_is_refused_at_posting(draft, alice):
    voucher = draft([debit("1121", "5.00", aux={"customer": "C001"}), credit("1002", "5.00")])
    services.review(voucher_id=voucher.pk, actor=alice, at=AT)
    services.add_account(account=AccountInput(code="112101", name="银行承兑汇票"), actor=alice, at=AT)

    refusal("account_not_leaf", lambda: services.post(voucher_id=voucher.pk, actor=alice, at=AT))


def test_retagging_moves_the_cash_until_the_month_closes(posted, alice, bob):
    voucher = posted([debit("2001", "500.00", "还贷"), credit("1002", "500.00")])
    services.retag_cash_flow(voucher_id=voucher.pk, lines={1: 17}, actor=bob)

    amounts = dict(services.cash_flow.CashFlowTag.objects.values_list("voucher_line__seq", "line"))
    bad = refusal("invalid", lambda: services.retag_cash_flow(voucher_id=voucher.pk, lines={2: 17}, actor=bob))
    services.close_period(period="2026-01", actor=alice, at=AT)

    assert amounts == {1: 17}
    assert "lines.0.seq" in bad.fields
    refusal("period_closed", lambda: services.retag_cash_flow(voucher_id=voucher.pk, lines={1: 16}, actor=bob))


def test_a_draft_is_altered_whole(draft, bob):
    voucher = draft()
    lines = [LineInput(summary="运费", account="560104", debit=yuan("88.00")), credit("1001", "88.00", "付现金")]

    altered = services.alter_draft(
        voucher_id=voucher.pk, version=1, lines=lines, date=JAN.replace(month=2), actor=bob, at=AT
    )

    assert (altered.version, altered.total, str(altered.period)) == (2, yuan("88.00"), "2026-02")
    assert [(line.seq, line.summary) for line in altered.lines.order_by("seq")] == [(1, "运费"), (2, "付现金")]
