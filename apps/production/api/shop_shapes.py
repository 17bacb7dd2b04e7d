"""Work orders, reports and wages as the API shows them; amounts only for those who may see costs."""

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils import timezone

from apps.production.domain.reporting import left_over
from apps.production.models import PieceRate, Report, WageLine, WorkOrder, WorkOrderMaterial, WorkOrderStep
from apps.production.selectors.order_costs import ActualCost
from apps.production.selectors.wages import WageRow
from apps.production.services.picking import Picked
from kernel.money import UNIT_PRICE, money_text, to_cent
from tenants.rights import Member

Json = dict[str, Any]


def plain(value: Decimal) -> str:
    """`12.5`, never an exponent."""
    return f"{value.normalize():f}" if value else "0"


def moment(value: datetime | None) -> str | None:
    return timezone.localtime(value).isoformat() if value else None


def order(row: WorkOrder, member: Member) -> Json:
    """Comes prefetched by `selectors.work_orders.with_lines`."""
    return {
        **order_head(row, member),
        "steps": [_step(step) for step in row.steps.all()],
        "materials": [_material(line) for line in row.materials.all()],
    }


def order_head(row: WorkOrder, member: Member) -> Json:
    return {
        "id": row.pk,
        "number": row.number,
        "item": row.item.code,
        "item_name": row.item.name,
        "state": row.state,
        "version": row.version,
        "quantity": plain(row.quantity),
        "good": plain(row.good),
        "scrap": plain(row.scrap),
        "received": plain(row.received),
        "start_on": row.start_on and str(row.start_on),
        "due_on": str(row.due_on),
        "priority": row.priority,
        "warehouse": row.warehouse.code if row.warehouse else None,
        "bom": row.bom.version if row.bom else None,
        "routing": row.routing.version if row.routing else None,
        "sales_order": row.sales_order,
        "sales_line": row.sales_line,
        "reference": row.reference,
    }


def _step(row: WorkOrderStep) -> Json:
    return {
        "seq": row.seq,
        "name": row.name,
        "work_centre": row.work_centre.code,
        "state": row.state,
        "good": plain(row.good),
        "scrap": plain(row.scrap),
        "rework": plain(row.rework),
        "input": plain(row.input),
        "report_point": row.report_point,
        "setup_minutes": plain(row.setup_minutes),
        "run_minutes": plain(row.run_minutes),
        "fixed_minutes": plain(row.fixed_minutes),
        "planned_start": moment(row.planned_start),
        "planned_end": moment(row.planned_end),
    }


def _material(row: WorkOrderMaterial) -> Json:
    return {
        "line": row.line,
        "item": row.item.code,
        "required": plain(row.required),
        "issued": plain(row.issued),
        "returned": plain(row.returned),
        "backflushed": plain(row.backflushed),
        "backflush": row.backflush,
        "operation": row.step_seq,
        "alternates": [
            {"item": one["item"], "ratio": plain(Decimal(one.get("ratio", 1))), "priority": int(one.get("priority", 1))}
            for one in row.alternates
        ],
    }


def cost(row: WorkOrder, actual: ActualCost) -> Json:
    """CNY to the fen; `variances` stays empty: nothing is compared with a rolled-up cost yet."""
    standard = row.item.standard_cost
    kinds = ("material", "labour", "machine", "overhead", "subcontract", "total")
    return {
        **{name: money_text(getattr(actual, name)) for name in kinds},
        "standard": None if standard is None else money_text(to_cent(standard * row.received)),
        "variances": {},
        "output_quantity": plain(row.received),
        "unit_cost": plain((actual.total / row.received).quantize(UNIT_PRICE, ROUND_HALF_UP)) if row.received else None,
    }


def sees_cost(member: Member) -> bool:
    return member.can_any(("production.view_cost", "inventory.view_cost"))


def picked(done: Picked, member: Member) -> Json:
    """What a stock document did: `document` is its number, null without the stock module."""
    lines: list[Json] = [{"item": line.item, "quantity": plain(line.quantity)} for line in done.lines]
    if sees_cost(member):
        for shown, line in zip(lines, done.lines, strict=True):
            shown["amount"] = None if line.amount is None else money_text(line.amount)
    return {"document": done.document or None, "lines": lines}


def received(done: Picked, member: Member) -> Json:
    shown: Json = {"document": done.document or None, "quantity": plain(done.lines[0].quantity)}
    if sees_cost(member):
        amount = done.lines[0].amount
        shown["amount"] = None if amount is None else money_text(amount)
    return shown


def report(row: Report, member: Member) -> Json:
    """Comes with `order`, `step`, `work_centre` selected and `wages__employee` prefetched."""
    step = row.step
    left = left_over(input=step.input, good=step.good, scrap=step.scrap)
    return {
        "id": row.pk,
        "work_order": row.order.number,
        "seq": step.seq,
        "good": plain(row.good),
        "scrap": plain(row.scrap),
        "scrap_reason": row.scrap_reason,
        "rework": plain(row.rework),
        "workers": [{"employee": one["employee"], "weight": one["weight"]} for one in row.workers],
        "work_centre": row.work_centre.code,
        "started_at": moment(row.started_at),
        "ended_at": moment(row.ended_at),
        "minutes": None if row.minutes is None else plain(row.minutes),
        "reported_on": str(row.reported_on),
        "reported_by": row.reported_by_name,
        "key": row.key,
        "wages": [{"employee": line.employee.code, "amount": money_text(line.amount)} for line in row.wages.all()],
        "step": {"good": plain(step.good), "scrap": plain(step.scrap), "input": plain(step.input), "left": plain(left)},
        "undoes": row.undoes_id,
        "undone_by": next((one.pk for one in row.undoings.all()), None),
        "reason": row.reason,
    }


def piece_rate(row: PieceRate, member: Member) -> Json:
    return {
        "id": row.pk,
        "item": row.item.code,
        "seq": row.seq,
        "rate": plain(row.rate),
        "valid_from": str(row.valid_from),
        "tiers": row.tiers,
    }


def wage_row(row: WageRow, member: Member) -> Json:
    return {
        "employee": row.employee,
        "name": row.name,
        "quantity": plain(row.quantity),
        "amount": money_text(row.amount),
        "lines": row.lines,
    }


def wage_line(row: WageLine, member: Member) -> Json:
    return {
        "id": row.pk,
        "report": row.report_id,
        "work_order": row.report.order.number,
        "item": row.item.code,
        "seq": row.seq,
        "employee": row.employee.code,
        "name": row.employee.name,
        "worked_on": str(row.worked_on),
        "paid_on": str(row.paid_on),
        "quantity": plain(row.quantity),
        "rate": plain(row.rate),
        "amount": money_text(row.amount),
        "undoes": row.report.undoes_id,
    }
