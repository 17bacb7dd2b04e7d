"""The voucher list as a page asks for it: one search box, a state, more filters; sums of the whole filter."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Sum

from apps.finance.domain.errors import BookkeepingError
from apps.finance.domain.numbers import parse_voucher_number
from apps.finance.domain.periods import Period as Month
from apps.finance.models import Voucher, VoucherLine
from apps.finance.selectors.account_names import AccountName, account_names, matching_ids

PAGE = 50
STATES = tuple(Voucher.State.values)
_BY_ID = re.compile(r"#\s*([0-9]{1,18})")
_AMOUNT = re.compile(r"-?[0-9][0-9,]*(\.[0-9]{1,2})?")


@dataclass(frozen=True, kw_only=True)
class VoucherFilter:
    """What the list is narrowed to; empty parts narrow nothing. `first` and `last` are months."""

    text: str = ""
    state: str = ""
    first: Month | None = None
    last: Month | None = None
    word: str = ""
    account: str = ""
    maker: str = ""
    ids: tuple[int, ...] = ()

    @cached_property
    def matching_accounts(self) -> list[int]:
        """Accounts that the text of the search box means; looked up once for rows and totals."""
        return matching_ids(self.text)


@dataclass(frozen=True)
class Totals:
    """Counts by state of everything but the state filter; count and sum of the whole filter."""

    by_state: dict[str, int] = field(default_factory=dict)
    count: int = 0
    amount: Decimal = Decimal(0)

    @property
    def everything(self) -> int:
        return sum(self.by_state.values())


def vouchers(wanted: VoucherFilter) -> QuerySet[Voucher]:
    """The whole filter, newest first."""
    rows = _narrowed(wanted)
    if wanted.state in STATES:
        rows = rows.filter(state=wanted.state)
    return rows.order_by("-date", "-id")


def _narrowed(wanted: VoucherFilter) -> QuerySet[Voucher]:
    rows = Voucher.objects.all()
    if wanted.first:
        rows = rows.filter(date__gte=wanted.first.first_day)
    if wanted.last:
        rows = rows.filter(date__lte=wanted.last.last_day)
    if wanted.word:
        rows = rows.filter(word=wanted.word)
    if wanted.maker:
        rows = rows.filter(prepared_by_name__icontains=wanted.maker)
    if wanted.account:
        rows = rows.filter(_has_line(account__code__startswith=wanted.account))
    if wanted.ids:
        rows = rows.filter(pk__in=wanted.ids)
    return rows.filter(_says(wanted)) if wanted.text else rows


def _has_line(**wanted: Any) -> Exists:
    return Exists(VoucherLine.objects.filter(voucher=OuterRef("pk"), **wanted))


def _says(wanted: VoucherFilter) -> Q:
    """摘要、凭证号、金额、科目或拼音: what the search box may hold."""
    folded = unicodedata.normalize("NFKC", wanted.text).strip()[:100]
    by_id = _BY_ID.fullmatch(folded)
    if by_id:
        return Q(pk=int(by_id[1]))
    try:
        word, number = parse_voucher_number(folded)
    except BookkeepingError:
        pass
    else:
        return Q(word=word, no=number)
    found = Q(_has_line(summary__icontains=folded))
    if wanted.matching_accounts:
        found |= Q(_has_line(account_id__in=wanted.matching_accounts))
    return found | _amount(folded)


def _amount(text: str) -> Q:
    if not _AMOUNT.fullmatch(text):
        return Q()
    try:
        amount = Decimal(text.replace(",", ""))
    except InvalidOperation:
        return Q()
    if abs(amount) >= Decimal(10) ** 16:
        return Q()
    sides = Q(total=amount) | Q(_has_line(debit=amount)) | Q(_has_line(credit=amount))
    return sides | Q(no=int(amount)) if amount == int(amount) and 0 < amount < 10**9 else sides


def totals(wanted: VoucherFilter) -> Totals:
    """Counts and the sum in one query."""
    rows = _narrowed(wanted).order_by().values("state").annotate(n=Count("id"), amount=Sum("total"))
    by_state = {state: 0 for state in STATES}
    sums = {state: Decimal(0) for state in STATES}
    for row in rows:
        by_state[row["state"]], sums[row["state"]] = row["n"], row["amount"]
    chosen = [wanted.state] if wanted.state in STATES else list(STATES)
    return Totals(by_state, sum(by_state[one] for one in chosen), sum((sums[one] for one in chosen), Decimal(0)))


def sum_of(ids: Iterable[int]) -> dict[str, tuple[int, Decimal]]:
    """{state: (count, sum)} of chosen vouchers, for the dialog before posting."""
    rows = Voucher.objects.filter(pk__in=list(ids)).order_by().values("state").annotate(n=Count("id"), s=Sum("total"))
    return {row["state"]: (row["n"], row["s"]) for row in rows}


@dataclass(frozen=True)
class ListedVoucher:
    """A row of the list: the voucher, its first summary, and the first account of each side."""

    voucher: Voucher
    summary: str
    debit: str
    credit: str


class ShortLine(NamedTuple):
    """What the list needs of a line."""

    voucher_id: int
    account_id: int
    summary: str
    debit: Decimal
    credit: Decimal


def listed(rows: Sequence[Voucher]) -> list[ListedVoucher]:
    """Rows of a page ready to print; two queries whatever their number."""
    names = account_names()
    by_voucher: dict[int, list[ShortLine]] = {}
    lines = VoucherLine.objects.filter(voucher_id__in=[row.pk for row in rows]).order_by("voucher_id", "seq")
    for pk, account_id, summary, debit, credit in lines.values_list(*ShortLine._fields):
        by_voucher.setdefault(pk, []).append(ShortLine(pk, account_id, summary, debit, credit))
    return [_listed(row, by_voucher.get(row.pk, []), names) for row in rows]


def _listed(row: Voucher, lines: list[ShortLine], names: dict[int, AccountName]) -> ListedVoucher:
    debit = next((names[line.account_id].name for line in lines if line.debit), "")
    credit = next((names[line.account_id].name for line in lines if line.credit), "")
    return ListedVoucher(row, lines[0].summary if lines else "", debit, credit)


def with_lines(rows: QuerySet[Voucher]) -> QuerySet[Voucher]:
    """Vouchers with their lines, accounts, combos and cash-flow tags, ready for detail and print."""
    lines = VoucherLine.objects.select_related("account", "combo", "cash_flow_tag").order_by("seq")
    return rows.prefetch_related(Prefetch("lines", queryset=lines))


def waiting_for(state: str) -> int:
    """How many vouchers stand in `state`; the badge of the menu."""
    return Voucher.objects.filter(state=state).count()


def last_date_before(day: date) -> date | None:
    """Date of the newest voucher up to `day`, so that entry goes on where it stopped."""
    return Voucher.objects.filter(date__lte=day).order_by("-date").values_list("date", flat=True).first()
