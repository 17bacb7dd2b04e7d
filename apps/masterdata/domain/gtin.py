"""GS1 identification numbers: GTIN on goods, GLN on places, SSCC on packages. GS1 Gen. Spec. §7.9."""

import re
from dataclasses import dataclass
from enum import StrEnum

from apps.masterdata.domain.codes import clean_code, fold_width, strip_blanks
from apps.masterdata.domain.errors import RuleError, gettext_noop

GTIN_LENGTHS = (8, 12, 13, 14)
GLN_LENGTH = 13
SSCC_LENGTH = 18

_DIGITS = re.compile(r"[0-9]+")
_PREFIX = re.compile(r"[0-9]{4,12}")


class BadCheckDigit(RuleError):
    """A GTIN, GLN or SSCC has the wrong length, a character that is no digit, or the wrong check digit."""

    code = "bad_check_digit"


class BadCompanyPrefix(RuleError):
    """The GS1 company prefix (厂商识别代码) is malformed, or has no numbers left."""

    code = "bad_gs1_prefix"


class BarcodeKind(StrEnum):
    """GTIN: issued by GS1, kept as 14 digits. OWN: whatever the company prints on its own labels."""

    GTIN = "gtin"
    OWN = "own"


@dataclass(frozen=True)
class Barcode:
    """A barcode as stored: `value` is 14 digits for a GTIN and the cleaned text for an own code."""

    kind: BarcodeKind
    value: str


def check_digit(body: str) -> str:
    """The mod-10 digit that follows `body`: weights 3, 1, 3 … from the right. `body` is digits only."""
    if not _DIGITS.fullmatch(body):
        raise BadCheckDigit(gettext_noop("条码“%(value)s”只能由数字组成。"), {"value": body})
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body)))
    return str(-total % 10)


def has_valid_check_digit(value: str) -> bool:
    """Whether `value` is at least two digits and the last one checks the others."""
    return len(value) > 1 and bool(_DIGITS.fullmatch(value)) and check_digit(value[:-1]) == value[-1]


def clean_gtin(text: str) -> str:
    """Return a GTIN-8/12/13/14 as 14 digits, zeros in front. Raises BadCheckDigit."""
    value = _digits_only(text)
    if len(value) not in GTIN_LENGTHS:
        raise BadCheckDigit(
            gettext_noop("商品条码（GTIN）应为 8、12、13 或 14 位数字，“%(value)s”不是。"), {"value": value}
        )
    return _checked(value).zfill(14)


def clean_gln(text: str) -> str:
    """Return a GLN (全球位置码, 13 digits). Raises BadCheckDigit."""
    return _of_length(text, GLN_LENGTH, gettext_noop("位置码（GLN）应为 13 位数字，“%(value)s”不是。"))


def clean_sscc(text: str) -> str:
    """Return an SSCC (系列货运包装箱代码, 18 digits); a leading `(00)` is taken off. Raises BadCheckDigit."""
    bare = strip_blanks(fold_width(text)).removeprefix("(00)")
    return _of_length(bare, SSCC_LENGTH, gettext_noop("包装箱代码（SSCC）应为 18 位数字，“%(value)s”不是。"))


def clean_barcode(text: str) -> Barcode:
    """Return what a barcode typed on an item is.

    8, 12, 13 or 14 digits are a GTIN and must check (BadCheckDigit): a mistyped GTIN must not slip in as an
    own code. Anything else is an own code (BadCode when it is no code at all).
    """
    value = strip_blanks(fold_width(text))
    if _DIGITS.fullmatch(value) and len(value) in GTIN_LENGTHS:
        return Barcode(BarcodeKind.GTIN, clean_gtin(value))
    return Barcode(BarcodeKind.OWN, clean_code(text))


def printed_gtin(gtin: str) -> str:
    """The form that is printed under the bars: the 14 digits without the zeros that only fill up to 14."""
    for length in GTIN_LENGTHS:
        if gtin[: 14 - length] == "0" * (14 - length):
            return gtin[14 - length :]
    return gtin


def clean_company_prefix(text: str) -> str:
    """Return a GS1 company prefix, 4 to 12 digits (7 to 10 when issued in China). Raises BadCompanyPrefix."""
    value = strip_blanks(fold_width(text))
    if not _PREFIX.fullmatch(value):
        raise BadCompanyPrefix(gettext_noop("厂商识别代码应为 4 至 12 位数字，“%(value)s”不是。"), {"value": value})
    return value


def build_sscc(*, company_prefix: str, serial: int, extension: int = 0) -> str:
    """SSCC number `serial` (0, 1, 2 …) of a company: extension digit, prefix, serial, check digit.

    Raises BadCompanyPrefix when the serial no longer fits beside the prefix: a number is never used twice.
    """
    prefix = clean_company_prefix(company_prefix)
    width = SSCC_LENGTH - 2 - len(prefix)
    if not (0 <= serial < 10**width and 0 <= extension <= 9):
        raise BadCompanyPrefix(gettext_noop("厂商识别代码 %(prefix)s 的箱号已经用完。"), {"prefix": prefix})
    body = f"{extension}{prefix}{serial:0{width}d}"
    return body + check_digit(body)


def _digits_only(text: str) -> str:
    value = strip_blanks(fold_width(text)).replace("-", "")
    if not _DIGITS.fullmatch(value):
        raise BadCheckDigit(gettext_noop("条码“%(value)s”只能由数字组成。"), {"value": value})
    return value


def _of_length(text: str, length: int, sentence: str) -> str:
    value = _digits_only(text)
    if len(value) != length:
        raise BadCheckDigit(sentence, {"value": value})
    return _checked(value)


def _checked(value: str) -> str:
    expected = check_digit(value[:-1])
    if value[-1] != expected:
        raise BadCheckDigit(
            gettext_noop("条码 %(value)s 的校验位不对，应为 %(expected)s，请核对后重新输入。"),
            {"value": value, "expected": expected},
        )
    return value
