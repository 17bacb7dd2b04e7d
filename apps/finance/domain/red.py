"""Corrections: the red-letter reversal, the mark of the right voucher, and who may use which reason (令98
art. 51(5)).
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from apps.finance.domain.errors import BookkeepingError, gettext_noop
from apps.finance.domain.lines import Line

REASONS = ("error", "estimate", "return")
LONGEST_SUMMARY = 200


def reversal_prefix(on: date, word: str, no: int) -> str:
    """`注销2026年9月10日记-12号凭证`."""
    return f"注销{_named(on, word, no)}"


def correction_prefix(on: date, word: str, no: int) -> str:
    """`订正2026年9月10日记-12号凭证`, for the copy that books it right."""
    return f"订正{_named(on, word, no)}"


def _named(on: date, word: str, no: int) -> str:
    return f"{on.year}年{on.month}月{on.day}日{word}-{no}号凭证"


def with_prefix(prefix: str, summary: str) -> str:
    """Prefix before the summary; the tail of a long summary gives way, the prefix never does."""
    return f"{prefix} {summary}"[:LONGEST_SUMMARY].rstrip()


def reversal_lines(lines: Iterable[Line], prefix: str) -> list[Line]:
    """The same lines with negative amounts on the same sides, so turnover is not inflated.

    Quantities and foreign amounts turn too; accounts, dimensions, ref, due date and cash-flow tag stay, so
    the open item and the cash flow of the original are undone where they stood.
    """
    return [
        replace(
            line,
            summary=with_prefix(prefix, line.summary),
            debit=_minus(line.debit),
            credit=_minus(line.credit),
            fc_amount=None if line.fc_amount is None else _minus(line.fc_amount),
            quantity=None if line.quantity is None else _minus(line.quantity),
        )
        for line in lines
    ]


def marked_lines(lines: Iterable[Line], prefix: str) -> list[Line]:
    """A blue copy whose summaries carry the mark."""
    return [replace(line, summary=with_prefix(prefix, line.summary)) for line in lines]


def _minus(value: Decimal) -> Decimal:
    return value if value.is_zero() else -value


def check_reversal(
    *, reason: str, original_on: date, reversal_on: date, is_reversal: bool, already_reversed: bool
) -> None:
    """Refuse what may not be reversed.

    Raises BookkeepingError: `invalid` unknown reason or a date before the original, `reversal_of_reversal`,
    `already_reversed`, `prior_year_needs_blue` (an error of an earlier year is put right by a blue voucher
    of this year, 准则 art. 88; 暂估冲回 and returns may reach back).
    """
    if reason not in REASONS:
        raise BookkeepingError("invalid", gettext_noop("冲销原因只能是 error、estimate 或 return。"))
    if is_reversal:
        raise BookkeepingError("reversal_of_reversal", gettext_noop("红字凭证不能再冲销，请复制原凭证重新填制。"))
    if already_reversed:
        raise BookkeepingError("already_reversed", gettext_noop("这张凭证已经冲销过，不能再冲一次。"))
    if reversal_on < original_on:
        raise BookkeepingError("invalid", gettext_noop("冲销日期不能早于原凭证日期。"))
    if reason == "error" and original_on.year < reversal_on.year:
        message = gettext_noop("以前年度的差错不用红字冲销，请在本年用蓝字凭证更正。")
        raise BookkeepingError("prior_year_needs_blue", message)
