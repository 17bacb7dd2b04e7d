"""An invoice on paper (A4). Nothing is fetched while it is drawn."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from kernel.paper import pdf


def invoice_pdf(detail: Mapping[str, Any]) -> bytes:
    """The PDF of an invoice; `detail` as `selectors.invoice_pages.detail` answers it."""
    return pdf("billing/print/invoice.html", detail)


def invoice_document(detail: Mapping[str, Any]) -> HttpResponse:
    """The PDF as a download named after the invoice."""
    response = HttpResponse(invoice_pdf(detail), content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, f"{detail['invoice']}.pdf") or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response
