"""Refusals that several services share, and the bridge from the arithmetic's own errors."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.utils.translation import gettext as _

from apps.finance.domain.errors import BookkeepingError
from kernel.errors import DomainError, Invalid, NotFound


def invalid(message: str, field: str) -> Invalid:
    """400 `invalid` at one spot."""
    return Invalid(message, fields={field: [message]})


def refused(code: str, message: str, field: str = "") -> DomainError:
    """409 with a code, at a spot when one is named."""
    return DomainError(message, code, fields={field: [message]} if field else None)


def as_refusal(error: BookkeepingError, field: str = "") -> DomainError:
    """The arithmetic's refusal in the reader's language."""
    message = _(error.template) % error.params if error.params else _(error.template)
    if error.code == "invalid":
        return invalid(message, field) if field else Invalid(message)
    return refused(error.code, message, field)


@contextmanager
def bookkeeping(field: str = "") -> Iterator[None]:
    """Turn BookkeepingError into a refusal that names `field`."""
    try:
        yield
    except BookkeepingError as error:
        raise as_refusal(error, field) from error


def raise_fields(fields: Mapping[str, str]) -> None:
    """Raise `invalid` for all spots at once, the first one speaking; nothing when there are none."""
    if fields:
        first = next(iter(fields.values()))
        raise Invalid(first, fields={spot: [text] for spot, text in fields.items()})


def voucher_unknown() -> NotFound:
    return NotFound(_("找不到这张凭证，请刷新列表。"))


def account_unknown(code: str) -> NotFound:
    return NotFound(_("没有科目 %(code)s。") % {"code": code[:20]})


def period_missing(text: str) -> DomainError:
    message = _("没有会计期间 %(period)s，请先确认账套的启用期间。") % {"period": text}
    return refused("period_missing", message)


def period_closed(text: str) -> DomainError:
    message = _("%(period)s 已结账，请把日期改到未结账的期间，或先反结账。") % {"period": text}
    return refused("period_closed", message)


def book_not_started() -> DomainError:
    return refused("book_not_started", _("账套还没有启用，请先录入期初余额并启用账套。"))
