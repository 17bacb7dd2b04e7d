"""Runs of material planning over HTTP."""

from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apps.production.api import plan_inputs, plan_outputs
from apps.production.api.base import ProductionView
from apps.production.models import PlanRun
from apps.production.selectors import plans
from apps.production.selectors.message_texts import text_of
from apps.production.services import mrp, plan_release
from apps.production.services.plan_refusals import wrong
from kernel.clock import now, today
from kernel.exports import Column


class RunList(ProductionView):
    """POST {start_on, horizon_days, wait} → 201 when done in time, else 202; 409 run_busy, 400 bad_range."""

    export_name = "mrp-runs"
    export_columns = (
        Column("id", gettext_lazy("编号"), "number"),
        Column("start_on", gettext_lazy("开始日期"), "date"),
        Column("state", gettext_lazy("状态")),
        Column("orders", gettext_lazy("计划订单"), "number"),
        Column("messages", gettext_lazy("提示"), "number"),
        Column("seconds", gettext_lazy("秒"), "quantity"),
    )

    @extend_schema(responses={200: dict})
    def get(self, request: Any) -> HttpResponseBase:
        return self.listed(plans.runs(), plan_outputs.shaped(plan_outputs.run))

    @extend_schema(request=plan_inputs.RunInput, responses={201: dict, 202: dict})
    def post(self, request: Any) -> Response:
        given = self.body(plan_inputs.RunInput)
        if given.get("scenario"):
            raise wrong("bad_change", str(gettext_lazy("模拟方案还不能用于需求计算。")), "scenario")
        run = mrp.start_run(
            start_on=given.get("start_on") or today(),
            horizon_days=given.get("horizon_days"),
            actor=self.member,
            at=now(),
            wait=bool(given.get("wait")),
        )
        over = run.state in (PlanRun.State.DONE, PlanRun.State.FAILED) and bool(given.get("wait"))
        return Response(plan_outputs.run(run), status=201 if over else 202)


class RunDetail(ProductionView):
    @extend_schema(responses={200: dict})
    def get(self, request: Any, run_id: int) -> Response:
        return Response(plan_outputs.run(plans.run_at(run_id)))


class RunCancel(ProductionView):
    """POST: give up a run that waits or broke off."""

    @extend_schema(request=None, responses={200: dict})
    def post(self, request: Any, run_id: int) -> Response:
        return Response(plan_outputs.run(mrp.cancel_run(run_id=run_id, actor=self.member, at=now())))


class RunOrders(ProductionView):
    """GET ?item=&kind=&level=: the planned orders."""

    export_name = "planned-orders"
    export_columns = (
        Column("item.code", gettext_lazy("物料编码")),
        Column("item.name", gettext_lazy("名称")),
        Column("kind", gettext_lazy("类型")),
        Column("quantity", gettext_lazy("数量"), "quantity"),
        Column("release_on", gettext_lazy("下单日期"), "date"),
        Column("due_on", gettext_lazy("到货日期"), "date"),
        Column("past_due_days", gettext_lazy("已晚天数"), "number"),
        Column("level", gettext_lazy("层级"), "number"),
        Column("released_as", gettext_lazy("已转单号")),
    )

    @extend_schema(responses={200: dict})
    def get(self, request: Any, run_id: int) -> HttpResponseBase:
        item = self.item()
        rows = plans.planned_orders(
            plans.run_at(run_id), item_id=item.id if item else None, kind=self.text("kind"), level=self.whole("level")
        )
        return self.listed(rows, plan_outputs.shaped(plan_outputs.planned_order))


class RunPlan(ProductionView):
    """GET ?item=: the item's plan day by day; 404 when the run did not plan it."""

    @extend_schema(responses={200: dict})
    def get(self, request: Any, run_id: int) -> Response:
        self.needed("item")
        item = self.item()
        assert item is not None  # noqa: S101  # `needed` has seen to it
        return Response(plan_outputs.item_plan(plans.item_plan(plans.run_at(run_id), item)))


class RunPegs(ProductionView):
    """GET ?order=&demand=&item=: which supply serves which requirement."""

    export_name = "pegs"
    export_columns = tuple(
        Column(key, heading, kind)
        for key, heading, kind in (
            ("item", gettext_lazy("物料编码"), "text"),
            ("requirement.kind", gettext_lazy("需求类型"), "text"),
            ("requirement.id", gettext_lazy("需求编号"), "text"),
            ("requirement.on", gettext_lazy("需求日期"), "date"),
            ("supply.kind", gettext_lazy("供应类型"), "text"),
            ("supply.id", gettext_lazy("供应编号"), "text"),
            ("supply.on", gettext_lazy("供应日期"), "date"),
            ("quantity", gettext_lazy("数量"), "quantity"),
        )
    )

    @extend_schema(responses={200: dict})
    def get(self, request: Any, run_id: int) -> HttpResponseBase:
        run, item = plans.run_at(run_id), self.item()
        found = plans.edges(
            run, item_id=item.id if item else None, order_id=self.whole("order"), demand_id=self.whole("demand")
        )
        items = dict(plans.item_codes({edge.item_id for edge in found}))
        receipts = plans.receipt_numbers(run, (edge.supply_id for edge in found if edge.supply_kind == "receipt"))
        rows = [plan_outputs.peg(edge, items, receipts) for edge in found]
        return self.listed(rows, plan_outputs.shaped(dict))


class RunMessages(ProductionView):
    """GET ?item=&code=: what a person should do or know."""

    export_name = "plan-messages"
    export_columns = (
        Column("code", gettext_lazy("提示")),
        Column("item.code", gettext_lazy("物料编码")),
        Column("order_number", gettext_lazy("单号")),
        Column("from_on", gettext_lazy("从"), "date"),
        Column("to_on", gettext_lazy("到"), "date"),
        Column("days", gettext_lazy("天数"), "number"),
        Column("text", gettext_lazy("说明"), value=text_of),
    )

    @extend_schema(responses={200: dict})
    def get(self, request: Any, run_id: int) -> HttpResponseBase:
        item = self.item()
        rows = plans.messages(plans.run_at(run_id), item_id=item.id if item else None, code=self.text("code"))
        return self.listed(rows, plan_outputs.shaped(plan_outputs.message))


class RunRelease(ProductionView):
    """POST {orders: [id]} → what they became, and what was left with the reason."""

    @extend_schema(request=plan_inputs.ReleaseInput, responses={200: dict})
    def post(self, request: Any, run_id: int) -> Response:
        given = self.body(plan_inputs.ReleaseInput)
        run = plans.run_at(run_id)
        done = plan_release.release_orders(
            run_id=run.pk, order_ids=given["orders"], actor=self.member, at=now(), today=today()
        )
        return Response(
            {
                "work_orders": done.work_orders,
                "purchase_orders": done.purchase_orders,
                "left": [{"id": row.id, "code": row.code, "message": row.message} for row in done.left],
            }
        )
