"""Tables of inventory in each company's schema."""

from apps.inventory.models.costing import CostEntry, CostGroup, CostLayer, ValueEvent
from apps.inventory.models.documents import StockDocument, StockDocumentLine
from apps.inventory.models.ledger import Balance, Level, StockMove
from apps.inventory.models.lots import Lot, LotLink
from apps.inventory.models.orders import (
    PurchaseFulfilment,
    PurchaseOrder,
    PurchaseOrderLine,
    SalesFulfilment,
    SalesOrder,
    SalesOrderLine,
)
from apps.inventory.models.periods import Period, PeriodBalance, PeriodCost
from apps.inventory.models.promises import Commitment, ExpectedReceipt, Reservation
from apps.inventory.models.scans import ScanHit
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
    "PurchaseFulfilment",
    "PurchaseOrder",
    "PurchaseOrderLine",
    "ReorderRule",
    "Reservation",
    "SalesFulfilment",
    "SalesOrder",
    "SalesOrderLine",
    "ScanHit",
    "StockDocument",
    "StockDocumentLine",
    "StockMove",
    "StockSettings",
    "ValueEvent",
]
