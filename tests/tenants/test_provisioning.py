"""A company comes in a moment, from the pool or without it; two sign-ups never get the same schema."""

import re
import threading
import time

import pytest
from django.db import connections
from django.utils import timezone

from kernel.models import AuditEntry, Staff
from tenants.context import tenant_context
from tenants.db.admin import admin_connection
from tenants.db.roles import roles_are_shared, working_role
from tenants.db.template import TEMPLATE, mark_template, refuse_other_roles, schema_version
from tenants.embedded.errors import EmbeddedError
from tenants.embedded.paths import PROJECT
from tenants.embedded.prepared import DatabaseMark
from tenants.errors import SlugRefused
from tenants.models import SchemaPool, Tenant, User
from tenants.services.provisioning import check_slug, claim_schema, provision_company, refill_pool

ODD_SLUGS = ["", "ab", "-abc", "abc-", "Hong", "宏达", "a--b", "a" * 41, "a b c", "a.b.c", "drop;--", "🙂🙂🙂"]


@pytest.mark.parametrize("slug", ODD_SLUGS)
def test_odd_slugs_are_refused_with_a_sentence(db, slug):
    with pytest.raises(SlugRefused) as refusal:
        check_slug(slug)

    assert refusal.value.code == "slug_invalid"


def test_reserved_and_taken_slugs(db):
    for slug, code in (("admin", "slug_reserved"), ("operator", "slug_reserved"), ("hongda", "slug_taken")):
        with pytest.raises(SlugRefused) as refusal:
            check_slug(slug)
        assert refusal.value.code == code


@pytest.mark.parametrize("name", ["🏭 工厂", "𠮷野家具", "厂" * 200])
def test_names_with_emoji_rare_characters_or_great_length(committed_db, name):
    owner = User.objects.get(email="alice@hongda.example")

    company = provision_company(slug="odd-name", name=name, owner=owner, created_at=timezone.now())

    assert Tenant.objects.get(pk=company.id).name == name


def test_new_company_is_usable_at_once(committed_db):
    refill_pool(size=1)
    owner = User.objects.get(email="alice@hongda.example")
    started = time.perf_counter()

    company = provision_company(slug="xinchang", name="新厂", owner=owner, created_at=timezone.now())

    assert time.perf_counter() - started < 3
    with tenant_context(company):
        assert list(Staff.objects.values_list("name", flat=True)) == ["李敏"]
        assert not AuditEntry.objects.exists()
    assert SchemaPool.objects.count() == 0


def test_two_sign_ups_never_share_a_schema(committed_db):
    refill_pool(size=4)
    claimed, gate = [], threading.Barrier(4)

    def claim() -> None:
        gate.wait()
        claimed.append(claim_schema())
        connections.close_all()

    threads = [threading.Thread(target=claim) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(claimed)) == 4
    assert None not in claimed


def test_copy_of_the_template_equals_a_migrated_schema(hongda):
    """Columns, constraints, indexes, triggers and grants of a company are those that migrations make."""
    with admin_connection() as admin:
        pictures = [_picture(admin, name) for name in (TEMPLATE, hongda.schema_name)]

    assert pictures[0] == pictures[1]
    assert len(pictures[0]) > 50


CATALOGUE = (
    "SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable "
    "|| ' ' || coalesce(column_default, '') "
    "FROM information_schema.columns WHERE table_schema = %(s)s",
    "SELECT conrelid::regclass::text || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE connamespace = %(s)s::regnamespace AND contype <> 'n'",
    "SELECT indexdef FROM pg_indexes WHERE schemaname = %(s)s",
    "SELECT tgrelid::regclass::text || ' ' || pg_get_triggerdef(t.oid) "
    "FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid "
    "WHERE c.relnamespace = %(s)s::regnamespace AND NOT tgisinternal",
    "SELECT table_name || ' ' || privilege_type FROM information_schema.role_table_grants "
    "WHERE table_schema = %(s)s AND grantee = %(role)s",
)


def _picture(admin, schema: str) -> list[str]:
    values = {"s": schema, "role": working_role(schema)}
    rows = [str(row[0]) for query in CATALOGUE for row in admin.execute(query, values).fetchall()]
    return sorted(_plain(row.replace(schema, "S")) for row in rows)


def _plain(definition: str) -> str:
    """A definition that went through a dump carries its casts and brackets elsewhere; its meaning is the same."""
    return re.sub(r"::character varying|::text(\[\])?|[()]", "", definition)


def test_version_is_that_of_the_code(hongda):
    assert hongda.schema_version == schema_version()


def test_the_database_remembers_who_brought_it_up(committed_db):
    mark_template("a mark")

    with admin_connection() as admin:
        remembered = DatabaseMark(PROJECT, admin.info.dsn + f" password={admin.info.password}", ()).stored()

    assert remembered == "a mark"


def test_a_database_does_not_go_over_to_the_other_kind_of_roles(committed_db, settings):
    settings.TENANT_ROLES = "company" if roles_are_shared() else "shared"

    with admin_connection() as admin, pytest.raises(EmbeddedError, match="TENANT_ROLES"):
        refuse_other_roles(admin)
