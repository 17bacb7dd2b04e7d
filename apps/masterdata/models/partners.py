"""往来单位 and the company's own record, which has the same shape."""

from django.db import models
from django.db.models import Q

from apps.masterdata.models.base import CodedRecord
from apps.masterdata.models.places import Employee


class PartnerManager(models.Manager["Partner"]):
    """Others only: the company's own record is no partner of its own."""

    def get_queryset(self) -> "models.QuerySet[Partner]":
        return super().get_queryset().filter(is_own=False)


class Partner(CodedRecord):
    """往来单位: customer, supplier or both; `is_own` marks the one row that is the company itself.

    `tax_rate` is a share (0.13), `credit_limit` CNY. `likeness` is the name without its legal form.
    """

    class Kind(models.TextChoices):
        COMPANY = "company", "企业"
        PERSON = "person", "个人"

    class Status(models.TextChoices):
        POTENTIAL = "potential", "潜在"
        APPROVED = "approved", "合格"
        BLOCKED = "blocked", "冻结"

    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.COMPANY)
    is_customer = models.BooleanField(default=False)
    is_supplier = models.BooleanField(default=False)
    short_name = models.CharField(max_length=60, blank=True, default="")
    uscc = models.CharField(max_length=18, blank=True, default="")
    category = models.CharField(max_length=60, blank=True, default="")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.APPROVED)
    currency = models.CharField(max_length=3, default="CNY")
    payment_terms = models.CharField(max_length=100, blank=True, default="")
    tax_rate = models.DecimalField(max_digits=9, decimal_places=8, null=True, blank=True)
    credit_limit = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    owner = models.ForeignKey(Employee, models.PROTECT, null=True, blank=True, related_name="+")
    gln = models.CharField(max_length=13, blank=True, default="")
    gs1_prefix = models.CharField(max_length=12, blank=True, default="")
    internal_note = models.TextField(blank=True, default="")
    likeness = models.CharField(max_length=255, blank=True, default="")
    is_own = models.BooleanField(default=False)

    everybody = models.Manager()
    objects = PartnerManager()

    class Meta:
        base_manager_name = "everybody"
        default_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["code_key"], condition=Q(is_own=False), name="partner_code_once"),
            models.UniqueConstraint(fields=["uscc"], condition=~Q(uscc="") & Q(is_own=False), name="partner_uscc_once"),
            models.UniqueConstraint(fields=["is_own"], condition=Q(is_own=True), name="partner_one_own_company"),
            models.CheckConstraint(
                condition=Q(credit_limit__isnull=True) | Q(credit_limit__gte=0), name="partner_credit_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(tax_rate__isnull=True) | Q(tax_rate__gte=0, tax_rate__lt=1),
                name="partner_tax_rate_is_share",
            ),
        ]
        indexes = [
            models.Index(fields=["code_key", "id"], name="partner_by_code"),
            models.Index(fields=["likeness"], name="partner_by_likeness"),
        ]

    def found_by(self) -> list[str]:
        return [self.short_name, self.uscc]


class Contact(models.Model):
    """联系人: personal data, erased one by one (个人信息保护法 art. 47); `mobile_key` finds the same person twice."""

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=60)
    mobile = models.CharField(max_length=30, blank=True, default="")
    mobile_key = models.CharField(max_length=30, blank=True, default="")
    email = models.CharField(max_length=254, blank=True, default="")
    role = models.CharField(max_length=60, blank=True, default="")
    is_primary = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partner"], condition=Q(is_primary=True), name="contact_one_primary"),
        ]
        indexes = [models.Index(fields=["mobile_key"], name="contact_by_mobile")]


class BankAccount(models.Model):
    """银行账户, class secret: `cnaps` is the 联行号 of 12 digits."""

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="bank_accounts")
    bank = models.CharField(max_length=100)
    account_no = models.CharField(max_length=34)
    account_name = models.CharField(max_length=100, blank=True, default="")
    cnaps = models.CharField(max_length=12, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partner", "account_no"], name="bank_account_once")]


class BankChange(models.Model):
    """A wished list of bank accounts that touches existing ones and waits for a second person.

    `accounts` is the whole list as it shall be; it is emptied once decided, so that old numbers do not lie about.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "待确认"
        CONFIRMED = "confirmed", "已确认"
        REJECTED = "rejected", "已拒绝"

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="bank_changes")
    accounts = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    asked_by_id = models.BigIntegerField()
    asked_by_name = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    decided_by_id = models.BigIntegerField(null=True, blank=True)
    decided_by_name = models.CharField(max_length=60, blank=True, default="")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partner"], condition=Q(state="waiting"), name="bank_change_one_waiting"),
            models.CheckConstraint(
                condition=Q(decided_by_id__isnull=True)
                | Q(state="rejected")
                | ~Q(decided_by_id=models.F("asked_by_id")),
                name="bank_change_second_person",
            ),
        ]


class Address(models.Model):
    """地址: registered 注册, delivery 收货, invoice 开票."""

    class Kind(models.TextChoices):
        REGISTERED = "registered", "注册地址"
        DELIVERY = "delivery", "收货地址"
        INVOICE = "invoice", "开票地址"

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="addresses")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.REGISTERED)
    text = models.CharField(max_length=300)
    receiver = models.CharField(max_length=60, blank=True, default="")
    phone = models.CharField(max_length=30, blank=True, default="")
