"""Invoices as pages show them: the company's own, and (for the operator) everybody's."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from apps.billing import offers
from apps.billing.models import AuditLog, BankAccount, Invoice, InvoiceLine, PaymentAllocation
from apps.billing.selectors.invoices import amount_due
from apps.billing.services.transfers import ANNOUNCED
from kernel.errors import NotFound

OPEN = ("open", "partially_paid")
DRAFTS = ("building", "draft", "finalising")
FILTERS = {"open": OPEN, "paid": ("paid",), "void": ("void", "uncollectible"), "draft": DRAFTS}


def invoices_of(tenant_id: int) -> QuerySet[Invoice]:
    """The company's numbered invoices, newest first."""
    return Invoice.objects.of(tenant_id).filter(number__isnull=False).prefetch_related("shares").order_by("-id")


def all_invoices(*, state: str = "", text: str = "", overdue_on: date | None = None) -> QuerySet[Invoice]:
    """Every company's invoices for the operator, newest first."""
    rows = Invoice.objects.across_tenants().select_related("tenant").prefetch_related("shares")
    if state in FILTERS:
        rows = rows.filter(state__in=FILTERS[state])
    if overdue_on:
        rows = rows.filter(state__in=OPEN, due_on__lt=overdue_on)
    if text:
        rows = rows.filter(
            Q(number__icontains=text) | Q(tenant__name__icontains=text) | Q(tenant__slug__icontains=text)
        )
    return rows.order_by("-id")


def with_announced(tenant_id: int, rows: QuerySet[Invoice], state: str) -> QuerySet[Invoice]:
    """The list under one of its filters; 待核对 = open and announced as paid."""
    if state == "checking":
        return rows.filter(state__in=OPEN, pk__in=announced([tenant_id]))
    if state == "open":
        return rows.filter(state__in=OPEN).exclude(pk__in=announced([tenant_id]))
    return rows.filter(state__in=FILTERS[state]) if state in FILTERS else rows


def announced(tenant_ids: Iterable[int]) -> set[int]:
    """Ids of invoices whose company says that it has paid."""
    names = AuditLog.objects.filter(tenant_id__in=list(tenant_ids), action=ANNOUNCED).order_by("id")
    return {int(name.partition(":")[2]) for name in names.values_list("object", flat=True)}


def list_row(invoice: Invoice, said: set[int], today: date) -> dict[str, Any]:
    """One line of a list: names, dates, what is still owed, the state's word."""
    return {
        "invoice": invoice,
        "reason": offers.REASON_WORDS[invoice.reason],
        "due": amount_due(invoice),
        "late": invoice.state in OPEN and invoice.due_on is not None and invoice.due_on < today,
        "state": state_of(invoice, said),
    }


def state_of(invoice: Invoice, said: set[int]) -> dict[str, Any]:
    checking = invoice.state in OPEN and invoice.pk in said
    return offers.state(offers.INVOICE_WORDS, "checking" if checking else invoice.state)


def detail(invoice: Invoice, today: date) -> dict[str, Any]:
    """A page of one invoice: lines with their days and tiers, shares, payments, the account to pay into."""
    said = announced([invoice.tenant_id])
    lines = [line_row(line) for line in invoice.lines.order_by("position")]
    return {
        **list_row(invoice, said, today),
        "lines": lines,
        "has_discount": any(line["line"].discount for line in lines),
        "shares": [
            {"payer": offers.PAYER_WORDS[share.payer], "amount": share.amount, "settled": share.settled}
            for share in invoice.shares.all()
        ],
        "taxes": list(invoice.taxes.order_by("rate")),
        "allocations": list(
            PaymentAllocation.objects.of(invoice.tenant_id)
            .filter(invoice=invoice)
            .select_related("payment")
            .order_by("payment__received_at", "id")
        ),
        "account": BankAccount.objects.filter(pk="main").first(),
        "said": invoice.pk in said,
    }


def line_row(line: InvoiceLine) -> dict[str, Any]:
    """A line in the reader's language: what, why, over which days."""
    part = line.billed_days if line.billed_days != line.period_days else None
    usage = line.kind in ("usage", "late_usage")
    return {
        "line": line,
        "name": offers.item_words(line.item, line.description) if line.item else offers.LINE_WORDS.get(line.kind, ""),
        "kind": offers.LINE_WORDS.get(line.kind, line.kind),
        "part": part,
        "unit": offers.unit_words(line.item) if usage else "",
        "free": line.detail.get("free_units") if usage else None,
        "tiers": line.detail.get("tiers", []) if usage else [],
    }


def find(tenant_id: int, invoice_id: int) -> Invoice:
    """A numbered invoice of the company. Raises NotFound."""
    return _one(invoices_of(tenant_id).filter(pk=invoice_id))


def find_any(invoice_id: int) -> Invoice:
    """Any invoice, for the operator. Raises NotFound."""
    return _one(all_invoices().filter(pk=invoice_id))


def _one(rows: QuerySet[Invoice]) -> Invoice:
    invoice = rows.first()
    if invoice is None:
        raise NotFound(_("找不到这张账单。"))
    return invoice
