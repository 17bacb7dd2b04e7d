"""Tables of inventory in each company's schema."""

from apps.inventory.models.costing import CostEntry, CostGroup, CostLayer, ValueEvent
from apps.inventory.models.documents import StockDocument, StockDocumentLine
from apps.inventory.models.ledger import Balance, Level, StockMove
from apps.inventory.models.lots import Lot, LotLink
from apps.inventory.models.periods import Period, PeriodBalance, PeriodCost
from apps.inventory.models.promises import Commitment, ExpectedReceipt, Reservation
from apps.inventory.models.settings import ItemSettings, ReorderRule, StockSettings

__all__ = [
    "Balance",
    "Commitment",
    "CostEntry",
    "CostGroup",
    "CostLayer",
    "ExpectedReceipt",
    "ItemSettings",
    "Level",
    "Lot",
    "LotLink",
    "Period",
    "PeriodBalance",
    "PeriodCost",
    "ReorderRule",
    "Reservation",
    "StockDocument",
    "StockDocumentLine",
    "StockMove",
    "StockSettings",
    "ValueEvent",
]
