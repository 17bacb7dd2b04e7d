"""Changes as they are told: before they are confirmed, and after."""

from decimal import Decimal
from typing import Any

from apps.billing.domain import proration
from apps.billing.domain.money import ZERO
from apps.billing.models import Invoice, SubscriptionChange
from apps.billing.selectors.invoices import amount_due
from apps.billing.selectors.subscriptions import overview


def preview_shown(preview: Any) -> dict[str, Any]:
    """The answer of the preview, values as Python."""
    figures = preview.figures
    return {
        "quote": preview.quote,
        "valid_until": preview.valid_until,
        "lines": [line_shown(line) for line in preview.lines],
        "net": preview.net,
        "due_now": preview.due_now,
        "on_next_invoice": preview.on_next_invoice,
        "invoice": {
            "total": figures.total,
            "tax": figures.tax,
            "shares": {
                "enterprise": figures.shares.enterprise,
                "provider": figures.shares.provider,
                "government": figures.shares.government,
            },
        }
        if figures
        else None,
        "next_period": {"period": preview.next_period, "fixed_total": preview.next_fixed_total},
    }


def line_shown(line: proration.ProrationLine) -> dict[str, Any]:
    """A line of a change."""
    return {
        "kind": line.kind,
        "item": line.item,
        "amount": line.amount,
        "billed_days": line.billed_days,
        "period_days": line.period_days,
        "quantity": line.delta_quantity,
        "unit_price": line.unit_price,
        "service_period": line.service_period,
    }


def change_shown(change: SubscriptionChange) -> dict[str, Any]:
    """A confirmed change in the list."""
    invoice = Invoice.objects.of(change.tenant_id).filter(change=change).prefetch_related("shares").first()
    return {
        "change": change.pk,
        "made_at": change.made_at,
        "actor": change.actor_name,
        "changes": change.steps,
        "before": change.before,
        "after": change.after,
        "lines": [{key: value for key, value in line.items() if value is not None} for line in change.lines],
        "net": change.net,
        "due_now": amount_due(invoice) if invoice else ZERO,
        "on_next_invoice": change.net if change.net <= Decimal(0) else ZERO,
        "invoice": {"id": invoice.pk, "number": invoice.number, "total": invoice.total} if invoice else None,
    }


def change_answer(change: SubscriptionChange) -> dict[str, Any]:
    """The answer to the command, with the subscription as it stands."""
    return {**change_shown(change), "subscription": overview(change.tenant_id)}
