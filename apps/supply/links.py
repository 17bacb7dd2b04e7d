"""What supply asks of inventory, and what happens without it: orders are typed here, nothing is written back."""

from tenants.entitlements import has_module


def keeps_stock() -> bool:
    """Does this company work with inventory too?"""
    return has_module("inventory")
