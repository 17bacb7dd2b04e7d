"""What the pages of engineering and planning share: lists with their Excel, forms that keep what was typed."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render

from kernel.errors import DomainError
from kernel.exports import Column, export_response
from kernel.http.gates import require_module
from kernel.http.request import Request, wants_fragment

ROWS = 50
CHUNK = 2000
read = require_module("production", "production.view")
plan = require_module("production", "production.plan")
engineer = require_module("production", "production.engineer")


def show(request: Request, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page that knows what this member may do."""
    member = request.member
    may = {"may_plan": member.can("production.plan"), "may_engineer": member.can("production.engineer")}
    return render(request, template, {**may, **context}, status=status)


def asked(request: Request, name: str = "q", longest: int = 100) -> str:
    """A word of the URL, without what no text holds."""
    return request.GET.get(name, "").replace("\x00", "").strip()[:longest]


def list_page(
    request: Request,
    template: str,
    rows: Any,
    *,
    columns: Sequence[Column],
    name: str,
    context: dict[str, Any],
    prepare: Callable[[Any], None] = lambda row: None,
) -> HttpResponseBase:
    """The list, its table alone for htmx, or the whole filter as a file. `prepare` dresses each row that is shown."""
    if request.GET.get("format") in ("xlsx", "csv"):
        source = rows.iterator(chunk_size=CHUNK) if hasattr(rows, "iterator") else rows
        return export_response(name, columns, source, request.GET["format"])
    query = request.GET.copy()
    query["format"] = "xlsx"
    query.pop("page", None)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    for row in page:
        prepare(row)
    shown = {
        "page": page,
        "export_url": f"{request.path}?{query.urlencode()}",
        "q": asked(request),
    }
    part = "#table" if wants_fragment(request) else ""
    return show(request, template + part, {**context, **shown})


def saved(form: forms.Form, save: Callable[[], Any]) -> Any | None:
    """Call `save`; a refusal is put beside the field it names and None is the answer."""
    try:
        return save()
    except DomainError as error:
        known = {name: texts for name, texts in error.fields.items() if name in form.fields}
        for name, texts in known.items():
            form.add_error(name, texts)
        if not known:
            form.add_error(None, error.message)
        return None


def typed_code(request: Request, name: str) -> str:
    """The code of a lookup; without a script, what was typed up to the first blank."""
    chosen = request.POST.get(name, "").strip()
    return (chosen or request.POST.get(f"{name}_text", "").strip().partition(" ")[0]).replace("\x00", "")
