"""Two at once are safe: numbers without gap, one invoice a period, one change a key."""

from concurrent.futures import ThreadPoolExecutor

from django.db import connections, transaction

from apps.billing.models import Invoice, NumberSeries, Subscription, SubscriptionItem
from apps.billing.services import invariants, invoices, jobs
from tests.billing.case_kinds import billing_run
from tests.billing.conftest import at
from tests.billing.test_story import add


def test_twenty_finalised_at_once_have_twenty_numbers_without_a_gap(march):
    made = {"tenants": 20, "period": ["2026-02-01", "2026-03-01"], "at": "2026-03-04T00:00:00+08:00", "script": []}
    billing_run.run(made)
    jobs.JOBS["start_periods"](at("2026-03-02 00:00"))  # drafts that wait for late usage
    ids = list(Invoice.objects.across_tenants().filter(number=None).order_by("id").values_list("id", flat=True))

    def finalise(invoice_id: int) -> str | None:
        try:
            done = invoices.finalise(invoice_id=invoice_id, at=march, early=True)
            return done.number if done else None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(finalise, ids * 2))  # each of them twice

    assert sorted(filter(None, set(numbers))) == [f"INV-2026-{number:06d}" for number in range(1, 21)]
    assert NumberSeries.objects.get(series="INV-2026").last == 20
    assert all(row["ok"] for row in invariants.check_all().values())


def test_a_run_by_many_workers_with_a_crash_bills_everybody_once(committed_db):
    answer = billing_run.run(
        {
            "tenants": 6,
            "period": ["2026-02-01", "2026-03-01"],
            "at": "2026-03-04T00:00:00+08:00",
            "script": [{"op": "crash_after", "commits": 2}, {"op": "run_parallel", "workers": 3}, {"op": "run"}],
        }
    )

    assert (answer["invoices"], answer["distinct_numbers"], answer["errors"]) == (6, 6, 0)
    assert answer["lines_unchanged"] is True
    assert answer["last_numbers"] == {"2026": 6}


def test_a_poison_company_is_recorded_and_stops_nobody(march):
    billing_run.run({"tenants": 3, "period": ["2026-02-01", "2026-03-01"], "script": []})
    poison = Subscription.objects.across_tenants().order_by("id")[0]
    with transaction.atomic():
        Subscription.objects.of(poison.tenant_id).update(anchor_date=None)

    outcome = jobs.run("start_periods", at=at("2026-03-04 00:00"))

    assert [row["tenant"] for row in outcome.failed] == ["case-t0"]
    assert Invoice.objects.across_tenants().filter(reason="recurring").count() == 2


def test_double_click_buys_once(company_of_modules):
    owner = company_of_modules("falan", "finance")
    _quote, first = add(owner, "seat")
    _quote, second = add(owner, "seat", key="k-2")

    rows = SubscriptionItem.objects.across_tenants().filter(item="seat", valid_to=None)
    assert (first.status_code, second.status_code) == (201, 201)
    assert [row.quantity for row in rows] == [2]
