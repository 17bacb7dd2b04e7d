"""变体: a family with axes (颜色, 尺码) becomes ordinary items, one for each combination of values."""

import itertools
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from apps.masterdata.domain.codes import clean_code, code_key, fold_width
from apps.masterdata.domain.errors import Message, RuleError, gettext_noop

MAX_VARIANTS = 1000
MAX_AXES = 6
FAMILY_PLACES = frozenset({"family", "code"})

_PLACE = re.compile(r"\{([^{}]+)\}")


class BadFamily(RuleError):
    """Axes or pattern of a family cannot make distinct items; `fields` names the axis or the pattern."""

    code = "bad_family"


@dataclass(frozen=True)
class AxisValue:
    """One value of an axis: `code` goes into item codes (`RD`), `name` is for people (`红`)."""

    code: str
    name: str


@dataclass(frozen=True)
class Axis:
    """One axis of a family, values in the order they were given."""

    key: str
    values: tuple[AxisValue, ...]


@dataclass(frozen=True)
class Variant:
    """An item to be: its code, and the value names by axis, in the order of the axes."""

    code: str
    axis_values: tuple[tuple[str, str], ...]

    @property
    def label(self) -> str:
        """`红 / XL`, to stand behind the family's name."""
        return " / ".join(name for _, name in self.axis_values)

    @property
    def key(self) -> frozenset[tuple[str, str]]:
        """What makes it this variant and no other, whatever its code is: the folded axis values."""
        return combination_key(dict(self.axis_values))


def combination_key(axis_values: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    """The key of a combination such as `{"颜色": "红"}`, without regard to order, case and width."""
    return frozenset((code_key(axis), code_key(value)) for axis, value in axis_values.items())


def parse_axes(axes: Mapping[str, object]) -> tuple[Axis, ...]:
    """Read `{"颜色": ["红", "蓝"], "尺码": [{"code": "XL", "name": "加大"}]}`. Raises BadFamily.

    A value given as text is its own code.
    """
    parsed: dict[str, Axis] = {}
    problems: dict[str, Message] = {}
    for name, values in axes.items():
        try:
            axis = _parse_axis(name, values)
        except RuleError as error:
            problems[f"axes.{name}"] = error.message
            continue
        if code_key(axis.key) in parsed or code_key(axis.key) in FAMILY_PLACES:
            problems[f"axes.{name}"] = Message(gettext_noop("规格轴“%(axis)s”重复或不能用这个名字。"), {"axis": name})
        parsed[code_key(axis.key)] = axis
    if problems:
        raise BadFamily(gettext_noop("变体的规格轴有错，请改正标出的项。"), fields=problems)
    _check_size(tuple(parsed.values()))
    return tuple(parsed.values())


def check_pattern(pattern: str, axes: tuple[Axis, ...]) -> str:
    """Return the pattern half-width and trimmed; an empty one becomes `{family}-{axis}-{axis}`.

    Every axis must be in it, or two variants would share a code; no other place may be. Raises BadFamily.
    """
    cleaned = fold_width(pattern).strip()
    if not cleaned:
        return "-".join(["{family}", *(f"{{{axis.key}}}" for axis in axes)])
    places = {code_key(place) for place in _PLACE.findall(cleaned)}
    known = {code_key(axis.key): axis.key for axis in axes}
    strange = sorted(places - known.keys() - FAMILY_PLACES)
    if strange or re.search(r"[{}]", _PLACE.sub("", cleaned)):
        raise BadFamily(
            gettext_noop("编码规则“%(pattern)s”里有不认识的花括号，只能用 {family} 和规格轴的名字。"),
            {"pattern": cleaned},
        )
    missing = [name for key, name in known.items() if key not in places]
    if missing:
        axis_list = "、".join(missing)
        raise BadFamily(gettext_noop("编码规则里缺少规格轴：%(axes)s，编码会重复。"), {"axes": axis_list})
    return cleaned


def in_order(axes: tuple[Axis, ...], pattern: str) -> tuple[Axis, ...]:
    """The axes as the pattern names them: a stored mapping forgets the order in which it was typed."""
    places = [code_key(place) for place in _PLACE.findall(pattern)]
    return tuple(
        sorted(axes, key=lambda axis: places.index(code_key(axis.key)) if code_key(axis.key) in places else -1)
    )


def all_variants(*, family: str, axes: tuple[Axis, ...], pattern: str = "") -> tuple[Variant, ...]:
    """Every combination, the last axis turning fastest: 3 colours x 4 sizes are 12 variants.

    Raises BadFamily when two of them would get one code (`1`+`12`, `11`+`2`), BadCode when one is too long.
    """
    form = check_pattern(pattern, axes)
    axes = in_order(axes, form)
    variants = tuple(
        _variant(family, form, axes, chosen) for chosen in itertools.product(*(axis.values for axis in axes))
    )
    seen: dict[str, Variant] = {}
    for variant in variants:
        if seen.setdefault(code_key(variant.code), variant) is not variant:
            raise BadFamily(
                gettext_noop("两个变体会得到同一个编码“%(code)s”，请在编码规则里加上分隔符。"),
                {"code": variant.code},
            )
    return variants


def missing_variants(
    variants: Iterable[Variant], *, existing: Collection[frozenset[tuple[str, str]]]
) -> tuple[Variant, ...]:
    """The variants whose `key` is not among `existing`: a second run finds none."""
    known = frozenset(existing)
    return tuple(variant for variant in variants if variant.key not in known)


def _parse_axis(name: str, values: object) -> Axis:
    key = clean_code(name)
    if re.search(r"[{}]", key) or not isinstance(values, list | tuple) or not values:
        raise BadFamily(gettext_noop("规格轴“%(axis)s”要有名字和至少一个值。"), {"axis": name})
    parsed = tuple(_parse_value(value) for value in values)
    for texts in ([value.code for value in parsed], [value.name for value in parsed]):
        if len({code_key(text) for text in texts}) < len(texts):
            raise BadFamily(gettext_noop("规格轴“%(axis)s”里有重复的值。"), {"axis": name})
    return Axis(key, parsed)


def _parse_value(value: object) -> AxisValue:
    if isinstance(value, Mapping):
        code = clean_code(str(value.get("code") or value.get("name") or ""))
        return AxisValue(code, clean_code(str(value.get("name") or code)))
    text = clean_code(str(value))
    return AxisValue(text, text)


def _check_size(axes: tuple[Axis, ...]) -> None:
    total = 1
    for axis in axes:
        total *= len(axis.values)
    if not axes or len(axes) > MAX_AXES or total > MAX_VARIANTS:
        raise BadFamily(
            gettext_noop("变体要有 1 至 %(axes)s 个规格轴，组合最多 %(variants)s 个。"),
            {"axes": MAX_AXES, "variants": MAX_VARIANTS},
        )


def _variant(family: str, form: str, axes: tuple[Axis, ...], chosen: tuple[AxisValue, ...]) -> Variant:
    codes = {code_key(axis.key): value.code for axis, value in zip(axes, chosen, strict=True)}
    codes |= dict.fromkeys(FAMILY_PLACES, family)
    code = _PLACE.sub(lambda match: codes[code_key(match[1])], form)
    names = tuple((axis.key, value.name) for axis, value in zip(axes, chosen, strict=True))
    return Variant(clean_code(code), names)
