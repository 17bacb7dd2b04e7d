"""Reading cells of a file: numbers, dates, words; what cannot be read has a code and a sentence."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from kernel.errors import DomainError
from kernel.imports import ImportRow, RowError

_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?: 00:00(?::00)?)?")
_NUMBER = re.compile(r"-?[0-9]{1,16}(\.[0-9]{1,12})?")


class Cells:
    """The cells of one row; what cannot be read is noted in `errors`."""

    def __init__(self, row: ImportRow) -> None:
        self.row = row
        self.errors: list[RowError] = []

    def text(self, key: str, longest: int = 200) -> str:
        """The cell, "" where the file has none."""
        text = self.row.get(key)
        if len(text) > longest or "\x00" in text:
            self.refuse(key, "invalid", _("内容太长，最多 %(most)s 个字符。") % {"most": longest})
            return ""
        return text

    def number(self, key: str, places: int) -> Decimal | None:
        """A number with at most `places` decimals; None where the cell is empty."""
        text = unicodedata.normalize("NFKC", self.row.get(key)).replace(",", "").strip()
        if not text:
            return None
        if not _NUMBER.fullmatch(text):
            self.refuse(key, "bad_number", _("“%(text)s”不是数字。") % {"text": text[:30]})
            return None
        number = Decimal(text)
        if -int(number.normalize().as_tuple().exponent) > places:
            self.refuse(key, "too_many_decimals", _("小数最多 %(places)s 位。") % {"places": places})
            return None
        return number

    def share(self, key: str) -> Decimal | None:
        """A rate: `13%` or `0.13`; a bare number of 1 and more counts as per cent."""
        text = unicodedata.normalize("NFKC", self.row.get(key)).strip()
        if not text:
            return None
        bare = text.removesuffix("%").strip()
        if not _NUMBER.fullmatch(bare):
            self.refuse(key, "bad_number", _("“%(text)s”不是税率，请填 13% 或 0.13。") % {"text": text[:30]})
            return None
        number = Decimal(bare)
        share = number / 100 if text.endswith("%") or number >= 1 else number
        if not 0 <= share < 1:
            self.refuse(key, "invalid", _("税率要在 0 至 100% 之间。"))
            return None
        return share

    def day(self, key: str) -> date | None:
        """A date as files carry them; None where the cell is empty."""
        text = self.row.get(key)
        if not text:
            return None
        match = _DAY.fullmatch(text.strip())
        if match is not None:
            try:
                return date(int(match[1]), int(match[2]), int(match[3]))
            except ValueError:
                pass
        self.refuse(key, "bad_date", _("“%(text)s”不是日期，请填 2026-01-31。") % {"text": text[:30]})
        return None

    def word(self, key: str, words: Mapping[str, str], standard: str = "") -> str:
        """One of `words` {Chinese or key: key}; an empty cell is `standard`."""
        text = self.row.get(key).strip()
        if not text:
            return standard
        found = words.get(text) or words.get(text.lower())
        if found is None:
            self.refuse(key, "invalid", _("“%(text)s”不认识，可填：%(words)s。") % {
                "text": text[:30], "words": "、".join(word for word in words if not word.isascii()),
            })  # fmt: skip
            return standard
        return found

    def refuse(self, key: str, code: str, message: str) -> None:
        """Note an error of this row."""
        self.errors.append(RowError(self.row.number, key, code, message, self.row.get(key)))


def errors_of(rows: list[ImportRow], error: DomainError) -> list[RowError]:
    """A refusal of a document as errors of its rows: `lines.3.item` is the fourth row, the rest is the first one's."""
    found = []
    for spot, texts in error.fields.items():
        first, _dot, rest = spot.partition(".")
        index, _dot, key = rest.partition(".")
        row = rows[int(index)] if first == "lines" and index.isdigit() and int(index) < len(rows) else rows[0]
        column = key.split(".")[0] if first == "lines" else first
        text = " ".join(str(one) for one in texts) or error.message
        found.append(RowError(row.number, column, error.code, text, row.get(column)))
    return found or [RowError(rows[0].number, "", error.code, error.message)]
