"""A company comes: claim a ready schema, write the shared rows, mirror its first member."""

import re
import secrets
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from tenants import hooks
from tenants.context import Company, company_of, tenant_context
from tenants.db.admin import admin_connection
from tenants.db.template import build_schema, schema_version
from tenants.errors import SlugRefused
from tenants.models import Domain, Membership, SchemaPool, Tenant, User

# fmt: off
RESERVED_SLUGS = frozenset({
    "admin", "api", "app", "apps", "assets", "auth", "billing", "blog", "cdn", "console", "dev", "docs",
    "download", "files", "ftp", "g", "guest", "help", "imap", "invoice", "localhost", "login", "mail",
    "media", "news", "ns1", "ns2", "operator", "pay", "payment", "pop", "portal", "public", "register",
    "root", "security", "shop", "signin", "signup", "smtp", "static", "status", "store", "support", "system",
    "test", "tenant", "user", "users", "webmail", "wiki", "www",
})
# fmt: on
_SLUG = re.compile(r"^[a-z0-9](?:[a-z0-9-]{1,38})[a-z0-9]$")
POOL_SIZE = 5


def check_slug(slug: str) -> str:
    """The slug as it may be used. Raises SlugRefused: odd form, reserved, or taken."""
    if not _SLUG.match(slug) or "--" in slug:
        raise SlugRefused(
            _("访问地址只能用 3 到 40 个小写字母、数字和连字符，且以字母或数字开头和结尾。"), "slug_invalid"
        )
    if slug in RESERVED_SLUGS or slug.startswith(("t-", "qz-")):
        raise SlugRefused(_("“%(slug)s”是系统保留的地址，请换一个。") % {"slug": slug}, "slug_reserved")
    if Tenant.objects.filter(slug=slug).exists():
        raise SlugRefused(_("“%(slug)s”已被使用，请换一个。") % {"slug": slug}, "slug_taken")
    return slug


def provision_company(
    *,
    slug: str,
    name: str,
    owner: User,
    created_at: datetime,
    is_demo: bool = False,
    exact_slug_checked: bool = False,
) -> Company:
    """Make a company whose owner is `owner`; ready to work when this returns, nothing left behind when it raises.

    Runs in the shared context. Raises SlugRefused.
    """
    if not exact_slug_checked:
        check_slug(slug)
    schema = fresh_schema()
    with transaction.atomic():
        tenant = Tenant.objects.create(
            slug=slug,
            name=name,
            schema_name=schema,
            schema_version=schema_version(),
            created_at=created_at,
            is_demo=is_demo,
        )
        Domain.objects.create(tenant=tenant, domain=f"{slug}.{settings.QZ_BASE_DOMAIN}", is_primary=True)
        Membership.objects.create(tenant=tenant, user=owner, role="owner")
    company = company_of(tenant)
    mirror_staff(company, owner, is_active=True)
    return company


def mirror_staff(company: Company, user: User, *, is_active: bool) -> None:
    """Tell the company's own schema the name of a member. Not inside a transaction: it enters the company."""
    row = hooks.StaffRow(user.pk, user.name, is_active)
    with tenant_context(company):
        for listener in hooks.staff_listeners:
            listener(row)


def fresh_schema() -> str:
    """An empty schema of the code's version: out of the pool, else made now."""
    return claim_schema() or _make_now()


def claim_schema() -> str | None:
    """Take one ready schema out of the pool; two sign-ups at once never get the same. None when the pool is empty."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM tenants_schemapool WHERE schema_name = (SELECT schema_name FROM tenants_schemapool "
            "WHERE schema_version = %s ORDER BY created_at, schema_name LIMIT 1 FOR UPDATE SKIP LOCKED) "
            "RETURNING schema_name",
            [schema_version()],
        )
        row = cursor.fetchone()
    return str(row[0]) if row else None


def _make_now() -> str:
    name = f"t_{secrets.token_hex(6)}"
    with admin_connection() as admin:
        build_schema(admin, name)
    return name


def refill_pool(*, size: int = POOL_SIZE) -> int:
    """Make schemas until `size` of the code's version are waiting; returns how many were made."""
    missing = size - SchemaPool.objects.filter(schema_version=schema_version()).count()
    for _number in range(max(0, missing)):
        SchemaPool.objects.create(schema_name=_make_now(), schema_version=schema_version())
    return max(0, missing)
