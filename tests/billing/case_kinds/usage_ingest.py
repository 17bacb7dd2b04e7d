"""usage_ingest: deliveries of events, what each became, and what the periods hold afterwards."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from apps.billing.domain import calendar
from apps.billing.domain.calendar import Period, period_of
from apps.billing.domain.usage import IngestSettings, Meter, Totals, UsageEvent, Verdict
from apps.billing.domain.usage_ledger import AlertRule, Finalised, LateLine, Receipt, UsageLedger
from tests.billing.case_kinds._text import Json, day, days, moment, money, period, plain, usage_price

DEFAULT_TENANT = "A"
_COUNTED = {
    "accepted": "accepted",
    "duplicates": "duplicate",
    "conflicts": "conflict",
    "quarantined": "quarantined",
    "rejected": "rejected",
}


def run(given: Json) -> Json:
    meters = {code: _meter(code, text) for code, text in given["meters"].items()}
    settings = IngestSettings(**given.get("settings", {}))
    anchor = day(given.get("anchor", "2000-01-01"))
    ledger = UsageLedger(
        meters,
        settings=settings,
        finalised=[_finalised(text) for text in given.get("finalised", [])],
        alert=_alert(given.get("alerts")),
        anchor=anchor,
    )
    receipts = _deliver(ledger, given["deliveries"])
    periods = [period_of(anchor, "month", day(start)) for start in given["periods"]]
    tally: Counter[str] = Counter(receipt.verdict.status for receipt in receipts)
    return {
        "results": [_result(receipt.verdict) for receipt in receipts],
        "counts": {name: tally[status] for name, status in _COUNTED.items()},
        "totals": _totals(ledger, meters, dict(zip(given["periods"], periods, strict=True))),
        "late_lines": [_late(line) for line in ledger.late_lines()],
        "alerts_fired": [list(receipt.alerts) for receipt in receipts],
        "finalise_not_before": {
            held.start.isoformat(): calendar.finalise_not_before(held.end, settings.grace_hours).isoformat()
            for held in periods
        },
        "events_kept": ledger.events_kept,
    }


def _deliver(ledger: UsageLedger, deliveries: list[Json]) -> list[Receipt]:
    return [
        ledger.receive(_event(text), moment(delivery["received_at"]))
        for delivery in deliveries
        for text in delivery["events"]
        for _ in range(text.get("times", 1))
    ]


def _event(text: Json) -> UsageEvent:
    return UsageEvent(
        tenant=text.get("tenant", DEFAULT_TENANT),
        transaction_id=text["transaction_id"],
        meter=text.get("meter"),
        value=Decimal(text["value"]) if "value" in text else None,
        occurred_at=moment(text["occurred_at"]) if "occurred_at" in text else None,
        properties=text.get("properties", {}),
        voids=text.get("voids"),
    )


def _meter(code: str, text: Json) -> Meter:
    price = usage_price(text["price"]) if "price" in text else None
    return Meter(code=code, aggregation=text["aggregation"], unique_key=text.get("unique_key"), price=price)


def _finalised(text: Json) -> Finalised:
    tenant = text.get("tenant", DEFAULT_TENANT)
    return Finalised(tenant=tenant, period=period(text["period"]), at=moment(text["at"]))


def _alert(text: Json | None) -> AlertRule | None:
    if text is None:
        return None
    limit = Decimal(text["limit_amount"])
    return AlertRule(meter=text["meter"], limit_amount=limit, thresholds=tuple(text["thresholds"]))


def _result(verdict: Verdict) -> str:
    return verdict.status if verdict.reason is None else f"{verdict.status}:{verdict.reason}"


def _totals(ledger: UsageLedger, meters: Mapping[str, Meter], periods: dict[str, Period]) -> Json:
    return {
        tenant: {
            meter: {start: _sums(ledger.totals(tenant, meter, held)) for start, held in periods.items()}
            for meter in meters
        }
        for tenant in ledger.tenants or (DEFAULT_TENANT,)
    }


def _sums(totals: Totals) -> Json:
    names = ("count", "sum", "max", "last", "unique_count")
    return {name: plain(getattr(totals, name)) for name in names}


def _late(line: LateLine) -> Json:
    invoice: date | None = line.on_invoice_of.start if line.on_invoice_of else None
    return {
        "tenant": line.tenant,
        "meter": line.meter,
        "kind": "late_usage",
        "service_period": days(line.service_period),
        "quantity": plain(line.quantity),
        "amount": money(line.amount),
        "on_invoice_of": invoice.isoformat() if invoice else "pending",
    }
