"""批量操作 on the voucher list: review with undo, post after a dialog, print, export."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.finance.models import Book, Voucher
from apps.finance.selectors import voucher_pages
from apps.finance.services import BatchResult, post_many, review_many, unreview
from apps.finance.views.common import ids_of, needs_book, show
from apps.finance.views.vouchers import list_context
from kernel.clock import now
from kernel.errors import DomainError, Invalid
from kernel.http.gates import check_right, require_module
from kernel.http.request import Request

LIMIT = 500


@require_module("finance", "finance.view")
@require_POST
@needs_book()
def batch(request: Request, book: Book) -> HttpResponse:
    """One verb for the chosen vouchers. `filter` carries the list's own."""
    ids = ids_of(request.POST.getlist("ids"))[:LIMIT]
    verb = request.POST.get("verb", "")
    if not ids:
        raise Invalid(_("请先选择凭证。"))
    if verb in ("print", "export"):
        return HttpResponseRedirect(_file_url(verb, ids))
    if verb == "review":
        check_right(request.member, "finance.review")
        result = review_many(voucher_ids=ids, actor=request.member, at=now())
        undo = _undo_url(request, [voucher.pk for voucher in result.done])
        return _answer(request, book, result, _("已审核 %(count)s 张凭证"), undo)
    if verb == "post":
        check_right(request.member, "finance.post")
        if request.POST.get("confirmed") != "1":
            return _ask(request, book, ids)
        result = post_many(voucher_ids=ids, actor=request.member, at=now())
        return _answer(request, book, result, _("已记账 %(count)s 张凭证"), "")
    raise Invalid(_("没有这项操作，请刷新页面后重试。"))


def _file_url(verb: str, ids: list[int]) -> str:
    query = urlencode({"ids": ",".join(str(one) for one in ids)})
    if verb == "print":
        return f"{reverse('finance:voucher-print')}?{query}"
    return f"{reverse('finance:voucher-list')}?{query}&format=xlsx"


def _ask(request: Request, book: Book, ids: list[int]) -> HttpResponse:
    """The dialog before posting: how many, how much, and which will be left out."""
    sums = voucher_pages.sum_of(ids)
    ready, amount = sums.get(Voucher.State.REVIEWED, (0, 0))
    context = {
        "ids": ids,
        "ready": ready,
        "amount": amount,
        "left_out": sum(count for state, (count, _sum) in sums.items() if state != Voucher.State.REVIEWED),
        "filter": request.POST.get("filter", ""),
    }
    if request.htmx:
        return show(request, "finance/voucher/_ask_post.html", context)
    return show(request, "finance/voucher/ask_post.html", context)


def _undo_url(request: Request, ids: list[int]) -> str:
    if not ids:
        return ""
    query = urlencode({"undo": ",".join(str(one) for one in ids), "filter": request.POST.get("filter", "")})
    return f"{reverse('finance:voucher-undo-review')}?{query}"


@require_module("finance", "finance.view", write="finance.review")
@require_POST
@needs_book()
def undo_review(request: Request, book: Book) -> HttpResponse:
    """撤销 of a bulk review: what was not posted meanwhile goes back to draft."""
    done: list[Voucher] = []
    refusals: list[tuple[int, DomainError]] = []
    for voucher_id in ids_of(request.GET.getlist("undo"))[:LIMIT]:
        try:
            done.append(unreview(voucher_id=voucher_id, actor=request.member))
        except DomainError as error:
            refusals.append((voucher_id, error))
    result = BatchResult(tuple(done), tuple(refusals))
    return _answer(request, book, result, _("已取消审核 %(count)s 张凭证"), "", out_of_band=True)


def _answer(
    request: Request, book: Book, result: BatchResult, words: str, undo: str, *, out_of_band: bool = False
) -> HttpResponse:
    """Table, every count, and a toast; without a script back to the list with the same words."""
    narrowed = QueryDict(request.POST.get("filter") or request.GET.get("filter", ""))
    said = words % {"count": len(result.done)}
    refused = _refusals(result)
    if not request.htmx:
        if result.done:
            messages.success(request, said)
        if refused:
            messages.error(request, refused)
        return HttpResponseRedirect(f"{reverse('finance:voucher-list')}?{narrowed.urlencode()}")
    context: dict[str, Any] = list_context(narrowed, book)
    context |= {"said": said if result.done else "", "refused": refused, "undo": undo, "out_of_band": out_of_band}
    answer = show(request, "finance/voucher/list.html#answer", context)
    answer["HX-Trigger"] = "q-close"
    return answer


def _refusals(result: BatchResult) -> str:
    if not result.refused:
        return ""
    return _("%(count)s 张没有处理：%(reason)s") % {
        "count": len(result.refused), "reason": result.refused[0][1].message,
    }  # fmt: skip
