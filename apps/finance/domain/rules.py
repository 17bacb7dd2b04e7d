"""自动凭证规则: which rule a business fact meets, and the lines it makes of it. First match wins.

A fact is flat data (text, whole numbers, true, false, null); `lines`, a list of flat rows, repeats the rule's lines for
every row, each laid over the head.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, TypeVar

from apps.finance.domain.amounts import ZERO, parse_amount
from apps.finance.domain.errors import BookkeepingError, gettext_noop
from apps.finance.domain.lines import Line

ROWS = "lines"
SIDES = ("debit", "credit")
LONGEST_SUMMARY, LONGEST_TEXT = 200, 500
SIGNED_FIELD = re.compile(r"-?[^\W\d]\w{0,59}")
PLAIN_FIELD = re.compile(r"[^\W\d]\w{0,59}")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # what no text column takes: NUL, half of a character
_PLACE = re.compile(r"\{([^{}]*)\}")
_QUANTITY = re.compile(r"-?[0-9]{1,14}(\.[0-9]{1,4})?")
_NO_FIELD = gettext_noop("业务数据里没有规则要用的字段“%(name)s”。")
_NO_NUMBER = gettext_noop("字段“%(name)s”的值“%(value)s”不是数字，数量最多 4 位小数。")

T = TypeVar("T")


@dataclass(frozen=True)
class RuleLine:
    """One line of a rule: `amount` and `quantity` name fields of the data, `-` before the name negates.

    `account` may offer several, `220202|2202` or `{stock_account}|1403`: the first one in use is taken. `aux` maps a
    dimension to the field that holds its value.
    """

    side: str
    account: str
    amount: str
    aux: Mapping[str, str] = field(default_factory=dict)
    quantity: str | None = None


@dataclass(frozen=True)
class RuleVersion:
    """What a version of a rule says: `when` all equal, the lines, `summary` with {field} places."""

    when: Mapping[str, Any]
    summary: str
    lines: Sequence[RuleLine]


@dataclass(frozen=True)
class MadeLine:
    """A line made of a fact: CNY to the fen on one side, negative is a red letter; `aux` {dimension: value code}.

    `accounts` are codes in the order of preference.
    """

    accounts: tuple[str, ...]
    side: str
    amount: Decimal
    summary: str
    aux: Mapping[str, str]
    quantity: Decimal | None = None


def text_of(value: object) -> str:
    """A value of the data as text: what a form can hold and `when` compares."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def is_plain(value: object) -> bool:
    """May stand in a fact's data. A float has no place there: money is written as text."""
    if isinstance(value, str):
        return len(value) <= LONGEST_TEXT and _UNSTORABLE.search(value) is None
    if isinstance(value, int) and not isinstance(value, bool):
        return abs(value) < 10**18
    return value is None or isinstance(value, bool)


def matches(when: Mapping[str, Any], data: Mapping[str, Any]) -> bool:
    """All named fields are there and equal (1 equals "1"); an empty `when` takes every fact."""
    return all(name in data and text_of(data[name]) == text_of(value) for name, value in when.items())


def first_match(rules: Iterable[tuple[T, Mapping[str, Any]]], data: Mapping[str, Any]) -> T | None:
    """The first rule, in the order given, whose `when` the data meets."""
    return next((rule for rule, when in rules if matches(when, data)), None)


def make_lines(version: RuleVersion, data: Mapping[str, Any]) -> list[MadeLine]:
    """The lines that a version makes of the data, equal ones added up; lines of amount zero fall away.

    Raises BookkeepingError `invalid` for a field that is missing or no amount; an amount is never rounded.
    """
    head = {name: value for name, value in data.items() if name != ROWS}
    rows = data.get(ROWS)
    parts = [{**head, **row} for row in rows] if isinstance(rows, Sequence) and not isinstance(rows, str) else [head]
    return add_up(line for part in parts for line in _of_row(version, part))


def _of_row(version: RuleVersion, row: Mapping[str, Any]) -> list[MadeLine]:
    summary = fill(version.summary, row)
    made = []
    for line in version.lines:
        amount = _signed(line.amount, row, _amount)
        if not amount:
            continue
        quantity = _signed(line.quantity, row, _quantity) if line.quantity and _has(line.quantity, row) else None
        aux = {dimension: text_of(row[name]) for dimension, name in line.aux.items() if text_of(row.get(name))}
        made.append(MadeLine(_accounts(line, row), line.side, amount, summary, aux, quantity or None))
    return made


def _accounts(line: RuleLine, row: Mapping[str, Any]) -> tuple[str, ...]:
    codes = [fill(part, row) for part in offered(line.account)]
    found = tuple(code for code in codes if code)
    if not found:
        raise BookkeepingError("invalid", _NO_FIELD, name=line.account.strip("{}"))
    return found


def offered(account: str) -> list[str]:
    """The parts of `{stock_account}|1403`."""
    return [part.strip() for part in account.split("|") if part.strip()]


def _has(signed_name: str, row: Mapping[str, Any]) -> bool:
    return text_of(row.get(signed_name.removeprefix("-"))) != ""


def _signed(signed_name: str, row: Mapping[str, Any], read: Any) -> Decimal:
    name = signed_name.removeprefix("-")
    if name not in row or row[name] is None:
        raise BookkeepingError("invalid", _NO_FIELD, name=name)
    value: Decimal = read(name, text_of(row[name]))
    return -value if signed_name.startswith("-") and value else value


def _amount(name: str, text: str) -> Decimal:
    return parse_amount(text)


def _quantity(name: str, text: str) -> Decimal:
    if not _QUANTITY.fullmatch(text):
        raise BookkeepingError("invalid", _NO_NUMBER, name=name, value=text[:40])
    return Decimal(text)


def fill(template: str, row: Mapping[str, Any]) -> str:
    """`领料 {item}` with the fields of the row; an unknown field is left out, the whole cut at 200 characters."""
    filled = _PLACE.sub(lambda place: text_of(row.get(place.group(1).strip())), template)
    return " ".join(filled.split())[:LONGEST_SUMMARY]


def add_up(lines: Iterable[MadeLine]) -> list[MadeLine]:
    """Equal lines (account, side, summary, aux, sign) become one; black and red are kept apart, so none vanishes."""
    found: dict[tuple[object, ...], MadeLine] = {}
    for line in lines:
        key = (
            line.accounts, line.side, line.summary, tuple(sorted(line.aux.items())), line.amount < 0,
            line.quantity is None,
        )  # fmt: skip
        known = found.get(key)
        found[key] = line if known is None else _added(known, line)
    return list(found.values())


def _added(left: MadeLine, right: MadeLine) -> MadeLine:
    both = left.quantity is not None and right.quantity is not None
    quantity = (left.quantity or ZERO) + (right.quantity or ZERO) if both else None
    return replace(left, amount=left.amount + right.amount, quantity=quantity or None)


def merge(lines: Iterable[Line]) -> list[Line]:
    """Equal lines of a voucher become one: what a day's or a month's voucher holds. Foreign lines stay as they are."""
    found: dict[object, Line] = {}
    for place, line in enumerate(lines):
        key = _sameness(line) if line.currency is None else place
        known = found.get(key)
        found[key] = line if known is None else _summed(known, line)
    return list(found.values())


def _sameness(line: Line) -> tuple[object, ...]:
    net = line.debit or line.credit
    return (
        line.account, bool(line.debit), net < 0, line.combo, line.summary, line.quantity is None, line.unit_price,
        line.due_on, line.ref, line.cash_flow,
    )  # fmt: skip


def _summed(left: Line, right: Line) -> Line:
    quantity = None if left.quantity is None else left.quantity + (right.quantity or ZERO)
    return replace(left, debit=left.debit + right.debit, credit=left.credit + right.credit, quantity=quantity)
