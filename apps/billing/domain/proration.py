"""Changes inside a period: who pays what for which days.

Every amount is target(end of day) - charged so far. The target depends only on the morning of the
day and on its end, so several changes in a day collapse into the last (R-EOD) without a fen of drift.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from apps.billing.domain.calendar import Period
from apps.billing.domain.money import ZERO, round_half_up

LineKind = Literal["proration_charge", "proration_credit", "fixed"]


@dataclass(frozen=True, kw_only=True)
class ItemState:
    """One item of a subscription within one period. Prices CNY per period, quantities whole units.

    `quantity` is usable now; `morning_quantity` and `morning_charged` are what the day began with;
    `used_unit_days` sums quantity x days before `day`; `next_quantity` waits for renewal, None = no change.
    """

    code: str
    unit_price: Decimal
    quantity: int
    charged: Decimal
    day: date
    morning_quantity: int
    morning_charged: Decimal
    used_unit_days: int = 0
    next_quantity: int | None = None
    annual_price: Decimal | None = None

    @property
    def renews_with(self) -> int:
        """R-SEAT-DOWN, R-REMOVE-DEFAULT: the quantity of the next period."""
        return self.quantity if self.next_quantity is None else self.next_quantity

    @property
    def floor(self) -> int:
        """What a decrease cannot go below today: the morning's quantity, unless it was removed today."""
        return self.morning_quantity if self.quantity >= self.morning_quantity else 0

    def on(self, day: date) -> "ItemState":
        """The same item in the morning of `day`: the days in between were used at the present quantity."""
        if day < self.day:
            raise ValueError(f"{self.code}: {day} lies before {self.day}")
        if day == self.day:
            return self
        return replace(
            self,
            day=day,
            morning_quantity=self.quantity,
            morning_charged=self.charged,
            used_unit_days=self.used_unit_days + self.quantity * (day - self.day).days,
        )


@dataclass(frozen=True)
class Held:
    """A stretch of an item's history: `quantity` usable from `valid_from` up to, without, `valid_to`."""

    quantity: int
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, kw_only=True)
class ProrationLine:
    """One line of a change, CNY with sign. `used_*` only where an item left or its interval changed."""

    item: str
    kind: LineKind
    amount: Decimal
    billed_days: int
    period_days: int
    delta_quantity: int
    service_period: Period
    unit_price: Decimal
    used_unit_days: int | None = None
    used_charge: Decimal | None = None


def open_item(
    code: str,
    *,
    unit_price: Decimal,
    quantity: int,
    charged: Decimal,
    start: date,
    annual_price: Decimal | None = None,
) -> ItemState:
    """An item as its service starts on `start`, with `charged` (CNY) already billed for the period."""
    return ItemState(
        code=code,
        unit_price=unit_price,
        quantity=quantity,
        charged=charged,
        day=start,
        morning_quantity=quantity,
        morning_charged=charged,
        annual_price=annual_price,
    )


def item_from_history(
    code: str,
    *,
    unit_price: Decimal,
    history: Iterable[Held],
    opening_quantity: int,
    charged_before: Decimal,
    charged_today: Decimal,
    period: Period,
    day: date,
    next_quantity: int | None = None,
    annual_price: Decimal | None = None,
) -> ItemState:
    """R-EOD: the state of an item on `day`, rebuilt from its stored history rows and billed amounts.

    `opening_quantity` is what the period began with; `charged_today` sums the proration lines made
    on `day`, `charged_before` every other line of this period (CNY).
    """
    rows = list(history)
    first_day = day <= period.start
    return ItemState(
        code=code,
        unit_price=unit_price,
        quantity=held_on(rows, day),
        charged=charged_before + charged_today,
        day=day,
        morning_quantity=opening_quantity if first_day else held_on(rows, day - timedelta(days=1)),
        morning_charged=charged_before,
        used_unit_days=sum(row.quantity * _days_before(row, period, day) for row in rows),
        next_quantity=next_quantity,
        annual_price=annual_price,
    )


def held_on(history: Iterable[Held], day: date) -> int:
    """R-EOD: the quantity held at the end of `day`; a row that ends on its first day never counts."""
    return sum(
        row.quantity for row in history if row.valid_from <= day and (row.valid_to is None or day < row.valid_to)
    )


def set_quantity(item: ItemState, quantity: int) -> ItemState:
    """R-SEAT: more at once. R-SEAT-DOWN: below the morning's undoes today's increase, waits for renewal."""
    if quantity >= item.floor:
        return replace(item, quantity=quantity, next_quantity=None)
    return replace(item, quantity=item.floor, next_quantity=quantity)


def add(item: ItemState, quantity: int = 1) -> ItemState:
    """R-ADD: `quantity` more from today on; buying more takes a scheduled decrease back."""
    return replace(item, quantity=item.quantity + quantity, next_quantity=None)


def remove_now(item: ItemState) -> ItemState:
    """R-REMOVE: gone today; the day of removal is not billed."""
    return replace(item, quantity=0, next_quantity=None)


def remove_at_period_end(item: ItemState) -> ItemState:
    """R-REMOVE-DEFAULT: usable to the end of the period, without credit."""
    return replace(item, next_quantity=0)


def keep(item: ItemState) -> ItemState:
    """Take a scheduled removal or decrease back."""
    return replace(item, next_quantity=None)


def target(item: ItemState, period: Period, size: int) -> Decimal:
    """R-EOD: what the item costs in `period` (CNY) if the day ends as it stands; `size` = days prorated over.

    At or above the morning's quantity q0: charged(morning) + round(price x (q - q0) x rest / size).
    Below it the item was removed today: round(price x used_unit_days / size), and what was bought
    again after that is charged like a new addition.
    """
    extra = item.quantity - item.morning_quantity
    if extra >= 0:
        return item.morning_charged + prorated(item.unit_price, extra, period.rest(item.day), size)
    bought_again = prorated(item.unit_price, item.quantity, period.rest(item.day), size)
    return used_charge(item, size) + bought_again


def used_charge(item: ItemState, size: int) -> Decimal:
    """R-REMOVE: round(price x used_unit_days / size), CNY."""
    return prorated(item.unit_price, 1, item.used_unit_days, size)


def prorated(price: Decimal, quantity: int, days: int, size: int) -> Decimal:
    """R-ADD: round(price x quantity x days / size), CNY."""
    return round_half_up(Fraction(price) * quantity * days / size)


def settle(before: ItemState, after: ItemState, period: Period, size: int) -> tuple[ItemState, ProrationLine | None]:
    """R-EOD: bill the difference between the new target and what was charged; 0.00 writes no line."""
    wanted = target(after, period, size)
    amount = wanted - after.charged
    settled = replace(after, charged=wanted)
    if not amount:
        return settled, None
    left = after.quantity < after.morning_quantity
    line = ProrationLine(
        item=after.code,
        kind=sign_kind(amount),
        amount=amount,
        billed_days=period.rest(after.day),
        period_days=size,
        delta_quantity=after.quantity - before.quantity,
        service_period=Period(after.day, period.end),
        unit_price=after.unit_price,
        used_unit_days=after.used_unit_days if left or not after.quantity else None,
        used_charge=used_charge(after, size) if left or not after.quantity else None,
    )
    return settled, line


def sign_kind(amount: Decimal) -> LineKind:
    """Charges are positive, credits negative."""
    return "proration_charge" if amount > 0 else "proration_credit"


def net_of(lines: Sequence[ProrationLine]) -> Decimal:
    """Sum of the lines of a change, CNY."""
    return sum((line.amount for line in lines), ZERO)


def settles_now(net: Decimal) -> bool:
    """R-PENDING: above zero a change is invoiced at once; otherwise its lines wait for the next invoice."""
    return net > 0


def _days_before(row: Held, period: Period, day: date) -> int:
    end = day if row.valid_to is None else min(row.valid_to, day)
    return max(0, (end - max(row.valid_from, period.start)).days)
