"""The book and its chart of accounts as the arithmetic sees them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from apps.finance.domain.balances import AccountFacts
from apps.finance.models import Book, LedgerAccount
from kernel.errors import DomainError, NotFound


def current_book() -> Book:
    """The one book. Raises `book_not_started` where none is set up yet."""
    book = Book.objects.first()
    if book is None:
        raise DomainError(_("还没有建账，请先建立账套。"), "book_not_started")
    return book


@dataclass(frozen=True)
class Chart:
    """All accounts, by code and by row id, read in one query."""

    by_code: Mapping[str, AccountFacts]
    codes: Mapping[int, str]
    marks: Mapping[str, tuple[str, bool]]  # by code: English name, in use

    @classmethod
    def load(cls) -> "Chart":
        """Every account, leaves and parents, in code order."""
        rows = LedgerAccount.objects.order_by("code").values_list(
            "id", "code", "name", "direction", "parent__code", "level", "is_leaf", "income_line", "name_en", "is_active"
        )
        facts = [(row[0], AccountFacts(*row[1:8]), row[8:]) for row in rows]
        return cls(
            {fact.code: fact for _id, fact, _marks in facts},
            {pk: fact.code for pk, fact, _marks in facts},
            {fact.code: marks for _id, fact, marks in facts},
        )

    @cached_property
    def ids(self) -> Mapping[str, int]:
        """Row id by code."""
        return {code: pk for pk, code in self.codes.items()}

    def get(self, code: str) -> AccountFacts:
        """The account by code. Raises NotFound."""
        if code not in self.by_code:
            raise NotFound(_("没有科目 %(code)s。") % {"code": code[:20]})
        return self.by_code[code]

    def ids_under(self, code: str) -> list[int]:
        """Row ids of an account and everything below it; "" = all."""
        return [pk for pk, other in self.codes.items() if other.startswith(code)]

    def children(self, code: str) -> Sequence[AccountFacts]:
        """Direct children in code order."""
        return [fact for fact in self.by_code.values() if fact.parent == code]

    def at_level(self, code: str, level: int) -> str:
        """The ancestor of a code on a level, or the code itself where it lies higher."""
        fact = self.by_code[code]
        while fact.level > level and fact.parent:
            fact = self.by_code[fact.parent]
        return fact.code
