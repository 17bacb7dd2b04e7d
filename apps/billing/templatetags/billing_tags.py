"""Filters of billing's templates."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import template

register = template.Library()


@register.filter
def last_day(end: date | None) -> date | None:
    """Periods are half-open; people read the last day that is inside."""
    return end - timedelta(days=1) if end else None


@register.filter
def price(value: Any) -> str:
    """A unit price without trailing zeros below the fen: `¥0.10`, `¥0.0005`."""
    number = Decimal(str(value or 0))
    text = f"{number:f}"
    if "." in text:
        whole, _dot, cents = text.partition(".")
        text = f"{whole}.{cents.rstrip('0').ljust(2, '0')}"
    return f"¥{text}"


@register.filter
def yuan(value: Any) -> str:
    """`¥99` for whole amounts on price tags, `¥99.50` otherwise."""
    number = Decimal(str(value or 0))
    return f"¥{number:,.0f}" if number == number.to_integral_value() else f"¥{number:,.2f}"


@register.filter
def whole(value: Any) -> str:
    """Whole yuan with separators for key figures."""
    return f"{Decimal(str(value or 0)).quantize(Decimal(1)):,}"


@register.filter
def percent(rate: Any) -> str:
    """`6%` of 0.06."""
    return f"{(Decimal(str(rate or 0)) * 100).normalize():f}%"


@register.filter
def event_number(transaction_id: str) -> str:
    """`fact:742:finance.vouchers_posted` → #742; what a program reported keeps the number that it gave."""
    parts = transaction_id.split(":")
    return f"#{parts[1]}" if len(parts) == 3 and parts[0] == "fact" else transaction_id


@register.filter
def signed(value: int) -> str:
    """`+18`, `-2`, `0`."""
    return f"{value:+}" if value else "0"


@register.filter
def signed_whole(value: Any) -> str:
    """Whole yuan with its sign: `+7,960`."""
    number = Decimal(str(value or 0)).quantize(Decimal(1))
    return f"{number:+,}" if number else "0"
