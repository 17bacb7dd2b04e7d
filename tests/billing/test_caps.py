"""上限 of what the modules report (R-CAP): the work is never refused, only the charge stops at the cap."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from rest_framework.test import APIClient

from apps.billing.models import UsagePeriod
from apps.inventory.events import StockMoved
from apps.production.events import SchedulePublished
from apps.supply.events import OrderSent
from kernel import events
from kernel.events import Event
from tenants.clock import frozen_at
from tenants.context import company_of, tenant_context
from tenants.models import Tenant
from tests.billing.conftest import advance, at

CAPS, USAGE = "/api/v1/billing/caps/", "/api/v1/billing/usage/"


def moved(lines: int) -> list[Event]:
    return [StockMoved(document_id=1, kind="issue", reason="MATERIAL", moved_on="2026-03-10", moves=lines)]


def planned(steps: int) -> list[Event]:
    return [SchedulePublished(run_id=1, fresh_steps=steps)]


def sent(orders: int) -> list[Event]:
    return [OrderSent(order_id=f"o-{number}", role="buyer") for number in range(orders)]


@dataclass(frozen=True)
class Case:
    """`units` of a meter cost `charge` (CNY); half the cap away is `cap`."""

    module: str
    meter: str
    facts: Callable[[int], Sequence[Event]]
    units: int
    billable: int
    charge: str
    cap: str


CASES = [
    Case(
        "inventory", "inventory.stock_moves", moved, 23_000, 21_000, "410.00", "30.00"
    ),  # 20,000 x 0.02 + 1,000 x 0.01
    Case("production", "production.scheduled_operations", planned, 12_000, 11_000, "530.00", "99.99"),  # … 0.05, 0.03
    Case("supply", "supply.exchange_documents", sent, 160, 60, "18.00", "10.00"),  # 60 x 0.30
]
each_meter = pytest.mark.parametrize("case", CASES, ids=[case.meter for case in CASES])


def tell(facts: Sequence[Event]) -> None:
    """The company's module tells what happened; billing hears of it."""
    with tenant_context(company_of(Tenant.objects.get(slug="falan"))):
        with transaction.atomic():
            events.publish(*facts)
        events.deliver_waiting()


def meter_of(owner: APIClient, code: str) -> dict[str, Any]:
    found: dict[str, Any] = next(row for row in owner.get(USAGE).json()["meters"] if row["meter"] == code)
    return found


def soft(meter: str | None, amount: str) -> dict[str, Any]:
    return {"caps": [{"meter": meter, "mode": "soft", "amount": amount}]}


@each_meter
def test_without_a_cap_every_unit_beyond_the_allowance_costs(company_of_modules, case):
    owner = company_of_modules("falan", case.module)

    tell(case.facts(case.units))

    row = meter_of(owner, case.meter)
    assert (row["quantity"], row["billable"]) == (str(case.units), str(case.billable))
    assert (row["charge"], row["waived"], row["cap"]) == (case.charge, "0.00", None)


@each_meter
def test_a_soft_cap_stops_the_charge_and_nothing_else(company_of_modules, case):
    owner = company_of_modules("falan", case.module)
    assert owner.put(CAPS, soft(case.meter, case.cap), format="json").json() == soft(case.meter, case.cap)

    tell(case.facts(case.units))
    row = meter_of(owner, case.meter)
    advance("2026-04-05 00:00")
    april = owner.get("/api/v1/billing/invoices/?reason=recurring").json()["results"][0]
    lines = owner.get(f"/api/v1/billing/invoices/{april['id']}/").json()["lines"]

    waived = Decimal(case.charge) - Decimal(case.cap)
    assert row["quantity"] == str(case.units)  # all of it was done and counted
    assert (row["charge"], row["waived"]) == (case.cap, f"{waived:.2f}")
    assert row["cap"] == {"mode": "soft", "amount": case.cap}
    used = next(line for line in lines if line["kind"] == "usage")
    assert (used["item"], used["amount"]) == (case.meter, case.cap)
    kept = UsagePeriod.objects.of(Tenant.objects.get(slug="falan").pk).get(meter_id=case.meter)
    assert (kept.charged, kept.waived) == (Decimal(case.cap), waived)


@each_meter
def test_a_hard_cap_is_not_possible_for_what_has_happened(company_of_modules, case):
    owner = company_of_modules("falan", case.module)
    owner.put(CAPS, soft(case.meter, case.cap), format="json")

    wanted = {"caps": [{"meter": case.meter, "mode": "hard", "amount": "1.00"}]}
    answer = owner.put(CAPS, wanted, format="json")

    assert (answer.status_code, answer.json()["code"]) == (409, "hard_cap_not_possible")
    assert owner.get(CAPS).json() == soft(case.meter, case.cap)


@each_meter
def test_a_fact_beyond_the_cap_goes_through_and_is_counted_once(company_of_modules, case):
    owner = company_of_modules("falan", case.module)
    owner.put(CAPS, soft(case.meter, "0.00"), format="json")

    tell(case.facts(case.units))
    tell(case.facts(1)[:1])

    with tenant_context(company_of(Tenant.objects.get(slug="falan"))):
        assert not events.Delivery.objects.exclude(state="done").exists()
    row = meter_of(owner, case.meter)
    assert (row["quantity"], row["charge"]) == (str(case.units + 1), "0.00")


def test_the_cap_over_all_meters_is_filled_in_catalogue_order(company_of_modules):
    owner = company_of_modules("falan", "inventory", "supply")
    owner.put(CAPS, soft(None, "12.00"), format="json")

    tell(moved(2_500))  # 500 x 0.02 = 10.00
    tell(sent(160))  # 18.00

    stock, documents = meter_of(owner, "inventory.stock_moves"), meter_of(owner, "supply.exchange_documents")
    assert (stock["charge"], stock["waived"]) == ("10.00", "0.00")
    assert (documents["charge"], documents["waived"]) == ("2.00", "16.00")


@pytest.mark.parametrize("meter", ["inventory.stock_moves", None])
def test_late_facts_do_not_lift_a_month_over_its_cap(company_of_modules, meter):
    owner = company_of_modules("falan", "inventory")
    owner.put(CAPS, soft(meter, "30.00"), format="json")
    tell(moved(3_000))  # 1,000 x 0.02 = 20.00
    advance("2026-04-05 00:00")

    with tenant_context(company_of(Tenant.objects.get(slug="falan"))):
        with frozen_at(at("2026-03-31 20:00")), transaction.atomic():  # told in March, heard of in April
            events.publish(*moved(2_000))
        events.deliver_waiting()
    advance("2026-05-05 00:00")

    may = owner.get("/api/v1/billing/invoices/?reason=recurring").json()["results"][0]
    lines = owner.get(f"/api/v1/billing/invoices/{may['id']}/").json()["lines"]
    late = [(line["kind"], line["quantity"], line["amount"]) for line in lines if line["kind"] == "late_usage"]
    assert late == [("late_usage", "2000", "10.00")]  # 2,000 x 0.02 = 40.00, but only 10.00 of the cap is left
    kept = UsagePeriod.objects.of(Tenant.objects.get(slug="falan").pk).get(
        meter_id="inventory.stock_moves", period_start="2026-03-10"
    )
    assert (kept.charged, kept.waived) == (Decimal("30.00"), Decimal("30.00"))


def test_a_sellers_answer_and_a_second_plan_are_free(company_of_modules):
    owner = company_of_modules("falan", "production", "supply")

    tell([OrderSent(order_id="o-1", role="seller"), SchedulePublished(run_id=2, fresh_steps=0)])

    assert meter_of(owner, "supply.exchange_documents")["quantity"] == "0"
    assert meter_of(owner, "production.scheduled_operations")["quantity"] == "0"


def test_the_operator_has_waiting_facts_delivered_and_counted_once(company_of_modules, operator):
    owner = company_of_modules("falan", "inventory")
    with tenant_context(company_of(Tenant.objects.get(slug="falan"))), transaction.atomic():
        events.publish(*moved(7))

    run = operator.post("/api/v1/operator/jobs/outbox/run/").json()

    assert (run["job"], meter_of(owner, "inventory.stock_moves")["quantity"]) == ("outbox", "7")


def test_reminders_can_be_run_alone_and_are_sent_once(company_of_modules, operator, mailoutbox):
    company_of_modules("falan", "inventory")  # due on 25 March: the first reminder is on the 22nd at 09:00
    operator.post("/api/v1/operator/test-clock/", {"now": "2026-03-22T09:30:00+08:00"}, format="json")
    mailoutbox.clear()

    runs = [operator.post("/api/v1/operator/jobs/reminders/run/").json() for _turn in range(2)]

    assert [run["counts"]["done"] for run in runs] == [1, 0]
    assert len(mailoutbox) == 1
