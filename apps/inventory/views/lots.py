"""批次追溯: the list of lots, one lot with its trace, its state, its labels."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from apps.inventory.grid_form import day_of
from apps.inventory.models import Balance, Lot
from apps.inventory.printing.labels import SIZES
from apps.inventory.selectors import lots as selectors
from apps.inventory.selectors import trace
from apps.inventory.services import labels
from apps.inventory.services import lots as services
from apps.inventory.views import common
from kernel.clock import now, today
from kernel.errors import DomainError
from kernel.exports import Column, as_download
from kernel.http.gates import require_module
from kernel.http.request import Request
from kernel.paper import pdf_response

VIEW = require_module("inventory", "inventory.view")
STATES = {"hold": Lot.State.HELD, "release": Lot.State.FREE, "block": Lot.State.BLOCKED}
DEEPEST_SHOWN = 6
COLUMNS = (
    Column("item.code", gettext_lazy("物料编码")),
    Column("item.name", gettext_lazy("物料名称")),
    Column("code", gettext_lazy("批号")),
    Column("kind", gettext_lazy("种类"), value=lambda row: str(row.get_kind_display())),
    Column("state", gettext_lazy("状态"), value=lambda row: str(row.get_state_display())),
    Column("made_on", gettext_lazy("生产日期"), "date"),
    Column("expires_on", gettext_lazy("有效期至"), "date"),
    Column("on_hand", gettext_lazy("现存量"), "quantity"),
)


@VIEW
@require_GET
def lot_list(request: Request) -> HttpResponseBase:
    """All lots; those that expire first come first."""
    words = common.words_of(request)
    state = words.get("state") if words.get("state") in Lot.State.values else None
    wanted = selectors.LotFilter(
        state=state, search=words["search"], on_hand=words.get("all") != "1",
        expiring_before=day_of(words.get("expiring_before", "")),
    )  # fmt: skip
    context = {
        "wanted": words,
        "today": today(),
        "states": [("", _("全部"), None), *((value, label, None) for value, label in Lot.State.choices)],
    }
    return common.list_page(
        request, "inventory/lot/list.html", selectors.listed(wanted), columns=COLUMNS, name=_("批次"), context=context
    )


@VIEW
@require_GET
def lot(request: Request, lot_id: int) -> HttpResponse:
    """One lot: where it lies, what it came from, what became of it."""
    row = get_object_or_404(selectors.listed(selectors.LotFilter()), pk=lot_id)
    up = trace.trace(lot_id, direction="up")
    down = trace.trace(lot_id, direction="down")
    context = {
        "lot": row,
        "today": today(),
        "places": Balance.objects.filter(lot_id=lot_id, quantity__gt=0)
        .select_related("warehouse", "location")
        .order_by("warehouse__code_key", "location__code_key", "id"),
        "up": _tree(up),
        "down": _tree(down),
        "receipts": up.root.receipts,
        "shipments": down.root.shipments,
        "below": len(down.nodes) - 1,
        "can_hold": request.member.can("inventory.move"),
        "sizes": SIZES,
        "history": common.history("lot", lot_id),
    }
    return common.show(request, "inventory/lot/detail.html", context)


def _tree(found: trace.Trace) -> list[dict[str, Any]]:
    """Nodes without the root, with the class that indents them."""
    return [{"node": node, "css": f"inv-l{min(node.level, DEEPEST_SHOWN)}"} for node in found.nodes if node.level > 0]


@require_module("inventory", "inventory.move")
@require_POST
def lot_verb(request: Request, lot_id: int, verb: str) -> HttpResponse:
    """Hold, release or block a lot, perhaps with everything made from it."""
    back = reverse("inventory:lot", args=[lot_id])
    downstream = bool(request.POST.get("downstream"))
    return common.act(
        request, back,
        lambda: services.set_state(
            lot_id=lot_id, state=STATES[verb], actor=request.member, at=now(), downstream=downstream,
            note=request.POST.get("note", "")[:150],
        ),
        lambda changed: _("%(count)s 个批次已改为“%(state)s”") % {
            "count": len(changed), "state": STATES[verb].label,
        },
    )  # fmt: skip


@VIEW
@require_POST
def print_labels(request: Request) -> HttpResponse:
    """标签 as a PDF to print, or ZPL for a label printer."""
    posted = request.POST
    copies = posted.get("copies", "1")
    fmt = posted.get("format", "pdf")
    try:
        content, content_type = labels.print_labels(
            kind=posted.get("kind", ""), ids=posted.getlist("ids"), fmt=fmt, size=posted.get("size", "60x40"),
            copies=int(copies) if copies.isdigit() and 0 < len(copies) < 4 else 1, actor=request.member,
        )  # fmt: skip
    except DomainError as error:
        messages.error(request, error.message)
        return HttpResponseRedirect(_back(request))
    if fmt == "pdf":
        return pdf_response(content, "labels.pdf")
    return as_download(HttpResponse(content, content_type=content_type), "labels.zpl")  # type: ignore[return-value]


def _back(request: Request) -> str:
    return reverse("inventory:lots") if request.POST.get("kind") in ("lot", "serial") else reverse("inventory:stock")
