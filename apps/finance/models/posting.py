"""Posting rules and the business facts they turn into drafts (finance.md section 12)."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.finance.models.accounts import LedgerAccount
from apps.finance.models.book import Authored
from apps.finance.models.vouchers import Voucher


class PostingRule(Authored):
    """自动凭证规则: which facts become which voucher. Lower `priority` first, then code; the first match wins.

    Never deleted, because vouchers name it; what it says stands in its versions. `auto_review` lets the rule sign as
    reviewer (12号 art. 21(1)); a chief turns it on.
    """

    class Grouping(models.TextChoices):
        EACH = "each", _("逐笔")
        DAY = "day", _("按日汇总")
        MONTH = "month", _("按月汇总")

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    fact = models.CharField(max_length=60)
    priority = models.IntegerField(default=100)
    grouping = models.CharField(max_length=8, choices=Grouping.choices, default=Grouping.EACH)
    is_active = models.BooleanField(default=True)
    auto_review = models.BooleanField(default=False)
    seeded = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], name="finance_posting_rule_once"),
            models.CheckConstraint(
                condition=Q(grouping__in=["each", "day", "month"]), name="finance_posting_rule_grouping"
            ),
        ]
        indexes = [models.Index(fields=["fact", "priority", "code"], name="finance_posting_rule_order")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class PostingRuleVersion(Authored):
    """规则版本: written once. `when` {field: value}; `lines` [{side, account, amount, aux, quantity}].

    `account` may name alternatives, `220202|2202`: the first one in use is taken.
    """

    rule = models.ForeignKey(PostingRule, models.PROTECT, related_name="versions", db_index=False)
    version = models.IntegerField()
    when = models.JSONField(default=dict)
    word = models.CharField(max_length=8)
    summary = models.CharField(max_length=200)
    lines = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule", "version"], name="finance_rule_version_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="finance_rule_version_number"),
        ]

    @property
    def signature(self) -> str:
        """What stands where a person's name would: `rule:领料@2`."""
        return f"rule:{self.rule.code}@{self.version}"


class StockAccount(Authored):
    """存货科目 of an item category, where it is not the usual one (自制 1405, 外购 1403)."""

    category = models.CharField(max_length=120)
    account = models.ForeignKey(LedgerAccount, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["category"], name="finance_stock_account_once")]


class BusinessFact(models.Model):
    """业务事实: what happened elsewhere, once per `source`; of our modules or of a customer's own system.

    Kind, source, date and data never change (trigger); `document` is the address of the record it tells of
    (`inventory.document:17`), "" for other systems. `reason` and `message` say why it waits.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("待处理")
        NO_RULE = "no_rule", _("没有规则")
        DRAFTED = "drafted", _("已生成凭证")
        SET_ASIDE = "set_aside", _("已搁置")

    fact = models.CharField(max_length=60)
    source = models.CharField(max_length=120)
    document = models.CharField(max_length=80, blank=True, default="")
    occurred_on = models.DateField()
    data = models.JSONField(encoder=DjangoJSONEncoder)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=60, blank=True, default="")
    message = models.CharField(max_length=500, blank=True, default="")
    rule_version = models.ForeignKey(PostingRuleVersion, models.PROTECT, null=True, related_name="+", db_index=False)
    voucher = models.ForeignKey(Voucher, models.PROTECT, null=True, related_name="facts", db_index=False)
    received_at = models.DateTimeField()
    received_by_id = models.BigIntegerField(null=True)
    received_by_name = models.CharField(max_length=80, blank=True, default="")
    tried_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source"], name="finance_fact_once"),
            models.CheckConstraint(
                condition=Q(state="drafted", voucher__isnull=False, rule_version__isnull=False)
                | (Q(state__in=["waiting", "no_rule", "set_aside"]) & Q(voucher=None)),
                name="finance_fact_state",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "occurred_on", "id"], name="finance_fact_queue"),
            # LIKE 'inventory.cost:17:%' needs its own operators.
            models.Index(fields=["source"], opclasses=["varchar_pattern_ops"], name="finance_fact_source"),
            models.Index(fields=["voucher"], condition=Q(voucher__isnull=False), name="finance_fact_voucher"),
            models.Index(fields=["document"], condition=~Q(document=""), name="finance_fact_document"),
        ]

    def __str__(self) -> str:
        return f"{self.fact} {self.source}"

    @property
    def rule_code(self) -> str | None:
        """Code of the rule that drafted it."""
        return self.rule_version.rule.code if self.rule_version is not None else None
