"""A subscription as the arithmetic of changes sees it, and back into rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from apps.billing.domain.access import SubscriptionState
from apps.billing.domain.calendar import Period
from apps.billing.domain.changes import Step, SubscriptionPeriod
from apps.billing.domain.money import ZERO, total
from apps.billing.domain.proration import Held, ItemState, ProrationLine, item_from_history
from apps.billing.models import PendingLine, Price, Subscription, SubscriptionChange, SubscriptionItem
from apps.billing.selectors.catalogue import PriceBook
from apps.billing.selectors.periods import living_items, size_of
from apps.billing.services import periods


@dataclass(frozen=True, kw_only=True)
class Present:
    """The subscription on `day`: its period with all items on sale, and the price each one pays."""

    subscription: Subscription
    day: date
    state: SubscriptionPeriod
    prices: dict[str, Price]
    yearly: dict[str, Price]
    held: dict[str, SubscriptionItem]


def present(subscription: Subscription, book: PriceBook, day: date) -> Present:
    """Read the subscription as it stands on local `day`.

    In a trial every price is 0.00, and each day begins with nothing: what was chosen may be given back at once.
    """
    rows = list(
        SubscriptionItem.objects.of(subscription.tenant_id)
        .filter(subscription=subscription)
        .select_related("price", "price__plan")
        .order_by("valid_from", "id")
    )
    for row in rows:
        row.subscription = subscription  # the very row that is locked
    held = {row.item: row for row in rows if row.valid_to is None}
    plan = book.plan_on(day)
    prices = {price.item: price for price in book.items(plan, subscription.interval)}
    prices |= {item: row.price for item, row in held.items()}
    yearly = {code: _yearly(book, price) for code, price in prices.items()}
    free = is_free(subscription)
    period = Period(day, day + timedelta(days=1)) if free else _period(subscription)
    size = 1 if free else size_of(subscription, period)
    lines = [] if free else _lines_of(subscription, period)
    items = tuple(
        _item(subscription, (prices[code], yearly[code]), rows, lines, (period, day), free)
        for code in sorted(prices, key=lambda code: prices[code].position)
    )
    state = SubscriptionPeriod(
        period=period,
        size=size,
        items=items,
        interval=subscription.interval,  # type: ignore[arg-type]  # the column holds the names of the literal
        next_interval=subscription.next_interval or None,  # type: ignore[arg-type]  # as above
    )
    return Present(
        subscription=subscription, day=day, state=state, prices=prices, held=held,
        yearly={code: price for code, price in yearly.items() if price is not None},
    )  # fmt: skip


def is_free(subscription: Subscription) -> bool:
    """Before the first billable day changes cost 0.00."""
    return subscription.state in (SubscriptionState.TRIALING, SubscriptionState.TRIAL_EXPIRED)


def _period(subscription: Subscription) -> Period:
    if subscription.period_start is None or subscription.period_end is None:
        raise ValueError(f"subscription {subscription.pk} has no period")
    return Period(subscription.period_start, subscription.period_end)


def _yearly(book: PriceBook, price: Price) -> Price | None:
    return book.item(price.plan, price.item, "year")


def _lines_of(subscription: Subscription, period: Period) -> list[PendingLine]:
    lines = PendingLine.objects.of(subscription.tenant_id).filter(subscription=subscription, period_start=period.start)
    return list(lines.order_by("id"))


def _item(
    subscription: Subscription,
    prices: tuple[Price, Price | None],
    rows: Sequence[SubscriptionItem],
    lines: Sequence[PendingLine],
    when: tuple[Period, date],
    free: bool,
) -> ItemState:
    (price, yearly), (period, day) = prices, when
    mine = [line for line in lines if line.item == price.item]
    opening = [line for line in mine if line.kind == "fixed" and line.service_start == period.start]
    today = [line for line in mine if line.made_on == day and line not in opening]
    return item_from_history(
        price.item,
        unit_price=Decimal(0) if free else price.unit_price,
        history=[Held(row.quantity, row.valid_from, row.valid_to) for row in rows if row.item == price.item],
        opening_quantity=sum(line.quantity for line in opening),
        charged_before=total(line.amount for line in mine if line not in today),
        charged_today=total(line.amount for line in today),
        period=period,
        day=day,
        next_quantity=subscription.scheduled.get(price.item),
        annual_price=yearly.unit_price if yearly else None,
    )


def save(now: Present, after: SubscriptionPeriod, change: SubscriptionChange, lines: Sequence[ProrationLine]) -> None:
    """Write what changed: history rows, what waits for renewal, a new interval, and the billed lines."""
    subscription, day = now.subscription, now.day
    turned = after.interval != now.state.interval
    for item in after.items:
        price = now.yearly.get(item.code, now.prices[item.code]) if turned else now.prices[item.code]
        _save_item(now, item, price, day)
    subscription.scheduled = {item.code: item.next_quantity for item in after.items if item.next_quantity is not None}
    subscription.next_interval = after.next_interval or ""
    if turned:
        subscription.interval, subscription.alignment, subscription.anchor_date = "year", "anniversary", day
        subscription.period_start, subscription.period_end = after.period.start, after.period.end
    subscription.version += 1
    subscription.save()
    PendingLine.objects.bulk_create(_pending(now, after, change, line, turned) for line in lines)


def _save_item(now: Present, item: ItemState, price: Price, day: date) -> None:
    row = now.held.get(item.code)
    if row is None:
        if item.quantity:
            periods.open_item(now.subscription, item=item.code, price=price, quantity=item.quantity, day=day)
    elif row.quantity != item.quantity or row.price_id != price.pk:
        periods.replace_item(row, day=day, quantity=item.quantity, price=price)


def _pending(
    now: Present, after: SubscriptionPeriod, change: SubscriptionChange, line: ProrationLine, turned: bool
) -> PendingLine:
    yearly = turned and line.kind == "fixed"
    price = now.yearly[line.item] if yearly else now.prices[line.item]
    return PendingLine(
        tenant_id=now.subscription.tenant_id, subscription=now.subscription, change=change, price=price,
        kind=line.kind, item=line.item, quantity=now_quantity(after, line) if yearly else line.delta_quantity,
        unit_price=line.unit_price, amount=line.amount,
        period_start=after.period.start if yearly or not turned else now.state.period.start,
        service_start=line.service_period.start, service_end=line.service_period.end, billed_days=line.billed_days,
        period_days=line.period_days, made_on=now.day,
    )  # fmt: skip


def now_quantity(after: SubscriptionPeriod, line: ProrationLine) -> int:
    """What a new period begins with."""
    return after.item(line.item).quantity


def set_trial_interval(subscription: Subscription, interval: str, book: PriceBook, day: date) -> None:
    """Nothing was billed yet: the interval is just chosen, and the items take its prices."""
    subscription.interval = interval
    subscription.alignment = "anniversary" if interval == "year" else "calendar"
    subscription.save(update_fields=["interval", "alignment"])
    for row in living_items(subscription):
        price = book.item(row.price.plan, row.item, interval)
        if price is not None and price.pk != row.price_id:
            periods.replace_item(row, day=day, quantity=row.quantity, price=price)


def net_of(lines: Sequence[ProrationLine]) -> Decimal:
    """CNY with sign."""
    return sum((line.amount for line in lines), ZERO)


def wish(steps: Sequence[Step]) -> list[dict[str, object]]:
    """The steps as stored."""
    return [{key: value for key, value in vars(step).items() if value is not None} for step in steps]
