"""操作日志: who did what and when; the filter leaves as Excel."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kernel import audit_log, audit_words
from kernel.forms.company import AuditFilterForm
from kernel.http.gates import require_right
from kernel.http.request import Request, wants_fragment

PAGE = 50


@require_right("company.audit")
@require_GET
def audit(request: Request) -> HttpResponseBase:
    """Newest first; filtered by person, day, kind and content."""
    form = AuditFilterForm(request.GET or None, people=audit_log.actors(), kinds=audit_words.nouns())
    found = audit_log.entries(**_wanted(form))
    fmt = request.GET.get("format")
    if fmt:
        return audit_log.export(found, fmt)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    rows = [
        {"entry": entry, "action": audit_words.action_text(entry.action), "changes": audit_words.changes_of(entry)}
        for entry in page
    ]
    context = {"form": form, "page": page, "rows": rows, "q": request.GET.get("q", "")}
    return render(request, "company/audit.html#list" if wants_fragment(request) else "company/audit.html", context)


def _wanted(form: AuditFilterForm) -> dict[str, Any]:
    """What the form asks for; a field that makes no sense asks for nothing."""
    form.full_clean()
    given = form.cleaned_data if form.is_bound else {}
    person = str(given.get("person") or "")
    days: dict[str, date | None] = {name: given.get(name) for name in ("since", "until")}
    return {
        "text": str(given.get("q") or ""),
        "actor_id": int(person) if person else None,
        "action": str(given.get("kind") or ""),
        **days,
    }
