"""What the month-end page asks besides the checklist."""

from apps.finance.domain.periods import Period as Month
from apps.finance.models import Period, Voucher


def first_open() -> Month | None:
    """The month that is to be closed next."""
    row = Period.objects.filter(state=Period.State.OPEN).order_by("index").first()
    return row.as_month if row else None


def step_vouchers(period: Period) -> list[Voucher]:
    """Vouchers that the steps of this month drafted, in order."""
    return list(Voucher.objects.filter(period=period, source_kind="step").order_by("id"))
