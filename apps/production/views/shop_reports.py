"""报工 on phone and desktop: my jobs, scan the traveller, report in three taps, undo, my wages."""

import re
from datetime import date, timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.masterdata import public as masterdata
from apps.production.domain import traveller
from apps.production.domain.reporting import left_over
from apps.production.forms_shop import RateForm, ReportForm
from apps.production.models import WorkOrder, WorkOrderStep
from apps.production.selectors import shop_reports, wages, work_orders
from apps.production.services import reporting, undoing
from apps.production.services import wages as wage_services
from apps.production.views import shop_common as common
from kernel.clock import now, today
from kernel.errors import NotFound
from kernel.exports import Column, export_response
from kernel.http.gates import require_module
from kernel.http.once import fresh_key
from kernel.http.request import Request

WAGE_COLUMNS = (
    Column("employee", gettext_lazy("员工编码")),
    Column("name", gettext_lazy("姓名")),
    Column("quantity", gettext_lazy("数量"), "quantity"),
    Column("amount", gettext_lazy("金额"), "money"),
    Column("lines", gettext_lazy("行数"), "number"),
)


@require_module("production", "production.view")
@require_GET
def reports(request: Request) -> HttpResponse:
    """报工: scan box, the jobs that wait, and what this member reported today."""
    scanned = request.GET.get("code", "").replace("\x00", "").strip()[:500]
    if scanned:
        found = _understood(scanned)
        if found is not None:
            return redirect(f"{reverse('production:report-new')}?{urlencode(found)}")
        messages.error(
            request, _("没有认出这个码：%(code)s。请扫流转卡，或输入工单号和工序号。") % {"code": scanned[:60]}
        )
    context = {
        "jobs": work_orders.jobs(limit=30),
        "mine": shop_reports.of_member(request.member.user_id, today()),
        "today": today(),
    }
    return common.show(request, "production/report/list.html", context)


def _understood(text: str) -> dict[str, str] | None:
    """Order and step of a scanned traveller (its address), or of `MO2606-0001/10` typed by hand."""
    found = traveller.read(text)
    if found.seq:
        return {"order": found.order, "seq": found.seq}
    row = WorkOrder.objects.filter(number=found.order).first()
    step = work_orders.next_step(row.pk) if row else None
    return {"order": row.number, "seq": str(step.seq)} if row and step else None


@require_module("production", "production.view", write="production.report")
@require_http_methods(["GET", "POST"])
def report_new(request: Request) -> HttpResponse:
    """One report: the pieces that are left stand in the box, a press confirms them."""
    step = _step(request)
    if step is None:
        messages.error(request, _("找不到这道工序，请核对工单号和工序号。"))
        return redirect("production:reports")
    left = left_over(input=step.input, good=step.good, scrap=step.scrap)
    form = ReportForm(
        request.POST or None,
        initial={"good": f"{left.normalize():f}" if left else "", "key": fresh_key()},
        for_others=request.member.can("production.report_for_others"),
    )
    if request.method == "POST" and form.is_valid():
        given = reporting.NewReport(order_id=step.order_id, seq=step.seq, **form.values())
        made = common.saved(form, lambda: reporting.report(given=given, actor=request.member, at=now()))
        if made is not None:
            messages.success(request, _("已报工 %(good)s") % {"good": f"{made.good.normalize():f}"})
            return redirect("production:reports")
    context = {"form": form, "step": step, "order": step.order, "left": left}
    return common.show(request, "production/report/new.html", context, status=422 if form.is_bound else 200)


def _step(request: Request) -> WorkOrderStep | None:
    number, seq = request.GET.get("order", "").replace("\x00", "")[:40], request.GET.get("seq", "")
    if not (seq.isascii() and seq.isdigit() and len(seq) <= 5):
        return None
    rows = WorkOrderStep.objects.select_related("order__item__stock_unit", "work_centre")
    return rows.filter(order__number=number, seq=int(seq)).first()


@require_module("production", "production.report")
@require_POST
def report_undo(request: Request, report_id: int) -> HttpResponse:
    """撤销 within reach: from the list of today's reports or the order's card."""
    try:
        row = shop_reports.one(report_id)
    except NotFound:
        return redirect("production:reports")
    to_order = request.POST.get("back") == "order"
    back = reverse("production:order", args=[row.order_id]) if to_order else reverse("production:reports")
    reason = request.POST.get("reason", "").replace("\x00", "")[:200]
    return common.acted(
        request,
        lambda: undoing.undo(report_id=report_id, actor=request.member, at=now(), reason=reason),
        _("报工已撤销"),
        back,
    )


@require_module("production", "production.view")
@require_GET
def wage_page(request: Request) -> HttpResponseBase:
    """计件工资 by worker; who may not see the others sees the own line alone."""
    since, until = _span(request)
    own = masterdata.employee_of_member(request.member.user_id)
    all_of_them = request.member.can("production.wages")
    employee = "" if all_of_them else (own.code if own else "\x01")
    wanted = wages.WageFilter(since=since, until=until, employee=employee)
    if request.GET.get("format") in ("xlsx", "csv"):
        rows = wages.by_employee(wanted).rows
        return export_response(_("计件工资"), WAGE_COLUMNS, rows, request.GET["format"])
    found = wages.by_employee(wanted)
    context = {
        "found": found, "since": since, "until": until, "own": own, "all_of_them": all_of_them,
        "lines": wages.lines(wanted)[:100], "settled": wages.settlements() if all_of_them else [],
        "last_month": f"{since.replace(day=1) - timedelta(days=1):%Y-%m}" if all_of_them else "",
        "export_url": f"{request.path}?{urlencode({'from': since, 'to': until, 'format': 'xlsx'})}",
    }  # fmt: skip
    return common.show(request, "production/wage/list.html", context)


def _span(request: Request) -> tuple[date, date]:
    """The days asked for; this month without any."""
    first = today().replace(day=1)
    return _day(request.GET.get("from", ""), first), _day(request.GET.get("to", ""), today())


def _day(text: str, default: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return default


@require_module("production", "production.wages")
@require_POST
def wage_settle(request: Request) -> HttpResponse:
    month = request.POST.get("month", "")
    if not re.fullmatch(r"(19|20|21)\d\d-(0[1-9]|1[0-2])", month):
        messages.error(request, _("请选择要结算的月份。"))
        return redirect("production:wages")
    return common.acted(
        request,
        lambda: wage_services.settle(month=month, actor=request.member, at=now(), today=today()),
        _("%(month)s 的计件工资已结算") % {"month": month},
        reverse("production:wages"),
    )


@require_module("production", "production.wages")
@require_http_methods(["GET", "POST"])
def rate_page(request: Request) -> HttpResponse:
    """计件单价: the list, and a new rate that is in force from a day on."""
    form = RateForm(request.POST or None, initial={"valid_from": today()})
    if request.method == "POST" and form.is_valid():
        made = common.saved(form, lambda: wage_services.set_rate(**form.cleaned_data, actor=request.member, at=now()))
        if made is not None:
            messages.success(request, _("单价已保存"))
            return redirect("production:rates")
    context = {"form": form, "rates": wages.rates()[:200]}
    return common.show(request, "production/wage/rates.html", context, status=422 if form.is_bound else 200)
