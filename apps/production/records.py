"""Production as the floors above see it: frozen, plain values, no model. Quantities in stock units, amounts CNY."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, kw_only=True)
class WorkOrderInfo:
    """生产工单. `state`: draft, released, started, on_hold, completed, closed, cancelled."""

    id: int
    number: str
    item_id: int
    item: str
    item_name: str
    quantity: Decimal
    good: Decimal
    scrap: Decimal
    received: Decimal
    start_on: date | None
    due_on: date
    priority: int
    state: str
    sales_order: str
    sales_line: int | None
    reference: str
    warehouse_id: int | None


@dataclass(frozen=True, kw_only=True)
class ReportInfo:
    """报工; negative when it undoes another (`undoes_id`). `wages` is what its workers earned by it."""

    id: int
    work_order_id: int
    work_order: str
    item_id: int
    item: str
    seq: int
    good: Decimal
    scrap: Decimal
    scrap_reason: str
    rework: Decimal
    minutes: Decimal | None
    reported_on: date
    undoes_id: int | None
    wages: Decimal


@dataclass(frozen=True, kw_only=True)
class WageLineInfo:
    """计件工资 of one worker for one report; `paid_on` is the day whose month pays it."""

    id: int
    report_id: int
    work_order: str
    employee_id: int
    employee: str
    department_id: int | None
    item_id: int
    seq: int
    worked_on: date
    paid_on: date
    quantity: Decimal
    rate: Decimal
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class CostInfo:
    """Actual cost of a work order so far, CNY to the fen."""

    material: Decimal
    labour: Decimal
    machine: Decimal
    overhead: Decimal
    subcontract: Decimal
    total: Decimal
    output_quantity: Decimal


@dataclass(frozen=True, kw_only=True)
class WipRow:
    """在制品 of one order at the end of a month: what it has cost less what its receipts were given."""

    work_order_id: int
    number: str
    value: Decimal
