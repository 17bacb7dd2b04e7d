"""Small facts of the frame that floors above supply: subtitle, unread notices, trial, period switch.

Each has one supplier at most, set in a `registration.py`; without one the frame simply shows nothing there.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

from tenants.context import Company
from tenants.rights import Member

_suppliers: dict[str, Callable[..., Any]] = {}


def supply(name: str, read: Callable[..., Any]) -> None:
    """Set the supplier of `subtitle`, `unread`, `trial`, `period` or `offer`."""
    _suppliers[name] = read


def subtitle(request: HttpRequest) -> str:
    """Under the company's name."""
    return str(_suppliers["subtitle"](request)) if "subtitle" in _suppliers else ""


def unread(member: Member) -> int:
    return int(_suppliers["unread"](member)) if "unread" in _suppliers else 0


def trial(company: Company) -> dict[str, Any] | None:
    """{days_left, text, percent, url} while a trial runs."""
    return _suppliers["trial"](company) if "trial" in _suppliers else None


def period(request: HttpRequest) -> dict[str, Any] | None:
    """{value, label, url} on pages that have a period switch (finance and home)."""
    return _suppliers["period"](request) if "period" in _suppliers else None


def offer(company: Company, module: str, member: Member | None) -> dict[str, Any]:
    """{what, price, can_subscribe, ask}: what the 402 page tells of a module that is not subscribed."""
    return _suppliers["offer"](company, module, member) if "offer" in _suppliers else {}
