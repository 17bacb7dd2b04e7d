"""What the month-end page asks besides the checklist."""

from collections.abc import Iterable

from apps.finance.domain.periods import Period as Month
from apps.finance.models import Period, Voucher


def periods() -> list[Period]:
    """Every period by time."""
    return list(Period.objects.order_by("index"))


def first_open(rows: Iterable[Period] | None = None) -> Month | None:
    """The month that is to be closed next, of all `rows` where they were read already."""
    if rows is None:
        rows = Period.objects.filter(state=Period.State.OPEN).order_by("index")[:1]
    return next((row.as_month for row in rows if not row.is_closed), None)


def step_vouchers(period: Period) -> list[Voucher]:
    """Vouchers that the steps of this month drafted, in order."""
    return list(Voucher.objects.filter(period=period, source_kind="step").order_by("id"))
