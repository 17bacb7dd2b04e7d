"""Pages of work centres, calendars and routings."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.production.api.capacity import CalendarList, RoutingList, WorkCentreList
from apps.production.capacity_forms import (
    KEPT,
    CalendarForm,
    CentreForm,
    RoutingForm,
    StepForm,
    calendar_initial,
    step_initial,
)
from apps.production.models import Routing, RoutingStep, WorkCentre
from apps.production.selectors import capacity as selectors
from apps.production.services import calendars, routings, work_centres
from apps.production.services.plan_refusals import absent
from apps.production.views.plan_pages import asked, engineer, list_page, read, saved, show, typed_code
from kernel.clock import now
from kernel.errors import DomainError
from kernel.http.request import Request, posted

BLANK_ROWS = 4
MOST_ROWS = 500
BOTH = ["GET", "POST"]


def _tabs(current: str) -> list[dict[str, Any]]:
    words = {"centre-list": _("工作中心"), "calendar-list": _("工作日历")}
    return [
        {"label": word, "url": reverse(f"production:{name}"), "current": name == current}
        for name, word in words.items()
    ]


@read
@require_GET
def centres(request: Request) -> HttpResponseBase:
    return list_page(
        request, "production/capacity/centres.html", selectors.work_centres(asked(request)),
        columns=WorkCentreList.export_columns, name=_("工作中心"), context={"tabs": _tabs("centre-list")},
    )  # fmt: skip


@engineer
@require_http_methods(BOTH)
def centre_new(request: Request) -> HttpResponse:
    initial = {"units": 1, "efficiency": 1, "kind": "machine", "calendar": "24x7"}
    return _centre(request, None, CentreForm(request.POST or None, initial=initial))


@engineer
@require_http_methods(BOTH)
def centre_edit(request: Request, centre_id: int) -> HttpResponse:
    row = selectors.work_centres().filter(pk=centre_id).first()
    if row is None:
        raise absent()
    names = ("code", "name", "kind", "units", "efficiency", "machine_rate", "labour_rate", "overhead_rate", "version")
    initial = {name: getattr(row, name) for name in names} | {"calendar": row.calendar.code}
    for name in ("efficiency", "machine_rate", "labour_rate", "overhead_rate"):
        initial[name] = f"{initial[name].normalize():f}" if initial[name] is not None else ""
    return _centre(request, row, CentreForm(request.POST or None, initial=initial))


def _centre(request: Request, row: WorkCentre | None, form: CentreForm) -> HttpResponse:
    def save() -> WorkCentre:
        given = form.values()
        return work_centres.save_work_centre(centre_id=row.pk if row else None, values=given, actor=request.member)

    return _edited(request, form, save, "production:centre-list", {"row": row}, "production/capacity/centre.html")


def _edited(
    request: Request, form: Any, save: Callable[[], Any], back: str, context: dict[str, Any], template: str
) -> HttpResponse:
    """Save and go back to the list, or show the form again with what is wrong."""
    if request.method == "POST" and form.is_valid():
        made = saved(form, save)
        if made is not None:
            messages.success(request, _("%(what)s 已保存。") % {"what": made})
            return redirect(back)
    return show(request, template, {**context, "form": form}, status=422 if request.method == "POST" else 200)


@engineer
@require_POST
def centre_delete(request: Request, centre_id: int) -> HttpResponse:
    return _deleted(
        request, lambda: work_centres.delete_work_centre(centre_id=centre_id, actor=request.member),
        "production:centre-list",
    )  # fmt: skip


def _deleted(request: Request, delete: Callable[[], None], back: str) -> HttpResponse:
    try:
        delete()
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("已删除"))
    return redirect(back)


@read
@require_GET
def calendar_list(request: Request) -> HttpResponseBase:
    def dress(row: Any) -> None:
        shown = calendar_initial(row)
        row.days = [(number, shown[f"day_{number}"]) for number in range(1, 8)]

    return list_page(
        request, "production/capacity/calendars.html", selectors.calendars(asked(request)),
        columns=CalendarList.export_columns, name=_("工作日历"),
        context={"tabs": _tabs("calendar-list")}, prepare=dress,
    )  # fmt: skip


@engineer
@require_http_methods(BOTH)
def calendar_new(request: Request) -> HttpResponse:
    initial = {f"day_{number}": "08:00-12:00 13:00-17:00" for number in range(1, 6)}
    return _calendar(request, None, CalendarForm(request.POST or None, initial=initial))


@engineer
@require_http_methods(BOTH)
def calendar_edit(request: Request, calendar_id: int) -> HttpResponse:
    row = selectors.calendars().filter(pk=calendar_id).first()
    if row is None:
        raise absent()
    return _calendar(request, row, CalendarForm(request.POST or None, initial=calendar_initial(row)))


def _calendar(request: Request, row: Any, form: CalendarForm) -> HttpResponse:
    def save() -> Any:
        given = form.values()
        return calendars.save_calendar(calendar_id=row.pk if row else None, values=given, actor=request.member)

    return _edited(request, form, save, "production:calendar-list", {"row": row}, "production/capacity/calendar.html")


@engineer
@require_POST
def calendar_delete(request: Request, calendar_id: int) -> HttpResponse:
    return _deleted(
        request, lambda: calendars.delete_calendar(calendar_id=calendar_id, actor=request.member),
        "production:calendar-list",
    )  # fmt: skip


@read
@require_GET
def routing_list(request: Request) -> HttpResponseBase:
    state = asked(request, "state")
    states = [("", _("全部"), None), *((value, str(label), None) for value, label in Routing.State.choices)]
    rows = selectors.routings(search=asked(request), state=state if state in Routing.State.values else "")
    return list_page(
        request, "production/capacity/routings.html", rows, columns=RoutingList.export_columns, name=_("工艺路线"),
        context={"states": states, "state": state},
    )  # fmt: skip


@engineer
@require_http_methods(BOTH)
def routing_new(request: Request) -> HttpResponse:
    return _routing(request, None)


@read
@require_http_methods(BOTH)
def routing_page(request: Request, routing_id: int) -> HttpResponse:
    """One version: read by everybody, edited by engineers until it is retired."""
    routing = selectors.routing_at(routing_id)
    may_edit = request.member.can("production.engineer") and routing.state != Routing.State.RETIRED
    if request.method == "POST" and not may_edit:
        raise absent()
    return _routing(request, routing, may_edit=may_edit)


def _routing(request: Request, routing: Routing | None, *, may_edit: bool = True) -> HttpResponse:
    post = posted(request)
    steps = {step.seq: step for step in routing.steps.all()} if routing else {}
    initial = (
        {name: getattr(routing, name) for name in ("version", "valid_from", "valid_to", "version_no")}
        if routing
        else {}
    )
    form = RoutingForm(post, initial=initial)
    rows = _rows(post, list(steps.values()))
    code = routing.item.code if routing else typed_code(request, "item") if post is not None else asked(request, "item")
    if post is not None:
        filled = [row for row in rows if row.has_changed()]
        fine = all([row.is_valid() for row in filled])  # every row shows what is wrong with it
        if form.is_valid() and fine:
            values = {**form.cleaned_data, "item": code, "activate": "activate" in post}
            values["steps"] = [row.values(_kept(steps.get(row.cleaned_data["seq"]))) for row in filled]
            made = saved(form, lambda: _save(request, routing, values))
            if made is not None:
                messages.success(request, _("工艺路线 %(version)s 已保存。") % {"version": made.version})
                return redirect("production:routing", made.pk)
    context = {"routing": routing, "form": form, "rows": rows, "code": code, "may_edit": may_edit}
    return show(request, "production/capacity/routing.html", context, status=422 if post is not None else 200)


def _rows(post: Any, steps: list[RoutingStep]) -> list[StepForm]:
    if post is not None:
        count = next((at for at in range(MOST_ROWS) if f"s{at}-seq" not in post), MOST_ROWS)
        return [
            StepForm(post, prefix=f"s{at}", empty_permitted=True, use_required_attribute=False) for at in range(count)
        ]
    shown = [step_initial(step) for step in steps] + [{}] * BLANK_ROWS
    return [StepForm(initial=one, prefix=f"s{at}", use_required_attribute=False) for at, one in enumerate(shown)]


def _kept(step: RoutingStep | None) -> dict[str, Any]:
    return {name: getattr(step, name) for name in KEPT} if step is not None else {}


def _save(request: Request, routing: Routing | None, values: dict[str, Any]) -> Routing:
    if routing is None:
        return routings.create_routing(values=values, actor=request.member, at=now())
    return routings.change_routing(routing_id=routing.pk, values=values, actor=request.member)


@engineer
@require_POST
def routing_verb(request: Request, routing_id: int, verb: str) -> HttpResponse:
    """启用, 停用 or 删除."""
    verbs: dict[str, tuple[Callable[..., Any], str]] = {
        "activate": (routings.activate_routing, _("已启用")),
        "retire": (routings.retire_routing, _("已停用")),
        "delete": (routings.delete_routing, _("已删除")),
    }
    if verb not in verbs:
        raise absent()
    act, said = verbs[verb]
    try:
        act(routing_id=routing_id, actor=request.member)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("production:routing", routing_id)
    messages.success(request, said)
    return redirect("production:routing-list") if verb == "delete" else redirect("production:routing", routing_id)
