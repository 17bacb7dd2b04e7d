"""One company as the operator knows it: subscription, money, what was changed; never its own data."""

from datetime import date
from typing import Any

from apps.billing import log_words, offers
from apps.billing.models import AuditLog, BillingAccount, Subscription
from apps.billing.selectors import invoice_pages, operator
from apps.billing.selectors.company_pages import trial_of
from apps.billing.selectors.periods import living_items
from tenants.models import Membership

SHOWN = 8


def tenant_page(slug: str, today: date) -> dict[str, Any]:
    """State, modules, MRR, receivable, last seen, invoices, changes. Raises NotFound."""
    tenant = operator.tenant_by_slug(slug)
    row = operator.tenant_rows([tenant])[0]
    subscription = Subscription.objects.of(tenant).order_by("-id").first()
    invoices = list(invoice_pages.all_invoices().filter(tenant=tenant)[:SHOWN])
    said = invoice_pages.announced([tenant.pk])
    owners = (
        Membership.objects.filter(tenant=tenant, role="owner", status="active").select_related("user").order_by("id")
    )
    return {
        "tenant": tenant,
        "row": row,
        "state": offers.state(offers.SUBSCRIPTION_WORDS, row["state"] or ""),
        "subscription": subscription,
        "items": [
            {"name": offers.item_words(item.item, item.price.name), "quantity": item.quantity, "price": item.price}
            for item in (living_items(subscription) if subscription else [])
        ],
        "trial_run": trial_of(subscription, today) if subscription else None,
        "account": BillingAccount.objects.of(tenant).first(),
        "invoices": [invoice_pages.list_row(invoice, said, today) for invoice in invoices],
        "entries": [log_words.entry_row(row) for row in AuditLog.objects.filter(tenant=tenant).order_by("-id")[:SHOWN]],
        "owner": owners.first(),
    }


def list_rows(tenants: list[Any]) -> list[dict[str, Any]]:
    """Rows of 企业 with the words of state and modules."""
    return [
        {
            **row,
            "word": offers.state(offers.SUBSCRIPTION_WORDS, row["state"] or ""),
            "brands": [
                offers.item_words(module) for module, level in sorted(row["modules"].items()) if level == "full"
            ],
        }
        for row in operator.tenant_rows(tenants)
    ]
