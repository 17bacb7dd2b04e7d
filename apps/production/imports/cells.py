"""Cells of a sheet as values; what cannot be read is named with its column."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.production.services.plan_refusals import wrong
from kernel.imports import ImportRow

_NUMBER = re.compile(r"[0-9]{1,12}(\.[0-9]{1,30})?")
_WHOLE = re.compile(r"[0-9]{1,9}")
_YES = frozenset({"是", "yes", "y", "true", "1", "√"})
_NO = frozenset({"否", "no", "n", "false", "0", "×"})


def text(row: ImportRow, key: str, longest: int = 64) -> str:
    found = row.get(key).strip()
    if "\x00" in found or len(found) > longest:
        raise wrong("invalid", _("最多 %(most)s 个字符。") % {"most": longest}, key)
    return found


def number(row: ImportRow, key: str, places: int = 6) -> Decimal | None:
    """A number that is not negative; empty = None. Raises Invalid, `too_many_decimals`."""
    found = row.get(key).strip().replace(",", "")
    if not found:
        return None
    if not _NUMBER.fullmatch(found):
        raise wrong("invalid", _("“%(value)s”不是有效的数字。") % {"value": found[:40]}, key)
    value = Decimal(found)
    if value != round(value, places):
        raise wrong("too_many_decimals", _("最多 %(places)s 位小数。") % {"places": places}, key)
    return round(value, places)


def whole(row: ImportRow, key: str) -> int | None:
    found = row.get(key).strip()
    if not found:
        return None
    if not _WHOLE.fullmatch(found):
        raise wrong("invalid", _("“%(value)s”不是整数。") % {"value": found[:40]}, key)
    return int(found)


def day(row: ImportRow, key: str) -> date | None:
    found = row.get(key).strip()
    if not found:
        return None
    try:
        return date.fromisoformat(found)
    except ValueError as error:
        raise wrong("invalid", _("日期请写成 2026-01-31。"), key) from error


def truth(row: ImportRow, key: str) -> bool | None:
    found = row.get(key).strip().casefold()
    if not found:
        return None
    if found not in _YES | _NO:
        raise wrong("invalid", _("只能填“是”或“否”。"), key)
    return found in _YES


def choice(row: ImportRow, key: str, words: Mapping[str, Any]) -> str | None:
    """A choice by its code or its word."""
    found = row.get(key).strip().casefold()
    if not found:
        return None
    for code, word in words.items():
        if found in (code.casefold(), str(word).casefold()):
            return code
    allowed = "、".join(str(word) for word in words.values())
    raise wrong("invalid", _("只能是下列之一：%(allowed)s。") % {"allowed": allowed}, key)
