"""The opening grid as it stands on the screen: one row an account, or one an account and combination."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.finance.models import Book, LedgerAccount, OpeningBalance, OpeningCashFlow
from apps.finance.selectors.account_names import account_names
from apps.finance.selectors.accounts import AccountFilter, listed
from apps.finance.selectors.aux_values import value_labels
from apps.finance.services import ItemInput, OpeningInput
from apps.finance.services.dimensions import aux_of_key
from kernel.errors import DomainError

AMOUNTS = ("balance", "ytd_debit", "ytd_credit", "ytd_actual", "quantity")
_NUMBER = re.compile(r"-?(\d+(\.\d*)?|\.\d+)")


@dataclass
class OpeningRow:
    """One row, its amounts as text. A foreign row and its open items come from a file and stay as they are."""

    account: LedgerAccount
    name: str
    aux: dict[str, str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    stored: OpeningBalance | None = None
    labels: Mapping[str, str] = field(default_factory=dict)

    def __getattr__(self, name: str) -> str:
        if name in AMOUNTS:
            return self.values.get(name, "")
        raise AttributeError(name)

    @property
    def dimensions(self) -> list[dict[str, Any]]:
        carried = [one for one in self.account.dimensions.all() if one.required or self.aux.get(one.dimension.code)]
        return [{"code": one.dimension.code, "name": _(one.dimension.name), **self._chosen(one.dimension.code)}
                for one in carried]  # fmt: skip

    def _chosen(self, dimension: str) -> dict[str, str]:
        value = self.aux.get(dimension, "")
        return {"value": value, "text": self.labels.get(f"{dimension}:{value}", "")}

    @property
    def is_profit(self) -> bool:
        return self.account.category == LedgerAccount.Category.PROFIT_LOSS

    @property
    def is_foreign(self) -> bool:
        return bool(self.stored and self.stored.currency)

    @property
    def is_blank(self) -> bool:
        return not any(self.values.get(name) for name in AMOUNTS)

    @property
    def fault(self) -> str:
        return " ".join(self.errors.values())

    def as_input(self) -> OpeningInput:
        items = self.stored.items.all() if self.stored else []
        numbers = {name: Decimal(self.values[name]) for name in AMOUNTS if self.values.get(name)}
        return OpeningInput(
            account=self.account.code,
            balance=numbers.get("balance", Decimal(0)),
            aux=dict(self.aux),
            ytd_debit=numbers.get("ytd_debit", Decimal(0)),
            ytd_credit=numbers.get("ytd_credit", Decimal(0)),
            ytd_actual=numbers.get("ytd_actual"),
            quantity=numbers.get("quantity", Decimal(0)),
            currency=self.stored.currency or None if self.stored else None,
            fc_balance=self.stored.fc_balance if self.stored else Decimal(0),
            items=[ItemInput(ref=one.ref, on=one.on, due_on=one.due_on, amount=one.amount) for one in items],
        )


@dataclass
class OpeningGrid:
    """All rows, the stored cash flow of the year so far, and what is wrong with the whole."""

    rows: list[OpeningRow]
    cash_flow: dict[int, Decimal]
    faults: list[str] = field(default_factory=list)

    @property
    def filled(self) -> list[OpeningRow]:
        return [row for row in self.rows if not row.is_blank]

    @property
    def errors(self) -> bool:
        return bool(self.faults) or any(row.errors for row in self.rows)

    def inputs(self) -> list[OpeningInput]:
        return [row.as_input() for row in self.filled]

    def take(self, error: DomainError) -> None:
        """A refusal on the rows it names, else above the grid."""
        filled = self.filled
        for spot, texts in (error.fields or {}).items():
            parts = spot.split(".")
            if len(parts) == 3 and parts[0] == "rows" and parts[1].isdigit() and int(parts[1]) < len(filled):
                filled[int(parts[1])].errors[parts[2]] = " ".join(str(text) for text in texts)
        self.faults.append(error.message)


def stored(book: Book) -> OpeningGrid:
    """The stored set over all leaf accounts; an account with dimensions ends with an empty row."""
    names = account_names()
    by_account: dict[int, list[OpeningBalance]] = {}
    rows = OpeningBalance.objects.select_related("combo").prefetch_related("items").order_by("account_id", "id")
    for row in rows:
        by_account.setdefault(row.account_id, []).append(row)
    found: list[OpeningRow] = []
    for account in listed(AccountFilter(is_leaf=True, is_active=True)):
        own = [_stored_row(account, names[account.pk].name, row) for row in by_account.get(account.pk, [])]
        needs_value = any(one.required for one in account.dimensions.all())
        if not own or (needs_value and not book.is_started):
            own.append(OpeningRow(account, names[account.pk].name))
        found += own
    labels = value_labels(pair for row in found for pair in row.aux.items())
    for entry in found:
        entry.labels = labels
    return OpeningGrid(found, dict(OpeningCashFlow.objects.values_list("line", "amount")))


def _stored_row(account: LedgerAccount, name: str, row: OpeningBalance) -> OpeningRow:
    values = {one: _shown(getattr(row, one)) for one in AMOUNTS}
    return OpeningRow(account, name, aux_of_key(row.combo.key), values, stored=row)


def _shown(value: Decimal | None) -> str:
    if not value:
        return ""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if text.endswith("00") and len(text.partition(".")[2]) > 2 else text


def read(post: Any, grid: OpeningGrid) -> OpeningGrid:
    """What was typed, put over the rows on the screen; rows are named by their place."""
    for index, row in enumerate(grid.rows):
        if row.is_foreign or post.get(f"rows-{index}-account") != row.account.code:
            continue
        for name in AMOUNTS:
            row.values[name] = _fold(str(post.get(f"rows-{index}-{name}", "")))
            if row.values[name] and not _NUMBER.fullmatch(row.values[name]):
                row.errors[name] = _("请填写数字")
        for one in row.account.dimensions.all():
            code = one.dimension.code
            typed = str(post.get(f"rows-{index}-aux-{code}_text", "")).split()
            value = str(post.get(f"rows-{index}-aux-{code}", "")).strip() or (typed[0] if typed else "")
            row.aux = {**row.aux, code: value} if value else {key: kept for key, kept in row.aux.items() if key != code}
    if any(row.errors for row in grid.rows):
        grid.faults.append(_("请修正标红的单元格"))
    return grid


def _fold(text: str) -> str:
    return re.sub(r"[,，、\s]", "", unicodedata.normalize("NFKC", text).replace("。", "."))
