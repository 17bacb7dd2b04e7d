"""Money that arrives: payments, what they pay, and the statements of our bank accounts."""

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F, Q

from apps.billing.models.invoices import Invoice, InvoiceShare
from apps.billing.models.scoping import TenantManager, TenantOwned


class BankAccount(models.Model):
    """收款账户: our own account that customers transfer to."""

    code = models.CharField(max_length=20, primary_key=True)
    name = models.CharField(max_length=100)
    bank = models.CharField(max_length=100)
    number = models.CharField(max_length=40)
    currency = models.CharField(max_length=3, default="CNY")


class Payment(TenantOwned):
    """收款: CNY. `external_id` is the bank's serial or the gateway's id, once a gateway."""

    gateway = models.CharField(max_length=20)
    external_id = models.CharField(max_length=120)
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    to_balance = models.DecimalField(max_digits=18, decimal_places=2, default=Decimal("0.00"))
    refunded = models.DecimalField(max_digits=18, decimal_places=2, default=Decimal("0.00"))
    state = models.CharField(max_length=20, default="succeeded")
    received_at = models.DateTimeField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gateway", "external_id"], name="payment_external_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_brings_something"),
            models.CheckConstraint(condition=Q(refunded__lte=F("amount")), name="payment_refunded_at_most"),
        ]


class PaymentAllocation(TenantOwned):
    """核销: part of a payment that pays a share of an invoice; append-only."""

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="allocations")
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="allocations")
    share = models.ForeignKey(InvoiceShare, models.PROTECT, related_name="allocations")
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="allocation_pays_something")]


class BankStatementImport(models.Model):
    """对账单文件: a statement as it was uploaded, with the counts of what became of its rows."""

    account = models.ForeignKey(BankAccount, models.PROTECT, related_name="+")
    profile = models.CharField(max_length=20)
    file_name = models.CharField(max_length=200)
    file_hash = models.CharField(max_length=64)
    file = models.CharField(max_length=200, blank=True, default="")
    counts = models.JSONField(default=dict)
    errors = models.JSONField(default=list)
    made_by_id = models.BigIntegerField(null=True)
    made_by_name = models.CharField(max_length=60, blank=True, default="")
    made_at = models.DateTimeField()


class BankStatementLine(models.Model):
    """银行流水: one row of a statement; (account, serial) is its identity, another body under it a conflict."""

    class State(models.TextChoices):
        NEW = "new", "待核对"
        SUGGESTED = "suggested", "有建议"
        MATCHED = "matched", "已核对"
        SPLIT = "split", "已拆分"
        IGNORED = "ignored", "已忽略"
        RETURNED = "returned", "已退回"
        CONFLICT = "conflict", "冲突"

    account = models.ForeignKey(BankAccount, models.PROTECT, related_name="+")
    source = models.ForeignKey(BankStatementImport, models.PROTECT, related_name="lines")
    serial = models.CharField(max_length=80)
    booked_at = models.DateTimeField()
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    currency = models.CharField(max_length=3)
    payer_name = models.CharField(max_length=200, blank=True, default="")
    payer_account = models.CharField(max_length=60, blank=True, default="")
    remark = models.CharField(max_length=400, blank=True, default="")
    body_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEW)
    reason = models.CharField(max_length=20, blank=True, default="")
    note = models.CharField(max_length=200, blank=True, default="")
    suggested = models.ForeignKey(Invoice, models.SET_NULL, null=True, related_name="+")
    payment = models.OneToOneField(Payment, models.PROTECT, null=True, related_name="bank_line")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "serial"], condition=~Q(state="conflict"), name="bank_line_once"
            ),
        ]
        indexes = [models.Index(fields=["state", "-id"], name="bank_line_queue")]


class LedgerEntry(models.Model):
    """分录: append-only; its postings sum to 0.00 (deferred trigger). `source` once: `invoice:17:issue`."""

    tenant = models.ForeignKey("tenants.Tenant", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30)
    source = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    made_on = models.DateField()

    objects: TenantManager[Any] = TenantManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source"], name="ledger_entry_source_once")]
        indexes = [models.Index(fields=["tenant", "id"], name="ledger_entry_of_tenant")]


class LedgerPosting(models.Model):
    """分录行: debit-positive CNY on one account."""

    entry = models.ForeignKey(LedgerEntry, models.PROTECT, related_name="postings")
    account = models.CharField(max_length=30)
    amount = models.DecimalField(max_digits=18, decimal_places=2)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(amount=0), name="ledger_posting_moves_something")]
        indexes = [models.Index(fields=["account", "id"], name="ledger_posting_of_account")]
