"""记账凭证: the grid where vouchers are typed, and the answers its lookups ask for."""

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from apps.finance import entry_form
from apps.finance.entry_form import VoucherEntry
from apps.finance.forms import ValueForm, day_or_none
from apps.finance.models import Book, Voucher
from apps.finance.selectors import voucher_pages
from apps.finance.selectors.account_names import AccountOption, account_options
from apps.finance.selectors.aux_values import find_values, value_labels
from apps.finance.selectors.combos import get_dimension
from apps.finance.selectors.voucher_detail import line_rows
from apps.finance.services import add_value, vouchers
from apps.finance.views.common import entry_date, needs_book, show, word_shown, working_period
from kernel.clock import now
from kernel.errors import DomainError, StaleVersion
from kernel.http.gates import require_module
from kernel.http.once import fresh_key, run_once
from kernel.http.request import Request

LOCAL_LIMIT = 500
LOOKUP_LIMIT = 50


@require_module("finance", "finance.prepare")
@require_http_methods(["GET", "POST"])
@needs_book()
def new(request: Request, book: Book) -> HttpResponse:
    """A fresh voucher."""
    options = _options()
    if request.method == "POST":
        return _save(request, book, options, None)
    on = day_or_none(request.GET.get("date")) or entry_date(book, working_period(request, book))
    word = request.GET.get("word", "")
    entry = entry_form.blank(word=word if word in book.voucher_words else book.voucher_words[0], on=on)
    return _page(request, book, options, entry)


@require_module("finance", "finance.prepare")
@require_http_methods(["GET", "POST"])
@needs_book()
def edit(request: Request, book: Book, voucher_id: int) -> HttpResponse:
    """Alter a draft; anything else leads to its page."""
    voucher = voucher_pages.with_lines(Voucher.objects.all()).filter(pk=voucher_id).first()
    if voucher is None:
        raise Http404
    options = _options()
    if request.method == "POST":
        return _save(request, book, options, voucher)
    if voucher.state != Voucher.State.DRAFT:
        messages.error(request, _("%(voucher)s已审核或已记账，不能修改。") % {"voucher": voucher})
        return HttpResponseRedirect(reverse("finance:voucher", args=[voucher_id]))
    return _page(request, book, options, entry_form.of_voucher(voucher, options), voucher=voucher)


def _options() -> dict[str, AccountOption]:
    return {option.code: option for option in account_options()}


def _save(request: Request, book: Book, options: dict[str, AccountOption], voucher: Voucher | None) -> HttpResponse:
    entry = entry_form.read(request, options)
    stale = None
    if entry.is_valid:
        try:
            return HttpResponseRedirect(run_once(request, lambda: _store(request, entry, voucher)))
        except StaleVersion as error:
            stale = error
            entry.faults.append(error.message)
        except DomainError as error:
            if error.http_status in (403, 404):
                raise
            entry_form.take_refusal(entry, error)
    return _page(request, book, options, entry, voucher=voucher, status=409 if stale else 422)


def _store(request: Request, entry: VoucherEntry, voucher: Voucher | None) -> str:
    """Draft or alter; answers where to go."""
    given: dict[str, Any] = {
        "date": entry.on,
        "word": entry.word,
        "kind": entry.kind,
        "attachment_count": int(entry.attachment_count),
        "lines": entry_form.inputs(entry),
        "actor": request.member,
        "at": now(),
    }
    if voucher is None:
        saved = vouchers.draft_voucher(**given)
    else:
        version = int(entry.version) if entry.version.isascii() and entry.version.isdigit() else 0
        saved = vouchers.alter_draft(voucher_id=voucher.pk, version=version, **given)
    messages.success(request, _("凭证 #%(id)s 已保存") % {"id": saved.pk})
    if request.POST.get("then") == "new":
        return f"{reverse('finance:voucher-new')}?date={saved.date}&word={saved.word}"
    return reverse("finance:voucher", args=[saved.pk])


def _page(
    request: Request,
    book: Book,
    options: dict[str, AccountOption],
    entry: VoucherEntry,
    *,
    voucher: Voucher | None = None,
    status: int = 200,
) -> HttpResponse:
    local = len(options) <= LOCAL_LIMIT
    labels = value_labels(pair for line in entry.lines for pair in line.aux.items())
    for line in entry.lines:
        line.labels = labels
    context = {
        "book": book,
        "entry": entry,
        "voucher": voucher,
        "lines": list(entry_form.padded(entry.lines)),
        "words": [(word, word_shown(word)) for word in book.voucher_words],
        "options": [option.as_json() for option in options.values()] if local else [],
        "local": "q-accounts" if local else "",
        "lookup_url": "" if local else reverse("finance:account-lookup"),
        "dimensions": _dimension_names(options),
        "once": fresh_key(),
        "start_here": status == 200 and "word" in request.GET,  # after 保存并新增 the hands stay on the lines
        "theirs": line_rows(voucher) if status == 409 and voucher else [],
        "action": request.path,
    }
    template = "finance/voucher/entry.html"
    return show(request, f"{template}#form" if request.htmx and status != 200 else template, context, status=status)


def _dimension_names(options: dict[str, AccountOption]) -> dict[str, str]:
    return {code: name for option in options.values() for code, name, _required in option.dimensions}


@require_module("finance", "finance.view")
@require_GET
def account_lookup(request: Request) -> JsonResponse:
    """Accounts for a lookup when there are too many to carry along."""
    text = request.GET.get("q", "").strip().casefold()
    found = [one.as_json() for one in account_options()]
    if text:
        found = [one for one in found if _fits(one, text)]
    return JsonResponse({"results": found[:LOOKUP_LIMIT]})


def _fits(option: dict[str, Any], text: str) -> bool:
    return option["code"].startswith(text) or text in option["text"].casefold() or text in option["py"]


@require_module("finance", "finance.view")
@require_GET
def value_lookup(request: Request, dimension: str) -> JsonResponse:
    """Values of a dimension: customers, items, departments … by code, name or pinyin."""
    found = find_values(dimension, request.GET.get("q", "").strip(), limit=LOOKUP_LIMIT)
    return JsonResponse({"results": found})


@require_module("finance", "finance.prepare")
@require_http_methods(["GET", "POST"])
def value_new(request: Request, dimension: str) -> HttpResponse:
    """F8 in a lookup: a dialog that makes the customer, item, department … and hands it to the line."""
    of = get_dimension(dimension)
    form = ValueForm(request.POST or None)
    if form.is_valid():
        try:
            value = add_value(dimension=dimension, **form.cleaned_data, actor=request.member, at=now())
        except DomainError as error:
            form.add_error(next(iter(error.fields or {}), None), error.message)
        else:
            answer = HttpResponse(status=204)
            answer["HX-Trigger"] = json.dumps({"q-created": {"code": value.code, "text": value.name}, "q-close": True})
            return answer
    context = {"form": form, "dimension": of, "title": _("新增%(name)s") % {"name": _(of.name)}}
    return show(request, "finance/voucher/_value.html", context, status=422 if form.is_bound else 200)
