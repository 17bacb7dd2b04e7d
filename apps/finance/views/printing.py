"""Vouchers as PDF, for pages and API alike."""

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from apps.finance.models import Book, Voucher
from apps.finance.printing.paper import pdf_response
from apps.finance.printing.vouchers import voucher_pdf
from apps.finance.selectors.voucher_pages import with_lines
from apps.finance.views.common import ids_of, needs_book
from kernel.errors import Invalid
from kernel.http.gates import require_module
from kernel.http.request import Request


@require_module("finance", "finance.view")
@require_GET
@needs_book()
def vouchers(request: Request, book: Book) -> HttpResponse:
    """`?ids=1,2&paper=a5`: the vouchers in the order given; unknown ids are 404."""
    ids = ids_of(request.GET.getlist("ids"))
    if not ids:
        raise Invalid(_("请先选择要打印的凭证。"))
    found = {voucher.pk: voucher for voucher in with_lines(Voucher.objects.select_related("period").filter(pk__in=ids))}
    if len(found) < len(ids):
        raise Http404
    paper = request.GET.get("paper", "a5")
    return pdf_response(voucher_pdf(book=book, vouchers=[found[one] for one in ids], paper=paper), f"{_('凭证')}.pdf")
