"""Amounts: reading, rounding, comparing and writing them in words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from typing import Protocol

from apps.finance.domain.errors import BookkeepingError, gettext_noop

CENT = Decimal("0.01")
ZERO = Decimal("0.00")

# 18 digits times a rate of 18 digits needs 36; the default of 28 would round twice.
WIDE = Context(prec=60, rounding=ROUND_HALF_UP)

_AMOUNT = re.compile(r"-?[0-9]{1,16}(\.[0-9]{1,2})?")
_EXTRA_DECIMALS = re.compile(r"-?[0-9]{1,16}\.[0-9]{3,}")
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_BAD_AMOUNT = gettext_noop("“%(text)s”不是金额，请填写数字，小数点后最多两位，不带千分号。")
_THIRD_DECIMAL = gettext_noop("“%(text)s”的小数多于两位，金额只能到分，请改好再填。")
_BELOW_FEN = gettext_noop("金额 %(text)s 不到分，无法写成大写。")


def parse_amount(text: str) -> Decimal:
    """Read `-?\\d{1,16}(\\.\\d{1,2})?`, ASCII digits only, as CNY with two decimals; "-0" becomes 0.00.

    Raises BookkeepingError `invalid`: a third decimal is refused, never rounded.
    """
    if _AMOUNT.fullmatch(text):
        return Decimal(text).quantize(CENT) + ZERO
    template = _THIRD_DECIMAL if _EXTRA_DECIMALS.fullmatch(text) else _BAD_AMOUNT
    raise BookkeepingError("invalid", template, text=text[:40])


def format_amount(value: Decimal) -> str:
    """Two decimals, no separators, never "-0.00"."""
    return f"{round_half_up(value):.2f}"


def round_half_up(value: Decimal, places: int = 2) -> Decimal:
    """Round half up, away from zero: 3.545 gives 3.55 and -3.545 gives -3.55. Never returns a negative
    zero.
    """
    rounded = value.quantize(Decimal(1).scaleb(-places), context=WIDE)
    return rounded.copy_abs() if rounded.is_zero() else rounded


def multiply(left: Decimal, right: Decimal, places: int = 2) -> Decimal:
    """The product rounded once, half up; base amount of a foreign line = multiply(fc_amount, rate)."""
    return round_half_up(WIDE.multiply(left, right), places)


def divide(left: Decimal, right: Decimal, places: int = 2) -> Decimal:
    """The quotient rounded half up from 60 digits; `right` must not be zero."""
    return round_half_up(WIDE.divide(left, right), places)


def share(total: Decimal, numerator: Decimal, denominator: Decimal, places: int = 2) -> Decimal:
    """total × numerator / denominator, rounded once, to the fen unless said otherwise."""
    with localcontext(WIDE):
        return round_half_up(total * numerator / denominator, places)


def allocate(total: Decimal, weights: Iterable[Decimal]) -> list[Decimal]:
    """Split `total` by weights: each share rounded, the last takes the remainder, so the parts add up to
    the fen.
    """
    parts = list(weights)
    whole = sum(parts, Decimal(0))
    if not parts or whole <= 0 or min(parts) < 0:
        raise BookkeepingError("invalid", gettext_noop("分配标准之和必须大于零，且不能为负。"))
    shares = [share(total, weight, whole) for weight in parts[:-1]]
    return [*shares, total - sum(shares, ZERO)]


class TwoSided(Protocol):
    """Anything with a debit and a credit amount."""

    @property
    def debit(self) -> Decimal: ...

    @property
    def credit(self) -> Decimal: ...


@dataclass(frozen=True)
class LineSums:
    """Σ debit, Σ credit and debit minus credit of a set of lines."""

    debit: Decimal
    credit: Decimal

    @property
    def difference(self) -> Decimal:
        """Debit minus credit; the running difference of the entry grid."""
        return self.debit - self.credit

    @property
    def balanced(self) -> bool:
        """Equal to the fen. Both sums may be zero in a voucher of red lines."""
        return self.difference == 0


def sum_lines(lines: Iterable[TwoSided]) -> LineSums:
    """Add up both sides."""
    debit = credit = ZERO
    for line in lines:
        debit += line.debit
        credit += line.credit
    return LineSums(debit, credit)


def chinese_upper(amount: Decimal) -> str:
    """大写金额 (令98 art. 52), with the currency name: 人民币壹仟零伍元零叁分.

    整 after 元 or 角, none after 分; one 零 for any run of zeros inside; where the yuan digit is zero and a
    角 follows, the article leaves the 零 to choice and it is written. A red amount begins 人民币负. Up to
    16 digits of yuan. Raises BookkeepingError `invalid` for fractions of a fen.
    """
    if amount != amount.quantize(CENT, context=WIDE) or abs(amount) >= Decimal(10) ** 16:
        raise BookkeepingError("invalid", _BELOW_FEN, text=str(amount))
    fen_total = int(abs(amount).scaleb(2))
    yuan, fen_part = divmod(fen_total, 100)
    sign = "负" if amount < 0 else ""
    return f"人民币{sign}{_yuan_words(yuan, fen_part)}{_fen_words(yuan, fen_part)}"


def _yuan_words(yuan: int, fen_part: int) -> str:
    if yuan == 0:
        return "" if fen_part else "零元"
    return f"{_integer_words(yuan)}元"


def _fen_words(yuan: int, fen_part: int) -> str:
    jiao, fen = divmod(fen_part, 10)
    if fen_part == 0:
        return "整"
    gap = "零" if yuan and (jiao == 0 or yuan % 10 == 0) else ""
    jiao_words = f"{_DIGITS[jiao]}角" if jiao else ""
    return f"{gap}{jiao_words}" + (f"{_DIGITS[fen]}分" if fen else "整")


def _integer_words(number: int) -> str:
    for unit, name in ((10**8, "亿"), (10**4, "万")):
        if number >= unit:
            high, low = divmod(number, unit)
            return f"{_integer_words(high)}{name}{_lower_words(low, unit, high)}"
    return _four_digits(number)


def _lower_words(low: int, unit: int, high: int) -> str:
    if low == 0:
        return ""
    gap = "零" if low < unit // 10 or high % 10 == 0 else ""
    return f"{gap}{_integer_words(low)}"


def _four_digits(number: int) -> str:
    words, pending_zero = "", False
    for position in range(3, -1, -1):
        digit = number // 10**position % 10
        if digit == 0:
            pending_zero = bool(words)
            continue
        words += ("零" if pending_zero else "") + _DIGITS[digit] + _PLACES[position]
        pending_zero = False
    return words
