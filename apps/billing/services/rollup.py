"""Daily sums of usage: everything above the watermark added, days with voids built again."""

from datetime import datetime

from django.db import connection, transaction

from apps.billing.services.usage_rows import wait_for_batches

_HIGHEST = "SELECT COALESCE(max(id), 0) FROM billing_usageevent"
_ADD = """
INSERT INTO billing_usagerollupday (tenant_id, meter_id, day, count, sum, max, last, last_at)
SELECT tenant_id, meter, local_day, count(*), sum(COALESCE(value, 1)), max(COALESCE(value, 1)),
       (array_agg(COALESCE(value, 1) ORDER BY occurred_at DESC, id DESC))[1], max(occurred_at)
FROM billing_usageevent e
WHERE id > %s AND id <= %s AND NOT EXISTS (SELECT 1 FROM billing_usagevoid v WHERE v.event_id = e.id)
GROUP BY tenant_id, meter, local_day
ON CONFLICT (tenant_id, meter_id, day) DO UPDATE SET
    count = billing_usagerollupday.count + EXCLUDED.count,
    sum = billing_usagerollupday.sum + EXCLUDED.sum,
    max = GREATEST(billing_usagerollupday.max, EXCLUDED.max),
    last = CASE WHEN billing_usagerollupday.last_at IS NULL OR EXCLUDED.last_at >= billing_usagerollupday.last_at
                THEN EXCLUDED.last ELSE billing_usagerollupday.last END,
    last_at = GREATEST(billing_usagerollupday.last_at, EXCLUDED.last_at)
"""
_TAKE_DIRTY = "DELETE FROM billing_usagedirtyday RETURNING tenant_id, meter, day"
_FORGET = "DELETE FROM billing_usagerollupday WHERE tenant_id = %s AND meter_id = %s AND day = %s"
_REBUILD = _ADD.replace("id > %s AND id <= %s", "tenant_id = %s AND meter = %s AND local_day = %s AND id <= %s")


def roll_up(*, at: datetime) -> dict[str, int]:
    """Bring the sums up to every committed event; returns how many events were added and days built again."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT last_id FROM billing_usagewatermark WHERE id = 1 FOR UPDATE")
        row = cursor.fetchone()
        low = int(row[0]) if row else 0
        wait_for_batches()
        cursor.execute(_HIGHEST)
        high = int(cursor.fetchone()[0])
        cursor.execute(_ADD, [low, high])
        rebuilt = _rebuild_dirty(cursor, high)
        cursor.execute("UPDATE billing_usagewatermark SET last_id = %s, moved_at = %s WHERE id = 1", [high, at])
    return {"events": high - low, "rebuilt_days": rebuilt}


def _rebuild_dirty(cursor, high: int) -> int:  # type: ignore[no-untyped-def]  # a database cursor of any wrapper
    cursor.execute(_TAKE_DIRTY)
    days = sorted(cursor.fetchall())
    for tenant_id, meter, day in days:
        cursor.execute(_FORGET, [tenant_id, meter, day])
        cursor.execute(_REBUILD, [tenant_id, meter, day, high])
    return len(days)
