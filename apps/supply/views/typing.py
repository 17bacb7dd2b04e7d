"""Pages where something new is typed: an order, a delivery."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.supply.domain.canonical import number
from apps.supply.domain.despatch import Ledger
from apps.supply.domain.despatching import ShipWish
from apps.supply.selectors.links import partners_with
from apps.supply.selectors.orders import orders, view_of
from apps.supply.services.despatches import DespatchWish, create_despatch
from apps.supply.services.orders import LineWish, OrderWish, create_order
from apps.supply.services.packing import ParcelWish
from apps.supply.services.refusals import refusal
from apps.supply.views import common
from kernel.clock import today
from kernel.errors import DomainError, Invalid
from kernel.http.gates import require_module, require_right
from kernel.http.request import Request

LINES = 12


@require_module("supply", "supply.send")
@require_http_methods(["GET", "POST"])
def order_new(request: Request) -> HttpResponse:
    error: DomainError | None = None
    if request.method == "POST":
        try:
            row = create_order(wish=_wish(request), act=common.act_of(request))
        except DomainError as refused:
            error = refused
        else:
            return redirect("supply:order", row.pk)
    places = [{"no": place, **_typed(request, place)} for place in range(1, LINES + 1)]
    context = {
        "error": error, "places": places, "typed": request.POST, "partners": partners_with("buyer"),
    }  # fmt: skip
    return render(request, "supply/order/new.html", context, status=422 if error else 200)


def _typed(request: Request, place: int) -> dict[str, str]:
    names = ("item", "quantity", "unit", "price", "date", "note")
    return {name: request.POST.get(f"{name}-{place}", "") for name in names}


def _wish(request: Request) -> OrderWish:
    posted = request.POST
    lines = []
    for place in range(1, LINES + 1):
        item = common.words(posted, f"item-{place}", 64)
        if not item:
            continue
        quantity, price = common.figure(posted, f"quantity-{place}", 4), common.figure(posted, f"price-{place}", 6)
        if not quantity or price is None:
            raise Invalid(_("第 %(no)s 行要填数量和单价。") % {"no": place})
        lines.append(
            LineWish(
                item=item, quantity=quantity, unit=common.words(posted, f"unit-{place}", 64), unit_price=price,
                requested_date=common.day(posted, f"date-{place}"), note=common.words(posted, f"note-{place}"),
            )
        )  # fmt: skip
    if not lines:
        raise Invalid(_("请至少填写一行物料。"))
    return OrderWish(
        partner=common.words(posted, "partner", 64), lines=lines, number=common.words(posted, "number", 64),
        payment_terms=common.words(posted, "payment_terms", 100), note=common.words(posted, "note", 2000),
        internal_note=common.words(posted, "internal_note", 2000),
    )  # fmt: skip


@require_right("supply.view", write="supply.ship")
@require_http_methods(["GET", "POST"])
def ship(request: Request, order_id: UUID) -> HttpResponse:
    row = orders().filter(pk=order_id).first()
    if row is None:
        raise refusal("not_found")
    view = view_of(row)
    if view.order.agreed is None:
        raise refusal("not_agreed")
    error: DomainError | None = None
    if request.method == "POST":
        try:
            made = create_despatch(wish=_ship_wish(request, view), act=common.act_of(request))
        except DomainError as refused:
            error = refused
        else:
            return redirect("supply:delivery", made.pk)
    context = {"row": row, "lines": _left(request, view), "error": error, "typed": request.POST, "today": today()}
    return render(request, "supply/delivery/new.html", context, status=422 if error else 200)


def _left(request: Request, view: Any) -> list[dict[str, Any]]:
    found = []
    for line in view.order.agreed.terms.lines if view.order.agreed else ():
        left = max(line.quantity - view.moved.get(line.line, Ledger()).despatched, 0 * line.quantity)
        typed = request.POST.get(f"ship-{line.line}")
        shown = number(left) if typed is None else typed
        found.append(
            {"line": line, "left": number(left), "typed": shown, "lot": request.POST.get(f"lot-{line.line}", "")}
        )
    return found


def _ship_wish(request: Request, view: Any) -> DespatchWish:
    posted = request.POST
    packages = [ParcelWish(no=str(no)) for no in range(1, _count(posted) + 1)]
    first = packages[0].no if packages else ""
    lines = []
    for one in _left(request, view):
        place = one["line"].line
        quantity = common.figure(posted, f"ship-{place}", 4)
        if quantity:
            lot = common.words(posted, f"lot-{place}", 60)
            order = str(view.row.pk)
            lines.append(ShipWish(order=order, line=place, quantity=quantity, lot=lot, package=first))
    if not lines:
        raise Invalid(_("请至少填写一行的发货数量。"))
    return DespatchWish(
        partner=view.row.link.partner.code, ship_date=common.day(posted, "ship_date") or today(),
        eta=common.day(posted, "eta"), carrier=common.words(posted, "carrier", 100),
        tracking=common.words(posted, "tracking", 100), lines=lines, packages=packages,
    )  # fmt: skip


def _count(posted: Any) -> int:
    text = common.words(posted, "packages", 3)
    if text and not text.isdigit():
        raise Invalid(_("数字格式不对：%(text)s") % {"text": text})
    return min(int(text or 0), 200)
