"""需求 and 计划参数."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.masterdata import public as masterdata
from apps.production.api.planning import DemandList, PlanningDataList
from apps.production.models import Demand, PlanningData
from apps.production.plan_forms import DemandForm, PlanningForm
from apps.production.selectors import plans
from apps.production.services.demands import cancel_demand, create_demand
from apps.production.services.plan_refusals import absent
from apps.production.services.planning_data import PLAIN, save_planning_data
from apps.production.views.plan_pages import asked, list_page, plan, read, saved, show, typed_code
from kernel.clock import now
from kernel.errors import DomainError
from kernel.http.request import Request, posted


@read
@require_GET
def demand_list(request: Request) -> HttpResponseBase:
    state = asked(request, "state")
    states = [("", _("全部"), None), *((value, _(label), None) for value, label in Demand.State.choices)]
    rows = plans.demands(state=state if state in Demand.State.values else "", search=asked(request))
    return list_page(
        request, "production/demand/list.html", rows, columns=DemandList.export_columns, name=_("需求"),
        context={"states": states, "state": state},
    )  # fmt: skip


@plan
@require_http_methods(["GET", "POST"])
def demand_new(request: Request) -> HttpResponse:
    data = posted(request)
    form = DemandForm(data)
    code = typed_code(request, "item") if data is not None else asked(request, "item")
    if data is not None and form.is_valid():
        values = {**form.cleaned_data, "item": code}
        made = saved(form, lambda: create_demand(values=values, actor=request.member, at=now()))
        if made is not None:
            messages.success(request, _("需求已保存。"))
            return redirect("production:demand-list")
    return show(request, "production/demand/new.html", {"form": form, "code": code}, 422 if data is not None else 200)


@plan
@require_POST
def demand_cancel(request: Request, demand_id: int) -> HttpResponse:
    try:
        cancel_demand(demand_id=demand_id, actor=request.member)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("需求已取消。"))
    return redirect("production:demand-list")


@read
@require_GET
def planning_list(request: Request) -> HttpResponseBase:
    rows = PlanningData.objects.select_related("item__stock_unit", "supplier").order_by("item__code_key", "item_id")
    search = asked(request)
    if search:
        rows = rows.filter(item__search_text__icontains=search.casefold())
    return list_page(
        request, "production/planning/list.html", rows, columns=PlanningDataList.export_columns, name=_("计划参数"),
        context={},
    )  # fmt: skip


@plan
@require_http_methods(["GET", "POST"])
def planning_new(request: Request) -> HttpResponse:
    """Choose the item, then go on to its form."""
    if request.method == "POST":
        item = masterdata.item_by_code(typed_code(request, "item"))
        if item is not None:
            return redirect("production:planning-edit", item.id)
        return show(request, "production/planning/new.html", {"error": _("请选择一个物料。")}, 422)
    return show(request, "production/planning/new.html", {})


@plan
@require_http_methods(["GET", "POST"])
def planning_edit(request: Request, item_id: int) -> HttpResponse:
    item = masterdata.get_items([item_id]).get(item_id)
    if item is None:
        raise absent()
    row = PlanningData.objects.select_related("supplier").filter(pk=item_id).first()
    data = posted(request)
    form = PlanningForm(data, initial=_initial(row))
    if data is not None and form.is_valid():
        values = {**form.cleaned_data, "version": form.cleaned_data["version"] or 0}
        made = saved(form, lambda: save_planning_data(item=item, values=values, actor=request.member))
        if made is not None:
            messages.success(request, _("计划参数已保存。"))
            return redirect("production:planning-data")
    status = 422 if data is not None else 200
    return show(request, "production/planning/edit.html", {"form": form, "item": item}, status)


def _initial(row: PlanningData | None) -> dict[str, Any]:
    found = row or PlanningData()
    values = {name: getattr(found, name) for name in PLAIN}
    shown = {name: f"{value.normalize():f}" if hasattr(value, "normalize") else value for name, value in values.items()}
    supplier = found.supplier.code if row is not None and found.supplier else ""
    return {**shown, "supplier": supplier, "version": row.version if row else 0}
