"""运营看板 and the search of the operator's frame."""

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from apps.billing.board_file import board_file
from apps.billing.selectors import invoice_pages, operator
from apps.billing.selectors.board import board_page
from apps.billing.views.common import operator_page
from kernel.clock import now, today
from kernel.http.request import Request


@operator_page
@require_GET
def board(request: Request) -> HttpResponseBase:
    """As of this moment: what comes in, what is late, what failed, what waits for a person. Also as Excel."""
    if request.GET.get("format"):
        return board_file(today(), request.GET["format"])
    context = board_page(now=now(), today=today())
    needs_factor = not settings.PRODUCTION and request.user.totp_confirmed_at is None  # type: ignore[union-attr]
    return render(request, "operator/board.html", {**context, "needs_factor": needs_factor})


@operator_page
@require_GET
def search(request: Request) -> HttpResponse:
    """Ctrl+K of the operator: companies and invoices by name, address or number."""
    text = request.GET.get("q", "").strip()[:100]
    groups = []
    if text:
        companies = [
            {
                "label": row.name,
                "detail": row.slug,
                "url": reverse("operator:tenant", args=[row.slug]),
                "icon": "building",
            }
            for row in operator.tenants(search=text)[:8]
        ]
        invoices = [
            {"label": str(row), "detail": row.tenant.name, "url": reverse("operator:invoice", args=[row.pk]),
             "icon": "receipt"}
            for row in invoice_pages.all_invoices(text=text)[:8]
        ]  # fmt: skip
        groups = [{"label": _("企业"), "items": companies}, {"label": _("账单"), "items": invoices}]
    return render(request, "shell/palette_results.html", {"groups": [group for group in groups if group["items"]]})
