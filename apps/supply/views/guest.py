"""免登录供应商的页面: one page a document; works without script; GET shows and changes nothing."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import wraps
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.supply.domain.canonical import number
from apps.supply.domain.despatch import Ledger
from apps.supply.domain.despatching import ShipWish
from apps.supply.domain.terms import CHANGED, Change
from apps.supply.guests import acts, pins
from apps.supply.guests.acts import Hand
from apps.supply.guests.desk import GuestOrder, LinkEnded, Token, deliveries, note_look, open_desk, order_of, orders
from apps.supply.services.despatches import DespatchWish
from kernel.clock import now
from kernel.errors import DomainError, Invalid
from tenants.middleware import client_ip

View = Callable[..., HttpResponse]


def guest_page(view: View) -> View:
    """Headers of a page behind a token: never kept, never indexed, its address told to nobody."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except LinkEnded as error:
            response = render(request, "supply/guest/ended.html", {"error": error}, status=404)
        response["Cache-Control"], response["Referrer-Policy"] = "no-store", "no-referrer"
        response["X-Robots-Tag"] = "noindex"
        return response

    return guarded


@guest_page
@require_http_methods(["GET", "HEAD", "POST"])
def desk_page(request: HttpRequest, token: str) -> HttpResponse:
    """The one document of the link, or the list of a desk with several."""
    with open_desk(token, now()) as desk:
        found = orders(desk)
        chain = desk.token.chain or (found[0].chain if len(found) == 1 else None)
        if chain is None:
            rows = [{"one": one, "word": state_word(one)} for one in found]
            return render(request, "supply/guest/desk.html", {"desk": desk, "rows": rows, "token": token})
    return _order(request, token, chain)


@guest_page
@require_http_methods(["GET", "HEAD", "POST"])
def order_page(request: HttpRequest, token: str, order_id: UUID) -> HttpResponse:
    return _order(request, token, order_id)


def _order(request: HttpRequest, token: str, chain: UUID) -> HttpResponse:
    if request.method == "POST":
        return _act(request, token, chain)
    mode = next((name for name in ("edit", "refuse", "ship") if name in request.GET), "")
    return _show(request, token, chain, mode=mode)


def _show(
    request: HttpRequest, token: str, chain: UUID, *, mode: str = "", error: DomainError | None = None, note: str = ""
) -> HttpResponse:
    with open_desk(token, now()) as desk:
        one = order_of(desk, chain)
        note_look(desk, chain, one.order.seq, via="page")
        asked = one.order.open
        shipped = [row for row in deliveries(desk).values() if any(line.order == str(chain) for line in row.lines)]
        context = {
            "desk": desk, "one": one, "token": token, "mode": mode, "error": error, "note": note or _said(request),
            "word": state_word(one), "lines": _lines(one, request.POST), "typed": request.POST, "shipped": shipped,
            "total": _total(one), "asked": asked, "until": localtime(one.until).date(),
            "may_answer": _may_answer(one, desk.side) and "respond" in desk.token.verbs,
            "may_ship": one.order.agreed is not None and not one.order.closed and "despatch" in desk.token.verbs,
            "needs_code": desk.token.check == "code" and not _holds(request, desk.token),
        }  # fmt: skip
        return render(request, "supply/guest/order.html", context, status=_status(error))


def _status(error: DomainError | None) -> int:
    if error is None:
        return 200
    return error.http_status if error.http_status in (403, 429) else 422


def _said(request: HttpRequest) -> str:
    return {"done": _("已提交，采购方会收到您的答复。"), "sent": _("校验码已发送，请查收邮件。")}.get(
        request.GET.get("said", ""), ""
    )


def _may_answer(one: GuestOrder, side: str) -> bool:
    return one.order.open is not None and not one.order.closed and one.order.open.by != side


def _holds(request: HttpRequest, token: Token) -> bool:
    return pins.cookie_holds(token, request.COOKIES.get(pins.cookie_name(token), ""))


def state_word(one: GuestOrder) -> str:
    """The state in the words of the trade."""
    words = {
        "sent": "待确认", "countered": "已还价", "agreed": "已确认", "changing": "变更中", "cancelling": "取消中",
        "refused": "已拒绝", "cancelled": "已取消",
    }  # fmt: skip
    return words[one.order.state]


def _lines(one: GuestOrder, typed: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """The lines on the table: what waits for an answer, else what is agreed; beside each what was agreed before.

    `typed` stands in the boxes when it was refused.
    """
    posted = typed or {}
    asked = one.order.open
    terms = asked.terms if asked is not None and asked.terms is not None else one.order.terms
    before = one.order.agreed.terms.by_number() if one.order.agreed else {}
    return [
        {
            "line": line,
            "before": before.get(line.line),
            "done": one.moved.get(line.line),
            "quantity": posted.get(f"quantity-{line.line}", number(line.quantity)),
            "price": posted.get(f"price-{line.line}", number(line.unit_price)),
            "promised": posted.get(f"promised-{line.line}", _iso(line.promised_date or line.requested_date)),
            "left": posted.get(f"ship-{line.line}", _left(one, line)),
        }
        for line in terms.lines
    ]


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _left(one: GuestOrder, line: Any) -> str:
    return number(max(Decimal(0), line.quantity - one.moved.get(line.line, Ledger()).despatched))


def _total(one: GuestOrder) -> Decimal:
    asked = one.order.open
    terms = asked.terms if asked is not None and asked.terms is not None else one.order.terms
    return terms.total(price_includes_tax=one.order.header.price_includes_tax if one.order.header else True)


# -- Acts --------------------------------------------------------------------------------------------------------


def _act(request: HttpRequest, token: str, chain: UUID) -> HttpResponse:
    act = request.POST.get("act", "")
    try:
        if act == "code":
            return _send_code(request, token)
        known = _hand(request, token)
        _do(request, token, chain, act, known[1])
    except LinkEnded:
        raise
    except DomainError as error:
        mode = {"counter": "edit", "refuse": "refuse", "ship": "ship"}.get(act, "")
        return _show(request, token, chain, mode=mode, error=error)
    response = redirect(f"{request.path}?said=done")
    pins.remember(response, known[0])
    return response


def _send_code(request: HttpRequest, token: str) -> HttpResponse:
    with open_desk(token, now()) as desk:
        address, _shown, pin = pins.new_code(desk)
    pins.mail_code(address, pin)
    return redirect(f"{request.path}?said=sent")


def _hand(request: HttpRequest, token: str) -> tuple[Token, Hand]:
    with open_desk(token, now()) as desk:
        known, target = desk.token, pins.target_of(desk)
    pins.check_code(known, request.POST.get("pin", ""), request.COOKIES.get(pins.cookie_name(known), ""))
    hand = Hand(
        check=known.check, target=target, address=client_ip(request),
        agent=request.headers.get("User-Agent", ""), idem="",
    )  # fmt: skip
    return known, hand


def _do(request: HttpRequest, token: str, chain: UUID, act: str, hand: Hand) -> None:
    posted = request.POST
    seen = int(posted["version"]) if posted.get("version", "").isdigit() and len(posted["version"]) < 7 else 0
    reason = posted.get("reason", "").replace("\x00", "")[:500]
    with open_desk(token, now()) as desk:
        if act == "ship":
            one = order_of(desk, chain)
            acts.despatch(desk, wish=_ship_wish(posted, one), hand=hand)
        elif act == "counter":
            one = order_of(desk, chain)
            changes = _changes(posted, one)
            acts.respond(desk, chain, seen=seen, code="CA", changes=changes, reason=reason, hand=hand)
        elif act in ("accept", "refuse"):
            code = "AP" if act == "accept" else "RE"
            acts.respond(desk, chain, seen=seen, code=code, changes=[], reason=reason, hand=hand)
        else:
            raise Invalid(_("提交的内容不完整或格式不对。"))


def _changes(posted: Mapping[str, str], one: GuestOrder) -> list[Change]:
    """What was typed over, line by line; only what differs is said."""
    found = []
    for row in _lines(one):
        line = row["line"]
        quantity = _figure(posted.get(f"quantity-{line.line}", ""), 4)
        price = _figure(posted.get(f"price-{line.line}", ""), 6)
        promised = _day(posted.get(f"promised-{line.line}", ""))
        changed: dict[str, Any] = {
            "quantity": quantity if quantity is not None and quantity != line.quantity else None,
            "unit_price": price if price is not None and price != line.unit_price else None,
            "promised_date": promised if promised != (line.promised_date or line.requested_date) else None,
        }
        if any(value is not None for value in changed.values()):
            found.append(Change(line=line.line, action=CHANGED, **changed))
    if not found:
        raise Invalid(_("请至少修改一项数量、单价或交期。"))
    return found


def _figure(text: str, places: int) -> Decimal | None:
    text = text.strip()
    if not text:
        return None
    with suppress(InvalidOperation):
        value = Decimal(text)
        if value.is_finite() and 0 <= value < 10**12 and -int(value.as_tuple().exponent) <= places:
            return value
    raise Invalid(_("数字格式不对：%(text)s") % {"text": text[:20]})


def _day(text: str) -> Any:
    field = forms.DateField(required=False, input_formats=["%Y-%m-%d"])
    try:
        return field.clean(text.strip())
    except forms.ValidationError as error:
        raise Invalid(_("日期格式不对，请写成 2026-07-10 的样子。")) from error


def _ship_wish(posted: Mapping[str, str], one: GuestOrder) -> DespatchWish:
    lines = []
    for row in _lines(one):
        quantity = _figure(posted.get(f"ship-{row['line'].line}", ""), 4)
        if quantity:
            lines.append(ShipWish(order=str(one.chain), line=row["line"].line, quantity=quantity))
    if not lines:
        raise Invalid(_("请至少填写一行的发货数量。"))
    return DespatchWish(
        partner="", ship_date=localtime(now()).date(), eta=_day(posted.get("eta", "")), lines=lines,
        carrier=posted.get("carrier", "").replace("\x00", "")[:100],
        tracking=posted.get("tracking", "").replace("\x00", "")[:100],
    )  # fmt: skip
