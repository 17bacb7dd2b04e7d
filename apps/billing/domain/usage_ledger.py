"""Usage as a fold: deliveries in, verdicts, totals, late lines and alerts out, without a database.

The services do the same with set queries; both stand on the functions of `usage` and `rating`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from apps.billing.domain.calendar import Period, local_day, period_of
from apps.billing.domain.money import ZERO
from apps.billing.domain.rating import charge, late_charge
from apps.billing.domain.usage import (
    ACCEPTED,
    IngestSettings,
    Meter,
    Totals,
    UsageEvent,
    Verdict,
    aggregate,
    canonical_hash,
    crossed,
    known_verdict,
    shape_fault,
    void_verdict,
    window_verdict,
)

_CALENDAR_ANCHOR = date(2000, 1, 1)


@dataclass(frozen=True, kw_only=True)
class Finalised:
    """When the invoice over `period` of a tenant's usage was finalised."""

    tenant: str
    period: Period
    at: datetime


@dataclass(frozen=True, kw_only=True)
class AlertRule:
    """R-ALERT: percentages of `limit_amount` (CNY) of one meter's charge in a period."""

    meter: str
    limit_amount: Decimal
    thresholds: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class LateLine:
    """R-LATE: what late events of a finalised period add, on the invoice finalised next (None = pending)."""

    tenant: str
    meter: str
    service_period: Period
    quantity: Decimal
    amount: Decimal
    on_invoice_of: Period | None


@dataclass(frozen=True)
class Receipt:
    """The answer to one event: its verdict and the alert thresholds it fired."""

    verdict: Verdict
    alerts: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Stored:
    event: UsageEvent
    occurred_at: datetime
    received_at: datetime
    is_void: bool = False


class UsageLedger:
    """Append-only usage of many tenants. `receive` is the only way in; events are never changed."""

    def __init__(
        self,
        meters: Mapping[str, Meter],
        *,
        settings: IngestSettings | None = None,
        finalised: Sequence[Finalised] = (),
        alert: AlertRule | None = None,
        anchor: date = _CALENDAR_ANCHOR,
    ) -> None:
        self._meters = meters
        self._settings = settings or IngestSettings()
        self._finalised = sorted(finalised, key=lambda entry: entry.at)
        self._alert = alert
        self._anchor = anchor
        self._hashes: dict[tuple[str, str], str] = {}
        self._stored: dict[tuple[str, str], _Stored] = {}
        self._fired: dict[tuple[str, date], set[int]] = {}

    def receive(self, event: UsageEvent, received_at: datetime) -> Receipt:
        """Checks in order: shape, identity, window, target of a void. A rejected event leaves no key."""
        fault = shape_fault(event, self._meters)
        if fault:
            return Receipt(Verdict("rejected", fault))
        known = known_verdict(self._hashes.get(event.identity), event)
        if known:
            return Receipt(known)
        verdict = self._judge(event, received_at)
        if verdict.status != "rejected":
            self._hashes[event.identity] = canonical_hash(event)
        if verdict != ACCEPTED:
            return Receipt(verdict)
        return Receipt(verdict, self._store(event, received_at))

    @property
    def tenants(self) -> tuple[str, ...]:
        """Tenants with events, in order of appearance."""
        return tuple(dict.fromkeys(tenant for tenant, _ in self._stored))

    @property
    def events_kept(self) -> int:
        """R-CORRECTION: stored events, voided ones included, voids and quarantined ones not."""
        return len(self._stored)

    def totals(self, tenant: str, meter: str, period: Period) -> Totals:
        """R-AGG over accepted, not voided events with a local day in `period`."""
        return self._totals(self._living(tenant, meter, period), meter)

    def late_lines(self) -> tuple[LateLine, ...]:
        """R-LATE: by tenant, invoice, period and meter; a difference of 0.00 makes no line."""
        lines = [
            line for entry in self._finalised for meter in self._meters.values() for line in self._late_of(entry, meter)
        ]
        tenants = list(dict.fromkeys([*self.tenants, *(entry.tenant for entry in self._finalised)]))
        return tuple(sorted(lines, key=lambda line: (tenants.index(line.tenant), self._turn(line))))

    def _judge(self, event: UsageEvent, received_at: datetime) -> Verdict:
        window = window_verdict(event.occurred_at or received_at, received_at, self._settings)
        if window or event.voids is None:
            return window or ACCEPTED
        target = self._stored.get((event.tenant, event.voids))
        return void_verdict(
            target_exists=target is not None,
            is_void=target is not None and target.is_void,
            is_invoiced=target is not None and self._is_invoiced(target, received_at),
        )

    def _store(self, event: UsageEvent, received_at: datetime) -> tuple[int, ...]:
        if event.voids is not None:
            key = (event.tenant, event.voids)
            self._stored[key] = replace(self._stored[key], is_void=True)
            return ()
        stored = _Stored(event, event.occurred_at or received_at, received_at)
        self._stored[event.identity] = stored
        return self._alerts_for(stored)

    def _alerts_for(self, stored: _Stored) -> tuple[int, ...]:
        rule, tenant = self._alert, stored.event.tenant
        if rule is None or stored.event.meter != rule.meter:
            return ()
        meter = self._meters[rule.meter]
        if meter.price is None:
            return ()
        period = period_of(self._anchor, "month", local_day(stored.occurred_at))
        used = self.totals(tenant, rule.meter, period).quantity(meter.aggregation)
        fired = self._fired.setdefault((tenant, period.start), set())
        alerts = crossed(charge(meter.price, used), rule.limit_amount, rule.thresholds, fired)
        fired.update(alerts)
        return alerts

    def _living(self, tenant: str, meter: str, period: Period) -> list[_Stored]:
        return [
            stored
            for (owner, _), stored in self._stored.items()
            if owner == tenant
            and stored.event.meter == meter
            and not stored.is_void
            and period.holds(local_day(stored.occurred_at))
        ]

    def _totals(self, stored: Iterable[_Stored], meter: str) -> Totals:
        events = (replace(entry.event, occurred_at=entry.occurred_at) for entry in stored)
        return aggregate(events, self._meters[meter].unique_key)

    def _cuts(self, entry: Finalised) -> list[Finalised]:
        """The invoice that billed a period, then each later one of the tenant, which takes late events."""
        return [other for other in self._finalised if other.tenant == entry.tenant and other.at > entry.at]

    def _is_invoiced(self, stored: _Stored, at: datetime) -> bool:
        day, tenant = local_day(stored.occurred_at), stored.event.tenant
        for entry in self._finalised:
            if entry.tenant == tenant and entry.period.holds(day):
                cuts = [entry, *self._cuts(entry)]
                return any(stored.received_at < cut.at <= at for cut in cuts)
        return False

    def _late_of(self, entry: Finalised, meter: Meter) -> list[LateLine]:
        if meter.price is None:
            return []
        living = self._living(entry.tenant, meter.code, entry.period)
        lines, before = [], self._quantity_before(living, meter, entry.at)
        for cut in [*self._cuts(entry), None]:
            now = self._quantity_before(living, meter, cut.at if cut else None)
            amount = late_charge(meter.price, before, now)
            if amount != ZERO:
                lines.append(
                    LateLine(
                        tenant=entry.tenant,
                        meter=meter.code,
                        service_period=entry.period,
                        quantity=now - before,
                        amount=amount,
                        on_invoice_of=cut.period if cut else None,
                    )
                )
            before = now
        return lines

    def _quantity_before(self, living: Sequence[_Stored], meter: Meter, at: datetime | None) -> Decimal:
        seen = [stored for stored in living if at is None or stored.received_at < at]
        return self._totals(seen, meter.code).quantity(meter.aggregation)

    def _turn(self, line: LateLine) -> tuple[bool, date, Period, int]:
        invoice = line.on_invoice_of
        start = invoice.start if invoice else date.max
        return invoice is None, start, line.service_period, list(self._meters).index(line.meter)
