"""What the shop floor's pages share: lists with their Excel, refusals beside their fields, notices after a verb."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from kernel.api.lists import CHUNK
from kernel.errors import DomainError
from kernel.exports import Column, export_response
from kernel.http.request import Request, wants_fragment
from kernel.models import AuditEntry

ROWS = 50


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
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    shown = {"page": page, "export_url": f"{request.path}?{query.urlencode()}"}
    part = "#answer" if wants_fragment(request) else ""
    return show(request, template + part, {**context, **shown})


def show(request: Request, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page that knows what this member may do."""
    member = request.member
    may = {f"may_{verb}": member.can(f"production.{verb}") for verb in ("plan", "report", "wages", "undo_any")}
    return render(request, template, {**may, **context}, status=status)


def saved(form: forms.Form, save: Callable[[], Any]) -> Any | None:
    """Call `save`; a refusal is put beside the field it names and None is the answer."""
    try:
        return save()
    except DomainError as error:
        spots = {name: texts for name, texts in error.fields.items() if name in form.fields}
        for name, texts in spots.items():
            form.add_error(name, texts)
        if not spots:
            form.add_error(None, error.message)
        return None


def acted(request: Request, act: Callable[[], Any], said: str, back: str) -> HttpResponse:
    """Do a verb and go `back`; a refusal is said there."""
    try:
        act()
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, said)
    return redirect(back)


def refuse_form(request: Request, form: forms.Form, back: str) -> HttpResponse:
    """A dialog's form that does not fit: its first reason, at the page it came from."""
    texts = [str(error) for errors in form.errors.values() for error in errors]
    messages.error(request, texts[0] if texts else _("请修正标红的内容。"))
    return redirect(back)


def history(record: str, pk: int) -> list[dict[str, Any]]:
    """操作记录 of one record, newest first: who, when, what in words."""
    words = {
        "create": _("新增"), "release": _("下达"), "hold": _("暂停"), "resume": _("恢复"), "change": _("修改"),
        "cancel": _("取消"), "complete": _("完工"), "close": _("关闭"), "issue": _("领料"), "return": _("退料"),
        "receive": _("完工入库"),
    }  # fmt: skip
    entries = AuditEntry.objects.filter(object=f"{record}:{pk}").order_by("-at", "-id")[:30]
    return [
        {"at": entry.at, "who": entry.actor_name, "words": words.get(entry.action.rpartition(".")[2], _("修改"))}
        for entry in entries
    ]
