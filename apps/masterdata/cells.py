"""Cells of Excel and CSV: how values of master data are written as text, and read back to the same value."""

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.masterdata.domain.codes import fold_width, text_key
from apps.masterdata.domain.units import plain
from apps.masterdata.models import Address, Item, Partner
from kernel.errors import Invalid

SEPARATOR = "；"
Words = Sequence[tuple[Any, Any]]

_LIST = re.compile(r"[;；\n]")
_YES = frozenset({"是", "yes", "y", "true", "1", "√", "对"})
_NO = frozenset({"否", "no", "n", "false", "0", "×", "x", ""})
_LONGEST_NUMBER = 40


def text(cell: str) -> str:
    return cell.strip()


def text_or_none(cell: str) -> str | None:
    return cell.strip() or None


def flag(cell: str) -> bool:
    """是 or 否. Raises Invalid."""
    word_ = fold_width(cell).strip().casefold()
    if word_ in _YES:
        return True
    if word_ in _NO:
        return False
    raise Invalid(_("只能填“是”或“否”。"))


def decimal(cell: str) -> Decimal | None:
    """A number with or without separators; empty = none. Raises Invalid."""
    folded = fold_width(cell).strip().replace(",", "")
    if not folded:
        return None
    try:
        value = Decimal(folded)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or len(folded) > _LONGEST_NUMBER or abs(value.adjusted()) > 11:
        raise Invalid(_("“%(value)s”不是有效的数字。") % {"value": cell[:_LONGEST_NUMBER]})
    return value


def whole(cell: str) -> int:
    """A whole number. Raises Invalid."""
    value = decimal(cell)
    if value is None or value != value.to_integral_value():
        raise Invalid(_("“%(value)s”不是整数。") % {"value": cell[:_LONGEST_NUMBER]})
    return int(value)


def trimmed(value: Any) -> Any:
    """A number without trailing zeros."""
    return plain(value) if isinstance(value, Decimal) else value


def word(value: str, words: Words) -> str:
    """The word of a choice on a Chinese sheet; the code itself on an English one."""
    if (get_language() or "").startswith("en"):
        return value
    return next((str(label) for key, label in words if key == value), value)


def choice(cell: str, words: Words) -> str:
    """The code of a choice by code or word. Raises Invalid."""
    wanted = text_key(cell)
    for key, label in words:
        if wanted in {text_key(str(key)), text_key(str(label))}:
            return str(key)
    allowed = "、".join(str(label) for _key, label in words)
    raise Invalid(_("只能是下列之一：%(allowed)s。") % {"allowed": allowed})


def entries(cell: str) -> list[str]:
    """The parts of a cell that holds a list."""
    return [part.strip() for part in _LIST.split(cell) if part.strip()]


def units(item: Item) -> str:
    """`box=100；bag=1/3`."""
    return SEPARATOR.join(f"{row.unit.code}={row.factor}" for row in item.units.all())


def parse_units(cell: str) -> list[dict[str, str]]:
    pairs = [fold_width(entry).partition("=") for entry in entries(cell)]
    return [{"unit": unit.strip(), "factor": factor.strip()} for unit, _sign, factor in pairs]


def barcodes(item: Item) -> str:
    """`06901234567892；OWN-1@box`: the unit is named when it is not the stock unit."""
    return SEPARATOR.join(
        row.value if row.unit_id == item.stock_unit_id else f"{row.value}@{row.unit.code}"
        for row in item.barcodes.all()
    )


def parse_barcodes(cell: str) -> list[dict[str, str]]:
    pairs = [fold_width(entry).rpartition("@") for entry in entries(cell)]
    return [
        {"value": value.strip(), "unit": unit.strip()} if sign else {"value": unit.strip()}
        for value, sign, unit in pairs
    ]


def attributes(item: Item) -> str:
    """`材质=304；表面=镀锌`; yes/no values as 是/否."""
    shown = {True: "是", False: "否"}
    pairs = item.attributes.items()
    return SEPARATOR.join(f"{key}={shown[value] if isinstance(value, bool) else value}" for key, value in pairs)


def parse_attributes(cell: str) -> dict[str, str]:
    pairs = [entry.partition("=") for entry in entries(cell.replace("＝", "="))]
    return {key.strip(): value.strip() for key, _sign, value in pairs}


def contacts(partner: Partner) -> str:
    """`张伟 13800000001；李娜`: the primary one first."""
    return SEPARATOR.join(f"{row.name} {row.mobile}".strip() for row in partner.contacts.all())


def parse_contacts(cell: str) -> list[dict[str, Any]]:
    """The first one is the primary contact; what follows the last blank is the telephone if it holds digits."""
    found: list[dict[str, Any]] = []
    for entry in entries(cell):
        name, _blank, mobile = fold_width(entry).rpartition(" ")
        if not name or not any(char.isdigit() for char in mobile):
            name, mobile = fold_width(entry), ""
        found.append({"name": name.strip(), "mobile": mobile.strip(), "is_primary": not found})
    return found


def addresses(partner: Partner) -> str:
    """`注册地址：…；收货地址：…`."""
    words = dict(Address.Kind.choices)
    return SEPARATOR.join(f"{words[row.kind]}：{row.text}" for row in partner.addresses.all())


def parse_addresses(cell: str) -> list[dict[str, Any]]:
    kinds = {label: key for key, label in Address.Kind.choices}
    found = []
    for entry in entries(cell):
        label, _colon, rest = entry.replace(":", "：", 1).partition("：")
        known = label.strip() in kinds and rest.strip()
        found.append({"kind": kinds[label.strip()], "text": rest.strip()} if known else {"text": entry})
    return found
