"""操作日志 in words: `voucher.post` reads 凭证 · 记账, a changed column reads by its name. Unknown codes stay codes.

A module whose nouns are not here adds them with `add` in its `registration.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.models import AuditEntry

Words = dict[str, Promise | str]

NOUNS: Words = {
    "account": _("会计科目"), "attribute_template": _("属性模板"), "bank_line": _("银行流水"),
    "billing_account": _("开票资料"), "book": _("账套"), "caps": _("用量上限"), "category": _("分类"),
    "company": _("企业"), "contact": _("联系人"), "department": _("部门"), "dimension": _("辅助核算"),
    "demo": _("示例数据"),
    "dunning": _("催收"), "employee": _("员工"), "export": _("数据导出"), "fact": _("业务消息"),
    "family": _("物料系列"), "grant": _("应用"), "import": _("导入"), "invitation": _("邀请"),
    "invoice": _("账单"), "item": pgettext_lazy("one", "物料"), "location": _("库位"), "member": _("成员"),
    "number_rule": _("编码规则"), "opening": _("期初余额"), "partner": _("往来单位"), "password": _("密码"),
    "payment": _("付款"), "picture": _("图片"), "period": _("会计期间"), "price_plan": _("价格"), "rate": _("汇率"),
    "session": _("登录设备"), "statement": _("报表"), "subscription": _("订阅"), "token": _("API 令牌"),
    "totp": _("两步验证"), "unit": _("计量单位"), "usage": _("用量"), "value": _("辅助核算项目"),
    "voucher": pgettext_lazy("one", "凭证"), "warehouse": _("仓库"), "webhook": _("外部通知"),
}  # fmt: skip
VERBS: Words = {
    "add": _("新增"), "alter": _("修改"), "begun": _("开始"), "built": _("建立"), "change": _("修改"),
    "changed": _("修改"),
    "clear": _("清空"), "close": _("结账"), "copy": _("复制"), "create": _("新增"), "delete": _("删除"),
    "disable": _("停用"), "draft": _("填制"), "enable": _("启用"), "erase": _("清除个人信息"),
    "finalised": _("出账"), "invite": _("邀请"), "join": _("加入"), "make": _("新建"), "matched": _("核对"),
    "merge": _("合并"), "off": _("关闭"), "on": _("开启"), "post": _("记账"), "put": _("录入"),
    "reclassify": _("重分类"), "recorded": _("登记"), "remove": _("删除"), "rename": _("改名"),
    "reopen": _("反结账"), "retag": _("改现金流量项目"), "retry": _("重试"), "reverse": _("红字冲销"),
    "review": _("审核"), "revoke": _("作废"), "save": _("保存"), "setup": _("建账"), "sign": _("签字"),
    "start": _("启用"), "state": _("状态变化"), "step": _("结转"), "taxpayer_kind": _("改纳税人身份"),
    "terms": _("同意条款"), "undo": _("撤销"), "unreview": _("取消审核"), "unsign": _("取消签字"),
}  # fmt: skip
FIELDS: Words = {
    "code": _("编码"), "name": _("名称"), "role": _("角色"), "rights": _("单项权限"), "until": _("有效期至"),
    "is_active": _("启用"), "url": _("网址"), "events": _("事件"), "spec": _("规格"), "unit": _("单位"),
    "category": _("分类"), "note": _("备注"), "phone": _("电话"), "address": _("地址"), "date": _("日期"),
    "word": _("凭证字"), "lines": _("分录"), "attachments": _("附单据"), "version": _("版本"), "state": _("状态"),
    "number": _("编号"), "summary": _("摘要"), "rate": _("汇率"), "barcode": _("条码"), "reason": _("原因"),
    "seats": _("席位"), "modules": _("应用"), "direction": _("方向"), "parent": _("上级"),
}  # fmt: skip


def add(
    *,
    nouns: Mapping[str, Any] | None = None,
    verbs: Mapping[str, Any] | None = None,
    fields: Mapping[str, Any] | None = None,
) -> None:
    """Words of a module for its own actions (`sales_order.confirm`) and for the fields that it logs."""
    NOUNS.update(nouns or {})
    VERBS.update(verbs or {})
    FIELDS.update(fields or {})


def field_text(name: str) -> str:
    """`stock_unit` → 库存单位, `lines.3` → 分录 3."""
    first, _dot, rest = name.partition(".")
    words = str(FIELDS.get(first, first))
    return f"{words} {rest}" if rest else words


def action_text(action: str) -> str:
    """`voucher.post` → 凭证 · 记账."""
    noun, _dot, verb = action.partition(".")
    words = [str(table.get(part, part)) for table, part in ((NOUNS, noun), (VERBS, verb)) if part]
    return " · ".join(words)


def codes_like(text: str, table: Words) -> list[str]:
    """Codes whose words hold `text`."""
    wanted = text.casefold()
    return [code for code, words in table.items() if wanted in str(words).casefold()]


@dataclass(frozen=True)
class Change:
    """One field of an entry, before and after; `after` None = there is only one value to show."""

    name: str
    before: str
    after: str | None


def changes_of(entry: AuditEntry) -> list[Change]:
    """What an entry changed, in words."""
    return [_change(name, pair) for name, pair in entry.changes.items()]


def _change(name: str, pair: Any) -> Change:
    words = field_text(name)
    if isinstance(pair, list) and len(pair) == 2:
        return Change(words, _value(pair[0]), _value(pair[1]))
    return Change(words, _value(pair), None)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return _now("是") if value else _now("否")
    if value in (None, "", {}, []):
        return "—"
    if isinstance(value, dict):
        return _now("、").join(f"{key} {_value(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return _now("、").join(_value(inner) for inner in value)
    return str(value)


def nouns() -> list[tuple[str, str]]:
    """(beginning of the action, words) for the filter, by word."""
    return sorted(((f"{noun}.", str(words)) for noun, words in NOUNS.items()), key=lambda pair: pair[1])
