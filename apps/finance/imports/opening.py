"""期初导入: the whole set of opening balances, replaced as the page replaces it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.finance.domain.amounts import ZERO
from apps.finance.imports import opening_undo
from apps.finance.imports.books import Books
from apps.finance.imports.cells import Cells
from apps.finance.models import Book
from apps.finance.services.opening import ItemInput, OpeningInput, put_opening_balances
from kernel.errors import DomainError
from kernel.imports import Applied, Checked, ImportColumn, ImportContext, ImportKind, ImportRow, RowError

COLUMNS = (
    ImportColumn("account", "科目编码", "Account", required=True, example="1122"),
    ImportColumn("aux", "辅助核算", "Dimensions", example="customer:C001"),
    ImportColumn("currency", "币种", "Currency"),
    ImportColumn("balance", "期初余额", "Opening balance", example="11300.00"),
    ImportColumn("fc_balance", "原币余额", "Foreign balance"),
    ImportColumn("quantity", "数量", "Quantity"),
    ImportColumn("ytd_debit", "本年累计借方", "YTD debit"),
    ImportColumn("ytd_credit", "本年累计贷方", "YTD credit"),
    ImportColumn("ytd_actual", "损益实际发生额", "YTD actual"),
    ImportColumn("ref", "往来编号", "Item reference", example="XS-2025-081"),
    ImportColumn("on", "业务日期", "Item date"),
    ImportColumn("due_on", "到期日", "Due on"),
)
_COLUMN_OF = {"items": "ref"}


@dataclass
class Balance:
    """One account, aux and currency: a plain row, or items that add up."""

    cells: list[Cells] = field(default_factory=list)
    amounts: list[Decimal] = field(default_factory=list)
    items: list[ItemInput] = field(default_factory=list)

    def input(self, aux: Mapping[str, str]) -> OpeningInput:
        """As the service takes it: 本年累计 stand on the first row."""
        first = self.cells[0]
        return OpeningInput(
            account=first.text("account"), aux=dict(aux), currency=first.text("currency") or None,
            balance=sum(self.amounts, ZERO), fc_balance=self._sum("fc_balance", 2), quantity=self._sum("quantity", 4),
            ytd_debit=first.number("ytd_debit") or ZERO, ytd_credit=first.number("ytd_credit") or ZERO,
            ytd_actual=first.number("ytd_actual"), items=tuple(self.items),
        )  # fmt: skip

    def _sum(self, key: str, places: int) -> Decimal:
        return sum((cells.number(key, places) or Decimal(0) for cells in self.cells), Decimal(0))


def _read(
    rows: Sequence[ImportRow],
) -> tuple[list[Cells], dict[tuple[str, str, str], Balance], dict[int, dict[str, str]]]:
    """Every row read and checked, and the balances they make, in file order."""
    books = Books.load()
    read = [Cells(row) for row in rows]
    auxes = {cells.row.number: books.aux(cells) for cells in read}
    books.know(auxes.values())
    found: dict[tuple[str, str, str], Balance] = {}
    for cells in read:
        aux = auxes[cells.row.number]
        account = books.account(cells) if cells.text("account") else None
        if account is not None and not cells.errors:
            books.check_aux(cells, account, aux)
        key = (cells.text("account"), str(sorted(aux.items())), cells.text("currency"))
        _add(found.setdefault(key, Balance()), cells)
    return read, found, auxes


def _add(balance: Balance, cells: Cells) -> None:
    amount = cells.number("balance") or ZERO
    on, due_on = cells.day("on"), cells.day("due_on")
    for key, places in (("fc_balance", 2), ("quantity", 4), ("ytd_debit", 2), ("ytd_credit", 2), ("ytd_actual", 2)):
        cells.number(key, places)
    if balance.cells and not (cells.text("ref") and balance.items):
        cells.refuse("account", "invalid", _("同一科目、辅助核算和币种有多行时，每行都要填往来编号。"))
    balance.cells.append(cells)
    balance.amounts.append(amount)
    if not cells.text("ref"):
        return
    if on is None and not cells.errors:
        cells.refuse("on", "bad_date", _("往来明细要填业务日期。"))
    if on is not None:
        balance.items.append(ItemInput(ref=cells.text("ref")[:40], on=on, due_on=due_on or on, amount=amount))


def check(rows: Sequence[ImportRow], context: ImportContext) -> Checked:
    """All errors of the rows."""
    read, _found, _auxes = _read(rows)
    checked = Checked()
    for cells in read:
        # A cell is read more than once; each error counts once.
        checked.errors += list(dict.fromkeys(cells.errors))
    if Book.objects.filter(state=Book.State.STARTED).exists() and rows:
        message = _("账套已经启用，期初余额不能再改。")
        checked.errors.append(RowError(rows[0].number, "account", "book_started", message))
    return checked


def apply(rows: Sequence[ImportRow], context: ImportContext) -> Applied:
    """Replace the opening balances by those of the file; cash flows of the year so far are typed on the page."""
    _cells, found, auxes = _read(rows)
    balances = list(found.values())
    inputs = [balance.input(auxes[balance.cells[0].row.number]) for balance in balances]
    applied, before = Applied(), opening_undo.kept()
    try:
        put_opening_balances(rows=inputs, actor=context.member)
    except DomainError as error:
        applied.errors.append(_refusal(balances, error))
        applied.skipped.update(row.number for row in rows)
        return applied
    applied.created = len(inputs)
    applied.undo = {"before": before, "after": opening_undo.kept()}
    return applied


def _refusal(balances: Sequence[Balance], error: DomainError) -> RowError:
    spot = next(iter(error.fields), "").split(".")
    index = int(spot[1]) if len(spot) > 2 and spot[1].isdigit() and int(spot[1]) < len(balances) else 0
    column = _COLUMN_OF.get(spot[2] if len(spot) > 2 else "", spot[2] if len(spot) > 2 else "account")
    row = balances[index].cells[0].row
    return RowError(row.number, column, error.code, error.message, row.get(column))


OPENING = ImportKind(
    key="finance.opening",
    title=gettext_lazy("期初余额"),
    columns=COLUMNS,
    check=check,
    apply=apply,
    undo=opening_undo.undo,
    right="finance.settings",
    view_right="finance.view",
    module="finance",
    list_url="/finance/accounts/opening/",
)
