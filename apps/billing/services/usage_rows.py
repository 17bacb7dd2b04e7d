"""Usage in the database: keys apart from events, events copied in, months made ahead, and who waits for whom."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

from django.db import connection, transaction

from apps.billing.domain.calendar import local_day
from apps.billing.domain.usage import UsageEvent, canonical_hash

Identity = tuple[str, str]
_ROLLUP_LOCK, _TENANT_LOCK = 7201, 7202
MONTHS_AHEAD = 2
_made: set[tuple[str, date]] = set()


def ensure_months(moments: Iterable[datetime]) -> int:
    """Make the partitions that `moments` need; a process asks once a month and database. Answers how many were made."""
    name, made = str(connection.settings_dict["NAME"]), 0
    for month in sorted({moment.astimezone(UTC).date().replace(day=1) for moment in moments}):
        if (name, month) in _made:
            continue
        with connection.cursor() as cursor:
            cursor.execute("SELECT billing_make_usage_month(%s)", [month])
            made += bool(cursor.fetchone()[0])
        _remember((name, month))
    return made


def _remember(made: tuple[str, date]) -> None:
    # A transaction that is rolled back takes the partition away again: only what is committed is known.
    transaction.on_commit(lambda: _made.add(made))


def hold_off_rollup() -> None:
    """Until commit no rollup reads the highest ingest id: it would step over ours."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, 0)", [_ROLLUP_LOCK])


def wait_for_batches() -> None:
    """The rollup's side: every batch that took an id before has committed once this returns."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [_ROLLUP_LOCK])


def hold_off_finalise(tenant_ids: Sequence[int]) -> None:
    """Until commit no invoice of these companies is finalised: it would miss events that it must count or call late."""
    with connection.cursor() as cursor:
        for tenant_id in tenant_ids:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", [_TENANT_LOCK, tenant_id])


def wait_for_events(tenant_id: int) -> None:
    """The invoice's side of `hold_off_finalise`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_TENANT_LOCK, tenant_id])


def known_hashes(events: Sequence[UsageEvent]) -> dict[Identity, str]:
    """Identity -> payload hash of those identities that were seen before."""
    return _hashes(sorted({event.identity for event in events}))


def _hashes(identities: Sequence[Identity]) -> dict[Identity, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT k.tenant_id::text, k.transaction_id, k.payload_hash FROM billing_usageeventkey k "
            "JOIN unnest(%s::bigint[], %s::varchar[]) AS asked (tenant_id, transaction_id) "
            "ON k.tenant_id = asked.tenant_id AND k.transaction_id = asked.transaction_id",
            [[int(tenant) for tenant, _id in identities], [_clean(name) for _tenant, name in identities]],
        )
        return {(tenant, name): payload for tenant, name, payload in cursor.fetchall()}


def _clean(text: str) -> str:
    # NUL cannot be stored and is refused by shape; it must not break the look-up of its neighbours.
    return text.replace("\x00", "")


def take_keys(events: Sequence[UsageEvent], at: datetime) -> dict[Identity, str]:
    """Insert the identities in sorted order (rivals queue, never deadlock); those lost to a rival with its hash."""
    ordered = sorted(events, key=lambda event: event.identity)
    if not ordered:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO billing_usageeventkey (tenant_id, transaction_id, payload_hash, month, created_at) "
            "SELECT * FROM unnest(%s::bigint[], %s::varchar[], %s::varchar[], %s::date[], %s::timestamptz[]) "
            "ON CONFLICT DO NOTHING RETURNING tenant_id::text, transaction_id",
            [
                [int(event.tenant) for event in ordered],
                [event.transaction_id for event in ordered],
                [canonical_hash(event) for event in ordered],
                [(event.occurred_at or at).astimezone(UTC).date().replace(day=1) for event in ordered],
                [at for _event in ordered],
            ],
        )
        won = {(tenant, name) for tenant, name in cursor.fetchall()}
    return _hashes([event.identity for event in ordered if event.identity not in won])


_COLUMNS = "tenant_id, transaction_id, meter, value, occurred_at, local_day, received_at, properties"


def copy_events(events: Sequence[UsageEvent], received_at: datetime) -> None:
    """COPY accepted events into their months; ids follow the order of arrival."""
    if not events:
        return
    with connection.cursor() as cursor, cursor.copy(f"COPY billing_usageevent ({_COLUMNS}) FROM STDIN") as copy:
        for event in events:
            moment = event.occurred_at or received_at
            copy.write_row(
                (
                    int(event.tenant), event.transaction_id, event.meter, event.value, moment, local_day(moment),
                    received_at, json.dumps(dict(event.properties), ensure_ascii=True),
                )
            )  # fmt: skip


def mark_late(events: Sequence[UsageEvent]) -> None:
    """R-LATE: a period that was invoiced already gets a difference on the next invoice."""
    days = sorted(
        {(int(event.tenant), event.meter or "", local_day(event.occurred_at)) for event in events if event.occurred_at}
    )
    if not days:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE billing_usageperiod p SET dirty = true FROM unnest(%s::bigint[], %s::varchar[], %s::date[]) "
            "AS late (tenant_id, meter, day) WHERE p.tenant_id = late.tenant_id AND p.meter_id = late.meter "
            "AND p.period_start <= late.day AND late.day < p.period_end",
            [[row[0] for row in days], [row[1] for row in days], [row[2] for row in days]],
        )
