"""Usage events: identity, order of checks, totals, late charges and alerts. `usage_ledger` folds them."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from apps.billing.domain.rating import UsagePrice

Aggregation = Literal["count", "sum", "max", "last", "unique_count"]

_DAY = timedelta(seconds=86_400)


@dataclass(frozen=True, kw_only=True)
class Meter:
    """What is counted and how; `price` is the version that a period is billed at."""

    code: str
    aggregation: Aggregation
    unique_key: str | None = None
    price: UsagePrice | None = None


@dataclass(frozen=True, kw_only=True)
class UsageEvent:
    """One event as a client sent it. A void carries `voids`, the transaction id of its target."""

    tenant: str
    transaction_id: str
    meter: str | None = None
    value: Decimal | None = None
    occurred_at: datetime | None = None
    properties: Mapping[str, object] = field(default_factory=dict)
    voids: str | None = None

    @property
    def identity(self) -> tuple[str, str]:
        """R-IDEMP: (tenant, transaction id), for ever."""
        return self.tenant, self.transaction_id


@dataclass(frozen=True, kw_only=True)
class IngestSettings:
    """R-GRACE, R-LATE: hours of grace, days of lateness and seconds of clock skew that are accepted."""

    grace_hours: int = 72
    max_late_days: int = 35
    future_seconds: int = 300


@dataclass(frozen=True)
class Verdict:
    """What happened to an event: accepted, duplicate, conflict, quarantined or rejected, with a reason."""

    status: Literal["accepted", "duplicate", "conflict", "quarantined", "rejected"]
    reason: str | None = None


ACCEPTED = Verdict("accepted")
DUPLICATE = Verdict("duplicate")
CONFLICT = Verdict("conflict")
TOO_LATE = Verdict("quarantined", "too_late")
IN_FUTURE = Verdict("rejected", "in_future")
CAP_REACHED = Verdict("rejected", "cap_reached")


@dataclass(frozen=True, kw_only=True)
class Totals:
    """All aggregations of some events; `last` is the value of the latest moment, later arrivals win ties."""

    count: int = 0
    sum: Decimal = Decimal(0)
    max: Decimal = Decimal(0)
    last: Decimal = Decimal(0)
    last_at: datetime | None = None
    unique: frozenset[str] = frozenset()

    @property
    def unique_count(self) -> int:
        """R-AGG: distinct values of the meter's unique key; events without it are not counted."""
        return len(self.unique)

    def merged(self, later: "Totals") -> "Totals":
        """R-AGG: these totals and those of events ingested after them, as rollups are put together."""
        if not later.count:
            return self
        newer = self.last_at is None or (later.last_at is not None and later.last_at >= self.last_at)
        return Totals(
            count=self.count + later.count,
            sum=self.sum + later.sum,
            max=max(self.max, later.max) if self.count else later.max,
            last=later.last if newer else self.last,
            last_at=later.last_at if newer else self.last_at,
            unique=self.unique | later.unique,
        )

    def quantity(self, aggregation: Aggregation) -> Decimal:
        """R-AGG: the one figure that a meter bills."""
        return Decimal(getattr(self, aggregation))


def canonical_hash(event: UsageEvent) -> str:
    """R-IDEMP: hash of [meter, value, UTC moment, properties, voids]; `5` = `5.000`, any offset is equal."""
    payload = [
        event.meter,
        None if event.value is None else str(Fraction(event.value)),
        None if event.occurred_at is None else event.occurred_at.astimezone(UTC).isoformat(),
        _canonical(event.properties),
        event.voids,
    ]
    text = json.dumps(payload, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def shape_fault(event: UsageEvent, meters: Mapping[str, Meter]) -> str | None:
    """First check: what is wrong with the event on its own, or None. A void needs only its target."""
    if not event.transaction_id:
        return "transaction_id_missing"
    if event.voids is not None:
        return None
    if event.meter is None or event.meter not in meters:
        return "unknown_meter"
    if event.occurred_at is not None and event.occurred_at.tzinfo is None:
        return "occurred_at_without_offset"
    return _value_fault(event.value, meters[event.meter])


def known_verdict(known_hash: str | None, event: UsageEvent) -> Verdict | None:
    """R-IDEMP, second check: an equal payload is a duplicate, another one a conflict; the first wins."""
    if known_hash is None:
        return None
    return DUPLICATE if known_hash == canonical_hash(event) else CONFLICT


def window_verdict(occurred_at: datetime, received_at: datetime, settings: IngestSettings) -> Verdict | None:
    """R-LATE, third check: too late is quarantined, too far ahead rejected; the limits themselves pass."""
    if received_at - occurred_at > settings.max_late_days * _DAY:
        return TOO_LATE
    if occurred_at - received_at > timedelta(seconds=settings.future_seconds):
        return IN_FUTURE
    return None


def void_verdict(*, target_exists: bool, is_void: bool, is_invoiced: bool) -> Verdict:
    """R-CORRECTION: a void names an accepted, not yet invoiced event of the same tenant, once."""
    if not target_exists:
        return Verdict("rejected", "unknown_target")
    if is_void:
        return Verdict("rejected", "already_void")
    return Verdict("rejected", "already_invoiced") if is_invoiced else ACCEPTED


def totals_of(event: UsageEvent, unique_key: str | None) -> Totals:
    """R-AGG: the totals of one event; one without a value counts as 1."""
    value = Decimal(1) if event.value is None else event.value
    has_key = unique_key is not None and unique_key in event.properties
    key = json.dumps(_canonical(event.properties[unique_key]), sort_keys=True) if has_key and unique_key else None
    return Totals(
        count=1,
        sum=value,
        max=value,
        last=value,
        last_at=event.occurred_at,
        unique=frozenset() if key is None else frozenset({key}),
    )


def aggregate(events: Iterable[UsageEvent], unique_key: str | None = None) -> Totals:
    """R-AGG over events in the order of their arrival."""
    totals = Totals()
    for event in events:
        totals = totals.merged(totals_of(event, unique_key))
    return totals


def crossed(measure: Decimal, limit: Decimal, thresholds: Sequence[int], fired: Iterable[int]) -> tuple[int, ...]:
    """R-ALERT: the percentages of `limit` that `measure` has reached and that have not fired yet."""
    reached = [percent for percent in sorted(set(thresholds)) if measure * 100 >= limit * percent]
    done = set(fired)
    return tuple(percent for percent in reached if percent not in done)


def _value_fault(value: Decimal | None, meter: Meter) -> str | None:
    if value is None:
        return None if meter.aggregation in ("count", "unique_count") else "value_missing"
    if not value.is_finite() or value < 0:
        return "value_out_of_range"
    return None


def _canonical(value: object) -> object:
    # JSON has one kind of number: 5 and 5.0 are the same property.
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {str(key): _canonical(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(inner) for inner in value]
    return value
