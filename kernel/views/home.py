"""工作台: the day at a glance; every figure opens its rows."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from kernel import audit, registry
from kernel.clock import now
from kernel.forms.accounts import CompanyNameForm
from kernel.http.gates import require_member, require_right
from kernel.http.request import Request
from tenants.context import shared_context
from tenants.models import Tenant

GREETINGS = ((5, "晚上好"), (9, "早上好"), (11, "上午好"), (13, "中午好"), (18, "下午好"), (24, "晚上好"))


@require_member
@require_GET
def home(request: Request) -> HttpResponse:
    """Greeting, figures, what waits, first steps."""
    moment = timezone.localtime(now())
    steps = _read(registry.checklist_steps(), request)
    context = {
        "greeting": _greeting(moment.hour),
        "moment": moment,
        "tiles": _read(registry.home_tiles(), request),
        "tasks": _read(registry.home_tasks(), request),
        "steps": steps,
        "steps_done": sum(1 for step in steps if step["done"]),
        "panels": [panel for panel in registry.panels("home") if _may(panel, request)],
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


@require_member
@require_GET
def palette(request: Request) -> HttpResponse:
    """Ctrl+K: pages by name, records by code, name or pinyin initials."""
    text = request.GET.get("q", "").strip()
    pages = [
        {"label": str(item.label), "detail": str(group.label), "url": reverse(item.url_name), "icon": item.icon}
        for group in registry.groups()
        if group.module is None or group.module in request.company.modules
        for item in group.items
        if (item.right is None or request.member.can(item.right)) and text.lower() in str(item.label).lower()
    ]
    records = [hit for search in registry.searches() for hit in search(text, request.member)] if text else []
    groups = [{"label": _("页面"), "items": pages[:8]}, {"label": _("记录"), "items": records[:24]}]
    return render(request, "shell/palette_results.html", {"groups": [group for group in groups if group["items"]]})


@require_right("company.view", write="company.settings")
@require_http_methods(["GET", "POST"])
def settings_page(request: Request) -> HttpResponse:
    """设置: the company's name as its people see it."""
    form = CompanyNameForm(request.POST or None, initial={"name": request.company.name})
    if request.method == "POST" and form.is_valid():
        before, after = request.company.name, form.cleaned_data["name"]
        with shared_context():
            Tenant.objects.filter(pk=request.company.id).update(name=after)
        audit.record(
            actor=request.member,
            action="company.rename",
            object="company",
            label=after,
            changes={"name": [before, after]},
        )
        return HttpResponseRedirect(reverse("settings"))
    return render(request, "company/settings.html", {"form": form}, status=422 if form.is_bound else 200)
