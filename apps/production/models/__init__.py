"""Tables of production, one line a file."""

from apps.production.models.boms import Bom, BomAlternate, BomLine
from apps.production.models.planning import Demand, PlanningData, StockEntry
from apps.production.models.plans import Peg, PlanMessage, PlannedOrder, PlanReceipt, PlanRow, PlanRun
from apps.production.models.settings import ProductionSettings

__all__ = [
    "Bom",
    "BomAlternate",
    "BomLine",
    "Demand",
    "Peg",
    "PlanMessage",
    "PlanReceipt",
    "PlanRow",
    "PlanRun",
    "PlannedOrder",
    "PlanningData",
    "ProductionSettings",
    "StockEntry",
]
