"""How a subscription ends, what storage costs, minimums, drafts that wait, and whom a payer may be."""

from datetime import datetime, timedelta
from decimal import Decimal

from apps.billing.domain.calendar import Period, local_day
from apps.billing.domain.usage import UsageEvent
from apps.billing.models import AuditLog, Invoice, PricePlan
from apps.billing.selectors.usage_store import period_totals
from apps.billing.services import invariants, jobs, plans, usage
from apps.billing.services.storage_levels import GIGABYTE, METER
from kernel.clock import now
from kernel.models import Attachment
from tenants.context import load_company, shared_context, tenant_context
from tenants.models import Tenant
from tests.billing.conftest import advance, at
from tests.billing.test_story import add, upload


def tenant_of(slug: str) -> Tenant:
    return Tenant.objects.get(slug=slug)


def given_readings(number: str, occurred_at: datetime) -> None:
    """So many readings of devices, in one event that arrives a day later."""
    event = UsageEvent(
        tenant=str(tenant_of("falan").pk), transaction_id="d-1", meter="platform.device_readings",
        value=Decimal(number), occurred_at=occurred_at,
    )  # fmt: skip
    usage.ingest(events=[event], received_at=occurred_at + timedelta(days=1))


def given_file(slug: str, gigabytes: str) -> None:
    with tenant_context(load_company(tenant_of(slug).pk)):
        Attachment.objects.create(
            name="图纸.pdf", path="x", sha256="0" * 64, size=int(Decimal(gigabytes) * GIGABYTE),
            content_type="application/pdf", created_at=now(),
        )  # fmt: skip


def sound() -> bool:
    return all(row["ok"] for row in invariants.check_all().values())


def test_dunning_that_closes_leaves_a_final_invoice_with_the_last_usage(company_of_modules):
    owner = company_of_modules("falan", "finance")  # 70.26 due on 25 March; closed 90 days later, on 23 June
    advance("2026-06-22 12:00")
    given_readings("6000", at("2026-06-22 12:00"))

    advance("2026-06-27 00:00")

    last = owner.get("/api/v1/billing/invoices/?reason=final").json()["results"]
    assert owner.get("/api/v1/billing/subscription/").json()["state"] == "closed"
    assert [(row["state"], row["period"], row["total"]) for row in last] == [
        ("open", ["2026-06-01", "2026-06-23"], "1.00")  # (6,000 - 5,000 free) x 0.001
    ]
    assert last[0]["issued_on"] == "2026-06-26"  # 23 June + 72 h
    assert sound()


def test_a_closed_company_is_deleted_after_thirty_days_and_not_sooner(company_of_modules):
    owner = company_of_modules("falan", "finance")
    company_of_modules("zhoucheng", "finance", trial_days=400)
    owner.post("/api/v1/billing/subscription/cancel/")
    advance("2026-04-30 12:00")  # closed on 1 April
    before = owner.get("/api/v1/billing/invoices/?format=csv").status_code
    early = jobs.run("purge_closed", at=at("2026-04-30 12:00"))
    tenant_id = tenant_of("falan").pk

    advance("2026-05-01 12:00")
    outcome = jobs.run("purge_closed", at=at("2026-05-01 12:00"))

    assert before == 200 and early.counts == {"due": 0, "done": 0}
    assert outcome.counts == {"due": 1, "done": 1} and not outcome.failed
    row = Tenant.objects.get(pk=tenant_id)
    assert (row.state, row.name) == ("purged", f"已清除企业 {tenant_id}")
    assert owner.get("/api/v1/billing/invoices/").status_code == 404  # the host is gone
    assert Invoice.objects.of(tenant_id).exclude(number=None).exists()  # our own paper stays
    assert AuditLog.objects.filter(tenant_id=tenant_id, action="company.purged").count() == 1
    assert tenant_of("zhoucheng").state == "active"
    assert jobs.run("purge_closed", at=at("2026-05-02 12:00")).counts["due"] == 0


def test_storage_is_measured_at_night_and_billed_by_level_and_days(company_of_modules):
    owner = company_of_modules("falan", "finance")
    tenant_id = tenant_of("falan").pk
    given_file("falan", "5")
    moment = at("2026-03-11 02:20")

    first = jobs.run("storage", at=moment)
    again = jobs.run("storage", at=moment)
    for day in range(1, 31):
        jobs.run("storage", at=moment + timedelta(days=day))

    assert first.counts == {"due": 1, "done": 1} and again.counts == {"due": 0, "done": 0}
    april = period_totals(tenant_id, Period(local_day(at("2026-04-01 00:00")), local_day(at("2026-05-01 00:00"))))
    march = period_totals(tenant_id, Period(local_day(at("2026-03-01 00:00")), local_day(at("2026-04-01 00:00"))))
    assert march[METER] == Decimal("3.548387")  # 5 GB x 22 / 31 days, 10 to 31 March
    assert april[METER] == Decimal("1.500000")  # 5 GB x 9 / 30 days so far
    advance("2026-04-04 00:00")
    line = _line(owner, METER)
    assert line["amount"] == "3.10"  # (3.548387 - 2 free) x 2.00
    assert sound()


def _line(owner, item: str):
    row = owner.get("/api/v1/billing/invoices/?reason=recurring").json()["results"][0]
    whole = owner.get(f"/api/v1/billing/invoices/{row['id']}/").json()
    return next(line for line in whole["lines"] if line["item"] == item)


def test_a_day_without_measure_keeps_the_level_and_removed_files_end_it(company_of_modules):
    company_of_modules("falan", "finance")
    tenant_id = tenant_of("falan").pk
    given_file("falan", "4")
    jobs.run("storage", at=at("2026-03-11 02:20"))
    with tenant_context(load_company(tenant_id)):
        Attachment.objects.all().delete()

    jobs.run("storage", at=at("2026-03-14 02:20"))  # 11 and 12 March were slept through
    jobs.run("storage", at=at("2026-03-15 02:20"))

    with shared_context():
        march = period_totals(tenant_id, Period(local_day(at("2026-03-01 00:00")), local_day(at("2026-04-01 00:00"))))
    assert march[METER] == Decimal("0.387097")  # 4 GB x 3 days (10, 11, 12) / 31


def test_a_draft_shows_the_usage_that_came_in_the_grace(company_of_modules):
    owner = company_of_modules("falan", "finance")
    advance("2026-04-01 00:00")
    before = owner.get("/api/v1/billing/invoices/?reason=recurring").json()["results"][0]
    given_readings("15000", at("2026-03-31 20:00"))

    outcome = jobs.run("finalise", at=at("2026-04-01 22:00"))

    after = owner.get("/api/v1/billing/invoices/?reason=recurring").json()["results"][0]
    assert (before["state"], before["total"]) == ("draft", "99.00")
    assert (after["state"], after["total"]) == ("draft", "109.00")  # (15,000 - 5,000 free) x 0.001 = 10.00
    assert outcome.counts["refreshed"] == 1
    assert jobs.run("finalise", at=at("2026-04-01 23:00")).counts["refreshed"] == 0


def test_the_minimum_of_a_plan_is_trued_up_for_the_days_that_were_billed(company_of_modules, march):
    plan = plans.draft(
        code="standard", name="", effective_from=local_day(march), grandfathered_until=None, at=march, actor=None,
        prices=[{"meter": "platform.device_readings", "interval": "month", "minimum": Decimal("31.00")}],
    )  # fmt: skip
    plans.publish(plan_id=plan.pk, at=march, actor=None)
    owner = company_of_modules("falan", "finance")
    given_readings("7000", march)

    advance("2026-04-04 00:00")

    row = owner.get("/api/v1/billing/invoices/?reason=recurring").json()["results"][0]
    # 31.00 x 22 / 31 days = 22.00; used (7,000 - 5,000) x 0.001 = 2.00; missing 20.00; next month 99.00
    assert (row["true_up"], row["total"]) == ("20.00", "121.00")
    assert PricePlan.objects.get(pk=plan.pk).prices.get(meter_id="platform.device_readings").minimum == 31
    assert sound()


def test_a_payer_is_suggested_by_the_title_on_the_invoice(company_of_modules, operator):
    owner = company_of_modules("falan", "finance")
    owner.patch("/api/v1/billing/account/", {"legal_name": "无锡法兰制造有限公司"}, format="json")

    counts = upload(operator, "S1,2026-03-12 10:00,70.26,CNY,无锡法兰制造有限公司,6222,服务费\n")

    line = operator.get("/api/v1/operator/bank/lines/").json()["results"][0]
    assert counts["suggested"] == 1
    assert (line["state"], line["suggested"]["number"]) == ("suggested", "INV-2026-000001")


def test_in_a_trial_the_preview_knows_the_yearly_price(company_of_modules):
    owner = company_of_modules("falan", "finance", trial_days=14)
    path = "/api/v1/billing/subscription/changes/preview/"
    steps = [{"do": "change_interval", "to": "year"}, {"do": "add", "item": "inventory"}]

    monthly = owner.post(path, {"changes": steps[1:]}, format="json").json()
    yearly = owner.post(path, {"changes": steps}, format="json").json()
    nowhere = owner.post(path, {"changes": [{"do": "change_interval"}]}, format="json")

    assert monthly["next_period"]["fixed_total"] == "228.00"  # 99.00 + 129.00
    assert (yearly["next_period"]["fixed_total"], yearly["due_now"]) == ("2280.00", "0.00")  # 990.00 + 1,290.00
    assert nowhere.status_code == 400
    quote, answer = add(owner, "inventory")
    assert answer.status_code == 201 and quote["due_now"] == "0.00"
