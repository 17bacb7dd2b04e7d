"""`create_tenant` and `create_operator`: exact slug, active, a fresh token each time."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from rest_framework.test import APIClient

from apps.billing.models import Invoice, LedgerPosting, Subscription
from tenants.models import ModuleGrant, Tenant


def run(command: str, **options: object) -> dict[str, str]:
    out = StringIO()
    call_command(command, json=True, stdout=out, **options)
    return json.loads(out.getvalue())


def create(slug: str = "falan", modules: str = "finance,inventory") -> dict[str, str]:
    return run("create_tenant", slug=slug, name="法兰盘厂", owner_email=f"boss@{slug}.example", modules=modules)


def test_new_company_is_active_with_modules_and_a_token(committed_db: str):
    answer = create()

    tenant = Tenant.objects.get(slug="falan")
    subscription = Subscription.objects.of(tenant).get()
    assert answer["url"].startswith("http://falan.localhost")
    assert answer["token"] and answer["password"] and answer["owner"] == "boss@falan.example"
    assert (subscription.state, tenant.access) == ("active", "full")
    assert subscription.terms_accepted_at is not None
    assert sorted(ModuleGrant.objects.filter(tenant=tenant).values_list("module", "level")) == [
        ("finance", "full"),
        ("inventory", "full"),
    ]


def test_first_part_of_a_month_is_invoiced_at_once(committed_db: str):
    create()

    invoice = Invoice.objects.of(Tenant.objects.get(slug="falan")).get()
    postings = LedgerPosting.objects.filter(entry__source=f"invoice:{invoice.pk}:issue")
    assert invoice.reason == "trial_end"
    assert invoice.state == "open" and invoice.number.endswith("-000001")
    assert [line.item for line in invoice.lines.order_by("position")] == ["finance", "inventory"]
    assert sum(posting.amount for posting in postings) == 0


def test_second_call_changes_nothing_but_the_token(committed_db: str):
    first = create()

    second = create()

    assert first["token"] != second["token"]
    assert second["tenant"] == "falan" and second["owner"] == first["owner"]
    assert Invoice.objects.of(Tenant.objects.get(slug="falan")).count() == 1


def test_token_opens_the_company_and_no_other(committed_db: str):
    token = create()["token"]

    own = APIClient(HTTP_HOST="falan.localhost", HTTP_AUTHORIZATION=f"Token {token}")
    other = APIClient(HTTP_HOST="hengxin.localhost", HTTP_AUTHORIZATION=f"Token {token}")

    assert own.get("/api/v1/billing/subscription/").status_code == 200
    assert other.get("/api/v1/billing/subscription/").status_code == 404


@pytest.mark.parametrize("slug", ["A", "admin", "mit--strich", "x1-"])
def test_odd_slugs_are_refused_with_a_sentence(committed_db: str, slug: str):
    with pytest.raises(Exception, match="slug_"):
        create(slug=slug)


def test_operator_token_works_on_the_bare_domain_only(committed_db: str):
    token = run("create_operator", email="ops@qingzhun.example")["token"]

    bare = Client(HTTP_HOST="localhost", HTTP_AUTHORIZATION=f"Token {token}")
    company = Client(HTTP_HOST="hongda.localhost", HTTP_AUTHORIZATION=f"Token {token}")

    assert bare.get("/api/v1/operator/price-plans/").status_code == 200
    assert company.get("/api/v1/billing/subscription/").status_code == 404
