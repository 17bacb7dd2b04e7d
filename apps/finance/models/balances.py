"""What the ledgers start from and what posting adds up, period by period."""

from django.db import models
from django.db.models import Q

from apps.finance.models.accounts import EMPTY_COMBO, AuxCombo, LedgerAccount
from apps.finance.models.book import Period


class PeriodBalance(models.Model):
    """科目发生额: movements of posted lines by period, account, combo and currency ("" = CNY). Never cumulative.

    `closing_debit` and `closing_credit` are the parts that vouchers of kind closing made, so that statements need no
    lines. Foreign amounts and quantities go to the side of the line, red ones negative. `n` counts lines.
    """

    period = models.ForeignKey(Period, models.PROTECT, related_name="+", db_index=False)
    account = models.ForeignKey(LedgerAccount, models.PROTECT, related_name="+")
    combo = models.ForeignKey(AuxCombo, models.PROTECT, related_name="+", db_index=False, default=EMPTY_COMBO)
    currency = models.CharField(max_length=3, blank=True, default="")
    debit = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    credit = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    closing_debit = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    closing_credit = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    fc_debit = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    fc_credit = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    qty_in = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    qty_out = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    n = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["period", "account", "combo", "currency"], name="finance_period_balance_once"
            )
        ]


class CashFlowBalance(models.Model):
    """现金流量发生额: Σ of posted tags by period and form line, in the line's own direction."""

    period = models.ForeignKey(Period, models.PROTECT, related_name="+", db_index=False)
    line = models.SmallIntegerField()
    amount = models.DecimalField(max_digits=18, decimal_places=2, default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["period", "line"], name="finance_cash_flow_balance_once")]


class OpeningBalance(models.Model):
    """期初余额 as typed: balance, ytd_actual and fc_balance in the account's own direction.

    `ytd_actual` (损益实际发生额) null = all of the year's turnover; the turnovers are those of January to the start.
    """

    account = models.ForeignKey(LedgerAccount, models.PROTECT, related_name="+", db_index=False)
    combo = models.ForeignKey(AuxCombo, models.PROTECT, related_name="+", db_index=False, default=EMPTY_COMBO)
    currency = models.CharField(max_length=3, blank=True, default="")
    balance = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    ytd_debit = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    ytd_credit = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    ytd_actual = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    quantity = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    fc_balance = models.DecimalField(max_digits=18, decimal_places=2, default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "combo", "currency"], name="finance_opening_once"),
        ]


class OpeningItem(models.Model):
    """期初往来明细: one open document of an opening balance; amount in the account's own direction."""

    opening = models.ForeignKey(OpeningBalance, models.CASCADE, related_name="items")
    ref = models.CharField(max_length=40)
    on = models.DateField()
    due_on = models.DateField()
    amount = models.DecimalField(max_digits=18, decimal_places=2)


class OpeningCashFlow(models.Model):
    """期初现金流量: amount of a form line from January to the start, in the line's own direction."""

    line = models.SmallIntegerField()
    amount = models.DecimalField(max_digits=18, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line"], name="finance_opening_cash_flow_once"),
            models.CheckConstraint(
                condition=Q(line__range=(1, 18)) & ~Q(line__in=[7, 13]), name="finance_opening_cash_flow_line"
            ),
        ]
