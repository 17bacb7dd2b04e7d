"""Shapes of what the pages of billing take in; nothing is saved here."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from apps.billing.domain.access import MODULES
from apps.billing.domain.changes import Step
from apps.billing.offers import OFFERS
from apps.billing.services.access import INCLUDED_SEATS

MOST_SEATS = 2000


class ChangeForm(forms.Form):
    """One change of the subscription as its dialog asks for it; `steps` in the words of the service."""

    DOES = ("add", "seats", "remove_at_period_end", "remove_now", "keep", "change_interval")

    do = forms.ChoiceField(choices=[(do, do) for do in DOES])
    item = forms.ChoiceField(choices=[(code, code) for code in (*MODULES, "seat")], required=False)
    seats = forms.IntegerField(label=_("席位数"), min_value=INCLUDED_SEATS, max_value=MOST_SEATS, required=False)
    to = forms.ChoiceField(choices=[("month", "month"), ("year", "year")], required=False)
    quote = forms.CharField(max_length=64, required=False)
    key = forms.CharField(max_length=64, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("do") == "seats" and data.get("seats") is None and "seats" not in self.errors:
            self.add_error("seats", _("请填写席位数。"))
        return data

    @property
    def steps(self) -> tuple[Step, ...]:
        """Call when valid. Seats are counted with the included ones."""
        data = self.cleaned_data
        if data["do"] == "seats":
            return (Step(do="set_quantity", item="seat", quantity=data["seats"] - INCLUDED_SEATS),)
        if data["do"] == "change_interval":
            return (Step(do="change_interval", to=data["to"] or "year"),)
        return (Step(do=data["do"], item=data["item"] or None),)


class TermsForm(forms.Form):
    accept = forms.BooleanField(
        label=_("我已阅读并同意服务协议和隐私政策"), error_messages={"required": _("请先勾选同意。")}
    )


class LimitForm(forms.Form):
    """上限与提醒 of one meter: an empty amount takes the cap away."""

    meter = forms.CharField(max_length=60, widget=forms.HiddenInput)
    amount = forms.DecimalField(
        label=_("每月费用上限（元）"), min_value=0, max_digits=12, decimal_places=2, required=False,
        help_text=_("超出部分不再收费；留空表示不设上限。"),
    )  # fmt: skip
    hard = forms.BooleanField(label=_("到上限后拒收新数据"), required=False)
    thresholds = forms.CharField(
        label=_("提醒（免费额度的百分比）"), max_length=60, required=False, help_text=_("用逗号分开，例如 80, 100。")
    )

    def clean_thresholds(self) -> list[int]:
        text = self.cleaned_data["thresholds"].replace("，", ",").replace("%", "")
        parts = [part.strip() for part in text.split(",") if part.strip()]
        if any(not part.isdecimal() or not 1 <= int(part) <= 1000 for part in parts) or len(parts) > 10:
            raise forms.ValidationError(_("请填写 1 到 1000 的整数，用逗号分开。"))
        return [int(part) for part in parts]


class BillingDetailsForm(forms.Form):
    legal_name = forms.CharField(label=_("抬头"), max_length=200)
    tax_id = forms.CharField(label=_("统一社会信用代码"), max_length=20, required=False)
    bank_name = forms.CharField(label=_("开户银行"), max_length=100, required=False)
    bank_account = forms.CharField(label=_("银行账号"), max_length=40, required=False)
    address = forms.CharField(label=_("地址"), max_length=200, required=False)
    phone = forms.CharField(label=_("电话"), max_length=40, required=False)


class EstimateForm(forms.Form):
    """The calculator of the public page."""

    modules = forms.MultipleChoiceField(
        label=_("模块"), choices=[(offer.module, offer.brand) for offer in OFFERS],
        widget=forms.CheckboxSelectMultiple, required=False,
    )  # fmt: skip
    seats = forms.IntegerField(label=_("席位数"), min_value=1, max_value=MOST_SEATS, initial=INCLUDED_SEATS)
    interval = forms.ChoiceField(
        label=_("付款周期"), choices=[("month", _("按月")), ("year", _("按年"))], initial="month",
        widget=forms.RadioSelect,
    )  # fmt: skip
    vouchers = forms.IntegerField(
        label=_("每月凭证（张）"), min_value=0, max_value=1_000_000, initial=200, required=False
    )
    yearly_revenue = forms.DecimalField(
        label=_("年营业收入（万元，选填）"), min_value=0, max_digits=12, decimal_places=2, required=False
    )


class SignupForm(forms.Form):
    """注册企业. Names and refusals stand in the service; this is their shape."""

    company = forms.CharField(label=_("企业名称"), max_length=200)
    slug = forms.CharField(label=_("访问地址"), max_length=35, help_text=_("3 到 35 个小写字母、数字或连字符。"))
    owner_name = forms.CharField(label=_("姓名"), max_length=60)
    owner_email = forms.EmailField(label=_("邮箱"), max_length=254)
    phone = forms.CharField(label=_("手机号（选填）"), max_length=20, required=False)
    password = forms.CharField(
        label=_("密码"), widget=forms.PasswordInput(render_value=True), strip=False, max_length=200,
        help_text=_("至少 8 位，不能全是数字。"),
    )  # fmt: skip
    modules = forms.MultipleChoiceField(
        label=_("试用模块"), widget=forms.CheckboxSelectMultiple, initial=[OFFERS[0].module], required=False
    )
    accept_terms = forms.BooleanField(
        label=_("我已阅读并同意服务协议和隐私政策"), error_messages={"required": _("请先阅读并勾选同意。")}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["modules"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (offer.module, offer.brand) for offer in OFFERS if offer.is_built
        ]

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password


class CodeForm(forms.Form):
    code = forms.RegexField(r"^\s*\d{6}\s*$", label=_("验证码"), error_messages={"invalid": _("请输入 6 位数字。")})


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("原因"), max_length=200)


class UntilForm(ReasonForm):
    until = forms.DateField(label=_("截止日期"), widget=forms.DateInput(attrs={"type": "date"}))
    field_order = ["until", "reason"]


class TermsDaysForm(forms.Form):
    terms_days = forms.IntegerField(label=_("付款期限（天）"), min_value=0, max_value=180)


class StatementForm(forms.Form):
    """导入银行流水."""

    account = forms.ChoiceField(label=_("收款账户"))
    file = forms.FileField(label=_("对账单文件（CSV）"))

    def __init__(self, *args: Any, accounts: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].choices = accounts  # type: ignore[attr-defined]  # a ChoiceField


class MatchForm(forms.Form):
    """核对: the company that paid, and the invoice; without one the money is kept as its balance."""

    tenant = forms.IntegerField(min_value=1)
    invoice = forms.IntegerField(min_value=1, required=False)
