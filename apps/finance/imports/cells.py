"""Reading cells: amounts, dates and truth values as files carry them; what cannot be read has a code and a sentence."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from kernel.imports import ImportRow, RowError

_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?: 00:00(?::00)?)?")
_TRUE, _FALSE = {"是", "y", "yes", "true", "1"}, {"否", "n", "no", "false", "0", ""}


class Cells:
    """The cells of one row; what cannot be read is noted in `errors`."""

    def __init__(self, row: ImportRow) -> None:
        self.row = row
        self.errors: list[RowError] = []

    def text(self, key: str) -> str:
        """The cell, "" where the file has none."""
        return self.row.get(key)

    def refuse(self, key: str, code: str, message: str) -> None:
        """Note an error of this row."""
        self.errors.append(RowError(self.row.number, key, code, message, self.row.get(key)))

    def number(self, key: str, places: int = 2) -> Decimal | None:
        """A decimal without separators or exponent, at most `places` decimals; None where the cell is empty."""
        text = self.text(key)
        if not text:
            return None
        if not re.fullmatch(rf"-?[0-9]{{1,{18 - places}}}(\.[0-9]+)?", text):
            self.refuse(key, "bad_amount", _("“%(text)s”不是数字，请填写不带千分号的数字。") % {"text": text[:30]})
            return None
        value = Decimal(text)
        if value != value.quantize(Decimal(1).scaleb(-places)):
            message = _("“%(text)s”的小数多于 %(places)s 位，请改好再导入。") % {"text": text[:30], "places": places}
            self.refuse(key, "bad_amount", message)
            return None
        return value.quantize(Decimal(1).scaleb(-places)) + 0

    def whole(self, key: str, *, most: int) -> int | None:
        """A whole number from 0 to `most`; None where the cell is empty."""
        text = self.text(key)
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) <= 9 and int(text) <= most):
            self.refuse(
                key, "bad_amount", _("“%(text)s”要是 0 至 %(most)s 的整数。") % {"text": text[:30], "most": most}
            )
            return None
        return int(text)

    def day(self, key: str) -> date | None:
        """A date such as 2026-01-15, 2026/1/15 or 2026年1月15日; None where the cell is empty."""
        text = self.text(key)
        if not text:
            return None
        match = _DAY.fullmatch(text)
        try:
            found = date(int(match[1]), int(match[2]), int(match[3])) if match else None
        except ValueError:
            found = None
        if found is None or found.year < 1900:
            self.refuse(key, "bad_date", _("“%(text)s”不是日期，请写成 2026-01-15。") % {"text": text[:30]})
            return None
        return found

    def truth(self, key: str) -> bool | None:
        """是 or 否; None where the file has no such column."""
        if key not in self.row.values:
            return None
        text = self.text(key).casefold()
        if text not in _TRUE | _FALSE:
            self.refuse(key, "invalid", _("“%(text)s”要填 是 或 否。") % {"text": text[:10]})
        return text in _TRUE


def errors_of(rows: Iterable[Cells]) -> list[RowError]:
    """All errors, in file order."""
    return [error for cells in rows for error in cells.errors]
