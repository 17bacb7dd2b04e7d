"""12号 art. 5, 21(3): a posted voucher is final, whoever asks and by whatever road."""

import pytest
from django.db import DatabaseError, connection, transaction

from apps.finance import services
from apps.finance.models import Voucher
from tests.finance.books.hands import AT, JAN, credit, debit, refusal

COLUMNS = {
    "word": "'转'", "no": "9", "date": "'2026-01-16'", "kind": "'closing'", "state": "'draft'",
    "attachment_count": "7", "total": "1", "prepared_by_id": "77", "prepared_by_name": "'x'",
    "prepared_at": "now()", "reviewed_by_id": "77", "reviewed_by_name": "'x'", "reviewed_at": "now()",
    "posted_by_id": "77", "posted_by_name": "'x'", "posted_at": "now()", "cashier_signed_by_id": "77",
    "cashier_signed_by_name": "'x'", "cashier_signed_at": "now()", "source_kind": "'copy'", "source_ref": "'x'",
    "rule_code": "'x'", "rule_version": "1", "version": "99", "chain_no": "99", "hash": "repeat('a', 64)",
    "previous_hash": "repeat('a', 64)",
}  # fmt: skip

LINE_COLUMNS = "voucher_id, seq, date, account_id, combo_id, summary, debit, credit, currency, ref"


def run(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_every_service_answers_voucher_posted(posted, alice, bob):
    voucher = posted()

    for act in (
        lambda: services.alter_draft(voucher_id=voucher.pk, version=voucher.version, actor=bob, at=AT, word="记"),
        lambda: services.delete_draft(voucher_id=voucher.pk, actor=bob),
        lambda: services.review(voucher_id=voucher.pk, actor=alice, at=AT),
        lambda: services.unreview(voucher_id=voucher.pk, actor=alice),
        lambda: services.cashier_sign(voucher_id=voucher.pk, actor=alice, at=AT),
        lambda: services.post(voucher_id=voucher.pk, actor=alice, at=AT),
    ):
        refusal("voucher_posted", act)


@pytest.mark.parametrize("column", sorted(COLUMNS))
def test_no_column_of_a_posted_voucher_changes(posted, column):
    voucher = posted()

    with pytest.raises(DatabaseError):
        run(f"UPDATE finance_voucher SET {column} = {COLUMNS[column]} WHERE id = {voucher.pk}")


def test_the_test_above_knows_every_column():
    known = {*COLUMNS, "id", "period_id", "reverses_id"}

    assert {field.column for field in Voucher._meta.concrete_fields} == known


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM finance_cashflowtag",
        "DELETE FROM finance_voucherline",
        "DELETE FROM finance_voucher",
        "UPDATE finance_voucherline SET debit = debit + 1",
        "UPDATE finance_voucherline SET summary = 'x'",
        f"INSERT INTO finance_voucherline ({LINE_COLUMNS})"
        " SELECT voucher_id, 9, date, account_id, combo_id, summary, debit, credit, currency, ref"
        " FROM finance_voucherline LIMIT 1",
        "TRUNCATE finance_voucher CASCADE",
        "ALTER TABLE finance_voucher DISABLE TRIGGER ALL",
        "DROP TRIGGER finance_voucher_guard ON finance_voucher",
        "SET session_replication_role = replica",
        "DELETE FROM finance_periodbalance",
        "DELETE FROM finance_numbercounter",
        "DELETE FROM finance_chainhead",
        "UPDATE finance_auxcombo SET key = 'x'",
        "DELETE FROM kernel_auditentry",
        "UPDATE kernel_auditentry SET actor_name = 'x'",
    ],
)  # fmt: skip
def test_the_serving_role_cannot_touch_the_books(posted, statement):
    posted()

    with pytest.raises(DatabaseError):
        run(statement)


def test_no_voucher_is_born_posted(posted):
    voucher = posted()
    columns = [str(field.column) for field in Voucher._meta.concrete_fields if field.column != "id"]
    names = ", ".join(columns)
    values = ", ".join({"no": "2", "chain_no": "2"}.get(name, name) for name in columns)

    with pytest.raises(DatabaseError):
        run(f"INSERT INTO finance_voucher ({names}) SELECT {values} FROM finance_voucher WHERE id = {voucher.pk}")


def test_a_draft_cannot_jump_to_posted(draft):
    voucher = draft()

    with pytest.raises(DatabaseError):
        run(
            "UPDATE finance_voucher SET state = 'posted', no = 1, chain_no = 1, hash = repeat('a', 64),"
            f" posted_at = now(), reviewed_at = now() WHERE id = {voucher.pk}"
        )


def test_content_does_not_change_between_review_and_posting(draft, alice):
    voucher = draft()
    services.review(voucher_id=voucher.pk, actor=alice, at=AT)

    for statement in (
        f"UPDATE finance_voucher SET attachment_count = 5 WHERE id = {voucher.pk}",
        f"DELETE FROM finance_voucherline WHERE voucher_id = {voucher.pk}",
    ):
        with pytest.raises(DatabaseError):
            run(statement)


def test_the_database_refuses_an_unbalanced_post(draft, alice):
    voucher = draft([debit("1403", "5000.00"), credit("1002", "5000.00")])
    # A line slipped in behind the service, before the review.
    run(
        f"INSERT INTO finance_voucherline ({LINE_COLUMNS})"
        " SELECT voucher_id, 3, date, account_id, combo_id, summary, 0.01, 0, '', '' FROM finance_voucherline"
        f" WHERE voucher_id = {voucher.pk} LIMIT 1"
    )
    services.review(voucher_id=voucher.pk, actor=alice, at=AT)

    refusal("voucher_unbalanced", lambda: services.post(voucher_id=voucher.pk, actor=alice, at=AT))

    voucher.refresh_from_db()
    assert (voucher.state, voucher.no) == ("reviewed", None)


def test_a_closed_month_gains_no_row(draft, posted, alice):
    posted([debit("1403", "1.00"), credit("1002", "1.00")])
    waiting = draft(date=JAN.replace(month=2))
    services.review(voucher_id=waiting.pk, actor=alice, at=AT)
    services.close_period(period="2026-01", actor=alice, at=AT)
    run(f"UPDATE finance_period SET state = 'open' WHERE id = {waiting.period_id}")

    with pytest.raises(DatabaseError):
        # Even a hand that moves the date into the closed month is stopped by the period of the row.
        run(
            "UPDATE finance_voucher SET state = 'posted', no = 1, chain_no = 2, hash = repeat('a', 64),"
            f" posted_at = now(), date = '2026-01-31' WHERE id = {waiting.pk}"
        )
    refusal("period_closed", lambda: draft(date=JAN))


def test_periods_close_and_open_in_order(book, alice):
    services.close_period(period="2026-01", actor=alice, at=AT)
    services.close_period(period="2026-02", actor=alice, at=AT)

    with pytest.raises(DatabaseError):
        run("UPDATE finance_period SET state = 'open' WHERE year = 2026 AND month = 1")
    with pytest.raises(DatabaseError):
        run("UPDATE finance_period SET state = 'closed' WHERE year = 2026 AND month = 5")
