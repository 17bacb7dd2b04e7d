"""Ledgers with more columns: 数量金额账 and 多栏账, and the 凭证汇总表."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from apps.finance.domain.amounts import ZERO, divide
from apps.finance.domain.balances import AccountFacts, Turnover
from apps.finance.domain.ledger import LedgerLine, LedgerStart, SubledgerRow, subledger
from apps.finance.domain.periods import Span

NOTHING = Decimal("0.0000")


@dataclass(frozen=True)
class QuantityStart:
    """Quantities (stock units, + on the debit side) before the first day and of that year before it."""

    opening: Decimal = NOTHING
    ytd_debit: Decimal = NOTHING
    ytd_credit: Decimal = NOTHING


@dataclass(frozen=True)
class QuantityRow:
    """数量金额账 row: quantities beside the amounts; unit_price (6 decimals) is None when no quantity is
    left.
    """

    row: SubledgerRow
    debit_quantity: Decimal
    credit_quantity: Decimal
    balance_quantity: Decimal
    unit_price: Decimal | None


def quantity_sides(line: LedgerLine) -> tuple[Decimal, Decimal]:
    """Quantity of a line on the side of its amount; it carries the sign of the amount, red is negative."""
    quantity = line.quantity or NOTHING
    return (NOTHING, quantity) if line.credit else (quantity, NOTHING)


def quantity_ledger(
    start: LedgerStart, quantities: QuantityStart, lines: Iterable[LedgerLine], span: Span
) -> list[QuantityRow]:
    """Subledger rows with quantities. Unit price of a line is amount / quantity, of the others balance /
    quantity.
    """
    rows: list[QuantityRow] = []
    balance = quantities.opening
    month = (NOTHING, NOTHING)
    year = (quantities.ytd_debit, quantities.ytd_credit)
    for row in subledger(start, lines, span):
        sides = (NOTHING, NOTHING)
        if row.line is not None:
            sides = quantity_sides(row.line)
            month = (month[0] + sides[0], month[1] + sides[1])
            balance += sides[0] - sides[1]
        elif row.kind == "period_total":
            before = (NOTHING, NOTHING) if row.on.month == 1 else year
            year = (before[0] + month[0], before[1] + month[1])
            sides, month = month, (NOTHING, NOTHING)
        elif row.kind == "ytd_total":
            sides = year
        rows.append(QuantityRow(row, sides[0], sides[1], balance, _unit_price(row, sides, balance)))
    return rows


def _unit_price(row: SubledgerRow, sides: tuple[Decimal, Decimal], balance: Decimal) -> Decimal | None:
    amount, quantity = row.balance, balance
    if row.line is not None:
        amount, quantity = (row.debit, sides[0]) if row.debit else (row.credit, sides[1])
    return divide(amount, quantity, 6) if quantity else None


@dataclass(frozen=True)
class MultiColumnRow:
    """多栏账 row: one line, its amount in the column of its key."""

    row: SubledgerRow
    key: str
    amount: Decimal


@dataclass(frozen=True)
class MultiColumn:
    """多栏账: rows in book order, totals by key for every column, moved or not."""

    rows: tuple[MultiColumnRow, ...]
    totals: dict[str, Decimal]


def multi_column(
    account: AccountFacts,
    start: LedgerStart,
    lines: Iterable[LedgerLine],
    span: Span,
    *,
    keys: Sequence[str],
    key_of: Callable[[LedgerLine], str],
) -> MultiColumn:
    """Cells are debit minus credit for a debit-direction account, else the reverse; key = child code or
    value.
    """
    totals = dict.fromkeys(keys, ZERO)
    rows = []
    for row in subledger(start, lines, span):
        if row.line is None:
            continue
        key = key_of(row.line)
        amount = (row.debit - row.credit) * account.sign
        totals[key] = totals.get(key, ZERO) + amount
        rows.append(MultiColumnRow(row, key, amount))
    return MultiColumn(tuple(rows), totals)


def child_key(parent: str, child_length: int) -> Callable[[LedgerLine], str]:
    """Key of a line in the columns of a parent: its direct child; history on the parent itself keeps its
    code.
    """
    width = len(parent) + child_length
    return lambda line: line.account[:width]


def voucher_summary(lines: Iterable[LedgerLine], *, code_length: int) -> dict[str, Turnover]:
    """凭证汇总表 (科目汇总): turnover by account, cut to the level's code length, sorted by code."""
    sums: dict[str, Turnover] = {}
    for line in lines:
        code = line.account[:code_length]
        old = sums.get(code, Turnover())
        sums[code] = Turnover(old.debit + line.debit, old.credit + line.credit)
    return dict(sorted(sums.items()))
