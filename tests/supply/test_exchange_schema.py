"""The exchange schema in the database itself."""

from django.db import connection

from apps.supply.selectors.proofs import open_doors
from tenants.context import company_of, tenant_context
from tenants.db.admin import admin_connection
from tenants.db.roles import working_role
from tenants.models import Tenant


def test_a_company_runs_nothing_as_the_owner_and_sees_nothing(hongda):
    with tenant_context(hongda), connection.cursor() as cursor:
        cursor.execute("SELECT exchange.mine(), current_setting('role')")
        mine, role = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM exchange.doc_version")
        count = cursor.fetchone()[0]

    assert (mine, role, count) == ([], working_role(hongda.schema_name), 0)


def test_the_doctor_names_a_lock_that_was_taken_off(committed_db):
    hongda = company_of(Tenant.objects.get(slug="hongda"))
    with tenant_context(hongda):
        before = open_doors()
    with admin_connection() as admin:
        admin.execute("ALTER TABLE exchange.access NO FORCE ROW LEVEL SECURITY")
    with tenant_context(hongda):
        after = open_doors()

    assert (before, after) == ([], ["table exchange.access is not behind row security"])
