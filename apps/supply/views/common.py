"""What the pages of supply share: who may, numbers and dates as they are typed, refusals as messages."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from apps.supply.services.turns import Act
from kernel.clock import now
from kernel.errors import DomainError, Invalid
from kernel.http.gates import check_module, check_right
from kernel.http.request import Request

ROWS = 50
# Shown by the templates, and what a state is called in every list (ui.md §12).
STATES = (
    ("sent", "待确认"), ("countered", "已还价"), ("agreed", "已确认"), ("changing", "变更中"), ("cancelling", "取消中"),
    ("refused", "已拒绝"), ("cancelled", "已取消"),
)  # fmt: skip


def act_of(request: Request) -> Act:
    """Who and when."""
    return Act(actor=request.member, at=now())


def pay(request: Request) -> None:
    """Buyer verbs are paid for; answering is free. Raises PaymentRequired."""
    check_module(request.company, "supply", "POST")


def need(request: Request, verb: str) -> None:
    check_right(request.member, f"supply.{verb}")


def page_of(request: Request, rows: Any) -> Page[Any]:
    return Paginator(rows, ROWS).get_page(request.GET.get("page"))


def tried(request: Request, act: Callable[[], Any], *, said: str, back: str, **args: Any) -> HttpResponse:
    """Do it and go `back`; a refusal becomes a message there."""
    try:
        act()
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, said)
    return redirect(back, **args)


def words(posted: Mapping[str, str], name: str, most: int = 500) -> str:
    """Text as it was typed; a NUL is nobody's word."""
    return posted.get(name, "").replace("\x00", "").strip()[:most]


def figure(posted: Mapping[str, str], name: str, places: int) -> Decimal | None:
    """A number as it was typed, None when empty. Raises Invalid."""
    text = words(posted, name, 40).replace(",", "").replace("，", "")
    if not text:
        return None
    with suppress(InvalidOperation):
        value = Decimal(text)
        if value.is_finite() and 0 <= value < 10**12 and -int(value.as_tuple().exponent) <= places:
            return value
    message = _("数字格式不对：%(text)s") % {"text": text[:20]}
    raise Invalid(message, fields={name: [message]})


def day(posted: Mapping[str, str], name: str) -> date | None:
    """A date as it was typed, None when empty. Raises Invalid."""
    text = words(posted, name, 20)
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or not 1900 <= found.year <= 2200:
        message = _("日期格式不对，请写成 2026-07-10 的样子。")
        raise Invalid(message, fields={name: [message]})
    return found


def seen(posted: Mapping[str, str]) -> int:
    """The version that the page showed."""
    text = posted.get("version", "")
    return int(text) if text.isdigit() and len(text) < 7 else 0
