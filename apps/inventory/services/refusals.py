"""How inventory says no: a sentence for the clerk, a stable code for the program."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.inventory.domain.errors import CostingRefused, CycleInCosts
from kernel.errors import DomainError, Invalid


class NotEnoughStock(DomainError):
    """The place holds less than was asked for."""

    code = "not_enough_stock"


class NotEnoughAvailable(DomainError):
    """It is there, but kept for somebody else, held, or in a warehouse that is not for use."""

    code = "not_enough_available"


class NegativeLater(DomainError):
    """Taken out on that day, there would be less than nothing on `extra["day"]`."""

    code = "negative_later"


class PeriodClosed(DomainError):
    """The month is closed; `extra["first_open_day"]` says from when on one may post."""

    code = "period_closed"


class LotNotUsable(DomainError):
    """The named lot is held, blocked or expired."""

    code = "lot_not_usable"


class DuplicateSerial(DomainError):
    """The serial number is on hand already."""

    code = "duplicate_serial"


class SerialReserved(DomainError):
    """The serial number is kept for somebody else."""

    code = "serial_reserved"


class AlreadyReversed(DomainError):
    """The document was reversed already, or is a reversal itself."""

    code = "already_reversed"


class OverReturned(DomainError):
    """More would come back than went."""

    code = "over_returned"


class ItemStopped(DomainError):
    """The item is out of use, or is not kept in stock."""

    code = "item_stopped"


class PartnerBlocked(DomainError):
    """The partner is blocked for new documents."""

    code = "partner_blocked"


class InUse(DomainError):
    """Method or scope may change when a month starts without stock."""

    code = "in_use"


def plain(quantity: Decimal) -> str:
    """`12.5`, `100`: a quantity as people write it."""
    text = f"{quantity:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def spot(line: int, field: str = "quantity") -> str:
    """`lines.0.quantity`: where in the body; `line` counts from 1."""
    return f"lines.{line - 1}.{field}"


def wrong(sentence: str, code: str, field: str) -> Invalid:
    """400 at one spot."""
    return Invalid(sentence, code, fields={field: [sentence]})


def negative_later(item: str, day: date) -> NegativeLater:
    return NegativeLater(
        _("%(item)s 在 %(day)s 的库存会变成负数，请核对日期或先补录入库。") % {"item": item, "day": day.isoformat()},
        extra={"day": day.isoformat()},
    )


@contextmanager
def costing() -> Iterator[None]:
    """Turn what the arithmetic refuses into refusals."""
    try:
        yield
    except CostingRefused as error:
        sentences = {
            "cost_needed": _("没有可以参照的成本，请填写单价或金额。"),
            "value_below_zero": _("库存金额会小于零，或没有数量却剩下金额，请核对金额和日期。"),
        }
        raise DomainError(sentences[error.code], error.code) from error


def cost_cycle(error: CycleInCosts, names: list[str]) -> DomainError:
    """The items that are made of each other, by code."""
    sentence = _("%(items)s 在本月互相组装，无法计算月平均成本，请先红冲其中一张组装单。") % {"items": "、".join(names)}
    return DomainError(sentence, "cost_cycle", extra={"items": names})
