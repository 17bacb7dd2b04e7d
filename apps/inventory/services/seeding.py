"""What a company's schema is born with."""

from apps.inventory.models import StockSettings
from apps.masterdata import public as masterdata

# Receipts, issues, transfers, stocktakes and orders have their rules from master data.
NUMBER_RULES = (
    ("assembly", "ZZ{yy}{MM}-{seq:4}"),
    ("cost_adjustment", "TZ{yy}{MM}-{seq:4}"),
    ("landed_cost", "FY{yy}{MM}-{seq:4}"),
)


def seed_settings() -> None:
    """The one row of settings; safe to run again."""
    StockSettings.objects.get_or_create(id=StockSettings.ONLY)


def seed_numbers() -> None:
    """Number rules of the documents that only inventory has; safe to run again."""
    for document, pattern in NUMBER_RULES:
        masterdata.ensure_number_rule(document, pattern, reset="month")
