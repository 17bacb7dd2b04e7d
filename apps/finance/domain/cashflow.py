"""现金流量 by tags: every non-cash line of a voucher with a cash line says where the cash came from or went.

Inflow lines count credit minus debit, outflow lines debit minus credit, so whatever the tags are
Σ inflow − Σ outflow = Σ (credit − debit) of the non-cash lines = change of cash.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from apps.finance.domain.amounts import ZERO
from apps.finance.domain.catalogue import DefaultTag, default_tags
from apps.finance.domain.errors import BookkeepingError, gettext_noop

CASH_CODES = ("1001", "1002", "1012")
INFLOW_LINES = frozenset({1, 2, 8, 9, 10, 14, 15})
OUTFLOW_LINES = frozenset({3, 4, 5, 6, 11, 12, 16, 17, 18})
FALLBACK = DefaultTag("", when_debited=6, when_credited=2)


class CashLine(Protocol):
    """What tagging reads of a line."""

    @property
    def account(self) -> str: ...

    @property
    def debit(self) -> Decimal: ...

    @property
    def credit(self) -> Decimal: ...

    @property
    def cash_flow(self) -> int | None: ...


@dataclass(frozen=True)
class Tag:
    """Tag of the line at `position` (0-based): form line, amount in that line's direction.

    `guessed` is the warning: the account is not in the default map and nobody chose the line.
    """

    position: int
    line: int
    amount: Decimal
    guessed: bool = False


def is_cash(account: str) -> bool:
    """库存现金, 银行存款, 其他货币资金 and everything below them."""
    return account[:4] in CASH_CODES


def check_tag(line: int) -> None:
    """Refuse a number that is no tag line: 1 to 18 without the subtotals 7 and 13."""
    if line not in INFLOW_LINES and line not in OUTFLOW_LINES:
        message = gettext_noop("现金流量项目 %(line)s 不存在，请选 1 至 18 行中的明细项目。")
        raise BookkeepingError("invalid", message, line=line)


def amount_of(line: int, debit: Decimal, credit: Decimal) -> Decimal:
    """Amount in the direction of the form line; negative when the cash went the other way."""
    return credit - debit if line in INFLOW_LINES else debit - credit


def default_line(account: str, *, debited: bool, defaults: Mapping[str, DefaultTag]) -> tuple[int, bool]:
    """Line from the map by level-1 code and side, and whether it was guessed (credit 2, debit 6)."""
    known = defaults.get(account[:4])
    chosen = known or FALLBACK
    return (chosen.when_debited if debited else chosen.when_credited), known is None


def tag_lines(lines: Sequence[CashLine], defaults: Mapping[str, DefaultTag] | None = None) -> list[Tag]:
    """Tags of a voucher's non-cash lines: the one given on the line, else the default.

    A voucher without a cash line has none, and a transfer between cash accounts needs none.
    """
    if not any(is_cash(line.account) for line in lines):
        return []
    table = default_tags() if defaults is None else defaults
    tags = []
    for position, line in enumerate(lines):
        if is_cash(line.account):
            continue
        number, guessed = line.cash_flow, False
        if number is None:
            number, guessed = default_line(line.account, debited=bool(line.debit), defaults=table)
        check_tag(number)
        tags.append(Tag(position, number, amount_of(number, line.debit, line.credit), guessed))
    return tags


def cash_change(tags: Iterable[Tag]) -> Decimal:
    """Σ inflow − Σ outflow; equals debit minus credit of the cash lines of the voucher."""
    signed = (tag.amount if tag.line in INFLOW_LINES else -tag.amount for tag in tags)
    return sum(signed, ZERO)
