"""What the audit log calls the deeds of supply."""

from django.utils.translation import gettext_lazy as _

NOUNS = {
    "consent": _("授权"), "despatch": _("送货"), "guest_link": _("供应商链接"), "notice_channel": _("通知渠道"),
    "receipt": _("收货"), "supply_link": _("合作伙伴"), "supply_map": _("物料对照"), "supply_order": _("协同订单"),
}  # fmt: skip
VERBS = {
    "accept": _("同意"), "cancel": _("取消"), "claim": _("认领"), "confirm": _("确认"), "counter": _("提议修改"),
    "drop": _("删除"), "give": _("同意"), "invite": _("邀请"), "map": _("物料对照"), "pause": _("暂停"),
    "propose": _("提议变更"), "publish": _("发布"), "refuse": _("拒绝"), "reject": _("拒绝"), "respond": _("答复"),
    "resume": _("恢复"), "send": _("发出"), "withdraw": _("撤回"),
}  # fmt: skip
