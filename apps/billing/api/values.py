"""Python values as the API writes them: money two decimals, prices and quantities as plain decimals, dates ISO."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from apps.billing.domain.calendar import ZONE, Period

# fmt: off
MONEY = frozenset({
    "allocated", "amount", "amount_due", "balance", "balance_applied", "charge", "concession", "credit",
    "credited", "debit", "difference", "discount", "due_now", "enterprise", "fixed", "fixed_total",
    "government", "gross", "limit_amount", "list_total", "minimum", "month", "monthly", "mrr", "net", "new", "old",
    "on_next_invoice", "overdue", "package_price", "paid", "pending", "percent_of_revenue", "promo", "provider",
    "receivable", "subtotal", "tax", "to_balance", "total", "true_up", "waived", "wallet_applied", "year",
    "yearly",
})
# fmt: on


def plain(value: Any, name: str = "") -> Any:
    """Walk `value` and write each leaf by the name it stands under."""
    if isinstance(value, dict):
        return {key: plain(inner, key) for key, inner in value.items()}
    if isinstance(value, Period):
        return [value.start.isoformat(), value.end.isoformat()]
    if isinstance(value, list | tuple):
        return [plain(inner, name) for inner in value]
    if isinstance(value, Decimal):
        return f"{value:.2f}" if name in MONEY else number(value)
    if isinstance(value, datetime):
        return value.astimezone(ZONE).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value


def number(value: Decimal) -> str:
    """`1200`, `0.0005`: a quantity, price or rate without exponent; prices keep at least two decimals."""
    text = f"{value:f}"
    if "." in text:
        whole, _dot, part = text.partition(".")
        part = part.rstrip("0")
        text = f"{whole}.{part}" if part else whole
    return text
