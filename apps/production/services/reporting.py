"""报工: what was made, who made it, what it used and what it earns, in one transaction; `undoing` takes it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.masterdata import public as masterdata
from apps.production.domain import reporting as counting
from apps.production.events import ScrapApproved, StepReported
from apps.production.models import Report, WorkOrder, WorkOrderStep
from apps.production.selectors.shop_settings import report_tolerance
from apps.production.services import backflush, wages
from apps.production.services.order_locks import lock_order, materials_of, steps_of
from apps.production.services.order_moves import start
from apps.production.services.order_steps import count_good, counts_of, refresh_inputs, work_centre_called
from apps.production.services.order_stock import push_plan
from apps.production.services.shop_refusals import check_decimals, check_verb, plain, refused, wrong_input
from kernel import audit
from kernel.errors import Forbidden
from kernel.events import publish
from tenants.rights import Member

# 料废: what the material, the machine or the drawing spoiled is paid; 工废 is the worker's own.
PAID_SCRAP = frozenset(
    {
        "material",
        "machine",
        "drawing",
        "not_worker",
        "not the worker's",
        "料废",
        "来料不良",
        "设备故障",
        "图纸错误",
        "非操作原因",
    }
)
LONGEST_MINUTES = Decimal(60 * 24 * 366)


@dataclass(frozen=True, kw_only=True)
class NewReport:
    """A report as it is sent. Quantities in stock units of the order's item, all >= 0, one of them > 0.

    `workers` (employee code, weight > 0); empty = the member's own employee. `ended_at` None = now.
    """

    order_id: int
    seq: int
    good: Decimal = Decimal(0)
    scrap: Decimal = Decimal(0)
    scrap_reason: str = ""
    rework: Decimal = Decimal(0)
    workers: Sequence[tuple[str, Decimal]] = ()
    work_centre: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    minutes: Decimal | None = None
    key: str = ""


@transaction.atomic
def report(*, given: NewReport, actor: Member, at: datetime) -> Report:
    """Report pieces of one step; the same `key` answers the first report again.

    Takes back-flushed material, writes wages, starts a released order. Publishes StepReported, ScrapApproved (scrap
    > 0), PieceWorkConfirmed (wages), MaterialIssued (back-flush). Raises `over_report`, `step_not_reached`,
    `wrong_state`, `order_closed`, `wage_period_settled`; Invalid `unknown_step`, `unknown_employee`,
    `unknown_work_centre`, `too_many_decimals`, `bad_range`, `future_date`; Forbidden for others' work without
    `report_for_others`; and what taking material raises.
    """
    known = _with_key(given.key)
    if known is not None:
        return known
    order = lock_order(given.order_id)
    known = _with_key(given.key)
    if known is not None:
        return known
    check_verb(order, "report")
    steps = steps_of(order)
    step = step_named(steps, given.seq)
    _check_quantities(given, order.item.stock_unit.decimals)
    ended_at = _check_times(given, at)
    reported_on = timezone.localtime(ended_at).date()
    wages.check_not_settled(reported_on)
    step.tolerance = report_tolerance()
    _check_room(order, steps, step, given)
    row = _create(given, order, step, actor, at, ended_at, reported_on)
    count(order, steps, step, row)
    _take_material(order, steps, step, row, actor, at)
    wages.earn(row, order, step)
    start(order)
    push_plan(order)
    _tell(order, step, row, actor)
    return row


def _with_key(key: str) -> Report | None:
    return Report.objects.filter(key=key).first() if key else None


def step_named(steps: Sequence[WorkOrderStep], seq: int) -> WorkOrderStep:
    found = next((step for step in steps if step.seq == seq), None)
    if found is None:
        raise wrong_input("unknown_step", _("工单没有工序 %(seq)s。") % {"seq": seq}, "seq")
    return found


def _check_quantities(given: NewReport, decimals: int) -> None:
    for name in ("good", "scrap", "rework"):
        value = getattr(given, name)
        if value < 0:
            raise wrong_input("invalid", _("数量不能小于零。"), name)
        check_decimals(value, decimals, name)
    if not given.good and not given.scrap and not given.rework:
        raise wrong_input("invalid", _("请填写合格、报废或返工数量。"), "good")


def _check_times(given: NewReport, at: datetime) -> datetime:
    ended_at = given.ended_at or at
    if ended_at > at + timedelta(minutes=5):  # a phone's clock may run a little ahead
        raise wrong_input("future_date", _("完工时间不能晚于现在。"), "ended_at")
    if given.started_at is not None and given.started_at > ended_at:
        raise wrong_input("bad_range", _("开工时间不能晚于完工时间。"), "started_at")
    if given.minutes is not None and not 0 <= given.minutes <= LONGEST_MINUTES:
        raise wrong_input("invalid", _("工时不对，请填写分钟数。"), "minutes")
    return ended_at


def _check_room(order: WorkOrder, steps: Sequence[WorkOrderStep], step: WorkOrderStep, given: NewReport) -> None:
    incoming = counting.input_of(counts_of(steps), step.seq, order.quantity)
    more = given.good + given.scrap + given.rework
    code = counting.refusal(input=incoming, tolerance=step.tolerance, counted=step.good + step.scrap, more=more)
    if code == counting.NOT_REACHED:
        message = _("前面的报工点还没有合格品，工序 %(step)s 不能报工。") % {"step": step}
        raise refused(code, message, "seq")
    if code:
        left = counting.left_over(input=incoming, good=step.good, scrap=step.scrap)
        message = _("工序 %(step)s 还可报 %(left)s，不能报 %(more)s。") % {
            "step": step, "left": plain(left), "more": plain(more),
        }  # fmt: skip
        raise refused(code, message, "good")


def _create(
    given: NewReport,
    order: WorkOrder,
    step: WorkOrderStep,
    actor: Member,
    at: datetime,
    ended_at: datetime,
    reported_on: date,
) -> Report:
    centre = work_centre_called(given.work_centre, "work_centre") if given.work_centre else step.work_centre
    return Report.objects.create(
        order=order, step=step, good=given.good, scrap=given.scrap, scrap_reason=given.scrap_reason,
        scrap_is_paid=given.scrap_reason.strip().lower() in PAID_SCRAP, rework=given.rework,
        workers=_workers(given, actor), work_centre=centre, started_at=given.started_at, ended_at=ended_at,
        minutes=_minutes(given, ended_at), reported_on=reported_on, key=given.key, reported_by_id=actor.user_id,
        reported_by_name=actor.name, reported_at=at,
    )  # fmt: skip


def _minutes(given: NewReport, ended_at: datetime) -> Decimal | None:
    if given.minutes is not None or given.started_at is None:
        return given.minutes
    seconds = int((ended_at - given.started_at).total_seconds())
    return (Decimal(seconds) / 60).quantize(Decimal("0.01"))


def _workers(given: NewReport, actor: Member) -> list[dict[str, object]]:
    own = masterdata.employee_of_member(actor.user_id)
    if not given.workers:
        return [{"employee_id": own.id, "employee": own.code, "weight": "1"}] if own else []
    rows: list[dict[str, object]] = []
    for index, (code, weight) in enumerate(given.workers):
        found = masterdata.employee_by_code(code)
        spot = f"workers.{index}.employee"
        if found is None or not found.is_active:
            raise wrong_input("unknown_employee", _("没有在职员工 %(code)s。") % {"code": code[:40]}, spot)
        if weight <= 0:
            raise wrong_input("invalid", _("分配权重要大于零。"), f"workers.{index}.weight")
        if any(row["employee_id"] == found.id for row in rows):
            raise wrong_input("invalid", _("员工 %(code)s 重复。") % {"code": code[:40]}, spot)
        rows.append({"employee_id": found.id, "employee": found.code, "weight": f"{weight:f}"})
    others = [row for row in rows if own is None or row["employee_id"] != own.id]
    if others and not actor.can("production.report_for_others"):
        raise Forbidden(_("只能报自己的工，代别人报工要有权限。"), extra={"right": "production.report_for_others"})
    return rows


def count(order: WorkOrder, steps: Sequence[WorkOrderStep], step: WorkOrderStep, row: Report) -> None:
    """Add a report (or the negative of one) to the step, to what comes into the next, and to the order."""
    step.good, step.scrap, step.rework = step.good + row.good, step.scrap + row.scrap, step.rework + row.rework
    step.input = counting.input_of(counts_of(steps), step.seq, order.quantity)
    step.save(update_fields=["good", "scrap", "rework", "tolerance", "input"])
    refresh_inputs(order, steps)
    count_good(order, steps)
    order.save(update_fields=["good", "scrap"])


def _take_material(
    order: WorkOrder, steps: Sequence[WorkOrderStep], step: WorkOrderStep, row: Report, actor: Member, at: datetime
) -> None:
    materials = backflush.used_at(materials_of(order), steps, step)
    backflush.take(order, materials, step.good + step.scrap, report=row, moved_on=row.reported_on, actor=actor, at=at)


def _tell(order: WorkOrder, step: WorkOrderStep, row: Report, actor: Member) -> None:
    label = f"{order.number} {step} {plain(row.good)}"
    audit.record(actor=actor, action="report.create", object=f"report:{row.pk}", label=label)
    if row.scrap:
        publish(ScrapApproved(report_id=row.pk, work_order_id=order.pk))
    publish(StepReported(report_id=row.pk, work_order_id=order.pk, reported_on=str(row.reported_on)))
