"""The three statements: lines from formulas, checks (勾稽关系) and what their outcome allows.

Definitions are rows, not code (12号 art. 25): shipped lines, then the tenant's dated overrides.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from apps.finance.domain.amounts import ZERO
from apps.finance.domain.balances import Balances
from apps.finance.domain.catalogue import BALANCE_SHEET, CASH_FLOW, StatementCheck, StatementLine
from apps.finance.domain.errors import BookkeepingError, gettext_noop
from apps.finance.domain.formula import parse_formula
from apps.finance.domain.periods import Period, Span, month_span, report_span, year_of, year_to_date

_CHANGE = re.compile(r"change of ([0-9]+(?:\+[0-9]+)*)")
_CROSS = re.compile(r"(会小企0[1-3]表)\.L([0-9]+)")


@dataclass(frozen=True)
class LineOverride:
    """A tenant's own label or formula of a line from a day on; None keeps what was there."""

    form: str
    line: int
    valid_from: date
    name: str | None = None
    formula: str | None = None


@dataclass(frozen=True)
class Reclassification:
    """重分类 on the balance sheet of one period: `amount` leaves one line and enters another."""

    from_line: int
    to_line: int
    amount: Decimal


@dataclass(frozen=True)
class Column:
    """A column of a form: balances are taken at the end of the span, turnovers inside it."""

    name: str
    span: Span


@dataclass(frozen=True)
class StatementRow:
    """One printed line with an amount per column name."""

    line: int
    name: str
    name_en: str
    kind: str
    amounts: Mapping[str, Decimal]


@dataclass(frozen=True)
class CheckResult:
    """A check in one column: both sides and whether it holds. `kind` equal or at_least."""

    rule: str
    kind: str
    column: str
    ok: bool
    left: Decimal
    right: Decimal


@dataclass(frozen=True)
class Statement:
    """A built form. `status` is final, preliminary or unbalanced."""

    form: str
    status: str
    columns: tuple[str, ...]
    rows: tuple[StatementRow, ...]
    checks: tuple[CheckResult, ...]

    def amount(self, line: int, column: str) -> Decimal:
        """Amount of a line; a line the form does not have is a bug."""
        return next(row.amounts[column] for row in self.rows if row.line == line)


def effective_lines(
    lines: Iterable[StatementLine], overrides: Iterable[LineOverride], on: date
) -> tuple[StatementLine, ...]:
    """The definition in force on a day: each override replaces what it names, later ones win."""
    by_key = {(line.form, line.line): line for line in lines}
    for change in sorted(overrides, key=lambda change: change.valid_from):
        key = (change.form, change.line)
        if change.valid_from > on or key not in by_key:
            continue
        line = by_key[key]
        name = line.name if change.name is None else change.name
        formula = line.formula if change.formula is None else change.formula
        by_key[key] = replace(line, name=name, formula=formula)
    return tuple(sorted(by_key.values(), key=lambda line: (line.form, line.line)))


def check_line_formula(line: int, text: str) -> None:
    """Refuse a formula that cannot be read or that looks at its own or a later line: lines go in order."""
    formula = parse_formula(text)
    if any(other >= line for other in formula.lines):
        message = gettext_noop("第 %(line)s 行的公式只能引用它前面的行。")
        raise BookkeepingError("invalid", message, line=line)


def check_reclassification(lines: Sequence[StatementLine], move: Reclassification) -> None:
    """Both lines of kind account, on one side of the sheet, and with the same weight in its total.

    The weight rules out line 19 累计折旧, which is subtracted. Raises BookkeepingError `invalid`.
    """
    by_line = {line.line: line for line in lines if line.form == BALANCE_SHEET}
    ends = [by_line.get(move.from_line), by_line.get(move.to_line)]
    found = [line for line in ends if line is not None and line.kind == "account"]
    if len(found) < 2 or move.from_line == move.to_line:
        raise BookkeepingError("invalid", gettext_noop("重分类只能在资产负债表的两个不同项目行之间进行。"))
    sides = {"asset" if line.side == "asset" else "liability_equity" for line in found}
    weights = {_weight(by_line, line.line) for line in found}
    if len(sides) > 1 or len(weights) > 1:
        raise BookkeepingError("invalid", gettext_noop("重分类的两行必须在报表的同一边，且同为加项。"))


def _weight(by_line: Mapping[int, StatementLine], line: int) -> Decimal:
    """How much one yuan of the line moves the total of its side (L30 or L53)."""
    total = 30 if by_line[line].side == "asset" else 53
    weights: dict[int, Decimal] = {total: Decimal(1)}
    for number in sorted(by_line, reverse=True):
        if number not in weights or by_line[number].kind != "sum":
            continue
        for term in parse_formula(by_line[number].formula).terms:
            if term.kind == "L":
                other = int(term.argument)
                weights[other] = weights.get(other, Decimal(0)) + weights[number] * term.coefficient
    return weights.get(line, Decimal(0))


def balance_sheet_columns(period: Period) -> tuple[Column, ...]:
    """closing = end of the period; year_begin = end of last December (in the start year: opening without
    its ytd).
    """
    return (
        Column("closing", month_span(period)),
        Column("year_begin", month_span(period.january + -1)),
    )


def period_columns(period: Period, span: str, start: Period) -> tuple[Column, ...]:
    """Columns of 02表 and 03表: current and ytd, or for a year ytd and last_year.

    `period` is the last month; a month or quarter begun before the book counts from its `start`.
    """
    to_date = Column("ytd", year_to_date(period))
    if span == "year":
        return to_date, Column("last_year", year_of(period.january + -1))
    return Column("current", report_span(period, span).not_before(start)), to_date


@dataclass(frozen=True)
class StatementBook:
    """Everything the three forms are computed from.

    `balances` must reach back to January of the year before (or to the start of the book, if that is
    later), or the column last_year would be empty. `lines` are the definitions in force, `crossing` is
    account (附录) or partner, `reclassifications` belong to the sheet of the period that is built.
    """

    balances: Balances
    lines: tuple[StatementLine, ...]
    checks: tuple[StatementCheck, ...]
    crossing: str = "account"
    reclassifications: tuple[Reclassification, ...] = ()

    def balance_sheet(self, period: Period, *, closed: bool) -> Statement:
        """会小企01表. Reclassifications change the closing column of this period's sheet only."""
        columns = balance_sheet_columns(period)
        values = {column.name: self._values(BALANCE_SHEET, column) for column in columns}
        values["closing"] = self._values(BALANCE_SHEET, columns[0], self.reclassifications)
        return self._statement(BALANCE_SHEET, columns, values, closed)

    def income_statement(self, period: Period, *, span: str = "month", closed: bool) -> Statement:
        """会小企02表, vouchers of kind closing left out."""
        return self._turnover_form("会小企02表", period, span, closed)

    def cash_flow(self, period: Period, *, span: str = "month", closed: bool) -> Statement:
        """会小企03表; carries the cross checks against the sheet and the cash accounts."""
        return self._turnover_form(CASH_FLOW, period, span, closed)

    def _turnover_form(self, form: str, period: Period, span: str, closed: bool) -> Statement:
        columns = period_columns(period, span, self.balances.start)
        values = {column.name: self._values(form, column) for column in columns}
        return self._statement(form, columns, values, closed)

    def _values(self, form: str, column: Column, moves: tuple[Reclassification, ...] = ()) -> dict[int, Decimal]:
        evaluator = _Evaluator(self.balances, column.span, self.crossing == "partner", moves)
        for line in self.lines:
            if line.form == form:
                evaluator.add(line)
        return evaluator.values

    def _statement(
        self,
        form: str,
        columns: tuple[Column, ...],
        values: Mapping[str, Mapping[int, Decimal]],
        closed: bool,
    ) -> Statement:
        names = tuple(column.name for column in columns)
        rows = tuple(
            StatementRow(
                line.line,
                line.name,
                line.name_en,
                line.kind,
                {name: values[name][line.line] for name in names},
            )
            for line in self.lines
            if line.form == form
        )
        checks = tuple(self._checks(form, columns, values))
        return Statement(form, statement_status(checks, closed=closed), names, rows, checks)

    def _checks(
        self, form: str, columns: tuple[Column, ...], values: Mapping[str, Mapping[int, Decimal]]
    ) -> Iterable[CheckResult]:
        for check in self.checks:
            cross = check.form == "cross" and form == CASH_FLOW
            if check.form != form and not cross:
                continue
            for column in columns:
                left, right = self._sides(check, column, values[column.name])
                ok = left == right if check.kind == "equal" else left >= right
                yield CheckResult(check.rule, check.kind, column.name, ok, left, right)

    def _sides(self, check: StatementCheck, column: Column, values: Mapping[int, Decimal]) -> tuple[Decimal, Decimal]:
        left, _, right = check.rule.partition(">=" if check.kind == "at_least" else "=")
        return self._side(left, column, values), self._side(right, column, values)

    def _side(self, text: str, column: Column, values: Mapping[int, Decimal]) -> Decimal:
        change, cross = _CHANGE.fullmatch(text), _CROSS.fullmatch(text)
        if change is not None:
            codes = change[1].split("+")
            return sum((self.balances.turnover(code, column.span).net for code in codes), ZERO)
        if cross is not None:
            # The sheet as the ledger has it: a reclassified deposit does not make the cash flow wrong.
            form_values = values if cross[1] == CASH_FLOW else self._values(cross[1], column)
            return form_values[int(cross[2])]
        return parse_formula(text).evaluate(lambda _, argument: values[int(argument)])


def statement_status(checks: Iterable[CheckResult], *, closed: bool) -> str:
    """unbalanced when an `equal` check fails (never filed), final when the period is closed, else
    preliminary.
    """
    if any(not check.ok for check in checks if check.kind == "equal"):
        return "unbalanced"
    return "final" if closed else "preliminary"


class _Evaluator:
    """Values of one column, line after line."""

    def __init__(self, balances: Balances, span: Span, by_partner: bool, moves: tuple[Reclassification, ...]) -> None:
        self.values: dict[int, Decimal] = {}
        self._balances = balances
        self._span = span
        self._by_partner = by_partner
        self._moves = moves
        self._moved_in = ZERO

    def add(self, line: StatementLine) -> None:
        """Evaluate a line; what was reclassified enters and leaves it whatever its formula says."""
        formula = parse_formula(line.formula)
        self._moved_in = sum((move.amount for move in self._moves if move.to_line == line.line), ZERO)
        moved_out = sum((move.amount for move in self._moves if move.from_line == line.line), ZERO)
        amount = formula.evaluate(self._resolve) - moved_out
        self.values[line.line] = amount if formula.uses("RECLASS") else amount + self._moved_in

    def _resolve(self, kind: str, argument: str) -> Decimal:
        simple = self._resolve_line(kind, argument)
        if simple is not None:
            return simple
        at = self._span.last
        if kind == "BAL":
            return self._balances.balance(argument, at)
        if kind == "OPEN":
            return self._balances.opening(argument, self._span)
        if kind == "POS":
            return self._balances.positive(argument, at, by_partner=self._by_partner)
        if kind == "NEG":
            return self._balances.negative(argument, at, by_partner=self._by_partner)
        net = self._balances.turnover(argument, self._span, closing=False).net
        return net if kind == "DR" else -net

    def _resolve_line(self, kind: str, argument: str) -> Decimal | None:
        if kind == "RECLASS":
            return self._moved_in
        if kind == "MEMO":
            return self._balances.memo(int(argument), self._span)
        if kind == "TAG":
            return self._balances.tagged(int(argument), self._span)
        if kind != "L":
            return None
        if int(argument) not in self.values:
            message = gettext_noop("公式引用了第 %(line)s 行，但它不在前面。")
            raise BookkeepingError("invalid", message, line=argument)
        return self.values[int(argument)]
