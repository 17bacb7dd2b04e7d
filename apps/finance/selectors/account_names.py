"""Accounts as people read and find them: full path names in the reader's language, lookups with pinyin and balance."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from pypinyin import Style, lazy_pinyin

from apps.finance.models import AccountDimension, LedgerAccount
from apps.finance.selectors.chart import Chart
from apps.finance.services.ledger import standing_balances
from kernel.money import money_text


@dataclass(frozen=True)
class AccountName:
    """Code and full path name (制造费用-水电费) of one account, in the reader's language."""

    id: int
    code: str
    name: str
    is_leaf: bool
    is_active: bool
    level: int

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


def account_names(chart: Chart | None = None) -> dict[int, AccountName]:
    """Every account by id, in code order; one query, none where the chart was read already."""
    english = (get_language() or "").startswith("en")
    chart = chart or Chart.load()
    paths: dict[str, str] = {}
    found: dict[int, AccountName] = {}
    for pk, code in chart.codes.items():
        fact, (name_en, is_active) = chart.by_code[code], chart.marks[code]
        own = name_en if english and name_en else fact.name
        paths[code] = f"{paths[fact.parent]}-{own}" if fact.parent in paths else own
        found[pk] = AccountName(pk, code, paths[code], fact.is_leaf, is_active, fact.level)
    return found


def names_by_code(chart: Chart | None = None) -> dict[str, AccountName]:
    """The same by code."""
    return {account.code: account for account in account_names(chart).values()}


@lru_cache(maxsize=4096)
def initials(name: str) -> str:
    """Pinyin initials of a name for finding it: 银行存款 -> yhck. A pure function of the word, so it may be kept."""
    # One entry for every sign that is no Chinese character; the library's stub knows text only.
    signs = lazy_pinyin(name, style=Style.FIRST_LETTER, errors=lambda rest: list(rest))  # type: ignore[arg-type, return-value]
    letters = "".join(signs)
    return "".join(char for char in letters.casefold() if char.isalnum())


def matching_ids(text: str) -> list[int]:
    """Ids of accounts whose code begins with `text` or whose name or initials hold it."""
    wanted = unicodedata.normalize("NFKC", text).casefold().strip()
    return [
        account.id
        for account in account_names().values()
        if account.code.startswith(wanted) or wanted in account.name.casefold() or wanted in initials(account.name)
    ]


@dataclass(frozen=True)
class AccountOption:
    """One account of the lookup of an entry grid, with what a line of it has to say besides the amount."""

    code: str
    name: str
    direction: str
    dimensions: tuple[tuple[str, str, bool], ...]  # code, name, required
    quantity: bool
    currencies: tuple[str, ...]
    open_item: bool
    balance: Decimal

    @property
    def text(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def foreign(self) -> list[str]:
        """Currencies other than CNY."""
        return [currency for currency in self.currencies if currency != "CNY"]

    def as_json(self) -> dict[str, object]:
        """What the list in the browser needs; empty parts are left out, 500 accounts weigh."""
        data: dict[str, object] = {"code": self.code, "text": self.name, "py": initials(self.name)}
        if self.balance:
            data["hint"] = _("余额 %(amount)s") % {"amount": f"{Decimal(money_text(self.balance)):,}"}
        if self.dimensions:
            data["dims"] = [code if required else f"{code}?" for code, _name, required in self.dimensions]
        if self.quantity:
            data["qty"] = True
        if self.foreign:
            data["cur"] = self.foreign
        if self.open_item:
            data["item"] = True
        return data


def account_options() -> list[AccountOption]:
    """Active leaf accounts in code order with their balances of today's books; four queries."""
    names = account_names()
    rows = LedgerAccount.objects.filter(is_leaf=True, is_active=True).order_by("code")
    dimensions = _dimensions()
    balances = _balances()
    return [
        AccountOption(
            code=row.code,
            name=names[row.pk].name,
            direction=row.direction,
            dimensions=tuple(dimensions.get(row.pk, ())),
            quantity=row.quantity,
            currencies=tuple(row.currencies),
            open_item=row.open_item != LedgerAccount.OpenItem.NONE,
            balance=balances.get(row.code, Decimal(0)) * row.sign,
        )
        for row in rows
    ]


def _dimensions() -> Mapping[int, Sequence[tuple[str, str, bool]]]:
    found: dict[int, list[tuple[str, str, bool]]] = {}
    rows = AccountDimension.objects.select_related("dimension").order_by("account_id", "dimension_id")
    for row in rows:
        found.setdefault(row.account_id, []).append((row.dimension.code, _(row.dimension.name), row.required))
    return found


def _balances() -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for row in standing_balances(""):
        sums[row.account] = sums.get(row.account, Decimal(0)) + row.net
    return sums
