"""The door for usage events: identity first, then window and cap; stored once, whatever is redelivered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from apps.billing.domain.usage import (
    ACCEPTED,
    CAP_REACHED,
    CONFLICT,
    TOO_LATE,
    IngestSettings,
    Meter,
    UsageEvent,
    Verdict,
    canonical_hash,
    known_verdict,
    shape_fault,
    window_verdict,
)
from apps.billing.models import Meter as MeterRow
from apps.billing.models import UsageConflict, UsageQuarantine
from apps.billing.services import usage_rows, usage_voids
from apps.billing.services.caps import Caps

SETTINGS = IngestSettings()
MAX_BATCH = 1000
MAX_ID, LARGEST = 120, Decimal(10) ** 12
SMALLEST = Decimal("0.000001")
Identity = tuple[str, str]


@dataclass
class _Plan:
    """What one batch will do, filled event by event in its order."""

    received_at: datetime
    known: dict[Identity, str]
    verdicts: list[Verdict]
    accepted: list[tuple[int, UsageEvent]]
    quarantined: list[tuple[int, UsageEvent]]
    voids: list[tuple[int, UsageEvent]]


def ingest(*, events: Sequence[UsageEvent], received_at: datetime, capped: bool = True) -> list[Verdict]:
    """Take a batch (<= 1,000) of any companies in one transaction; one verdict per event, in its order.

    `event.tenant` is the company's id as text. Facts and calls that happened already are not `capped`. An event never
    raises: a bad one is rejected, the others go on.
    """
    usage_rows.ensure_months(event.occurred_at or received_at for event in events)
    with transaction.atomic():
        usage_rows.hold_off_rollup()
        usage_rows.hold_off_finalise(sorted({int(event.tenant) for event in events}))
        plan = _Plan(received_at, usage_rows.known_hashes(events), [], [], [], [])
        meters, caps = _meters(), Caps(enabled=capped)
        for event in events:
            plan.verdicts.append(_judge(plan, _dated(event, received_at), meters, caps))
        _store(plan)
        _note_conflicts(events, plan)
        return plan.verdicts


def _meters() -> dict[str, Meter]:
    return {
        row.code: Meter(code=row.code, aggregation=row.aggregation, unique_key=row.unique_key or None)  # type: ignore[arg-type]  # stored literal
        for row in MeterRow.objects.order_by("code")
    }


def _dated(event: UsageEvent, received_at: datetime) -> UsageEvent:
    """An event that names no moment happened when it came; a void stands for itself."""
    if event.voids is None and event.occurred_at is None:
        return replace(event, occurred_at=received_at)
    return event


def _judge(plan: _Plan, event: UsageEvent, meters: dict[str, Meter], caps: Caps) -> Verdict:
    """Shape, identity, window, cap, in this order. Only accepted and quarantined events take their key."""
    fault = shape_fault(event, meters) or _size_fault(event)
    if fault:
        return Verdict("rejected", fault)
    known = known_verdict(plan.known.get(event.identity), event)
    if known is not None:
        return known
    verdict = _window(plan, event)
    if verdict == ACCEPTED and event.voids is None and not caps.admit(event):
        verdict = CAP_REACHED
    if verdict == ACCEPTED and event.voids is not None:
        verdict = usage_voids.judge(event)
    if verdict.status == "rejected":
        return verdict
    plan.known[event.identity] = canonical_hash(event)
    place = plan.quarantined if verdict.status == "quarantined" else (plan.voids if event.voids else plan.accepted)
    place.append((len(plan.verdicts), event))
    return verdict


def _size_fault(event: UsageEvent) -> str | None:
    if len(event.transaction_id) > MAX_ID or "\x00" in event.transaction_id:
        return "transaction_id_too_long"
    if event.value is not None and (event.value >= LARGEST or event.value != event.value.quantize(SMALLEST)):
        return "value_out_of_range"
    return None


def _window(plan: _Plan, event: UsageEvent) -> Verdict:
    if event.voids is not None or event.occurred_at is None:
        return ACCEPTED
    return window_verdict(event.occurred_at, plan.received_at, SETTINGS) or ACCEPTED


def _store(plan: _Plan) -> None:
    """Keys first (a rival's key makes ours a duplicate), then events, quarantine and voids."""
    taking = [*plan.accepted, *plan.quarantined, *plan.voids]
    lost = usage_rows.take_keys([event for _index, event in taking], plan.received_at)
    for index, event in taking:
        if event.identity in lost:
            plan.verdicts[index] = known_verdict(lost[event.identity], event) or CONFLICT
    won = [(index, event) for index, event in plan.accepted if event.identity not in lost]
    usage_rows.copy_events([event for _index, event in won], plan.received_at)
    usage_rows.mark_late([event for _index, event in won])
    _quarantine((event for _index, event in plan.quarantined if event.identity not in lost), plan.received_at)
    usage_voids.write([event for _index, event in plan.voids if event.identity not in lost], plan.received_at)


def _quarantine(rows: Iterable[UsageEvent], received_at: datetime) -> None:
    UsageQuarantine.objects.bulk_create(
        UsageQuarantine(
            tenant_id=int(event.tenant), transaction_id=event.transaction_id, meter=event.meter or "",
            value=event.value, occurred_at=event.occurred_at or received_at, properties=dict(event.properties),
            received_at=received_at, reason=TOO_LATE.reason or "",
        )
        for event in rows
    )  # fmt: skip


def _note_conflicts(events: Sequence[UsageEvent], plan: _Plan) -> None:
    UsageConflict.objects.bulk_create(
        UsageConflict(tenant_id=int(event.tenant), transaction_id=event.transaction_id, received_at=plan.received_at)
        for event, verdict in zip(events, plan.verdicts, strict=True)
        if verdict == CONFLICT
    )
