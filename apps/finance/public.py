"""What the floors above may ask of the books; no model instance leaves."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from apps.finance.models import Book, Period, Voucher


@dataclass(frozen=True, kw_only=True)
class VoucherLineView:
    """One line: account and dimension values by code, amounts in CNY."""

    seq: int
    summary: str
    account: str
    aux: str
    debit: Decimal
    credit: Decimal


@dataclass(frozen=True, kw_only=True)
class VoucherView:
    """A voucher; `number` is None before posting, `source_ref` names what it was drafted from."""

    id: int
    number: str | None
    word: str
    no: int | None
    period: str
    date: date
    state: str
    kind: str
    total: Decimal
    source_kind: str
    source_ref: str
    lines: tuple[VoucherLineView, ...]


def get_voucher(voucher_id: int) -> VoucherView:
    """One voucher with its lines; an unknown id is a bug, so DoesNotExist is let through."""
    voucher = Voucher.objects.select_related("period").get(pk=voucher_id)
    rows = voucher.lines.select_related("account", "combo").order_by("seq")
    return VoucherView(
        id=voucher.pk,
        number=voucher.number,
        word=voucher.word,
        no=voucher.no,
        period=str(voucher.period),
        date=voucher.date,
        state=voucher.state,
        kind=voucher.kind,
        total=voucher.total,
        source_kind=voucher.source_kind,
        source_ref=voucher.source_ref,
        lines=tuple(
            VoucherLineView(
                seq=row.seq, summary=row.summary, account=row.account.code, aux=row.combo.key,
                debit=row.debit, credit=row.credit,
            )
            for row in rows
        ),
    )  # fmt: skip


def is_started() -> bool:
    """Are the books in use?"""
    return Book.objects.filter(state=Book.State.STARTED).exists()


def is_closed(on: date) -> bool | None:
    """Is the month of `on` closed? None when the book has no such month."""
    state = Period.objects.filter(year=on.year, month=on.month).values_list("state", flat=True).first()
    return None if state is None else state == Period.State.CLOSED


def last_closed_period() -> str | None:
    """`2026-01`, or None while nothing is closed."""
    closed = Period.objects.filter(state=Period.State.CLOSED).order_by("-index").first()
    return str(closed) if closed else None


def posted_count(start: date, end: date) -> int:
    """How many vouchers dated `start` to `end`, both included, are posted."""
    return Voucher.objects.filter(state=Voucher.State.POSTED, date__range=(start, end)).count()
