"""The demo company: built through the services, whole, once."""

import json
from io import StringIO

from django.core.management import call_command

from kernel.models import AuditEntry
from tenants.context import company_of, tenant_context
from tenants.models import Tenant


def test_demo_company_is_built_once(committed_db, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    call_command("demo", stdout=StringIO())
    company = company_of(Tenant.objects.get(slug="demo"))
    with tenant_context(company):
        entries = AuditEntry.objects.count()

    call_command("demo", stdout=StringIO())

    with tenant_context(company):
        assert AuditEntry.objects.count() == entries
        assert AuditEntry.objects.filter(action="period.close").count() == 11  # twelve months, the last one is running
    people = json.loads((tmp_path / "sign_ins.json").read_text())["people"]
    assert {person["role"] for person in people} >= {"老板", "会计", "出纳", "运营"}
