"""报表: 科目余额表 and the three statements, with checks, status, and a way down from every figure."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from apps.finance.domain.periods import Period, Span
from apps.finance.forms import month_or_none
from apps.finance.models import Book
from apps.finance.selectors import ledgers, report_pages, statements
from apps.finance.selectors.account_names import names_by_code
from apps.finance.views.common import months_to_choose, needs_book, period_label, query_of, show, working_period
from apps.finance.views.files import as_file, wants_file
from apps.finance.views.ledgers import asked_span, span_form
from kernel.exports import Column
from kernel.http.gates import require_module
from kernel.http.request import Request

EIGHT = (
    "opening_debit", "opening_credit", "debit", "credit", "ytd_debit", "ytd_credit", "closing_debit", "closing_credit",
)  # fmt: skip
_TRIAL = (
    Column("code", gettext_lazy("科目编码")), Column("name", gettext_lazy("科目名称")),
    Column("opening_debit", gettext_lazy("期初借方"), "money"),
    Column("opening_credit", gettext_lazy("期初贷方"), "money"),
    Column("debit", gettext_lazy("本期借方"), "money"), Column("credit", gettext_lazy("本期贷方"), "money"),
    Column("ytd_debit", gettext_lazy("本年累计借方"), "money"),
    Column("ytd_credit", gettext_lazy("本年累计贷方"), "money"),
    Column("closing_debit", gettext_lazy("期末借方"), "money"),
    Column("closing_credit", gettext_lazy("期末贷方"), "money"),
)  # fmt: skip
SPANS = {"month": gettext_lazy("月报"), "quarter": gettext_lazy("季报"), "year": gettext_lazy("年报")}
STATUS = {
    "final": (gettext_lazy("已结账"), "green"),
    "preliminary": (gettext_lazy("未结账，数字会变"), "orange"),
    "unbalanced": (gettext_lazy("勾稽不平"), "red"),
}
AMOUNTS = {
    "closing": gettext_lazy("期末余额"),
    "year_begin": gettext_lazy("年初余额"),
    "current": gettext_lazy("本期金额"),
    "ytd": gettext_lazy("本年累计金额"),
    "last_year": gettext_lazy("上年金额"),
}


@require_module("finance", "finance.view")
@require_GET
@needs_book(started=False)
def index(request: Request, book: Book) -> HttpResponse:
    """报表: which reports there are."""
    return show(request, "finance/report/index.html", {})


@require_module("finance", "finance.view")
@require_GET
@needs_book(started=False)
def trial_balance(request: Request, book: Book) -> HttpResponseBase:
    """科目余额表 of a span: leaf and parent accounts, eight amounts, totals in pairs."""
    form = span_form(request, book)
    span, names = asked_span(form, book), names_by_code()
    level = request.GET.get("level", "")
    shown_level = int(level) if level in ("1", "2", "3", "4") else None
    found = ledgers.trial_balance(book, span, level=shown_level, show_zero=request.GET.get("zero") == "1")
    rows = [_trial_row(row, names) for row in found.rows]
    total = {name: getattr(found.totals, name) for name in EIGHT}
    if wants_file(request):
        last = {"code": _("合计"), "name": "", "css": "b", **total}
        subtitle = f"{span.first} – {span.last}"
        return as_file(request, book, title=_("科目余额表"), subtitle=subtitle, columns=_TRIAL, rows=[*rows, last])
    context = {
        "form": form, "span": span, "rows": rows, "totals": total, "balanced": found.balanced, "level": level,
        "zero": request.GET.get("zero") == "1", "query": query_of(request.GET), "headings": _TRIAL[2:],
    }  # fmt: skip
    return show(request, "finance/report/trial_balance.html", context)


def _trial_row(row: Any, names: dict[str, Any]) -> dict[str, Any]:
    fact = row.account
    return {
        "code": fact.code, "name": names[fact.code].name, "level": fact.level, "is_leaf": fact.is_leaf,
        **{name: getattr(row.amounts, name) for name in EIGHT},
    }  # fmt: skip


def _month(request: Request, book: Book) -> Period:
    return max(month_or_none(request.GET.get("period")) or working_period(request, book), book.start)


@require_module("finance", "finance.view")
@require_GET
@needs_book(started=False)
def balance_sheet(request: Request, book: Book) -> HttpResponseBase:
    """资产负债表 (会小企01表) at the end of a month; assets left, liabilities and equity right."""
    month = _month(request, book)
    found = statements.balance_sheet(book, month)
    rows = report_pages.statement_rows(found, Span(month, month))
    if wants_file(request):
        return _statement_file(request, book, _("资产负债表"), found, rows, period_label(month))
    assets = [row for row in rows if row.side == "asset"]
    others = [row for row in rows if row.side != "asset"]
    context = _statement_context(request, book, month, found) | {"pairs": report_pages.side_by_side(assets, others)}
    return show(request, "finance/report/balance_sheet.html", context | {"title": _("资产负债表")})


@require_module("finance", "finance.view")
@require_GET
@needs_book(started=False)
def income_statement(request: Request, book: Book) -> HttpResponseBase:
    """利润表 (会小企02表) of a month, quarter or year."""
    return _turnover_form(request, book, _("利润表"), statements.income_statement)


@require_module("finance", "finance.view")
@require_GET
@needs_book(started=False)
def cash_flow(request: Request, book: Book) -> HttpResponseBase:
    """现金流量表 (会小企03表) of a month, quarter or year."""
    return _turnover_form(request, book, _("现金流量表"), statements.cash_flow)


def _turnover_form(request: Request, book: Book, title: str, build: Any) -> HttpResponseBase:
    month = _month(request, book)
    kind = request.GET.get("span", "month")
    kind = kind if kind in SPANS else "month"
    found = build(book, month, span=kind)
    rows = report_pages.statement_rows(found, report_pages.span_of(month, kind, book.start))
    if wants_file(request):
        return _statement_file(request, book, title, found, rows, f"{period_label(month)} {SPANS[kind]}")
    context = _statement_context(request, book, month, found)
    spans = [
        {"label": words, "url": f"?{query_of(request.GET, {'span': key, 'period': month})}", "current": key == kind}
        for key, words in SPANS.items()
    ]
    return show(request, "finance/report/statement.html", context | {"title": title, "rows": rows, "spans": spans})


def _statement_context(request: Request, book: Book, month: Period, found: Any) -> dict[str, Any]:
    words, tone = STATUS[found.status]
    return {
        "book": book, "month": month, "month_label": period_label(month), "found": found, "status": words, "tone": tone,
        "headings": [AMOUNTS[name] for name in found.columns], "query": query_of(request.GET, {"period": month}),
        "failed": [check for check in found.checks if not check.ok],
        "checked": len(found.checks), "months": report_pages.month_links(months_to_choose(book, month), month),
    }  # fmt: skip


def _statement_file(
    request: Request, book: Book, title: str, found: Any, rows: list[Any], subtitle: str
) -> HttpResponseBase:
    columns = [
        Column("name", gettext_lazy("项目")), Column("line", gettext_lazy("行次"), "number"),
        *(Column(name, AMOUNTS[name], "money") for name in found.columns),
    ]  # fmt: skip
    flat = [{"name": row.name, "line": row.line, "css": "b" if row.is_sum else "", **row.amounts} for row in rows]
    return as_file(request, book, title=title, subtitle=subtitle, columns=columns, rows=flat)


@require_module("finance", "finance.view")
@require_GET
@needs_book(started=False)
def statement_line(request: Request, book: Book, form: str, line: int) -> HttpResponse:
    """The accounts behind one line of a statement; from here to the ledger and the voucher."""
    month = _month(request, book)
    found = report_pages.accounts_behind(book, form, line, month)
    names = names_by_code()
    rows = [{**one, "name": names[one["code"]].name if one["code"] in names else ""} for one in found.rows]
    context = {"title": found.name, "rows": rows, "month": month, "month_label": period_label(month), "found": found}
    return show(request, "finance/report/line.html", context)
