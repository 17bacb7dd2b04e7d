"""Fields of master data and the codes in them as the audit log names them."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.masterdata.models.items import Item
from apps.masterdata.models.partners import Partner
from apps.masterdata.models.places import Employee, Warehouse

FIELDS = {
    "account_no": _("账号"), "addresses": _("地址"), "attributes": _("属性"), "axes": _("变体轴"),
    "axis_values": _("变体取值"), "bank_accounts": _("银行账户"), "barcodes": _("条码"), "contacts": _("联系人"),
    "credit_limit": _("信用额度"), "currency": _("币种"), "decimals": _("小数位"), "department": _("部门"),
    "drawing_no": _("图号"), "family": _("变体系列"), "gapless": _("连续编号"), "gln": _("全球位置码"),
    "gs1_prefix": _("厂商识别代码"), "identifiers": _("外部编码"), "internal_note": _("内部备注"),
    "is_customer": _("客户"), "is_own": _("本企业"), "is_phantom": _("虚拟件"), "is_purchased": _("可采购"),
    "is_service": _("服务"), "is_sold": _("可销售"), "is_stocked": _("有库存"), "is_supplier": _("供应商"),
    "kind": _("类型"), "member": _("登录成员"), "mobile": _("手机"), "owner": _("负责人"), "path": _("路径"),
    "pattern": _("编码格式"), "payment_terms": _("付款条件"), "rec20": _("国际单位代码"), "reset": _("重新编号"),
    "revision": _("版次"), "shelf_life_days": _("保质期（天）"), "short_name": _("简称"), "source": _("来源"),
    "standard_cost": _("标准成本"), "status": _("状态"), "stock_unit": _("库存单位"), "target_price": _("目标价"),
    "tax_rate": _("税率"), "template": _("属性模板"), "tracking": _("追踪方式"), "units": _("换算单位"),
    "uscc": _("统一社会信用代码"), "warehouse": _("仓库"), "weight": _("重量"),
}  # fmt: skip
VALUES: dict[str, dict[str, Any]] = {
    "source": dict(Item.Source.choices),
    "tracking": dict(Item.Tracking.choices),
    "state": {**dict(Item.State.choices), Employee.State.LEFT.value: Employee.State.LEFT.label},
    "status": dict(Partner.Status.choices),
    "kind": {**dict(Partner.Kind.choices), **dict(Warehouse.Kind.choices)},
    "currency": {"CNY": _("人民币")},
}
