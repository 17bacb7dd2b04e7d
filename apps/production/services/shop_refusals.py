"""Refusals that the shop floor's services share: a sentence with the way out, and a stable code."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from apps.production.domain import order_life
from apps.production.models import WorkOrder
from kernel.errors import DomainError, Invalid, NotFound, StaleVersion

VERB_WORDS = {
    "release": gettext_noop("下达"),
    "hold": gettext_noop("暂停"),
    "resume": gettext_noop("恢复"),
    "change": gettext_noop("修改"),
    "cancel": gettext_noop("取消"),
    "complete": gettext_noop("完工"),
    "close": gettext_noop("关闭"),
    "issue": gettext_noop("领料"),
    "return": gettext_noop("退料"),
    "receive": gettext_noop("入库"),
    "report": gettext_noop("报工"),
    "undo": gettext_noop("撤销报工"),
}


def refused(code: str, message: str, field: str = "") -> DomainError:
    """409 with a code, at a spot when one is named."""
    return DomainError(message, code, fields={field: [message]} if field else None)


def wrong_input(code: str, message: str, field: str) -> Invalid:
    """400 at one spot."""
    return Invalid(message, code, fields={field: [message]})


def check_verb(order: WorkOrder, verb: str) -> None:
    """Raises `order_closed` for an ended order, `wrong_state` where the verb does not fit the state."""
    if order_life.may(verb, order.state):
        return
    params = {"number": order.number, "state": order.get_state_display(), "verb": _(VERB_WORDS[verb])}
    message = _("工单 %(number)s %(state)s，不能%(verb)s。") % params
    raise refused("order_closed" if order.state in order_life.ENDED else "wrong_state", message)


def check_version(order: WorkOrder, given: int | None) -> None:
    """Raise StaleVersion when the writer read an older state; None = the writer did not say."""
    if given is not None and given != order.version:
        raise StaleVersion(_("工单已被他人修改，请刷新后重试。"), extra={"current": order.version})


def check_decimals(quantity: Decimal, decimals: int, field: str) -> None:
    """Raises Invalid `too_many_decimals` for a quantity finer than its unit."""
    if quantity != quantity.quantize(Decimal(1).scaleb(-decimals)):
        message = _("数量最多 %(decimals)s 位小数。") % {"decimals": decimals}
        raise wrong_input("too_many_decimals", message, field)


def check_not_future(day: date, today: date, field: str) -> None:
    """Raises Invalid `future_date`."""
    if day > today:
        raise wrong_input("future_date", _("日期不能晚于今天。"), field)


def order_unknown() -> NotFound:
    return NotFound(_("找不到这张工单，请刷新列表。"))


def plain(quantity: Decimal) -> str:
    """`12.5` for a sentence."""
    return f"{quantity.normalize():f}"
