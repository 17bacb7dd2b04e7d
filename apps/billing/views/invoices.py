"""账单: the company's invoices, each with its reasons, its PDF and the way to pay it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.billing.paper import invoice_document
from apps.billing.selectors import invoice_pages
from apps.billing.services.transfers import announce
from apps.billing.views.common import back, company_page, page_of, show
from kernel.clock import now, today
from kernel.http.request import Request


@company_page("billing.view")
@require_GET
def invoice_list(request: Request) -> HttpResponse:
    """账单列表."""
    state, day = request.GET.get("state", ""), today()
    tenant_id = request.company.id
    page = page_of(request, invoice_pages.with_announced(tenant_id, invoice_pages.invoices_of(tenant_id), state))
    said = invoice_pages.announced([tenant_id])
    states = [
        ("", _("全部"), None),
        ("open", _("待付款"), None),
        ("checking", _("待核对"), None),
        ("paid", _("已付清"), None),
    ]
    rows = [invoice_pages.list_row(invoice, said, day) for invoice in page]
    context = {"page": page, "rows": rows, "states": states, "state": state}
    return show(request, "billing/invoices.html", context, fragment="table")


@company_page("billing.view")
@require_GET
def invoice_page(request: Request, invoice_id: int) -> HttpResponse:
    """One invoice."""
    invoice = invoice_pages.find(request.company.id, invoice_id)
    context = {**invoice_pages.detail(invoice, today()), "can_pay": request.member.can("billing.pay")}
    return render(request, "billing/invoice.html", context)


@company_page("billing.view")
@require_GET
def invoice_pdf(request: Request, invoice_id: int) -> HttpResponse:
    """下载 PDF."""
    return invoice_document(invoice_pages.detail(invoice_pages.find(request.company.id, invoice_id), today()))


@company_page("billing.pay")
@require_POST
def transferred(request: Request, invoice_id: int) -> HttpResponse:
    """我已转账: note it; the state becomes 待核对 until the bank's line arrives."""
    announce(tenant_id=request.company.id, invoice_id=invoice_id, at=now(), actor=request.member)
    messages.success(request, _("已记录，款项到账后自动核销。"))
    return back("billing:invoice", invoice_id)
