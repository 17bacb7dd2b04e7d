"""What the pages of finance share: the book, the month one works in, verbs that answer with a toast."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.finance.domain.numbers import ENGLISH_WORDS
from apps.finance.domain.periods import Period, Span
from apps.finance.forms import month_or_none
from apps.finance.models import Book
from apps.finance.models import Period as PeriodRow
from apps.finance.selectors import home_figures
from kernel.clock import today
from kernel.errors import DomainError
from kernel.http.gates import require_module
from kernel.http.request import Request

COOKIE = "qz_period"
COOKIE_AGE = 90 * 24 * 3600
View = TypeVar("View", bound=Callable[..., Any])


def needs_book(*, started: bool = True) -> Callable[[View], View]:
    """The view gets the book as second argument; without one (or before it is started) the page says the way out."""

    def decorate(view: View) -> View:
        @wraps(view)
        def with_book(request: Request, *args: Any, **kwargs: Any) -> Any:
            book = book_of(request)
            if book is None or (started and not book.is_started):
                return show(request, "finance/not_started.html", {"book": book})
            return view(request, book, *args, **kwargs)

        return with_book  # type: ignore[return-value]  # the wrapper lacks only the book

    return decorate


def book_of(request: HttpRequest) -> Book | None:
    """The one book, read once a request."""
    if not hasattr(request, "finance_book"):
        request.finance_book = home_figures.book()  # type: ignore[attr-defined]  # ours
    found: Book | None = request.finance_book  # type: ignore[attr-defined]  # ours
    return found


def working_period(request: HttpRequest, book: Book | None) -> Period:
    """The month chosen in the header; without a choice this month, never before the book begins."""
    chosen = month_or_none(request.COOKIES.get(COOKIE))
    month = chosen or Period.of(today())
    return max(month, book.start) if book is not None else month


def entry_date(book: Book, chosen: Period) -> date:
    """A date inside an open period to begin with: today, else the last day of the nearest open month."""
    now = today()
    if chosen != Period.of(now):
        now = chosen.last_day if chosen < Period.of(now) else chosen.first_day
    months = list(PeriodRow.objects.filter(state=PeriodRow.State.OPEN).order_by("index"))
    if not months or any(row.as_month.holds(now) for row in months):
        return now
    near = min(months, key=lambda row: abs(row.index - Period.of(now).index)).as_month
    return near.first_day if near.first_day > now else near.last_day


def months_to_choose(book: Book, chosen: Period) -> Span:
    """January (or the start of the book) to the chosen month."""
    return Span(max(chosen.january, min(book.start, chosen)), chosen)


def period_label(period: Period) -> str:
    """2026 年 11 月, in English Nov 2026."""
    if (get_language() or "").startswith("en"):
        return date_format(period.first_day, "M Y")
    return f"{period.year} 年 {period.month} 月"


def period_switch(request: HttpRequest) -> dict[str, Any] | None:
    """The switch in the header of finance pages and home."""
    member, company = getattr(request, "member", None), getattr(request, "company", None)
    if not (request.path == "/" or request.path.startswith("/finance/")):
        return None
    if member is None or company is None or "finance" not in company.modules or not member.can("finance.view"):
        return None
    book = book_of(request)
    if book is None:
        return None
    period = month_or_none(request.GET.get("period")) or month_or_none(request.GET.get("to"))
    period = period or working_period(request, book)
    return {"value": str(period), "label": period_label(period), "url": reverse("finance:period")}


@require_module("finance", "finance.view")
@require_POST
def choose_period(request: Request) -> HttpResponse:
    """Remember the month and turn the page over to it; the page's own filter follows."""
    period = month_or_none(request.POST.get("period"))
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = "/"
    response = HttpResponseRedirect(with_period(target, period) if period else target)
    if period:
        response.set_cookie(COOKIE, str(period), max_age=COOKIE_AGE, httponly=True, samesite="Lax",
                            secure=request.is_secure())  # fmt: skip
    return response


def with_period(target: str, period: Period) -> str:
    """The address with its months replaced by `period`; a voucher list is narrowed to it."""
    parts = urlsplit(target)
    query = [(name, value) for name, value in parse_qsl(parts.query) if name not in ("from", "to", "period", "page")]
    if parts.path == reverse("finance:voucher-list"):
        query += [("from", str(period)), ("to", str(period))]
    return urlunsplit(("", "", parts.path, urlencode(query), ""))


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


def book_tabs(current: str) -> list[dict[str, Any]]:
    """Tabs of 科目与期初: the chart, the opening, the settings, the rules and what they are told."""
    pages = (
        ("chart", _("科目"), "finance:accounts"),
        ("opening", _("期初余额"), "finance:opening"),
        ("settings", _("账套参数"), "finance:book-settings"),
        ("rules", _("自动凭证规则"), "finance:rules"),
        ("facts", _("业务队列"), "finance:facts"),
    )
    return [{"label": words, "url": reverse(name), "current": key == current} for key, words, name in pages]


VERBS = ("prepare", "review", "post", "sign", "close", "reopen", "settings", "rules", "export")


def show(
    request: Request, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Render a page of finance; `can_prepare`, `can_review` … say what the member may do."""
    rights = {f"can_{verb}": request.member.can(f"finance.{verb}") for verb in VERBS}
    return render(request, template, {**rights, **(context or {})}, status=status)


def query_of(get: QueryDict, changes: Mapping[str, Any] | None = None) -> str:
    """A query string with some parts changed; page and format begin anew."""
    query = get.copy()
    for name in ("page", "format"):
        query.pop(name, None)
    for name, value in (changes or {}).items():
        query[name] = str(value)
    return query.urlencode()


def safe_int(text: str | None, standard: int = 1) -> int:
    """A positive number from an address."""
    return int(text) if text and text.isascii() and text.isdigit() and 0 < int(text) < 10**9 else standard


def ids_of(values: list[str]) -> list[int]:
    """Voucher ids from a form or address, in order, each once."""
    texts = [part for value in values for part in value.split(",")]
    return list(dict.fromkeys(int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19))


def word_shown(word: str) -> str:
    """凭证字 in the reader's language: GJ for 记; a word of the company's own stays."""
    return ENGLISH_WORDS.get(word, word) if (get_language() or "").startswith("en") else word
