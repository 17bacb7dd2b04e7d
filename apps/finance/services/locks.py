"""The rows that services hold while they work. Order: period, voucher, balances, chain head, number counter."""

from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.utils.translation import gettext as _

from apps.finance.domain.periods import Period as Month
from apps.finance.models import Book, Period, Voucher
from apps.finance.services.refusals import book_not_started, period_closed, period_missing, voucher_unknown
from kernel.errors import StaleVersion
from tenants.db.prepared import Prepared


def _columns(part: str, model: type[Voucher] | type[Period]) -> tuple[str, list[str]]:
    fields = model._meta.concrete_fields
    return ", ".join(f'(held.{part})."{field.column}"' for field in fields), [field.attname for field in fields]


_VOUCHER, _VOUCHER_NAMES = _columns("voucher", Voucher)
_PERIOD, _PERIOD_NAMES = _columns("month", Period)
_HOLD = Prepared(
    f"SELECT {_VOUCHER}, {_PERIOD}, held.cashier_sign, held.reversed_hash "  # noqa: S608  # columns of our own models
    "FROM finance_hold_to_post(%s) AS held"
)
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


@dataclass(frozen=True)
class Postable:
    """A locked voucher in its held month; `reversed_hash` is that of the voucher it reverses."""

    voucher: Voucher
    period: Period
    cashier_sign: bool
    reversed_hash: str | None


def lock_to_post(voucher_id: int) -> Postable:
    """Hold the month of a voucher, then lock the voucher, in one call (migration 0004).

    Raises NotFound, `book_not_started`.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [voucher_id])
        *row, cashier_sign, reversed_hash = cursor.fetchone()
    if row[0] is None or cashier_sign is None:
        started_book()
        raise voucher_unknown()
    split = len(_VOUCHER_NAMES)
    voucher = Voucher.from_db(connection.alias, _VOUCHER_NAMES, row[:split])
    period = Period.from_db(connection.alias, _PERIOD_NAMES, row[split:])
    return Postable(voucher, period, cashier_sign, reversed_hash)


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
