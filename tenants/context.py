"""Which company this thread works for. Everything tenant-bound reads it from the connection, never from a global."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TypeVar, cast

from django.db import connection

from tenants.db.base import SHARED, DatabaseWrapper, NoTenantError
from tenants.models import ModuleGrant, Tenant

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Company:
    """What the code above the ground may know of the company it works for; plain values, no model."""

    id: int
    slug: str
    name: str
    schema_name: str
    access: str = "full"
    access_code: str = ""
    access_message: str = ""
    access_invoice: int | None = None
    seats: int = 3
    is_demo: bool = False
    schema_version: str = ""
    storage_quota_mb: int = 2048
    modules: dict[str, str] = field(default_factory=dict)  # module -> full | export_only


_NOBODY = SimpleNamespace(schema_name=SHARED)


def _wrapper() -> DatabaseWrapper:
    return cast(DatabaseWrapper, connection)


def company_of(tenant: Tenant) -> Company:
    """Freeze a tenant row with its grants (one query). Call in the shared context."""
    modules = dict(ModuleGrant.objects.filter(tenant=tenant).order_by("module").values_list("module", "level"))
    return Company(
        id=tenant.pk,
        slug=tenant.slug,
        name=tenant.name,
        schema_name=tenant.schema_name,
        access=tenant.access,
        access_code=tenant.access_code,
        access_message=tenant.access_message,
        access_invoice=tenant.access_invoice,
        seats=tenant.seats,
        is_demo=tenant.is_demo,
        schema_version=tenant.schema_version,
        storage_quota_mb=tenant.storage_quota_mb,
        modules=modules,
    )


def load_company(tenant_id: int) -> Company:
    """The company by id, whatever context we stand in. Raises Tenant.DoesNotExist."""
    with shared_context():
        return company_of(Tenant.objects.get(pk=tenant_id, state=Tenant.State.ACTIVE))


def current_company_or_none() -> Company | None:
    tenant = _wrapper().tenant
    return tenant if isinstance(tenant, Company) else None


def current_company() -> Company:
    """The company of this thread. Raises NoTenantError outside any."""
    company = current_company_or_none()
    if company is None:
        raise NoTenantError("No company is set.")
    return company


@contextmanager
def tenant_context(company: Company) -> Iterator[Company]:
    """Work inside `company`'s schema and role; restores what was before. Refused inside a transaction."""
    before = _wrapper().tenant
    _wrapper().set_tenant(company)
    try:
        yield company
    finally:
        _wrapper().set_tenant(before)


@contextmanager
def shared_context() -> Iterator[None]:
    """Work on the shared tables (people, companies, billing), then restore. Refused inside a transaction."""
    before = _wrapper().tenant
    _wrapper().set_tenant(_NOBODY)
    try:
        yield
    finally:
        _wrapper().set_tenant(before)


def leave_company() -> None:
    """Back to the shared tables, at the edge of a request or task."""
    _wrapper().set_tenant(_NOBODY)


def stay_in(company: Company, chunks: Iterable[T]) -> Iterator[T]:
    """Stream `chunks` while standing in `company`: a streamed answer is read after its request has ended."""
    iterator = iter(chunks)
    while True:
        with tenant_context(company):
            try:
                chunk = next(iterator)
            except StopIteration:
                return
        yield chunk


def all_company_ids() -> list[int]:
    """Ids of the active companies, oldest first."""
    with shared_context():
        return list(Tenant.objects.filter(state=Tenant.State.ACTIVE).order_by("id").values_list("id", flat=True))
