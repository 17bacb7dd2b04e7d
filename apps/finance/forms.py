"""Shapes of what people fill in on finance pages; the voucher grid has its own in `entry_form.py`."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.finance.domain.errors import BookkeepingError
from apps.finance.domain.periods import Period, Span
from apps.finance.models import Book, TaxpayerKind
from kernel.errors import DomainError

REASONS = (("error", _("差错更正")), ("estimate", _("暂估冲回")), ("return", _("退货退款")))
WORD_SETS = (("记", _("记")), ("收付转", _("收、付、转")))


class MonthInput(forms.TextInput):
    """`<input type="month">`: 2026-01."""

    input_type = "month"


class DayInput(forms.DateInput):
    """`<input type="date">`."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class MonthField(forms.CharField):
    """A month; clean value is a `Period`."""

    widget = MonthInput

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return Period.parse(text)
        except BookkeepingError:
            raise forms.ValidationError(_("请写成 2026-01 这样的年月。")) from None


class SpanForm(forms.Form):
    """期间起 and 期间止 of a ledger or report; what is left out or cannot be read falls back to `standard`."""

    first = MonthField(label=_("期间起"), required=False)
    last = MonthField(label=_("期间止"), required=False)

    def __init__(self, data: Any, standard: Span) -> None:
        given = {"first": data.get("from") or str(standard.first), "last": data.get("to") or str(standard.last)}
        super().__init__(given)
        self.standard = standard

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        first, last = found.get("first"), found.get("last")
        if first and last and last < first:
            self.add_error("last", _("期间止不能早于期间起。"))
        return found

    @property
    def span(self) -> Span:
        """The span asked for, or the standard one when it makes no sense."""
        if self.is_valid() and self.cleaned_data["first"] and self.cleaned_data["last"]:
            return Span(self.cleaned_data["first"], self.cleaned_data["last"])
        return self.standard


class ReverseForm(forms.Form):
    """红字冲销: when and why."""

    date = forms.DateField(label=_("冲销日期"), widget=DayInput)
    reason = forms.ChoiceField(label=_("冲销原因"), choices=REASONS)


class CopyForm(forms.Form):
    """复制: the date of the new draft."""

    date = forms.DateField(label=_("新凭证日期"), widget=DayInput)


class ValueForm(forms.Form):
    """A new value of a dimension, made in place."""

    code = forms.CharField(label=_("编码"), max_length=60)
    name = forms.CharField(label=_("名称"), max_length=200)


class ReasonForm(forms.Form):
    """A reason that goes into the log."""

    reason = forms.CharField(label=_("原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class BookForm(forms.Form):
    """建账: what the owner answers about the company."""

    company_name = forms.CharField(label=_("单位名称"), max_length=120, help_text=_("与营业执照一致，打印在凭证上。"))
    tax_id = forms.CharField(label=_("纳税人识别号"), max_length=20, help_text=_("统一社会信用代码，15 至 20 位。"))
    taxpayer_kind = forms.ChoiceField(
        label=_("纳税人身份"), choices=TaxpayerKind.Kind.choices, widget=forms.RadioSelect, initial="small_scale"
    )
    start_period = MonthField(label=_("启用期间"), help_text=_("从这个月开始记账；年中启用可录入本年累计。"))
    words = forms.ChoiceField(label=_("凭证字"), choices=WORD_SETS, initial="记")
    payable_details = forms.BooleanField(
        label=_("应付账款分设应付货款和暂估应付账款"), required=False,
        help_text=_("收货先暂估、收到发票再转应付的企业建议勾选；供应商的期初和凭证记在这两个明细上。"),
    )  # fmt: skip

    def setup(self) -> dict[str, Any]:
        """What `set_up_book` takes."""
        found = dict(self.cleaned_data)
        words = found.pop("words")
        return {**found, "start_period": str(found["start_period"]), "voucher_words": list(words)}


class SettingsForm(forms.Form):
    """账套参数."""

    separate_reviewer = forms.BooleanField(label=_("制单与审核分开"), required=False)
    cashier_sign = forms.BooleanField(label=_("收付款凭证须出纳签字"), required=False)
    monthly_profit_transfer = forms.BooleanField(label=_("每月结转损益"), required=False)
    balance_side = forms.ChoiceField(label=_("余额方向"), choices=Book.BalanceSide.choices)
    reason = forms.CharField(
        label=_("理由"), required=False, max_length=200, help_text=_("关闭“制单与审核分开”时必填，记入日志。")
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class AccountForm(forms.Form):
    """新增科目: code and name; the rest comes from the parent unless it is ticked."""

    code = forms.CharField(label=_("科目编码"), max_length=20, help_text=_("在上级编码后加两位，例如 560205。"))
    name = forms.CharField(label=_("科目名称"), max_length=80)


class AccountNameForm(forms.Form):
    """Another name for an account."""

    name = forms.CharField(label=_("科目名称"), max_length=80)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["lang"] = "zh-CN"  # the company's own word, on English pages too


def take_refusal(form: forms.Form, error: DomainError) -> None:
    """A service's refusal on the field it names, else on top."""
    spots = error.fields or {}
    placed = [name for name in spots if name in form.fields]
    for name in placed:
        form.add_error(name, " ".join(str(text) for text in spots[name]))
    if not placed:
        form.add_error(None, error.message)


def day_or_none(text: str | None) -> date | None:
    """`2026-01-31` as a date, anything else as None."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def month_or_none(text: str | None) -> Period | None:
    """`2026-01` as a period, anything else as None."""
    try:
        return Period.parse(text or "")
    except BookkeepingError:
        return None
