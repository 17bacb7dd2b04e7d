"""The first lock of every posting: the books, which a closing month holds alone."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.inventory.models import StockSettings
from apps.inventory.services.refusals import PeriodClosed, wrong
from apps.inventory.services.seeding import seed_numbers, seed_settings
from tenants.db.prepared import Prepared

_SETTINGS = Prepared("""
SELECT method, scope, closed, item, own_method, own_scope FROM inventory_settings_opened(%s::bigint[])
""")


@dataclass(frozen=True, kw_only=True)
class Dating:
    """The day a document counts for, the day that was wished, and the end of what is closed."""

    moved_on: date
    intended_on: date | None
    closed_through: date | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Opening:
    """What is settled once the settings are locked: the end of the closed months and each item's method and scope."""

    closed_through: date | None
    default: tuple[str, str]
    special: dict[int, tuple[str, str]]

    def method_of(self, item_id: int) -> tuple[str, str]:
        """(method, scope) of an item."""
        method, scope = self.special.get(item_id, ("", ""))
        method = method or self.default[0]
        scope = scope or self.default[1]
        return method, "company" if method == "monthly_average" else scope

    @property
    def first_open_day(self) -> date | None:
        return self.closed_through + timedelta(days=1) if self.closed_through else None


def open_books(item_ids: list[int]) -> Opening:
    """Hold the books open with all others who post: no month closes until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_SETTINGS, [item_ids])
        rows = cursor.fetchall()
    if not rows:
        seed_books()
        return open_books(item_ids)
    special = {row[3]: (row[4], row[5]) for row in rows if row[3] is not None}
    return Opening(closed_through=rows[0][2], default=(rows[0][0], rows[0][1]), special=special)


def seed_books() -> None:
    """A company from before this module has no settings yet."""
    seed_settings()
    seed_numbers()


def close_books() -> StockSettings:
    """Hold the books alone: nobody posts until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT inventory_close_books()")
    row = StockSettings.objects.select_for_update().filter(pk=StockSettings.ONLY).first()
    if row is None:
        seed_settings()
        return close_books()
    return row


def check_not_future(moved_on: date, at: datetime, field: str = "moved_on") -> None:
    """Goods move today or earlier. Raises Invalid `future_date`."""
    if moved_on > timezone.localtime(at).date():
        raise wrong(_("日期不能晚于今天。"), "future_date", field)


def settle_date(opening: Opening, moved_on: date, *, when_closed: str, at: datetime, field: str = "moved_on") -> Dating:
    """The day a document counts for. Raises Invalid `future_date`, PeriodClosed."""
    check_not_future(moved_on, at, field)
    first = opening.first_open_day
    if first is None or moved_on >= first:
        return Dating(moved_on=moved_on, intended_on=None, closed_through=opening.closed_through, at=at)
    if when_closed != "first_open_day":
        raise PeriodClosed(
            _("%(month)s 已结账，最早可以记在 %(day)s。") % {"month": f"{moved_on:%Y-%m}", "day": first.isoformat()},
            extra={"first_open_day": first.isoformat()},
        )
    check_not_future(first, at, field)
    return Dating(moved_on=first, intended_on=moved_on, closed_through=opening.closed_through, at=at)
