"""Bank accounts: 联行号 (CNAPS) and account numbers as banks print them."""

import re

from apps.masterdata.domain.codes import fold_width, strip_blanks
from apps.masterdata.domain.errors import RuleError, gettext_noop

CNAPS_LENGTH = 12
SHOWN_DIGITS = 4

_CNAPS = re.compile(r"[0-9]{12}")
_ACCOUNT_NO = re.compile(r"[0-9A-Z]{5,34}")


class BadCnaps(RuleError):
    """The 联行号 is not 12 digits."""

    code = "bad_cnaps"


class BadAccountNo(RuleError):
    """The bank account number cannot be one."""

    code = "bad_account_no"


def clean_cnaps(text: str) -> str:
    """Return the 12 digits: 3 bank, 4 area, 4 branch, 1 check. Raises BadCnaps.

    Only the shape is checked: the clearing system owns the formula of the last digit and may change it.
    """
    value = strip_blanks(fold_width(text)).replace("-", "")
    if not _CNAPS.fullmatch(value):
        raise BadCnaps(gettext_noop("联行号应为 12 位数字，“%(value)s”不是。"), {"value": value})
    return value


def clean_account_no(text: str) -> str:
    """Return an account number without blanks and hyphens, upper-cased, 5 to 34 characters (an IBAN has 34).

    Raises BadAccountNo; the number itself is secret and stays out of the sentence.
    """
    value = strip_blanks(fold_width(text)).replace("-", "").upper()
    if not _ACCOUNT_NO.fullmatch(value):
        raise BadAccountNo(gettext_noop("银行账号应为 5 至 34 位数字或字母，请核对后重新输入。"))
    return value


def mask_account_no(account_no: str) -> str:
    """`6222021234567890123` -> `**** 0123`: enough to tell two accounts apart, too little to use one."""
    return f"**** {account_no[-SHOWN_DIGITS:]}" if len(account_no) > SHOWN_DIGITS else "****"
