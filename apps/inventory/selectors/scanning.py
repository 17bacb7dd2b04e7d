"""What a clerk is told who looks goods up with a scanner."""

from dataclasses import dataclass
from decimal import Decimal

from apps.inventory.models import Balance


@dataclass(frozen=True)
class FoundStock:
    """What lies of an item in one place; `shown` is the same for JSON."""

    warehouse: str
    location: str
    lot: str
    quantity: Decimal

    @property
    def shown(self) -> dict[str, str]:
        text = f"{self.quantity.normalize():f}"
        return {"warehouse": self.warehouse, "location": self.location, "lot": self.lot, "quantity": text}


def stock_of(item_id: int, *, lot: str = "") -> list[FoundStock]:
    """Where an item lies, by warehouse, location and lot; only `lot` when one is named."""
    rows = Balance.objects.filter(item_id=item_id, quantity__gt=0).select_related("warehouse", "location", "lot")
    if lot:
        rows = rows.filter(lot__code=lot)
    return [
        FoundStock(
            row.warehouse.code,
            row.location.code if row.location else "",
            row.lot.code if row.lot else "",
            row.quantity,
        )
        for row in rows.order_by("warehouse__code_key", "location__code_key", "lot__code", "id")
    ]
