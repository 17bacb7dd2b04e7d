"""The steps of an order: typed with it or copied from a routing, and what comes into each of them."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from apps.production.domain.reporting import StepCount, input_of, last_point
from apps.production.models import Routing, RoutingStep, WorkCentre, WorkOrder, WorkOrderStep
from apps.production.services.order_input import NewStep
from apps.production.services.routings import MINUTES, plain, subcontract_of
from apps.production.services.shop_refusals import wrong_input

COPIED = (
    "seq", "name", "setup_minutes", "run_minutes", "fixed_minutes", "queue_minutes", "overlap_quantity",
    "alternatives", "setup_group", "inspect", "subcontract", "report_point", "piece_rate",
)  # fmt: skip


def active_routing(item_id: int, on: date) -> Routing | None:
    """The routing that is active on the day."""
    rows = Routing.objects.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=on),
        Q(valid_to__isnull=True) | Q(valid_to__gte=on),
        item_id=item_id,
        state=Routing.State.ACTIVE,
    )
    return rows.order_by("-id").first()


def copy_routing(order: WorkOrder, routing: Routing) -> None:
    """The order's steps anew from a routing; only before anything was reported."""
    rows = routing.steps.order_by("seq")
    WorkOrderStep.objects.filter(order=order).delete()
    WorkOrderStep.objects.bulk_create(_copied(order, row) for row in rows)


def _copied(order: WorkOrder, row: RoutingStep) -> WorkOrderStep:
    values = {name: getattr(row, name) for name in COPIED}
    return WorkOrderStep(order=order, work_centre_id=row.work_centre_id, **values)


def write_steps(order: WorkOrder, given: Sequence[NewStep]) -> None:
    """Typed steps. Raises Invalid `unknown_work_centre`, `unknown_partner`, `invalid` for a number that comes twice."""
    seen: set[int] = set()
    rows = []
    for index, step in enumerate(given):
        if step.seq in seen:
            raise wrong_input("invalid", _("工序号 %(seq)s 重复。") % {"seq": step.seq}, f"steps.{index}.seq")
        seen.add(step.seq)
        centre = work_centre_called(step.work_centre, f"steps.{index}.work_centre")
        others = [
            _alternative(step, one, f"steps.{index}.alternatives.{place}.work_centre")
            for place, one in enumerate(step.alternatives)
        ]
        values = {name: getattr(step, name) for name in COPIED if name not in ("alternatives", "subcontract")}
        rows.append(
            WorkOrderStep(
                order=order,
                work_centre=centre,
                alternatives=others,
                subcontract=subcontract_of(step.subcontract, f"steps.{index}.subcontract"),
                **values,
            )  # fmt: skip
        )
    WorkOrderStep.objects.bulk_create(rows)


def _alternative(step: NewStep, given: Mapping[str, Any], field: str) -> dict[str, str]:
    """Another place for a step; minutes that are left out are as on the first one."""
    centre = work_centre_called(str(given["work_centre"]), field)
    return {"work_centre": centre.code, **{name: plain(given.get(name), getattr(step, name)) for name in MINUTES}}


def work_centre_called(code: str, field: str) -> WorkCentre:
    """The work centre with this code. Raises Invalid `unknown_work_centre`."""
    found = WorkCentre.objects.filter(code__iexact=code.strip()).first()
    if found is None:
        raise wrong_input("unknown_work_centre", _("没有工作中心 %(code)s。") % {"code": code[:40]}, field)
    return found


def counts_of(steps: Sequence[WorkOrderStep]) -> list[StepCount]:
    return [StepCount(step.seq, step.report_point, step.good, step.scrap) for step in steps]


def refresh_inputs(order: WorkOrder, steps: Sequence[WorkOrderStep]) -> None:
    """Write what came into each step and where it stands, after counts or the order's quantity changed."""
    counts = counts_of(steps)
    changed = []
    for step in steps:
        incoming, state = input_of(counts, step.seq, order.quantity), _state(step, order.quantity)
        if (incoming, state) != (step.input, step.state):
            step.input, step.state = incoming, state
            changed.append(step)
    # Whoever lowers a count has checked that the step after it does not need it (`already_used`, `below_done`).
    for step in changed:
        step.save(update_fields=["input", "state"])


def _state(step: WorkOrderStep, quantity: Decimal) -> str:
    done = step.good + step.scrap
    if done <= 0 and step.rework <= 0:
        return WorkOrderStep.State.WAITING
    return WorkOrderStep.State.DONE if done >= quantity else WorkOrderStep.State.STARTED


def count_good(order: WorkOrder, steps: Sequence[WorkOrderStep]) -> None:
    """Put the good pieces of the last report point and the scrap of all steps on the order (not saved)."""
    last = last_point(counts_of(steps))
    order.good = next((step.good for step in steps if step.seq == last), order.good)
    order.scrap = sum((step.scrap for step in steps), Decimal(0))
