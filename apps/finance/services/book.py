"""The book itself: set up from the shipped chart, altered, started; and the taxpayer's kind."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.finance.domain.account_codes import DEFAULT_LENGTHS, CodeRule
from apps.finance.domain.catalogue import tax_rules
from apps.finance.domain.periods import Period as Month
from apps.finance.domain.periods import Span, initial_periods
from apps.finance.events import BookStarted
from apps.finance.models import Book, ChainHead, Period, TaxpayerKind, TaxRule
from apps.finance.services.chart import load_chart, load_general_vat
from apps.finance.services.dimensions import seed_dimensions
from apps.finance.services.ledger import account_balance
from apps.finance.services.locks import check_version
from apps.finance.services.opening import opening_totals
from apps.finance.services.refusals import (
    book_not_started,
    bookkeeping,
    period_closed,
    raise_fields,
    refused,
)
from apps.finance.services.standard_rules import load_standard_rules
from kernel import audit
from kernel.events import publish
from tenants.rights import Member

STANDARD = "small_enterprise"
_WORD = re.compile(r"[^\s\-0-9]{1,8}")
_TAX_ID = re.compile(r"[0-9A-Z]{15,20}")
_FILING = {TaxpayerKind.Kind.SMALL_SCALE: "quarter", TaxpayerKind.Kind.GENERAL: "month"}


@dataclass(frozen=True, kw_only=True)
class BookSetup:
    """What the owner answers when the book is set up; start_period as `2026-01`.

    `payable_details`: 2202 is divided into what is invoiced (220201) and what is estimated (220202).
    """

    company_name: str
    tax_id: str
    taxpayer_kind: str
    start_period: str
    standard: str = STANDARD
    voucher_words: Sequence[str] = ("记",)
    closing_word: str | None = None
    code_lengths: Sequence[int] = field(default=DEFAULT_LENGTHS)
    payable_details: bool = False


@transaction.atomic
def set_up_book(*, setup: BookSetup, actor: Member, at: datetime) -> Book:
    """Make the book with chart, periods, tax rules and dimensions, ready for opening balances.

    Periods run from the first to December of the next year; small-scale taxpayers file VAT by quarter, general ones by
    month. Raises `invalid`, `book_already_set_up`.
    """
    start, rule = _check_setup(setup)
    book = _create_book(setup, actor, at)
    seed_dimensions()
    load_chart(
        rule=rule, taxpayer_kind=setup.taxpayer_kind, payable_details=setup.payable_details, actor=actor, at=at
    )  # fmt: skip
    make_periods(initial_periods(start))
    _record_kind(setup.taxpayer_kind, start.first_day, None, actor, at)
    _load_tax_rules()
    load_standard_rules(actor=actor, at=at)
    ChainHead.objects.create()
    audit.record(actor=actor, action="book.setup", object="book:1", label=setup.company_name)
    return book


def _check_setup(setup: BookSetup) -> tuple[Month, CodeRule]:
    problems = {}
    if not setup.company_name.strip() or len(setup.company_name) > 120:
        problems["company_name"] = _("请填写单位名称，最多 120 字。")
    if not _TAX_ID.fullmatch(setup.tax_id.strip().upper()):
        problems["tax_id"] = _("纳税人识别号是 15 至 20 位数字和大写字母。")
    if setup.standard != STANDARD:
        problems["standard"] = _("目前支持小企业会计准则（small_enterprise）。")
    if setup.taxpayer_kind not in TaxpayerKind.Kind.values:
        problems["taxpayer_kind"] = _("纳税人身份只能是 small_scale 或 general。")
    problems |= _word_problems(setup.voucher_words, setup.closing_word)
    raise_fields(problems)
    with bookkeeping("start_period"):
        start = Month.parse(setup.start_period)
    with bookkeeping("code_lengths"):
        return start, CodeRule.of(setup.code_lengths)


def _word_problems(words: Sequence[str], closing_word: str | None) -> dict[str, str]:
    if not words or len(set(words)) != len(words) or not all(_WORD.fullmatch(word) for word in words):
        return {"voucher_words": _("凭证字至少一个、不能重复，每个 1 至 8 个字，不含数字、空格和连字符。")}
    if closing_word is not None and closing_word not in words:
        return {"closing_word": _("结转凭证字要在凭证字之中。")}
    return {}


def _create_book(setup: BookSetup, actor: Member, at: datetime) -> Book:
    words = list(setup.voucher_words)
    try:
        with transaction.atomic():
            return Book.objects.create(
                company_name=setup.company_name.strip(), tax_id=setup.tax_id.strip().upper(), standard=STANDARD,
                start_period=setup.start_period, voucher_words=words,
                closing_word=setup.closing_word or ("转" if "转" in words else words[0]),
                code_lengths=list(setup.code_lengths), created_at=at, created_by_id=actor.user_id,
                created_by_name=actor.name,
            )  # fmt: skip
    except IntegrityError as error:
        raise refused("book_already_set_up", _("账套已经建好，不能重复建账。")) from error


def make_periods(span: Span) -> None:
    """Open the months of `span`; those that exist stay as they are."""
    Period.objects.bulk_create(
        [Period(year=month.year, month=month.month, index=month.index) for month in span], ignore_conflicts=True
    )


def _record_kind(kind: str, from_date: date, filing: str | None, actor: Member, at: datetime) -> TaxpayerKind:
    return TaxpayerKind.objects.create(
        kind=kind, from_date=from_date, vat_filing=filing or _FILING[TaxpayerKind.Kind(kind)],
        created_at=at, created_by_id=actor.user_id, created_by_name=actor.name,
    )  # fmt: skip


def _load_tax_rules() -> None:
    TaxRule.objects.bulk_create(
        [
            TaxRule(
                rule=row.rule, applies_to=row.applies_to, label=row.label, value=row.value, comparison=row.comparison,
                valid_from=row.valid_from, valid_to=row.valid_to, scope=row.scope, source=row.source,
            )
            for row in tax_rules()
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def current_book() -> Book:
    """The book, or an unsaved one in state `new` before it is set up."""
    return Book.objects.first() or Book(state=Book.State.NEW, company_name="", tax_id="", start_period="")


def _lock_book() -> Book:
    book = Book.objects.select_for_update().first()
    if book is None:
        raise book_not_started()
    return book


@dataclass(frozen=True, kw_only=True)
class BookChange:
    """Settings to alter; None leaves one as it is. `reason` goes with separate_reviewer=False."""

    separate_reviewer: bool | None = None
    reason: str = ""
    cashier_sign: bool | None = None
    monthly_profit_transfer: bool | None = None
    balance_side: str | None = None
    crossing: str | None = None
    voucher_words: Sequence[str] | None = None


_SETTINGS = (
    "separate_reviewer", "cashier_sign", "monthly_profit_transfer", "balance_side", "crossing", "voucher_words",
)  # fmt: skip


@transaction.atomic
def alter_book(*, change: BookChange, actor: Member, version: int | None = None) -> Book:
    """Change settings; every change is logged (12号 art. 20).

    Raises `invalid` (also: separate_reviewer off without a reason), `book_not_started` before set-up, `stale_version`.
    """
    book = _lock_book()
    check_version(book.version, version)
    _check_change(book, change)
    before = {name: getattr(book, name) for name in _SETTINGS}
    for name in _SETTINGS:
        value = getattr(change, name)
        if value is not None:
            setattr(book, name, list(value) if name == "voucher_words" else value)
    book.version += 1
    book.save()
    changes: dict[str, Any] = audit.difference(before, {name: getattr(book, name) for name in _SETTINGS})
    if change.reason.strip():
        changes["reason"] = [None, change.reason.strip()[:200]]
    audit.record(actor=actor, action="book.alter", object="book:1", label=book.company_name, changes=changes)
    return book


def _check_change(book: Book, change: BookChange) -> None:
    problems = {}
    if change.separate_reviewer is False and book.separate_reviewer and not change.reason.strip():
        problems["reason"] = _("关闭“制单与审核分开”要写明理由，理由会记入日志。")
    if change.balance_side is not None and change.balance_side not in Book.BalanceSide.values:
        problems["balance_side"] = _("余额方向只能是 actual 或 account。")
    if change.crossing is not None and change.crossing not in Book.Crossing.values:
        problems["crossing"] = _("往来重分类只能是 account 或 partner。")
    if change.voucher_words is not None:
        problems |= _word_problems(change.voucher_words, None)
        if book.closing_word not in change.voucher_words:
            problems.setdefault("voucher_words", _("凭证字中要保留结转用的“%(word)s”。") % {"word": book.closing_word})
    raise_fields(problems)


@transaction.atomic
def start_book(*, actor: Member) -> Book:
    """Put the book in use: opening balances are fixed from here on. Publishes BookStarted.

    Raises `book_not_started` before set-up, `book_started`, `opening_unbalanced` (closing and year-begin must tie).
    """
    book = _lock_book()
    if book.is_started:
        raise refused("book_started", _("账套已经启用。"))
    totals = opening_totals()
    if not totals.balanced:
        message = _("期初不平衡：借方 %(debit)s，贷方 %(credit)s；年初借方 %(begin_debit)s，贷方 %(begin_credit)s。")
        shown = {
            "debit": totals.debit, "credit": totals.credit,
            "begin_debit": totals.year_begin_debit, "begin_credit": totals.year_begin_credit,
        }  # fmt: skip
        raise refused("opening_unbalanced", message % shown)
    book.state = Book.State.STARTED
    book.version += 1
    book.save(update_fields=["state", "version"])
    audit.record(actor=actor, action="book.start", object="book:1", label=book.company_name)
    publish(BookStarted(start_period=book.start_period))
    return book


@transaction.atomic
def change_taxpayer_kind(
    *, kind: str, from_date: date, actor: Member, at: datetime, vat_filing: str | None = None
) -> TaxpayerKind:
    """Record the taxpayer's kind from the first of a month on; a new general taxpayer gets the VAT columns.

    Raises `invalid`, `no_way_back` (general to small_scale), `period_closed`, `account_has_balance` (222101 must be
    zero before it is divided), `book_not_started` before set-up.
    """
    book = _lock_book()
    latest = TaxpayerKind.objects.order_by("-from_date").first()
    _check_kind(kind, from_date, vat_filing, latest)
    month = Month.of(from_date)
    if Period.objects.filter(index=month.index, state=Period.State.CLOSED).exists():
        raise period_closed(str(month))
    if kind == TaxpayerKind.Kind.GENERAL and latest is not None and latest.kind != kind:
        _divide_vat(book, actor, at)
    made = _record_kind(kind, from_date, vat_filing, actor, at)
    label = f"{made.get_kind_display()} {from_date}"
    audit.record(actor=actor, action="book.taxpayer_kind", object="book:1", label=label)
    return made


def _check_kind(kind: str, from_date: date, filing: str | None, latest: TaxpayerKind | None) -> None:
    problems = {}
    if kind not in TaxpayerKind.Kind.values:
        problems["kind"] = _("纳税人身份只能是 small_scale 或 general。")
    if from_date.day != 1:
        problems["from"] = _("身份从某月 1 日起变更。")
    if filing is not None and filing not in TaxpayerKind.Filing.values:
        problems["vat_filing"] = _("纳税期只能是 month 或 quarter。")
    if latest is not None and from_date <= latest.from_date:
        problems.setdefault("from", _("要晚于现行身份的起始日 %(day)s。") % {"day": latest.from_date})
    no_return = latest is not None and latest.kind == TaxpayerKind.Kind.GENERAL
    if no_return and kind == TaxpayerKind.Kind.SMALL_SCALE:
        raise refused("no_way_back", _("一般纳税人不能转回小规模纳税人。"), "kind")
    raise_fields(problems)


def _divide_vat(book: Book, actor: Member, at: datetime) -> None:
    rule = book.code_rule
    code = rule.widen("222101")
    if account_balance(code):
        message = _("%(code)s 应交增值税还有余额，请先转到未交增值税，再登记为一般纳税人。") % {"code": code}
        raise refused("account_has_balance", message)
    load_general_vat(rule=rule, actor=actor, at=at)
