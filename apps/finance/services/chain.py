"""The hash chain over posted vouchers: linking a new one, and proving all of them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

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
from apps.finance.models import ChainHead, Period, Voucher

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


def _entries() -> Iterator[ChainEntry]:
    periods = {period.pk: str(period) for period in Period.objects.all()}
    posted = Voucher.objects.filter(state=Voucher.State.POSTED).select_related("reverses").order_by("chain_no")
    last = 0
    while True:
        chunk = list(posted.filter(chain_no__gt=last)[:CHUNK])
        if not chunk:
            return
        lines = _lines_of(chunk)
        for voucher in chunk:
            chained = _chained(voucher, periods[voucher.period_id], _reversed_hash(voucher), lines[voucher.pk])
            yield ChainEntry(voucher.pk, voucher.previous_hash, voucher.hash, chained)
        last = chunk[-1].chain_no or last


def _lines_of(vouchers: list[Voucher]) -> dict[int, list[ChainLine]]:
    # Rows, not models: a year of a busy company is a million lines.
    found: dict[int, list[ChainLine]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_LINES, [[voucher.pk for voucher in vouchers]])
        for voucher_id, *covered in cursor:
            found[voucher_id].append(ChainLine(*covered))
    return found
