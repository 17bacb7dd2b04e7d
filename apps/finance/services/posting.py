"""记账: a reviewed voucher enters the books, once and for good."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from apps.finance.domain.amounts import ZERO, sum_lines
from apps.finance.domain.cashflow import amount_of
from apps.finance.domain.chain import ChainLine
from apps.finance.events import VoucherPosted
from apps.finance.models import Book, Period, Voucher
from apps.finance.services.chain import COVERED, link
from apps.finance.services.locks import check_still_in, lock_voucher, share_period_of, started_book
from apps.finance.services.refusals import period_closed, refused
from apps.finance.services.signing import in_voucher_order, review
from apps.finance.services.vouchers import posted_is_final
from kernel import audit
from kernel.errors import DomainError
from kernel.events import publish
from tenants.rights import Member

# KEY SHARE keeps the first child from being hung under one of these accounts until we are done.
_LINES = f"""
SELECT l.account_id, a.name, a.is_leaf, a.is_active, a.cash_kind, l.combo_id, t.line, {COVERED}
  FROM finance_voucherline l
  JOIN finance_ledgeraccount a ON a.id = l.account_id
  JOIN finance_auxcombo c ON c.id = l.combo_id
  LEFT JOIN finance_cashflowtag t ON t.voucher_line_id = l.id
 WHERE l.voucher_id = %s ORDER BY l.seq FOR KEY SHARE OF a
"""  # noqa: S608  # literals of our own files
_AMOUNTS = (
    "debit", "credit", "closing_debit", "closing_credit", "fc_debit", "fc_credit", "qty_in", "qty_out", "n",
)  # fmt: skip
_KEYS = ("period_id", "account_id", "combo_id", "currency")


@dataclass(frozen=True)
class PostableLine:
    """A line as posting needs it; `line` is what the chain covers."""

    account_id: int
    account_name: str
    is_leaf: bool
    is_active: bool
    cash_kind: str
    combo_id: int
    tag: int | None
    line: ChainLine

    @property
    def currency(self) -> str:
        return self.line.currency or ""


@transaction.atomic
def post(*, voucher_id: int, actor: Member, at: datetime) -> Voucher:
    """Give a reviewed voucher its number and its place in the chain and balances. Publishes VoucherPosted.

    Raises NotFound, `book_not_started`, `voucher_posted`, `voucher_not_reviewed`, `period_closed`,
    `account_inactive`, `account_not_leaf`, `cashier_must_sign`; nothing is left behind, not even a gap.
    """
    book = started_book()
    period = share_period_of(voucher_id)
    voucher = lock_voucher(voucher_id)
    _check_ready(voucher, period)
    lines = _read_lines(voucher_id)
    _check_lines(book, voucher, lines)
    _check_balance(voucher, lines)
    _add_to_balances(voucher, lines)
    _add_to_cash_flow(voucher, lines)
    # Told before the chain is entered: everybody who posts waits for the head from there to the commit.
    publish(
        VoucherPosted(
            voucher_id=voucher.pk, period=str(period), posted_on=voucher.date.isoformat(), posted_at=at.isoformat()
        )
    )
    _enter_chain(voucher, period, lines, actor, at)
    audit.record(actor=actor, action="voucher.post", object=f"voucher:{voucher.pk}", label=str(voucher))
    return voucher


def _read_lines(voucher_id: int) -> list[PostableLine]:
    with connection.cursor() as cursor:
        cursor.execute(_LINES, [voucher_id])
        return [_postable(*row) for row in cursor.fetchall()]


def _postable(
    account_id: int,
    name: str,
    is_leaf: bool,
    is_active: bool,
    cash_kind: str,
    combo_id: int,
    tag: int | None,
    *covered: Any,
) -> PostableLine:
    return PostableLine(account_id, name, is_leaf, is_active, cash_kind, combo_id, tag, ChainLine(*covered))


def _check_ready(voucher: Voucher, period: Period) -> None:
    if voucher.is_posted:
        raise posted_is_final(voucher)
    if voucher.state != Voucher.State.REVIEWED:
        raise refused("voucher_not_reviewed", _("%(voucher)s还没有审核，审核后才能记账。") % {"voucher": voucher})
    check_still_in(voucher, period)
    if period.is_closed:
        raise period_closed(str(period))


def _check_lines(book: Book, voucher: Voucher, lines: Sequence[PostableLine]) -> None:
    for index, line in enumerate(lines):
        shown, spot = f"{line.line.account} {line.account_name}", f"lines.{index}.account"
        if not line.is_leaf:
            message = _("科目 %(account)s 有下级科目，请先取消审核并改用末级科目。") % {"account": shown}
            raise refused("account_not_leaf", message, spot)
        if not line.is_active:
            message = _("科目 %(account)s 已停用，请先取消审核并换一个科目。") % {"account": shown}
            raise refused("account_inactive", message, spot)
    touches_cash = any(line.cash_kind in ("cash", "bank") for line in lines)
    if book.cashier_sign and touches_cash and voucher.cashier_signed_at is None:
        raise refused("cashier_must_sign", _("%(voucher)s涉及现金或银行存款，请出纳先签字。") % {"voucher": voucher})


def _add_to_balances(voucher: Voucher, lines: Iterable[PostableLine]) -> None:
    """Upsert the movements, keys sorted, so that two posts never wait for each other in a circle."""
    sums: dict[tuple[int, int, str], list[Decimal | int]] = {}
    closing = voucher.kind == Voucher.Kind.CLOSING
    for line in lines:
        key = (line.account_id, line.combo_id, line.currency)
        amounts = _movement(line.line, closing=closing)
        known = sums.get(key)
        sums[key] = amounts if known is None else [left + right for left, right in zip(known, amounts, strict=True)]
    rows = [[voucher.period_id, *key, *sums[key]] for key in sorted(sums)]
    upsert("finance_periodbalance", _KEYS, _AMOUNTS, rows)


def _movement(line: ChainLine, *, closing: bool) -> list[Decimal | int]:
    fc, quantity = line.fc_amount or ZERO, line.quantity or ZERO
    on_debit = bool(line.debit)
    return [
        line.debit,
        line.credit,
        line.debit if closing else ZERO,
        line.credit if closing else ZERO,
        fc if on_debit else ZERO,
        ZERO if on_debit else fc,
        quantity if on_debit else ZERO,
        ZERO if on_debit else quantity,
        1,
    ]


def upsert(table: str, keys: Sequence[str], amounts: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """INSERT rows whose `amounts` are added to what stands under the same `keys`; table and column names are ours."""
    if not rows:
        return
    names = ", ".join([*keys, *amounts])
    values = ", ".join("(" + ", ".join(["%s"] * (len(keys) + len(amounts))) + ")" for _row in rows)
    added = ", ".join(f"{name} = {table}.{name} + EXCLUDED.{name}" for name in amounts)
    statement = (
        f"INSERT INTO {table} ({names}) VALUES {values} "  # noqa: S608  # names are literals of this file
        f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {added}"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [value for row in rows for value in row])


def _add_to_cash_flow(voucher: Voucher, lines: Iterable[PostableLine]) -> None:
    sums: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for line in lines:
        if line.tag is not None:
            sums[line.tag] += amount_of(line.tag, line.line.debit, line.line.credit)
    add_cash_flow(voucher.period_id, sums)


def add_cash_flow(period_id: int, amounts: dict[int, Decimal]) -> None:
    """Add amounts to the form lines of a period, sorted."""
    rows = [[period_id, line, amounts[line]] for line in sorted(amounts)]
    upsert("finance_cashflowbalance", ("period_id", "line"), ("amount",), rows)


def _check_balance(voucher: Voucher, lines: Sequence[PostableLine]) -> None:
    """Nobody can change the lines any more. The trigger proves the same at COMMIT, too late to be put into words."""
    sums = sum_lines([line.line for line in lines])
    if len(lines) < 2 or not sums.balanced or sums.debit != voucher.total:
        raise refused("voucher_unbalanced", _("%(voucher)s借贷不平衡，没有记账。") % {"voucher": voucher})


# One round trip each: from the first statement to the commit everybody else who posts waits. The head is locked before
# the number is taken, because the counter's row is made of it.
_TAKE_PLACE = """
WITH head AS MATERIALIZED (SELECT hash, length FROM finance_chainhead FOR UPDATE),
     counter AS (INSERT INTO finance_numbercounter (period_id, word, last_no) SELECT %s, %s, 1 FROM head
                 ON CONFLICT (period_id, word) DO UPDATE SET last_no = finance_numbercounter.last_no + 1
                 RETURNING last_no)
SELECT head.hash, head.length + 1, counter.last_no FROM head, counter
"""
_ENTER = """
WITH entered AS (
    UPDATE finance_voucher SET no = %(no)s, state = 'posted', posted_by_id = %(by)s, posted_by_name = %(name)s,
           posted_at = %(at)s, previous_hash = %(previous)s, chain_no = %(place)s, hash = %(hash)s,
           version = %(version)s
     WHERE id = %(voucher)s RETURNING hash, chain_no)
UPDATE finance_chainhead SET hash = entered.hash, length = entered.chain_no FROM entered
"""


def _enter_chain(voucher: Voucher, period: Period, lines: Sequence[PostableLine], actor: Member, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_PLACE, [voucher.period_id, voucher.word])
        voucher.previous_hash, voucher.chain_no, voucher.no = cursor.fetchone()
        voucher.state, voucher.version = Voucher.State.POSTED, voucher.version + 1
        voucher.posted_by_id, voucher.posted_by_name, voucher.posted_at = actor.user_id, actor.name, at
        voucher.hash = link(voucher.previous_hash, voucher, str(period), [line.line for line in lines])
        cursor.execute(
            _ENTER,
            {
                "no": voucher.no, "by": actor.user_id, "name": actor.name, "at": at, "voucher": voucher.pk,
                "previous": voucher.previous_hash, "place": voucher.chain_no, "hash": voucher.hash,
                "version": voucher.version,
            },
        )  # fmt: skip


@dataclass(frozen=True)
class BatchResult:
    """What a batch did: vouchers done in order, and (id, refusal) of those that stayed as they were."""

    done: tuple[Voucher, ...]
    refused: tuple[tuple[int, DomainError], ...]


def post_many(*, voucher_ids: Sequence[int], actor: Member, at: datetime) -> BatchResult:
    """Post each in its own transaction, by date and id, so that numbers follow dates."""
    return _each(voucher_ids, lambda voucher_id: post(voucher_id=voucher_id, actor=actor, at=at))


def review_many(*, voucher_ids: Sequence[int], actor: Member, at: datetime) -> BatchResult:
    """Review each in its own transaction, by date and id."""
    return _each(voucher_ids, lambda voucher_id: review(voucher_id=voucher_id, actor=actor, at=at))


def _each(voucher_ids: Sequence[int], act: Callable[[int], Voucher]) -> BatchResult:
    done: list[Voucher] = []
    refusals: list[tuple[int, DomainError]] = []
    for voucher_id in in_voucher_order(voucher_ids):
        try:
            done.append(act(voucher_id))
        except DomainError as error:
            refusals.append((voucher_id, error))
    return BatchResult(tuple(done), tuple(refusals))
