"""Drafting the vouchers of a file: the same checks as one by one, in a few statements for thousands of lines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from apps.finance.domain.amounts import sum_lines
from apps.finance.domain.periods import Period as Month
from apps.finance.models import Period, Voucher
from apps.finance.services.lines import MOST_LINES, CheckedLines, LineInput, check_lines, read_lines, write_lines
from apps.finance.services.locks import share_open_period, started_book
from apps.finance.services.vouchers import Head, Source
from kernel import audit
from tenants.rights import Member


@dataclass(frozen=True, kw_only=True)
class Draft:
    """One voucher to draft; its lines balance and its word is one of the book's (the reader of the file saw to it)."""

    head: Head
    lines: Sequence[LineInput]
    source: Source


@transaction.atomic
def draft_many(*, drafts: Sequence[Draft], actor: Member, at: datetime) -> list[Voucher]:
    """Draft all or none, in the order given, each with its own audit entry.

    Raises what `draft_voucher` raises; the lines that `fields` name are counted through the chunk at fault.
    """
    started_book()
    months = sorted({Month.of(draft.head.date) for draft in drafts})
    periods = {month: share_open_period(month.first_day) for month in months}
    made: list[Voucher] = []
    for chunk in _chunks(drafts):
        made += _draft_chunk(chunk, periods, actor, at)
    return made


def _chunks(drafts: Sequence[Draft]) -> Iterator[list[Draft]]:
    """Neighbours of one kind, as many as `read_lines` takes at once."""
    chunk: list[Draft] = []
    lines = 0
    for draft in drafts:
        if chunk and (lines + len(draft.lines) > MOST_LINES or draft.head.kind != chunk[0].head.kind):
            yield chunk
            chunk, lines = [], 0
        chunk.append(draft)
        lines += len(draft.lines)
    if chunk:
        yield chunk


def _draft_chunk(chunk: Sequence[Draft], periods: dict[Month, Period], actor: Member, at: datetime) -> list[Voucher]:
    lines = read_lines([line for draft in chunk for line in draft.lines])
    checked = check_lines(lines, kind=chunk[0].head.kind)
    own, place = [], 0
    for draft in chunk:
        own.append(CheckedLines(lines[place : place + len(draft.lines)], checked.accounts))
        place += len(draft.lines)
    vouchers = Voucher.objects.bulk_create(
        Voucher(
            word=draft.head.word, period=periods[Month.of(draft.head.date)], date=draft.head.date,
            kind=draft.head.kind, attachment_count=draft.head.attachment_count, total=sum_lines(part.lines).debit,
            prepared_by_id=actor.user_id, prepared_by_name=actor.name, prepared_at=at,
            source_kind=draft.source.kind, source_ref=draft.source.ref,
        )
        for draft, part in zip(chunk, own, strict=True)
    )  # fmt: skip
    for voucher, part in zip(vouchers, own, strict=True):
        write_lines(voucher, part)
        label = f"{voucher} {voucher.date} {voucher.total}"
        audit.record(actor=actor, action="voucher.draft", object=f"voucher:{voucher.pk}", label=label)
    return vouchers
