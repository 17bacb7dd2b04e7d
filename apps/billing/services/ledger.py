"""Writing the ledger: entries come balanced from the arithmetic, the database checks them again at commit."""

from datetime import datetime

from django.db import connection

from apps.billing.domain.calendar import local_day
from apps.billing.domain.ledger import Entry
from apps.billing.domain.numbering import SeriesKind, format_number, series_at
from apps.billing.models import LedgerEntry, LedgerPosting


def post(*, tenant_id: int, kind: str, source: str, entry: Entry, at: datetime) -> None:
    """Write one entry in the caller's transaction; nothing when it moves nothing. `source` is unique for ever."""
    if not entry:
        return
    row = LedgerEntry.objects.create(tenant_id=tenant_id, kind=kind, source=source, made_at=at, made_on=local_day(at))
    LedgerPosting.objects.bulk_create(
        [LedgerPosting(entry=row, account=posting.account, amount=posting.signed) for posting in entry]
    )


def next_number(kind: SeriesKind, at: datetime) -> str:
    """R-NUMBER: the next number of the local year. Locks the series: call it as the last lock before commit."""
    series = series_at(kind, at)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO billing_numberseries (series, last) VALUES (%s, 1) "
            "ON CONFLICT (series) DO UPDATE SET last = billing_numberseries.last + 1 RETURNING last",
            [series],
        )
        return format_number(series, int(cursor.fetchone()[0]))
