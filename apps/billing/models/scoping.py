"""Rows of a company are reached through the company: there is no bare `.all()` on a table that holds several."""

from typing import Any, TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)


class UnscopedQuery(RuntimeError):
    """A query on tenant-owned rows named neither one company nor, deliberately, all of them."""


class TenantManager(models.Manager[M]):
    """`.of(tenant)` for one company; `.across_tenants()` for the operator's code listed by the architecture test.

    A related manager (`invoice.lines`) is scoped by its owner and works as usual.
    """

    def get_queryset(self) -> models.QuerySet[M]:
        if getattr(self, "instance", None) is None:
            raise UnscopedQuery(f"{self.model.__name__}: say .of(tenant) or .across_tenants().")
        return super().get_queryset()

    def of(self, tenant: Any) -> models.QuerySet[M]:
        """Rows of one company, given as row, `Company` or id."""
        tenant_id = tenant if isinstance(tenant, int) else (getattr(tenant, "pk", None) or tenant.id)
        return super().get_queryset().filter(tenant_id=tenant_id)

    def across_tenants(self) -> models.QuerySet[M]:
        """Rows of every company."""
        return super().get_queryset()

    def create(self, **values: Any) -> M:
        return super().get_queryset().create(**values)

    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> list[M]:
        return super().get_queryset().bulk_create(objs, *args, **kwargs)


class TenantOwned(models.Model):
    """A row of one company; it goes when the company is purged."""

    tenant = models.ForeignKey("tenants.Tenant", models.CASCADE, related_name="+")

    objects: TenantManager[Any] = TenantManager()

    class Meta:
        abstract = True
