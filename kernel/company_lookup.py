"""The company that a command names by its slug."""

from django.core.management.base import CommandError

from tenants.context import Company, company_of
from tenants.models import Tenant


def company_by_slug(slug: str) -> Company:
    """Raises CommandError when there is none."""
    tenant = Tenant.objects.filter(slug=slug, state=Tenant.State.ACTIVE).first()
    if tenant is None:
        raise CommandError(f"没有企业 {slug}。")
    return company_of(tenant)
