"""Work orders as planning and the kit check see them: what they will bring, what they still take."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch

from apps.production.models import WorkOrder, WorkOrderMaterial


@dataclass(frozen=True)
class OpenNeed:
    """`quantity` of an item still to be taken; `on` None = at once."""

    item_id: int
    quantity: Decimal
    on: date | None


@dataclass(frozen=True)
class OpenOrder:
    """A work order from draft to started; `left` is still to be made."""

    id: int
    number: str
    item_id: int
    left: Decimal
    due_on: date
    priority: int
    sales_order: str
    sales_line: int | None
    needs: tuple[OpenNeed, ...]


def open_orders() -> list[OpenOrder]:
    """All open work orders by number; two queries however many."""
    materials = Prefetch("materials", WorkOrderMaterial.objects.order_by("line"))
    rows = WorkOrder.objects.filter(state__in=WorkOrder.OPEN).prefetch_related(materials)
    return [_open(row) for row in rows.order_by("number", "id")]


def _open(row: WorkOrder) -> OpenOrder:
    # Scrap is lost and what went to stock is there: only the rest is still to come.
    left = max(Decimal(0), row.quantity - row.scrap - row.received)
    needs = tuple(OpenNeed(one.item_id, one.open, row.start_on) for one in row.materials.all() if one.open > 0)
    return OpenOrder(
        row.pk, row.number, row.item_id, left, row.due_on, row.priority, row.sales_order, row.sales_line, needs
    )
