"""Work orders as planning and the kit check see them: what they will bring, what they still take."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


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
    """All open work orders by number."""
    return []
