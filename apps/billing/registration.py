"""What billing hangs in: rights of a company's members, seeds of the shared tables, and its ear for metered facts."""

from apps.billing.demo_company import make_demo_company
from apps.billing.services.seed import seed_shared
from kernel import demo
from tenants import hooks, rights

rights.register(
    "billing",
    {
        "view": ("admin", "chief", "accountant", "bookkeeper", "cashier", "auditor"),
        "manage": ("admin",),
        "pay": ("admin", "chief", "accountant", "cashier"),
    },
)
hooks.shared_seeders.append(seed_shared)
demo.set_maker(make_demo_company)
