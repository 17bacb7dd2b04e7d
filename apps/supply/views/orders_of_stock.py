"""What supply shows inside inventory: how far a purchase order has come with its supplier, and the way to send it."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from apps.supply import links
from apps.supply.links import Purchase
from apps.supply.services import purchases
from apps.supply.services.refusals import refusal
from apps.supply.views import common
from kernel.errors import DomainError
from kernel.http.gates import require_module
from kernel.http.request import Request


@require_module("supply", "supply.view")
@require_GET
def purchase_panel(request: Request, purchase_id: int) -> HttpResponse:
    return _show(request, purchase_id)


def _show(request: Request, purchase_id: int, error: DomainError | None = None) -> HttpResponse:
    found = _find(purchase_id)
    row = purchases.sent_as(found.number)
    sends = row is None and not found.is_over and request.member.can("supply.send")
    context = {
        "row": row, "purchase_id": purchase_id, "error": error,
        "word": dict(common.STATES).get(row.state, "") if row else "",
        "may_send": sends and purchases.link_of(found.partner) is not None,
    }  # fmt: skip
    return render(request, "supply/order/_purchase.html", context, status=422 if error else 200)


def _find(purchase_id: int) -> Purchase:
    found = links.purchase_order(purchase_id)
    if found is None:
        raise refusal("not_found")
    return found


@require_module("supply", "supply.send")
@require_POST
def purchase_send(request: Request, purchase_id: int) -> HttpResponse:
    """发给供应商: the purchase order goes out as it stands."""
    found = _find(purchase_id)
    try:
        row = purchases.send_purchase(number=found.number, partner=found.partner, act=common.act_of(request))
    except DomainError as error:
        return _show(request, purchase_id, error)
    return redirect("supply:order", row.pk)
