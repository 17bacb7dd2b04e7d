"""What a message of a plan says, in the reader's language."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from apps.production.models import PlanMessage

CODES = (
    "late_demand",
    "past_due",
    "reschedule_in",
    "reschedule_out",
    "cancel",
    "no_bom",
    "no_supplier",
    "below_safety",
)


def text_of(message: PlanMessage) -> str:
    """A sentence the planner can act on."""
    values: dict[str, Any] = {
        "item": message.item.code,
        "order": message.order_number,
        "from": _day(message.from_on),
        "to": _day(message.to_on),
        "days": abs(message.days),
    }
    sentences = {
        "reschedule_in": _("订单 %(order)s 需从 %(from)s 提前到 %(to)s，提前 %(days)s 天。"),
        "reschedule_out": _("订单 %(order)s 可从 %(from)s 推迟到 %(to)s，推迟 %(days)s 天。"),
        "cancel": _("订单 %(order)s（%(from)s 到）在计划期内不需要，可以取消。"),
        "past_due": _("物料 %(item)s 本应在 %(from)s 下单，已晚 %(days)s 天。"),
        "no_bom": _("自制物料 %(item)s 没有启用的物料清单，用料没有算进来。"),
        "no_supplier": _("外购物料 %(item)s 没有首选供应商，请在计划参数里填。"),
        "below_safety": _("物料 %(item)s 的现有量低于安全库存。"),
        "late_demand": _("物料 %(item)s 的需求（%(from)s 要）预计 %(to)s 才齐，晚 %(days)s 天。"),
    }
    return sentences.get(message.code, message.code) % values


def label_of(code: str) -> str:
    """The code as a short word."""
    return {
        "late_demand": _("需求延误"),
        "past_due": _("已过下单日"),
        "reschedule_in": _("需提前"),
        "reschedule_out": _("可推迟"),
        "cancel": _("可取消"),
        "no_bom": _("缺物料清单"),
        "no_supplier": _("缺供应商"),
        "below_safety": _("低于安全库存"),
    }.get(code, code)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
