"""撤销报工: a report is taken back by its negative; counts, material and wages are as before it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.masterdata import public as masterdata
from apps.production.domain import reporting as counting
from apps.production.events import ReportUndone
from apps.production.models import Report, WorkOrder, WorkOrderStep
from apps.production.services import backflush, wages
from apps.production.services.order_locks import lock_order, materials_of, steps_of
from apps.production.services.order_steps import counts_of
from apps.production.services.order_stock import push_plan
from apps.production.services.reporting import count, step_named
from apps.production.services.shop_refusals import check_verb, plain, refused
from kernel import audit
from kernel.errors import Forbidden, NotFound
from kernel.events import publish
from tenants.rights import Member


@transaction.atomic
def undo(*, report_id: int, actor: Member, at: datetime, reason: str = "") -> Report:
    """Take a report back: counts, material and wages are as before it, by rows that say the opposite.

    The reporter within the same day, else who holds `undo_any`. Publishes ReportUndone, and PieceWorkConfirmed for
    wages taken back. Raises NotFound, Forbidden, `already_undone`, `already_used`, `wrong_state`, `order_closed`.
    """
    first = _report(report_id)
    order = lock_order(first.order_id)
    undone = _report(report_id)
    if undone.undoes_id is not None or undone.undoings.exists():
        raise refused("already_undone", _("这条报工已经撤销，不能再撤。"))
    _check_may_undo(undone, actor, at)
    steps = steps_of(order)
    step = step_named(steps, undone.step.seq)
    _check_not_used(order, steps, step, undone)
    check_verb(order, "undo")
    row = _negative(undone, actor, at, reason)
    count(order, steps, step, row)
    backflush.give_back(
        order, materials_of(order), undone, report=row, moved_on=timezone.localtime(at).date(), actor=actor, at=at
    )
    wages.take_back(undone, row)
    push_plan(order)
    label = f"{order.number} {step} {plain(undone.good)}"
    changes = {"reason": [None, reason]} if reason else None
    audit.record(actor=actor, action="report.undo", object=f"report:{undone.pk}", label=label, changes=changes)
    publish(ReportUndone(report_id=row.pk, undoes_id=undone.pk, work_order_id=order.pk))
    return row


def _report(report_id: int) -> Report:
    found = Report.objects.select_related("step").filter(pk=report_id).first()
    if found is None:
        raise NotFound(_("找不到这条报工。"))
    return found


def _check_may_undo(row: Report, actor: Member, at: datetime) -> None:
    own = masterdata.employee_of_member(actor.user_id)
    mine = row.reported_by_id == actor.user_id or (own and any(w["employee_id"] == own.id for w in row.workers))
    same_day = timezone.localtime(row.reported_at).date() == timezone.localtime(at).date()
    if not (mine and same_day) and not actor.can("production.undo_any"):
        raise Forbidden(_("只能撤销自己当天的报工，请找车间主任。"), extra={"right": "production.undo_any"})


def _check_not_used(order: WorkOrder, steps: Sequence[WorkOrderStep], step: WorkOrderStep, row: Report) -> None:
    good = step.good - row.good
    if step.report_point:
        after = next((one for one in steps if one.report_point and one.seq > step.seq), None)
        if after is not None and after.good + after.scrap > good * (1 + after.tolerance):
            raise refused("already_used", _("后面的工序 %(step)s 已经用了这些件，请先撤销它的报工。") % {"step": after})
    if step.seq == counting.last_point(counts_of(steps)) and order.received > good:
        raise refused("already_used", _("这些件已经入库，不能撤销报工，请先冲销入库单。"))


def _negative(row: Report, actor: Member, at: datetime, reason: str) -> Report:
    return Report.objects.create(
        order_id=row.order_id, step_id=row.step_id, good=-row.good, scrap=-row.scrap, scrap_reason=row.scrap_reason,
        scrap_is_paid=row.scrap_is_paid, rework=-row.rework, workers=row.workers, work_centre_id=row.work_centre_id,
        started_at=row.started_at, ended_at=row.ended_at, minutes=None if row.minutes is None else -row.minutes,
        reported_on=row.reported_on, undoes=row, reason=reason, reported_by_id=actor.user_id,
        reported_by_name=actor.name, reported_at=at,
    )  # fmt: skip
