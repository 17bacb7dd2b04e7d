"""The hash chain over posted vouchers: linking a new one, and proving all of them."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db import connection

from apps.finance.domain.chain import (
    ChainEntry,
    ChainLine,
    ChainReport,
    ChainVoucher,
    Signature,
    json_around_number,
    verify_chain,
)
from apps.finance.models import Voucher
from apps.finance.services.chain_text import LINKS

AT_ONCE = 5000


def text_around_number(
    voucher: Voucher, period: str, reverses: str | None, lines: Iterable[ChainLine]
) -> tuple[str, str]:
    """What a voucher with all its signatures hashes to but for its number, which the next moment gives it.

    `reverses`: the hash of the voucher it reverses. It names that one for good; an id would not survive a move between
    databases.
    """
    posted = _signature(voucher.posted_by_id, voucher.posted_by_name, voucher.posted_at)
    prepared = _signature(voucher.prepared_by_id, voucher.prepared_by_name, voucher.prepared_at)
    if posted is None or prepared is None:
        raise ValueError(f"voucher {voucher.pk} is not posted")
    return json_around_number(
        ChainVoucher(
            word=voucher.word,
            period=period,
            no=0,
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
    )


def _signature(user_id: int | None, name: str, at: datetime | None) -> Signature | None:
    if at is None:
        return None
    return Signature(name if user_id is None else f"{user_id}:{name}", at)


def prove_chain(*, limit: int = 100) -> ChainReport:
    """Walk the chain of the book in posting order, a few thousand vouchers at a time; others may post meanwhile."""
    walk = _Walk()
    return verify_chain(walk, limit=limit).against(walk.head)


class _Walk:
    """The links of the book, hashed by the database. `head` is the stored head as it was beside the last of them."""

    head: str | None = None

    def __iter__(self) -> Iterator[ChainEntry]:
        links = self._read(after=0)
        while links:
            for _place, key, previous_hash, stored, found in links:
                yield ChainEntry(key, previous_hash, stored, found)
            links = self._read(after=links[-1][0]) if len(links) == AT_ONCE else []

    def _read(self, *, after: int) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(LINKS, {"after": after, "most": AT_ONCE})
            rows = cursor.fetchall()
        self.head = rows[-1][0]
        # Where nothing is left, the one row stands for the head alone.
        return [row[1:] for row in rows if row[1] is not None]
