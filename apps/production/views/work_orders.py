"""工单: the list, a new one, its card with steps, materials, reports and verbs, and the traveller on paper."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.production import links
from apps.production.domain import order_life
from apps.production.forms_shop import ChangeForm, OrderForm, PickForm, PickLineForm, ReceiveForm
from apps.production.models import WorkOrder
from apps.production.printing import traveller_pdf
from apps.production.selectors import shop_reports
from apps.production.selectors import work_orders as selectors
from apps.production.services import completion, picking, work_orders
from apps.production.services.order_input import NewOrder
from apps.production.services.picking import PickLine
from apps.production.views import shop_common as common
from kernel import registry
from kernel.clock import now, today
from kernel.errors import NotFound
from kernel.exports import Column
from kernel.http.gates import require_module
from kernel.http.once import FIELD, fresh_key, run_once
from kernel.http.request import Request

SLOT = "production.work_order"
VERB_OF = {
    "kit_form": "issue", "line_form": "issue", "back_form": "return", "receive_form": "receive",
    "change_form": "change",
}  # fmt: skip
COLUMNS = (
    Column("number", gettext_lazy("工单号")),
    Column("item.code", gettext_lazy("物料编码")),
    Column("item.name", gettext_lazy("物料名称")),
    Column("quantity", gettext_lazy("数量"), "quantity"),
    Column("good", gettext_lazy("合格"), "quantity"),
    Column("scrap", gettext_lazy("报废"), "quantity"),
    Column("received", gettext_lazy("已入库"), "quantity"),
    Column("start_on", gettext_lazy("开工日期"), "date"),
    Column("due_on", gettext_lazy("交期"), "date"),
    Column("priority", gettext_lazy("优先级"), "number"),
    Column("get_state_display", gettext_lazy("状态")),
)


@require_module("production", "production.view")
@require_GET
def order_list(request: Request) -> HttpResponseBase:
    """工单列表; `late=1`: open ones past their due date."""
    state = request.GET.get("state", "")
    wanted = selectors.OrderFilter(
        search=request.GET.get("q", "").replace("\x00", "").strip()[:100],
        states=(state,) if state in WorkOrder.State.values else (),
        late_on=today() if request.GET.get("late") else None,
    )
    counts = selectors.state_counts(wanted)
    states = [("", _("全部"), sum(counts.values()))]
    states += [(value, str(label), counts.get(value, 0)) for value, label in WorkOrder.State.choices]
    context = {"states": states, "state": state, "q": wanted.search, "late": wanted.late_on, "today": today()}
    rows = selectors.listed(wanted)
    return common.list_page(
        request, "production/order/list.html", rows, columns=COLUMNS, name=_("工单"), context=context
    )


@require_module("production", "production.view", write="production.plan")
@require_http_methods(["GET", "POST"])
def order_new(request: Request) -> HttpResponse:
    """A new work order; 保存并下达 releases it at once."""
    form = OrderForm(request.POST or None, initial={"due_on": today()})
    item = (request.POST.get("item") or request.POST.get("item_text") or request.GET.get("item", "")).strip()[:64]
    if request.method == "POST" and form.is_valid():
        url = common.saved(form, lambda: run_once(request, lambda: _made(request, form.cleaned_data, item)))
        if url is not None:
            return redirect(url)
    context = {
        "form": form, "item": item, "item_text": request.POST.get("item_text", item), "once": fresh_key(),
        "field": FIELD, "back": reverse("production:order-list"),
    }  # fmt: skip
    return common.show(request, "production/order/new.html", context, status=422 if form.is_bound else 200)


def _made(request: Request, values: dict[str, Any], item: str) -> str:
    own: dict[str, Any] = {key: [] if values.pop(f"no_{key}") else None for key in ("materials", "steps")}
    made = work_orders.create_work_order(
        given=NewOrder(item=item, **values, **own), actor=request.member, at=now(), today=today(),
        release="release" in request.POST,
    )  # fmt: skip
    messages.success(request, _("工单 %(number)s 已保存") % {"number": made.number})
    return reverse("production:order", args=[made.pk])


@require_module("production", "production.view")
@require_GET
def order_page(request: Request, order_id: int) -> HttpResponse:
    """One order: what is done, what it needs, who reported, and the verbs its state allows."""
    return _card(request, order_id)


def _card(request: Request, order_id: int, status: int = 200, **typed: Any) -> HttpResponse:
    """The order's card; `typed`: a dialog's form that was refused, which then stands open."""
    order = _found(order_id)
    reports = list(shop_reports.listed(work_order=order.number)[:50])
    can = {verb: order_life.may(verb, order.state) for verb in order_life.VERBS}
    place = order.warehouse.code if order.warehouse else ""
    where = {"warehouse": place, "moved_on": today()}
    waiting = max(order.good - order.received, 0) if order.steps.all() else order.quantity - order.received
    context = {
        "order": order, "reports": reports, "can": can, "history": common.history("work_order", order.pk),
        "has_stock": links.has_stock(),
        "panels": registry.panels_for(SLOT, modules=request.company.modules, member=request.member),
        "is_late": order.is_open and order.due_on < today(),
        "moves": order.moves.select_related("item").order_by("-id")[:50],
        "change_form": ChangeForm(initial=_terms(order)), "kit_form": PickForm(initial=where, auto_id="kit_%s"),
        "line_form": PickLineForm(initial=where, auto_id="line_%s"),
        "back_form": PickLineForm(initial=where, auto_id="back_%s"),
        "receive_form": ReceiveForm(initial={**where, "quantity": _plain(waiting)}, auto_id="receive_%s"), **typed,
    }  # fmt: skip
    return common.show(request, "production/order/detail.html", context, status)


def _found(order_id: int) -> WorkOrder:
    try:
        return selectors.one(order_id)
    except NotFound as error:
        raise Http404 from error


def _plain(value: Any) -> str:
    return f"{value.normalize():f}" if value else ""


def _terms(order: WorkOrder) -> dict[str, Any]:
    return {
        "version": order.version, "quantity": _plain(order.quantity), "due_on": order.due_on,
        "priority": order.priority,
    }  # fmt: skip


def _reason(request: Request) -> str:
    return str(request.POST.get("reason", ""))[:200]


def _back(order_id: int) -> str:
    return reverse("production:order", args=[order_id])


@require_module("production", "production.plan")
@require_POST
def order_verb(request: Request, order_id: int, verb: str) -> HttpResponse:
    """One verb of the order's life, from a button of its card."""
    clock: dict[str, Any] = {"at": now(), "today": today()}
    who: dict[str, Any] = {"order_id": order_id, "actor": request.member}
    verbs = {
        "release": (
            lambda: work_orders.release(**who, **clock, reserve="reserve" in request.POST),
            _("工单已下达"),
        ),
        "hold": (lambda: work_orders.hold(**who, reason=_reason(request)), _("工单已暂停")),
        "resume": (lambda: work_orders.resume(**who), _("工单已恢复")),
        "cancel": (lambda: work_orders.cancel(**who, at=clock["at"], reason=_reason(request)), _("工单已取消")),
        "complete": (lambda: completion.complete(**who, **clock), _("工单已完工")),
        "close": (lambda: completion.close(**who, **clock), _("工单已关闭")),
    }
    if verb not in verbs:
        raise Http404
    act, said = verbs[verb]
    return common.acted(request, act, said, _back(order_id))


@require_module("production", "production.plan")
@require_POST
def order_change(request: Request, order_id: int) -> HttpResponse:
    form = ChangeForm(request.POST)
    return _dialog(
        request, order_id, "change_form", form, _("工单已修改"),
        lambda: work_orders.change(order_id=order_id, actor=request.member, at=now(), **form.cleaned_data),
    )  # fmt: skip


def _dialog(
    request: Request, order_id: int, name: str, form: forms.Form, said: str, save: Callable[[], Any]
) -> HttpResponse:  # fmt: skip
    """Do what a dialog asks; a form that does not fit, or is refused, stands open again as it was typed."""
    if form.is_valid() and common.saved(form, save) is not None:
        messages.success(request, said)
        return redirect(_back(order_id))
    if not order_life.may(VERB_OF[name], _found(order_id).state):  # its dialog is no longer there to stand open
        return common.refuse_form(request, form, _back(order_id))
    return _card(request, order_id, 422, **{name: form})


@require_module("production", "production.report")
@require_POST
def order_issue(request: Request, order_id: int) -> HttpResponse:
    """领料: the whole kit, or one material with its lot."""
    if "kit" in request.POST:
        kit = PickForm(request.POST, auto_id="kit_%s")
        return _dialog(
            request, order_id, "kit_form", kit, _("已领料"),
            lambda: picking.issue(
                order_id=order_id, kit=True, actor=request.member, at=now(), today=today(), **kit.cleaned_data
            ),
        )  # fmt: skip
    form = PickLineForm(request.POST, auto_id="line_%s")
    return _dialog(
        request, order_id, "line_form", form, _("已领料"),
        lambda: picking.issue(order_id=order_id, actor=request.member, at=now(), today=today(), **_line_of(form)),
    )  # fmt: skip


def _line_of(form: PickLineForm) -> dict[str, Any]:
    values = dict(form.cleaned_data)
    line = PickLine(item=values.pop("item"), quantity=values.pop("quantity"), lot=values.pop("lot"))
    return {**values, "lines": [line]}


@require_module("production", "production.report")
@require_POST
def order_return(request: Request, order_id: int) -> HttpResponse:
    form = PickLineForm(request.POST, auto_id="back_%s")
    return _dialog(
        request, order_id, "back_form", form, _("已退料"),
        lambda: picking.give_back(order_id=order_id, actor=request.member, at=now(), today=today(), **_line_of(form)),
    )  # fmt: skip


@require_module("production", "production.report")
@require_POST
def order_receive(request: Request, order_id: int) -> HttpResponse:
    form = ReceiveForm(request.POST, auto_id="receive_%s")
    return _dialog(
        request, order_id, "receive_form", form, _("已入库"),
        lambda: completion.receive(
            order_id=order_id, actor=request.member, at=now(), today=today(), **form.cleaned_data
        ),
    )  # fmt: skip


@require_module("production", "production.view")
@require_GET
def traveller(request: Request, order_id: int) -> HttpResponse:
    """流转卡: one page with a QR code a step; scanning it opens the report of that step."""
    order = _found(order_id)
    content = traveller_pdf(order, address=_address(request), printed_on=today())
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{order.pk}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


def _address(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("production:report-new"))
