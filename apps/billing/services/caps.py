"""Spending caps (R-CAP). The row of a hard cap is locked, so parallel events cannot pass it together."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from apps.billing.domain import rating
from apps.billing.domain.calendar import Period, local_day, month_of
from apps.billing.domain.rating import Cap, Usage, UsagePrice
from apps.billing.domain.usage import UsageEvent
from apps.billing.models import AlertRule, Meter, SpendCap, Subscription
from apps.billing.selectors.catalogue import price_book, usage_price
from apps.billing.selectors.periods import usage_boundary
from apps.billing.selectors.rating import pinned_prices
from apps.billing.selectors.usage_store import period_totals
from apps.billing.services import audit
from kernel.errors import DomainError, Invalid
from tenants.rights import Member


class HardCapNotPossible(DomainError):
    """What a module reports has happened already and cannot be refused."""

    code = "hard_cap_not_possible"


class Caps:
    """The caps that one batch meets; usage so far is read once a company, meter and period, then counted on."""

    def __init__(self, *, enabled: bool) -> None:
        self.enabled = enabled
        self._caps: dict[tuple[int, str], Cap | None] = {}
        self._used: dict[tuple[int, str, date], tuple[UsagePrice, Decimal]] = {}

    def admit(self, event: UsageEvent) -> bool:
        """False when the charge with this event would exceed the hard cap of its meter."""
        if not self.enabled or event.occurred_at is None or event.meter is None:
            return True
        cap = self._cap(int(event.tenant), event.meter)
        if cap is None:
            return True
        period = usage_period(int(event.tenant), local_day(event.occurred_at))
        key = (int(event.tenant), event.meter, period.start)
        if key not in self._used:
            self._used[key] = _used(int(event.tenant), event.meter, period)
        price, used = self._used[key]
        value = Decimal(1) if event.value is None else event.value
        if not rating.admits(price, cap, Usage(used), Usage(value)):
            return False
        self._used[key] = (price, used + value)
        return True

    def _cap(self, tenant_id: int, meter: str) -> Cap | None:
        key = (tenant_id, meter)
        if key not in self._caps:
            row = SpendCap.objects.of(tenant_id).select_for_update().filter(meter_id=meter, mode="hard").first()
            self._caps[key] = Cap(row.amount, "hard") if row else None
        return self._caps[key]


def usage_period(tenant_id: int, day: date) -> Period:
    """The month of usage that `day` is billed in; before anything is billed, the calendar month."""
    subscription = Subscription.objects.of(tenant_id).order_by("-id").first()
    if subscription is None or subscription.usage_until is None or day < subscription.usage_until:
        return month_of(day)
    period = Period(subscription.usage_until, usage_boundary(subscription))
    return period if period.holds(day) else month_of(day)


def _used(tenant_id: int, meter: str, period: Period) -> tuple[UsagePrice, Decimal]:
    subscription = Subscription.objects.of(tenant_id).order_by("-id").first()
    book = price_book()
    prices = (
        pinned_prices(subscription, book, period.start) if subscription else book.meters(book.plan_on(period.start))
    )
    price = next(price for price in prices if price.meter_id == meter)
    return usage_price(price), period_totals(tenant_id, period).get(meter, Decimal(0))


@transaction.atomic
def set_caps(
    *, tenant_id: int, wanted: Iterable[tuple[str | None, str, Decimal]], actor: Member | None, at: datetime
) -> None:
    """Replace the company's caps by (meter or None = all, mode, CNY). Raises HardCapNotPossible, Invalid."""
    rows = list(wanted)
    meters = {meter.code: meter for meter in Meter.objects.order_by("code")}
    for code, mode, _amount in rows:
        if code is not None and code not in meters:
            raise Invalid(_("没有这个计量项。"), fields={"meter": [_("没有这个计量项。")]})
        if mode == "hard" and (code is None or meters[code].source != Meter.Source.API):
            raise HardCapNotPossible(_("业务已经发生，不能拒绝；这里只能设软上限。"))
    if len({code for code, _mode, _amount in rows}) != len(rows):
        raise Invalid(_("同一计量项只能设一个上限。"), fields={"caps": [_("重复。")]})
    SpendCap.objects.of(tenant_id).delete()
    SpendCap.objects.bulk_create(
        SpendCap(tenant_id=tenant_id, meter_id=code, mode=mode, amount=amount) for code, mode, amount in rows
    )
    audit.record(
        at=at, tenant_id=tenant_id, actor=actor, action="caps.changed", object=f"tenant:{tenant_id}",
        label=str(len(rows)), changes={"caps": [None, [[code, mode, str(amount)] for code, mode, amount in rows]]},
    )  # fmt: skip


@transaction.atomic
def set_alerts(*, tenant_id: int, wanted: Iterable[tuple[str, Decimal | None, list[int]]]) -> None:
    """Replace the company's alert rules by (meter, CNY or None = the free allowance, percentages)."""
    rows = list(wanted)
    known = set(Meter.objects.values_list("code", flat=True))
    if any(code not in known for code, _limit, _thresholds in rows) or len({row[0] for row in rows}) != len(rows):
        raise Invalid(_("计量项不存在或重复。"), fields={"alerts": [_("计量项不存在或重复。")]})
    AlertRule.objects.of(tenant_id).delete()
    AlertRule.objects.bulk_create(
        AlertRule(tenant_id=tenant_id, meter_id=code, limit_amount=limit, thresholds=thresholds)
        for code, limit, thresholds in rows
    )
