"""The backend fails closed: no company, no rows; no switch inside a transaction; no stacked statement."""

from contextlib import nullcontext

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.db.utils import OperationalError, ProgrammingError

from kernel.models import Staff
from tenants.context import Company, shared_context, tenant_context
from tenants.db.admin import admin_connection
from tenants.db.base import NoTenantError, TenantSwitchError
from tenants.db.prepared import Prepared, planned_when_repeated
from tenants.db.roles import roles_are_shared, working_role
from tenants.models import Tenant


def test_company_rows_need_a_company(db):
    with pytest.raises(NoTenantError):
        list(Staff.objects.all())


def test_staff_mirror_is_read_inside_the_company(hongda: Company):
    with tenant_context(hongda):
        names = list(Staff.objects.order_by("user_id").values_list("name", flat=True))

    assert names == ["李敏", "王波"]


def test_shared_tables_are_out_of_reach_inside_a_company(in_hongda):
    with pytest.raises(ProgrammingError), transaction.atomic():
        list(Tenant.objects.all())


def test_no_switch_inside_a_transaction(committed_db):
    company = Company(id=1, slug="x", name="x", schema_name="t_x")
    with pytest.raises(TenantSwitchError), transaction.atomic(), tenant_context(company):
        pass


OTHERS_BY_NAME = "SELECT count(*) FROM {other}.kernel_staff"
ATTACKS = [
    "SELECT count(*) FROM public.tenants_tenant",
    OTHERS_BY_NAME,
    "SELECT query_to_xml('SELECT * FROM {other}.kernel_staff', true, false, '')",
    "CREATE TABLE stolen (id int)",
    "CREATE TEMP TABLE stolen (id int)",
    "DROP TABLE kernel_staff",
    "SELECT pg_read_file('/etc/passwd')",
    "COPY kernel_staff TO PROGRAM 'cat'",
    "SELECT 1; RESET ROLE",
    "SELECT set_config('role', 'postgres', false)",
    "UPDATE pg_settings SET setting = '{other}' WHERE name = 'search_path'",
    "DO $$ BEGIN PERFORM 1; END $$",
    "UPDATE kernel_auditentry SET label = 'x'",
    "DELETE FROM kernel_auditentry",
    "TRUNCATE kernel_auditentry",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_injected_statement_is_denied(hongda: Company, hengxin: Company, attack: str):
    # The one thing that a role for all companies cannot deny: a query that knows the random name of another's schema.
    passes = roles_are_shared() and attack == OTHERS_BY_NAME

    with (
        tenant_context(hongda),
        nullcontext() if passes else pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(attack.format(other=hengxin.schema_name))


def test_role_and_path_belong_to_the_company(hongda: Company):
    with tenant_context(hongda), connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_schemas(true)")
        role, path = cursor.fetchone()

    assert role == working_role(hongda.schema_name)
    assert path == ["pg_catalog", hongda.schema_name] or path == [hongda.schema_name, "pg_catalog"]


def test_a_server_that_went_away_is_an_outage_and_no_fault_of_the_switch(committed_db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    with admin_connection() as admin:
        admin.execute("SELECT pg_terminate_backend(%s, 10000)", [backend])  # and wait until it is gone
    connection._applied = None  # as if the next request were another company's

    try:
        with pytest.raises(OperationalError):
            connection.cursor()
    finally:
        connections.close_all()


def test_rollback_does_not_leave_the_wrong_company(hongda: Company):
    with tenant_context(hongda):
        with pytest.raises(RuntimeError), transaction.atomic():
            Staff.objects.create(user_id=99, name="临时")
            raise RuntimeError
        assert not Staff.objects.filter(user_id=99).exists()
    with shared_context():
        assert Tenant.objects.filter(slug="hongda").exists()


def test_a_prepared_statement_reads_the_company_it_is_sent_in(hongda: Company, hengxin: Company):
    names = Prepared("SELECT array_agg(name ORDER BY user_id) FROM kernel_staff WHERE user_id > %s")

    def read(company: Company) -> list[str]:
        with tenant_context(company), connection.cursor() as cursor:
            cursor.execute(names, [0])
            return list(cursor.fetchone()[0])

    # Often enough for the server to keep one plan for all values.
    answers = [(read(hongda), read(hengxin)) for _ in range(8)]

    assert answers == [(["李敏", "王波"], ["陈诚"])] * 8


def test_what_is_repeated_is_planned_once_and_only_while_it_is_wanted(hongda: Company, hengxin: Company):
    def known(company: Company) -> int:
        with tenant_context(company):
            return Staff.objects.filter(is_active=True).count()

    def kept() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_prepared_statements")
            return int(cursor.fetchone()[0])

    with planned_when_repeated():
        inside = [(known(hongda), known(hengxin)) for _ in range(8)]
        planned = kept()
    outside = (known(hongda), known(hengxin))

    assert inside == [(2, 1)] * 8
    assert outside == (2, 1)
    assert planned >= 1
    assert kept() == 0
    assert connection.connection.prepare_threshold == 0


def test_a_prepared_statement_needs_a_company(db):
    with pytest.raises(NoTenantError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(Prepared("SELECT name FROM kernel_staff WHERE user_id = %s"), [1])
