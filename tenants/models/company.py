"""Companies, their hosts, what they may use, and the pool of schemas that wait for them."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django_tenants.models import DomainMixin, TenantMixin

MODULES = ("finance", "inventory", "production", "supply")


class Tenant(TenantMixin):
    """企业: one legal entity, one book, one schema.

    `schema_name` is opaque and is the name of the database role too; `slug` is what people see in the address.
    `access` is written by billing after every change of state: full, read_only (reads and exports), export_only.
    """

    class State(models.TextChoices):
        ACTIVE = "active", "使用中"
        PURGED = "purged", "已清除"

    class Access(models.TextChoices):
        FULL = "full", "可读写"
        READ_ONLY = "read_only", "只读"
        EXPORT_ONLY = "export_only", "仅导出"

    auto_create_schema = False
    auto_drop_schema = False

    slug = models.CharField(max_length=63)
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=20, choices=State.choices, default=State.ACTIVE)
    access = models.CharField(max_length=20, choices=Access.choices, default=Access.FULL)
    access_code = models.CharField(max_length=60, blank=True, default="")
    access_message = models.CharField(max_length=300, blank=True, default="")
    access_invoice = models.BigIntegerField(null=True)
    seats = models.PositiveIntegerField(default=3)
    schema_version = models.CharField(max_length=64, default="")
    storage_quota_mb = models.PositiveIntegerField(default=2048)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("slug"), name="tenant_slug_once")]

    def __str__(self) -> str:
        return self.name


class Domain(DomainMixin):
    """A host name that leads to one company; the first is `<slug>.<base domain>`."""


class ModuleGrant(models.Model):
    """What a company may use. Only billing writes it: `full`, or `export_only` once a module was given up."""

    class Level(models.TextChoices):
        FULL = "full", "已开通"
        EXPORT_ONLY = "export_only", "仅导出"

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="grants")
    module = models.CharField(max_length=30)
    level = models.CharField(max_length=20, choices=Level.choices, default=Level.FULL)
    granted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "module"], name="module_grant_once"),
            models.CheckConstraint(condition=Q(module__in=MODULES), name="module_grant_known_module"),
        ]


class SchemaPool(models.Model):
    """Schemas made in quiet minutes, so that signing up waits for none; claimed with SKIP LOCKED."""

    schema_name = models.CharField(max_length=63, primary_key=True)
    schema_version = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)


class TestClock(models.Model):
    """The one moment that all processes read as «now» while QZ_TEST_CLOCK=1; no row = the machine's clock."""

    now = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="test_clock_single_row")]
