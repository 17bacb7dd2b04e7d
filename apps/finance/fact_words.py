"""Business facts and the conditions of posting rules in words; what nobody named stays as it was told."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, gettext_noop, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from apps.finance.domain.rules import text_of
from apps.finance.domain.standard_rules import STANDARD_RULES, STOCK_MOVED

FACTS = {
    STOCK_MOVED: _("出入库"), "EstimateReversed": _("暂估冲回"), "PurchaseInvoiced": _("采购发票"),
    "SalesInvoiced": _("销售发票"), "PaymentReceived": _("收到货款"), "PaymentMade": _("支付货款"),
    "PieceWorkConfirmed": _("计件工资"), "ScrapApproved": _("生产报废"), "SubcontractFee": _("委外加工费"),
}  # fmt: skip
FIELDS = {
    "amount": _("金额"), "category": _("物料分类"), "customer": pgettext_lazy("one", "客户"), "document": _("单据"),
    "employee": pgettext_lazy("one", "员工"), "extra_cost": _("加工费用"), "has_extra_cost": _("有加工费用"),
    "in_amount": _("调入金额"), "item": pgettext_lazy("one", "物料"), "kind": _("类型"),
    "late_for": _("迟到成本属于"), "net": _("不含税金额"), "number": _("编号"), "order": _("订单号"),
    "out_amount": _("调出金额"),
    "partner": _("往来单位"), "quantity": _("数量"), "reason": _("业务"), "source": _("来源"),
    "stock_account": _("存货科目"), "subcontract": _("委外"), "supplier": pgettext_lazy("one", "供应商"),
    "tax": _("税额"), "taxpayer": _("纳税人身份"), "total": _("价税合计"), "use": _("用途"), "warehouse": _("仓库"),
}  # fmt: skip
FIGURES = {
    **dict.fromkeys(("amount", "in_amount", "out_amount", "extra_cost", "net", "tax", "total"), "money"),
    "quantity": "count",
}
SILENT = ("first_entry", "last_entry", "warehouse_kind")  # keys and switches of the rules, no words for a reader
VALUES: dict[str, Mapping[str, Any]] = {
    "taxpayer": {"general": _("一般纳税人"), "small_scale": _("小规模纳税人")},
    "use": {"overhead": _("车间公用"), "product": _("产品")},
    "source": {"buy": _("外购"), "make": _("自制"), "outsource": _("委外")},
    "subcontract": {"true": _("是"), "false": _("否")},
    "has_extra_cost": {"true": _("是"), "false": _("否")},
}
REASONS = {str(rule.when["reason"]): rule.name for rule in STANDARD_RULES if set(rule.when) == {"reason"}}
REASONS["OPENING"] = gettext_noop("期初库存")


def fact_text(fact: str) -> str:
    """`SalesInvoiced` → 销售发票."""
    return str(FACTS.get(fact, fact))


def field_text(name: str) -> str:
    """`supplier` → 供应商."""
    return str(FIELDS.get(name, name))


def value_text(name: str, value: object) -> str:
    """A value of the field in words; amounts stay figures."""
    text = text_of(value)
    if name in ("reason", "late_for") and text in REASONS:
        return gettext(REASONS[text])
    return str(VALUES.get(name, {}).get(text, text))


def when_text(when: Mapping[str, Any]) -> str:
    """`{"taxpayer": "general"}` → 纳税人身份：一般纳税人."""
    parts = [f"{field_text(name)}{gettext('：')}{value_text(name, value)}" for name, value in when.items()]
    return " · ".join(parts)
