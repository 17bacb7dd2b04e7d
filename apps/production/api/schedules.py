"""Schedule runs and the plan in force over HTTP."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponseBase
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.timezone import get_default_timezone, is_naive, localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.production.api.base import Code, ProductionView
from apps.production.api.plan_inputs import Body
from apps.production.api.plan_outputs import shaped
from apps.production.models import Schedule, ScheduledStep
from apps.production.selectors import schedules as selectors
from apps.production.services import schedule_moves, schedule_publishing, schedule_runs
from apps.production.services.plan_refusals import wrong
from kernel.clock import now
from kernel.exports import Column

Json = dict[str, Any]
SCHEDULER: dict[str, str | None] = {"GET": "production.view", "*": "production.schedule"}
OVER = (Schedule.State.DONE, Schedule.State.FAILED, Schedule.State.CANCELLED)


class Moment(serializers.Field):  # type: ignore[misc,type-arg,unused-ignore]  # DRF ships no types
    """A moment with offset; without one it is Shanghai time, a date alone is its beginning."""

    default_error_messages = {"invalid": gettext_lazy("时间写成 2026-03-02T08:00:00+08:00 这样。")}

    def to_internal_value(self, data: Any) -> datetime:
        found = read_moment(data) if isinstance(data, str) else None
        if found is None:
            self.fail("invalid")
        return found

    def to_representation(self, value: datetime) -> str:
        return moment(value)


def read_moment(text: str) -> datetime | None:
    """None when it is no moment of the years 1990 to 2199."""
    try:
        found = parse_datetime(text.strip())
        if found is None:
            day = parse_date(text.strip())
            found = datetime(day.year, day.month, day.day) if day is not None else None  # noqa: DTZ001  # zone below
    except ValueError:
        return None
    if found is None or not 1990 <= found.year <= 2199:
        return None
    return found.replace(tzinfo=get_default_timezone()) if is_naive(found) else found


def moment(value: datetime) -> str:
    return localtime(value).isoformat()


class Numbers(serializers.ListField):
    """Numbers of work orders, or the word `all`, which is what an empty list means."""

    def to_internal_value(self, data: Any) -> list[Any]:
        found: list[Any] = super().to_internal_value([] if data == "all" else data)
        return found


class RunInput(Body):
    start_at = Moment(required=False, allow_null=True)
    work_orders = Numbers(child=Code(), required=False, allow_null=True, max_length=5000)
    objective = serializers.ChoiceField(choices=Schedule.Objective.choices, required=False)
    time_limit_s = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=3600)
    frozen_until = Moment(required=False, allow_null=True)
    scenario = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=2**62)
    base_run = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=2**62)
    seed = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=2**31 - 1)
    wait = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=60)


class MoveInput(Body):
    start_at = Moment(required=False, allow_null=True)
    work_centre = Code(required=False, allow_null=True, allow_blank=True)
    unit = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=500)
    push = serializers.BooleanField(required=False)
    check = serializers.BooleanField(required=False)
    pinned = serializers.BooleanField(required=False)


def run(row: Schedule) -> Json:
    return {
        "id": row.pk,
        "state": row.state,
        "status": row.status or None,
        "progress": schedule_runs.progress(row),
        "start_at": moment(row.start_at),
        "frozen_until": moment(row.frozen_until) if row.frozen_until else None,
        "objective": row.objective,
        "base_run": row.base_run_id,
        "scenario": row.scenario,
        "steps": row.steps,
        "makespan_minutes": row.makespan_minutes,
        "lower_bound": row.lower_bound,
        "tardiness_minutes": row.tardiness_minutes,
        "late_orders": row.late_orders,
        "moved_steps": row.moved_steps,
        "is_published": row.is_published,
        "seconds": None if row.seconds is None else float(row.seconds),
        "error": row.error or None,
    }


def step(row: ScheduledStep) -> Json:
    return {
        "work_order": row.work_order,
        "seq": row.seq,
        "work_centre": row.work_centre.code,
        "unit": row.unit,
        "start_at": moment(row.start_at),
        "end_at": moment(row.end_at),
        "setup_minutes": row.setup_minutes,
        "frozen": row.frozen,
        "pinned": row.pinned,
        "moved": row.moved,
    }


class RunList(ProductionView):
    """POST → 201 when computed within `wait`, else 202; 409 run_busy, 400 unknown_work_order, bad_range."""

    rights = SCHEDULER
    export_name = "schedule-runs"
    export_columns = (
        Column("id", gettext_lazy("编号"), "number"),
        Column("start_at", gettext_lazy("开始时间"), "moment"),
        Column("state", gettext_lazy("状态")),
        Column("steps", gettext_lazy("工序"), "number"),
        Column("late_orders", gettext_lazy("延误工单"), "number"),
        Column("seconds", gettext_lazy("秒"), "quantity"),
    )

    @extend_schema(responses={200: dict})
    def get(self, request: Any) -> HttpResponseBase:
        return self.listed(selectors.runs(), shaped(run))

    @extend_schema(request=RunInput, responses={201: dict, 202: dict})
    def post(self, request: Any) -> Response:
        given = self.body(RunInput)
        wait = given.pop("wait", None) or 0
        made = schedule_runs.start_run(values=given, actor=self.member, at=now(), wait=wait)
        return Response(run(made), status=201 if wait and made.state in OVER else 202)


class RunDetail(ProductionView):
    @extend_schema(responses={200: dict})
    def get(self, request: Any, run_id: int) -> Response:
        return Response(run(selectors.run_at(run_id)))


class StepList(ProductionView):
    """What the lists of a run and of the plan in force share: ?work_centre=&from=&to=."""

    rights = SCHEDULER
    export_name = "schedule-steps"
    export_columns = (
        Column("work_order", gettext_lazy("工单")),
        Column("seq", gettext_lazy("工序号"), "number"),
        Column("work_centre.code", gettext_lazy("工作中心")),
        Column("unit", gettext_lazy("台号"), "number"),
        Column("start_at", gettext_lazy("开始时间"), "moment"),
        Column("end_at", gettext_lazy("结束时间"), "moment"),
        Column("setup_minutes", gettext_lazy("准备分钟"), "number"),
    )

    def steps_of(self, schedule: Schedule | None) -> HttpResponseBase:
        rows = selectors.steps(
            schedule,
            work_centre=self.text("work_centre"),
            start=self._moment("from"),
            end=self._moment("to", last=True),
        )
        return self.listed(rows, shaped(step))

    def _moment(self, name: str, *, last: bool = False) -> datetime | None:
        found = self.text(name).replace(" ", "+")  # a plus sign that was not escaped
        if not found:
            return None
        read = read_moment(found)
        if read is None:
            raise wrong("invalid", _("%(name)s 不是时间。") % {"name": name}, name)
        return read + timedelta(days=1) if last and len(found) == 10 else read


class RunSteps(StepList):
    @extend_schema(responses={200: dict})
    def get(self, request: Any, run_id: int) -> HttpResponseBase:
        return self.steps_of(selectors.run_at(run_id))


class PlanSteps(StepList):
    """GET the published plan; empty when none is."""

    @extend_schema(responses={200: dict})
    def get(self, request: Any) -> HttpResponseBase:
        return self.steps_of(selectors.published())


class RunLate(ProductionView):
    """GET late orders with the chain that held them up and what was tried."""

    rights = SCHEDULER
    export_name = "late-orders"
    export_columns = tuple(
        Column(key, heading, kind)
        for key, heading, kind in (
            ("work_order", gettext_lazy("工单"), "text"),
            ("due_on", gettext_lazy("交期"), "text"),
            ("end_at", gettext_lazy("完工时间"), "text"),
            ("late_minutes", gettext_lazy("延误分钟"), "number"),
        )
    )

    @extend_schema(responses={200: dict})
    def get(self, request: Any, run_id: int) -> HttpResponseBase:
        return self.listed(list(selectors.run_at(run_id).late), shaped(dict))


class RunPublish(ProductionView):
    """POST: the run becomes the plan; 409 schedule_stale lists the orders that changed, wrong_state."""

    rights = SCHEDULER

    @extend_schema(request=None, responses={200: dict})
    def post(self, request: Any, run_id: int) -> Response:
        return Response(run(schedule_publishing.publish_run(run_id=run_id, actor=self.member, at=now())))


class RunCancel(ProductionView):
    """POST: stop; the best so far is kept."""

    rights = SCHEDULER

    @extend_schema(request=None, responses={200: dict})
    def post(self, request: Any, run_id: int) -> Response:
        return Response(run(schedule_runs.cancel_run(run_id=run_id, actor=self.member, at=now())))


def moved(answer: schedule_moves.MoveAnswer) -> Json:
    return {
        "ok": answer.ok,
        "conflicts": answer.conflicts,
        "late_changes": answer.late_changes,
        "step": step(answer.row),
    }


class StepMove(ProductionView):
    """POST {start_at, work_centre, push, check}; 409 overlap, frozen. `check`: only tell what stands in the way."""

    rights = SCHEDULER

    @extend_schema(request=MoveInput, responses={200: dict})
    def post(self, request: Any, work_order: str, seq: int) -> Response:
        given = self.body(MoveInput)
        if not given.get("start_at") and not given.get("work_centre"):
            raise wrong("invalid", _("请写明新的开始时间或工作中心。"), "start_at")
        answer = schedule_moves.move_step(
            work_order=work_order,
            seq=seq,
            start_at=given.get("start_at"),
            work_centre=given.get("work_centre"),
            unit=given.get("unit"),
            push=bool(given.get("push")),
            only_look=bool(given.get("check")),
            actor=self.member,
            at=now(),
        )
        return Response(moved(answer))


class StepPin(ProductionView):
    """POST {start_at, work_centre, push, pinned}: fix a step, there or here; `pinned: false` lets it go."""

    rights = SCHEDULER

    @extend_schema(request=MoveInput, responses={200: dict})
    def post(self, request: Any, work_order: str, seq: int) -> Response:
        given = self.body(MoveInput)
        answer = schedule_moves.pin_step(
            work_order=work_order,
            seq=seq,
            start_at=given.get("start_at"),
            work_centre=given.get("work_centre"),
            push=bool(given.get("push")),
            pinned=given.get("pinned", True),
            actor=self.member,
            at=now(),
        )
        return Response(moved(answer))
