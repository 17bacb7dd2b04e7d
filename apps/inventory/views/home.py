"""快仓库: the board, and what inventory shows on the home page and in the search of the frame."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from apps.inventory.models import Lot, StockDocument
from apps.inventory.selectors import board as selectors
from apps.inventory.services.orders.sides import PURCHASES, SALES
from apps.inventory.views import common
from kernel.clock import today
from kernel.http.gates import require_module
from kernel.http.request import Request
from tenants.rights import Member

HITS = 8


@require_module("inventory", "inventory.view")
@require_GET
def board(request: Request) -> HttpResponse:
    """What needs a hand today."""
    day = today()
    context = {
        "figures": selectors.figures(day),
        "to_ship": selectors.to_ship()[: selectors.MOST],
        "to_receive": selectors.to_receive()[: selectors.MOST],
        "short": selectors.short()[: selectors.MOST],
        "expiring": selectors.expiring(day)[: selectors.MOST],
        "today": day,
        "costs": request.member.can("inventory.view_cost"),
    }
    return common.show(request, "inventory/home.html", context)


def value_tile(member: Member) -> dict[str, Any] | None:
    """库存金额 of the home page."""
    value = selectors.figures(today()).value
    return {"label": _("库存金额"), "url": reverse("inventory:valuation"), "unit": "¥", "value": f"{value:,.0f}"}


def late_tile(member: Member) -> dict[str, Any] | None:
    """逾期未交 of the home page: sales orders past their day."""
    count = selectors.figures(today()).late_to_ship
    url = f"{reverse('inventory:sales-orders')}?late=1"
    return {"label": _("逾期未交订单"), "url": url, "unit": "", "value": str(count), "trend": "warn" if count else "",
            "of": _("张"), "note": "" if count else _("全部按期")}  # fmt: skip


def short_tile(member: Member) -> dict[str, Any] | None:
    """缺货物料 of the home page: what is at or below its reorder point."""
    count = selectors.figures(today()).short
    url = f"{reverse('inventory:board')}#short-h"
    return {"label": _("缺货物料"), "url": url, "unit": "", "value": str(count), "trend": "warn" if count else "",
            "of": _("种物料") if count else "", "note": "" if count else _("库存充足")}  # fmt: skip


def ship_task(member: Member) -> dict[str, Any] | None:
    """待发货 of the home page."""
    figures = selectors.figures(today())
    count, late = figures.to_ship, figures.late_to_ship
    if not count:
        return None
    text = _("%(count)s 张销售订单待发货") % {"count": count}
    return _task(text, f"{reverse('inventory:sales-orders')}?open=1", "truck-delivery", late)


def receive_task(member: Member) -> dict[str, Any] | None:
    """待收货 of the home page."""
    figures = selectors.figures(today())
    count, late = figures.to_receive, figures.late_to_receive
    if not count:
        return None
    text = _("%(count)s 张采购订单待收货") % {"count": count}
    return _task(text, f"{reverse('inventory:purchase-orders')}?open=1", "box", late)


def _task(text: str, url: str, icon: str, late: int) -> dict[str, Any]:
    if late:
        text = f"{text}{_('，%(count)s 张已过交期') % {'count': late}}"
    return {"text": text, "module": _("进销存"), "url": url, "icon": icon, "tone": "red" if late else "blue"}


def opening_step(member: Member) -> dict[str, Any] | None:
    """A first step: stock on hand is entered."""
    done = bool(selectors.figures(today()).posted)
    return {"text": _("录入或导入期初库存"), "url": "/imports/inventory.receipts/", "done": done}


def search(text: str, member: Member) -> list[dict[str, str]]:
    """Orders, documents and lots for Ctrl+K by number."""
    wanted = text.strip()
    if len(wanted) < 2 or not member.can("inventory.view"):
        return []
    found = []
    for side, name, words in ((SALES, "sales-order", _("销售订单")), (PURCHASES, "purchase-order", _("采购订单"))):
        rows = side.order.objects.filter(number__icontains=wanted).select_related("partner").order_by("-id")
        found += [
            _hit(row.number, f"{words} {row.partner.name}", reverse(f"inventory:{name}", args=[row.pk]))
            for row in rows[:3]
        ]
    documents = StockDocument.objects.filter(number__icontains=wanted).order_by("-id")
    found += [
        _hit(row.number, str(row.get_kind_display()), reverse("inventory:document", args=[row.pk]))
        for row in documents[:3]
    ]
    lots = Lot.objects.filter(code__icontains=wanted).select_related("item").order_by("-id")
    found += [_hit(row.code, row.item.name, reverse("inventory:lot", args=[row.pk])) for row in lots[:3]]
    return found[:HITS]


def _hit(label: str, detail: str, url: str) -> dict[str, str]:
    return {"label": label, "detail": detail, "url": url, "icon": "box"}
