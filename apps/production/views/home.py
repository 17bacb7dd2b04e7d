"""生产看板: what is late, short and due today."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from apps.production.selectors import production_board
from apps.production.selectors.message_texts import label_of, text_of
from apps.production.views.plan_pages import read, show
from kernel.clock import today
from kernel.http.request import Request
from tenants.rights import Member


@read
@require_GET
def home(request: Request) -> HttpResponse:
    """The first page of production."""
    context = production_board.board(today())
    for row in context["alerts"]:
        row.text, row.word = text_of(row), label_of(row.code)
    return show(request, "production/home.html", {"title": _("生产看板"), **context})


def late_tile(member: Member) -> dict[str, Any] | None:
    """延误工单 of the frame's home page."""
    count = production_board.figures(today())["late_orders"]
    url = f"{reverse('production:order-list')}?late=1"
    return {"label": _("延误工单"), "url": url, "unit": "", "value": str(count),
            "trend": "warn" if count else ""}  # fmt: skip


def urgent_tile(member: Member) -> dict[str, Any] | None:
    """紧急提示 of the proposal in force."""
    count = production_board.figures(today())["urgent"]
    return {"label": _("紧急提示"), "url": reverse("production:mrp"), "unit": "", "value": str(count),
            "trend": "warn" if count else ""}  # fmt: skip


def due_task(member: Member) -> dict[str, Any] | None:
    """Work orders that are due within a week."""
    count = production_board.figures(today())["due_orders"]
    text = _("%(count)s 张工单七天内到期") % {"count": count}
    return _task(count, text, reverse("production:order-list"), "clock", "blue")


def release_task(member: Member) -> dict[str, Any] | None:
    """Planned orders that should be released by today."""
    count = production_board.figures(today())["release_now"]
    text = _("%(count)s 条计划订单今天该下达") % {"count": count}
    return _task(count, text, reverse("production:mrp"), "list-details", "orange")


def _task(count: int, text: str, url: str, icon: str, tone: str) -> dict[str, Any] | None:
    if not count:
        return None
    return {"text": text, "module": _("生产"), "url": url, "icon": icon, "tone": tone}
