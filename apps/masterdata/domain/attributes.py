"""属性模板: what the trade must know about a class of product, versioned, and how complete an item is."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeVar

from apps.masterdata.domain.classes import FieldClass
from apps.masterdata.domain.codes import clean_code, code_key, fold_width
from apps.masterdata.domain.errors import Message, RuleError, gettext_noop

MAX_TEXT_LENGTH = 500
MAX_NUMBER_DIGITS = 18
RATIO_STEP = Decimal("0.0001")

_TRUE = frozenset({"true", "1", "yes", "y", "是"})
_FALSE = frozenset({"false", "0", "no", "n", "否"})


class BadTemplate(RuleError):
    """A template cannot be used: `fields` says which row and why (`rows.2.key`)."""

    code = "bad_template"


class BadAttributes(RuleError):
    """Values do not fit their template: `fields` says which attribute and why (`attributes.material`)."""

    code = "bad_attributes"


class AttributeType(StrEnum):
    """What an attribute holds."""

    TEXT = "text"
    NUMBER = "number"
    ENUM = "enum"
    BOOL = "bool"
    DATE = "date"


AttributeValue = str | bool
Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True)
class AttributeRow:
    """One row of a template. `unit` is for people (`mm`), `options` are the values an `enum` may have."""

    key: str
    label: str
    type: AttributeType = AttributeType.TEXT
    unit: str = ""
    required: bool = False
    field_class: FieldClass = FieldClass.PUBLIC
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class AttributeTemplate:
    """The rows of one version (1, 2, 3 …) for a category. A version is never changed, only followed."""

    category: str
    version: int
    rows: tuple[AttributeRow, ...]

    def revise(self, rows: tuple[AttributeRow, ...]) -> "AttributeTemplate":
        """The next version with `rows`; the same version when nothing changed."""
        return self if rows == self.rows else AttributeTemplate(self.category, self.version + 1, rows)


@dataclass(frozen=True)
class Completeness:
    """数据完整性 (K4): `ratio` = filled / required, 4 decimals; `missing` = 中文名 in template order."""

    required: int
    filled: int
    ratio: Decimal
    missing: tuple[str, ...]


def parse_rows(rows: Iterable[Mapping[str, object]]) -> tuple[AttributeRow, ...]:
    """Read rows of (key, name, type, unit, required, class, options). Raises BadTemplate naming bad cells.

    Left-out cells mean: type `text`, no unit, not required, class `public`. Keys are unique without
    regard to case.
    """
    parsed: list[AttributeRow] = []
    problems: dict[str, Message] = {}
    seen: set[str] = set()
    for place, row in enumerate(rows):
        read, faults = _parse_row(row)
        if read is not None and code_key(read.key) in seen:
            faults = {"key": Message(gettext_noop("属性“%(key)s”重复。"), {"key": read.key})}
        problems.update({f"rows.{place}.{cell}": message for cell, message in faults.items()})
        if read is not None:
            seen.add(code_key(read.key))
            parsed.append(read)
    if problems:
        raise BadTemplate(gettext_noop("属性模板有错，请改正标出的格子。"), fields=problems)
    return tuple(parsed)


def check_values(template: AttributeTemplate, values: Mapping[str, object]) -> dict[str, AttributeValue]:
    """Return the values in the form they are stored in, blank ones left out. Raises BadAttributes.

    Numbers become plain decimal text, dates ISO text, yes/no a bool. A key the template does not know is
    refused; a required one may be absent: that is counted by `completeness`, not refused.
    """
    rows = {code_key(row.key): row for row in template.rows}
    stored: dict[str, AttributeValue] = {}
    problems: dict[str, Message] = {}
    for key, value in values.items():
        row = rows.get(code_key(key))
        if row is None:
            problems[f"attributes.{key}"] = Message(gettext_noop("属性模板里没有“%(key)s”。"), {"key": key})
        elif _is_filled(value):
            try:
                stored[row.key] = _READERS[row.type](row, value)
            except RuleError as error:
                problems[f"attributes.{key}"] = error.message
    if problems:
        raise BadAttributes(gettext_noop("有属性填得不对，请改正标出的项。"), fields=problems)
    return stored


def completeness(template: AttributeTemplate, values: Mapping[str, object]) -> Completeness:
    """How many required attributes are filled. `0` and 否 are answers; blank text is none.

    Nothing required means nothing missing: the ratio is 1.0000. Rounded half-up here, once.
    """
    required = [row for row in template.rows if row.required]
    missing = tuple(row.label for row in required if not _is_filled(values.get(row.key)))
    filled = len(required) - len(missing)
    exact = Decimal(filled) / Decimal(len(required)) if required else Decimal(1)
    return Completeness(len(required), filled, exact.quantize(RATIO_STEP, rounding=ROUND_HALF_UP), missing)


def shareable_values(
    template: AttributeTemplate, values: Mapping[str, AttributeValue], *, audience: FieldClass
) -> dict[str, AttributeValue]:
    """The values that may leave the company for `audience`; one without a row in the template stays."""
    return {
        row.key: values[row.key] for row in template.rows if row.key in values and row.field_class.may_reach(audience)
    }


def _parse_row(row: Mapping[str, object]) -> tuple[AttributeRow | None, dict[str, Message]]:
    faults: dict[str, Message] = {}
    key = _clean_key(row.get("key"), faults)
    label = str(row.get("name") or "").strip()
    if not label:
        faults["name"] = Message(gettext_noop("请填写属性的中文名。"))
    kind = _member(AttributeType, row.get("type") or AttributeType.TEXT, "type", faults)
    field_class = _member(FieldClass, row.get("class") or FieldClass.PUBLIC, "class", faults)
    options = _options(row.get("options"), faults)
    if kind is AttributeType.ENUM and not options and "options" not in faults:
        faults["options"] = Message(gettext_noop("枚举属性要列出可选的值。"))
    if row.get("required") not in (None, True, False):
        faults["required"] = Message(gettext_noop("“必填”只能是 true 或 false。"))
    if faults or kind is None or field_class is None:
        return None, faults
    unit = str(row.get("unit") or "").strip()
    return AttributeRow(key, label, kind, unit, bool(row.get("required")), field_class, options), faults


def _clean_key(value: object, faults: dict[str, Message]) -> str:
    try:
        return clean_code(str(value or ""))
    except RuleError as error:
        faults["key"] = error.message
        return ""


def _member(choices: type[Choice], value: object, cell: str, faults: dict[str, Message]) -> Choice | None:
    try:
        return choices(str(value))
    except ValueError:
        allowed = " ".join(choices)
        faults[cell] = Message(gettext_noop("只能是下列之一：%(allowed)s。"), {"allowed": allowed})
        return None


def _options(value: object, faults: dict[str, Message]) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list | tuple):
        faults["options"] = Message(gettext_noop("可选的值要写成列表。"))
        return ()
    return tuple(dict.fromkeys(text for text in (str(option).strip() for option in value) if text))


def _is_filled(value: object) -> bool:
    return bool(value.strip()) if isinstance(value, str) else value is not None


def _read_text(row: AttributeRow, value: object) -> str:
    text = str(value).strip()
    if isinstance(value, dict | list) or len(text) > MAX_TEXT_LENGTH:
        raise BadAttributes(
            gettext_noop("%(label)s应为最多 %(max)s 个字的文字。"),
            {"label": row.label, "max": MAX_TEXT_LENGTH},
        )
    return text


def _read_number(row: AttributeRow, value: object) -> str:
    try:
        number = Decimal(fold_width(str(value)).strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if isinstance(value, bool) or not number.is_finite() or _digits(number) > MAX_NUMBER_DIGITS:
        raise BadAttributes(gettext_noop("%(label)s应为数字。"), {"label": row.label})
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _digits(number: Decimal) -> int:
    return max(number.adjusted() + 1, len(number.as_tuple().digits), -int(number.as_tuple().exponent))


def _read_enum(row: AttributeRow, value: object) -> str:
    wanted = code_key(str(value))
    found = next((option for option in row.options if code_key(option) == wanted), None)
    if found is None:
        allowed = "、".join(row.options)
        raise BadAttributes(gettext_noop("%(label)s只能是：%(allowed)s。"), {"label": row.label, "allowed": allowed})
    return found


def _read_bool(row: AttributeRow, value: object) -> bool:
    word = str(value).strip().casefold()
    if word not in _TRUE | _FALSE:
        raise BadAttributes(gettext_noop("%(label)s只能是“是”或“否”。"), {"label": row.label})
    return word in _TRUE


def _read_date(row: AttributeRow, value: object) -> str:
    try:
        return date.fromisoformat(str(value).strip()).isoformat()
    except ValueError:
        raise BadAttributes(gettext_noop("%(label)s应为日期，如 2026-06-30。"), {"label": row.label}) from None


_READERS: dict[AttributeType, Callable[[AttributeRow, object], AttributeValue]] = {
    AttributeType.TEXT: _read_text,
    AttributeType.NUMBER: _read_number,
    AttributeType.ENUM: _read_enum,
    AttributeType.BOOL: _read_bool,
    AttributeType.DATE: _read_date,
}
