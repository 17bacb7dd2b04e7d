"""Tables of production, one line a file."""

from apps.production.models.boms import Bom, BomAlternate, BomLine
from apps.production.models.capacity import Calendar, CalendarException, CalendarShift, Routing, RoutingStep, WorkCentre
from apps.production.models.planning import Demand, PlanningData, StockEntry
from apps.production.models.plans import Peg, PlanMessage, PlannedOrder, PlanReceipt, PlanRow, PlanRun
from apps.production.models.schedules import Schedule, ScheduledStep
from apps.production.models.settings import ProductionSettings
from apps.production.models.shop import WorkOrder, WorkOrderMaterial, WorkOrderStep
from apps.production.models.shop_ledger import PieceRate, Report, WageLine, WageSettlement, WorkOrderMove

__all__ = [
    "Bom",
    "BomAlternate",
    "BomLine",
    "Calendar",
    "CalendarException",
    "CalendarShift",
    "Demand",
    "Peg",
    "PieceRate",
    "PlanMessage",
    "PlanReceipt",
    "PlanRow",
    "PlanRun",
    "PlannedOrder",
    "PlanningData",
    "ProductionSettings",
    "Report",
    "Routing",
    "RoutingStep",
    "Schedule",
    "ScheduledStep",
    "StockEntry",
    "WageLine",
    "WageSettlement",
    "WorkCentre",
    "WorkOrder",
    "WorkOrderMaterial",
    "WorkOrderMove",
    "WorkOrderStep",
]
