"""送货: what was despatched to us or by us, labels, and receiving at the gate."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.supply import links
from apps.supply.api.deliveries import COLUMNS
from apps.supply.domain.canonical import number
from apps.supply.domain.despatching import GotWish
from apps.supply.printing.labels import label_pdf
from apps.supply.selectors import looks
from apps.supply.selectors.deliveries import DespatchView, despatch_views, despatches, package_called, receipts
from apps.supply.services import despatches as shipping
from apps.supply.services import receipts as receiving
from apps.supply.services.refusals import refusal
from apps.supply.views import common
from kernel.api.lists import CHUNK
from kernel.clock import today
from kernel.errors import DomainError
from kernel.exports import export_response
from kernel.http.gates import require_right
from kernel.http.request import Request, wants_fragment


@require_right("supply.view")
@require_GET
def delivery_list(request: Request) -> HttpResponseBase:
    """The list; a scanned label in the search box opens its delivery."""
    text, wanted = request.GET.get("q", ""), request.GET.get("state", "")
    package = package_called(text[:200]) if text.strip() and not wants_fragment(request) else None
    if package is not None:
        return redirect("supply:delivery", package.despatch_id)
    base = despatches({"q": text})
    rows = base.filter(state=wanted) if wanted else base
    if request.GET.get("format") in ("xlsx", "csv"):
        return export_response(_("送货"), COLUMNS, rows.iterator(chunk_size=CHUNK), request.GET["format"])
    labels = {"": _("全部"), "sent": _("已发货"), "part_received": _("部分收货"), "received": _("已收货")}
    states = [(key, word, base.filter(state=key).count() if key else base.count()) for key, word in labels.items()]
    query = request.GET.copy()
    query["format"] = "xlsx"
    context = {
        "page": common.page_of(request, rows), "states": states, "wanted": wanted, "q": text,
        "export_url": f"{request.path}?{query.urlencode()}",
    }  # fmt: skip
    part = "#answer" if wants_fragment(request) else ""
    return render(request, f"supply/delivery/list.html{part}", context)


def _find(despatch_id: UUID) -> DespatchView:
    views = despatch_views(despatches().filter(pk=despatch_id))
    if not views:
        raise refusal("not_found")
    return views[0]


@require_right("supply.view")
@require_GET
def delivery_detail(request: Request, despatch_id: UUID) -> HttpResponse:
    view = _find(despatch_id)
    looks.note(view.row.link, view.row.pk, view.row.seq, via="page")
    return _show(request, view)


def _scan_url(request: Request, view: DespatchView) -> str:
    """The scan page, where the goods of this delivery go into stock."""
    bought = {line.order.purchase_order for line, _came in view.lines}
    if view.row.role != "buyer" or len(bought) != 1 or not request.member.can("inventory.move"):
        return ""
    return links.scan_address(bought.pop())


def _show(request: Request, view: DespatchView, *, status: int = 200, **more: Any) -> HttpResponse:
    """The delivery; what was typed and refused stands in its boxes again."""
    posted = request.POST if request.POST.get("act") == "receive" else {}
    lines = [
        {
            "line": line, "came": came,
            "bad": posted.get(f"bad-{line.pk}", ""), "why": posted.get(f"why-{line.pk}", ""),
            "left": posted.get(f"got-{line.pk}", number(max(line.quantity - came.received, 0 * line.quantity))),
        }
        for line, came in view.lines
    ]  # fmt: skip
    context = {
        "view": view, "row": view.row, "lines": lines,
        "receipts": receipts({"despatch": str(view.row.pk)}),
        "received_on": posted.get("received_on", today().isoformat()),
        "complete": not posted or posted.get("complete") == "1",
        "may_receive": view.may_receive and request.member.can("supply.receive"),
        "may_cancel": view.may_cancel and request.member.can("supply.ship"), "scan_url": _scan_url(request, view),
        **more,
    }  # fmt: skip
    return render(request, "supply/delivery/detail.html", context, status=status)


@require_right("supply.view")
@require_GET
def labels(request: Request, despatch_id: UUID) -> HttpResponse:
    view = _find(despatch_id)
    looks.note(view.row.link, view.row.pk, view.row.seq, via="page", what="download")
    response = HttpResponse(label_pdf(view), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="labels-{view.row.number}.pdf"'
    return response


@require_right("supply.view")
@require_POST
def delivery_act(request: Request, despatch_id: UUID) -> HttpResponse:
    view = _find(despatch_id)
    act = request.POST.get("act", "")
    try:
        if act == "receive":
            _receive(request, view)
        elif act == "reverse":
            _reverse(request)
        elif act == "cancel":
            common.need(request, "ship")
            shipping.cancel_despatch(
                despatch_id=despatch_id, seen=common.seen(request.POST), act=common.act_of(request)
            )  # fmt: skip
        else:
            raise refusal("invalid")
    except DomainError as error:
        if error.http_status in (402, 403):
            raise
        return _show(request, _find(despatch_id), status=422, error=error)
    return redirect("supply:delivery", despatch_id)


def _receive(request: Request, view: DespatchView) -> None:
    common.need(request, "receive")
    common.pay(request)
    posted = request.POST
    lines: dict[tuple[str, int], GotWish] = {}
    for line, _came in view.lines:
        key = (str(line.order_id), line.line)
        got = common.figure(posted, f"got-{line.pk}", 4)
        if got is None:
            continue
        bad = common.figure(posted, f"bad-{line.pk}", 4) or 0 * got
        before = lines.get(key)
        lines[key] = GotWish(
            order=key[0], line=key[1], received=got + (before.received if before else 0),
            rejected=bad + (before.rejected if before else 0),
            reason=common.words(posted, f"why-{line.pk}", 200) or (before.reason if before else ""),
        )  # fmt: skip
    wish = receiving.ReceiptWish(
        despatch=view.row.pk, seen=common.seen(posted), received_on=common.day(posted, "received_on") or today(),
        complete=posted.get("complete") == "1", lines=list(lines.values()),
    )  # fmt: skip
    receiving.create_receipt(wish=wish, act=common.act_of(request))


def _reverse(request: Request) -> None:
    common.need(request, "receive")
    common.pay(request)
    try:
        receipt_id = UUID(request.POST.get("receipt", ""))
    except ValueError as error:
        raise refusal("not_found") from error
    receiving.reverse_receipt(receipt_id=receipt_id, act=common.act_of(request))
