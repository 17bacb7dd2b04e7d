"""The book of the company, its periods, and the two rows that posting locks last."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.finance.domain.account_codes import CodeRule
from apps.finance.domain.chain import GENESIS
from apps.finance.domain.periods import Period as Month

BOOK_ID = 1


def default_words() -> list[str]:
    return ["记"]


def default_lengths() -> list[int]:
    return [4, 2, 2, 2]


class Authored(models.Model):
    """Who made the row, when: the member's id and the name as it was."""

    created_at = models.DateTimeField()
    created_by_id = models.BigIntegerField(null=True)
    created_by_name = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        abstract = True


class Book(Authored):
    """账套: one row for the one legal entity of this company; absent until it is set up (state `new`)."""

    class State(models.TextChoices):
        NEW = "new", _("未建账")
        SETUP = "setup", _("建账中")
        STARTED = "started", _("已启用")

    class BalanceSide(models.TextChoices):
        ACTUAL = "actual", _("按余额方向")
        ACCOUNT = "account", _("按科目方向")

    class Crossing(models.TextChoices):
        ACCOUNT = "account", _("按科目")
        PARTNER = "partner", _("按往来单位")

    id = models.SmallIntegerField(primary_key=True, default=BOOK_ID)
    company_name = models.CharField(max_length=120)
    tax_id = models.CharField(max_length=20)
    standard = models.CharField(max_length=20, default="small_enterprise")
    base_currency = models.CharField(max_length=3, default="CNY")
    start_period = models.CharField(max_length=7)
    state = models.CharField(max_length=10, choices=State.choices, default=State.SETUP)
    voucher_words = models.JSONField(default=default_words)
    closing_word = models.CharField(max_length=8, default="记")
    code_lengths = models.JSONField(default=default_lengths)
    separate_reviewer = models.BooleanField(default=True)
    cashier_sign = models.BooleanField(default=False)
    monthly_profit_transfer = models.BooleanField(default=True)
    balance_side = models.CharField(max_length=10, choices=BalanceSide.choices, default=BalanceSide.ACTUAL)
    crossing = models.CharField(max_length=10, choices=Crossing.choices, default=Crossing.ACCOUNT)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=BOOK_ID), name="finance_book_one_row")]

    def __str__(self) -> str:
        return self.company_name

    @property
    def start(self) -> Month:
        """First period of the book."""
        return Month.parse(self.start_period)

    @property
    def code_rule(self) -> CodeRule:
        """编码级次."""
        return CodeRule.of(self.code_lengths)

    @property
    def is_started(self) -> bool:
        return self.state == self.State.STARTED


class TaxpayerKind(Authored):
    """纳税人身份 from a month on; general is never followed by small_scale."""

    class Kind(models.TextChoices):
        SMALL_SCALE = "small_scale", _("小规模纳税人")
        GENERAL = "general", _("一般纳税人")

    class Filing(models.TextChoices):
        MONTH = "month", _("按月")
        QUARTER = "quarter", _("按季")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    from_date = models.DateField()
    vat_filing = models.CharField(max_length=8, choices=Filing.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["from_date"], name="finance_taxpayer_kind_once"),
            models.CheckConstraint(condition=Q(from_date__day=1), name="finance_taxpayer_kind_first_day"),
        ]


class Period(models.Model):
    """会计期间: one calendar month. Closed in order, reopened last first (trigger)."""

    class State(models.TextChoices):
        OPEN = "open", _("未结账")
        CLOSED = "closed", _("已结账")

    year = models.SmallIntegerField()
    month = models.SmallIntegerField()
    index = models.IntegerField()  # months since year 0: the order of periods in one column
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    closed_at = models.DateTimeField(null=True)
    closed_by_id = models.BigIntegerField(null=True)
    closed_by_name = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "month"], name="finance_period_once"),
            models.UniqueConstraint(fields=["index"], name="finance_period_index_once"),
            models.CheckConstraint(condition=Q(month__range=(1, 12)), name="finance_period_month"),
            models.CheckConstraint(
                condition=Q(index=F("year") * 12 + F("month") - 1), name="finance_period_index_of_month"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @property
    def as_month(self) -> Month:
        """The period as arithmetic sees it."""
        return Month(self.year, self.month)

    @property
    def is_closed(self) -> bool:
        return self.state == self.State.CLOSED


class NumberCounter(models.Model):
    """凭证取号器: last number given in a period and word; taken at posting only, so numbers have no gap."""

    period = models.ForeignKey(Period, models.PROTECT, related_name="+", db_index=False)
    word = models.CharField(max_length=8)
    last_no = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["period", "word"], name="finance_counter_once"),
            models.CheckConstraint(condition=Q(last_no__gte=0), name="finance_counter_not_negative"),
        ]


class ChainHead(models.Model):
    """链头: hash of the last posted voucher and how many there are; locked just before the number is taken."""

    id = models.SmallIntegerField(primary_key=True, default=BOOK_ID)
    hash = models.CharField(max_length=64, default=GENESIS)
    length = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(id=BOOK_ID), name="finance_chain_one_head")
        ]
