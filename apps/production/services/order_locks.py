"""The rows that the shop floor holds while it works. Order: work order, its steps and materials, stock, wages."""

from django.db import connection

from apps.production.models import WorkOrder, WorkOrderMaterial, WorkOrderStep
from apps.production.services.shop_refusals import order_unknown

_WAGES = "wage-months"


def lock_order(order_id: int) -> WorkOrder:
    """Lock one order; every change of its steps and materials goes through this lock. Raises NotFound."""
    rows = WorkOrder.objects.select_for_update(of=("self",)).select_related("item__stock_unit", "warehouse")
    order = rows.filter(pk=order_id).first()
    if order is None:
        raise order_unknown()
    return order


def steps_of(order: WorkOrder) -> list[WorkOrderStep]:
    return list(WorkOrderStep.objects.filter(order=order).select_related("work_centre").order_by("seq"))


def materials_of(order: WorkOrder) -> list[WorkOrderMaterial]:
    rows = WorkOrderMaterial.objects.filter(order=order)
    return list(rows.select_related("item__stock_unit").order_by("line"))


def share_wage_months() -> None:
    """Hold the settled months as they are until commit: settling waits for us."""
    _run("SELECT pg_advisory_xact_lock_shared(hashtextextended(current_schema() || %s, 0))", _WAGES)


def lock_wage_months() -> None:
    """Alone with the wage months: reports wait until the month is settled."""
    _run(_ALONE, _WAGES)


def lock_worker_day(employee_id: int, day: str, item_id: int, seq: int) -> None:
    """One report at a time counts a worker's pieces of a step and day: tiers read what was counted before."""
    _run(_ALONE, f"tiers:{employee_id}:{day}:{item_id}:{seq}")


# The schema is part of the key: companies share the server's lock space.
_ALONE = "SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || %s, 0))"


def _run(statement: str, name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [f":{name}"])
