"""Serializers of answers: what they hold stands in `shapes`, what kind it is (for the schema and for Excel) here."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.finance.api import shapes


class Shaped(serializers.Serializer):  # type: ignore[misc,type-arg,unused-ignore]  # a serializer of plain values
    """Answers what the shape function makes of the row; the fields are the description of it."""

    # Fields named source, label, parent: DRF takes them off the class, whatever the types say.
    shape: Callable[[Any], dict[str, Any]]

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return type(self).shape(instance)


def _money(**options: Any) -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=18, decimal_places=2, **options)


class AccountOut(Shaped):
    shape = staticmethod(shapes.account_shape)

    code = serializers.CharField(label=_("科目编码"))
    name = serializers.CharField(label=_("科目名称"))
    parent = serializers.CharField(label=_("上级科目"), allow_null=True)  # type: ignore[assignment]  # as above
    level = serializers.IntegerField(label=_("级次"))
    category = serializers.CharField(label=_("类别"))
    direction = serializers.CharField(label=_("余额方向"))
    is_leaf = serializers.BooleanField(label=_("末级"))
    is_active = serializers.BooleanField(label=_("启用"))
    statutory = serializers.BooleanField(label=_("准则科目"))
    quantity = serializers.BooleanField(label=_("数量核算"))
    revalue = serializers.BooleanField(label=_("期末调汇"))
    cash_kind = serializers.CharField(label=_("现金类别"))
    open_item = serializers.CharField(label=_("往来核销"))
    income_line = serializers.IntegerField(label=_("利润表行次"), allow_null=True)


class DimensionOut(serializers.Serializer):  # type: ignore[misc,type-arg,unused-ignore]  # as above
    code = serializers.CharField(label=_("编码"))
    name = serializers.CharField(label=_("名称"))
    built_in = serializers.BooleanField(label=_("内置"))


class ValueOut(serializers.Serializer):  # type: ignore[misc,type-arg,unused-ignore]  # as above
    id = serializers.IntegerField()
    code = serializers.CharField(label=_("编码"))
    name = serializers.CharField(label=_("名称"))
    is_active = serializers.BooleanField(label=_("启用"))


class RateOut(Shaped):
    shape = staticmethod(shapes.rate_shape)

    currency = serializers.CharField(label=_("币种"))
    on = serializers.DateField(label=_("日期"))
    rate = serializers.DecimalField(label=_("汇率"), max_digits=18, decimal_places=8)
    source = serializers.CharField(label=_("来源"), allow_null=True)  # type: ignore[assignment]  # DRF takes it off the class


class TaxRuleOut(Shaped):
    shape = staticmethod(shapes.tax_rule_shape)

    rule = serializers.CharField(label=_("规则"))
    applies_to = serializers.CharField(label=_("适用"))
    label = serializers.CharField(label=_("名称"))  # type: ignore[assignment]  # DRF takes it off the class
    value = serializers.DecimalField(label=_("数值"), max_digits=18, decimal_places=4)
    threshold_inclusive = serializers.BooleanField(label=_("等于起征点也免税"), allow_null=True)
    valid_from = serializers.DateField(label=_("开始日期"))
    valid_to = serializers.DateField(label=_("结束日期"), allow_null=True)
    scope = serializers.CharField(label=_("范围"))
    source = serializers.CharField(label=_("依据"))  # type: ignore[assignment]  # DRF takes it off the class


class ReclassificationOut(Shaped):
    shape = staticmethod(shapes.reclassification_shape)

    period = serializers.CharField(label=_("期间"))
    from_line = serializers.IntegerField(label=_("转出行次"))
    to_line = serializers.IntegerField(label=_("转入行次"))
    amount = _money(label=_("金额"))
    reason = serializers.CharField(label=_("理由"))
    created_by = serializers.CharField(label=_("经办人"))
    created_at = serializers.DateTimeField(label=_("时间"))


class PeriodOut(Shaped):
    shape = staticmethod(shapes.period_shape)

    period = serializers.CharField(label=_("期间"))
    state = serializers.CharField(label=_("状态"))
    posted = serializers.IntegerField(label=_("已记账"))
    unposted = serializers.IntegerField(label=_("未记账"))
    closed_by = serializers.CharField(label=_("结账人"), allow_null=True)
    closed_at = serializers.DateTimeField(label=_("结账时间"), allow_null=True)


class LogOut(Shaped):
    shape = staticmethod(shapes.log_shape)

    id = serializers.IntegerField(label=_("序号"))
    at = serializers.DateTimeField(label=_("时间"))
    actor = serializers.CharField(label=_("操作人"))
    action = serializers.CharField(label=_("操作"))
    object = serializers.CharField(label=_("对象"))
    label = serializers.CharField(label=_("说明"))  # type: ignore[assignment]  # DRF takes it off the class
    changes = serializers.JSONField(label=_("变更"))
    ip = serializers.CharField(label=_("地址"), allow_null=True)


class LineOut(Shaped):
    shape = staticmethod(shapes.line_shape)

    seq = serializers.IntegerField()
    summary = serializers.CharField()
    account = serializers.CharField()
    account_name = serializers.CharField()
    aux = serializers.DictField(child=serializers.CharField())
    currency = serializers.CharField(allow_null=True)
    fc_amount = _money(allow_null=True)
    rate = serializers.DecimalField(max_digits=18, decimal_places=8, allow_null=True)
    quantity = serializers.DecimalField(max_digits=18, decimal_places=4, allow_null=True)
    unit_price = serializers.DecimalField(max_digits=18, decimal_places=6, allow_null=True)
    debit = _money()
    credit = _money()
    due_on = serializers.DateField(allow_null=True)
    ref = serializers.CharField(allow_null=True)
    cash_flow = serializers.IntegerField(allow_null=True)


class VoucherOut(Shaped):
    shape = staticmethod(shapes.voucher_shape)

    id = serializers.IntegerField()
    number = serializers.CharField(allow_null=True)
    word = serializers.CharField()
    no = serializers.IntegerField(allow_null=True)
    period = serializers.CharField()
    date = serializers.DateField()
    state = serializers.CharField()
    kind = serializers.CharField()
    attachment_count = serializers.IntegerField()
    debit_total = _money()
    credit_total = _money()
    lines = LineOut(many=True)
    prepared_by = serializers.CharField(allow_null=True)
    reviewed_by = serializers.CharField(allow_null=True)
    posted_by = serializers.CharField(allow_null=True)
    cashier_signed_by = serializers.CharField(allow_null=True)
    reverses = serializers.IntegerField(allow_null=True)
    reversed_by = serializers.IntegerField(allow_null=True)
    version = serializers.IntegerField()
    hash = serializers.CharField(allow_null=True)
    previous_hash = serializers.CharField(allow_null=True)
