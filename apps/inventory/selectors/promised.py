"""Lists of what is expected and what is reserved."""

from datetime import date, datetime

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from apps.inventory.models import ExpectedReceipt, Reservation
from apps.inventory.records import ReservationView
from apps.inventory.selectors.promises import reservation_view
from kernel.errors import NotFound


def expected(
    *,
    item_id: int | None = None,
    warehouse_id: int | None = None,
    source: str | None = None,
    until: date | None = None,
) -> QuerySet[ExpectedReceipt]:
    """What is still to come, by day."""
    plain = {"item_id": item_id, "warehouse_id": warehouse_id, "source_number": source, "due_on__lte": until}
    rows = ExpectedReceipt.objects.filter(**{name: value for name, value in plain.items() if value is not None})
    rows = rows.filter(received__lt=F("quantity"))
    return rows.select_related("item", "warehouse").order_by("due_on", "id")


def reservations(
    *,
    at: datetime,
    item_id: int | None = None,
    warehouse_id: int | None = None,
    state: str | None = None,
    number: str | None = None,
) -> QuerySet[Reservation]:
    """Reservations, newest first. One whose time is over counts as expired even before the sweep."""
    plain = {"item_id": item_id, "warehouse_id": warehouse_id, "for_number": number}
    rows = Reservation.objects.filter(**{name: value for name, value in plain.items() if value is not None})
    over = Q(state=Reservation.State.ACTIVE, until__lte=at)
    if state == Reservation.State.ACTIVE:
        rows = rows.filter(state=state).exclude(until__lte=at)
    elif state == Reservation.State.EXPIRED:
        rows = rows.filter(Q(state=state) | over)
    elif state is not None:
        rows = rows.filter(state=state)
    return rows.select_related("item", "warehouse", "lot").order_by("-id")


def reservation_at(reservation_id: int, *, at: datetime) -> ReservationView:
    """One reservation. Raises NotFound."""
    row = reservations(at=at).filter(pk=reservation_id).first()
    if row is None:
        raise NotFound(_("找不到这条预留，请刷新列表。"))
    return reservation_view(row, at=at)
