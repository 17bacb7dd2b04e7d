"""凭证: the list, one voucher, and what may be done with them."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.finance.entry_form import word_meant
from apps.finance.forms import CopyForm, ReverseForm, month_or_none
from apps.finance.models import Book, Period, Voucher
from apps.finance.selectors import voucher_pages
from apps.finance.selectors.account_names import account_names
from apps.finance.selectors.voucher_detail import history, in_words, line_rows, source_words
from apps.finance.selectors.voucher_pages import VoucherFilter
from apps.finance.services import signing, vouchers
from apps.finance.services.posting import post
from apps.finance.views.common import (
    act,
    entry_date,
    ids_of,
    needs_book,
    query_of,
    safe_int,
    show,
    word_shown,
    working_period,
)
from apps.finance.views.facts import facts_of
from kernel.clock import now
from kernel.exports import Column, export_response
from kernel.http.gates import EXPORTS, check_right, require_module
from kernel.http.request import Request, wants_fragment


def read_filter(get: QueryDict) -> VoucherFilter:
    """The filter as an address has it; what cannot be read narrows nothing."""
    state = get.get("state", "")
    return VoucherFilter(
        text=get.get("q", "").strip()[:100],
        state=state if state in voucher_pages.STATES else "",
        first=month_or_none(get.get("from")),
        last=month_or_none(get.get("to")),
        word=word_meant(get.get("word", "")[:8]),
        account=get.get("account", "")[:20],
        maker=get.get("maker", "").strip()[:60],
        ids=tuple(ids_of(get.getlist("ids"))),
    )


@require_module("finance", "finance.view")
@require_GET
@needs_book()
def voucher_list(request: Request, book: Book) -> HttpResponseBase:
    """凭证列表; `format=xlsx` or `csv` answers the whole filter as a file."""
    if request.GET.get("format") in EXPORTS:
        check_right(request.member, "finance.export")
        return _export(read_filter(request.GET), request.GET["format"])
    context = list_context(request.GET, book)
    if wants_fragment(request):
        part = "rows" if context["page"] > 1 else "answer"
        return show(request, f"finance/voucher/list.html#{part}", context)
    return show(request, "finance/voucher/list.html", context)


def list_context(get: QueryDict, book: Book) -> dict[str, Any]:
    """Everything the list shows for the filter of an address."""
    wanted = read_filter(get)
    page = safe_int(get.get("page"))
    start = (page - 1) * voucher_pages.PAGE
    found = list(voucher_pages.vouchers(wanted)[start : start + voucher_pages.PAGE + 1])
    sums = voucher_pages.totals(wanted)
    query = query_of(get)
    more = len(found) > voucher_pages.PAGE
    return {
        "wanted": wanted,
        "rows": voucher_pages.listed(found[: voucher_pages.PAGE]),
        "totals": sums,
        "states": _states(sums),
        "page": page,
        "query": query,
        "next": f"{reverse('finance:voucher-list')}?{query_of(get, {'page': page + 1})}" if more else "",
        "export_url": f"{reverse('finance:voucher-list')}?{query_of(get, {'format': 'xlsx'})}",
        "words": [(word, word_shown(word)) for word in book.voucher_words],
        "narrowed": bool(query),
        "filters": sum(1 for part in (wanted.first or wanted.last, wanted.word, wanted.account, wanted.maker) if part),
        "this_year": _one_year(found),
        "waiting": voucher_pages.waiting_for(Voucher.State.DRAFT),
    }


def _states(sums: voucher_pages.Totals) -> list[tuple[str, str, int]]:
    return [
        ("", _("全部"), sums.everything),
        *((state.value, str(state.label), sums.by_state.get(state.value, 0)) for state in Voucher.State),
    ]


def _one_year(rows: list[Voucher]) -> bool:
    return len({row.date.year for row in rows}) == 1


def _export(wanted: VoucherFilter, fmt: str) -> HttpResponseBase:
    """The vouchers line by line, as other programs read them."""
    columns = (
        Column("date", _("日期"), "date"), Column("number", _("字号")), Column("summary", _("摘要")),
        Column("code", _("科目编码")), Column("account", _("会计科目")), Column("aux", _("辅助核算")),
        Column("debit", _("借方金额"), "money"), Column("credit", _("贷方金额"), "money"),
        Column("maker", _("制单")), Column("state", _("状态")),
    )  # fmt: skip
    rows = voucher_pages.with_lines(voucher_pages.vouchers(wanted)).iterator(chunk_size=500)
    return export_response(_("凭证"), columns, _export_rows(rows), fmt)


def _export_rows(rows: Any) -> Any:
    names = account_names()
    for voucher in rows:
        head = {
            "date": voucher.date,
            "number": voucher.shown_number or f"#{voucher.pk}",
            "maker": voucher.prepared_by_name,
            "state": str(Voucher.State(voucher.state).label),
        }
        for line in voucher.lines.all():
            yield head | {
                "summary": line.summary, "code": line.account.code, "account": names[line.account_id].name,
                "aux": line.combo.key, "debit": line.debit or None, "credit": line.credit or None,
            }  # fmt: skip


@require_module("finance", "finance.view")
@require_GET
def voucher_page(request: Request, voucher_id: int) -> HttpResponse:
    """One voucher: lines, signers, what may be done with it, and who did what."""
    voucher = (
        voucher_pages.with_lines(Voucher.objects.select_related("period", "reverses")).filter(pk=voucher_id).first()
    )
    if voucher is None:
        raise Http404
    book = Book.objects.get()
    on = entry_date(book, working_period(request, book))
    context = {
        "voucher": voucher,
        "lines": line_rows(voucher),
        "capitals": in_words(voucher.total),
        "source": source_words(voucher),
        "can": _verbs(request, book, voucher),
        "reversal": voucher.reversals.first(),
        "history": history(f"voucher:{voucher.pk}"),
        "facts": facts_of(voucher.pk) if voucher.source_kind == "rule" else [],
        "reverse_form": ReverseForm(initial={"date": on}),
        "copy_form": CopyForm(initial={"date": on}, prefix="copy"),
    }
    return show(request, "finance/voucher/detail.html", context)


def _verbs(request: Request, book: Book, voucher: Voucher) -> dict[str, Any]:
    """Which verbs the state and the member's rights allow; `why_not_review` says why the button is off."""
    can, state = request.member.can, voucher.state
    own = book.separate_reviewer and voucher.prepared_by_id == request.member.user_id
    draft, reviewed, posted = (state == one for one in ("draft", "reviewed", "posted"))
    open_period = voucher.period.state == Period.State.OPEN
    return {
        "edit": draft and can("finance.prepare"),
        "delete": draft and can("finance.prepare"),
        "review": draft and can("finance.review"),
        "why_not_review": own,
        "unreview": reviewed and can("finance.review"),
        "sign": not posted and voucher.cashier_signed_at is None and can("finance.sign") and book.cashier_sign,
        "post": reviewed and can("finance.post") and open_period,
        "reverse": posted and can("finance.prepare") and voucher.reverses_id is None and not voucher.reversals.exists(),
        "copy": can("finance.prepare"),
    }


def _detail(voucher_id: int) -> str:
    return reverse("finance:voucher", args=[voucher_id])


@require_module("finance", "finance.view", write="finance.review")
@require_POST
def review(request: Request, voucher_id: int) -> HttpResponse:
    return act(
        request, _detail(voucher_id), lambda: signing.review(voucher_id=voucher_id, actor=request.member, at=now()),
        lambda voucher: _("%(voucher)s已审核") % {"voucher": shown(voucher)},
    )  # fmt: skip


@require_module("finance", "finance.view", write="finance.review")
@require_POST
def unreview(request: Request, voucher_id: int) -> HttpResponse:
    return act(
        request, _detail(voucher_id), lambda: signing.unreview(voucher_id=voucher_id, actor=request.member),
        lambda voucher: _("%(voucher)s已取消审核") % {"voucher": shown(voucher)},
    )  # fmt: skip


@require_module("finance", "finance.view", write="finance.sign")
@require_POST
def sign(request: Request, voucher_id: int) -> HttpResponse:
    return act(
        request, _detail(voucher_id),
        lambda: signing.cashier_sign(voucher_id=voucher_id, actor=request.member, at=now()),
        lambda voucher: _("%(voucher)s已签字") % {"voucher": shown(voucher)},
    )  # fmt: skip


@require_module("finance", "finance.view", write="finance.post")
@require_POST
def post_one(request: Request, voucher_id: int) -> HttpResponse:
    return act(
        request, _detail(voucher_id), lambda: post(voucher_id=voucher_id, actor=request.member, at=now()),
        lambda voucher: _("%(voucher)s已记账") % {"voucher": shown(voucher)},
    )  # fmt: skip


@require_module("finance", "finance.view", write="finance.prepare")
@require_POST
def delete(request: Request, voucher_id: int) -> HttpResponse:
    voucher = Voucher.objects.filter(pk=voucher_id).first()
    if voucher is None:
        raise Http404
    back = reverse("finance:voucher-list") if voucher.state == Voucher.State.DRAFT else _detail(voucher_id)
    return act(
        request, back, lambda: vouchers.delete_draft(voucher_id=voucher_id, actor=request.member),
        lambda _done: _("凭证 #%(id)s 已删除") % {"id": voucher_id},
    )  # fmt: skip


@require_module("finance", "finance.view", write="finance.prepare")
@require_POST
def reverse_one(request: Request, voucher_id: int) -> HttpResponse:
    """红字冲销: drafts the red voucher and opens it."""
    form = ReverseForm(request.POST)
    if not form.is_valid():
        return show(request, "finance/voucher/_reverse.html", {"form": form, "voucher_id": voucher_id}, status=422)
    return _made(
        request, voucher_id,
        lambda: vouchers.reverse(voucher_id=voucher_id, **form.cleaned_data, actor=request.member, at=now()),
        _("红字凭证 #%(id)s 已生成，请审核后记账"),
    )  # fmt: skip


@require_module("finance", "finance.view", write="finance.prepare")
@require_POST
def copy_one(request: Request, voucher_id: int) -> HttpResponse:
    """复制: drafts the same lines and opens them for change."""
    form = CopyForm(request.POST, prefix="copy")
    if not form.is_valid():
        return show(request, "finance/voucher/_copy.html", {"form": form, "voucher_id": voucher_id}, status=422)
    day = form.cleaned_data["date"]
    return _made(
        request, voucher_id, lambda: vouchers.copy(voucher_id=voucher_id, date=day, actor=request.member, at=now()),
        _("已复制为凭证 #%(id)s"),
    )  # fmt: skip


def _made(request: Request, voucher_id: int, verb: Any, words: str) -> HttpResponse:
    made: list[Voucher] = []
    answer = act(request, _detail(voucher_id), lambda: made.append(verb()), lambda _none: words % {"id": made[0].pk})
    return HttpResponseRedirect(_detail(made[0].pk)) if made else answer


def shown(voucher: Voucher) -> str:
    """凭证 记-12 or 凭证 #17 in the reader's language."""
    return _("凭证 %(number)s") % {"number": voucher.shown_number or f"#{voucher.pk}"}
