"""The three statements, their checks and status, and the owner's ratios; all from period balances."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from apps.finance.domain import catalogue, kpis, statements
from apps.finance.domain.amounts import ZERO
from apps.finance.domain.catalogue import StatementCheck as Check
from apps.finance.domain.formula import parse_formula
from apps.finance.domain.kpis import Figures, Ratios
from apps.finance.domain.periods import Period as Month
from apps.finance.domain.periods import Span, report_span
from apps.finance.domain.statements import LineOverride, Statement, StatementBook
from apps.finance.models import Book
from apps.finance.selectors.balances import Scope, load
from apps.finance.selectors.chart import Chart

REVENUE, COST, NET_PROFIT = 1, 2, 32  # lines of 会小企02表
CASH, RECEIVABLE, INVENTORY, CURRENT_ASSETS, PAYABLE, CURRENT_LIABILITIES = 1, 4, 9, 15, 33, 41  # of 会小企01表


def balance_sheet(book: Book, month: Month) -> Statement:
    """会小企01表 at the end of the month, with the month's reclassifications."""
    made, closed = _book_of(book, month, [month.january + -1, month])
    return made.balance_sheet(month, closed=closed)


def income_statement(book: Book, month: Month, *, span: str = "month") -> Statement:
    """会小企02表; `month` is the last of the span (month, quarter, year)."""
    made, closed = _book_of(book, month, _turnover_marks(month, span))
    return made.income_statement(month, span=span, closed=closed)


def cash_flow(book: Book, month: Month, *, span: str = "month") -> Statement:
    """会小企03表 with the cross checks against the sheet and the cash accounts."""
    made, closed = _book_of(book, month, _turnover_marks(month, span))
    return made.cash_flow(month, span=span, closed=closed)


def _turnover_marks(month: Month, span: str) -> list[Month]:
    first = report_span(month, span).first
    last_january = month.january + -12
    return [last_january + -1, month.january + -1, first + -1, month]


def _book_of(book: Book, month: Month, marks: list[Month]) -> tuple[StatementBook, bool]:
    """What statements are built from, and whether the month is closed, which makes them final."""
    own = _own_rows(month)
    lines = statements.effective_lines(catalogue.statement_lines(), own.overrides, month.last_day)
    scope = Scope(closing=True, cash=True, partners=_crossing(lines) if book.crossing == Book.Crossing.PARTNER else ())
    made = StatementBook(
        balances=load(book, Chart.load(), marks, scope),
        lines=lines,
        checks=own.checks,
        crossing=book.crossing,
        reclassifications=own.reclassifications,
    )
    return made, own.closed


def _crossing(lines: tuple[catalogue.StatementLine, ...]) -> tuple[str, ...]:
    """Codes whose debit and credit parts a form shows apart."""
    terms = [term for line in lines for term in parse_formula(line.formula).terms]
    return tuple(sorted({term.argument.removesuffix("*") for term in terms if term.kind in ("POS", "NEG")}))


_OWN_ROWS = """
SELECT (SELECT coalesce(json_agg(json_build_array(form, line, valid_from, name, formula) ORDER BY valid_from, id), '[]')
          FROM finance_statementline),
       (SELECT coalesce(json_agg(json_build_array(form, rule, kind, is_active) ORDER BY valid_from, id), '[]')
          FROM finance_statementcheck WHERE valid_from <= %(last)s),
       (SELECT coalesce(json_agg(json_build_array(r.from_line, r.to_line, r.amount::text) ORDER BY r.id), '[]')
          FROM finance_reclassification r JOIN finance_period p ON p.id = r.period_id WHERE p.index = %(index)s),
       EXISTS (SELECT 1 FROM finance_period WHERE index = %(index)s AND state = 'closed')
"""


@dataclass(frozen=True)
class OwnRows:
    """What the company itself has said of its statements; the checks are the shipped ones with its own in force."""

    overrides: list[LineOverride]
    checks: tuple[Check, ...]
    reclassifications: tuple[statements.Reclassification, ...]
    closed: bool


def _own_rows(month: Month) -> OwnRows:
    """All of it in one question."""
    with connection.cursor() as cursor:
        cursor.execute(_OWN_ROWS, {"last": month.last_day, "index": month.index})
        lines, checks, moved, closed = cursor.fetchone()
    return OwnRows(
        overrides=[
            LineOverride(form, line, date.fromisoformat(valid_from), name or None, formula or None)
            for form, line, valid_from, name, formula in lines
        ],
        checks=_checks(checks),
        reclassifications=tuple(statements.Reclassification(one, other, Decimal(text)) for one, other, text in moved),
        closed=closed,
    )


def _checks(changes: list[tuple[str, str, str, bool]]) -> tuple[Check, ...]:
    """Shipped checks with the company's own ones in force: added, or switched off."""
    found = {(check.form, check.rule): check for check in catalogue.statement_checks()}
    for form, rule, kind, is_active in changes:
        found.pop((form, rule), None)
        if is_active:
            found[form, rule] = Check(form, rule, kind)
    return tuple(found.values())


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
    made, _closed = _book_of(book, month, [month.january + -1, span.first.january + -1, span.first + -1, *span])
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
