"""订单协同: board and list, one order with its turns, the supplier's link."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.supply.api.orders import COLUMNS
from apps.supply.domain.canonical import number
from apps.supply.domain.terms import CHANGED, Change
from apps.supply.models import Bond, SharedOrder
from apps.supply.selectors import looks
from apps.supply.selectors.chains import as_versions, copied
from apps.supply.selectors.guest_tokens import page_address, tokens
from apps.supply.selectors.maps import suggested
from apps.supply.selectors.orders import OrderView, filtered, orders, ours_to_answer, view_of
from apps.supply.services import guest_links, mapping, negotiating
from apps.supply.services.projecting import buyer_of
from apps.supply.services.refusals import refusal
from apps.supply.views import common
from kernel.api.lists import CHUNK
from kernel.clock import now, today
from kernel.errors import DomainError
from kernel.exports import export_response
from kernel.http.gates import require_right
from kernel.http.request import Request, wants_fragment

BOARD = ("me", "them", "late", "agreed", "closed")


@require_right("supply.view")
@require_GET
def order_list(request: Request) -> HttpResponseBase:
    wanted = request.GET.get("show", "")
    asked = {name: str(request.GET.get(name, "")) for name in ("role", "partner", "q")}
    base = filtered(asked)
    rows = base.filter(_column(wanted, today())) if wanted in BOARD else base
    if request.GET.get("format") in ("xlsx", "csv"):
        looks.note_export(rows, via="page")
        return export_response(_("订单协同"), COLUMNS, rows.iterator(chunk_size=CHUNK), request.GET["format"])
    labels = {"": _("全部"), "me": _("待我方"), "them": _("待对方"), "late": _("已逾期"), "agreed": _("已确认"),
              "closed": _("已结束")}  # fmt: skip
    states = [(key, label, base.filter(_column(key, today())).count()) for key, label in labels.items()]
    query = request.GET.copy()
    query["format"] = "xlsx"
    context = {
        "page": common.page_of(request, rows), "states": states, "wanted": wanted, "q": asked["q"], "today": today(),
        "export_url": f"{request.path}?{query.urlencode()}", "may_send": request.member.can("supply.send"),
    }  # fmt: skip
    part = "#answer" if wants_fragment(request) else ""
    return render(request, f"supply/order/list.html{part}", context)


def _column(key: str, on: date) -> Q:
    live = ~Q(state__in=("refused", "cancelled"))
    return {
        "me": ours_to_answer(),
        "them": ~Q(waiting_for="") & ~ours_to_answer(),
        "late": live & Q(due_on__lt=on) & ~Q(progress="received"),
        "agreed": Q(state="agreed"),
        "closed": ~live,
    }.get(key, Q())


def _find(order_id: UUID) -> SharedOrder:
    row = orders().filter(pk=order_id).first()
    if row is None:
        raise refusal("not_found")
    return row


@require_right("supply.view")
@require_GET
def order_detail(request: Request, order_id: UUID) -> HttpResponse:
    row = _find(order_id)
    looks.note(row.link, row.pk, row.seq, via="page")
    return _show(request, row, mode=request.GET.get("mode", ""))


def _show(request: Request, row: SharedOrder, *, status: int = 200, **more: Any) -> HttpResponse:
    view = view_of(row)
    answering = view.order.waiting_for == row.role
    open_here = view.order.closed is None and Bond.objects.get(pk=row.link_id).state == "active"
    proposes = view.order.open is not None and view.order.open.by == row.role
    context = {
        "view": view, "row": row, "lines": _lines(view, request.POST), "word": dict(common.STATES)[view.order.state],
        "turns": _turns(row), "answering": answering and open_here, "open_here": open_here, "proposes": proposes,
        "asked": view.order.open, "may_answer": request.member.can("supply.answer"),
        "may_ship": row.role == "seller" and view.order.agreed is not None and request.member.can("supply.ship"),
        "total": _terms(view).total(price_includes_tax=view.includes_tax),
        "tokens": tokens({"chain": str(row.pk)}, now()) if row.link.is_guest else [],
        "mode": "", "typed": {}, **more,
    }  # fmt: skip
    return render(request, "supply/order/detail.html", context, status=status)


def _terms(view: OrderView) -> Any:
    asked = view.order.open
    return asked.terms if asked is not None and asked.terms is not None else view.order.terms


def _lines(view: OrderView, typed: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """The lines on the table; `typed` stands in their boxes when it was refused."""
    posted, mine = typed or {}, "requested_date" if view.row.role == "buyer" else "promised_date"
    before = view.order.agreed.terms.by_number() if view.order.agreed else {}
    hints = _hints(view)
    return [
        {
            "line": line,
            "hints": hints.get(line.line, ()),
            "info": view.item_of(line),
            "own": view.items.get(line.line),
            "own_quantity": view.own_quantity(line),
            "before": before.get(line.line),
            "done": view.moved.get(line.line),
            "quantity": posted.get(f"quantity-{line.line}", number(line.quantity)),
            "price": posted.get(f"price-{line.line}", number(line.unit_price)),
            "day": posted.get(f"date-{line.line}", _iso(getattr(line, mine) or line.requested_date)),
            "item": posted.get(f"item-{line.line}", ""),
            "factor": posted.get(f"factor-{line.line}", "1"),
            "as_text": posted.get(f"text-{line.line}") == "1",
        }
        for line in _terms(view).lines
    ]


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _hints(view: OrderView) -> dict[int, list[str]]:
    """Own items that a seller's unmapped lines may mean."""
    if view.row.role != "seller":
        return {}
    settled = {number for number, own in view.items.items() if own.is_settled}
    return suggested(view.row.link_id, [line for line in _terms(view).lines if line.line not in settled])


def _turns(row: SharedOrder) -> list[dict[str, Any]]:
    """The timeline of versions, newest first."""
    versions = as_versions(copied(row.link_id, row.pk), buyer_of(row.link))
    names = {
        "order": _("发出订单"), "order_change": _("提议变更"), "order_cancel": _("要求取消"),
        "AP": _("同意"), "CA": _("提议修改"), "RE": _("拒绝"),
    }  # fmt: skip
    return [
        {
            "seq": one.seq,
            "who": _("采购方") if one.by == "buyer" else _("供应方"),
            "what": _("撤回提议") if one.payload.get("withdraw") else names.get(one.payload.get("code", one.kind), ""),
            "at": one.sent_at,
            "reason": one.payload.get("reason", ""),
        }
        for one in reversed(versions)
    ]


@require_right("supply.view", write="supply.answer")
@require_POST
def order_act(request: Request, order_id: UUID) -> HttpResponse:
    row = _find(order_id)
    if row.role == "buyer":
        common.pay(request)
    act = request.POST.get("act", "")
    try:
        _do(request, row, act)
    except DomainError as error:
        mode = {"counter": "edit", "change": "edit", "refuse": "refuse", "cancel": "cancel"}.get(act, "")
        return _show(request, _find(order_id), status=422, error=error, mode=mode, typed=request.POST)
    return redirect("supply:order", order_id)


def _do(request: Request, row: SharedOrder, act: str) -> None:
    seen, reason, doing = common.seen(request.POST), common.words(request.POST, "reason"), common.act_of(request)
    if act in ("accept", "refuse"):
        code = "AP" if act == "accept" else "RE"
        negotiating.respond(order_id=row.pk, seen=seen, code=code, changes=[], reason=reason, act=doing)
    elif act == "counter":
        changes = _changes(request, row)
        negotiating.respond(order_id=row.pk, seen=seen, code="CA", changes=changes, reason=reason, act=doing)
    elif act == "change":
        negotiating.change(order_id=row.pk, seen=seen, changes=_changes(request, row), reason=reason, act=doing)
    elif act == "withdraw":
        negotiating.withdraw(order_id=row.pk, seen=seen, act=doing)
    elif act == "cancel":
        negotiating.cancel(order_id=row.pk, seen=seen, reason=reason, act=doing)
    elif act == "map":
        mapping.map_lines(order_id=row.pk, lines=_maps(request, row), actor=request.member, at=doing.at)
    else:
        raise refusal("invalid")


def _changes(request: Request, row: SharedOrder) -> list[Change]:
    """What was typed over, line by line; only what differs is said."""
    found = []
    for one in _lines(view_of(row)):
        line, posted = one["line"], request.POST
        quantity: Decimal | None = common.figure(posted, f"quantity-{line.line}", 4)
        price = common.figure(posted, f"price-{line.line}", 6)
        wished = common.day(posted, f"date-{line.line}")
        shown = line.requested_date if row.role == "buyer" else line.promised_date or line.requested_date
        changed: dict[str, Any] = {
            "quantity": quantity if quantity is not None and quantity != line.quantity else None,
            "unit_price": price if price is not None and price != line.unit_price else None,
            "requested_date" if row.role == "buyer" else "promised_date": wished if wished != shown else None,
        }
        if any(value is not None for value in changed.values()):
            found.append(Change(line=line.line, action=CHANGED, **changed))
    if not found:
        raise refusal("invalid", field="lines")
    return found


def _maps(request: Request, row: SharedOrder) -> list[mapping.LineMap]:
    posted = request.POST
    found = []
    for one in _lines(view_of(row)):
        place = one["line"].line
        code = common.words(posted, f"item-{place}", 64)
        as_text = posted.get(f"text-{place}") == "1"
        if code or as_text:
            factor = common.words(posted, f"factor-{place}", 40) or "1"
            item = None if as_text and not code else code
            found.append(mapping.LineMap(line=place, item=item, factor=factor, remember=item is not None))
    if not found:
        raise refusal("unmapped_lines")
    return found


@require_right("supply.view", write="supply.send")
@require_POST
def guest_link(request: Request, order_id: UUID) -> HttpResponse:
    """生成链接, or a new one in place of the live ones; the address is shown this once."""
    row = _find(order_id)
    common.pay(request)
    check = request.POST.get("check", "")
    check = check if check in ("code", "none") else ""
    try:
        for old in tokens({"chain": str(row.pk), "state": "live"}, now()):
            guest_links.revoke_guest_link(token_id=old.row.pk, actor=request.member)
        _made, token = guest_links.create_guest_link(
            link_id=row.link_id, chain=row.pk, verbs=(), check=check, expires_at=None,
            actor=request.member,
        )  # fmt: skip
    except DomainError as error:
        return _show(request, row, status=422, error=error)
    address = page_address(token)
    if wants_fragment(request):
        return render(request, "supply/order/_link.html", {"row": row, "address": address, "tokens": [True]})
    return _show(request, row, address=address)
