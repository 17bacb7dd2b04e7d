"""How supply says no: one sentence a person can act on for every code of the contract (§20)."""

from typing import Any

from django.utils.translation import gettext as _

from apps.supply.domain.errors import RuleBroken
from kernel.errors import DomainError, Invalid, NotFound, StaleVersion

SHAPE = frozenset({"use_counter", "unknown_line", "unknown_item", "unknown_unit", "bad_sscc", "bad_factor",
                   "rejected_over_received", "future_date", "bad_range", "invalid"})  # fmt: skip


def _sentences() -> dict[str, str]:
    return {
        "not_your_turn": _("这是您自己提出的内容，或现在没有等待您答复的内容，请等对方答复。"),
        "answer_first": _("对方有一项提议正在等待答复，请先答复它。"),
        "order_closed": _("单据已经结束，不能再操作。"),
        "not_agreed": _("双方还没有确认这张订单，不能进行这项操作。"),
        "wrong_side": _("这项操作应由对方进行。"),
        "link_not_active": _("与这家企业的协同关系没有生效，暂时不能往来单据。"),
        "already_linked": _("与这家企业已经建立或正在建立协同关系。"),
        "unmapped_lines": _("还有订单行没有对照到本企业的物料，请先对照或选择按文字接单。"),
        "unit_not_exact": _("数量按换算系数折算后除不尽，请修改系数或数量。"),
        "duplicate_number": _("这个订单号已经用过，请换一个。"),
        "duplicate_sscc": _("这个 SSCC 已经用过，请换一个。"),
        "already_despatched": _("已有发货，不能取消整张订单，请改为减少数量。"),
        "below_despatched": _("数量不能少于已发货的数量。"),
        "over_agreed": _("数量超过了约定数量和允许的超交比例。"),
        "already_received": _("这批货已经收货，不能重复操作。"),
        "partner_blocked": _("这家往来单位已被冻结，不能往来新单据。"),
        "use_counter": _("同意时不能同时修改内容，请改为提议修改。"),
        "unknown_line": _("订单里没有这一行，或行号重复。"),
        "unknown_item": _("没有这个物料，请先建档。"),
        "unknown_unit": _("没有这个计量单位。"),
        "bad_sscc": _("SSCC 应为 18 位数字且校验位正确；自动编号需要先在企业资料里填写厂商识别代码。"),
        "bad_factor": _("换算系数应为大于零的准确数，例如 100 或 1/3。"),
        "rejected_over_received": _("拒收数量不能大于收到的数量。"),
        "future_date": _("日期不能晚于今天。"),
        "invalid": _("提交的内容不完整或格式不对。"),
        "not_found": _("找不到您要的内容。"),
    }


def refusal(code: str, *, field: str = "", **extra: Any) -> DomainError:
    """The refusal with this code of the contract; `field` names the spot of a shape that is wrong."""
    message = _sentences().get(code, _("无法完成这项操作。"))
    if code == "not_found":
        return NotFound(message)
    if code in SHAPE:
        return Invalid(message, code, fields={field: [message]} if field else {}, extra=extra)
    return DomainError(message, code, extra=extra)


def broken(error: RuleBroken) -> DomainError:
    """The refusal that a rule of the arithmetic means."""
    field = "" if error.line is None else "lines"
    return refusal(error.code, field=field, **({} if error.line is None else {"line": error.line}))


def stale(base: Any, mine: Any, theirs: Any, *, current: int) -> StaleVersion:
    """The head moved: what both started from, what was to be said, what stands there now."""
    message = _("对方或同事刚刚更新了这张单据，请查看最新内容后再操作。")
    return StaleVersion(message, extra={"base": base, "mine": mine, "theirs": theirs, "current": current})


def unknown_partner() -> Invalid:
    """The body names a partner who is not in master data."""
    message = _("没有这个往来单位，请先建档。")
    return Invalid(message, "unknown_partner", fields={"partner": [message]})
