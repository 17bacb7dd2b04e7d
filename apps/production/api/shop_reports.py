"""reports/, piece-rates/ and wages/."""

from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apps.masterdata import public as masterdata
from apps.production.api import shop_inputs as inputs
from apps.production.api import shop_shapes as shapes
from apps.production.api.shop_base import ShopView, shaped
from apps.production.selectors import shop_reports as reports
from apps.production.selectors import wages as wage_rows
from apps.production.selectors import work_orders
from apps.production.services import reporting, undoing, wages
from kernel.clock import now, today
from kernel.exports import Column
from kernel.http.gates import check_right
from kernel.money import money_text

REPORT: dict[str, str | None] = {"GET": "production.view", "*": "production.report"}
WAGES: dict[str, str | None] = {"GET": "production.wages", "*": "production.wages"}


class ReportList(ShopView):
    """GET ?work_order=&seq=&employee=&from=&to=; POST reports pieces of one step; the same `key` is the same report.

    409 over_report, step_not_reached, wrong_state, order_closed, wage_period_settled; 403 for others' work.
    """

    rights = REPORT
    export_name = "报工"
    export_columns = (
        Column("id", _("编号"), "number"),
        Column("reported_on", _("日期"), "date"),
        Column("order.number", _("工单号")),
        Column("step.seq", _("工序"), "number"),
        Column("good", _("合格"), "quantity"),
        Column("scrap", _("报废"), "quantity"),
        Column("scrap_reason", _("报废原因")),
        Column("rework", _("返工"), "quantity"),
        Column("minutes", _("工时（分钟）"), "quantity"),
        Column("reported_by_name", _("报工人")),
    )

    @extend_schema(responses={200: dict})
    def get(self, request: Any) -> HttpResponseBase:
        rows = reports.listed(
            work_order=self.asked("work_order"),
            seq=self.asked_number("seq"),
            employee=self.asked("employee"),
            since=self.asked_day("from"),
            until=self.asked_day("to"),
        )
        return self.listed(rows, shaped(shapes.report))

    @extend_schema(request=inputs.ReportBody, responses={201: dict})
    def post(self, request: Any) -> Response:
        data = self.body(inputs.ReportBody)
        given = inputs.ReportBody.report(data, work_orders.id_named(data["work_order"]))
        made = reporting.report(given=given, actor=self.member, at=now())
        return self.created(shapes.report(reports.one(made.pk), self.member))


class ReportDetail(ShopView):
    """GET one report."""

    rights = REPORT

    @extend_schema(responses={200: dict})
    def get(self, request: Any, report_id: int) -> Response:
        return Response(shapes.report(reports.one(report_id), self.member))


class UndoView(ShopView):
    """POST takes a report back. 409 already_undone, already_used; 403 for another's report without `undo_any`."""

    rights = REPORT

    @extend_schema(request=inputs.UndoBody, responses={201: dict})
    def post(self, request: Any, report_id: int) -> Response:
        reason = self.body(inputs.UndoBody).get("reason", "")
        made = undoing.undo(report_id=report_id, actor=self.member, at=now(), reason=reason)
        return self.created(shapes.report(reports.one(made.pk), self.member))


class RateList(ShopView):
    """GET ?item=; POST writes a rate that is in force from a day on."""

    rights = WAGES
    export_name = "计件单价"
    export_columns = (
        Column("item.code", _("物料编码")),
        Column("seq", _("工序"), "number"),
        Column("rate", _("单价"), "quantity"),
        Column("valid_from", _("生效日期"), "date"),
    )

    @extend_schema(responses={200: dict})
    def get(self, request: Any) -> HttpResponseBase:
        return self.listed(wage_rows.rates(item=self.asked("item")), shaped(shapes.piece_rate))

    @extend_schema(request=inputs.RateBody, responses={201: dict})
    def post(self, request: Any) -> Response:
        data = self.body(inputs.RateBody)
        tiers = inputs.RateBody.tiers_of(data)
        made = wages.set_rate(**data, tiers=tiers, actor=self.member, at=now())
        return self.created(shapes.piece_rate(made, self.member))


class WageView(ShopView):
    """Whoever runs the wages sees all, a worker what the worker earned."""

    rights = {"GET": "production.view"}

    def wanted(self) -> wage_rows.WageFilter:
        employee = self.asked("employee")
        if not self.member.can("production.wages"):
            own = masterdata.employee_of_member(self.member.user_id)
            if own is None or employee.lower() not in ("", own.code.lower()):
                check_right(self.member, "production.wages")
            employee = own.code if own else employee
        return wage_rows.WageFilter(since=self.asked_day("from"), until=self.asked_day("to"), employee=employee)


class WageList(WageView):
    """GET ?from=&to=&employee= → rows a worker with totals; the days are those of payment."""

    export_name = "计件工资"
    export_columns = (
        Column("employee", _("员工编码")),
        Column("name", _("姓名")),
        Column("quantity", _("数量"), "quantity"),
        Column("amount", _("金额"), "money"),
        Column("lines", _("行数"), "number"),
    )

    @extend_schema(responses={200: dict})
    def get(self, request: Any) -> HttpResponseBase:
        found = wage_rows.by_employee(self.wanted())
        answer = self.listed(found.rows, shaped(shapes.wage_row))
        if isinstance(answer, Response):
            answer.data["totals"] = {
                "quantity": shapes.plain(found.quantity), "amount": money_text(found.amount), "lines": found.lines,
            }  # fmt: skip
        return answer


class WageLineList(WageView):
    """GET ?from=&to=&employee= → the lines, newest first."""

    export_name = "计件工资明细"
    export_columns = (
        Column("worked_on", _("日期"), "date"),
        Column("paid_on", _("计薪日期"), "date"),
        Column("report.order.number", _("工单号")),
        Column("item.code", _("物料编码")),
        Column("seq", _("工序"), "number"),
        Column("employee.code", _("员工编码")),
        Column("employee.name", _("姓名")),
        Column("quantity", _("数量"), "quantity"),
        Column("rate", _("单价"), "quantity"),
        Column("amount", _("金额"), "money"),
    )

    @extend_schema(responses={200: dict})
    def get(self, request: Any) -> HttpResponseBase:
        return self.listed(wage_rows.lines(self.wanted()), shaped(shapes.wage_line))


class SettleView(ShopView):
    """POST {month} makes a month's wages final. 409 wage_period_settled."""

    rights = WAGES

    @extend_schema(request=inputs.SettleBody, responses={201: dict})
    def post(self, request: Any) -> Response:
        month = self.body(inputs.SettleBody)["month"]
        row = wages.settle(month=month, actor=self.member, at=now(), today=today())
        return self.created(
            {
                "month": row.month,
                "lines": row.line_count,
                "quantity": shapes.plain(row.quantity),
                "amount": money_text(row.amount),
            }
        )
