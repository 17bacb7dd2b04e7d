"""Is it paid for? Answers from the grants that came with the company; only billing writes them."""

from tenants.context import current_company_or_none
from tenants.models.company import MODULES

__all__ = ["MODULES", "has_module", "module_level"]


def module_level(module: str) -> str | None:
    """`full`, `export_only`, or None when the company of this thread never had `module`."""
    company = current_company_or_none()
    return company.modules.get(module) if company else None


def has_module(module: str) -> bool:
    """May the company of this thread work in `module`?"""
    return module_level(module) == "full"
