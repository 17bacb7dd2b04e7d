"""How engineering and planning say no."""

from decimal import Decimal

from django.utils.translation import gettext as _

from apps.masterdata import public as masterdata
from kernel.errors import DomainError, Invalid, NotFound, StaleVersion


class BomCycle(DomainError):
    """An item would be made of itself; `extra["path"]` names the items on the way."""

    code = "bom_cycle"


class BomOverlap(DomainError):
    """Two active versions of an item would count on the same day."""

    code = "bom_overlap"


class BomInUse(DomainError):
    """An order has copied this version: its lines are frozen."""

    code = "bom_in_use"


class NoActiveBom(DomainError):
    """The item has no bill in force on the day."""

    code = "no_active_bom"


class WrongState(DomainError):
    """The record is not in a state that allows this."""

    code = "wrong_state"


class RunBusy(DomainError):
    """Another run is under way."""

    code = "run_busy"


class AlreadyReleased(DomainError):
    """A planned order is released once."""

    code = "already_released"


def wrong(code: str, sentence: str, field: str) -> Invalid:
    """400 `code` with the sentence at `field`."""
    return Invalid(sentence, code, fields={field: [sentence]})


def absent() -> NotFound:
    return NotFound(_("找不到您要的内容。"))


def check_version(current: int, given: int | None) -> None:
    """Raise StaleVersion when the writer read an older state; None = the writer did not say."""
    if given is not None and given != current:
        raise StaleVersion(_("内容已被他人修改，请刷新后重试。"), extra={"current": current})


def item_called(code: str, field: str = "item") -> masterdata.ItemInfo:
    """The item by code or alias. Raises Invalid `unknown_item`."""
    found = masterdata.item_by_code(code)
    if found is None:
        raise unknown_item(code, field)
    return found


def unknown_item(code: str, field: str) -> Invalid:
    return wrong("unknown_item", _("没有物料“%(code)s”。") % {"code": code[:64]}, field)


def check_decimals(quantity: Decimal, item: masterdata.ItemInfo, field: str = "quantity") -> None:
    """Raise Invalid `too_many_decimals` when `quantity` is finer than the item's stock unit allows."""
    if quantity != round(quantity, item.decimals):
        sentence = _("物料 %(item)s 的数量最多 %(decimals)s 位小数。") % {"item": item.code, "decimals": item.decimals}
        raise wrong("too_many_decimals", sentence, field)
