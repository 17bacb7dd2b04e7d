"""Red and blue corrections (令98 art. 51(5), 准则 art. 88)."""

from datetime import date

from apps.finance import services
from apps.finance.models import PeriodBalance
from tests.finance.books.hands import AT, JAN, credit, debit, refusal, yuan


def test_reversal_mirrors_the_original_in_red(posted, alice):
    voucher = posted(
        [
            debit("1403", "5000.00", aux={"item": "M-STEEL"}, quantity=yuan("1000")),
            credit("220201", "5000.00", "应付", aux={"supplier": "S001"}, ref="CG-01"),
        ],
        attachment_count=2,
    )

    red = services.reverse(voucher_id=voucher.pk, date=date(2026, 2, 3), reason="error", actor=alice, at=AT)

    first, second = red.lines.order_by("seq")
    assert first.summary.startswith("注销2026年1月15日记-1号凭证")
    assert (first.debit, first.credit, first.quantity) == (yuan("-5000.00"), yuan("0.00"), yuan("-1000"))
    assert (second.debit, second.credit, second.ref) == (yuan("0.00"), yuan("-5000.00"), "CG-01")
    assert (red.state, red.attachment_count, red.source_kind) == ("draft", 0, "reversal")


def test_turnover_is_not_inflated(posted, alice, bob):
    voucher = posted()
    red = services.reverse(voucher_id=voucher.pk, date=JAN, reason="error", actor=bob, at=AT)
    services.review(voucher_id=red.pk, actor=alice, at=AT)

    services.post(voucher_id=red.pk, actor=alice, at=AT)

    for balance in PeriodBalance.objects.all():
        assert (balance.debit, balance.credit, balance.n) == (yuan(0), yuan(0), 2)  # 5000.00 − 5000.00


def test_only_once_and_never_a_reversal(posted, alice, bob):
    voucher = posted()
    red = services.reverse(voucher_id=voucher.pk, date=JAN, reason="error", actor=bob, at=AT)

    refusal(
        "already_reversed",
        lambda: services.reverse(voucher_id=voucher.pk, date=JAN, reason="error", actor=bob, at=AT),
    )
    services.review(voucher_id=red.pk, actor=alice, at=AT)
    services.post(voucher_id=red.pk, actor=alice, at=AT)
    refusal(
        "reversal_of_reversal",
        lambda: services.reverse(voucher_id=red.pk, date=JAN, reason="error", actor=bob, at=AT),
    )


def test_a_deleted_reversal_frees_the_original(posted, bob):
    voucher = posted()
    red = services.reverse(voucher_id=voucher.pk, date=JAN, reason="error", actor=bob, at=AT)
    services.delete_draft(voucher_id=red.pk, actor=bob)

    again = services.reverse(voucher_id=voucher.pk, date=JAN, reason="return", actor=bob, at=AT)

    assert again.reverses_id == voucher.pk


def test_an_error_of_an_earlier_year_needs_blue(posted, alice):
    voucher = posted()
    next_year = date(2027, 1, 5)

    refusal(
        "prior_year_needs_blue",
        lambda: services.reverse(voucher_id=voucher.pk, date=next_year, reason="error", actor=alice, at=AT),
    )
    estimate = services.reverse(voucher_id=voucher.pk, date=next_year, reason="estimate", actor=alice, at=AT)

    assert estimate.date == next_year


def test_a_draft_is_changed_not_reversed(draft, alice):
    voucher = draft()

    refusal(
        "voucher_not_reviewed",
        lambda: services.reverse(voucher_id=voucher.pk, date=JAN, reason="error", actor=alice, at=AT),
    )


def test_a_reversal_lands_in_an_open_month(posted, alice):
    voucher = posted()
    services.close_period(period="2026-01", actor=alice, at=AT)

    refusal(
        "period_closed",
        lambda: services.reverse(voucher_id=voucher.pk, date=JAN, reason="error", actor=alice, at=AT),
    )


def test_the_copy_of_a_reversed_voucher_is_marked_as_the_right_one(posted, bob):
    voucher = posted()
    plain = services.copy(voucher_id=voucher.pk, date=JAN, actor=bob, at=AT)
    services.reverse(voucher_id=voucher.pk, date=JAN, reason="error", actor=bob, at=AT)

    marked = services.copy(voucher_id=voucher.pk, date=JAN, actor=bob, at=AT)

    assert [line.summary for line in plain.lines.order_by("seq")] == ["采购钢材", "银行付款"]
    assert marked.lines.get(seq=1).summary == "订正2026年1月15日记-1号凭证 采购钢材"
