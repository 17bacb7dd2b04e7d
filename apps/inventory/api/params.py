"""Query parameters: malformed ones are refused with 400 naming the parameter, codes nobody knows with `unknown_…`."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.masterdata import public as masterdata
from apps.masterdata.public import ItemInfo, PartnerInfo, WarehouseInfo
from kernel.errors import Invalid

LONGEST = 200
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_NUMBER = re.compile(r"[0-9]{1,14}(\.[0-9]{1,4})?")
_WHOLE = re.compile(r"[0-9]{1,15}")
_TRUTH = {"true": True, "1": True, "false": False, "0": False}


def invalid(message: str, field: str, code: str = "invalid") -> Invalid:
    """400 at one spot."""
    return Invalid(message, code, fields={field: [message]})


class Params:
    """The query string; an absent or empty parameter is None."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self._given = given

    def text(self, name: str) -> str | None:
        """Trimmed text, at most 200 characters."""
        text = str(self._given.get(name, "")).strip()
        if "\x00" in text or len(text) > LONGEST:
            raise invalid(_("%(name)s 格式不对，请检查。") % {"name": name}, name)
        return text or None

    def choice(self, name: str, allowed: tuple[str, ...]) -> str | None:
        """One of the words."""
        found = self.text(name)
        if found is not None and found not in allowed:
            words = "、".join(allowed)
            raise invalid(_("%(name)s 只能是：%(words)s。") % {"name": name, "words": words}, name)
        return found

    def truth(self, name: str) -> bool | None:
        """true, false, 1 or 0."""
        found = self.text(name)
        if found is not None and found.lower() not in _TRUTH:
            raise invalid(_("%(name)s 只能是 true 或 false。") % {"name": name}, name)
        return None if found is None else _TRUTH[found.lower()]

    def whole(self, name: str, *, least: int = 0, most: int = 10**15) -> int | None:
        """A whole number within bounds."""
        found = self.text(name)
        if found is None:
            return None
        if not _WHOLE.fullmatch(found) or not least <= int(found) <= most:
            raise invalid(
                _("%(name)s 要是 %(least)s 至 %(most)s 的整数。") % {"name": name, "least": least, "most": most}, name
            )
        return int(found)

    def quantity(self, name: str) -> Decimal | None:
        """A quantity of at most four decimals."""
        found = self.text(name)
        if found is None:
            return None
        if not _NUMBER.fullmatch(found):
            raise invalid(_("%(name)s 不是有效的数量。") % {"name": name}, name)
        return Decimal(found)

    def day(self, name: str) -> date | None:
        """An ISO date."""
        found = self.text(name)
        if found is None:
            return None
        try:
            return date.fromisoformat(found) if _DAY.fullmatch(found) else self._bad_day(name)
        except ValueError:
            return self._bad_day(name)

    def moment(self, name: str) -> datetime | None:
        """An ISO moment; a bare date is its end, a moment without offset is Shanghai's."""
        found = self.text(name)
        if found is None:
            return None
        try:
            if _DAY.fullmatch(found):
                return timezone.make_aware(datetime.fromisoformat(f"{found}T23:59:59.999999"))
            moment = datetime.fromisoformat(found.replace(" ", "+", 1) if "T" in found else found)
        except ValueError:
            raise invalid(_("%(name)s 不是时间，请写成 2026-01-31T08:00:00+08:00。") % {"name": name}, name) from None
        return moment if timezone.is_aware(moment) else timezone.make_aware(moment)

    def month(self, name: str) -> date | None:
        """A month `2026-01` as its first day."""
        found = self.text(name)
        return None if found is None else month_of(found, name)

    def item(self, name: str = "item") -> ItemInfo | None:
        """The item by code or alias. Raises Invalid `unknown_item`."""
        code = self.text(name)
        return None if code is None else item_called(code, name)

    def warehouse(self, name: str = "warehouse") -> WarehouseInfo | None:
        """The warehouse by code. Raises Invalid `unknown_warehouse`."""
        code = self.text(name)
        return None if code is None else warehouse_called(code, name)

    def partner(self, name: str = "partner") -> PartnerInfo | None:
        """The partner by code. Raises Invalid `unknown_partner`."""
        code = self.text(name)
        return None if code is None else partner_called(code, name)

    def _bad_day(self, name: str) -> date:
        raise invalid(_("%(name)s 不是日期，请写成 2026-01-31。") % {"name": name}, name)


def month_of(text: str, field: str = "month") -> date:
    """`2026-01` as 2026-01-01."""
    match = _MONTH.fullmatch(text)
    if match is None or match[1] == "0000":
        raise invalid(_("月份要写成 2026-01。"), field)
    return date(int(match[1]), int(match[2]), 1)


def item_called(code: str, field: str = "item") -> ItemInfo:
    """The item by code or alias. Raises Invalid `unknown_item`."""
    found = masterdata.item_by_code(code)
    if found is None:
        raise invalid(_("没有物料“%(code)s”，请先建档。") % {"code": code[:40]}, field, "unknown_item")
    return found


def warehouse_called(code: str, field: str = "warehouse") -> WarehouseInfo:
    """The warehouse by code. Raises Invalid `unknown_warehouse`."""
    found = masterdata.warehouse_by_code(code)
    if found is None:
        raise invalid(_("没有仓库“%(code)s”。") % {"code": code[:40]}, field, "unknown_warehouse")
    return found


def partner_called(code: str, field: str = "partner") -> PartnerInfo:
    """The partner by code. Raises Invalid `unknown_partner`."""
    found = masterdata.partner_by_code(code)
    if found is None:
        raise invalid(_("没有往来单位“%(code)s”，请先建档。") % {"code": code[:40]}, field, "unknown_partner")
    return found
