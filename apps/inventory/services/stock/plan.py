"""What a verb wants to move: legs, before they have numbers and amounts."""

from dataclasses import dataclass, field
from decimal import Decimal

from apps.inventory.models import CostGroup, Lot, StockDocument, StockDocumentLine
from apps.masterdata.public import Numbering, StockItem, WarehouseInfo


@dataclass(eq=False, kw_only=True)
class Leg:
    """One ledger line to be: `quantity` ± stock units of `item` at a place; `costing` as `StockMove.Costing` says.

    `feeder`: another leg of this document, `feeder_id`: a move of the past that the amount comes from. `shift`: from
    which ledger position on a reversal changes history (None: the end of its day).
    """

    line: int
    item: StockItem
    warehouse: WarehouseInfo
    quantity: Decimal
    reason: str
    costing: str
    part: int = 1
    location_id: int | None = None
    lot: Lot | None = None
    given: Decimal | None = None
    origin_id: int | None = None
    feeder_id: int | None = None
    feeder: "Leg | None" = None
    reverses_id: int | None = None
    weight: Decimal | None = None
    id: int = 0
    group: CostGroup | None = None

    @property
    def pair(self) -> tuple[int, int]:
        return self.item.id, self.warehouse.id

    @property
    def key(self) -> tuple[int, int, int | None, int | None]:
        return self.item.id, self.warehouse.id, self.location_id, self.lot.pk if self.lot else None


@dataclass(kw_only=True)
class Plan:
    """A document to be posted: its head, its lines as typed, its legs in the ledger's order.

    `numbering`: how its number is taken while it is written; without it, just before.
    """

    document: StockDocument
    lines: list[StockDocumentLine]
    legs: list[Leg]
    used: dict[int, Decimal] = field(default_factory=dict)
    numbering: Numbering | None = None
