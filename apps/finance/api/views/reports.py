"""reports/: ledgers, summaries and statements; ?format=xlsx and ?format=csv give the same rows as a file."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apps.finance.api import reports
from apps.finance.api.base import FinanceView, query
from apps.finance.api.reports import Report
from apps.finance.domain.statements import Statement
from apps.finance.models import Book
from apps.finance.selectors import ledgers, special, statements
from apps.finance.selectors.chart import current_book
from apps.finance.selectors.combos import combos_with
from kernel.exports import export_response

SPANS = ("month", "quarter", "year")


class ReportView(FinanceView):
    """GET a report of the book. `answered` makes it from the query."""

    rights = {"GET": "finance.view"}

    def answered(self, book: Book) -> Report:
        raise NotImplementedError

    def get(self, request: Any) -> Any:
        report = self.answered(current_book())
        fmt = self._wanted_format()
        if fmt:
            return export_response(report.name, report.columns, report.rows, fmt)
        rows = report.answer.get("rows")
        return Response(report.answer if rows is None else {**report.answer, "rows": list(rows)})


def described(*needed: str, optional: tuple[str, ...] = ()) -> Callable[[Any], Any]:
    """The schema of a report's GET."""
    return extend_schema(parameters=query(*needed, optional=(*optional, "format")), responses=OpenApiTypes.OBJECT)


class TrialBalanceView(ReportView):
    """科目余额表."""

    @described("from", "to", optional=("level", "leaf", "show_zero"))
    def get(self, request: Any) -> Any:
        return super().get(request)

    def answered(self, book: Book) -> Report:
        params = self.params
        span = params.span(book)
        found = ledgers.trial_balance(
            book, span, level=params.whole("level", least=1, most=9), leaf=params.truth("leaf"),
            show_zero=params.truth("show_zero") or False,
        )  # fmt: skip
        return reports.trial_balance(span, found)


class GeneralLedgerView(ReportView):
    """总账."""

    @described("from", "to", optional=("account",))
    def get(self, request: Any) -> Any:
        return super().get(request)

    def answered(self, book: Book) -> Report:
        found = ledgers.general_ledger(book, self.params.span(book), account=self.params.code("account"))
        return reports.general_ledger(found, book.balance_side)


class SubledgerView(ReportView):
    """明细账."""

    @described("account", "from", "to", optional=("aux",))
    def get(self, request: Any) -> Any:
        return super().get(request)

    def answered(self, book: Book) -> Report:
        params = self.params
        account, span, aux = params.needed_code("account"), params.span(book), params.aux()
        combos = None if aux is None else combos_with(aux)
        return reports.account_ledger(ledgers.subledger(book, span, account=account, combos=combos), "明细账")


class JournalView(ReportView):
    """日记账: the subledger with day totals."""

    @described("account", "from", "to")
    def get(self, request: Any) -> Any:
        return super().get(request)

    def answered(self, book: Book) -> Report:
        account, span = self.params.needed_code("account"), self.params.span(book)
        return reports.account_ledger(ledgers.subledger(book, span, account=account, day_totals=True), "日记账")


class AuxBalanceView(ReportView):
    """辅助余额表."""

    @described("dimension", "account", "from", "to")
    def get(self, request: Any) -> Any:
        return super().get(request)

    def answered(self, book: Book) -> Report:
        dimension, account = self.params.needed("dimension"), self.params.needed_code("account")
        found = special.aux_balance(book, self.params.span(book), dimension=dimension, account=account)
        return reports.aux_balance(found)


class QuantityLedgerView(ReportView):
    """数量金额账."""

    @described("account", "from", "to", optional=("aux",))
    def get(self, request: Any) -> Any:
        return super().get(request)

    def answered(self, book: Book) -> Report:
        params = self.params
        account, span, aux = params.needed_code("account"), params.span(book), params.aux()
        combos = None if aux is None else combos_with(aux)
        found = special.quantity_ledger(book, span, account=account, combos=combos)
        return reports.quantity_ledger(found, book.balance_side)


class MultiColumnView(ReportView):
    """多栏账."""

    @described("account", "from", "to", optional=("by", "exclude_closing"))
    def get(self, request: Any) -> Any:
        return super().get(request)

    def answered(self, book: Book) -> Report:
        params = self.params
        found = special.multi_column(
            book, params.span(book), account=params.needed_code("account"), by=params.text("by"),
            exclude_closing=params.truth("exclude_closing") or False,
        )  # fmt: skip
        return reports.multi_column(found)


class VoucherSummaryView(ReportView):
    """凭证汇总表."""

    @described("from", "to", optional=("level",))
    def get(self, request: Any) -> Any:
        return super().get(request)

    def answered(self, book: Book) -> Report:
        level = self.params.whole("level", least=1, most=9) or 1
        return reports.voucher_summary(special.voucher_summary(book, self.params.span(book), level=level))


class NumberCheckView(ReportView):
    """断号检查."""

    @described("period")
    def get(self, request: Any) -> Any:
        return super().get(request)

    def answered(self, book: Book) -> Report:
        return reports.number_check(special.number_check(book, self.params.book_month(book)))


class BalanceSheetView(ReportView):
    """会小企01表."""

    @described("period")
    def get(self, request: Any) -> Any:
        return super().get(request)

    def answered(self, book: Book) -> Report:
        month = self.params.book_month(book)
        return reports.statement(statements.balance_sheet(book, month), month, "资产负债表")


class TurnoverStatementView(ReportView):
    """会小企02表 or 03表: a month, the quarter or the year so far."""

    sheet_name = ""
    build: Callable[..., Statement]

    @described("period", optional=("span",))
    def get(self, request: Any) -> Any:
        return super().get(request)

    def answered(self, book: Book) -> Report:
        month, span = self.params.book_month(book), self.params.choice("span", SPANS) or "month"
        return reports.statement(type(self).build(book, month, span=span), month, self.sheet_name, span=span)


class IncomeStatementView(TurnoverStatementView):
    """利润表."""

    sheet_name = "利润表"
    build = staticmethod(statements.income_statement)


class CashFlowStatementView(TurnoverStatementView):
    """现金流量表."""

    sheet_name = "现金流量表"
    build = staticmethod(statements.cash_flow)


class KpisView(ReportView):
    """The owner's numbers."""

    @described("period", optional=("months",))
    def get(self, request: Any) -> Any:
        return super().get(request)

    def answered(self, book: Book) -> Report:
        months = self.params.whole("months", least=1, most=36) or 3
        return reports.figures(statements.figures(book, self.params.book_month(book), months=months))
