"""The rows that services hold while they work. Order: period, voucher, balances, chain head, number counter."""

from datetime import date

from django.utils.translation import gettext as _

from apps.finance.domain.periods import Period as Month
from apps.finance.models import Book, Period, Voucher
from apps.finance.services.refusals import book_not_started, period_closed, period_missing, voucher_unknown
from kernel.errors import StaleVersion

_FOR_SHARE = "SELECT * FROM finance_period WHERE index = %s FOR SHARE"
_OF_VOUCHER = (
    "SELECT p.* FROM finance_period p JOIN finance_voucher v ON v.period_id = p.id WHERE v.id = %s FOR SHARE OF p"
)


def started_book() -> Book:
    """The book, which must be started. Raises `book_not_started`."""
    book = Book.objects.first()
    if book is None or not book.is_started:
        raise book_not_started()
    return book


def share_open_period(day: date) -> Period:
    """Hold the month of `day` open until commit: closing waits for us. Raises `period_missing`, `period_closed`."""
    month = Month.of(day)
    period = next(iter(Period.objects.raw(_FOR_SHARE, [month.index])), None)
    if period is None:
        raise period_missing(str(month))
    if period.is_closed:
        raise period_closed(str(month))
    return period


def share_period_of(voucher_id: int) -> Period:
    """Hold the month of a voucher, open or closed. Raises NotFound for an unknown voucher."""
    period = next(iter(Period.objects.raw(_OF_VOUCHER, [voucher_id])), None)
    if period is None:
        raise voucher_unknown()
    return period


def lock_period(month: Month) -> Period:
    """Lock the month alone, for closing and reopening. Raises `period_missing`."""
    period = Period.objects.select_for_update().filter(index=month.index).first()
    if period is None:
        raise period_missing(str(month))
    return period


def lock_voucher(voucher_id: int) -> Voucher:
    """Lock one voucher. Raises NotFound."""
    voucher = Voucher.objects.select_for_update().filter(pk=voucher_id).first()
    if voucher is None:
        raise voucher_unknown()
    return voucher


def check_still_in(voucher: Voucher, period: Period) -> None:
    """Refuse a voucher that moved to another month between two reads. Raises StaleVersion."""
    if voucher.period_id != period.pk:
        raise StaleVersion(_("内容已被他人修改，请核对后再试。"), extra={"current": voucher.version})


def check_version(current: int, given: int | None) -> None:
    """Refuse a stale copy; None = the caller does not keep versions. Raises StaleVersion with the one in force."""
    if given is not None and given != current:
        raise StaleVersion(_("内容已被他人修改，请核对后再保存。"), extra={"current": current})
