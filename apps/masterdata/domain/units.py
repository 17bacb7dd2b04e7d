"""计量单位: exact factors, exact conversion. What four decimals cannot say is refused, never rounded."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from apps.masterdata.domain.codes import fold_width, strip_blanks, text_key
from apps.masterdata.domain.errors import RuleError, gettext_noop

QUANTITY_DECIMALS = 4
MAX_FACTOR_PART = 10**12
MAX_WHOLE_DIGITS = 14  # NUMERIC(18,4) leaves 14 digits before the point

_STEP = Decimal(1).scaleb(-QUANTITY_DECIMALS)
_SHOWN_LENGTH = 40
_FACTOR = re.compile(r"[0-9]{1,18}(\.[0-9]{1,12})?(/[0-9]{1,18}(\.[0-9]{1,12})?)?")


class UnknownUnit(RuleError):
    """No unit of the company, or of this item, goes by that name."""

    code = "unknown_unit"


class BadFactor(RuleError):
    """A factor is not an exact positive number such as `100` or `1/3`."""

    code = "bad_factor"


class BadQuantity(RuleError):
    """A quantity is not a number that the ledgers can hold."""

    code = "bad_quantity"


class TooManyDecimals(RuleError):
    """A quantity is finer than its unit allows."""

    code = "too_many_decimals"


class UnitNotExact(RuleError):
    """A conversion has no exact answer in four decimals."""

    code = "unit_not_exact"
    conflict = True


@dataclass(frozen=True)
class Factor:
    """Stock units in one of this unit, in lowest terms; both parts are positive and at most 10^12."""

    numerator: int
    denominator: int = 1

    def __post_init__(self) -> None:
        """Reduce, so that equal factors are equal rows; refuse what is not positive or cannot be stored."""
        if self.numerator <= 0 or self.denominator <= 0:
            raise BadFactor(gettext_noop("换算系数必须大于零。"))
        exact = Fraction(self.numerator, self.denominator)
        if max(exact.numerator, exact.denominator) > MAX_FACTOR_PART:
            raise BadFactor(gettext_noop("换算系数的位数太多，请换一个更接近的库存单位。"))
        object.__setattr__(self, "numerator", exact.numerator)
        object.__setattr__(self, "denominator", exact.denominator)

    @classmethod
    def parse(cls, text: str) -> "Factor":
        """Read `"100"`, `"1/3"` or `"0.001"`. Raises BadFactor."""
        value = strip_blanks(fold_width(text))
        if not _FACTOR.fullmatch(value):
            raise BadFactor(gettext_noop("换算系数“%(value)s”不对，请写成 100 或 1/3 这样的准确数。"), {"value": value})
        above, _, below = value.partition("/")
        divisor = Fraction(below or 1)
        if not divisor:
            raise BadFactor(gettext_noop("换算系数的分母不能为零。"))
        exact = Fraction(above) / divisor
        return cls(exact.numerator, exact.denominator)

    def __str__(self) -> str:
        """`"100"` or `"1/3"`, the form that `parse` reads back."""
        return str(self.numerator) if self.denominator == 1 else f"{self.numerator}/{self.denominator}"


STOCK_UNIT_FACTOR = Factor(1)


@dataclass(frozen=True)
class UnitSpec:
    """A unit every new company starts with. `decimals`: the finest quantity accepted (0 = whole)."""

    code: str
    name: str
    decimals: int
    rec20: str
    aliases: tuple[str, ...] = ()


# Codes of UN/ECE Recommendation 20; packages are Recommendation 21 codes with X in front, as Rec 20 asks. The
# aliases are older codes that trading partners still send. Part-filled packages are counted (2.5 箱),
# pieces not.
PROVISIONED_UNITS: tuple[UnitSpec, ...] = (
    UnitSpec("pcs", "个", 0, "H87", ("C62", "EA")),
    UnitSpec("set", "套", 0, "SET"),
    UnitSpec("pair", "双", 0, "PR"),
    UnitSpec("box", "箱", 2, "XBX", ("BX",)),
    UnitSpec("bag", "袋", 2, "XBG", ("BG",)),
    UnitSpec("roll", "卷", 2, "XRO", ("RO",)),
    UnitSpec("sheet", "张", 0, "XST", ("ST",)),
    UnitSpec("g", "克", 3, "GRM"),
    UnitSpec("kg", "千克", 3, "KGM", ("公斤",)),
    UnitSpec("t", "吨", 4, "TNE"),
    UnitSpec("mm", "毫米", 2, "MMT"),
    UnitSpec("cm", "厘米", 2, "CMT"),
    UnitSpec("m", "米", 3, "MTR"),
    UnitSpec("m2", "平方米", 4, "MTK"),
    UnitSpec("m3", "立方米", 4, "MTQ"),
    UnitSpec("l", "升", 3, "LTR"),
    UnitSpec("h", "小时", 4, "HUR"),
)


class UnitNames:
    """Finds a unit by code, 中文 or Rec 20 code, without regard to case and width.

    When two units answer to one name the code wins over the name, the name over Rec 20, Rec 20 over an alias.
    """

    def __init__(self, units: Iterable[UnitSpec]) -> None:
        """`units` are the units of one company."""
        known = tuple(units)
        self._by_key: dict[str, UnitSpec] = {}
        for names in ("code", "name", "rec20", "aliases"):
            for unit in known:
                self._add(unit, getattr(unit, names))

    def find(self, text: str) -> UnitSpec:
        """Return the unit called `text`; raise UnknownUnit."""
        unit = self._by_key.get(text_key(text))
        if unit is None:
            raise UnknownUnit(gettext_noop("没有计量单位“%(unit)s”，请先在设置里新增。"), {"unit": text})
        return unit

    def _add(self, unit: UnitSpec, names: str | tuple[str, ...]) -> None:
        for name in (names,) if isinstance(names, str) else names:
            if name:
                self._by_key.setdefault(text_key(name), unit)


def parse_quantity(text: str) -> Decimal:
    """Read a quantity of any sign with at most 4 decimals and 14 whole digits; the answer has 4 decimals.

    Raises BadQuantity (no finite number, or too long) or TooManyDecimals.
    """
    value = strip_blanks(fold_width(text))
    try:
        quantity = Decimal(value)
    except InvalidOperation:
        quantity = Decimal("NaN")
    if not quantity.is_finite() or quantity.adjusted() >= MAX_WHOLE_DIGITS:
        raise BadQuantity(gettext_noop("数量“%(value)s”不是有效的数字。"), {"value": value[:_SHOWN_LENGTH]})
    return check_decimals(quantity, QUANTITY_DECIMALS).quantize(_STEP)


def check_decimals(quantity: Decimal, decimals: int) -> Decimal:
    """Return `quantity` unchanged, or raise TooManyDecimals when it is finer than `decimals` places.

    Trailing zeros do not count: `12.000` pieces are whole.
    """
    _, digits, exponent = quantity.as_tuple()
    # Digits are looked at, not computed with: 1E-999999999 must not cost a gigabyte.
    too_fine = -int(exponent) - decimals
    if too_fine > 0 and any(digits[-too_fine:]):
        raise TooManyDecimals(
            gettext_noop("数量 %(quantity)s 的小数位太多，这个单位最多 %(decimals)s 位。"),
            {"quantity": str(quantity)[:_SHOWN_LENGTH], "decimals": decimals},
        )
    return quantity


def convert(quantity: Decimal, *, source: Factor, target: Factor = STOCK_UNIT_FACTOR) -> Decimal:
    """Turn `quantity` of the unit with factor `source` into the unit with factor `target`, exactly.

    `quantity` is one that `parse_quantity` accepts.
    Everything is multiplied before the one division. Raises UnitNotExact when the answer needs more than four
    decimals, BadQuantity when it no longer fits a ledger. The target unit's own `decimals` are a rule for
    what people type and are not applied here: 250 个 are 2.5 箱.
    """
    given = Fraction(quantity)
    above = given.numerator * source.numerator * target.denominator
    below = given.denominator * source.denominator * target.numerator
    whole, rest = divmod(above * 10**QUANTITY_DECIMALS, below)
    if rest:
        raise UnitNotExact(
            gettext_noop("数量 %(quantity)s 换算后除不尽，请改用能整除的数量或库存单位。"),
            {"quantity": plain(quantity)},
        )
    if abs(whole) >= 10 ** (MAX_WHOLE_DIGITS + QUANTITY_DECIMALS):
        raise BadQuantity(gettext_noop("数量 %(value)s 换算后太大。"), {"value": plain(quantity)})
    return Decimal(whole).scaleb(-QUANTITY_DECIMALS)


def plain(quantity: Decimal) -> str:
    """The text of a quantity without trailing zeros or exponent: `2.5000` -> `"2.5"`, `1E+2` -> `"100"`."""
    text = f"{quantity:f}"
    stripped = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if stripped in {"", "-0"} else stripped
