"""数据导出 and 一键清空 from the page to the last row: they commit, so each has a database of its own."""

import io
import json
import zipfile

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from kernel import attachments
from kernel.clock import now
from kernel.models import Attachment, AuditEntry, Job, Notification, Staff
from tenants.context import company_of, load_company, tenant_context
from tenants.models import Membership, Tenant
from tests.kernel.sheets import body, upload

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64


@pytest.fixture
def alice_at_home(committed_db) -> Client:
    membership = Membership.objects.select_related("user", "tenant").get(user__email="alice@hongda.example")
    client = Client(HTTP_HOST="hongda.localhost")
    session = client.session
    session.update({"user_id": membership.user_id, "tenant_id": membership.tenant_id})
    session.save()
    client.cookies["qz_session"] = str(session.session_key)
    return client


def test_the_archive_is_written_by_a_job_and_fetched_as_a_download(alice_at_home):
    hongda = company_of(Tenant.objects.get(slug="hongda"))
    Tenant.objects.filter(pk=hongda.id).update(access="export_only")
    with tenant_context(hongda):
        drawing = attachments.store(upload("图纸.png", PNG), member=None, stored_at=now())
    archives = []

    for _turn in range(2):
        ordered = alice_at_home.post("/company/export/")
        with tenant_context(hongda):
            archives.append(Attachment.objects.get(owner="company:export").path)
        progress = alice_at_home.get(ordered["Location"], HTTP_HX_REQUEST="true").content.decode()
    page = alice_at_home.get("/company/export/").content.decode()

    assert "hx-trigger" not in progress and "下载" in progress
    with tenant_context(hongda):
        kept = Attachment.objects.get(owner="company:export")  # the second took the place of the first
        assert Job.objects.filter(kind="company.export", state="done", total__gt=10).count() == 2
        assert Notification.objects.filter(kind="job", is_bad=False).count() == 2
    assert f"/files/{kept.pk}/" in page
    fetched = alice_at_home.get(f"/files/{kept.pk}/")
    assert fetched["Content-Disposition"].startswith("attachment")
    with zipfile.ZipFile(io.BytesIO(body(fetched))) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert manifest["company"]["slug"] == "hongda"
        assert "tables/kernel_staff.csv" in archive.namelist()
        inside = {entry["path"] for entry in manifest["files"]}
        assert drawing.path.partition("/")[2] in inside
        assert not {path.partition("/")[2] for path in archives} & inside


def test_clearing_sample_data_leaves_people_and_nothing_else(alice_at_home):
    Tenant.objects.filter(slug="hongda").update(is_demo=True)
    before = company_of(Tenant.objects.get(slug="hongda"))
    with tenant_context(before):
        kept = attachments.store(upload("图纸.png", PNG), member=None, stored_at=now())
        last = AuditEntry.objects.create(
            at=now(), actor_name="李敏", action="item.create", object="item:1", label="M6-BOLT"
        )

    answer = alice_at_home.post("/company/settings/clear/", {"name": before.name})
    after = load_company(before.id)

    assert answer.status_code == 302
    assert after.schema_name != before.schema_name and not after.is_demo
    assert after.modules == before.modules
    assert not default_storage.exists(kept.path)
    with tenant_context(after):
        assert set(Staff.objects.values_list("name", flat=True)) == {"李敏", "王波"}
        entry = AuditEntry.objects.get()
        assert (entry.action, entry.pk > last.pk) == ("company.clear", True)  # old ids never come back
        assert Attachment.objects.count() == 0
    assert alice_at_home.get("/").status_code == 200
    assert alice_at_home.post("/company/settings/clear/", {"name": before.name}).status_code == 403
