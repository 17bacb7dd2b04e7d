"""Statements as pages print them, and what stands behind each line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.finance.domain import catalogue, statements
from apps.finance.domain.amounts import ZERO
from apps.finance.domain.cashflow import amount_of
from apps.finance.domain.catalogue import BALANCE_SHEET, CASH_FLOW, StatementLine
from apps.finance.domain.formula import parse_formula
from apps.finance.domain.ledger import account_amounts
from apps.finance.domain.periods import Period, Span, report_span
from apps.finance.domain.statements import Statement
from apps.finance.models import Book, CashFlowTag, Voucher
from apps.finance.selectors.balances import load
from apps.finance.selectors.chart import Chart
from kernel.errors import NotFound

FORMS = {"balance-sheet": BALANCE_SHEET, "income-statement": "会小企02表", "cash-flow": CASH_FLOW}
MOST_LINES = 500


@dataclass(frozen=True)
class PrintedLine:
    """One line of a form: name in the reader's language, amounts by column, whether it leads somewhere."""

    line: int
    name: str
    own_name: bool
    section: str
    side: str
    indent: int
    is_sum: bool
    amounts: Mapping[str, Decimal]

    @property
    def values(self) -> list[Decimal]:
        return list(self.amounts.values())


def statement_rows(found: Statement, span: Span) -> list[PrintedLine]:
    """The rows of a built form with section, side and indent of its definition."""
    english = (get_language() or "").startswith("en")
    shipped = {line.line: line for line in catalogue.statement_lines() if line.form == found.form}
    rows = []
    for row in found.rows:
        line = shipped[row.line]
        own = row.name != line.name
        name = row.name if own or not english else row.name_en
        rows.append(
            PrintedLine(
                row.line, name, own, _section(line, english), line.side, line.indent, row.kind == "sum", row.amounts
            )
        )
    return rows


def _section(line: StatementLine, english: bool) -> str:
    return SECTIONS.get(line.section, line.section) if english else line.section


SECTIONS = {
    "流动资产": "Current assets",
    "非流动资产": "Non-current assets",
    "流动负债": "Current liabilities",
    "非流动负债": "Non-current liabilities",
    "所有者权益": "Owner's equity",
    "所有者权益（或股东权益）": "Owner's equity",
    "经营活动": "Operating activities",
    "投资活动": "Investing activities",
    "筹资活动": "Financing activities",
    "合计": "Totals",
}


@dataclass(frozen=True)
class Pair:
    """One printed row of the balance sheet: assets left, liabilities and equity right."""

    left: PrintedLine | None
    right: PrintedLine | None
    left_head: str
    right_head: str


def side_by_side(left: Sequence[PrintedLine], right: Sequence[PrintedLine]) -> list[Pair]:
    """The two sides of the sheet with a heading where a section begins."""
    return [
        Pair(one, other, head, other_head)
        for (one, head), (other, other_head) in zip_longest(_headed(left), _headed(right), fillvalue=(None, ""))
    ]


def _headed(rows: Sequence[PrintedLine]) -> list[tuple[PrintedLine | None, str]]:
    found: list[tuple[PrintedLine | None, str]] = []
    before = ""
    for row in rows:
        if row.section and row.section != before:
            found.append((None, row.section))
            before = row.section
        found.append((row, ""))
    return found


def span_of(month: Period, kind: str, start: Period) -> Span:
    """The months of a statement."""
    return report_span(month, kind).not_before(start)


def month_links(span: Span, current: Period) -> list[dict[str, Any]]:
    """The months of the year to choose from."""
    return [{"value": str(one), "month": one.month, "year": one.year, "current": one == current} for one in span]


@dataclass(frozen=True)
class BehindLine:
    """What a line of a form is made of: accounts with amounts, or tagged voucher lines; and the formula."""

    form: str
    line: int
    name: str
    formula: str
    rows: list[dict[str, Any]]
    vouchers: list[dict[str, Any]]


def accounts_behind(book: Book, form: str, line: int, month: Period) -> BehindLine:
    """The leaf accounts whose balances or turnovers make the line. Raises NotFound for an unknown line."""
    definition = next(
        (one for one in statements.effective_lines(catalogue.statement_lines(), (), month.last_day)
         if one.form == FORMS.get(form) and one.line == line),
        None,
    )  # fmt: skip
    if definition is None:
        raise NotFound(_("报表里没有第 %(line)s 行。") % {"line": line})
    english = (get_language() or "").startswith("en")
    name = definition.name_en if english else definition.name
    formula = parse_formula(definition.formula)
    codes = [] if form == "cash-flow" else list(formula.accounts)
    rows = _leaves(book, codes, month) if codes else []
    tagged = _tagged(line, month) if formula.uses("TAG") else []
    return BehindLine(form, line, name, definition.formula, rows, tagged)


def _leaves(book: Book, selectors: Sequence[str], month: Period) -> list[dict[str, Any]]:
    chart = Chart.load()
    span = Span(max(month.january, book.start), month)
    balances = load(book, chart, [span.first + -1, month.january + -1, month])
    prefixes = tuple(one.removesuffix("*") for one in selectors)
    rows = []
    for code, fact in sorted(chart.by_code.items()):
        if not fact.is_leaf or not code.startswith(prefixes):
            continue
        amounts = account_amounts(balances, code, span)
        if not amounts.empty:
            rows.append({"code": code, "debit": amounts.debit, "credit": amounts.credit,
                         "balance": amounts.closing_debit - amounts.closing_credit})  # fmt: skip
    return rows


def _tagged(line: int, month: Period) -> list[dict[str, Any]]:
    tags = CashFlowTag.objects.filter(
        line=line, voucher_line__voucher__state=Voucher.State.POSTED,
        voucher_line__date__range=(month.january.first_day, month.last_day),
    ).select_related("voucher_line__voucher").order_by("-voucher_line__date", "-voucher_line_id")  # fmt: skip
    return [
        {
            "date": tag.voucher_line.date, "voucher": tag.voucher_line.voucher, "summary": tag.voucher_line.summary,
            "amount": amount_of(line, tag.voucher_line.debit, tag.voucher_line.credit) or ZERO,
        }
        for tag in tags[:MOST_LINES]
    ]  # fmt: skip
