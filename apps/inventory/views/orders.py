"""销售订单 and 采购订单: lists, one order, its verbs."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.inventory.domain.orders import Done
from apps.inventory.grid_form import day_of
from apps.inventory.selectors import orders as selectors
from apps.inventory.services.orders import drafts, states
from apps.inventory.services.orders.sides import PURCHASES, SALES, Side
from apps.inventory.views import common, order_entry, order_moves
from apps.masterdata import public as masterdata
from kernel import registry
from kernel.clock import now, today
from kernel.errors import DomainError
from kernel.exports import Column
from kernel.http.gates import require_module
from kernel.http.request import Request

VIEW = require_module("inventory", "inventory.view")
COLUMNS = (
    Column("order.number", gettext_lazy("单号")),
    Column("order.partner.code", gettext_lazy("往来单位")),
    Column("order.partner.name", gettext_lazy("名称")),
    Column("order.ordered_on", gettext_lazy("下单日期"), "date"),
    Column("order.state", gettext_lazy("状态"), value=lambda row: _(str(row.order.get_state_display()))),
    Column("line", gettext_lazy("行号"), "number"),
    Column("item.code", gettext_lazy("物料编码")),
    Column("item.name", gettext_lazy("物料名称")),
    Column("quantity", gettext_lazy("数量"), "quantity"),
    Column("unit", gettext_lazy("单位")),
    Column("due_on", gettext_lazy("交期"), "date"),
    Column("done", gettext_lazy("已收发"), "quantity"),
    Column("returned", gettext_lazy("退货数量"), "quantity"),
)
PRICE_COLUMNS = (
    Column("unit_price", gettext_lazy("单价"), "quantity"),
    Column("amount", gettext_lazy("金额"), "money"),
)


def sees_prices(request: Request, side: Side) -> bool:
    """Prices are seen by who deals in them and by who sees costs."""
    member = request.member
    return member.can("inventory.view_cost") or member.can("inventory.sell" if side.sells else "inventory.buy")


def _list(request: Request, side: Side) -> HttpResponseBase:
    words = common.words_of(request)
    partner = masterdata.partner_by_code(words["partner"]) if words.get("partner") else None
    state = words.get("state") if words.get("state") in side.order.State.values else None
    wanted = selectors.OrderFilter(
        state=state, search=words["search"], since=day_of(words.get("from", "")), until=day_of(words.get("to", "")),
        partner_id=partner.id if partner else None, late_on=today() if words.get("late") else None,
        open=True if words.get("open") else None,
    )  # fmt: skip
    prices = sees_prices(request, side)
    context = {
        "side": side,
        "states": common.state_choices(side.order.State, selectors.counts(side, wanted)),
        "wanted": words,
        "total": selectors.total(side, wanted) if prices else None,
        "prices": prices,
        "today": today(),
        "may_write": request.member.can("inventory.sell" if side.sells else "inventory.buy"),
        "import_key": "inventory.sales_orders" if side.sells else "inventory.purchase_orders",
    }
    return common.list_page(
        request, "inventory/order/list.html", selectors.listed(side, wanted), name=_title(side), context=context,
        columns=(*COLUMNS, *(PRICE_COLUMNS if prices else ())),
        export_rows=lambda orders: (row for order in orders for row in order.lines.all()),
    )  # fmt: skip


def _title(side: Side) -> str:
    return _("销售订单") if side.sells else _("采购订单")


def _detail(
    request: Request, side: Side, order_id: int, verb: str = "", refused: DomainError | None = None
) -> HttpResponse:
    """The order; `refused`: why the dialog of `verb` stands open again."""
    order = selectors.order_at(side, order_id)
    lines = _rows(side, order)
    can = _verbs(request, side, order, lines)
    asked = order_moves.DIALOGS.get(verb, "")
    if refused and not can[asked]:  # its dialog is no longer there to stand open
        messages.error(request, refused.message)
        return HttpResponseRedirect(reverse(f"inventory:{_name(side)}", args=[order_id]))
    context = {
        "side": side,
        "order": order,
        "lines": lines,
        "sums": selectors.sums_of(order),
        "prices": sees_prices(request, side),
        "documents": selectors.documents_of(side, order.pk),
        "history": common.history(side.kind, order.pk),
        "can": can,
        "deliver": order_moves.dialog(lines, gives=True, posted=request.POST if asked == "deliver" else None),
        "take_back": order_moves.dialog(lines, gives=False, posted=request.POST if asked == "take_back" else None),
        "asked": asked,
        "refused": refused.message if refused else "",
        "title": _title(side),
        "warehouses": common.warehouse_choices(),
        "today": today(),
        "panels": registry.panels_for(f"inventory.{side.kind}", modules=request.company.modules, member=request.member),
    }
    return common.show(request, "inventory/order/detail.html", context, status=422 if refused else 200)


def _rows(side: Side, order: Any) -> list[dict[str, Any]]:
    """Each line with what is open of it, what is kept for it, and whether its day is past."""
    reserved = selectors.reserved_for([order.number]) if side.sells else {}
    return [
        {
            "row": row,
            "open": Done(row.quantity, row.done, row.closed).open,
            "reserved": reserved.get((order.number, row.line)),
            "late": row.due_on < today() and not row.closed and row.done < row.quantity,
        }
        for row in order.lines.all()
    ]


def _verbs(request: Request, side: Side, order: Any, lines: list[dict[str, Any]]) -> dict[str, bool]:
    """What may be done now, by right and state."""
    writes = request.member.can("inventory.sell" if side.sells else "inventory.buy")
    moves = request.member.can("inventory.move")
    state, states_of = order.state, order.State
    is_open = state not in (states_of.CLOSED, states_of.CANCELLED)
    is_bound = is_open and state != states_of.DRAFT
    return {
        "edit": writes and is_open and state != states_of.DONE,
        "confirm": writes and state == states_of.DRAFT,
        "delete": writes and state == states_of.DRAFT,
        "deliver": moves and is_bound and any(line["open"] > 0 for line in lines),
        "take_back": moves and state != states_of.DRAFT and any(row["row"].done > row["row"].returned for row in lines),
        "close": writes and is_bound,
        "cancel": writes and is_open and not any(line["row"].done for line in lines),
    }


def _act(request: Request, side: Side, order_id: int, verb: str) -> HttpResponse:
    back = reverse(f"inventory:{_name(side)}", args=[order_id])
    text = request.POST.get("version", "")
    words: dict[str, Any] = {"side": side, "order_id": order_id, "version": int(text) if text.isdigit() else None}
    words |= {"actor": request.member, "at": now()}
    return common.act(request, back, lambda: _STATES[verb](**words), lambda order: _said(verb, order))


def _said(verb: str, order: Any) -> str:
    sentences = {
        "confirm": _("订单 %(number)s 已确认"),
        "close": _("订单 %(number)s 已关闭"),
        "cancel": _("订单 %(number)s 已取消"),
    }
    return sentences[verb] % {"number": order.number}


_STATES: dict[str, Callable[..., Any]] = {"confirm": states.confirm, "close": states.close, "cancel": states.cancel}


def _move(request: Request, side: Side, order_id: int, verb: str) -> HttpResponse:
    """Post what a dialog of the page asks for; refused, it stands open again as it was typed."""
    back = reverse(f"inventory:{_name(side)}", args=[order_id])
    answer = order_moves.move(request, side, order_id, verb, back)
    return _detail(request, side, order_id, verb, answer) if isinstance(answer, DomainError) else answer


def _delete(request: Request, side: Side, order_id: int) -> HttpResponse:
    drafts.delete(side=side, order_id=order_id, actor=request.member)
    return HttpResponseRedirect(reverse(f"inventory:{_name(side)}s"))


def _name(side: Side) -> str:
    return "sales-order" if side.sells else "purchase-order"


# -- Each side has its gates -------------------------------------------------------------------------------------


@VIEW
@require_GET
def sales_list(request: Request) -> HttpResponseBase:
    return _list(request, SALES)


@VIEW
@require_GET
def purchase_list(request: Request) -> HttpResponseBase:
    return _list(request, PURCHASES)


@VIEW
@require_GET
def sales_order(request: Request, order_id: int) -> HttpResponse:
    return _detail(request, SALES, order_id)


@VIEW
@require_GET
def purchase_order(request: Request, order_id: int) -> HttpResponse:
    return _detail(request, PURCHASES, order_id)


@require_module("inventory", "inventory.sell")
@require_http_methods(["GET", "POST"])
def sales_edit(request: Request, order_id: int | None = None) -> HttpResponse:
    return order_entry.edit(request, SALES, order_id)


@require_module("inventory", "inventory.buy")
@require_http_methods(["GET", "POST"])
def purchase_edit(request: Request, order_id: int | None = None) -> HttpResponse:
    return order_entry.edit(request, PURCHASES, order_id)


@require_module("inventory", "inventory.sell")
@require_POST
def sales_verb(request: Request, order_id: int, verb: str) -> HttpResponse:
    return _delete(request, SALES, order_id) if verb == "delete" else _act(request, SALES, order_id, verb)


@require_module("inventory", "inventory.buy")
@require_POST
def purchase_verb(request: Request, order_id: int, verb: str) -> HttpResponse:
    return _delete(request, PURCHASES, order_id) if verb == "delete" else _act(request, PURCHASES, order_id, verb)


@require_module("inventory", "inventory.move")
@require_POST
def order_move(request: Request, kind: str, order_id: int, verb: str) -> HttpResponse:
    side = SALES if kind == "sales-orders" else PURCHASES
    return _move(request, side, order_id, verb)
