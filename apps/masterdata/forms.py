"""Shapes of the forms of master data. What a code, a unit or a check digit means is decided by the services."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.masterdata.models import (
    Address,
    Category,
    Department,
    Employee,
    Item,
    NumberRule,
    Partner,
    Unit,
    Warehouse,
)
from apps.masterdata.models.places import PlaceState
from kernel.templatetags.qz import data

BLANK_ROWS = 2
Choices = Sequence[tuple[Any, Any]]


def translated(choices: Choices) -> list[tuple[Any, Any]]:
    """Words of the models in the reader's language."""
    return [(value, _(str(label))) for value, label in choices]


def chars(label: Any, length: int = 200, *, required: bool = False, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, max_length=length, required=required, help_text=help_text)


def select(label: Any, choices: Choices, initial: Any = None) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=translated(choices), initial=initial)


def amount(label: Any, places: int, help_text: Any = "") -> forms.DecimalField:
    widget = forms.TextInput(attrs={"inputmode": "decimal"})
    return forms.DecimalField(
        label=label, required=False, min_value=0, max_digits=18, decimal_places=places, widget=widget,
        help_text=help_text,
    )  # fmt: skip


def flag(label: Any, *, initial: bool = False) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False, initial=initial)


def unit_choices() -> list[tuple[str, str]]:
    return [("", ""), *((row.code, f"{row.name}（{row.code}）") for row in Unit.objects.order_by("id"))]


def category_choices() -> list[tuple[str, str]]:
    return [("", ""), *((row.code, f"{row.path} {row.name}") for row in Category.objects.order_by("path", "id"))]


def department_choices() -> list[tuple[str, str]]:
    return [("", ""), *((row.code, str(row)) for row in Department.objects.order_by("code_key", "id"))]


def employee_choices() -> list[tuple[str, str]]:
    rows = Employee.objects.filter(state=Employee.State.ACTIVE).order_by("code_key", "id")
    return [("", ""), *((row.code, str(row)) for row in rows)]


def warehouse_choices() -> list[tuple[str, str]]:
    return [(row.code, str(row)) for row in Warehouse.objects.order_by("code_key", "id")]


class DataSelect(forms.Select):
    """Options are the company's own words: an English page marks them as Chinese."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        marked = {**(attrs or {}), "lang": "zh-CN"} if (get_language() or "").startswith("en") else attrs
        return super().get_context(name, value, marked)


def own(label: Any, choices: Any, *, required: bool = False, initial: Any = None) -> forms.ChoiceField:
    """One of the company's own records."""
    return forms.ChoiceField(label=label, choices=choices, required=required, initial=initial, widget=DataSelect)


class RecordForm(forms.Form):
    """`version` is what the clerk read: who saves second is told."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def values(self) -> dict[str, Any]:
        """What the service takes; an empty reference is none."""
        return dict(self.cleaned_data)


class ItemForm(RecordForm):
    code = chars(_("物料编码"), 64, required=True)
    name = chars(_("物料名称"), required=True)
    spec = chars(_("规格型号"))
    stock_unit = own(_("库存单位"), unit_choices, required=True, initial="pcs")
    category = own(_("物料分类"), category_choices)
    source = select(_("来源"), Item.Source.choices)
    tracking = select(_("追踪方式"), Item.Tracking.choices)
    shelf_life_days = forms.IntegerField(label=_("保质期（天）"), required=False, min_value=1, max_value=36500)
    drawing_no = chars(_("图号"), 100)
    revision = chars(_("图纸版本"), 20)
    weight = amount(_("单重（千克）"), 6)
    standard_cost = amount(_("标准成本（元）"), 6)
    target_price = amount(_("目标价（元）"), 6)
    state = select(_("状态"), Item.State.choices)
    is_stocked = flag(_("管理库存"), initial=True)
    is_purchased = flag(_("可采购"), initial=True)
    is_sold = flag(_("可销售"), initial=True)
    is_service = flag(_("服务"))
    is_phantom = flag(_("虚拟件"))
    internal_note = forms.CharField(
        label=_("内部备注"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, secret: bool, attributes: Sequence[Mapping[str, Any]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not secret:
            del self.fields["standard_cost"], self.fields["target_price"]
        self.attribute_keys = {f"attribute-{place}": str(row["key"]) for place, row in enumerate(attributes)}
        for name, row in zip(self.attribute_keys, attributes, strict=True):
            self.fields[name] = _attribute_field(row)

    def values(self) -> dict[str, Any]:
        values = {name: value for name, value in self.cleaned_data.items() if name not in self.attribute_keys}
        if self.attribute_keys:
            values["attributes"] = {key: self.cleaned_data[name] for name, key in self.attribute_keys.items()}
        return values


def _attribute_field(row: Mapping[str, Any]) -> forms.Field:
    # The company's own word, marked as such on an English page.
    label = format_html("{}{}", data(row["name"]), f" ({row['unit']})" if row.get("unit") else "")
    if row.get("type") == "enum":
        options = [("", ""), *((option, option) for option in row.get("options", ()))]
        return own(label, options)
    if row.get("type") == "bool":
        words = [("", ""), ("true", _("是")), ("false", _("否"))]
        return forms.ChoiceField(label=label, choices=words, required=False)
    if row.get("type") == "date":
        return forms.CharField(label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}))
    return forms.CharField(label=label, required=False, max_length=500)


class Row(forms.Form):
    """A row of a list in a form. Without its `key` it counts for nothing, unless something else was typed in it."""

    key = ""

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        typed = [name for name, field in self.fields.items() if type(field) is forms.CharField and values.get(name)]
        if typed and not values.get(self.key):
            self.add_error(self.key, _("请填写这一格，或清空整行。"))
        return values


class FactorRow(Row):
    key = "unit"
    unit = own(_("单位"), unit_choices)
    factor = chars(_("等于多少库存单位"), 40)


class BarcodeRow(Row):
    key = "value"
    value = chars(_("条码"), 64)
    unit = own(_("单位"), unit_choices)


class PartnerForm(RecordForm):
    code = chars(_("单位编码"), 64, required=True)
    name = chars(_("单位名称"), required=True)
    short_name = chars(_("简称"), 60)
    kind = select(_("类型"), Partner.Kind.choices)
    is_customer = flag(_("客户"))
    is_supplier = flag(_("供应商"))
    uscc = chars(_("统一社会信用代码"), 40)
    status = select(_("状态"), Partner.Status.choices, Partner.Status.APPROVED)
    category = chars(_("单位分类"), 60)
    payment_terms = chars(_("付款条件"), 100)
    tax_rate = forms.DecimalField(
        label=_("税率"), required=False, min_value=0, max_value=1, max_digits=9, decimal_places=8,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}), help_text=_("写成小数，例如 0.13。"),
    )  # fmt: skip
    credit_limit = amount(_("信用额度（元）"), 2)
    owner = own(_("负责人"), employee_choices)
    gln = chars(_("位置码（GLN）"), 30)
    internal_note = forms.CharField(
        label=_("内部备注"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, secret: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not secret:
            del self.fields["credit_limit"]


class CompanyForm(RecordForm):
    name = chars(_("企业全称"), required=True)
    short_name = chars(_("简称"), 60)
    uscc = chars(_("统一社会信用代码"), 40)
    gln = chars(_("位置码（GLN）"), 30)
    gs1_prefix = chars(_("厂商识别代码"), 30, help_text=_("GS1 分配，4 至 12 位数字。"))


class ContactRow(Row):
    key = "name"
    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = chars(_("姓名"), 60)
    mobile = chars(_("手机"), 30)
    email = chars(_("邮箱"), 254)
    role = chars(_("职务"), 60)
    is_primary = flag(_("主要联系人"))


class BankRow(Row):
    key = "account_no"
    bank = chars(_("开户银行"), 100)
    account_no = chars(_("银行账号"), 60)
    account_name = chars(_("户名"), 100)
    cnaps = chars(_("联行号"), 30)


class AddressRow(Row):
    key = "text"
    kind = select(_("地址类型"), Address.Kind.choices)
    text = chars(_("地址"), 300)
    receiver = chars(_("收货人"), 60)
    phone = chars(_("电话"), 30)


class WarehouseForm(RecordForm):
    code = chars(_("仓库编码"), 64, required=True)
    name = chars(_("仓库名称"), required=True)
    kind = select(_("类型"), Warehouse.Kind.choices)
    state = select(_("状态"), PlaceState.choices)


class LocationForm(RecordForm):
    warehouse = own(_("仓库"), warehouse_choices, required=True)
    code = chars(_("库位编码"), 64, required=True)
    barcode = chars(_("库位条码"), 64, help_text=_("标签上的条码，可以与编码不同。"))
    state = select(_("状态"), PlaceState.choices)


class DepartmentForm(RecordForm):
    code = chars(_("部门编码"), 64, required=True)
    name = chars(_("部门名称"), required=True)
    parent = own(_("上级部门"), department_choices)


class EmployeeForm(RecordForm):
    code = chars(_("工号"), 64, required=True)
    name = chars(_("姓名"), 60, required=True)
    department = own(_("部门"), department_choices)
    mobile = chars(_("手机"), 30)
    state = select(_("状态"), Employee.State.choices)


class UnitForm(RecordForm):
    code = chars(_("单位代码"), 64, required=True)
    name = chars(_("单位名称"), required=True)
    decimals = forms.IntegerField(label=_("小数位"), min_value=0, max_value=4, initial=0)
    rec20 = chars(_("Rec 20 代码"), 10)


class CategoryForm(RecordForm):
    code = chars(_("分类编码"), 64, required=True)
    name = chars(_("分类名称"), required=True)
    parent = own(_("上级分类"), category_choices)


class TemplateRow(forms.Form):
    key = chars(_("代号"), 64)
    name = chars(_("名称"), 60)
    type = select(
        _("属性类型"), (("text", "文字"), ("number", "数字"), ("enum", "选项"), ("bool", "是否"), ("date", "日期"))
    )
    unit = chars(_("单位"), 20)
    options = chars(_("可选值（用；分开）"), 500)
    required = flag(_("必填"))


class NumberRuleForm(RecordForm):
    pattern = chars(_("编号规则"), 100, required=True, help_text=_("可用 {yyyy} {yy} {MM} {dd} {seq:4} {rand:4}。"))
    reset = select(_("重新编号"), NumberRule.RESETS)
    gapless = flag(_("连续不断号"))


def rows_of(kind: type[forms.Form], *, prefix: str, data: Any = None, initial: Sequence[Any] = ()) -> Any:
    """A form set of `kind` with two blank rows more than there are; a row left blank counts for nothing."""
    made = forms.formset_factory(kind, extra=BLANK_ROWS, max_num=200, absolute_max=200)
    return made(data, prefix=prefix, initial=list(initial))


def filled(rows: Any, key: str) -> list[dict[str, Any]]:
    """The rows of a valid form set whose `key` is filled."""
    return [dict(row.cleaned_data) for row in rows if row.cleaned_data.get(key)]
