"""How orders say no."""

from decimal import Decimal

from django.utils.translation import gettext as _

from kernel.errors import DomainError, NotFound, StaleVersion


class DuplicateNumber(DomainError):
    """Another order of this kind has the number."""

    code = "duplicate_number"


class OrderClosed(DomainError):
    """The order, or the line, is closed or cancelled."""

    code = "order_closed"


class NotDraft(DomainError):
    """The order was confirmed already."""

    code = "not_draft"


class NotConfirmed(DomainError):
    """A draft binds nobody: goods move only against a confirmed order."""

    code = "order_not_confirmed"


class AlreadyMoved(DomainError):
    """Goods moved against the order: it can be closed, not cancelled."""

    code = "already_moved"


class BelowDone(DomainError):
    """A line cannot want less than has moved."""

    code = "below_done"


class PartnerBlocked(DomainError):
    """The partner is blocked for new documents."""

    code = "partner_blocked"


class ItemStopped(DomainError):
    """The item is stopped: no new lines."""

    code = "item_stopped"


class LockedBySupply(DomainError):
    """Terms agreed with the supplier are changed only in the shared order."""

    code = "locked_by_supply"


class OverReturned(DomainError):
    """More is returned than was shipped or received."""

    code = "over_returned"


def unknown_order() -> NotFound:
    return NotFound(_("找不到这张订单，请刷新列表。"))


def check_version(current: int, given: int | None) -> None:
    """Raise StaleVersion when the writer read an older state; None = the writer did not say."""
    if given is not None and given != current:
        raise StaleVersion(_("订单已被他人修改，请刷新后重试。"), extra={"current": current})


def over(code: str, *, label: str, most: Decimal, wanted: Decimal, unit: str, field: str) -> DomainError:
    """`over_shipment` or `over_receipt`, with what would still be allowed."""
    sentence = _("%(item)s 最多还能%(verb)s %(most)s %(unit)s，填了 %(wanted)s。") % {
        "item": label, "most": plain(most), "unit": unit, "wanted": plain(wanted),
        "verb": _("发货") if code == "over_shipment" else _("收货"),
    }  # fmt: skip
    return DomainError(sentence, code, fields={field: [sentence]}, extra={"most": plain(most)})


def plain(quantity: Decimal) -> str:
    """A quantity without trailing zeros or exponent."""
    text = f"{quantity:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
