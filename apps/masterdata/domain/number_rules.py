"""编号规则: a pattern such as `SO{yy}{MM}-{seq:4}`, when its counter starts again, and what comes next."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from apps.masterdata.domain.codes import fold_width
from apps.masterdata.domain.errors import RuleError, gettext_noop

MAX_NUMBER_LENGTH = 40
PREVIEW_LENGTH = 3
# No 0/O and 1/I: numbers are read out over the telephone.
RANDOM_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

_PIECE = re.compile(r"\{(?P<name>[A-Za-z]+)(:(?P<width>[0-9]{1,2}))?\}|(?P<text>[^{}]+)|(?P<stray>[{}])")
_TEXT = re.compile(r"[\w\-./#]+")
_DATES = {"yyyy": "%Y", "yy": "%y", "MM": "%m", "dd": "%d"}
_WIDTHS = {"seq": (1, 9), "rand": (4, 12)}


class BadPattern(RuleError):
    """A number rule would print the same number twice, or cannot be read."""

    code = "bad_pattern"


class Reset(StrEnum):
    """When the counter starts again at 1."""

    NEVER = "never"
    YEAR = "year"
    MONTH = "month"
    DAY = "day"


# What the number itself must show so that a restarted counter never repeats one.
_SHOWN_BY_RESET: dict[Reset, frozenset[str]] = {
    Reset.NEVER: frozenset(),
    Reset.YEAR: frozenset({"year"}),
    Reset.MONTH: frozenset({"year", "MM"}),
    Reset.DAY: frozenset({"year", "MM", "dd"}),
}
_PERIOD_BY_RESET = {Reset.NEVER: "", Reset.YEAR: "%Y", Reset.MONTH: "%Y-%m", Reset.DAY: "%Y-%m-%d"}


@dataclass(frozen=True)
class Piece:
    """One part of a pattern: a placeholder with its width (0 = a date part), or `text` with its letters."""

    kind: str
    width: int = 0
    text: str = ""


def random_text(length: int) -> str:
    """`length` characters that tell an outsider nothing; 4 of them have about a million values."""
    return "".join(secrets.choice(RANDOM_ALPHABET) for _ in range(length))


@dataclass(frozen=True)
class NumberRule:
    """How the numbers of one kind of document look. Made by `parse_rule`, which also validates it."""

    pattern: str
    reset: Reset
    gapless: bool
    pieces: tuple[Piece, ...]

    @property
    def is_counted(self) -> bool:
        """Whether the number holds a counter; a purely random one must be checked against those in use."""
        return any(piece.kind == "seq" for piece in self.pieces)

    def period(self, on: date) -> str:
        """The key of the counter that serves `on`: `""`, `2026`, `2026-06` or `2026-06-30`."""
        return on.strftime(_PERIOD_BY_RESET[self.reset])

    def number(self, *, on: date, sequence: int, randomly: Callable[[int], str] = random_text) -> str:
        """The number for counter value `sequence` (1, 2, 3 …) on the accounting date `on`.

        A counter that outgrows its width gets longer; it never starts again, so no number comes twice.
        """
        before, width, after = self.around(on=on, randomly=randomly)
        return f"{before}{sequence:0{width}d}{after}" if width else before

    def around(self, *, on: date, randomly: Callable[[int], str] = random_text) -> tuple[str, int, str]:
        """(text before the counter, its width, text after it); without a counter all of the number, 0 and ""."""
        place = next((place for place, piece in enumerate(self.pieces) if piece.kind == "seq"), len(self.pieces))
        texts = ["" if piece.kind == "seq" else _print_piece(piece, on, randomly) for piece in self.pieces]
        width = self.pieces[place].width if place < len(self.pieces) else 0
        return "".join(texts[:place]), width, "".join(texts[place:])

    def preview(self, *, on: date, last_sequence: int, randomly: Callable[[int], str] = random_text) -> tuple[str, ...]:
        """The three numbers after `last_sequence` (0 = none yet). Random parts are examples; none is used."""
        upcoming = range(last_sequence + 1, last_sequence + 1 + PREVIEW_LENGTH)
        return tuple(self.number(on=on, sequence=sequence, randomly=randomly) for sequence in upcoming)


def parse_rule(*, pattern: str, reset: str = Reset.NEVER, gapless: bool = False) -> NumberRule:
    """Read and validate a rule. Raises BadPattern with the sentence that says what to change.

    Text may be letters of any script, digits and `- _ . / #`. There is one `{seq:n}` (1 to 9 wide) or, where
    numbers should not betray how many there are, one `{rand:n}` (4 to 12 wide), or both. A gapless rule
    needs the counter.
    """
    cleaned = fold_width(pattern).strip()
    try:
        when = Reset(reset)
    except ValueError:
        raise BadPattern(
            gettext_noop("重新编号只能是 never、year、month 或 day，不能是“%(reset)s”。"), {"reset": reset}
        ) from None
    pieces = tuple(_read_piece(match) for match in _PIECE.finditer(cleaned))
    _check_counters(pieces, gapless=gapless)
    _check_reset(pieces, when)
    rule = NumberRule(cleaned, when, gapless, pieces)
    longest = rule.number(on=date(2000, 1, 1), sequence=1, randomly=lambda length: "X" * length)
    if len(longest) > MAX_NUMBER_LENGTH:
        raise BadPattern(gettext_noop("编号太长，最多 %(max)s 个字符。"), {"max": MAX_NUMBER_LENGTH})
    return rule


def _read_piece(match: re.Match[str]) -> Piece:
    text, name, width = match["text"], match["name"], match["width"]
    if text is not None and _TEXT.fullmatch(text):
        return Piece("text", text=text)
    if name in _DATES and width is None:
        return Piece(name)
    if name in _WIDTHS and width is not None:
        low, high = _WIDTHS[name]
        if low <= int(width) <= high:
            return Piece(name, width=int(width))
    raise BadPattern(
        gettext_noop(
            "编号规则里的“%(piece)s”不认识。可用文字、- _ . / # 和 "
            "{yyyy} {yy} {MM} {dd} {seq:1}–{seq:9} {rand:4}–{rand:12}。"
        ),
        {"piece": match[0]},
    )


def _check_counters(pieces: tuple[Piece, ...], *, gapless: bool) -> None:
    counters = sum(piece.kind == "seq" for piece in pieces)
    randoms = sum(piece.kind == "rand" for piece in pieces)
    if counters > 1 or randoms > 1:
        raise BadPattern(gettext_noop("编号规则里 {seq} 和 {rand} 各只能出现一次。"))
    if counters + randoms == 0:
        raise BadPattern(gettext_noop("编号规则里要有 {seq:4} 这样的流水号，否则编号会重复。"))
    if gapless and not counters:
        raise BadPattern(gettext_noop("要求连续不断号的编号规则里要有 {seq:4} 这样的流水号。"))


def _check_reset(pieces: tuple[Piece, ...], reset: Reset) -> None:
    shown = {"year" if piece.kind in {"yy", "yyyy"} else piece.kind for piece in pieces}
    missing = _SHOWN_BY_RESET[reset] - shown
    if missing:
        needed = {"year": "{yyyy}", "MM": "{MM}", "dd": "{dd}"}
        raise BadPattern(
            gettext_noop("流水号会重新开始，编号里还要有 %(needed)s，否则编号会重复。"),
            {"needed": " ".join(needed[part] for part in ("year", "MM", "dd") if part in missing)},
        )


def _print_piece(piece: Piece, on: date, randomly: Callable[[int], str]) -> str:
    if piece.kind == "text":
        return piece.text
    if piece.kind == "rand":
        return randomly(piece.width)
    return on.strftime(_DATES[piece.kind])
