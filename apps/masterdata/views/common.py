"""What all pages of master data share: lists with their Excel, forms that keep what was typed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from kernel.api.lists import CHUNK
from kernel.errors import DomainError, StaleVersion
from kernel.exports import Column, export_response
from kernel.http.request import Request, wants_fragment
from kernel.models import AuditEntry

ROWS = 50


@dataclass(frozen=True)
class Section:
    """A heading of a form page: fields of the main form, or the rows of a form set."""

    title: Any
    fields: Sequence[Any] = ()
    rows: Any = None
    hint: Any = ""


def filters(request: Request) -> dict[str, str]:
    """The words of the URL; the search box says `q`, the API `search`."""
    words = {name: str(value) for name, value in request.GET.items() if name not in ("page", "format")}
    return {**words, "search": words.get("q", words.get("search", ""))}


def page_of(request: Request, rows: QuerySet[Any]) -> Page[Any]:
    """The page that the URL asks for; an odd number becomes the nearest one."""
    return Paginator(rows, ROWS).get_page(request.GET.get("page"))


def list_page(
    request: Request,
    template: str,
    rows: QuerySet[Any],
    *,
    columns: Sequence[Column],
    name: str,
    context: dict[str, Any],
) -> HttpResponseBase:
    """The list, its table alone for htmx, or the whole filter as a file."""
    if request.GET.get("format") in ("xlsx", "csv"):
        return export_response(name, columns, rows.iterator(chunk_size=CHUNK), request.GET["format"])
    query = request.GET.copy()
    query["format"] = "xlsx"
    query.pop("page", None)
    shown = {
        "page": page_of(request, rows),
        "export_url": f"{request.path}?{query.urlencode()}",
        "q": filters(request)["search"],
    }
    part = "#answer" if wants_fragment(request) else ""
    return show(request, template + part, {**context, **shown})


def is_valid(form: forms.Form, rows: dict[str, Any]) -> bool:
    """Form and form sets alike; a bad row is named above the form, too."""
    answers = [form.is_valid(), *(one.is_valid() for one in rows.values())]
    if answers[0] and not all(answers):
        form.add_error(None, _("有一行没有填对，请修正标红的内容。"))
    return all(answers)


def saved(form: forms.Form, save: Callable[[], Any], *, rows: dict[str, Any] | None = None) -> Any | None:
    """Call `save`; a refusal is put beside the field it names and None is the answer."""
    try:
        return save()
    except DomainError as error:
        spots = {name: texts for name, texts in error.fields.items() if name in form.fields}
        for name, texts in spots.items():
            form.add_error(name, texts)
        if not spots:
            form.add_error(None, error.message)
        _mark_rows(error, rows or {})
        if isinstance(error, StaleVersion):
            form.is_stale = True  # type: ignore[attr-defined]  # read by the template
        return None


def _mark_rows(error: DomainError, rows: dict[str, Any]) -> None:
    """`units.0.factor` belongs to row 0 of the form set `units`."""
    for spot, texts in error.fields.items():
        name, _dot, rest = spot.partition(".")
        place, _dot, field = rest.partition(".")
        if name in rows and place.isdigit():
            filled = [row for row in rows[name] if row.has_changed() or row.initial]
            if int(place) < len(filled) and field in filled[int(place)].fields:
                filled[int(place)].add_error(field, texts)


def form_page(
    request: Request, *, title: str, form: forms.Form, sections: Sequence[Section], back: str, **context: Any
) -> HttpResponse:
    """The one form page of master data; 422 when something is wrong, everything typed is kept."""
    page = {"title": title, "form": form, "sections": sections, "back": back, **context}
    return show(request, "masterdata/form.html", page, status=422 if form.is_bound else 200)


def simple_form(
    request: Request,
    form: forms.Form,
    save: Callable[[dict[str, Any]], Any],
    *,
    title: str,
    back: str,
    delete: str = "",
    said: str = "",
) -> HttpResponse:
    """GET shows `form`, POST saves it and goes `back`."""
    if request.method == "POST" and form.is_valid():
        values = form.values()  # type: ignore[attr-defined]  # of RecordForm
        if saved(form, lambda: save(values)) is not None:
            messages.success(request, said or _("已保存"))
            return redirect(back)
    names = [name for name in form.fields if name != "version"]
    sections = [Section("", [form[name] for name in names])]
    return form_page(request, title=title, form=form, sections=sections, back=back, delete=delete)


def removed(request: Request, remove: Callable[[], None], *, back: str, stay: str) -> HttpResponse:
    """Delete and go `back`; refused = the reason as a message at `stay`."""
    try:
        remove()
    except DomainError as error:
        messages.error(request, error.message)
        return redirect(stay)
    messages.success(request, _("已删除"))
    return redirect(back)


def history(record: str, pk: int) -> list[dict[str, Any]]:
    """操作记录 of one record, newest first: who, when, what in words."""
    words = {
        "create": _("新增"),
        "change": _("修改"),
        "merge": _("合并了重复物料"),
        "erase": _("清除了联系人"),
        "ask": _("提出改动银行账户"),
        "confirm": _("确认改动银行账户"),
        "reject": _("拒绝改动银行账户"),
    }
    entries = AuditEntry.objects.filter(object=f"{record}:{pk}").order_by("-at", "-id")[:20]
    return [
        {"at": entry.at, "who": entry.actor_name, "words": words.get(entry.action.rpartition(".")[2], _("修改"))}
        for entry in entries
    ]


def show(request: Request, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page that knows what this member may do."""
    member = request.member
    may = {"may_edit": member.can("masterdata.edit"), "may_set": member.can("masterdata.settings")}
    return render(request, template, {**may, **context}, status=status)
