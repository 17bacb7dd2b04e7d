"""Account codes: lengths per level, parents, and what a new account takes over from its parent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import accumulate

from apps.finance.domain.errors import BookkeepingError, gettext_noop

DEFAULT_LENGTHS = (4, 2, 2, 2)
LONGEST_CODE = 20
_BAD_CODE = gettext_noop("科目编码 %(code)s 不合规则：只能是数字，各级长度为 %(lengths)s。")
_BAD_LENGTHS = gettext_noop("编码级次须以 4 开头，以后每级 2 至 4 位，最多 %(deepest)s 级。")


@dataclass(frozen=True)
class CodeRule:
    """编码级次 of a book: digits per level, `[4,2,2,2]` by default; the statute fixes the first level at
    four.
    """

    lengths: tuple[int, ...] = DEFAULT_LENGTHS

    def __post_init__(self) -> None:
        deeper = self.lengths[1:]
        if self.lengths[:1] != (4,) or not 2 <= len(self.lengths) <= 6 or sum(self.lengths) > LONGEST_CODE:
            raise BookkeepingError("invalid", _BAD_LENGTHS, deepest=6)
        if any(not 2 <= length <= 4 for length in deeper):
            raise BookkeepingError("invalid", _BAD_LENGTHS, deepest=6)

    @classmethod
    def of(cls, lengths: Sequence[int]) -> "CodeRule":
        """From the list stored on the book."""
        return cls(tuple(lengths))

    def level(self, code: str) -> int:
        """Level of a code, 1 for four digits. Raises BookkeepingError `invalid` when no level has that
        length.
        """
        totals = list(accumulate(self.lengths))
        if not (code.isascii() and code.isdigit()) or len(code) not in totals:
            shown = "-".join(str(length) for length in self.lengths)
            raise BookkeepingError("invalid", _BAD_CODE, code=code[:LONGEST_CODE], lengths=shown)
        return totals.index(len(code)) + 1

    def parent(self, code: str) -> str | None:
        """Code of the parent, None on level 1."""
        level = self.level(code)
        return None if level == 1 else code[: -self.lengths[level - 1]]

    def ancestors(self, code: str) -> list[str]:
        """Codes above, nearest first."""
        found: list[str] = []
        above = self.parent(code)
        while above is not None:
            found.append(above)
            above = self.parent(above)
        return found

    def top(self, code: str) -> str:
        """Level-1 code, the one that statutes and default maps speak of."""
        return code[: self.lengths[0]]

    def widen(self, code: str) -> str:
        """A code of the shipped template (4-2-2-2) in this book's lengths: 222101 is 2221001 under 4-3-2."""
        level = CodeRule().level(code)
        if level > len(self.lengths):
            raise BookkeepingError("invalid", _BAD_LENGTHS, deepest=6)
        parts, position = [], 0
        for given, wanted in zip(DEFAULT_LENGTHS[:level], self.lengths, strict=False):
            parts.append(code[position : position + given].zfill(wanted))
            position += given
        return "".join(parts)


@dataclass(frozen=True)
class AccountProperties:
    """What a new account inherits. `aux` maps a dimension code to "required"; income_line is never
    inherited.
    """

    category: str
    direction: str
    aux: Mapping[str, bool]
    quantity: bool = False
    currencies: tuple[str, ...] = ()
    revalue: bool = False
    cash_kind: str = "none"
    open_item: str = "none"
    income_line: int | None = None


def inherit(parent: AccountProperties, given: Mapping[str, object]) -> AccountProperties:
    """Properties of a child: what is given wins, the rest comes from the parent, income_line only if given.

    The category always follows the parent: an asset account has no expense below it.
    """
    known = {item.name for item in fields(AccountProperties)} - {"category"}
    unknown = sorted(set(given) - known)
    if unknown:
        raise BookkeepingError("invalid", gettext_noop("科目没有 %(names)s 这样的属性。"), names="、".join(unknown))
    return replace(parent, **{"income_line": None, **given})  # type: ignore[arg-type]  # checked by name above
