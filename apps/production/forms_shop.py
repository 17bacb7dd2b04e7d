"""Shapes of the shop floor's forms; what a code or a quantity means is decided by the services."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.masterdata import public as masterdata
from apps.production import links
from kernel.forms.widgets import DataSelect

SCRAP_REASONS = [
    ("", _("无")),
    ("工废", _("工废（操作原因）")),
    ("料废", _("料废（来料原因）")),
    ("设备故障", _("设备故障")),
]


def quantity(label: Any, *, required: bool = True, places: int = 4, initial: Any = None) -> forms.DecimalField:
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    return forms.DecimalField(
        label=label, required=required, min_value=0, max_digits=16, decimal_places=places, widget=widget,
        initial=initial,
    )  # fmt: skip


def day(label: Any, *, required: bool = True) -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))


def text(label: Any, length: int, *, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, max_length=length, required=False, help_text=help_text)


def warehouse_choices() -> list[tuple[str, str]]:
    return [("", ""), *((row.code, f"{row.code} {row.name}") for row in masterdata.find_warehouses())]


def employee_choices() -> list[tuple[str, str]]:
    return [(row.code, f"{row.code} {row.name}") for row in masterdata.find_employees(limit=500)]


class OrderForm(forms.Form):
    """A new work order; `item` comes from the lookup beside it."""

    quantity = quantity(_("数量"))
    start_on = day(_("开工日期"), required=False)
    due_on = day(_("交期"))
    priority = forms.TypedChoiceField(
        label=_("优先级"), choices=[(n, str(n)) for n in range(1, 10)], coerce=int, initial=5
    )
    warehouse = forms.ChoiceField(
        label=_("入库仓库"), choices=warehouse_choices, required=False, widget=DataSelect,
        help_text=_("完工时成品入到这个仓库。"),
    )  # fmt: skip
    sales_order = text(_("销售订单号"), 40)
    reference = text(_("备注"), 120)
    no_materials = forms.BooleanField(label=_("不按物料清单领料"), required=False)
    no_steps = forms.BooleanField(label=_("不按工艺路线报工"), required=False)


class ChangeForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    quantity = quantity(_("数量"))
    due_on = day(_("交期"))
    priority = forms.TypedChoiceField(label=_("优先级"), choices=[(n, str(n)) for n in range(1, 10)], coerce=int)


class PickForm(forms.Form):
    """领料 or 退料 of the whole kit."""

    warehouse = forms.ChoiceField(label=_("仓库"), choices=warehouse_choices, widget=DataSelect, required=False)
    moved_on = day(_("日期"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["warehouse"].required = links.has_stock()


class PickLineForm(PickForm):
    """One material: the code is scanned or typed."""

    item = forms.CharField(label=_("物料编码"), max_length=64)
    quantity = quantity(_("数量"))
    lot = text(_("批号"), 64)
    reason = text(_("超领原因"), 200)


class ReceiveForm(PickForm):
    quantity = quantity(_("数量"))
    lot = text(_("批号"), 64)


class ReportForm(forms.Form):
    """One report: the number stands there already, a press confirms it."""

    key = forms.CharField(max_length=100, required=False, widget=forms.HiddenInput)
    good = quantity(_("合格"), required=False)
    scrap = quantity(_("报废"), required=False)
    scrap_reason = forms.ChoiceField(label=_("报废原因"), choices=SCRAP_REASONS, required=False)
    rework = quantity(_("返工"), required=False)
    minutes = quantity(_("工时（分钟）"), required=False, places=2)

    def __init__(self, *args: Any, for_others: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if for_others:
            self.fields["workers"] = forms.MultipleChoiceField(
                label=_("员工"), choices=employee_choices, required=False, widget=forms.CheckboxSelectMultiple
            )

    def values(self) -> dict[str, Any]:
        """What the service takes; blank counts are zero, several workers share equally."""
        found = dict(self.cleaned_data)
        workers = found.pop("workers", [])
        for name in ("good", "scrap", "rework"):
            found[name] = found[name] or Decimal(0)
        return {**found, "workers": [(code, Decimal(1)) for code in workers]}


class RateForm(forms.Form):
    item = forms.CharField(label=_("物料编码"), max_length=64)
    seq = forms.IntegerField(label=_("工序号"), min_value=0, max_value=99_999)
    rate = quantity(_("单价（元/件）"), places=6)
    valid_from = day(_("生效日期"))
