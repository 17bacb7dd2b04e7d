"""Invoices, payments and the balance of a company; open whatever the state, for they are how a late company pays."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apps.billing.api import serializers as shapes
from apps.billing.api.base import BillingView
from apps.billing.domain.calendar import Period, month_of
from apps.billing.models import AuditLog, BillingAccount, Payment
from apps.billing.paper import invoice_document
from apps.billing.selectors import invoices as questions
from apps.billing.selectors.invoice_pages import detail, find
from apps.billing.services.bank import payable
from kernel.clock import today
from kernel.errors import DomainError, Invalid

FILTERS = {"state": "state", "reason": "reason", "period": "period_start"}


def parse_month(text: str) -> Period:
    """`2026-06`. Raises Invalid."""
    try:
        return month_of(date.fromisoformat(f"{text}-01"))
    except ValueError:
        raise Invalid(_("期间要写成 2026-06。"), fields={"period": [_("格式不对。")]}) from None


def parse_day(text: str, name: str) -> date:
    """`2026-06-01` of the query parameter `name`. Raises Invalid."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(_("日期要写成 2026-06-01。"), fields={name: [_("格式不对。")]}) from None


def filtered(rows: Any, request: Any, names: dict[str, str]) -> Any:
    """Apply the named query parameters that are there; `period` is a month, 2026-06, `period_start` a day."""
    for name, column in names.items():
        value = request.GET.get(name)
        if not value:
            continue
        if name == "period":
            first = parse_month(value)
            rows = rows.filter(period_start__gte=first.start, period_start__lt=first.end)
        elif name == "period_start":
            rows = rows.filter(period_start=parse_day(value, name))
        else:
            rows = rows.filter(**{column: value})
    return rows


class InvoicesView(BillingView):
    sheet = "invoices"
    always_open = True
    rights = {"GET": "billing.view"}

    def get(self, request: Any) -> HttpResponseBase:
        rows = filtered(questions.of_company(self.company.id), request, FILTERS)
        return self.page(rows, lambda row: questions.shown(row, lines=False))


class InvoiceView(BillingView):
    always_open = True
    rights = {"GET": "billing.view"}

    def get(self, request: Any, invoice_id: int) -> Response:
        row = questions.one(questions.of_company(self.company.id), invoice_id)
        return self.answer(questions.shown(row, lines=True))


class InvoicePdfView(BillingView):
    """The numbered invoice on paper; a draft has none."""

    always_open = True
    rights = {"GET": "billing.view"}

    @extend_schema(responses={(200, "application/pdf"): bytes})
    def get(self, request: Any, invoice_id: int) -> HttpResponse:
        return invoice_document(detail(find(self.company.id, invoice_id), today()))


class PayView(BillingView):
    """How to pay. By transfer: our account and the reference; a gateway without key is off."""

    always_open = True
    rights: dict[str, str | None] = {"POST": "billing.pay"}

    def post(self, request: Any, invoice_id: int) -> Response:
        gateway = self.read(shapes.Pay)["gateway"]
        row = questions.one(questions.of_company(self.company.id), invoice_id)
        payable(row)
        if gateway != "bank_transfer":
            raise DomainError(_("这种付款方式没有开通，请用对公转账。"), "gateway_off")
        return self.answer(questions.transfer_instructions(row))


class PaymentsView(BillingView):
    sheet = "payments"
    always_open = True
    rights = {"GET": "billing.view"}

    def get(self, request: Any) -> HttpResponseBase:
        rows = Payment.objects.of(self.company.id).prefetch_related("allocations__invoice").order_by("-id")
        return self.page(rows, payment_shown)


def payment_shown(row: Payment) -> dict[str, Any]:
    """A payment with what it paid."""
    return {
        "id": row.pk,
        "gateway": row.gateway,
        "external_id": row.external_id.partition(":")[2] or row.external_id,
        "amount": row.amount,
        "state": row.state,
        "received_at": row.received_at,
        "to_balance": row.to_balance,
        "allocations": [
            {"invoice": part.invoice_id, "number": part.invoice.number, "amount": part.amount}
            for part in row.allocations.all()
        ],
    }


class BalanceView(BillingView):
    always_open = True
    rights = {"GET": "billing.view"}

    def get(self, request: Any) -> Response:
        account = BillingAccount.objects.of(self.company.id).first()
        return self.answer({"balance": account.balance if account else 0})


class AuditView(BillingView):
    sheet = "audit"
    always_open = True
    rights = {"GET": "billing.view"}

    def get(self, request: Any) -> HttpResponseBase:
        rows = AuditLog.objects.filter(tenant_id=self.company.id).select_related("tenant").order_by("-id")
        return self.page(rows, audit_shown)


def audit_shown(row: AuditLog) -> dict[str, Any]:
    """One entry of the log."""
    return {
        "at": row.at,
        "tenant": row.tenant.slug if row.tenant else None,
        "actor": row.actor_name,
        "action": row.action,
        "object": row.object,
        "label": row.label,
        "changes": row.changes,
        "reason": row.reason,
    }
