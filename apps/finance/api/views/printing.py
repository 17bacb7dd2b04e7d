"""Vouchers on paper over the API."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request as DrfRequest
from rest_framework.response import Response

from apps.finance.api.base import FinanceView, query
from apps.finance.printing.paper import pdf_response
from apps.finance.printing.vouchers import voucher_pdf
from apps.finance.selectors.chart import current_book
from apps.finance.selectors.vouchers import details
from apps.finance.services.refusals import invalid, voucher_unknown

MOST_DIGITS = 18


class VoucherPrint(FinanceView):
    """`GET vouchers/print/?ids=1,2&paper=a5`: application/pdf. 400 without ids, 404 when one is unknown."""

    @extend_schema(parameters=query("ids", optional=("paper",)), responses={(200, "application/pdf"): bytes})
    def get(self, request: DrfRequest, **_kwargs: Any) -> Response | HttpResponse:
        texts = [part.strip() for part in self.params.needed("ids").split(",") if part.strip()]
        if not texts or not all(text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS for text in texts):
            raise invalid(_("ids 写成 1,2 这样的凭证编号。"), "ids")
        ids = list(dict.fromkeys(int(text) for text in texts))
        found = details(ids)
        if len(found) < len(ids):
            raise voucher_unknown()
        paper = self.params.text("paper") or "a5"
        return pdf_response(voucher_pdf(book=current_book(), vouchers=found, paper=paper), f"{_('凭证')}.pdf")
