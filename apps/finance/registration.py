"""What finance hangs into the frame: its rights, and what a fresh company's schema is born with."""

from apps.finance import demo_books
from apps.finance.imports import KINDS
from apps.finance.services.dimensions import seed_dimensions
from kernel import demo, imports
from tenants import hooks, rights

hooks.template_seeders.append(seed_dimensions)
rights.register(
    "finance",
    {
        "view": ("chief", "accountant", "reviewer", "cashier", "bookkeeper", "auditor"),
        "prepare": ("chief", "accountant", "bookkeeper"),
        "review": ("chief", "reviewer", "bookkeeper"),
        "post": ("chief", "accountant", "bookkeeper"),
        "sign": ("cashier",),
        "close": ("chief", "accountant", "bookkeeper"),
        "reopen": ("chief",),
        "settings": ("chief",),
        "rules": ("chief",),
        "export": ("chief", "accountant", "bookkeeper", "auditor"),
        "audit": ("chief",),
    },
)
# 令98 art. 12: who keeps the cash keeps no books.
rights.register_conflict("cashier", ("finance.review", "finance.prepare", "finance.post"))
demo.add_part("finance", demo_books.build, position=50, module="finance")
for kind in KINDS:
    imports.register(kind)
