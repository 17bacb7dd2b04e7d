"""Query parameters: missing or malformed ones are refused with 400 `invalid` naming the parameter."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.finance.domain.amounts import parse_amount
from apps.finance.domain.combos import parse_aux
from apps.finance.domain.errors import BookkeepingError
from apps.finance.domain.periods import Period as Month
from apps.finance.domain.periods import Span
from apps.finance.models import Book, Period
from apps.finance.services.refusals import as_refusal, invalid

LONGEST = 200
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WHOLE = re.compile(r"[0-9]{1,9}")
_CODE = re.compile(r"[0-9]{1,20}")
_TRUTH = {"true": True, "1": True, "false": False, "0": False}


class Params:
    """The query string. `optional` methods answer None where the parameter is absent or empty."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self._given = given

    def text(self, name: str) -> str | None:
        """Trimmed text, at most 200 characters."""
        text = str(self._given.get(name, "")).strip()
        if "\x00" in text or len(text) > LONGEST:
            raise invalid(_("%(name)s 格式不对，请检查。") % {"name": name}, name)
        return text or None

    def needed(self, name: str) -> str:
        """Text that must be there."""
        found = self.text(name)
        if found is None:
            raise invalid(_("请提供参数 %(name)s。") % {"name": name}, name)
        return found

    def choice(self, name: str, allowed: tuple[str, ...]) -> str | None:
        """One of the words."""
        found = self.text(name)
        if found is not None and found not in allowed:
            raise invalid(_("%(name)s 只能是：%(words)s。") % {"name": name, "words": "、".join(allowed)}, name)
        return found

    def truth(self, name: str) -> bool | None:
        """true, false, 1 or 0."""
        found = self.text(name)
        if found is None:
            return None
        if found.lower() not in _TRUTH:
            raise invalid(_("%(name)s 只能是 true 或 false。") % {"name": name}, name)
        return _TRUTH[found.lower()]

    def whole(self, name: str, *, least: int = 0, most: int = 10**9) -> int | None:
        """A whole number within bounds."""
        found = self.text(name)
        if found is None:
            return None
        if not _WHOLE.fullmatch(found) or not least <= int(found) <= most:
            raise invalid(
                _("%(name)s 要是 %(least)s 至 %(most)s 的整数。") % {"name": name, "least": least, "most": most}, name
            )
        return int(found)

    def day(self, name: str) -> date | None:
        """An ISO date."""
        found = self.text(name)
        if found is None:
            return None
        try:
            return date.fromisoformat(found) if _DAY.fullmatch(found) else self._bad_day(name)
        except ValueError:
            return self._bad_day(name)

    def _bad_day(self, name: str) -> date:
        raise invalid(_("%(name)s 不是日期，请写成 2026-01-31。") % {"name": name}, name)

    def month(self, name: str) -> Month | None:
        """A month such as 2026-01."""
        found = self.text(name)
        if found is None:
            return None
        try:
            return Month.parse(found)
        except BookkeepingError as error:
            raise as_refusal(error, name) from error

    def amount(self, name: str) -> Decimal | None:
        """CNY."""
        found = self.text(name)
        if found is None:
            return None
        try:
            return parse_amount(found)
        except BookkeepingError as error:
            raise as_refusal(error, name) from error

    def code(self, name: str) -> str | None:
        """Digits of an account code."""
        found = self.text(name)
        if found is not None and not _CODE.fullmatch(found):
            raise invalid(_("%(name)s 要是科目编码。") % {"name": name}, name)
        return found

    def needed_code(self, name: str) -> str:
        """An account code that must be there."""
        self.needed(name)
        return self.code(name) or ""

    def aux(self, name: str = "aux") -> dict[str, str] | None:
        """`customer:C001;department:D1`."""
        found = self.text(name)
        if found is None:
            return None
        try:
            return parse_aux(found)
        except BookkeepingError as error:
            raise as_refusal(error, name) from error

    def book_month(self, book: Book, name: str = "period") -> Month:
        """A month that the book has."""
        self.needed(name)
        month = self.month(name)
        assert month is not None  # noqa: S101  # `needed` has seen to it
        _check_in_book(book, month, name)
        return month

    def span(self, book: Book) -> Span:
        """`from` to `to`; what lies before the book's first month is left out."""
        last = self.book_month(book, "to")
        self.needed("from")
        first = self.month("from") or last
        if first > last:
            raise invalid(
                _("起始期间 %(first)s 晚于截止期间 %(last)s，请调换。") % {"first": first, "last": last}, "from"
            )
        return Span(first, last).not_before(book.start)


def _check_in_book(book: Book, month: Month, name: str) -> None:
    latest = Period.objects.order_by("-index").values_list("index", flat=True).first()
    if month < book.start:
        raise invalid(_("账套从 %(start)s 开始，没有 %(month)s。") % {"start": book.start, "month": month}, name)
    if latest is None or month.index > latest:
        raise invalid(_("还没有会计期间 %(month)s。") % {"month": month}, name)
