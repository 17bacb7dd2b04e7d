"""Voucher numbers: 记-12, its English form GJ-12, 分数编号 1/3, and the check for gaps."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from apps.finance.domain.errors import BookkeepingError, gettext_noop

ENGLISH_WORDS = {"记": "GJ", "收": "CR", "付": "CP", "转": "TR"}
_NUMBER = re.compile(r"([^\s\-0-9]{1,8})-([1-9][0-9]{0,8})")


def voucher_number(word: str, no: int | None, *, language: str = "zh") -> str | None:
    """`记-12`, in English `GJ-12` (a word of the company's own stays as it is); None for a draft."""
    if no is None:
        return None
    shown = ENGLISH_WORDS.get(word, word) if language.startswith("en") else word
    return f"{shown}-{no}"


def parse_voucher_number(text: str) -> tuple[str, int]:
    """Word and number of `记-12`; `GJ-12` is read as 记-12. Raises BookkeepingError `invalid`."""
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        raise BookkeepingError("invalid", gettext_noop("“%(text)s”不是凭证号，请写成 记-12。"), text=text[:20])
    chinese = {english: word for word, english in ENGLISH_WORDS.items()}
    return chinese.get(match[1].upper(), match[1]), int(match[2])


def fractions(line_count: int, lines_per_page: int) -> list[str]:
    """分数编号 (令98 art. 51) of the printed pages of one voucher: `1/3` `2/3` `3/3`; one page needs none."""
    pages = max(1, -(-line_count // lines_per_page))
    return [""] if pages == 1 else [f"{page}/{pages}" for page in range(1, pages + 1)]


@dataclass(frozen=True)
class WordNumbers:
    """断号检查 of one word in one period; first and last are None when nothing is posted."""

    word: str
    first: int | None
    last: int | None
    count: int
    gaps: tuple[int, ...]


def check_numbers(word: str, numbers: Iterable[int]) -> WordNumbers:
    """Numbers must run 1, 2, … without a gap; what is missing up to the last is listed."""
    present = set(numbers)
    if not present:
        return WordNumbers(word, None, None, 0, ())
    last = max(present)
    gaps = tuple(no for no in range(1, last + 1) if no not in present)
    return WordNumbers(word, min(present), last, len(present), gaps)


def word_rank(words: Sequence[str], word: str) -> tuple[int, str]:
    """Sort key of a word: the book's order, unknown words after it."""
    return (words.index(word) if word in words else len(words), word)
