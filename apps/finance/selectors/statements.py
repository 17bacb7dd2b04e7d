"""The three statements, their checks and status, and the owner's ratios; all from period balances."""

from dataclasses import dataclass
from decimal import Decimal

from apps.finance.domain import catalogue, kpis, statements
from apps.finance.domain.amounts import ZERO
from apps.finance.domain.balances import Balances
from apps.finance.domain.catalogue import StatementCheck as Check
from apps.finance.domain.formula import parse_formula
from apps.finance.domain.kpis import Figures, Ratios
from apps.finance.domain.periods import Period as Month
from apps.finance.domain.periods import Span, report_span
from apps.finance.domain.statements import LineOverride, Statement, StatementBook
from apps.finance.models import Book, Period, Reclassification, StatementCheck, StatementLine
from apps.finance.selectors.balances import Scope, load
from apps.finance.selectors.chart import Chart

REVENUE, COST, NET_PROFIT = 1, 2, 32  # lines of 会小企02表
CASH, RECEIVABLE, INVENTORY, CURRENT_ASSETS, PAYABLE, CURRENT_LIABILITIES = 1, 4, 9, 15, 33, 41  # of 会小企01表


def balance_sheet(book: Book, month: Month) -> Statement:
    """会小企01表 at the end of the month, with the month's reclassifications."""
    made = _book_of(book, month, [month.january + -1, month])
    return made.balance_sheet(month, closed=is_closed(month))


def income_statement(book: Book, month: Month, *, span: str = "month") -> Statement:
    """会小企02表; `month` is the last of the span (month, quarter, year)."""
    return _book_of(book, month, _turnover_marks(month, span)).income_statement(
        month, span=span, closed=is_closed(month)
    )


def cash_flow(book: Book, month: Month, *, span: str = "month") -> Statement:
    """会小企03表 with the cross checks against the sheet and the cash accounts."""
    return _book_of(book, month, _turnover_marks(month, span)).cash_flow(month, span=span, closed=is_closed(month))


def is_closed(month: Month) -> bool:
    """The month's period is closed: its statements are final."""
    return Period.objects.filter(index=month.index, state=Period.State.CLOSED).exists()


def _turnover_marks(month: Month, span: str) -> list[Month]:
    first = report_span(month, span).first
    last_january = month.january + -12
    return [last_january + -1, month.january + -1, first + -1, month]


def _book_of(book: Book, month: Month, marks: list[Month]) -> StatementBook:
    lines = statements.effective_lines(catalogue.statement_lines(), _overrides(), month.last_day)
    scope = Scope(closing=True, cash=True, partners=_crossing(lines) if book.crossing == Book.Crossing.PARTNER else ())
    return StatementBook(
        balances=_balances(book, marks, scope),
        lines=lines,
        checks=_checks(month),
        crossing=book.crossing,
        reclassifications=_reclassifications(month),
    )


def _balances(book: Book, marks: list[Month], scope: Scope) -> Balances:
    return load(book, Chart.load(), marks, scope)


def _crossing(lines: tuple[catalogue.StatementLine, ...]) -> tuple[str, ...]:
    """Codes whose debit and credit parts a form shows apart."""
    terms = [term for line in lines for term in parse_formula(line.formula).terms]
    return tuple(sorted({term.argument.removesuffix("*") for term in terms if term.kind in ("POS", "NEG")}))


def _overrides() -> list[LineOverride]:
    rows = StatementLine.objects.order_by("valid_from", "id")
    return [LineOverride(row.form, row.line, row.valid_from, row.name or None, row.formula or None) for row in rows]


def _checks(month: Month) -> tuple[Check, ...]:
    """Shipped checks with the company's own ones in force: added, or switched off."""
    found = {(check.form, check.rule): check for check in catalogue.statement_checks()}
    changes = StatementCheck.objects.filter(valid_from__lte=month.last_day).order_by("valid_from", "id")
    for change in changes:
        found.pop((change.form, change.rule), None)
        if change.is_active:
            found[change.form, change.rule] = Check(change.form, change.rule, change.kind)
    return tuple(found.values())


def _reclassifications(month: Month) -> tuple[statements.Reclassification, ...]:
    rows = Reclassification.objects.filter(period__index=month.index).order_by("id")
    return tuple(statements.Reclassification(row.from_line, row.to_line, row.amount) for row in rows)


@dataclass(frozen=True)
class Kpis:
    """Six numbers of the owner: ratios over `span`, and cash, receivable, payable at its end."""

    span: Span
    ratios: Ratios
    cash: Decimal
    receivable: Decimal
    payable: Decimal


def figures(book: Book, month: Month, *, months: int = 3) -> Kpis:
    """Ratios over the last `months` months that the book has; days are calendar days of those months."""
    span = Span(month + (1 - months), month).not_before(book.start)
    made = _book_of(book, month, [month.january + -1, span.first.january + -1, span.first + -1, *span])
    sheet = made.balance_sheet(month, closed=False)
    forms = [made.income_statement(each, closed=False) for each in span]

    def at_end(line: int) -> Decimal:
        return sheet.amount(line, "closing")

    def in_span(line: int) -> Decimal:
        return sum((form.amount(line, "current") for form in forms), ZERO)

    ratios = kpis.ratios(
        Figures(
            receivable=at_end(RECEIVABLE), inventory=at_end(INVENTORY), payable=at_end(PAYABLE),
            current_assets=at_end(CURRENT_ASSETS), current_liabilities=at_end(CURRENT_LIABILITIES),
            revenue=in_span(REVENUE), cost=in_span(COST), net_profit=in_span(NET_PROFIT), days=span.days,
        )
    )  # fmt: skip
    return Kpis(span, ratios, at_end(CASH), at_end(RECEIVABLE), at_end(PAYABLE))
