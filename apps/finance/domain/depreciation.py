"""折旧与摊销 (准则 art. 29–31, 41, 44): the schedule of a card and the voucher of a month."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from apps.finance.domain.amounts import ZERO, divide, share
from apps.finance.domain.errors import BookkeepingError, gettext_noop
from apps.finance.domain.lines import Line, credit_line, debit_line
from apps.finance.domain.periods import Period

METHODS = ("straight_line", "double_declining", "sum_of_years")
SUMMARIES = {"fixed": "计提折旧", "intangible": "摊销无形资产", "deferred": "摊销长期待摊费用"}


@dataclass(frozen=True)
class Asset:
    """What the arithmetic reads of an asset card; money in CNY, life in months, periods are months.

    `kind` fixed, intangible or deferred. `opening_accumulated` was charged before `book_start` in other
    books.
    """

    kind: str
    cost: Decimal
    salvage: Decimal
    life_months: int
    method: str
    in_service: Period
    disposed: Period | None = None
    opening_accumulated: Decimal = ZERO
    book_start: Period | None = None

    @property
    def first_charge(self) -> Period:
        """Fixed and deferred start the month after, intangible the same month (准则 art. 31, 41, 44)."""
        return self.in_service if self.kind == "intangible" else self.in_service + 1

    @property
    def base(self) -> Decimal:
        """应计折旧额: cost less salvage."""
        return self.cost - self.salvage


@dataclass(frozen=True)
class ScheduleRow:
    """Charge of one month, what is accumulated after it and the carrying amount."""

    period: Period
    amount: Decimal
    accumulated: Decimal
    carrying: Decimal


def check_asset(asset: Asset) -> None:
    """Refuse impossible cards with `invalid`: salvage at or above cost, no life, part years where years
    count.
    """
    if not ZERO <= asset.salvage < asset.cost:
        raise BookkeepingError("invalid", gettext_noop("预计净残值不能为负，且必须小于原值。"))
    if asset.life_months < 1 or asset.method not in METHODS:
        raise BookkeepingError("invalid", gettext_noop("使用寿命至少一个月，并选择规定的折旧方法。"))
    if asset.method != "straight_line" and asset.life_months % 12:
        message = gettext_noop("双倍余额递减法和年数总和法的使用寿命必须是整年。")
        raise BookkeepingError("invalid", message)
    if not ZERO <= asset.opening_accumulated <= asset.base:
        raise BookkeepingError("invalid", gettext_noop("期初累计折旧不能为负，也不能超过应计折旧额。"))


def schedule(asset: Asset) -> list[ScheduleRow]:
    """Whole life, or to the month of disposal, which still carries its charge.

    Months before the book are covered by `opening_accumulated` and left out; from there on the plan's
    amounts run, never past the depreciable base, and the last month takes what is left.
    """
    check_asset(asset)
    skipped = _months_before_book(asset)
    accumulated = asset.opening_accumulated
    rows: list[ScheduleRow] = []
    plan = monthly_plan(asset)
    for offset, planned in islice(enumerate(plan), skipped, None):
        period = asset.first_charge + offset
        if asset.disposed is not None and period > asset.disposed:
            break
        left = asset.base - accumulated
        amount = left if offset == len(plan) - 1 else min(planned, left)
        accumulated += amount
        rows.append(ScheduleRow(period, amount, accumulated, asset.cost - accumulated))
    return rows


def _months_before_book(asset: Asset) -> int:
    if asset.book_start is None or asset.opening_accumulated == 0:
        return 0
    elapsed = asset.book_start.index - asset.first_charge.index
    # A life that is over still shows its last month, where a remainder would stand.
    return min(max(elapsed, 0), asset.life_months - 1)


def monthly_plan(asset: Asset) -> list[Decimal]:
    """Planned charge of every month of the life, adding up to the base exactly."""
    if asset.method == "straight_line":
        return _evenly(asset.base, asset.life_months)
    years = _double_declining(asset) if asset.method == "double_declining" else _sum_of_years(asset)
    return [amount for year in years for amount in _evenly(year, 12)]


def _evenly(total: Decimal, months: int) -> list[Decimal]:
    """round(total/months) each, the last takes the remainder; a few fen over a long life never overshoot."""
    each = divide(total, Decimal(months))
    amounts, left = [], total
    for _ in range(months - 1):
        amount = min(each, left)
        amounts.append(amount)
        left -= amount
    return [*amounts, left]


def _double_declining(asset: Asset) -> list[Decimal]:
    count = asset.life_months // 12
    amounts: list[Decimal] = []
    for year in range(1, count + 1):
        left = asset.base - sum(amounts, ZERO)
        if year == count:
            amounts.append(left)
        elif year == count - 1:
            amounts.append(divide(left, Decimal(2)))
        else:
            book_value = asset.cost - sum(amounts, ZERO)
            amounts.append(min(share(book_value, Decimal(2), Decimal(count)), left))
    return amounts


def _sum_of_years(asset: Asset) -> list[Decimal]:
    count = asset.life_months // 12
    whole = Decimal(count * (count + 1))
    amounts, left = [], asset.base
    for year in range(1, count):
        # Many small years rounded up could pass the base by a few fen.
        amount = min(share(asset.base, Decimal((count - year + 1) * 2), whole), left)
        amounts.append(amount)
        left -= amount
    return [*amounts, left]


@dataclass(frozen=True)
class Charge:
    """Charge of one card in the month: what is debited with which combo, what is credited."""

    kind: str
    expense_account: str
    accumulated_account: str
    amount: Decimal
    combo: int = 0


def charge_lines(charges: Iterable[Charge]) -> list[Line]:
    """One voucher: debit by (account, combo), credit by accumulated account (deferred credits 1801
    itself).
    """
    debited: dict[tuple[str, int], Decimal] = {}
    credited: dict[str, Decimal] = {}
    summaries: dict[str, str] = {}
    for charge in charges:
        key = (charge.expense_account, charge.combo)
        debited[key] = debited.get(key, ZERO) + charge.amount
        credited[charge.accumulated_account] = credited.get(charge.accumulated_account, ZERO) + charge.amount
        summaries.setdefault(charge.accumulated_account, SUMMARIES[charge.kind])
    summary = "、".join(dict.fromkeys(summaries.values()))
    return [
        *(debit_line(code, summary, amount, combo) for (code, combo), amount in sorted(debited.items()) if amount),
        *(credit_line(code, summaries[code], amount) for code, amount in sorted(credited.items()) if amount),
    ]
