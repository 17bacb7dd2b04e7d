"""多栏账 and 数量金额账 on screen, as PDF and as Excel."""

from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from apps.finance.domain.ledger import sided
from apps.finance.models import Book
from apps.finance.selectors import ledger_pages, special
from apps.finance.selectors.account_names import AccountName, names_by_code
from apps.finance.selectors.accounts import dimensions
from apps.finance.selectors.chart import Chart
from apps.finance.views.common import needs_book, query_of, show
from apps.finance.views.files import as_file, wants_file
from apps.finance.views.ledgers import (
    LEDGER_COLUMNS,
    SIDES,
    asked_combos,
    asked_span,
    chosen,
    ledger_row,
    span_form,
    span_words,
)
from kernel.exports import Column
from kernel.http.gates import require_module
from kernel.http.request import Request

_QUANTITIES = (
    Column("debit_quantity", gettext_lazy("借方数量"), "quantity"),
    Column("credit_quantity", gettext_lazy("贷方数量"), "quantity"),
    Column("balance_quantity", gettext_lazy("结存数量"), "quantity"),
    Column("unit_price", gettext_lazy("单价"), "quantity"),
)
_MULTI = (*LEDGER_COLUMNS[:3], *LEDGER_COLUMNS[4:])


@require_module("finance", "finance.view")
@require_GET
@needs_book(started=False)
def quantity_ledger(request: Request, book: Book) -> HttpResponseBase:
    """数量金额账 of one account."""
    form, chart = span_form(request, book), Chart.load()
    span, names = asked_span(form, book), names_by_code(chart)
    account = chosen(request.GET.get("account", ""), names, _with("14", names))
    rows: list[dict[str, Any]] = []
    if account:
        found = special.quantity_ledger(book, span, account=account.code, combos=asked_combos(request), chart=chart)
        rows = [_quantity_row(row, found, book, names) for row in found.rows]
    if wants_file(request):
        columns = (*LEDGER_COLUMNS, *_QUANTITIES)
        title = f"{_('数量金额账')} {account}"
        return as_file(request, book, title=title, subtitle=span_words(span), columns=columns, rows=rows)
    context = _context(request, form, span, rows, account, names)
    return show(request, "finance/ledger/quantity.html", {**context, "aux": request.GET.get("aux", "")})


def _with(prefix: str, names: dict[str, AccountName]) -> list[AccountName]:
    """Accounts to begin with: stock first, where quantities live."""
    return [one for code, one in names.items() if code.startswith(prefix)] or list(names.values())


def _quantity_row(row: Any, found: Any, book: Book, names: dict[str, AccountName]) -> dict[str, Any]:
    quantities = {name.key: getattr(row, name.key) for name in _QUANTITIES}
    return {**ledger_row(row.row, found.account, book.balance_side, names), **quantities}


def _context(
    request: Request, form: Any, span: Any, rows: Any, account: AccountName | None, names: dict[str, AccountName]
) -> dict[str, Any]:
    options = [{"code": one.code, "text": one.name, "py": ledger_pages.initials(one.name)} for one in names.values()]
    return {"form": form, "span": span, "rows": rows, "account": account, "query": query_of(request.GET),
            "options": options}  # fmt: skip


@require_module("finance", "finance.view")
@require_GET
@needs_book(started=False)
def multi_column(request: Request, book: Book) -> HttpResponseBase:
    """多栏账 of one account, by direct child or by a dimension."""
    form, chart = span_form(request, book), Chart.load()
    span, names = asked_span(form, book), names_by_code(chart)
    account = chosen(request.GET.get("account", ""), names, _with("5602", names))
    offered = list(dimensions())
    by = request.GET.get("by", "") if request.GET.get("by", "") in {one.code for one in offered} else ""
    exclude = request.GET.get("exclude_closing") == "1"
    found = None
    if account:
        found = special.multi_column(
            book, span, account=account.code, by=by or None, exclude_closing=exclude, chart=chart
        )
    columns = _columns(found, names)
    rows = [_multi_row(one, found, columns) for one in found.ledger.rows] if found else []
    if wants_file(request):
        cells = [Column(f"c{place}", f"{key} {name}".strip(), "money") for place, (key, name) in enumerate(columns)]
        title = f"{_('多栏账')} {account}"
        return as_file(request, book, title=title, subtitle=span_words(span), columns=(*_MULTI, *cells), rows=rows)
    totals = [found.ledger.totals.get(key) for key, _name in columns] if found else []
    context = _context(request, form, span, rows, account, names)
    more = {"columns": columns, "totals": totals, "by": by, "dimensions": offered, "exclude": exclude}
    return show(request, "finance/ledger/multi_column.html", {**context, **more})


def _columns(found: Any, names: dict[str, AccountName]) -> list[tuple[str, str]]:
    """Heads of the columns; accounts in the reader's language."""
    if found is None:
        return []
    return [(key, names[key].name if key in names else name or _("（未指定）")) for key, name in found.columns]


def _multi_row(one: Any, found: Any, columns: list[tuple[str, str]]) -> dict[str, Any]:
    printed = sided(one.row.balance, account_direction=found.account.direction, balance_side=found.balance_side)
    line = one.row.line
    cells = [one.amount if key == one.key else None for key, _name in columns]
    return {
        "date": one.row.on, "voucher": line.key if line else None,
        "number": ledger_pages.shown_number(line.word, line.no) if line else "",
        "summary": line.summary if line else "", "debit": one.row.debit, "credit": one.row.credit,
        "side": str(SIDES[printed.direction]), "balance": printed.amount, "cells": cells,
        **{f"c{place}": cell for place, cell in enumerate(cells)},
    }  # fmt: skip
