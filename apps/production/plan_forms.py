"""Shapes of the forms of engineering and planning; what a code means is decided by the services."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.production.models import PlanningData


def amount(label: Any, places: int = 4, *, required: bool = False, help_text: Any = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        required=required,
        min_value=0,
        max_digits=18,
        decimal_places=places,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text=help_text,
    )


def days(label: Any, *, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=3650, help_text=help_text)


def day(label: Any, *, required: bool = False) -> forms.DateField:
    return forms.DateField(
        label=label, required=required, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class RunForm(forms.Form):
    """A run begins on a day; the horizon is the company's unless it is typed."""

    start_on = day(_("开始日期"), required=True)
    horizon_days = forms.IntegerField(label=_("计划期（天）"), required=False, min_value=1, max_value=1830)


class DemandForm(forms.Form):
    quantity = amount(_("数量"), required=True)
    due_on = day(_("需求日期"), required=True)
    priority = forms.IntegerField(
        label=_("优先级"), min_value=1, max_value=9, initial=5, help_text=_("1 最急，9 最缓。")
    )
    reference = forms.CharField(label=_("参考号"), max_length=100, required=False)


class PlanningForm(forms.Form):
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    lot_rule = forms.ChoiceField(
        label=_("批量规则"), choices=[(value, _(label)) for value, label in PlanningData.LotRule.choices]
    )
    source = forms.ChoiceField(
        label=_("来源"),
        required=False,
        choices=[("", _("按物料资料")), *((value, _(label)) for value, label in PlanningData.Source.choices)],
    )
    lead_days = days(_("提前期（天）"), help_text=_("外购按日历天，自制按计划日历的工作日。"))
    safety_stock = amount(_("安全库存"))
    fixed_quantity = amount(_("固定批量"))
    min_lot = amount(_("最小批量"))
    max_lot = amount(_("最大批量"))
    multiple = amount(_("倍数"))
    period_days = days(_("合并天数"), help_text=_("定期合并：这些天里的需求合成一单。"))
    order_cost = amount(_("订货成本（元/次）"), 6)
    holding_cost = amount(_("持有成本（元/单位·年）"), 6)
    annual_demand = amount(_("年需求量"))
    tolerance_days = days(_("提示容差（天）"), help_text=_("提前或推迟不超过这些天时不提示。"))
    supplier = forms.CharField(label=_("首选供应商"), max_length=64, required=False)


class BomForm(forms.Form):
    """The head of a bill; its lines are rows of text fields beside it."""

    version_no = forms.IntegerField(required=False, widget=forms.HiddenInput)
    version = forms.CharField(label=_("版本"), max_length=20, required=False, help_text=_("不填就取下一个号。"))
    base_quantity = amount(_("基准数量"), 6, help_text=_("下面的用量是做这么多产品的用量。"))
    valid_from = day(_("生效日期"))
    valid_to = day(_("失效日期"))
    pasted = forms.CharField(
        label=_("从 Excel 粘贴"),
        required=False,
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("每行一个子件：子件编码、用量、单位、损耗率、固定用量，用制表符分开。粘贴的行接在下面的行之后。"),
    )


class KitForm(forms.Form):
    since = day(_("开工日期从"))
    until = day(_("到"))
    mode = forms.ChoiceField(
        label=_("方式"),
        required=False,
        choices=[("in_sequence", _("动态：按顺序占用")), ("alone", _("静态：各自比全部库存"))],
    )
    expected = forms.BooleanField(label=_("算上开工前到货"), required=False)
