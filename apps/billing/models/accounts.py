"""Who pays: sign-ups, billing details, the customer balance, and answered commands."""

from decimal import Decimal

from django.db import models
from django.db.models import Q

from apps.billing.models.scoping import TenantOwned
from kernel.models.documents import AbstractIdempotencyKey


class Signup(models.Model):
    """注册: from the form to the ready company. `public_id` is opaque; code and password are kept as hashes only."""

    class Status(models.TextChoices):
        AWAITING_EMAIL = "awaiting_email", "待确认邮箱"
        PROVISIONING = "provisioning", "开通中"
        READY = "ready", "已开通"
        FAILED = "failed", "失败"

    public_id = models.CharField(max_length=43)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.AWAITING_EMAIL)
    company = models.CharField(max_length=200)
    slug = models.CharField(max_length=63)
    owner_name = models.CharField(max_length=60)
    owner_email = models.CharField(max_length=254)
    phone = models.CharField(max_length=20, blank=True, default="")
    password_hash = models.CharField(max_length=128)
    modules = models.JSONField(default=list)
    interval = models.CharField(max_length=5, default="month")
    alignment = models.CharField(max_length=11, default="calendar")
    code_hash = models.CharField(max_length=64)
    tries = models.PositiveSmallIntegerField(default=0)
    ip = models.GenericIPAddressField(null=True)
    tenant = models.ForeignKey("tenants.Tenant", models.CASCADE, null=True, related_name="+")
    token_shown_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=300, blank=True, default="")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["public_id"], name="signup_public_id_once")]
        indexes = [
            models.Index(fields=["owner_email", "created_at"], name="signup_by_mailbox"),
            models.Index(fields=["ip", "created_at"], name="signup_by_address"),
        ]


class BillingAccount(TenantOwned):
    """开票与结算资料 of a company. Its row is locked by every movement of the customer balance (CNY, >= 0)."""

    legal_name = models.CharField(max_length=200, blank=True, default="")
    tax_id = models.CharField(max_length=20, blank=True, default="")
    bank_name = models.CharField(max_length=100, blank=True, default="")
    bank_account = models.CharField(max_length=40, blank=True, default="")
    address = models.CharField(max_length=200, blank=True, default="")
    phone = models.CharField(max_length=40, blank=True, default="")
    terms_days = models.PositiveSmallIntegerField(default=15)
    emails = models.JSONField(default=list, blank=True)
    balance = models.DecimalField(max_digits=18, decimal_places=2, default=Decimal(0))
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant"], name="billing_account_once"),
            models.CheckConstraint(condition=Q(balance__gte=0), name="billing_account_balance_not_negative"),
        ]


class BalanceEntry(TenantOwned):
    """余额流水: each movement of the customer balance, CNY with sign; append-only."""

    amount = models.DecimalField(max_digits=18, decimal_places=2)
    kind = models.CharField(max_length=30)
    source = models.CharField(max_length=80)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "source"], name="balance_entry_source_once")]


class IdempotencyKey(AbstractIdempotencyKey):
    """Answers of billing's API, which stands outside the company's schema."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "actor"], name="billing_idempotency_key_once")]
        indexes = [models.Index(fields=["created_at"], name="billing_idempotency_key_age")]
