"""What the runners of case files share: reading numbers, bills, and comparing an answer with what is expected."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from apps.production.domain.explosion import Bill, DatedBill, Line
from apps.production.domain.quantities import to_decimal, to_int


def number(value: Any) -> Fraction:
    return Fraction(str(value if value is not None else 0))


def scaled(value: Any) -> int:
    """A quantity of a case as 1/10000."""
    return to_int(str(value if value is not None else 0))


def text(value: int) -> str:
    """1/10000 units as the case files write them."""
    return f"{to_decimal(value).normalize():f}"


def bills_of(given: Mapping[str, Any], phantoms: frozenset[str] = frozenset()) -> dict[str, Bill[str]]:
    return {parent: _bill(row, phantoms) for parent, row in given.items()}


def _bill(row: Mapping[str, Any], phantoms: frozenset[str]) -> Bill[str]:
    lines = tuple(
        Line(
            line["component"],
            number(line.get("quantity")),
            number(line.get("scrap_rate")),
            number(line.get("fixed_quantity")),
            line["phantom"] if line.get("phantom") is not None else line["component"] in phantoms,
        )
        for line in row["lines"]
    )
    return Bill(number(row.get("base", "1")), lines)


def dated(bills: Mapping[str, Bill[str]]) -> dict[str, list[DatedBill[str]]]:
    return {parent: [DatedBill(bill)] for parent, bill in bills.items()}


def assert_same(expected: Any, found: Any, where: str = "") -> None:
    """Equal in shape; texts that are numbers are equal when the numbers are."""
    if isinstance(expected, dict):
        assert isinstance(found, dict), f"{where}: {found!r}"
        assert sorted(map(str, expected)) == sorted(map(str, found)), f"{where}: {found!r}"
        for key, value in expected.items():
            assert_same(value, found[key], f"{where}.{key}")
    elif isinstance(expected, list):
        assert isinstance(found, list) and len(expected) == len(found), f"{where}: {found!r}"
        for at, (one, other) in enumerate(zip(expected, found, strict=True)):
            assert_same(one, other, f"{where}[{at}]")
    else:
        assert _plain(expected) == _plain(found), f"{where}: {found!r} instead of {expected!r}"


def assert_keys(expect: Mapping[str, Any], found: Mapping[str, Any]) -> None:
    """Compare the keys that `expect` has; the others are not checked."""
    for key, value in expect.items():
        assert_same(value, found.get(key), key)


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return Decimal(value)
        except InvalidOperation:
            return value
    return value
