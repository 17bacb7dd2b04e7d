"""示例数据 in an ordinary company: loaded where nothing is yet, metered for nobody, cleared by a click."""

import pytest
from django.test import Client

from apps.billing.models import UsageEvent
from apps.billing.services.companies import create_company
from apps.finance.models import Voucher
from kernel import audit, jobs
from kernel.clock import now
from kernel.models import Job, WebhookDelivery
from tenants.context import load_company, tenant_context
from tenants.models import Membership, Tenant

LOAD = "/company/settings/sample/"


@pytest.fixture
def zhao(committed_db) -> Client:
    """赵铁 has just signed up 诚信铸造, with 轻财务."""
    made = create_company(
        slug="chengxin", name="诚信铸造", owner_email="zhao@chengxin.example", modules=["finance"], at=now()
    )
    membership = Membership.objects.get(tenant_id=made.tenant_id)
    client = Client(HTTP_HOST="chengxin.localhost")
    session = client.session
    session.update({"user_id": membership.user_id, "tenant_id": made.tenant_id})
    session.save()
    client.cookies["qz_session"] = str(session.session_key)
    return client


def company():
    return load_company(Tenant.objects.get(slug="chengxin").pk)


def test_the_owner_loads_the_story_and_clears_it(zhao, monkeypatch):
    before = zhao.get("/").content.decode()

    monkeypatch.setattr(jobs, "_queue", [])  # a worker takes it, outside any request
    ordered = zhao.post(LOAD)
    with tenant_context(company()):
        jobs.run(Job.objects.get().pk, now=now())

    assert "载入示例数据" in before and "company/settings/clear/" not in before
    assert ordered.status_code == 302 and ordered["Location"].startswith("/jobs/")
    with tenant_context(company()):
        assert Job.objects.get().state == "done"
        assert Voucher.objects.filter(state="posted").count() > 100  # twelve months of a flange maker
        assert not WebhookDelivery.objects.exists()
    assert not UsageEvent.objects.across_tenants().filter(meter="finance.vouchers_posted").exists()
    assert Membership.objects.filter(tenant__slug="chengxin").count() == 1  # its people are names only
    page = zhao.get("/").content.decode()
    assert "载入示例数据" not in page and "company/settings/clear/" in page
    assert zhao.post(LOAD).status_code == 403
    assert zhao.post("/company/settings/clear/", {"name": "诚信铸造"}).status_code == 302
    with tenant_context(company()):
        assert not Voucher.objects.exists()
    assert not company().is_demo


def test_a_company_with_data_of_its_own_is_left_alone(zhao):
    with tenant_context(company()):
        audit.record(actor=None, action="item.create", object="item:1", label="M6-BOLT")

    answer = zhao.post(LOAD)

    assert answer.status_code == 403 and not company().is_demo
    assert "载入示例数据" not in zhao.get("/").content.decode()


def test_only_the_owner_is_asked(zhao):
    Membership.objects.filter(tenant__slug="chengxin").update(role="admin")

    assert "载入示例数据" not in zhao.get("/").content.decode()
    assert zhao.post(LOAD).status_code == 403
