"""Tables of production, one line a file."""

from apps.production.models.boms import Bom, BomAlternate, BomLine
from apps.production.models.capacity import Calendar, CalendarException, CalendarShift, Routing, RoutingStep, WorkCentre
from apps.production.models.planning import Demand, PlanningData, StockEntry
from apps.production.models.plans import Peg, PlanMessage, PlannedOrder, PlanReceipt, PlanRow, PlanRun
from apps.production.models.schedules import Schedule, ScheduledStep
from apps.production.models.settings import ProductionSettings

__all__ = [
    "Bom",
    "BomAlternate",
    "BomLine",
    "Calendar",
    "CalendarException",
    "CalendarShift",
    "Demand",
    "Peg",
    "PlanMessage",
    "PlanReceipt",
    "PlanRow",
    "PlanRun",
    "PlannedOrder",
    "PlanningData",
    "ProductionSettings",
    "Routing",
    "RoutingStep",
    "Schedule",
    "ScheduledStep",
    "StockEntry",
    "WorkCentre",
]
