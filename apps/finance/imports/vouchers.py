"""凭证导入: rows with one 凭证组 are one voucher, drafted in file order by the service that the page calls."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.finance.domain.amounts import ZERO, format_amount, sum_lines
from apps.finance.imports.books import Books
from apps.finance.imports.cells import Cells, errors_of
from apps.finance.models import Book, LedgerAccount, Voucher
from apps.finance.services.drafting_many import Draft, draft_many
from apps.finance.services.lines import LineInput
from apps.finance.services.vouchers import MOST_ATTACHMENTS, Head, Source, delete_draft
from kernel.errors import DomainError
from kernel.imports import Applied, Checked, ImportColumn, ImportContext, ImportKind, ImportRow, RowError

COLUMNS = (
    ImportColumn("date", "日期", "Date", required=True, example="2026-01-15"),
    ImportColumn("word", "凭证字", "Word", required=True, example="记"),
    ImportColumn("group", "凭证组", "Voucher group", required=True, example="1", note="同一组的行是一张凭证"),
    ImportColumn("attachments", "附件数", "Attachments", example="2"),
    ImportColumn("summary", "摘要", "Summary", required=True, example="采购钢材"),
    ImportColumn("account", "科目编码", "Account", required=True, example="1403"),
    ImportColumn("aux", "辅助核算", "Dimensions", example="customer:C001;item:M1"),
    ImportColumn("currency", "币种", "Currency", example="USD"),
    ImportColumn("fc_amount", "原币金额", "Foreign amount"),
    ImportColumn("rate", "汇率", "Rate"),
    ImportColumn("quantity", "数量", "Quantity"),
    ImportColumn("unit_price", "单价", "Unit price"),
    ImportColumn("debit", "借方金额", "Debit", example="5000.00"),
    ImportColumn("credit", "贷方金额", "Credit"),
    ImportColumn("due_on", "到期日", "Due on"),
    ImportColumn("ref", "业务编号", "Reference"),
    ImportColumn("cash_flow", "现金流量", "Cash flow line"),
    ImportColumn("closing", "结转", "Closing", note="是 = 结转凭证"),
)
# Fields of the service's refusals that have a column of another name.
_COLUMN_OF = {"kind": "closing", "attachment_count": "attachments"}


@dataclass
class Group:
    """One voucher of the file."""

    key: str
    cells: list[Cells] = field(default_factory=list)
    lines: list[LineInput] = field(default_factory=list)
    dates: list[date] = field(default_factory=list)

    @property
    def errors(self) -> list[RowError]:
        return errors_of(self.cells)

    @property
    def numbers(self) -> list[int]:
        """Row numbers."""
        return [cells.row.number for cells in self.cells]

    @property
    def head(self) -> dict[str, Any]:
        """What stands above the lines; the first row that says something counts."""
        first = self.cells[0]
        counts = [cells.whole("attachments", most=MOST_ATTACHMENTS) for cells in self.cells]
        closing = any(cells.truth("closing") for cells in self.cells)
        return {
            "date": self.dates[0],
            "word": first.text("word"),
            "attachment_count": next((count for count in counts if count), 0),
            "kind": Voucher.Kind.CLOSING if closing else Voucher.Kind.NORMAL,
        }


def _groups(rows: Sequence[ImportRow]) -> list[Group]:
    """Rows gathered by 凭证组 in file order, every cell read; errors of shape are noted on the rows."""
    books = Books.load()
    book = Book.objects.first()
    words = set(book.voucher_words) if book else set()
    read = [(row, Cells(row)) for row in rows]
    auxes = {row.number: books.aux(cells) for row, cells in read}
    books.know(auxes.values())
    found: dict[str, Group] = {}
    for row, cells in read:
        group = found.setdefault(row.get("group"), Group(row.get("group")))
        group.cells.append(cells)
        _read_head(books, words, group, cells)
        _read_line(books, group, cells, auxes[row.number])
    return list(found.values())


def _read_head(books: Books, words: set[str], group: Group, cells: Cells) -> None:
    day = cells.day("date")
    if day is not None:
        books.check_day(cells, day)
        group.dates.append(day)
        if day != group.dates[0]:
            cells.refuse("date", "bad_date", _("同一凭证组的日期要相同。"))
    word = cells.text("word")
    if word and (word not in words or word != group.cells[0].text("word")):
        cells.refuse("word", "invalid", _("没有凭证字“%(word)s”，或与同组的行不同。") % {"word": word[:8]})
    cells.whole("attachments", most=MOST_ATTACHMENTS)
    cells.truth("closing")


def _read_line(books: Books, group: Group, cells: Cells, aux: Mapping[str, str]) -> None:
    account = books.account(cells) if cells.text("account") else None
    if account is not None and not _noted(cells, "aux"):
        books.check_aux(cells, account, aux)
    line = LineInput(
        summary=cells.text("summary"), account=cells.text("account"), aux=dict(aux),
        debit=cells.number("debit") or ZERO, credit=cells.number("credit") or ZERO,
        currency=cells.text("currency") or None, fc_amount=cells.number("fc_amount"), rate=cells.number("rate", 8),
        quantity=cells.number("quantity", 4), unit_price=cells.number("unit_price", 6), due_on=cells.day("due_on"),
        ref=cells.text("ref"), cash_flow=cells.whole("cash_flow", most=18),
    )  # fmt: skip
    group.lines.append(line)
    _check_sides(cells, line, account)


def _check_sides(cells: Cells, line: LineInput, account: LedgerAccount | None) -> None:
    unread = _noted(cells, "debit") or _noted(cells, "credit")
    if line.debit and line.credit:
        cells.refuse("debit", "bad_amount", _("一行只能填借方或贷方，不能两边都填。"))
    elif not line.debit and not line.credit and not unread:
        cells.refuse("debit", "bad_amount", _("请填写借方或贷方金额。"))


def _noted(cells: Cells, key: str) -> bool:
    return any(error.column == key for error in cells.errors)


def check(rows: Sequence[ImportRow], context: ImportContext) -> Checked:
    """All errors of the file. A group with a bad row is left out whole: its good rows count as skipped."""
    checked = Checked()
    for group in _groups(rows):
        _check_balance(group, context)
        checked.errors += group.errors
        if group.errors or context.bad_rows.intersection(group.numbers):
            checked.skipped.update(group.numbers)
    return checked


def _check_balance(group: Group, context: ImportContext) -> None:
    if group.errors or context.bad_rows.intersection(group.numbers):
        return
    sums = sum_lines(group.lines)
    if len(group.lines) < 2 or not sums.balanced:
        shown = {"debit": format_amount(sums.debit), "credit": format_amount(sums.credit)}
        message = _("借贷不平衡：借方 %(debit)s，贷方 %(credit)s。") % shown
        group.cells[0].refuse("debit", "voucher_unbalanced", message)


def apply(rows: Sequence[ImportRow], context: ImportContext) -> Applied:
    """Draft all groups at once; when the service refuses one, each by itself, so that the row at fault is named."""
    groups = _groups(rows)
    try:
        with transaction.atomic():
            drafts = [_draft(group, context) for group in groups]
            made = [voucher.pk for voucher in draft_many(drafts=drafts, actor=context.member, at=context.now)]
    except DomainError:
        return _apply_each(groups, context)
    context.progress(len(rows))
    return Applied(created=len(made), undo=made or None)


def _draft(group: Group, context: ImportContext) -> Draft:
    source = Source(kind="import", ref=f"import:{context.job_id}:{group.key}"[:120])
    return Draft(head=Head(**group.head), lines=group.lines, source=source)


def _apply_each(groups: Sequence[Group], context: ImportContext) -> Applied:
    applied, made, done = Applied(), [], 0
    for group in groups:
        try:
            made += draft_many(drafts=[_draft(group, context)], actor=context.member, at=context.now)
        except DomainError as error:
            applied.errors.append(_refusal(group, error))
            applied.skipped.update(group.numbers)
        done += len(group.lines)
        context.progress(done)
    applied.created = len(made)
    applied.undo = [voucher.pk for voucher in made] or None
    return applied


def _refusal(group: Group, error: DomainError) -> RowError:
    """The service's refusal on the row it names, else on the first of the group."""
    spot = next(iter(error.fields), "").split(".")
    index = int(spot[1]) if len(spot) > 2 and spot[1].isdigit() and int(spot[1]) < len(group.cells) else 0
    column = _COLUMN_OF.get(spot[-1], spot[-1])
    row = group.cells[index].row
    return RowError(row.number, column, error.code, error.message, row.get(column))


def undo(made: Any, context: ImportContext) -> None:
    """Delete the drafts again. Raises `voucher_reviewed` or `voucher_posted` once one was signed."""
    existing = Voucher.objects.filter(pk__in=made).order_by("id").values_list("id", flat=True)
    for voucher_id in existing:
        delete_draft(voucher_id=voucher_id, actor=context.member)


VOUCHERS = ImportKind(
    key="finance.vouchers",
    title=gettext_lazy("凭证"),
    columns=COLUMNS,
    check=check,
    apply=apply,
    undo=undo,
    right="finance.prepare",
    view_right="finance.view",
    module="finance",
    list_url="/finance/vouchers/",
)
