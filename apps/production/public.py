"""The door of production for the floors above: frozen dataclasses out, nothing else."""

from datetime import date, timedelta
from decimal import Decimal

from apps.production.models import Report, WageLine, WorkOrder
from apps.production.records import CostInfo, ReportInfo, WageLineInfo, WipRow, WorkOrderInfo
from apps.production.selectors import order_costs, shop_reports, wages

__all__ = ["CostInfo", "ReportInfo", "WageLineInfo", "WipRow", "WorkOrderInfo"]


def get_work_order(work_order: int | str) -> WorkOrderInfo:
    """One order by id or by number. An unknown one is a bug: WorkOrder.DoesNotExist is let through."""
    rows = WorkOrder.objects.select_related("item")
    row = rows.get(pk=work_order) if isinstance(work_order, int) else rows.get(number=work_order)
    return WorkOrderInfo(
        id=row.pk, number=row.number, item_id=row.item_id, item=row.item.code, item_name=row.item.name,
        quantity=row.quantity, good=row.good, scrap=row.scrap, received=row.received, start_on=row.start_on,
        due_on=row.due_on, priority=row.priority, state=row.state, sales_order=row.sales_order,
        sales_line=row.sales_line, reference=row.reference, warehouse_id=row.warehouse_id,
    )  # fmt: skip


def get_report(report_id: int) -> ReportInfo:
    """One report. An unknown id is a bug: Report.DoesNotExist is let through."""
    row = Report.objects.select_related("order__item", "step").get(pk=report_id)
    earned = sum((line.amount for line in row.wages.order_by("id")), Decimal(0))
    return ReportInfo(
        id=row.pk, work_order_id=row.order_id, work_order=row.order.number, item_id=row.order.item_id,
        item=row.order.item.code, seq=row.step.seq, good=row.good, scrap=row.scrap, scrap_reason=row.scrap_reason,
        rework=row.rework, minutes=row.minutes, reported_on=row.reported_on, undoes_id=row.undoes_id, wages=earned,
    )  # fmt: skip


def wage_lines(period: str) -> list[WageLineInfo]:
    """The piece wages that a month (`2026-06`) pays, in the order they were written."""
    since, until = _month(period)
    found = wages.lines(wages.WageFilter(since=since, until=until)).order_by("id")
    return [_wage_line(row) for row in found]


def _wage_line(row: WageLine) -> WageLineInfo:
    return WageLineInfo(
        id=row.pk, report_id=row.report_id, work_order=row.report.order.number, employee_id=row.employee_id,
        employee=row.employee.code, department_id=row.employee.department_id, item_id=row.item_id, seq=row.seq,
        worked_on=row.worked_on, paid_on=row.paid_on, quantity=row.quantity, rate=row.rate, amount=row.amount,
    )  # fmt: skip


def work_order_cost(work_order_id: int) -> CostInfo:
    """What an order has cost so far (production §11, actual cost)."""
    cost = order_costs.actual_cost(work_order_id)
    received = WorkOrder.objects.values_list("received", flat=True).get(pk=work_order_id)
    return CostInfo(
        material=cost.material, labour=cost.labour, machine=cost.machine, overhead=cost.overhead,
        subcontract=cost.subcontract, total=cost.total, output_quantity=received,
    )  # fmt: skip


def wip_value(month: str) -> list[WipRow]:
    """在制品 at the end of a month (`2026-06`), by order: material and piece wages so far less what receipts took.

    Orders that were closed by then have none: closing gave the rest to their receipts.
    """
    rows = order_costs.in_progress(_month(month)[1])
    return [WipRow(work_order_id=key, number=number, value=value) for key, number, value in rows]


def count_reports(since: date, until: date) -> int:
    """Reports of a span of days, both included; an undone one and its undo count as none."""
    return shop_reports.count(since, until)


def _month(period: str) -> tuple[date, date]:
    first = date.fromisoformat(f"{period}-01")
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
