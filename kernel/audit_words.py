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
BLANK: tuple[Any, ...] = (None, "", {}, [])

NOUNS: Words = {
    "account": _("会计科目"), "attribute_template": _("属性模板"), "bank_line": _("银行流水"),
    "billing_account": _("开票资料"), "book": _("账套"), "caps": _("用量上限"), "category": _("分类"),
    "company": pgettext_lazy("one", "企业"), "contact": _("联系人"), "department": _("部门"),
    "dimension": _("辅助核算"), "demo": _("示例数据"),
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
    "receive": _("接收"), "reclassify": _("重分类"), "recorded": _("登记"), "remove": _("删除"), "rename": _("改名"),
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

VALUES: dict[str, dict[str, Promise | str]] = {}  # field -> code that it holds -> words


def add(
    *,
    nouns: Mapping[str, Any] | None = None,
    verbs: Mapping[str, Any] | None = None,
    fields: Mapping[str, Any] | None = None,
    values: Mapping[str, Mapping[str, Any]] | None = None,
) -> None:
    """Words of a module for its own actions (`sales_order.confirm`), the fields that it logs and the codes in them."""
    NOUNS.update(nouns or {})
    VERBS.update(verbs or {})
    FIELDS.update(fields or {})
    for name, words in (values or {}).items():
        VALUES.setdefault(name, {}).update(words)


def field_text(name: str) -> str:
    """`stock_unit` → 库存单位, `lines.3` → 分录 3."""
    first, _dot, rest = name.partition(".")
    words = str(FIELDS.get(first, first))
    return f"{words} {rest}" if rest else words


def action_text(action: str) -> str:
    """`voucher.post` → 凭证 · 记账; a verb of one noun only (`work_order.release`) goes before the common one."""
    noun, _dot, verb = action.partition(".")
    words = [str(NOUNS.get(noun, noun)), str(VERBS.get(action) or VERBS.get(verb, verb))]
    return " · ".join(word for word in words if word)


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
    """What an entry changed, in words; what was blank and stays blank is not told."""
    return changes_in(entry.changes)


def changes_in(changes: Mapping[str, Any]) -> list[Change]:
    """`{field: [before, after]}` in words; a field that was blank before shows only what it holds now."""
    return [_change(name, pair) for name, pair in changes.items() if not _is_blank(pair)]


def _is_blank(pair: Any) -> bool:
    return isinstance(pair, list) and len(pair) == 2 and pair[0] in BLANK and pair[1] in BLANK


def _change(name: str, pair: Any) -> Change:
    words = field_text(name)
    known = VALUES.get(name, {})
    if isinstance(pair, list) and len(pair) == 2:
        if pair[0] in BLANK:
            return Change(words, _value(pair[1], known), None)
        return Change(words, _value(pair[0], known), _value(pair[1], known))
    return Change(words, _value(pair, known), None)


def _value(value: Any, known: Mapping[str, Any]) -> str:
    if isinstance(value, bool):
        return _now("是") if value else _now("否")
    if value in BLANK:
        return "—"
    if isinstance(value, dict):
        return _now("、").join(f"{key} {_value(inner, known)}" for key, inner in value.items())
    if isinstance(value, list):
        return _now("、").join(_value(inner, known) for inner in value)
    text = str(value)
    return _now(str(known[text])) if text in known else text


def nouns() -> list[tuple[str, str]]:
    """(beginning of the action, words) for the filter, by word."""
    return sorted(((f"{noun}.", str(words)) for noun, words in NOUNS.items()), key=lambda pair: pair[1])
