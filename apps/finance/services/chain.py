"""The hash chain over posted vouchers: linking a new one, and proving all of them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from apps.finance.domain.chain import (
    ChainEntry,
    ChainLine,
    ChainReport,
    ChainVoucher,
    Signature,
    chain_hash,
    verify_chain,
)
from apps.finance.models import ChainHead, Voucher

CHUNK = 1000
# What the hash covers of a line, in the order of ChainLine.
COVERED = (
    "l.seq, l.summary, a.code, c.key, l.debit, l.credit, nullif(l.currency, ''), l.fc_amount, l.rate, l.quantity, "
    "l.unit_price, l.due_on, l.ref"
)
_LINES = (
    f"SELECT l.voucher_id, {COVERED} FROM finance_voucherline l "  # noqa: S608  # literals of this file
    "JOIN finance_ledgeraccount a ON a.id = l.account_id JOIN finance_auxcombo c ON c.id = l.combo_id "
    "WHERE l.voucher_id = ANY(%s) ORDER BY l.voucher_id, l.seq"
)


def link(previous_hash: str, voucher: Voucher, period: str, lines: Iterable[ChainLine]) -> str:
    """Hash of a voucher that carries its number and all its signatures."""
    return chain_hash(previous_hash, _chained(voucher, period, _reversed_hash(voucher), lines))


def _reversed_hash(voucher: Voucher) -> str | None:
    # The original's hash names it for good; an id would not survive a move between databases.
    return voucher.reverses.hash if voucher.reverses is not None else None


def _chained(voucher: Voucher, period: str, reverses: str | None, lines: Iterable[ChainLine]) -> ChainVoucher:
    posted = _signature(voucher.posted_by_id, voucher.posted_by_name, voucher.posted_at)
    prepared = _signature(voucher.prepared_by_id, voucher.prepared_by_name, voucher.prepared_at)
    if posted is None or prepared is None or voucher.no is None:
        raise ValueError(f"voucher {voucher.pk} is not posted")
    return ChainVoucher(
        word=voucher.word,
        period=period,
        no=voucher.no,
        on=voucher.date,
        kind=voucher.kind,
        attachment_count=voucher.attachment_count,
        prepared=prepared,
        reviewed=_signature(voucher.reviewed_by_id, voucher.reviewed_by_name, voucher.reviewed_at),
        posted=posted,
        cashier=_signature(voucher.cashier_signed_by_id, voucher.cashier_signed_by_name, voucher.cashier_signed_at),
        lines=tuple(lines),
        reverses=reverses,
        source_kind=voucher.source_kind or None,
        source_ref=voucher.source_ref or None,
        rule=voucher.rule_code or None,
        rule_version=voucher.rule_version,
    )


def _signature(user_id: int | None, name: str, at: datetime | None) -> Signature | None:
    if at is None:
        return None
    return Signature(name if user_id is None else f"{user_id}:{name}", at)


def prove_chain(*, limit: int = 100) -> ChainReport:
    """Walk the chain of the book in posting order, a thousand vouchers in memory at a time."""
    head = ChainHead.objects.first()
    return verify_chain(_entries(), head=head.hash if head else None, limit=limit)


_VOUCHERS = """
SELECT v.id, v.chain_no, v.previous_hash, v.hash, v.word, to_char(make_date(p.year, p.month, 1), 'YYYY-MM'), v.no,
       v.date, v.kind, v.attachment_count, v.prepared_by_id, v.prepared_by_name, v.prepared_at, v.reviewed_by_id,
       v.reviewed_by_name, v.reviewed_at, v.posted_by_id, v.posted_by_name, v.posted_at, v.cashier_signed_by_id,
       v.cashier_signed_by_name, v.cashier_signed_at, o.hash, nullif(v.source_kind, ''), nullif(v.source_ref, ''),
       nullif(v.rule_code, ''), v.rule_version
  FROM finance_voucher v JOIN finance_period p ON p.id = v.period_id LEFT JOIN finance_voucher o ON o.id = v.reverses_id
 WHERE v.state = 'posted' AND v.chain_no > %s ORDER BY v.chain_no LIMIT %s
"""


def _entries() -> Iterator[ChainEntry]:
    # Rows, not models: a year of a busy company is a million lines.
    last = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_VOUCHERS, [last, CHUNK])
            rows = cursor.fetchall()
        if not rows:
            return
        lines = _lines_of([row[0] for row in rows])
        for row in rows:
            yield ChainEntry(row[0], row[2], row[3], _of_row(row, lines[row[0]]))
        last = rows[-1][1]


def _of_row(row: Sequence[Any], lines: list[ChainLine]) -> ChainVoucher:
    word, period, no, on, kind, attachment_count = row[4:10]
    posted, prepared = _signature(*row[16:19]), _signature(*row[10:13])
    if posted is None or prepared is None:
        raise ValueError(f"voucher {row[0]} is not posted")
    return ChainVoucher(
        word, period, no, on, kind, attachment_count, prepared, _signature(*row[13:16]), posted,
        _signature(*row[19:22]), tuple(lines), *row[22:27],
    )  # fmt: skip


def _lines_of(voucher_ids: list[int]) -> dict[int, list[ChainLine]]:
    found: dict[int, list[ChainLine]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_LINES, [voucher_ids])
        for voucher_id, *covered in cursor.fetchall():
            found[voucher_id].append(ChainLine(*covered))
    return found
