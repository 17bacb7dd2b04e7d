"""Lines of the cost steps of the month end: 分配制造费用 and 结转成本."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from apps.finance.domain.amounts import ZERO, allocate, share
from apps.finance.domain.errors import BookkeepingError, gettext_noop
from apps.finance.domain.lines import Line, credit_line, debit_line
from apps.finance.domain.profit_transfer import LeafBalance

OVERHEAD_SUMMARY = "分配制造费用"


@dataclass(frozen=True)
class Share:
    """One receiver of overhead: the combo of the target account and its weight (hours, wages, pieces)."""

    combo: int
    weight: Decimal


def overhead_lines(balances: Iterable[LeafBalance], *, to_account: str, basis: Sequence[Share]) -> list[Line]:
    """to_account debited by weights, each share rounded, the last takes the remainder; every 4101 leaf and
    combo credited with its balance. Nothing to distribute gives no lines.
    """
    rows = sorted((row for row in balances if row.balance), key=lambda row: (row.account, row.combo))
    total = sum((row.balance for row in rows), ZERO)
    if not rows:
        return []
    parts = allocate(total, [receiver.weight for receiver in basis])
    return [
        *(
            debit_line(to_account, OVERHEAD_SUMMARY, part, receiver.combo)
            for receiver, part in zip(basis, parts, strict=True)
            if part
        ),
        *(credit_line(row.account, OVERHEAD_SUMMARY, row.balance, row.combo) for row in rows),
    ]


@dataclass(frozen=True)
class StockMonth:
    """One item of 1405 in the month: opening and debits in quantity and CNY, quantity sold (returns
    negative), and what posted cost vouchers of the month have already taken.
    """

    quantity: Decimal
    amount: Decimal
    sold: Decimal
    done_quantity: Decimal = ZERO
    done_amount: Decimal = ZERO


def cost_of_sales(item: StockMonth) -> Decimal:
    """月末一次加权平均: round(amount × sold / quantity), less what is done; the last unit takes every fen.

    Raises BookkeepingError `stock_quantity_short` when more was sold than there is.
    """
    if item.sold == 0:
        return -item.done_amount
    if item.sold > item.quantity or item.quantity <= 0:
        message = gettext_noop("本月销售 %(sold)s，库存商品只有 %(quantity)s，请先补记入库。")
        raise BookkeepingError("stock_quantity_short", message, sold=f"{item.sold:f}", quantity=f"{item.quantity:f}")
    whole = item.amount if item.sold == item.quantity else share(item.amount, item.sold, item.quantity)
    return whole - item.done_amount
