"""A company starts over: a fresh schema takes the place of the old one; people, address and subscription stay."""

from datetime import datetime

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _
from psycopg import sql

from tenants.context import Company, company_of
from tenants.db.admin import admin_connection
from tenants.db.roles import drop_schema
from tenants.db.template import schema_version
from tenants.errors import Forbidden
from tenants.models import Membership, Tenant
from tenants.services.archive import file_paths
from tenants.services.provisioning import fresh_schema, mirror_staff

ROOM = 1000  # for rows that are still being written into the old schema


def empty_company(*, company: Company, at: datetime) -> Company:
    """Replace the schema of a company that holds sample data by an empty one; answers the company as it is now.

    Runs in the shared context. Raises Forbidden for a company with data of its own. Requests that are under way when
    the schemas change find their tables gone and are refused; none of them can write into the fresh schema.
    """
    schema = fresh_schema()
    _count_on(company.schema_name, schema)
    with transaction.atomic():
        tenant = Tenant.objects.select_for_update().get(pk=company.id)
        if not tenant.is_demo:
            raise Forbidden(_("只有示例数据可以清空。"))
        old = company_of(tenant)
        tenant.schema_name, tenant.schema_version, tenant.is_demo = schema, schema_version(), False
        tenant.save(update_fields=["schema_name", "schema_version", "is_demo"])
    fresh = company_of(tenant)
    for row in Membership.objects.select_related("user").filter(tenant_id=company.id).order_by("id"):
        mirror_staff(fresh, row.user, is_active=row.status == Membership.Status.ACTIVE)
    for path in file_paths(old):
        default_storage.delete(path)
    with admin_connection() as admin:
        drop_schema(admin, old.schema_name)
    return fresh


def _count_on(old: str, fresh: str) -> None:
    # Ids go on where the old ones ended: what was written down elsewhere under an old id never meets a new row.
    with admin_connection() as admin:
        for name, last in admin.execute(
            "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = %s AND last_value IS NOT NULL", [old]
        ).fetchall():
            known = admin.execute(
                "SELECT coalesce(last_value, 0) FROM pg_sequences WHERE schemaname = %s AND sequencename = %s",
                [fresh, name],
            ).fetchone()
            if known is not None:
                highest = max(int(str(last)) + ROOM, int(str(known[0])))
                statement = sql.SQL("SELECT setval({}, {})")
                admin.execute(statement.format(sql.Literal(f'"{fresh}"."{name}"'), sql.Literal(highest)))
