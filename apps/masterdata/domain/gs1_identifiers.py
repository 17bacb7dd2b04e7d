"""GS1 application identifiers (AI) on trade items, packages and places. GS1 General Specifications §3."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from apps.masterdata.domain import gtin
from apps.masterdata.domain.errors import RuleError, gettext_noop

# The 82 characters a GS1 element string may hold, General Specifications figure 7.11-1.
CHARACTER_SET_82 = frozenset("!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz")


class BadElementString(RuleError):
    """A GS1 code is damaged: unknown AI, wrong length or character, impossible date, contradicting values."""

    code = "bad_gs1"


@dataclass(frozen=True)
class Identifier:
    """One AI: how long its value is and what it may hold. `check` raises when a check digit is wrong."""

    ai: str
    shortest: int
    longest: int
    digits_only: bool
    check: Callable[[str], str] | None = None

    @property
    def is_predefined(self) -> bool:
        """Whether the value ends by itself; any other one ends at FNC1 or at the end (figure 7.8.5-2)."""
        return self.ai[:2] in PREDEFINED_LENGTHS


# First two digits of the AI -> length of AI and value together; these need no FNC1 behind them.
PREDEFINED_LENGTHS: dict[str, int] = {
    "00": 20, "01": 16, "02": 16, "03": 16, "04": 18, "11": 8, "12": 8, "13": 8, "14": 8, "15": 8, "16": 8,
    "17": 8, "18": 8, "19": 8, "20": 4, "31": 10, "32": 10, "33": 10, "34": 10, "35": 10, "36": 10, "41": 16,
}  # fmt: skip

DATE_IDENTIFIERS = frozenset({"11", "12", "13", "15", "16", "17"})

_FIXED_DIGITS = {
    "20": 2,
    "422": 3,
    "424": 3,
    "425": 3,
    "426": 3,
    "402": 17,
    "7003": 10,
    "8005": 6,
    "8018": 18,
}
_UP_TO_DIGITS = {"30": 8, "37": 8, "242": 6, "423": 15, "8011": 12, "8019": 10}
_UP_TO_TEXT = {
    "10": 20, "21": 20, "22": 20, "235": 28, "240": 30, "241": 30, "243": 20, "250": 30, "251": 30, "254": 20,
    "400": 30, "401": 30, "403": 30, "420": 20, "421": 12, "8002": 20, "8004": 30, "8010": 30, "8013": 25,
    "8020": 25, "8200": 70, "90": 30,
}  # fmt: skip


def _table() -> dict[str, Identifier]:
    rows = [Identifier("00", 18, 18, True, gtin.clean_sscc)]
    rows += [Identifier(ai, 14, 14, True, gtin.clean_gtin) for ai in ("01", "02", "03")]
    rows += [Identifier(f"41{place}", 13, 13, True, gtin.clean_gln) for place in range(8)]
    rows += [Identifier(ai, 6, 6, True) for ai in sorted(DATE_IDENTIFIERS)]
    rows += [Identifier(ai, length, length, True) for ai, length in _FIXED_DIGITS.items()]
    rows += [Identifier(ai, 1, length, True) for ai, length in _UP_TO_DIGITS.items()]
    rows += [Identifier(ai, 1, length, False) for ai, length in _UP_TO_TEXT.items()]
    rows += [Identifier(f"9{digit}", 1, 90, False) for digit in range(1, 10)]
    rows += [Identifier(f"{measure}{places}", 6, 6, True) for measure in _measures() for places in range(6)]
    rows += [Identifier(f"{amount}{places}", 1, 15, True) for amount in (390, 392) for places in range(6)]
    rows += [Identifier(f"{amount}{places}", 4, 18, True) for amount in (391, 393) for places in range(6)]
    rows += [
        Identifier("253", 13, 30, False),
        Identifier("7007", 6, 12, True),
        Identifier("8008", 8, 12, True),
    ]
    return {row.ai: row for row in rows}


def _measures() -> list[int]:
    return [*range(310, 317), *range(320, 338), *range(340, 350), *range(350, 358), *range(360, 370)]


IDENTIFIERS: dict[str, Identifier] = _table()


def identifier_at(text: str, start: int) -> Identifier | None:
    """The AI that `text` has at `start`, or None. No AI of the table is the beginning of another one."""
    for length in (2, 3, 4):
        found = IDENTIFIERS.get(text[start : start + length])
        if found is not None and len(found.ai) == length:
            return found
    return None


def known_identifier(ai: str) -> Identifier:
    """The AI of the table, or BadElementString."""
    identifier = IDENTIFIERS.get(ai)
    if identifier is None:
        raise BadElementString(gettext_noop("“%(ai)s”不是已知的 GS1 应用标识符。"), {"ai": ai[:8]})
    return identifier


def check_value(identifier: Identifier, value: str) -> str:
    """Return `value`, or raise BadElementString or BadCheckDigit when the AI does not allow it."""
    fits = identifier.shortest <= len(value) <= identifier.longest
    if identifier.digits_only:
        fits = fits and value.isascii() and value.isdigit()
    if not (fits and CHARACTER_SET_82.issuperset(value)):
        raise BadElementString(
            gettext_noop("条码里（%(ai)s）的内容“%(value)s”不合规定，可能没有扫全。"),
            {"ai": identifier.ai, "value": value[:40]},
        )
    if identifier.ai in DATE_IDENTIFIERS:
        read_date(value, today=date(2000, 1, 1))
    return identifier.check(value) if identifier.check else value


def read_date(digits: str, *, today: date) -> date:
    """A date of AI 11 to 17. The century is the one nearest to `today` (General Specifications §7.12).

    Day `00` means the last day of the month. Raises BadElementString for a day that does not exist.
    """
    year, month, day = int(digits[:2]), int(digits[2:4]), int(digits[4:])
    difference = year - today.year % 100
    century = today.year // 100 + (-1 if difference >= 51 else 1 if difference <= -50 else 0)
    try:
        if day:
            return date(century * 100 + year, month, day)
        first = date(century * 100 + year, month, 1)
    except ValueError:
        raise BadElementString(gettext_noop("条码里的日期“%(digits)s”不存在。"), {"digits": digits}) from None
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
