"""12号 art. 31, 34: whatever is changed behind the services' back is found."""

from datetime import date

import pytest
from psycopg import sql

from apps.finance import services
from apps.finance.models import Voucher, VoucherLine
from apps.finance.services import BookChange, chain
from tenants.db.admin import admin_connection
from tests.finance.books.hands import AT, Committed, credit, debit, yuan

VOUCHER = {
    "word": "'转'", "period_id": "period_id + 1", "no": "7", "date": "date + 1", "kind": "'closing'",
    "attachment_count": "9", "prepared_by_id": "99", "prepared_by_name": "'x'",
    "prepared_at": "prepared_at + interval '1 second'", "reviewed_by_id": "99", "reviewed_by_name": "'x'",
    "reviewed_at": "reviewed_at + interval '1 second'", "posted_by_id": "99", "posted_by_name": "'x'",
    "posted_at": "posted_at + interval '1 second'", "cashier_signed_by_id": "99", "cashier_signed_by_name": "'x'",
    "cashier_signed_at": "now()", "reverses_id": "NULL", "source_kind": "'rule'", "source_ref": "'x'",
    "rule_code": "'x'", "rule_version": "3", "previous_hash": "repeat('b', 64)", "hash": "repeat('b', 64)",
    "state": "'reviewed', no = NULL, chain_no = NULL, hash = '', posted_at = NULL",
}  # fmt: skip
LINE = {
    "seq": "seq + 5", "account_id": "account_id + 1", "combo_id": "0", "summary": "'x'", "debit": "debit - 1",
    "credit": "7", "currency": "'EUR'", "fc_amount": "fc_amount + 1", "rate": "rate + 1", "quantity": "quantity + 1",
    "unit_price": "unit_price + 1", "due_on": "due_on + 1", "ref": "'x'", "voucher_id": "1, seq = 9",
}  # fmt: skip
# No part of the voucher's content: the row's own counters, and copies that the nightly sums prove.
NOT_COVERED = {"id", "version", "chain_no", "total"}


@pytest.fixture
def signed(committed: Committed) -> Committed:
    """Two posted vouchers, the second a reversal with every column filled."""

    def make() -> None:
        alice, bob = committed.alice, committed.bob
        services.alter_book(change=BookChange(cashier_sign=True), actor=alice)
        services.alter_account(code="1403", changes={"aux": {"item": False}, "currencies": ["CNY", "USD"]}, actor=alice)
        lines = [
            debit("1403", "710.00", aux={"item": "M-STEEL"}, currency="USD", fc_amount=yuan("100"), rate=yuan("7.1"),
                  quantity=yuan("50"), unit_price=yuan("14.2"), due_on=date(2026, 2, 1), ref="CG-01"),
            credit("1002", "710.00"),
        ]  # fmt: skip
        first = services.draft_voucher(date=date(2026, 1, 15), word="记", lines=lines, actor=bob, at=AT)
        _finish(first, alice)
        red = services.reverse(voucher_id=first.pk, date=date(2026, 1, 20), reason="error", actor=bob, at=AT)
        _finish(red, alice)

    committed.inside(make)
    return committed


def _finish(voucher, alice) -> None:
    services.cashier_sign(voucher_id=voucher.pk, actor=alice, at=AT)
    services.review(voucher_id=voucher.pk, actor=alice, at=AT)
    services.post(voucher_id=voucher.pk, actor=alice, at=AT)


def tamper(committed: Committed, statement: str) -> None:
    """As the administrator of the database, with every trigger asleep."""
    with admin_connection() as connection, connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute(sql.SQL("SET LOCAL search_path = {}").format(sql.Identifier(committed.company.schema_name)))
        connection.execute(statement.encode())


SECOND = {
    "finance_voucher": "chain_no = 2",
    "finance_voucherline": "voucher_id = (SELECT max(voucher_id) FROM finance_voucherline) AND seq = 1",
}


def sleep_checks(committed: Committed) -> None:
    """Take the CHECK constraints away, so that the chain alone must notice."""
    rows = (
        "SELECT conrelid::regclass::text, conname FROM pg_constraint"
        " WHERE contype = 'c' AND conrelid = ANY(%s::regclass[])"
    )
    tables = [f'"{committed.company.schema_name}".{table}' for table in SECOND]
    with admin_connection() as connection:
        for table, name in connection.execute(rows, [tables]).fetchall():
            connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}".encode())


def test_chain_detects_each_field(signed):
    sleep_checks(signed)
    changes = [("finance_voucher", *change) for change in VOUCHER.items()]
    changes += [("finance_voucherline", *change) for change in LINE.items()]
    assert signed.inside(lambda: services.prove_chain().ok)

    unnoticed = []
    for table, column, value in changes:
        tamper(signed, f"CREATE TABLE kept AS SELECT * FROM {table}")
        tamper(signed, f"UPDATE {table} SET {column} = {value} WHERE {SECOND[table]}")
        if signed.inside(lambda: services.prove_chain().ok):
            unnoticed.append((table, column))
        tamper(signed, f"DELETE FROM {table}")
        tamper(signed, f"INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT * FROM kept")
        tamper(signed, "DROP TABLE kept")

    assert unnoticed == []
    assert signed.inside(lambda: services.prove_chain().ok)


def test_the_test_above_knows_every_column():
    voucher = {field.column for field in Voucher._meta.concrete_fields} - NOT_COVERED
    line = {field.column for field in VoucherLine._meta.concrete_fields} - {"id", "date"}

    assert voucher == set(VOUCHER)
    assert line == set(LINE)


def test_a_voucher_cut_off_at_the_end_is_missed_by_the_head(signed):
    tamper(signed, "DELETE FROM finance_voucher WHERE chain_no = 2")

    report = signed.inside(services.prove_chain)

    assert [problem.kind for problem in report.problems] == ["head"]


ODD_TEXTS = (
    '法兰盘 “DN50” "2 寸"', r"C:\账\新", "甲\n乙\r\t丙", "".join(map(chr, range(1, 33))) + "完",
    "\x7f\x80\u2028\u2029\ufeff丁", "𠮷🔩 M6", "/</script>&amp;'%s{}",
)  # fmt: skip
ODD_AMOUNTS = ("0.10", "-100.00", "1234567890123456.78", "1000.00", "0.01", "-3.50", "20")


def test_the_database_reads_a_link_as_posting_wrote_it(posted):
    for text, amount in zip(ODD_TEXTS, ODD_AMOUNTS, strict=True):
        goods = debit("1403", amount, text, quantity=yuan(amount).scaleb(-2), ref=text[:40], aux={"item": "M-STEEL"})
        posted([goods, credit("1002", amount, text)])

    report = services.prove_chain()

    assert (report.problems, report.length) == ((), len(ODD_TEXTS))


def test_a_chain_is_walked_in_parts_of_any_size(posted, monkeypatch):
    for _number in range(4):
        posted()
    reports = []

    for at_once in (1, 2, 3, 4, 5):
        monkeypatch.setattr(chain, "AT_ONCE", at_once)
        reports.append(services.prove_chain())

    assert {(report.ok, report.length) for report in reports} == {(True, 4)}
