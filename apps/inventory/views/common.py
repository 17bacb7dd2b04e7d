"""What all pages of inventory share: lists with their Excel, verbs that answer with a toast, what the member may do."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.masterdata import public as masterdata
from kernel.api.lists import CHUNK
from kernel.errors import DomainError
from kernel.exports import Column, export_response
from kernel.http.request import Request, wants_fragment
from kernel.models import AuditEntry

ROWS = 50
VERBS = ("view_cost", "sell", "buy", "move", "count", "adjust_cost", "close")


def right_to_change(kind: str) -> str:
    """The right to post, reverse or throw away a document: values alone are changed by who may change costs."""
    return "inventory.adjust_cost" if kind in ("adjustment", "landed") else "inventory.move"


def show(
    request: Request, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Render a page; `can_move`, `can_sell` … say what the member may do."""
    may = {f"can_{verb}": request.member.can(f"inventory.{verb}") for verb in VERBS}
    names = {"unit_names": SimpleLazyObject(unit_names), "place_names": SimpleLazyObject(place_names)}
    return render(request, template, {**may, **names, **(context or {})}, status=status)


def unit_names() -> dict[str, str]:
    """{code: name} of units for lists in Chinese; English ones show the code, which is English."""
    return {} if (get_language() or "").startswith("en") else masterdata.unit_names()


def place_names() -> dict[str, str]:
    """{code: name} of warehouses."""
    return {place.code: place.name for place in masterdata.find_warehouses(active_only=False)}


def words_of(request: Request) -> dict[str, str]:
    """The words of the URL; the search box says `q`, the API `search`."""
    words = {
        name: str(value)[:200].replace("\x00", "")
        for name, value in request.GET.items()
        if name not in ("page", "format")
    }
    return {**words, "search": words.get("q", words.get("search", "")).strip()}


def list_page(
    request: Request,
    template: str,
    rows: Any,
    *,
    columns: Sequence[Column],
    name: str,
    context: Mapping[str, Any],
    export_rows: Callable[[Any], Any] | None = None,
) -> HttpResponseBase:
    """The list, its table alone for htmx, or the whole filter as a file. `rows`: a queryset or a list."""
    if request.GET.get("format") in ("xlsx", "csv"):
        source = rows.iterator(chunk_size=CHUNK) if hasattr(rows, "iterator") else rows
        return export_response(name, columns, export_rows(source) if export_rows else source, request.GET["format"])
    query = request.GET.copy()
    query["format"] = "xlsx"
    query.pop("page", None)
    shown = {
        "page": page_of(request, rows),
        "export_url": f"{request.path}?{query.urlencode()}",
        "q": words_of(request)["search"],
    }
    part = "#answer" if wants_fragment(request) else ""
    return show(request, template + part, {**context, **shown})


def page_of(request: Request, rows: Any) -> Page[Any]:
    """The page that the URL asks for; an odd number becomes the nearest one."""
    return Paginator(rows, ROWS).get_page(request.GET.get("page"))


def act(request: Request, back: str, verb: Callable[[], Any], said: Callable[[Any], str]) -> HttpResponse:
    """Run a verb, say what happened, go back. A refusal is a notice for htmx and a red toast for everybody else."""
    try:
        result = verb()
    except DomainError as error:
        if request.htmx or error.http_status in (403, 404):
            raise
        messages.error(request, error.message)
        return HttpResponseRedirect(back)
    messages.success(request, said(result))
    return HttpResponseRedirect(back)


def history(record: str, pk: int) -> list[dict[str, Any]]:
    """操作记录 of one record, newest first: who, when, what in words."""
    words = _verb_words()
    entries = AuditEntry.objects.filter(object=f"{record}:{pk}").order_by("-at", "-id")[:20]
    return [
        {"at": entry.at, "who": entry.actor_name, "words": words.get(entry.action.rpartition(".")[2], _("修改"))}
        for entry in entries
    ]


def _verb_words() -> dict[str, str]:
    return {
        "create": _("新增"),
        "draft": _("保存草稿"),
        "change": _("修改"),
        "post": _("记账"),
        "confirm": _("确认"),
        "ship": _("发货"),
        "receive": _("收货"),
        "return": _("退货"),
        "send_back": _("退货"),
        "close": _("关闭"),
        "cancel": _("取消"),
        "reverse": _("红冲"),
        "hold": _("冻结待处理"),
        "block": _("封存"),
        "release": _("放行"),
    }


def warehouse_choices() -> list[tuple[str, str]]:
    """(code, shown) of the warehouses in use."""
    return [(place.code, f"{place.code} {place.name}") for place in masterdata.find_warehouses()]


def state_choices(states: Any, counts: Mapping[str, int]) -> list[tuple[str, Any, int]]:
    """Options of the segment: all, then each state with its count."""
    return [("", _("全部"), counts[""]), *((value, _(str(label)), counts[value]) for value, label in states.choices)]
