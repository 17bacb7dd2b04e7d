"""One atomic change of a subscription: several steps, each billed, all or none (R-EOD, R-ANCHOR-RESET)."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

from apps.billing.domain import proration
from apps.billing.domain.calendar import Interval, Period, boundary
from apps.billing.domain.money import ZERO
from apps.billing.domain.proration import ItemState, ProrationLine

Verb = Literal["add", "set_quantity", "remove_now", "remove_at_period_end", "keep", "change_interval"]


class ChangeNotPossible(ValueError):
    """A step names an unknown item, a quantity below what it allows, or an interval without a price."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of a change. `quantity` for add (default 1) and set_quantity, `to` for change_interval."""

    do: Verb
    item: str | None = None
    quantity: int | None = None
    to: Interval | None = None


@dataclass(frozen=True, kw_only=True)
class SubscriptionPeriod:
    """One period of one subscription; `size` is the days prorated over, `items` in catalogue order."""

    period: Period
    size: int
    items: tuple[ItemState, ...]
    interval: Interval = "month"
    next_interval: Interval | None = None

    def item(self, code: str) -> ItemState:
        """The item with this code; an unknown one cannot be changed."""
        for item in self.items:
            if item.code == code:
                return item
        raise ChangeNotPossible(f"unknown item {code}")

    def with_item(self, changed: ItemState) -> "SubscriptionPeriod":
        """The same period with one item replaced."""
        items = tuple(changed if item.code == changed.code else item for item in self.items)
        return replace(self, items=items)

    def on(self, day: date) -> "SubscriptionPeriod":
        """The same period in the morning of `day`, which must lie in it."""
        if not self.period.holds(day):
            raise ChangeNotPossible(f"{day} is not a day of the period")
        return replace(self, items=tuple(item.on(day) for item in self.items))

    def renewal(self) -> dict[str, tuple[int, Decimal]]:
        """R-SEAT-DOWN, R-REMOVE-DEFAULT: quantity and price (CNY) of each item in the next period."""
        renewing = [item for item in self.items if item.renews_with > 0]
        return {
            item.code: (item.renews_with, proration.prorated(item.unit_price, item.renews_with, 1, 1))
            for item in renewing
        }


Outcome = tuple[SubscriptionPeriod, tuple[ProrationLine, ...]]


def apply_change(before: SubscriptionPeriod, day: date, steps: Sequence[Step]) -> Outcome:
    """R-EOD: the state after all `steps` on local `day`, and the lines they bill, in their order.

    Raises ChangeNotPossible and bills nothing if any step cannot be taken.
    """
    state, lines = before.on(day), list[ProrationLine]()
    for step in steps:
        state, made = _take(state, day, step)
        lines.extend(made)
    return state, tuple(lines)


def usable_on(history: Sequence[tuple[date, SubscriptionPeriod]], day: date) -> dict[str, int]:
    """R-EOD: usable quantities at the end of `day`, from the states after each change in time order.

    The first entry is the opening state; after the end of a period the renewed quantities hold.
    """
    state = [state for changed_on, state in history if changed_on <= day][-1:] or [history[0][1]]
    renewed = day >= state[0].period.end
    return {item.code: item.renews_with if renewed else item.quantity for item in state[0].items}


def quote_digest(
    *,
    subscription_version: int,
    local_date: date,
    prices: Mapping[str, str],
    steps: Sequence[Step],
    coupon: str | None = None,
) -> str:
    """R-QUOTE: binds a preview to the subscription's version, the local date, the prices and the wish.

    `prices` maps an item to its price version and amount as text. Confirming compares digests.
    """
    wish = [[step.do, step.item, step.quantity, step.to] for step in steps]
    bound = [subscription_version, local_date.isoformat(), sorted(prices.items()), wish, coupon]
    return hashlib.sha256(json.dumps(bound, ensure_ascii=True).encode()).hexdigest()


def _take(state: SubscriptionPeriod, day: date, step: Step) -> Outcome:
    if step.do == "change_interval":
        return _change_interval(state, day, step.to)
    if step.do == "keep" and step.item is None:
        kept = replace(state, items=tuple(map(proration.keep, state.items)), next_interval=None)
        return kept, ()
    if step.item is None:
        raise ChangeNotPossible(f"{step.do} needs an item")
    before = state.item(step.item)
    after, line = proration.settle(before, _VERBS[step.do](before, step), state.period, state.size)
    return state.with_item(after), () if line is None else (line,)


def _add(item: ItemState, step: Step) -> ItemState:
    return proration.add(item, _at_least(1, 1 if step.quantity is None else step.quantity))


def _set_quantity(item: ItemState, step: Step) -> ItemState:
    if step.quantity is None:
        raise ChangeNotPossible("set_quantity needs a quantity")
    return proration.set_quantity(item, _at_least(0, step.quantity))


def _at_least(least: int, quantity: int) -> int:
    if quantity < least:
        raise ChangeNotPossible(f"a quantity of {quantity} is below {least}")
    return quantity


_VERBS: Mapping[str, Callable[[ItemState, Step], ItemState]] = MappingProxyType(
    {
        "add": _add,
        "set_quantity": _set_quantity,
        "remove_now": lambda item, step: proration.remove_now(item),
        "remove_at_period_end": lambda item, step: proration.remove_at_period_end(item),
        "keep": lambda item, step: proration.keep(item),
    }
)


def _change_interval(state: SubscriptionPeriod, day: date, to: Interval | None) -> Outcome:
    """R-ANCHOR-RESET: to year at once, with a new anchor; to month at renewal."""
    if to is None:
        raise ChangeNotPossible("change_interval needs an interval")
    if to == state.interval:
        return replace(state, next_interval=None), ()
    if to == "month":
        return replace(state, next_interval="month"), ()
    year = Period(day, boundary(day, "year", 1))
    items, lines = list[ItemState](), list[ProrationLine]()
    for item in state.items:
        renewed, made = _renew_for_a_year(item, state, year)
        items.append(renewed)
        lines.extend(made)
    return SubscriptionPeriod(period=year, size=year.days, items=tuple(items), interval="year"), tuple(lines)


def _renew_for_a_year(
    item: ItemState, state: SubscriptionPeriod, year: Period
) -> tuple[ItemState, Iterable[ProrationLine]]:
    """R-REMOVE, R-ANCHOR-RESET: credit what is left of the month, then the full year at its price."""
    _, credit = proration.settle(item, proration.remove_now(item), state.period, state.size)
    quantity = item.renews_with
    if quantity and item.annual_price is None:
        raise ChangeNotPossible(f"{item.code} has no yearly price")
    price = ZERO if item.annual_price is None else item.annual_price
    opened = proration.open_item(
        item.code,
        unit_price=price,
        quantity=quantity,
        charged=proration.prorated(price, quantity, 1, 1),
        start=year.start,
        annual_price=item.annual_price,
    )
    fixed = ProrationLine(
        item=item.code,
        kind="fixed",
        amount=opened.charged,
        billed_days=year.days,
        period_days=year.days,
        delta_quantity=quantity - item.quantity,
        service_period=year,
        unit_price=price,
    )
    return opened, [line for line in (credit, fixed) if line is not None and line.amount]
