"""Vouchers as lists and pages show them: lines, accounts, combos, tags and links read in a handful of queries."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Case, IntegerField, Prefetch, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from apps.finance.domain.periods import Period as Month
from apps.finance.models import Book, Voucher, VoucherLine
from kernel.errors import NotFound


@dataclass(frozen=True, kw_only=True)
class VoucherFilter:
    """What a list may be narrowed by; None = not asked for.

    `account` is a code prefix, `amount` the debit or credit of a line or the voucher's total, `search` a part of a
    summary, `combos` aux combos that a line may carry; the last four must hold for one and the same line.
    """

    period: Month | None = None
    since: date | None = None
    until: date | None = None
    word: str | None = None
    no: int | None = None
    state: str | None = None
    kind: str | None = None
    source: str | None = None
    account: str | None = None
    amount: Decimal | None = None
    search: str | None = None
    combos: Collection[int] | None = None


def listed(wanted: VoucherFilter, *, words: list[str]) -> QuerySet[Voucher]:
    """Vouchers by period, word (book order), number (drafts last), id, ready to print."""
    rank = Case(
        *[When(word=word, then=Value(place)) for place, word in enumerate(words)],
        default=Value(len(words)),
        output_field=IntegerField(),
    )
    rows = with_lines(_narrowed(wanted)).annotate(rank=rank)
    return rows.order_by("period__index", "rank", "word", "no", "id")


def with_lines(rows: QuerySet[Voucher]) -> QuerySet[Voucher]:
    """All that a voucher shows: period, lines with account, combo and tag, and what reverses it."""
    lines = VoucherLine.objects.select_related("account", "combo", "cash_flow_tag").order_by("seq")
    reversals = Voucher.objects.only("id", "reverses_id").order_by("id")
    return rows.select_related("period").prefetch_related(
        Prefetch("lines", queryset=lines), Prefetch("reversals", queryset=reversals)
    )


def _narrowed(wanted: VoucherFilter) -> QuerySet[Voucher]:
    conditions = {
        "period__index": wanted.period.index if wanted.period else None,
        "date__gte": wanted.since,
        "date__lte": wanted.until,
        "word": wanted.word,
        "no": wanted.no,
        "state": wanted.state,
        "kind": wanted.kind,
    }
    rows = Voucher.objects.filter(**{name: value for name, value in conditions.items() if value is not None})
    if wanted.source is not None:
        rows = rows.filter(Q(source_kind=wanted.source) | Q(source_ref=wanted.source))
    lines = _line_condition(wanted)
    if lines is not None:
        rows = rows.filter(pk__in=VoucherLine.objects.filter(lines).values("voucher_id"))
    return rows


def _line_condition(wanted: VoucherFilter) -> Q | None:
    conditions = []
    if wanted.account is not None:
        conditions.append(Q(account__code__startswith=wanted.account))
    if wanted.amount is not None:
        conditions.append(Q(debit=wanted.amount) | Q(credit=wanted.amount) | Q(voucher__total=wanted.amount))
    if wanted.search is not None:
        conditions.append(Q(summary__icontains=wanted.search))
    if wanted.combos is not None:
        conditions.append(Q(combo_id__in=list(wanted.combos)))
    if not conditions:
        return None
    found = conditions[0]
    for condition in conditions[1:]:
        found &= condition
    return found


def detail(voucher_id: int) -> Voucher:
    """One voucher with all it shows. Raises NotFound."""
    found = with_lines(Voucher.objects.filter(pk=voucher_id)).first()
    if found is None:
        raise NotFound(_("找不到这张凭证，请刷新列表。"))
    return found


def details(voucher_ids: Collection[int]) -> list[Voucher]:
    """Vouchers with all they show, in the order of the ids; unknown ones are left out."""
    found = {voucher.pk: voucher for voucher in with_lines(Voucher.objects.filter(pk__in=voucher_ids))}
    return [found[voucher_id] for voucher_id in voucher_ids if voucher_id in found]


def words_of(book: Book | None) -> list[str]:
    """Words in book order; none before the book is set up."""
    return list(book.voucher_words) if book else []
