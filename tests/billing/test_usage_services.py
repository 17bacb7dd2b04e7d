"""Usage events in the database: once whatever is redelivered, late ones billed as a difference, caps kept."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import ClassVar

from django.db import connections, transaction

from apps.billing.domain.calendar import month_of
from apps.billing.domain.usage import UsageEvent
from apps.billing.models import UsageEvent as EventRow
from apps.billing.registration import hear
from apps.billing.selectors.usage_store import period_totals
from apps.billing.services import invariants, rollup, usage
from kernel import events, meters
from kernel.events import Event
from kernel.meters import Meter, declare
from tenants.context import company_of, tenant_context
from tenants.models import Tenant
from tests.billing.conftest import advance, at

EVENTS = "/api/v1/billing/usage/events/"
READINGS = "platform.device_readings"


def reading(identity: str, value: int | str = 1, **more: object) -> dict[str, object]:
    return {
        "transaction_id": identity, "meter": READINGS, "value": value, "occurred_at": "2026-03-10T08:00:00+08:00",
        **more,
    }  # fmt: skip


def test_event_is_taken_once_and_another_payload_is_a_conflict(company_of_modules):
    owner = company_of_modules("falan", "production")

    first = owner.post(EVENTS, reading("r-1", 5), format="json")
    same = owner.post(EVENTS, reading("r-1", "5.000", occurred_at="2026-03-10T00:00:00Z"), format="json")
    other = owner.post(EVENTS, reading("r-1", 6), format="json")
    future = owner.post(EVENTS, reading("r-2", occurred_at="2026-03-10T09:06:00+08:00"), format="json")
    old = owner.post(EVENTS, reading("r-3", occurred_at="2026-01-01T00:00:00+08:00"), format="json")
    fact = owner.post(EVENTS, {**reading("r-4"), "meter": "finance.vouchers_posted"}, format="json")

    assert [answer.status_code for answer in (first, same, other, future, old, fact)] == [201, 200, 409, 409, 202, 403]
    assert (other.json()["code"], future.json()["code"]) == ("usage_conflict", "usage_in_future")
    assert fact.json()["code"] == "meter_not_yours"
    meters = {row["meter"]: row for row in owner.get("/api/v1/billing/usage/").json()["meters"]}
    assert (meters[READINGS]["quantity"], meters[READINGS]["charge"]) == ("5", "0.00")


def test_batch_reports_each_bad_event_and_takes_the_others(company_of_modules, operator):
    company_of_modules("falan", "production")
    events_ = [{"tenant": "falan", **reading(f"r-{number}")} for number in range(3)]
    bad = [
        {"tenant": "nobody", **reading("x")},
        {"tenant": "falan", **reading("y", -1)},
        {"tenant": "falan", **reading("r-0")},
    ]

    answer = operator.post("/api/v1/operator/usage/events/batch/", {"events": [*events_, *bad]}, format="json").json()

    assert (answer["accepted"], answer["duplicates"], answer["rejected"]) == (3, 1, 2)
    assert [(row["index"], row["code"]) for row in answer["results"]] == [(3, "unknown_tenant"), (4, "value_invalid")]


def test_redelivered_batches_at_once_count_once(company_of_modules, march):
    company_of_modules("falan", "production")
    tenant = Tenant.objects.get(slug="falan")
    batch = [
        UsageEvent(
            tenant=str(tenant.pk), transaction_id=f"r-{number}", meter=READINGS, value=Decimal(1), occurred_at=march
        )
        for number in range(50)
    ]

    def deliver(_number: int) -> list[str]:
        try:
            return [verdict.status for verdict in usage.ingest(events=batch, received_at=march)]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        verdicts = [status for answer in pool.map(deliver, range(6)) for status in answer]

    assert verdicts.count("accepted") == 50 and verdicts.count("duplicate") == 250
    assert period_totals(tenant.pk, month_of(march.date())) == {READINGS: Decimal(50)}
    rollup.roll_up(at=march)
    assert period_totals(tenant.pk, month_of(march.date())) == {READINGS: Decimal(50)}


def test_late_usage_is_billed_as_a_difference_on_the_next_invoice(company_of_modules):
    owner = company_of_modules("falan", "production")
    owner.post(EVENTS, reading("r-1", 6000), format="json")
    advance("2026-04-05 00:00")

    owner.post(EVENTS, reading("late", 1000, occurred_at="2026-03-31T23:00:00+08:00"), format="json")
    advance("2026-05-05 00:00")

    may, april = owner.get("/api/v1/billing/invoices/?reason=recurring").json()["results"]
    lines = [owner.get(f"/api/v1/billing/invoices/{row['id']}/").json()["lines"] for row in (april, may)]
    # (6,000 - 5,000) x 0.001 = 1.00, then (7,000 - 5,000) x 0.001 - 1.00 = 1.00
    assert [(line["kind"], line["amount"]) for line in lines[0]] == [("fixed", "159.00"), ("usage", "1.00")]
    assert [(line["kind"], line["amount"]) for line in lines[1]] == [("fixed", "159.00"), ("late_usage", "1.00")]
    assert lines[1][1]["service_period"] == ["2026-03-10", "2026-04-01"]
    assert all(row["ok"] for row in invariants.check_all().values())


def test_hard_cap_holds_under_parallel_events(company_of_modules, march):
    owner = company_of_modules("falan", "production")
    caps = {"caps": [{"meter": READINGS, "mode": "hard", "amount": "1.00"}]}
    assert owner.put("/api/v1/billing/caps/", caps, format="json").status_code == 200
    tenant = Tenant.objects.get(slug="falan")

    def send(number: int) -> str:
        event = UsageEvent(
            tenant=str(tenant.pk), transaction_id=f"p-{number}", meter=READINGS, value=Decimal(1000), occurred_at=march
        )
        try:
            return usage.ingest(events=[event], received_at=march)[0].status
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(send, range(10)))

    # 5,000 are free and 1,000 more cost 1.00: six events of 1,000 fit, whoever comes first
    assert answers.count("accepted") == 6
    refused = owner.post(EVENTS, reading("p-x", 1000), format="json")
    assert (refused.status_code, refused.json()["code"]) == (402, "cap_reached")
    fact_cap = {"caps": [{"meter": "finance.vouchers_posted", "mode": "hard", "amount": "1.00"}]}
    answer = owner.put("/api/v1/billing/caps/", fact_cap, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "hard_cap_not_possible")


def test_a_void_takes_an_event_back_once(company_of_modules, operator, march):
    owner = company_of_modules("falan", "production")
    owner.post(EVENTS, reading("r-1", 9), format="json")
    rollup.roll_up(at=march)
    void = {"events": [{"tenant": "falan", "transaction_id": "v-1", "voids": "r-1"}]}
    again = {"events": [{"tenant": "falan", "transaction_id": "v-2", "voids": "r-1"}]}
    address = "/api/v1/operator/usage/events/batch/"

    first = operator.post(address, void, format="json").json()
    second = operator.post(address, again, format="json").json()
    rollup.roll_up(at=march)

    assert first["accepted"] == 1 and second["results"][0]["code"] == "already_void"
    assert period_totals(Tenant.objects.get(slug="falan").pk, month_of(march.date())) == {}


@dataclass(frozen=True, kw_only=True)
class PartsPlanned(Event):
    """A fact of this test."""

    name: ClassVar[str] = "tests.parts_planned"
    parts: int


def test_a_fact_is_counted_once_however_often_it_is_delivered(company_of_modules, march, monkeypatch):
    company_of_modules("falan", "production")
    monkeypatch.setattr(meters, "_meters", {})  # production declares this meter of its own fact: it comes back after
    declare(
        Meter(
            code="production.scheduled_operations", unit="道", name="排程工序", fact=PartsPlanned,
            quantity=lambda fact: fact.parts,
        )
    )  # fmt: skip
    tenant = Tenant.objects.get(slug="falan")
    with tenant_context(company_of(tenant)):
        with transaction.atomic():
            events.publish(PartsPlanned(parts=7))
        events.deliver_waiting()
        events.Delivery.objects.update(state="waiting", next_try_at=march - timedelta(days=4000))
        events.deliver_waiting()

    rows = EventRow.objects.of(tenant).filter(meter="production.scheduled_operations")
    assert [row.value for row in rows] == [Decimal(7)]
    assert callable(hear)
    assert at("2026-03-10 09:00") == march
