"""One bank row beside the invoices it may pay."""

from decimal import Decimal
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext as _

from apps.billing.models import BankStatementLine, InvoiceShare
from apps.billing.selectors.board import bank_row
from kernel.errors import NotFound

MOST = 12


def line_page(line_id: int, text: str = "") -> dict[str, Any]:
    """The row and its candidates, best first; `text` searches other companies' open invoices. Raises NotFound."""
    line = BankStatementLine.objects.select_related("suggested", "payment__tenant").filter(pk=line_id).first()
    if line is None:
        raise NotFound(_("找不到这条银行流水。"))
    return {**bank_row(line), "candidates": candidates(line, text), "q": text}


def candidates(line: BankStatementLine, text: str = "") -> list[dict[str, Any]]:
    """Open invoices with why they fit: number in the remark, payer's name, equal amount."""
    shares = (
        InvoiceShare.objects.across_tenants()
        .filter(payer="enterprise", invoice__state__in=("open", "partially_paid"), settled__lt=F("amount"))
        .select_related("invoice", "tenant")
        .order_by("invoice__due_on", "id")
    )
    if text:
        found = Q(invoice__number__icontains=text) | Q(tenant__name__icontains=text) | Q(tenant__slug__icontains=text)
        rows = [_candidate(line, share) for share in shares.filter(found)[:MOST]]
    else:
        near = Q(invoice__number__in=_words(line.remark)) | Q(tenant__name=line.payer_name)
        near |= Q(invoice__buyer__legal_name=line.payer_name) | Q(amount=line.amount + F("settled"))
        rows = [_candidate(line, share) for share in shares.filter(near)[:MOST]]
    return sorted(rows, key=lambda row: -row["points"])


def _words(remark: str) -> list[str]:
    return [word.upper() for word in remark.replace("，", " ").replace(",", " ").split()][:20]


def _candidate(line: BankStatementLine, share: InvoiceShare) -> dict[str, Any]:
    invoice, left = share.invoice, share.amount - share.settled
    by_number = bool(invoice.number) and str(invoice.number) in line.remark.upper()
    by_name = bool(line.payer_name) and line.payer_name in (share.tenant.name, invoice.buyer.get("legal_name"))
    by_amount = left == line.amount
    return {
        "invoice": invoice,
        "tenant": share.tenant,
        "left": left,
        "by_number": by_number,
        "by_name": by_name,
        "by_amount": by_amount,
        "points": 4 * by_number + 2 * by_amount + by_name,
        "rest": max(line.amount - left, Decimal(0)),
    }
