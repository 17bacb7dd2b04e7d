"""The operator's log and the counts of his jobs in words; a code that nobody named stays a code."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.billing import offers
from apps.billing.models import AuditLog
from kernel import audit_words

NOUNS = {"test_clock": _("测试时钟")}
VERBS = {
    "bank_line.ignored": _("忽略"), "bank_line.returned": _("退回"), "billing_account.terms": _("付款期限"),
    "dunning.paused": _("暂停催收"), "grant.changed": _("开关"), "invoice.draft_deleted": _("删除草稿"),
    "invoice.finalised": _("出账"), "company.purged": _("删除数据"), "price_plan.drafted": _("新增版本"),
    "price_plan.published": _("发布"), "subscription.begun": _("注册"), "subscription.trial_extended": _("延长试用"),
    "usage.released": _("放行"), "usage.discarded": _("丢弃"),
}  # fmt: skip
FIELDS = {
    "effective_from": _("生效日期"), "files": _("文件数"), "gateway": _("付款方式"), "items": _("订阅项"),
    "level": _("权限"), "terms_days": _("付款期限（天）"), "to_balance": _("转入余额"), "total": _("金额"),
    "trial_days": _("试用天数"), "trial_ends_on": _("试用到期"), "fields": _("修改内容"), "caps": _("用量上限"),
}  # fmt: skip
COUNTS = {
    "due": _("应处理"), "done": _("已处理"), "skipped": _("无需处理"), "refreshed": _("已更新"), "events": _("事件"),
    "rebuilt_days": _("重算天数"), "runs": _("运行"), "failed": _("失败"),
}  # fmt: skip
LEVELS = {"full": _("可用"), "read": _("只读"), "read_only": _("只读"), "none": _("停用")}
GATEWAYS = {"bank_transfer": _("对公转账"), "manual": _("手工登记"), "stripe": "Stripe"}


def hang_in() -> None:
    """Give the words of billing to the log of the kernel, which reads both logs."""
    audit_words.add(nouns=NOUNS, verbs=VERBS, fields=FIELDS, values={"level": LEVELS, "gateway": GATEWAYS})


def entry_row(entry: AuditLog) -> dict[str, Any]:
    """{entry, action, label, changes} in the reader's language."""
    noun = entry.action.partition(".")[0]
    states = _states(noun)
    changes = {
        name: [states.get(str(value), value) for value in pair] if name == "state" else _modules(name, pair)
        for name, pair in entry.changes.items()
    }
    label = states.get(entry.label, entry.label)
    return {
        "entry": entry,
        "action": audit_words.action_text(entry.action),
        "label": str(label),
        "actor": entry.actor_name if entry.actor_id else gettext("系统"),
        "changes": audit_words.changes_in(changes),
    }


def _states(noun: str) -> dict[str, str]:
    tables = {
        "subscription": offers.SUBSCRIPTION_WORDS,
        "invoice": offers.INVOICE_WORDS,
        "bank_line": offers.BANK_WORDS,
    }
    return {code: str(words) for code, (words, _tone) in tables.get(noun, {}).items()}


def _modules(name: str, pair: Any) -> Any:
    if name != "modules" or not isinstance(pair, list):
        return pair
    return [[str(offers.item_words(code)) for code in side] if isinstance(side, list) else side for side in pair]


def counts_text(counts: Mapping[str, Any]) -> str:
    """应处理 3，已处理 2."""
    return gettext("，").join(f"{COUNTS.get(name, name)} {number}" for name, number in counts.items())
