"""工作台: the day at a glance; every figure opens its rows."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kernel import first_steps, menu, registry, sample, shell_state
from kernel.clock import now
from kernel.http.gates import require_member
from kernel.http.request import Request
from kernel.memo import remembering

GREETINGS = ((5, "晚上好"), (9, "早上好"), (11, "上午好"), (13, "中午好"), (18, "下午好"), (24, "晚上好"))
FEWEST_TILES = 3


@require_member
@require_GET
def home(request: Request) -> HttpResponse:
    """Greeting, figures, what waits, first steps."""
    with remembering():
        return _home(request)


def _home(request: Request) -> HttpResponse:
    moment = timezone.localtime(now())
    tasks = _read(registry.home_tasks(), request)
    steps = first_steps.filled_up(_read(registry.checklist_steps(), request), request.member)
    done = sum(1 for step in steps if step["done"])
    context = {
        "greeting": _greeting(moment.hour),
        "day": date_format(moment, "n 月 j 日 l" if request.LANGUAGE_CODE != "en" else "l, j F"),
        "tiles": _with_own(_read(registry.home_tiles(), request), tasks, request),
        "tasks": tasks,
        "steps": steps if done < len(steps) else [],
        "steps_done": done,
        "panels": [panel for panel in registry.panels("home") if _may(panel, request)],
        "actions": [panel for panel in registry.panels("home.action") if _may(panel, request)],
        "can_fill": sample.is_possible(request.company, request.member),
        "can_clear": request.company.is_demo and request.member.role == "owner",
    }
    return render(request, "home/home.html", context)


def _greeting(hour: int) -> str:
    words = {
        "早上好": _("早上好"),
        "上午好": _("上午好"),
        "中午好": _("中午好"),
        "下午好": _("下午好"),
        "晚上好": _("晚上好"),
    }
    return words[next(word for until, word in GREETINGS if hour < until)]


def _may(entry: Any, request: Request) -> bool:
    paid = entry.module is None or entry.module in request.company.modules
    return paid and (entry.right is None or request.member.can(entry.right))


def _read(entries: list[registry.HomeTile], request: Request) -> list[dict[str, Any]]:
    found = [entry.read(request.member) for entry in entries if _may(entry, request)]
    return [entry for entry in found if entry is not None]


def _with_own(tiles: list[dict[str, Any]], tasks: list[Any], request: Request) -> list[dict[str, Any]]:
    """A company whose modules bring few figures still sees what waits, what is new and who works here."""
    if len(tiles) >= FEWEST_TILES:
        return tiles
    own: list[dict[str, Any]] = [
        {"label": _("待办事项"), "value": len(tasks), "url": "#todo"},
        {"label": _("未读通知"), "value": shell_state.unread(request.member), "url": reverse("notifications")},
        {"label": _("在职成员"), "value": first_steps.colleagues(), "url": reverse("security")},
    ]
    if request.member.can("company.members"):
        own[-1]["url"] = reverse("members")
    return [*tiles, *own]


@require_member
@require_GET
def palette(request: Request) -> HttpResponse:
    """Ctrl+K: pages by name, records by code, name or pinyin initials."""
    text = request.GET.get("q", "").strip()
    pages = [
        {
            "label": str(place.item.label),
            "detail": str(place.group.label),
            "url": place.url,
            "icon": place.item.icon,
        }
        for place in menu.places(request.company, request.member)
        if text.lower() in str(place.item.label).lower()
    ]
    records = [hit for search in registry.searches() for hit in search(text, request.member)] if text else []
    groups = [{"label": _("页面"), "items": pages[:8]}, {"label": _("记录"), "items": records[:24]}]
    return render(request, "shell/palette_results.html", {"groups": [group for group in groups if group["items"]]})
