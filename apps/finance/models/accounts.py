"""The chart of accounts and its dimensions."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.finance.models.book import Authored

EMPTY_COMBO = 0
BUILT_IN_DIMENSIONS = {
    "customer": _("客户"),
    "supplier": _("供应商"),
    "department": _("部门"),
    "employee": _("员工"),
    "project": _("项目"),
    "item": _("物料"),
}


class LedgerAccount(Authored):
    """会计科目. Codes never change; labels may. Children are found by `parent`; only a leaf takes lines."""

    class Category(models.TextChoices):
        ASSET = "asset", _("资产")
        LIABILITY = "liability", _("负债")
        EQUITY = "equity", _("所有者权益")
        COST = "cost", _("成本")
        PROFIT_LOSS = "profit_loss", _("损益")

    class Direction(models.TextChoices):
        DEBIT = "debit", _("借")
        CREDIT = "credit", _("贷")

    class CashKind(models.TextChoices):
        NONE = "none", _("非现金")
        CASH = "cash", _("库存现金")
        BANK = "bank", _("银行存款")
        OTHER = "other", _("其他货币资金")

    class OpenItem(models.TextChoices):
        NONE = "none", _("不核销")
        RECEIVABLE = "receivable", _("应收")
        PAYABLE = "payable", _("应付")

    code = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True, default="")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    level = models.SmallIntegerField()
    category = models.CharField(max_length=12, choices=Category.choices)
    direction = models.CharField(max_length=6, choices=Direction.choices)
    is_leaf = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    statutory = models.BooleanField(default=False)
    quantity = models.BooleanField(default=False)
    currencies = models.JSONField(default=list)
    revalue = models.BooleanField(default=False)
    cash_kind = models.CharField(max_length=8, choices=CashKind.choices, default=CashKind.NONE)
    open_item = models.CharField(max_length=12, choices=OpenItem.choices, default=OpenItem.NONE)
    income_line = models.SmallIntegerField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], name="finance_account_code_once"),
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9]{4,20}$"), name="finance_account_code_digits"),
            models.CheckConstraint(condition=Q(level__gte=1), name="finance_account_level"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def sign(self) -> int:
        """+1 for a debit-direction account, -1 for a credit-direction one."""
        return 1 if self.direction == self.Direction.DEBIT else -1


class Dimension(Authored):
    """辅助核算维度. The built-in ones hold records of master data; users add their own."""

    code = models.CharField(max_length=30)
    name = models.CharField(max_length=40)
    built_in = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code"], name="finance_dimension_code_once")]

    def __str__(self) -> str:
        return self.name


class DimensionValue(Authored):
    """辅助核算项目: one customer, item, department … by code. May be renamed, never re-pointed."""

    dimension = models.ForeignKey(Dimension, models.PROTECT, related_name="values", db_index=False)
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dimension", "code"], name="finance_value_code_once"),
            # The canonical key of a combo joins values with semicolons.
            models.CheckConstraint(condition=Q(code__regex=r"^[^;\s][^;]*$"), name="finance_value_code_no_semicolon"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class AccountDimension(models.Model):
    """Which dimensions an account carries, and whether a line must name a value."""

    account = models.ForeignKey(LedgerAccount, models.CASCADE, related_name="dimensions", db_index=False)
    dimension = models.ForeignKey(Dimension, models.PROTECT, related_name="+")
    required = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "dimension"], name="finance_account_dimension_once")]


class AuxCombo(models.Model):
    """辅助核算组合: `customer:C001;department:D1`, dimensions sorted; id 0 is the empty one. Written once."""

    key = models.CharField(max_length=500)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key"], name="finance_combo_key_once")]

    def __str__(self) -> str:
        return self.key


class AuxComboMember(models.Model):
    """One value of a combo. Written once."""

    combo = models.ForeignKey(AuxCombo, models.PROTECT, related_name="members", db_index=False)
    dimension = models.ForeignKey(Dimension, models.PROTECT, related_name="+", db_index=False)
    value = models.ForeignKey(DimensionValue, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["combo", "dimension"], name="finance_combo_member_once")]
