"""记账: a reviewed voucher enters the books, once and for good."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import connection, transaction
from django.utils.translation import gettext as _

from apps.finance.domain.amounts import ZERO, sum_lines
from apps.finance.domain.cashflow import amount_of
from apps.finance.domain.chain import ChainLine, link_hash
from apps.finance.events import VoucherPosted
from apps.finance.models import Period, Voucher
from apps.finance.services.chain import text_around_number
from apps.finance.services.locks import Postable, check_still_in, lock_to_post
from apps.finance.services.refusals import period_closed, refused
from apps.finance.services.signing import in_voucher_order, review
from apps.finance.services.vouchers import posted_is_final
from kernel import audit
from kernel.errors import DomainError
from kernel.events import Along, publish
from tenants.db.prepared import Prepared
from tenants.rights import Member

_LINES = Prepared("SELECT * FROM finance_lines_to_post(%s)")


@dataclass(frozen=True)
class PostableLine:
    """A line as posting needs it; `line` is what the chain covers."""

    account_name: str
    is_leaf: bool
    is_active: bool
    cash_kind: str
    tag: int | None
    line: ChainLine


@transaction.atomic
def post(*, voucher_id: int, actor: Member, at: datetime) -> Voucher:
    """Give a reviewed voucher its number and its place in the chain and balances. Publishes VoucherPosted.

    Raises NotFound, `book_not_started`, `voucher_posted`, `voucher_not_reviewed`, `period_closed`,
    `account_inactive`, `account_not_leaf`, `cashier_must_sign`; nothing is left behind, not even a gap.
    """
    postable = lock_to_post(voucher_id)
    voucher, period = postable.voucher, postable.period
    _check_ready(voucher, period)
    lines = _read_lines(voucher_id)
    _check_lines(voucher, lines, cashier_sign=postable.cashier_sign)
    _check_balance(voucher, lines)
    voucher.posted_by_id, voucher.posted_by_name, voucher.posted_at = actor.user_id, actor.name, at
    _into_the_books(postable, lines, actor)
    return voucher


def _read_lines(voucher_id: int) -> list[PostableLine]:
    """The lines in order; their accounts are held, so that none gets its first child until we are done."""
    with connection.cursor() as cursor:
        cursor.execute(_LINES, [voucher_id])
        return [
            PostableLine(name, is_leaf, is_active, cash_kind, tag, ChainLine(*covered))
            for name, is_leaf, is_active, cash_kind, tag, *covered in cursor.fetchall()
        ]


def _check_ready(voucher: Voucher, period: Period) -> None:
    if voucher.is_posted:
        raise posted_is_final(voucher)
    if voucher.state != Voucher.State.REVIEWED:
        raise refused("voucher_not_reviewed", _("%(voucher)s还没有审核，审核后才能记账。") % {"voucher": voucher})
    check_still_in(voucher, period)
    if period.is_closed:
        raise period_closed(str(period))


def _check_lines(voucher: Voucher, lines: Sequence[PostableLine], *, cashier_sign: bool) -> None:
    for index, line in enumerate(lines):
        shown, spot = f"{line.line.account} {line.account_name}", f"lines.{index}.account"
        if not line.is_leaf:
            message = _("科目 %(account)s 有下级科目，请先取消审核并改用末级科目。") % {"account": shown}
            raise refused("account_not_leaf", message, spot)
        if not line.is_active:
            message = _("科目 %(account)s 已停用，请先取消审核并换一个科目。") % {"account": shown}
            raise refused("account_inactive", message, spot)
    touches_cash = any(line.cash_kind in ("cash", "bank") for line in lines)
    if cashier_sign and touches_cash and voucher.cashier_signed_at is None:
        raise refused("cashier_must_sign", _("%(voucher)s涉及现金或银行存款，请出纳先签字。") % {"voucher": voucher})


def _check_balance(voucher: Voucher, lines: Sequence[PostableLine]) -> None:
    """Nobody can change the lines any more. The trigger proves the same at COMMIT, too late to be put into words."""
    sums = sum_lines([line.line for line in lines])
    if len(lines) < 2 or not sums.balanced or sums.debit != voucher.total:
        raise refused("voucher_unbalanced", _("%(voucher)s借贷不平衡，没有记账。") % {"voucher": voucher})


_INTO_THE_BOOKS = """
SELECT row_to_json(b) AS value
  FROM finance_into_the_books(%s, %s::integer[], %s::numeric[], %s, %s, %s, %s, %s) AS b
"""
_ITS_NUMBER = "SELECT value->>'no' FROM books"


def _into_the_books(postable: Postable, lines: Sequence[PostableLine], actor: Member) -> None:
    """Balances, place in the chain, number and hash (migration 0004), the fact and the log, in one statement.

    It is the last one: everybody who posts waits for the balances and the head until our commit.
    """
    voucher, cash = postable.voucher, _cash_flow(lines)
    before, behind = text_around_number(
        voucher, str(postable.period), postable.reversed_hash, [line.line for line in lines]
    )
    signed = (voucher.posted_by_id, voucher.posted_by_name, voucher.posted_at)
    entered = (voucher.pk, list(cash), list(cash.values()), before, behind, *signed)
    logged = audit.along(
        actor=actor, action="voucher.post", object=f"voucher:{voucher.pk}", label=f"{voucher.word}-", answer=_ITS_NUMBER
    )
    books = publish(_posted(voucher, postable.period), along=[Along(_INTO_THE_BOOKS, entered, "books"), logged])[
        "books"
    ]
    voucher.no, voucher.chain_no, voucher.previous_hash, voucher.hash = books.values()
    if voucher.hash != link_hash(voucher.previous_hash, before, voucher.no, behind):
        raise RuntimeError(f"voucher {voucher.pk}: the database hashes otherwise than we do")
    voucher.state, voucher.version = Voucher.State.POSTED, voucher.version + 1


def _posted(voucher: Voucher, period: Period) -> VoucherPosted:
    assert voucher.posted_at is not None  # noqa: S101  # signed just before
    return VoucherPosted(
        voucher_id=voucher.pk, period=str(period), posted_on=voucher.date.isoformat(),
        posted_at=voucher.posted_at.isoformat(),
    )  # fmt: skip


def _cash_flow(lines: Iterable[PostableLine]) -> dict[int, Decimal]:
    sums: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for line in lines:
        if line.tag is not None:
            sums[line.tag] += amount_of(line.tag, line.line.debit, line.line.credit)
    return sums


_ADD_CASH_FLOW = """
INSERT INTO finance_cashflowbalance AS f (period_id, line, amount)
SELECT %s, c.line, c.amount FROM unnest(%s::integer[], %s::numeric[]) AS c(line, amount) ORDER BY c.line
ON CONFLICT (period_id, line) DO UPDATE SET amount = f.amount + excluded.amount
"""


def add_cash_flow(period_id: int, amounts: Mapping[int, Decimal]) -> None:
    """Add amounts to the form lines of a period, sorted."""
    with connection.cursor() as cursor:
        cursor.execute(_ADD_CASH_FLOW, [period_id, list(amounts), list(amounts.values())])


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
