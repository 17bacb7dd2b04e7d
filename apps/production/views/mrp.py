"""物料需求: exceptions first, then the planned orders, each with what it serves and what it waits for."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.masterdata import public as masterdata
from apps.production.api.mrp import RunMessages, RunOrders
from apps.production.models import PlannedOrder, PlanRun
from apps.production.plan_forms import RunForm
from apps.production.selectors import pegging_tree, plans
from apps.production.selectors.message_texts import CODES, label_of, text_of
from apps.production.services import mrp, plan_release
from apps.production.services.plan_refusals import absent
from apps.production.views.plan_pages import asked, list_page, plan, read, show
from kernel.clock import now, today
from kernel.errors import DomainError
from kernel.http.request import Request

TONES = {"late_demand": "red", "past_due": "red", "reschedule_out": "grey", "cancel": "grey"}


def _frame(run: PlanRun | None, tab: str) -> dict[str, Any]:
    """What both tabs show: the run in force, the latest one, the tabs, the form of the next run."""
    latest = plans.runs().first()
    tabs = [
        {"label": _("提示"), "url": reverse("production:mrp"), "current": tab == "messages"},
        {"label": _("计划订单"), "url": reverse("production:mrp-orders"), "current": tab == "orders"},
    ]
    form = RunForm(initial={"start_on": today()})
    return {"run": run, "latest": latest, "tabs": tabs, "form": form}


@read
@require_GET
def workbench(request: Request) -> HttpResponseBase:
    """Messages of the proposal in force; the urgent kinds first."""
    run = plans.current_run()
    code, search = asked(request, "code"), asked(request)
    context = {**_frame(run, "messages"), "code": code}
    if run is None:
        return show(request, "production/mrp/none.html", context)
    counts = plans.message_counts(run)
    codes = [("", _("全部"), sum(counts.values()))]
    codes += [(one, label_of(one), counts[one]) for one in CODES if counts.get(one)]
    rows = plans.messages(run, code=code if code in CODES else "", search=search, urgent_first=CODES)
    return list_page(
        request, "production/mrp/messages.html", rows, columns=RunMessages.export_columns, name=_("计划提示"),
        context={**context, "codes": codes}, prepare=_dress,
    )  # fmt: skip


def _dress(row: Any) -> None:
    row.text, row.word = text_of(row), label_of(row.code)
    row.tone = TONES.get(row.code, "orange")


@read
@require_GET
def orders(request: Request) -> HttpResponseBase:
    """Planned orders of the proposal in force, those to be released first at the top."""
    run = plans.current_run()
    kind = asked(request, "kind")
    context = {**_frame(run, "orders"), "kind": kind}
    if run is None:
        return show(request, "production/mrp/none.html", context)
    kinds = [("", _("全部"), None), ("make", _("自制"), None), ("buy", _("采购"), None)]
    rows = plans.planned_orders(run, kind=kind if kind in PlannedOrder.Kind.values else "", search=asked(request))
    return list_page(
        request, "production/mrp/orders.html", rows, columns=RunOrders.export_columns, name=_("计划订单"),
        context={**context, "kinds": kinds},
    )  # fmt: skip


@plan
@require_POST
def run_now(request: Request) -> HttpResponse:
    """Order a run; it is a job, the page tells when it is done."""
    form = RunForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("开始日期或计划期不对。"))
        return redirect("production:mrp")
    try:
        run = mrp.start_run(
            start_on=form.cleaned_data["start_on"], horizon_days=form.cleaned_data["horizon_days"],
            actor=request.member, at=now(), wait=False,
        )  # fmt: skip
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("production:mrp")
    if run.state == PlanRun.State.DONE:
        messages.success(request, _("需求计算完成，计划订单 %(count)s 张。") % {"count": run.orders})
    elif run.state == PlanRun.State.FAILED:
        messages.error(request, run.error)
    else:
        messages.success(request, _("需求计算已开始，完成后会通知您。"))
    return redirect("production:mrp")


@plan
@require_POST
def release(request: Request) -> HttpResponse:
    """下达 the ticked orders; what is left is told with its reason."""
    run = plans.current_run()
    chosen = [int(text) for text in request.POST.getlist("ids") if text.isascii() and text.isdigit() and len(text) < 19]
    if run is None or not chosen:
        messages.error(request, _("请先勾选计划订单。"))
        return redirect("production:mrp-orders")
    done = plan_release.release_orders(
        run_id=run.pk, order_ids=chosen[: plan_release.MOST], actor=request.member, at=now(), today=today()
    )
    made = [*done.work_orders, *done.purchase_orders]
    if made:
        messages.success(request, _("已下达：%(numbers)s。") % {"numbers": "、".join(made[:20])})
    for row in done.left[:5]:
        messages.error(request, row.message)
    return redirect("production:mrp-orders")


@read
@require_GET
def order(request: Request, order_id: int) -> HttpResponse:
    """One planned order: up to the demands it serves, down to what it waits for."""
    found = PlannedOrder.objects.select_related("item__stock_unit", "run").filter(pk=order_id).first()
    if found is None:
        raise absent()
    context = {"order": found, **pegging_tree.around_order(found)}
    return show(request, "production/mrp/order.html", context)


@read
@require_GET
def item(request: Request, item_id: int) -> HttpResponse:
    """An item's plan day by day with its pegs."""
    run = plans.current_run()
    info = masterdata.get_items([item_id]).get(item_id)
    if run is None or info is None:
        raise absent()
    found = plans.item_plan(run, info)
    context = {"plan": found, "run": run, "edges": pegging_tree.of_item(run, item_id)}
    return show(request, "production/mrp/item.html", context)
