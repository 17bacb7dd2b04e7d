"""业务事实: the queue of what others told the books, one fact, and the corner on a document's page."""

from typing import Any

from django.http import HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from apps.finance import fact_words
from apps.finance.domain.rules import ROWS
from apps.finance.fact_ways import way_out
from apps.finance.forms import ReasonForm, day_or_none
from apps.finance.models import Book, BusinessFact
from apps.finance.selectors import posting as selectors
from apps.finance.selectors.posting import FactFilter
from apps.finance.services import retry_fact, retry_waiting, set_aside_fact
from apps.finance.views.common import act, book_tabs, needs_book, query_of, safe_int, show
from kernel.clock import now
from kernel.http.gates import require_module
from kernel.http.request import Request, wants_fragment

PAGE, MOST_AT_ONCE = 50, 200
TONES = {"waiting": "orange", "no_rule": "orange", "drafted": "green", "set_aside": "grey"}
# Pages of the records that facts tell of, by what stands before the colon.
PAGES = {"inventory.document": "inventory:document", "production.work_order": "production:work-order"}


@require_module("finance", "finance.view")
@require_GET
@needs_book(started=False)
def fact_list(request: Request, book: Book) -> HttpResponse:
    """业务队列: what waits first; the state says what became of each."""
    given = request.GET
    state = given.get("state", "") if given.get("state", "") in (selectors.OPEN, *BusinessFact.State.values) else ""
    wanted: dict[str, Any] = {
        "search": given.get("q", "").strip()[:100].replace("\x00", "") or None,
        "since": day_or_none(given.get("from")), "until": day_or_none(given.get("to")),
    }  # fmt: skip
    page = safe_int(given.get("page"))
    start = (page - 1) * PAGE
    found = list(selectors.facts(FactFilter(**wanted, state=state or None))[start : start + PAGE + 1])
    more = len(found) > PAGE
    context = {
        "rows": [_row(fact) for fact in found[:PAGE]], "q": given.get("q", "")[:100], "state": state,
        "states": _states(FactFilter(**wanted)), "page": page, "tabs": book_tabs("facts"),
        "next": f"{reverse('finance:facts')}?{query_of(given, {'page': page + 1})}" if more else "",
    }  # fmt: skip
    part = ("#rows" if page > 1 else "#table") if wants_fragment(request) else ""
    return show(request, f"finance/rule/facts.html{part}", context)


def _states(wanted: FactFilter) -> list[tuple[str, str, int]]:
    counts = selectors.state_counts(wanted)
    named = [(state.value, str(state.label), counts.get(state.value, 0)) for state in BusinessFact.State]
    left = counts.pop(selectors.OPEN)
    return [("", _("全部"), sum(counts.values())), (selectors.OPEN, _("待办"), left), *named]


def _row(fact: BusinessFact) -> dict[str, Any]:
    version = fact.rule_version
    return {
        "fact": fact, "tone": TONES[fact.state], "word": fact.get_state_display(),
        "title": str(fact.data.get("number") or fact.source), "type": fact_words.fact_text(fact.fact),
        "rule": f"{version.rule.code}@{version.version}" if version else "",
    }  # fmt: skip


@require_module("finance", "finance.view")
@require_GET
@needs_book(started=False)
def fact_page(request: Request, book: Book, fact_id: int) -> HttpResponse:
    """One fact: its data, its voucher or why it has none."""
    fact = selectors.fact(fact_id)
    lines = fact.data.get(ROWS) or []
    context = {
        **_row(fact), "data": _cells({name: value for name, value in fact.data.items() if name != ROWS}),
        "columns": _cells(lines[0]) if lines else [], "lines": [_cells(line) for line in lines[:500]],
        "form": ReasonForm(), "document_url": document_url(fact.document),
        "open": fact.state != BusinessFact.State.DRAFTED, "way": way_out(fact),
    }  # fmt: skip
    return show(request, "finance/rule/fact.html", context)


def _cells(told: dict[str, Any]) -> list[dict[str, Any]]:
    """What a fact tells, by the names of its fields: {name, text, figure}."""
    return [
        {
            "name": fact_words.field_text(name),
            "text": fact_words.value_text(name, value),
            "figure": fact_words.FIGURES.get(name, ""),
        }
        for name, value in told.items()
        if name not in fact_words.SILENT
    ]


def document_url(document: str) -> str:
    """Where the record of `inventory.document:17` is shown; "" when it has no page."""
    kind, _colon, number = document.partition(":")
    try:
        return reverse(PAGES[kind], args=[int(number)])
    except (KeyError, ValueError, NoReverseMatch):
        return ""


def _back(fact_id: int) -> str:
    return reverse("finance:fact", args=[fact_id])


@require_module("finance", "finance.view", write="finance.prepare")
@require_POST
def retry(request: Request, fact_id: int) -> HttpResponse:
    """Let the rules have it again."""
    return act(
        request, _back(fact_id), lambda: retry_fact(fact_id=fact_id, actor=request.member, at=now()),
        lambda fact: _("已生成凭证 #%(id)s") % {"id": fact.voucher_id} if fact.voucher_id else fact.message,
    )  # fmt: skip


@require_module("finance", "finance.view", write="finance.prepare")
@require_POST
def retry_all(request: Request) -> HttpResponse:
    """Retry what waits or has no rule, the oldest first, a few hundred at once."""
    ids = selectors.waiting_ids()[:MOST_AT_ONCE]
    return act(
        request, reverse("finance:facts"), lambda: retry_waiting(fact_ids=ids, actor=request.member, at=now()),
        lambda done: ngettext("%(count)s 笔业务生成了凭证", "%(count)s 笔业务生成了凭证", done) % {"count": done},
    )  # fmt: skip


@require_module("finance", "finance.view", write="finance.prepare")
@require_POST
def set_aside(request: Request, fact_id: int) -> HttpResponse:
    """搁置, with a reason for the log."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        context = {"form": form, "fact": selectors.fact(fact_id)}
        return show(request, "finance/rule/_aside.html", context, status=422)
    reason = form.cleaned_data["reason"]
    return act(
        request, _back(fact_id),
        lambda: set_aside_fact(fact_id=fact_id, reason=reason, actor=request.member, at=now()),
        lambda fact: _("%(source)s 已搁置") % {"source": fact.source},
    )  # fmt: skip


@require_module("finance", "finance.view")
@require_GET
def stock_document_panel(request: Request, object_id: int) -> HttpResponse:
    """The vouchers of a stock document, on its own page."""
    return _panel(request, f"inventory.document:{object_id}")


@require_module("finance", "finance.view")
@require_GET
def work_order_panel(request: Request, object_id: int) -> HttpResponse:
    """The vouchers of a work order's wages and scrap, on its own page."""
    return _panel(request, f"production.work_order:{object_id}")


def _panel(request: Request, document: str) -> HttpResponse:
    rows = [_row(fact) for fact in selectors.of_document(document)]
    return show(request, "finance/rule/_panel.html", {"rows": rows})


def facts_of(voucher_id: int) -> list[dict[str, Any]]:
    """For the voucher's page: what it was drafted from, with the way to each record."""
    return [
        {"fact": fact, "url": document_url(fact.document) or _back(fact.pk)}
        for fact in selectors.of_voucher(voucher_id)
    ]  # fmt: skip
