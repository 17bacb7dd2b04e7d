"""12号 art. 21(2), 令98: who prepared, who reviewed, who signed for the cash, who posted."""

from apps.finance import services
from apps.finance.services import BookChange
from kernel.models import AuditEntry
from tests.finance.books.hands import AT, credit, debit, refusal


def test_a_voucher_names_its_signers(posted):
    voucher = posted()

    assert (voucher.prepared_by_name, voucher.reviewed_by_name, voucher.posted_by_name) == ("王波", "李敏", "李敏")
    actions = list(
        AuditEntry.objects.filter(object=f"voucher:{voucher.pk}").order_by("id").values_list("action", flat=True)
    )
    assert actions == ["voucher.draft", "voucher.review", "voucher.post"]


def test_the_preparer_may_not_review_until_the_book_allows_it_with_a_reason(draft, alice, bob):
    voucher = draft()

    refusal("reviewer_is_preparer", lambda: services.review(voucher_id=voucher.pk, actor=bob, at=AT))
    missing = refusal("invalid", lambda: services.alter_book(change=BookChange(separate_reviewer=False), actor=alice))
    change = BookChange(separate_reviewer=False, reason="只有一位会计")
    services.alter_book(change=change, actor=alice)
    reviewed = services.review(voucher_id=voucher.pk, actor=bob, at=AT)

    assert "reason" in missing.fields
    assert reviewed.reviewed_by_name == "王波"
    entry = AuditEntry.objects.get(action="book.alter")
    assert entry.changes == {"separate_reviewer": [True, False], "reason": [None, "只有一位会计"]}


def test_who_alters_a_draft_becomes_its_preparer(draft, alice):
    voucher = draft()

    services.alter_draft(voucher_id=voucher.pk, version=1, attachment_count=3, actor=alice, at=AT)

    refusal("reviewer_is_preparer", lambda: services.review(voucher_id=voucher.pk, actor=alice, at=AT))


def test_states_follow_each_other(draft, alice, bob):
    voucher = draft()
    pk = voucher.pk

    refusal("voucher_not_reviewed", lambda: services.post(voucher_id=pk, actor=alice, at=AT))
    refusal("voucher_not_reviewed", lambda: services.unreview(voucher_id=pk, actor=alice))
    services.review(voucher_id=pk, actor=alice, at=AT)
    refusal("voucher_reviewed", lambda: services.review(voucher_id=pk, actor=alice, at=AT))
    refusal("voucher_reviewed", lambda: services.delete_draft(voucher_id=pk, actor=bob))
    refusal("voucher_reviewed", lambda: services.alter_draft(voucher_id=pk, version=None, actor=bob, at=AT))
    services.unreview(voucher_id=pk, actor=alice, reason="摘要写清楚")
    services.delete_draft(voucher_id=pk, actor=bob)

    refusal("not_found", lambda: services.post(voucher_id=pk, actor=alice, at=AT))


def test_cash_waits_for_the_cashier_where_the_book_asks(draft, alice):
    services.alter_book(change=BookChange(cashier_sign=True), actor=alice)
    with_bank = draft()
    without = draft([debit("1403", "8.00"), credit("220201", "8.00", aux={"supplier": "S001"})])
    for voucher in (with_bank, without):
        services.review(voucher_id=voucher.pk, actor=alice, at=AT)

    refusal("cashier_must_sign", lambda: services.post(voucher_id=with_bank.pk, actor=alice, at=AT))
    services.cashier_sign(voucher_id=with_bank.pk, actor=alice, at=AT)

    assert services.post(voucher_id=with_bank.pk, actor=alice, at=AT).cashier_signed_by_name == "李敏"
    assert services.post(voucher_id=without.pk, actor=alice, at=AT).no == 2


def test_a_changed_draft_loses_the_cashiers_signature(draft, alice, bob):
    voucher = draft()
    services.cashier_sign(voucher_id=voucher.pk, actor=alice, at=AT)

    altered = services.alter_draft(voucher_id=voucher.pk, version=2, attachment_count=1, actor=bob, at=AT)

    assert altered.cashier_signed_at is None


def test_a_stale_copy_is_refused_with_the_version_in_force(draft, bob):
    voucher = draft()
    services.alter_draft(voucher_id=voucher.pk, version=1, attachment_count=1, actor=bob, at=AT)

    stale = refusal(
        "stale_version",
        lambda: services.alter_draft(voucher_id=voucher.pk, version=1, attachment_count=2, actor=bob, at=AT),
    )

    assert stale.extra == {"current": 2}
