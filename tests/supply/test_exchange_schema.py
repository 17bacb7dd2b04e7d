"""The exchange schema in the database itself."""

from django.db import connection

from tenants.context import tenant_context


def test_a_company_runs_nothing_as_the_owner_and_sees_nothing(hongda):
    with tenant_context(hongda), connection.cursor() as cursor:
        cursor.execute("SELECT exchange.mine(), current_setting('role')")
        mine, role = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM exchange.doc_version")
        count = cursor.fetchone()[0]

    assert (mine, role, count) == ([], hongda.schema_name, 0)
