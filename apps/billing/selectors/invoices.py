"""Invoices of one company, or for the operator of all: lists without lines, and one with everything on it."""

from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from apps.billing.domain.money import ZERO
from apps.billing.models import BankAccount, Invoice, InvoiceLine, PaymentAllocation
from kernel.errors import NotFound


def of_company(tenant_id: int) -> QuerySet[Invoice]:
    """The company's invoices, newest first."""
    return _complete(Invoice.objects.of(tenant_id))


def of_all() -> QuerySet[Invoice]:
    """Everybody's, newest first."""
    return _complete(Invoice.objects.across_tenants())


def _complete(rows: QuerySet[Invoice]) -> QuerySet[Invoice]:
    paid = PaymentAllocation.objects.across_tenants().select_related("payment").order_by("id")
    return (
        rows.select_related("tenant")
        .prefetch_related("shares", "taxes", Prefetch("allocations", paid))
        .order_by("-created_at", "-id")
    )


def one(rows: QuerySet[Invoice], invoice_id: int) -> Invoice:
    """One invoice with its lines. Raises NotFound, also for another company's."""
    lines = InvoiceLine.objects.across_tenants().order_by("position")
    row = rows.prefetch_related(Prefetch("lines", lines)).filter(pk=invoice_id).first()
    if row is None:
        raise NotFound(_("找不到这张账单。"))
    return row


def amount_due(invoice: Invoice) -> Decimal:
    """What the company still owes, CNY."""
    if invoice.state in (Invoice.State.VOID, Invoice.State.UNCOLLECTIBLE):
        return ZERO
    shares = [share for share in invoice.shares.all() if share.payer == "enterprise"]
    if not shares:  # a draft
        return invoice.total - invoice.balance_applied - invoice.wallet_applied
    return sum((share.amount - share.settled for share in shares), ZERO)


def shown(invoice: Invoice, *, lines: bool) -> dict[str, Any]:
    """The Invoice object of the API, values as Python."""
    shares = {share.payer: share.amount for share in invoice.shares.all()}
    answer: dict[str, Any] = {
        "id": invoice.pk,
        "tenant": invoice.tenant.slug,
        "number": invoice.number,
        "reason": invoice.reason,
        "state": invoice.state,
        "period": [invoice.period_start, invoice.period_end],
        "issued_on": invoice.issued_on,
        "due_on": invoice.due_on,
        "finalise_after": invoice.finalise_after,
        "taxes": [
            {"rate": row.rate, "gross": row.gross, "net": row.net, "tax": row.tax}
            for row in sorted(invoice.taxes.all(), key=lambda row: row.pk)
        ],
        "shares": {payer: shares.get(payer, ZERO) for payer in ("enterprise", "provider", "government")},
        "amount_due": amount_due(invoice),
        "payments": [_payment(row) for row in invoice.allocations.all()],
        "credit_notes": [],
        "fapiao": None,
        "failed_step": invoice.failed_step,
        "failed_reason": invoice.failed_reason,
        "version": invoice.version,
    }
    if not invoice.is_final:
        answer["shares"] = {"enterprise": invoice.total, "provider": ZERO, "government": ZERO}
    figures = (
        "subtotal", "true_up", "discount", "promo", "list_total", "concession", "total", "net", "tax",
        "balance_applied", "wallet_applied", "paid", "credited",
    )  # fmt: skip
    answer |= {name: getattr(invoice, name) for name in figures}
    if lines:
        answer["lines"] = [line(row) for row in invoice.lines.all()]
    return answer


def line(row: InvoiceLine) -> dict[str, Any]:
    """The Line object of the API."""
    return {
        "kind": row.kind,
        "item": row.item,
        "description": row.description,
        "service_period": [row.service_start, row.service_end],
        "quantity": row.quantity,
        "unit_price": row.unit_price,
        "billed_days": row.billed_days,
        "period_days": row.period_days,
        "amount": row.amount,
        "discount": row.discount,
        "net": row.net,
        "tax": row.tax,
        "tax_rate": row.tax_rate,
        "detail": row.detail,
    }


def _payment(row: PaymentAllocation) -> dict[str, Any]:
    payment = row.payment
    return {
        "id": payment.pk,
        "gateway": payment.gateway,
        "external_id": payment.external_id.partition(":")[2] or payment.external_id,
        "amount": payment.amount,
        "allocated": row.amount,
        "state": payment.state,
        "received_at": payment.received_at,
    }


def transfer_instructions(invoice: Invoice) -> dict[str, Any]:
    """对公转账: our account, what is due, and the reference to write into the remark."""
    account = BankAccount.objects.order_by("code").get(code="main")
    return {
        "action": "instructions",
        "reference": invoice.number,
        "amount": amount_due(invoice),
        "account": {"name": account.name, "bank": account.bank, "number": account.number},
    }
