"""How items, meters and states are called and shown on pages; figures come from the price plan alone."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel import registry

Words = str | Promise


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A module as people meet it before they pay."""

    module: str
    brand: Words
    icon: str
    what: Words
    features: tuple[Words, ...]

    @property
    def is_built(self) -> bool:
        """Only a module that has pages is offered; the others show their price and wait."""
        return any(group.module == self.module and group.items for group in registry.groups())


OFFERS = (
    Offer(
        module="finance",
        brand=_("轻财务"),
        icon="receipt-yuan",
        what=_("凭证、账簿、三大报表、一键结账"),
        features=(_("小企业会计准则科目"), _("A5 凭证连打"), _("Excel 导入导出")),
    ),
    Offer(
        module="inventory",
        brand=_("快仓库"),
        icon="building-warehouse",
        what=_("手机扫码出入库、库位、盘点、预警"),
        features=(_("无需扫码枪，手机即可"), _("批次与追溯"), _("库存月结")),
    ),
    Offer(
        module="production",
        brand=_("准排产"),
        icon="calendar-time",
        what=_("工单、甘特排产、报工、交期预警"),
        features=(_("一键自动排产"), _("扫码报工"), _("缺料提前知道")),
    ),
    Offer(
        module="supply",
        brand=_("小协同"),
        icon="truck-delivery",
        what=_("采购下单、供应商免登录确认、对账"),
        features=(_("微信链接确认交期"), _("送货单扫码收货"), _("月度自动对账")),
    ),
)
BY_MODULE = {offer.module: offer for offer in OFFERS}
ITEMS: dict[str, Words] = {
    "base": _("基础版"),
    "seat": _("席位"),
    **{offer.module: offer.brand for offer in OFFERS},
}
METERS: dict[str, tuple[Words, Words]] = {
    "finance.vouchers_posted": (_("已记账凭证"), _("张")),
    "inventory.stock_moves": (_("出入库流水"), _("条")),
    "production.scheduled_operations": (_("排程工序"), _("道")),
    "supply.exchange_documents": (_("交换单据"), _("份")),
    "platform.api_calls": (_("接口调用"), _("次")),
    "platform.device_readings": (_("设备采集"), _("条")),
    "platform.storage_gb": (_("存储"), _("GB·月")),
}
SUBSCRIPTION_WORDS: dict[str, tuple[Words, str]] = {
    "trialing": (_("试用中"), "blue"),
    "trial_expired": (_("试用已结束"), "red"),
    "active": (_("已开通"), "green"),
    "past_due": (_("逾期"), "orange"),
    "read_only": (_("只读"), "red"),
    "suspended": (_("已暂停"), "grey"),
    "canceling": (_("退订中"), "orange"),
    "closed": (_("已关闭"), "grey"),
}
INVOICE_WORDS: dict[str, tuple[Words, str]] = {
    "building": (_("草稿"), "grey"),
    "draft": (_("草稿"), "grey"),
    "finalising": (_("草稿"), "grey"),
    "open": (_("待付款"), "orange"),
    "partially_paid": (_("部分付款"), "blue"),
    "checking": (_("待核对"), "orange"),
    "paid": (_("已付清"), "green"),
    "void": (_("已作废"), "grey"),
    "uncollectible": (_("已核销"), "red"),
}
REASON_WORDS: dict[str, Words] = {
    "trial_end": _("试用转正"),
    "recurring": _("按期账单"),
    "change": _("订阅变更"),
    "final": _("结清账单"),
}
LINE_WORDS: dict[str, Words] = {
    "fixed": _("按期计费"),
    "usage": _("用量"),
    "late_usage": _("补报用量"),
    "proration_charge": _("按天计费"),
    "proration_credit": _("按天退回"),
    "minimum_true_up": _("最低消费补足"),
    "credit_carried": _("转入余额"),
}
BANK_WORDS: dict[str, tuple[Words, str]] = {
    "new": (_("待核对"), "orange"),
    "suggested": (_("有建议"), "blue"),
    "matched": (_("已核对"), "green"),
    "split": (_("已拆分"), "green"),
    "ignored": (_("已忽略"), "grey"),
    "returned": (_("已退回"), "grey"),
    "conflict": (_("冲突"), "red"),
}
JOB_WORDS: dict[str, Words] = {
    "rollup": _("用量汇总"),
    "trial_ends": _("试用到期"),
    "start_periods": _("开账"),
    "finalise": _("出账"),
    "dunning": _("催收"),
    "alerts": _("用量提醒"),
    "partitions": _("分区维护"),
    "prune_keys": _("清理旧标识"),
    "storage": _("存储计量"),
    "purge_closed": _("到期数据删除"),
    "reminders": _("付款提醒"),
    "outbox": _("事实送达"),
    "invariants": _("账目核验"),
    "signup": _("企业注册"),
}
PAYER_WORDS: dict[str, Words] = {"enterprise": _("企业应付"), "provider": _("服务商承担"), "government": _("政府承担")}


def item_words(code: str, known: str = "") -> Words:
    """The name of an item or meter; what the price plan calls it when we do not know it."""
    if code in METERS:
        return METERS[code][0]
    return ITEMS.get(code, known or code)


def unit_words(meter: str, known: str = "") -> Words:
    return METERS[meter][1] if meter in METERS else known


def state(words: dict[str, tuple[Words, str]], code: str) -> dict[str, Any]:
    """{word, tone} for the status component."""
    word, tone = words.get(code, (code, "grey"))
    return {"word": word, "tone": tone}
