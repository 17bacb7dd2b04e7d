"""齐套检查."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from apps.production.api.kit import shown
from apps.production.plan_forms import KitForm
from apps.production.services.kit_check import kit_check
from apps.production.views.plan_pages import read, show
from kernel.clock import today
from kernel.http.request import Request


@read
@require_GET
def kit_check_page(request: Request) -> HttpResponse:
    """All open orders in sequence, unless the form says otherwise."""
    form = KitForm(request.GET or None)
    chosen: dict[str, Any] = form.cleaned_data if form.is_bound and form.is_valid() else {}
    report = kit_check(
        numbers=None,
        since=chosen.get("since"),
        until=chosen.get("until"),
        in_sequence=chosen.get("mode") != "alone",
        expected=bool(chosen.get("expected")),
        today=today(),
    )
    found = shown(report)
    percent = {
        name: None if found[name] is None else f"{float(found[name]):.0%}" for name in ("order_rate", "line_rate")
    }
    context = {"form": form, "report": found, "percent": percent, "title": _("齐套检查")}
    return show(request, "production/kit_check.html", context)
