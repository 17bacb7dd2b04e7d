"""账簿: 总账, 明细账, 日记账, 辅助余额表, 凭证汇总表. Every figure leads down to the voucher."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from apps.finance.domain.combos import parse_aux
from apps.finance.domain.errors import BookkeepingError
from apps.finance.domain.ledger import sided
from apps.finance.domain.periods import Span
from apps.finance.forms import SpanForm
from apps.finance.models import Book
from apps.finance.selectors import ledger_pages, ledgers, special
from apps.finance.selectors.account_names import AccountName, names_by_code
from apps.finance.selectors.chart import Chart
from apps.finance.selectors.combos import combos_with
from apps.finance.views.common import needs_book, query_of, show, working_period
from apps.finance.views.files import as_file, wants_file
from kernel.exports import Column
from kernel.http.gates import require_module
from kernel.http.request import Request

AMOUNT_NAMES = {
    "opening": gettext_lazy("期初余额"),
    "line": "",
    "day_total": gettext_lazy("本日合计"),
    "period_total": gettext_lazy("本期合计"),
    "ytd_total": gettext_lazy("本年累计"),
}
SIDES = {"借": gettext_lazy("借"), "贷": gettext_lazy("贷"), "平": gettext_lazy("平")}
ROW_CSS = {"line": "", "opening": "q-l1", "day_total": "q-y", "period_total": "q-t", "ytd_total": "q-y"}


def span_form(request: Request, book: Book) -> SpanForm:
    """期间起 and 期间止; without a choice the month one works in."""
    month = working_period(request, book)
    return SpanForm(request.GET, Span(month, month))


def asked_span(form: SpanForm, book: Book) -> Span:
    """The span within the book."""
    return form.span.not_before(book.start)


@require_module("finance", "finance.view")
@require_GET
@needs_book(started=False)
def index(request: Request, book: Book) -> HttpResponse:
    """账簿: which ledgers there are."""
    return show(request, "finance/ledger/index.html", {})


@require_module("finance", "finance.view")
@require_GET
@needs_book(started=False)
def general_ledger(request: Request, book: Book) -> HttpResponseBase:
    """总账 of the level-1 accounts that moved, or of one account."""
    form = span_form(request, book)
    span, names = asked_span(form, book), names_by_code()
    account = request.GET.get("account", "") if request.GET.get("account", "") in names else ""
    found = ledgers.general_ledger(book, span, account=account or None)
    rows = [_general_row(one.account, row, names, book) for one in found for row in one.rows]
    if wants_file(request):
        return as_file(request, book, title=_("总账"), subtitle=span_words(span), columns=_GENERAL, rows=rows)
    context = {"form": form, "span": span, "rows": rows, "account": account, "query": query_of(request.GET)}
    return show(request, "finance/ledger/general.html", context)


_GENERAL = (
    Column("code", gettext_lazy("科目编码")), Column("account", gettext_lazy("科目名称")),
    Column("period", gettext_lazy("期间")), Column("summary", gettext_lazy("摘要")),
    Column("debit", gettext_lazy("借方"), "money"), Column("credit", gettext_lazy("贷方"), "money"),
    Column("side", gettext_lazy("方向")), Column("balance", gettext_lazy("余额"), "money"),
)  # fmt: skip


def _general_row(account: Any, row: Any, names: dict[str, AccountName], book: Book) -> dict[str, Any]:
    printed = sided(row.balance, account_direction=account.direction, balance_side=book.balance_side)
    return {
        "code": account.code, "account": names[account.code].name, "period": str(row.period),
        "summary": str(AMOUNT_NAMES[row.kind]), "kind": row.kind, "css": ROW_CSS[row.kind],
        "debit": row.debit, "credit": row.credit, "side": str(SIDES[printed.direction]), "balance": printed.amount,
        "first": row.kind == "opening",
    }  # fmt: skip


@require_module("finance", "finance.view")
@require_GET
@needs_book(started=False)
def account_ledger(request: Request, book: Book) -> HttpResponseBase:
    """明细账 of one account; `day=1` adds 本日合计 and makes it the 日记账."""
    return _account_ledger(request, book, journal=False)


@require_module("finance", "finance.view")
@require_GET
@needs_book(started=False)
def journal(request: Request, book: Book) -> HttpResponseBase:
    """现金、银行日记账 (令98 art. 60(7))."""
    return _account_ledger(request, book, journal=True)


def _account_ledger(request: Request, book: Book, *, journal: bool) -> HttpResponseBase:
    form, names = span_form(request, book), names_by_code()
    span = asked_span(form, book)
    choices = ledger_pages.cash_accounts(names) if journal else list(names.values())
    account = chosen(request.GET.get("account", ""), names, choices)
    rows: list[dict[str, Any]] = []
    if account:
        combos = asked_combos(request)
        found = ledgers.subledger(book, span, account=account.code, combos=combos, day_totals=journal)
        rows = [ledger_row(row, found.account, found.balance_side, names) for row in found.rows]
    title = _("日记账") if journal else _("明细账")
    if wants_file(request):
        return as_file(
            request, book, title=f"{title} {account}", subtitle=span_words(span), columns=LEDGER_COLUMNS, rows=rows
        )
    context = {
        "title": title, "form": form, "span": span, "rows": rows, "account": account, "journal": journal,
        "choices": choices, "aux": request.GET.get("aux", ""), "query": query_of(request.GET),
        "options": [{"code": one.code, "text": one.name, "py": ledger_pages.initials(one.name)} for one in choices],
    }  # fmt: skip
    return show(request, "finance/ledger/account.html", context)


def chosen(code: str, names: dict[str, AccountName], choices: list[AccountName]) -> AccountName | None:
    """The account of an address, else the first one offered."""
    if code in names:
        return names[code]
    return choices[0] if choices else None


def asked_combos(request: Request) -> frozenset[int] | None:
    """Combos that carry the `aux` of an address; None where it asks for none."""
    text = request.GET.get("aux", "")
    if not text:
        return None
    try:
        return combos_with(parse_aux(text))
    except BookkeepingError:
        return None


LEDGER_COLUMNS = (
    Column("date", gettext_lazy("日期"), "date"), Column("number", gettext_lazy("字号")),
    Column("summary", gettext_lazy("摘要")), Column("account", gettext_lazy("会计科目")),
    Column("debit", gettext_lazy("借方"), "money"), Column("credit", gettext_lazy("贷方"), "money"),
    Column("side", gettext_lazy("方向")), Column("balance", gettext_lazy("余额"), "money"),
)  # fmt: skip


def ledger_row(row: Any, account: Any, side: str, names: dict[str, AccountName]) -> dict[str, Any]:
    """A row of a ledger of `account` ready to print; `side` is the book's way of showing balances."""
    printed = sided(row.balance, account_direction=account.direction, balance_side=side)
    line = row.line
    return {
        "date": row.on,
        "number": ledger_pages.shown_number(line.word, line.no) if line else "",
        "voucher": line.key if line else None,
        "summary": line.summary if line else str(AMOUNT_NAMES[row.kind]),
        "own_words": line is not None,
        "account": names[line.account].name if line and line.account != account.code else "",
        "debit": row.debit, "credit": row.credit,
        "side": str(SIDES[printed.direction]), "balance": printed.amount,
        "kind": row.kind, "css": ROW_CSS[row.kind],
    }  # fmt: skip


@require_module("finance", "finance.view")
@require_GET
@needs_book(started=False)
def aux_balance(request: Request, book: Book) -> HttpResponseBase:
    """辅助余额表 of one account by one dimension."""
    form = span_form(request, book)
    span = asked_span(form, book)
    chart = Chart.load()
    pairs = ledger_pages.dimensioned_accounts(chart)
    account, dimension = request.GET.get("account", ""), request.GET.get("dimension", "")
    if (account, dimension) not in {(one.code, one.dimension) for one in pairs}:
        account, dimension = (pairs[0].code, pairs[0].dimension) if pairs else ("", "")
    found = special.aux_balance(book, span, dimension=dimension, account=account, chart=chart) if account else []
    rows = [{"value": row.value, "name": row.name or _("（未填写）"), **_amounts(row.amounts)} for row in found]
    if wants_file(request):
        return as_file(request, book, title=_("辅助余额表"), subtitle=span_words(span), columns=_AUX, rows=rows)
    context = {
        "form": form, "span": span, "rows": rows, "pairs": pairs, "account": account, "dimension": dimension,
        "totals": _amounts(sum((row.amounts for row in found[1:]), found[0].amounts)) if found else {},
        "query": query_of(request.GET),
    }  # fmt: skip
    return show(request, "finance/ledger/aux_balance.html", context)


_AUX = (
    Column("value", gettext_lazy("编码")), Column("name", gettext_lazy("名称")),
    Column("opening_debit", gettext_lazy("期初借方"), "money"),
    Column("opening_credit", gettext_lazy("期初贷方"), "money"),
    Column("debit", gettext_lazy("本期借方"), "money"), Column("credit", gettext_lazy("本期贷方"), "money"),
    Column("closing_debit", gettext_lazy("期末借方"), "money"),
    Column("closing_credit", gettext_lazy("期末贷方"), "money"),
)  # fmt: skip


def _amounts(amounts: Any) -> dict[str, Any]:
    names = ("opening_debit", "opening_credit", "debit", "credit", "closing_debit", "closing_credit")
    return {name: getattr(amounts, name) for name in names}


@require_module("finance", "finance.view")
@require_GET
@needs_book(started=False)
def voucher_summary(request: Request, book: Book) -> HttpResponseBase:
    """凭证汇总表 of the posted vouchers of a span."""
    form = span_form(request, book)
    span, names = asked_span(form, book), names_by_code()
    found = special.voucher_summary(book, span)
    rows = [
        {"code": fact.code, "account": names[fact.code].name, "debit": moved.debit, "credit": moved.credit}
        for fact, moved in found.rows
    ]
    if wants_file(request):
        return as_file(
            request,
            book,
            title=_("凭证汇总表"),
            subtitle=span_words(span),
            columns=_GENERAL[:2] + _GENERAL[4:6],
            rows=rows,
        )
    context = {"form": form, "span": span, "rows": rows, "found": found, "query": query_of(request.GET)}
    return show(request, "finance/ledger/voucher_summary.html", context)


def span_words(span: Span) -> str:
    """2026-01 – 2026-03."""
    return f"{span.first} – {span.last}"
