"""Corners of production on the pages of the floors below: an item's plan, and what is made for a sales order."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from apps.masterdata import public as masterdata
from apps.production import plan_links
from apps.production.selectors import panels
from apps.production.views.plan_pages import read, show
from kernel.clock import today
from kernel.errors import NotFound
from kernel.http.request import Request

PANEL = "production/_panel.html"


@read
@require_GET
def item_panel(request: Request, object_id: int) -> HttpResponse:
    """Open demands, work orders and planned orders of an item, on its card."""
    if object_id not in masterdata.get_items([object_id]):
        raise Http404
    return show(request, PANEL, {"corner": panels.of_item(object_id), "item_id": object_id})


@read
@require_GET
def home_panel(request: Request) -> HttpResponse:
    """在制工单 of the frame's home page."""
    return show(request, "production/_home.html", {"rows": panels.orders_in_hand(today())})


@read
@require_GET
def sales_order_panel(request: Request, object_id: int) -> HttpResponse:
    """The demands of a sales order and the work orders made for them, on its page."""
    try:
        number = plan_links.sales_number(object_id)
    except NotFound as error:
        raise Http404 from error
    return show(request, PANEL, {"corner": panels.of_sales_order(number)})
