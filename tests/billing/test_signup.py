"""Signing up: the same answer for everybody, a code by mail, a company that works at once."""

from django.core import mail
from rest_framework.test import APIClient
from zeal import zeal_ignore

from tests.billing.conftest import advance, client

FORM = {
    "company": "法兰盘厂", "slug": "falan", "owner_name": "李敏", "owner_email": "limin@falan.example",
    "password": "Falan-pan-2026!", "modules": ["finance"], "interval": "month", "alignment": "calendar",
    "accept_terms": True,
}  # fmt: skip


def visitor() -> APIClient:
    return APIClient(HTTP_HOST="localhost")


def test_a_visitor_gets_a_company_on_trial_and_a_token_once(march):
    begun = visitor().post("/api/v1/signup/", FORM, format="json")
    address = f"/api/v1/signup/{begun.json()['signup']}/"
    wrong = visitor().post(f"{address}confirm/", {"code": "000000x"}, format="json")
    right = visitor().post(f"{address}confirm/", {"code": begun.json()["test_code"]}, format="json")
    ready, later = visitor().get(address).json(), visitor().get(address).json()

    assert (begun.status_code, begun.json()["status"]) == (202, "awaiting_email")
    assert begun.json()["test_code"] in mail.outbox[0].body
    assert (wrong.status_code, right.status_code) == (400, 202)
    assert ready["status"] == "ready" and ready["tenant"].startswith("falan-") and len(ready["tenant"]) == 10
    assert ready["token"] and later["token"] is None
    owner = client(f"{ready['tenant']}.localhost", ready["token"])
    assert owner.get("/api/v1/billing/subscription/").json()["state"] == "trialing"


def test_known_names_and_mailboxes_get_the_same_answer(march):
    taken = visitor().post("/api/v1/signup/", {**FORM, "slug": "hongda"}, format="json")
    known = visitor().post("/api/v1/signup/", {**FORM, "owner_email": "alice@hongda.example"}, format="json")
    fresh = visitor().post(
        "/api/v1/signup/", {**FORM, "slug": "ganz-neu", "owner_email": "neu@x.example"}, format="json"
    )

    assert {answer.status_code for answer in (taken, known, fresh)} == {202}
    assert {tuple(sorted(answer.json())) for answer in (taken, known, fresh)} == {("signup", "status", "test_code")}


def test_bad_forms_are_refused_with_the_field(march):
    for field, value in (("slug", "A b"), ("owner_email", "x"), ("accept_terms", False), ("modules", ["gold"])):
        answer = visitor().post("/api/v1/signup/", {**FORM, field: value}, format="json")
        assert answer.status_code == 400, field

    weak = visitor().post("/api/v1/signup/", {**FORM, "password": "12345678"}, format="json")
    assert weak.status_code == 400 and "password" in weak.json()["fields"]


def test_price_list_and_estimate_are_public(march):
    pricing = visitor().get("/api/v1/pricing/").json()
    body = {"modules": ["finance"], "seats": 5, "usage": {"platform.api_calls": "30001"}, "yearly_revenue": "1000000"}
    estimate = visitor().post("/api/v1/pricing/estimate/", body, format="json").json()

    assert (pricing["plan"], pricing["version"], pricing["trial_days"]) == ("standard", 1, 14)
    assert {row["item"]: row["month"] for row in pricing["items"]}["finance"] == "99.00"
    # 99.00 + 2 seats at 20.00 + 2 packages at 5.00 (10,001 calls beyond 20,000) = 149.00; 1,788.00 a year
    assert (estimate["monthly"], estimate["yearly"], estimate["percent_of_revenue"]) == ("149.00", "1788.00", "0.18")


def test_clock_runs_forward_only(operator):
    with zeal_ignore():  # the jobs go company by company on purpose
        answer = operator.post(
            "/api/v1/operator/test-clock/advance/", {"to": "2026-03-12T00:00:00+08:00"}, format="json"
        )
    back = operator.post("/api/v1/operator/test-clock/advance/", {"to": "2026-03-01T00:00:00+08:00"}, format="json")

    assert answer.status_code == 200 and answer.json()["now"] == "2026-03-12T00:00:00+08:00"
    assert back.status_code == 400
    assert operator.get("/api/v1/operator/test-clock/").json()["frozen"] is True


def test_operator_reads_his_lists(company_of_modules, operator):
    company_of_modules("falan", "finance")
    names = ("price-plans", "tenants", "tenants/falan", "subscriptions", "invoices", "bank/lines", "usage/health",
             "usage/quarantine", "dunning", "ledger/trial-balance", "ledger/entries", "audit", "jobs")  # fmt: skip

    answers = {name: operator.get(f"/api/v1/operator/{name}/") for name in names}

    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(names, 200)
    assert answers["tenants/falan"].json()["mrr"] == "99.00"
    assert answers["ledger/trial-balance"].json()["sum"] == "0.00"
    job = operator.post("/api/v1/operator/jobs/invariants/run/").json()
    assert all(row["ok"] for row in job["results"].values())


def test_new_price_version_names_whom_it_touches_and_comes_at_a_renewal(company_of_modules, operator):
    owner = company_of_modules("falan", "finance")
    draft = {
        "effective_from": "2026-04-15",
        "prices": [{"item": "finance", "interval": "month", "unit_price": "109.00"}],
    }
    plan = operator.post("/api/v1/operator/price-plans/", draft, format="json").json()
    impact = operator.get(f"/api/v1/operator/price-plans/{plan['id']}/impact/").json()
    published = operator.post(f"/api/v1/operator/price-plans/{plan['id']}/publish/")
    again = operator.post(f"/api/v1/operator/price-plans/{plan['id']}/publish/")

    assert [(row["tenant"], row["old"], row["new"], row["difference"]) for row in impact] == [
        ("falan", "99.00", "109.00", "10.00")
    ]
    assert (published.status_code, again.status_code) == (200, 409)
    advance("2026-05-05 00:00")
    totals = [row["total"] for row in owner.get("/api/v1/billing/invoices/?reason=recurring").json()["results"]]
    assert totals == ["109.00", "99.00"]  # May, April
