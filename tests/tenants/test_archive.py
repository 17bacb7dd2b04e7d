"""A company takes all its data along, and nothing stays behind when it is removed."""

import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from kernel import audit
from kernel.models import AuditEntry
from tenants.context import Company, company_of, shared_context, tenant_context
from tenants.db.admin import admin_connection
from tenants.models import Membership, Tenant
from tenants.services.archive import BadArchive, export_company, import_company, purge_company


@pytest.fixture
def hongda_with_history(committed_db) -> Company:
    company = company_of(Tenant.objects.get(slug="hongda"))
    with tenant_context(company):
        audit.record(actor=None, action="voucher.post", object="voucher:17", label="记-12，含逗号\n和换行")
    return company


def test_archive_comes_back_equal_in_another_company(hongda_with_history, tmp_path: Path):
    target = tmp_path / "hongda.zip"
    before = export_company(company=hongda_with_history, target=target, at=timezone.now())

    copy = import_company(source=target, slug="hongda-2", at=timezone.now())

    after = export_company(company=copy, target=tmp_path / "again.zip", at=timezone.now())
    assert [t for t in after["tables"] if t["name"] != "kernel_staff"] == [
        t for t in before["tables"] if t["name"] != "kernel_staff"
    ]
    with tenant_context(copy):
        assert AuditEntry.objects.get(object="voucher:17").label == "记-12，含逗号\n和换行"
    assert Membership.objects.filter(tenant_id=copy.id, role="owner").count() == 1


def test_an_archive_that_cannot_be_written_is_a_sentence(hongda: Company, tmp_path: Path):
    with pytest.raises(CommandError, match="无法写入"):
        call_command("tenant_export", "hongda", str(tmp_path / "no such folder" / "hongda.zip"))


def test_damaged_archive_leaves_nothing_behind(hongda_with_history, tmp_path: Path):
    target = tmp_path / "hongda.zip"
    export_company(company=hongda_with_history, target=target, at=timezone.now())
    damaged = tmp_path / "damaged.zip"
    with zipfile.ZipFile(target) as old, zipfile.ZipFile(damaged, "w") as new:
        for item in old.namelist():
            content = old.read(item)
            new.writestr(item, content.replace("记-12".encode(), "记-13".encode()) if "audit" in item else content)

    with pytest.raises(BadArchive):
        import_company(source=damaged, slug="hongda-3", at=timezone.now())

    assert not Tenant.objects.filter(slug="hongda-3").exists()


def test_purge_removes_schema_role_and_shared_rows(committed_db):
    hengxin = company_of(Tenant.objects.get(slug="hengxin"))

    certificate = purge_company(company=hengxin, at=timezone.now())

    with admin_connection() as admin:
        schema = admin.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [hengxin.schema_name]).fetchone()
    with shared_context():
        assert not Membership.objects.filter(tenant_id=hengxin.id).exists()
        assert not Tenant.objects.filter(slug="hengxin").exists()
    assert schema is None
    assert certificate["tenant"] == "hengxin"


def test_not_an_archive_is_a_sentence(tmp_path: Path, db):
    wrong = tmp_path / "x.zip"
    wrong.write_text("not a zip")

    with pytest.raises(BadArchive, match="不是轻准的企业档案"):
        import_company(source=wrong, slug="hongda-4", at=timezone.now())
