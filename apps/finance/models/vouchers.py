"""Vouchers and their lines. Posted ones never change: triggers see to it, whoever asks."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from apps.finance.domain.chain import GENESIS
from apps.finance.domain.numbers import voucher_number
from apps.finance.models.accounts import EMPTY_COMBO, AuxCombo, LedgerAccount
from apps.finance.models.book import Period


class Voucher(models.Model):
    """记账凭证: draft → reviewed → posted. The number comes at posting; from then on nothing changes.

    `total` is Σ debit (= Σ credit) in CNY. `source_kind` step, rule, template, import, fapiao, reversal, copy or "".
    Rows keep the signer's id and the name as it was; id null = a posting rule (`rule:<code>@<version>`).
    """

    class Kind(models.TextChoices):
        NORMAL = "normal", _("普通")
        CLOSING = "closing", _("结转")

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        REVIEWED = "reviewed", _("已审核")
        POSTED = "posted", _("已记账")

    word = models.CharField(max_length=8)
    period = models.ForeignKey(Period, models.PROTECT, related_name="+", db_index=False)
    no = models.IntegerField(null=True)
    date = models.DateField()
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.NORMAL)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    attachment_count = models.IntegerField(default=0)
    total = models.DecimalField(max_digits=18, decimal_places=2)
    prepared_by_id = models.BigIntegerField(null=True)
    prepared_by_name = models.CharField(max_length=80)
    prepared_at = models.DateTimeField()
    reviewed_by_id = models.BigIntegerField(null=True)
    reviewed_by_name = models.CharField(max_length=80, blank=True, default="")
    reviewed_at = models.DateTimeField(null=True)
    posted_by_id = models.BigIntegerField(null=True)
    posted_by_name = models.CharField(max_length=80, blank=True, default="")
    posted_at = models.DateTimeField(null=True)
    cashier_signed_by_id = models.BigIntegerField(null=True)
    cashier_signed_by_name = models.CharField(max_length=80, blank=True, default="")
    cashier_signed_at = models.DateTimeField(null=True)
    reverses = models.ForeignKey("self", models.PROTECT, null=True, related_name="reversals", db_index=False)
    source_kind = models.CharField(max_length=12, blank=True, default="")
    source_ref = models.CharField(max_length=120, blank=True, default="")
    rule_code = models.CharField(max_length=40, blank=True, default="")
    rule_version = models.IntegerField(null=True)
    version = models.PositiveIntegerField(default=1)
    chain_no = models.BigIntegerField(null=True)
    previous_hash = models.CharField(max_length=64, blank=True, default="")
    hash = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["period", "word", "no"], condition=Q(no__isnull=False), name="finance_voucher_number_once"
            ),
            models.UniqueConstraint(fields=["reverses"], name="finance_voucher_reversed_once"),
            models.UniqueConstraint(fields=["chain_no"], name="finance_voucher_chain_once"),
            models.CheckConstraint(condition=Q(kind__in=["normal", "closing"]), name="finance_voucher_kind"),
            models.CheckConstraint(
                condition=Q(attachment_count__gte=0), name="finance_voucher_attachments_not_negative"
            ),
            models.CheckConstraint(
                condition=(
                    Q(
                        state="posted", no__gte=1, chain_no__gte=1, hash__regex=r"^[0-9a-f]{64}$",
                        posted_at__isnull=False, reviewed_at__isnull=False,
                    )
                    | Q(state__in=["draft", "reviewed"], no=None, chain_no=None, hash="", posted_at=None)
                ),
                name="finance_voucher_posted_is_complete",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", reviewed_at=None) | Q(state__in=["reviewed", "posted"]),
                name="finance_voucher_draft_is_unsigned",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["period", "state", "date", "id"], name="finance_voucher_list"),
            models.Index(fields=["date", "id"], name="finance_voucher_by_date"),
            models.Index(fields=["source_kind", "source_ref"], name="finance_voucher_source"),
        ]

    def __str__(self) -> str:
        return self.number or _t("凭证 #%(id)s") % {"id": self.pk}

    @property
    def number(self) -> str | None:
        """`记-12`, None before posting. English readers see it through `voucher_number(…, language="en")`."""
        return voucher_number(self.word, self.no)

    @property
    def shown_number(self) -> str | None:
        """The number in the reader's language: GJ-12 for 记-12."""
        return voucher_number(self.word, self.no, language=get_language() or "zh")

    @property
    def is_posted(self) -> bool:
        return self.state == self.State.POSTED

    @property
    def is_first_of_chain(self) -> bool:
        return self.previous_hash == GENESIS


class VoucherLine(models.Model):
    """分录. Exactly one of debit and credit is not zero, negative is a red letter; CNY to the fen.

    `currency` "" = CNY. `fc_amount` and `quantity` carry the sign of the amount. `date` is the voucher's, kept here so
    that a ledger page is one index range. Written once: a changed draft gets new lines.
    """

    voucher = models.ForeignKey(Voucher, models.PROTECT, related_name="lines", db_index=False)
    seq = models.SmallIntegerField()
    date = models.DateField()
    account = models.ForeignKey(LedgerAccount, models.PROTECT, related_name="+", db_index=False)
    combo = models.ForeignKey(AuxCombo, models.PROTECT, related_name="+", db_index=False, default=EMPTY_COMBO)
    summary = models.CharField(max_length=200)
    debit = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    credit = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    currency = models.CharField(max_length=3, blank=True, default="")
    fc_amount = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    rate = models.DecimalField(max_digits=18, decimal_places=8, null=True)
    quantity = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    unit_price = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    due_on = models.DateField(null=True)
    ref = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["voucher", "seq"], name="finance_line_seq_once"),
            models.CheckConstraint(
                condition=(Q(debit=0) & ~Q(credit=0)) | (~Q(debit=0) & Q(credit=0)), name="finance_line_one_side"
            ),
            models.CheckConstraint(
                condition=Q(currency="", fc_amount=None, rate=None)
                | (~Q(currency="") & Q(fc_amount__isnull=False) & (Q(rate=None) | Q(rate__gt=0))),
                name="finance_line_currency_whole",
            ),
            models.CheckConstraint(condition=~Q(summary=""), name="finance_line_summary"),
            models.CheckConstraint(condition=Q(seq__gte=1), name="finance_line_seq"),
        ]
        indexes = [
            models.Index(fields=["account", "date", "voucher", "seq"], name="finance_line_ledger"),
            models.Index(fields=["combo"], condition=~Q(combo=EMPTY_COMBO), name="finance_line_combo"),
        ]

    @property
    def net(self) -> Decimal:
        """Debit minus credit."""
        return self.debit - self.credit


class CashFlowTag(models.Model):
    """现金流量项目 of a non-cash line in a voucher with cash. `guessed`: the account is not in the default map.

    Its own table, so that re-tagging never touches a posted row.
    """

    voucher_line = models.OneToOneField(VoucherLine, models.DO_NOTHING, primary_key=True, related_name="cash_flow_tag")
    line = models.SmallIntegerField()
    guessed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(line__range=(1, 18)) & ~Q(line__in=[7, 13]), name="finance_tag_line")
        ]
