"""End of a trial: what was covered, what the first paid period is and what it costs."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from apps.billing.domain.access import AccessLevel, SubscriptionState, access_of
from apps.billing.domain.calendar import Alignment, Interval, Period, service_period, size_of
from apps.billing.domain.money import ZERO, round_half_up


@dataclass(frozen=True)
class FirstLine:
    """One item's charge for the first period: amount in CNY for `billed_days` of `period_days`."""

    amount: Decimal
    billed_days: int
    period_days: int


@dataclass(frozen=True, kw_only=True)
class TrialEnd:
    """What happens on `first_billable_day`. Without terms and method the figures are an offer only."""

    trial: Period
    first_billable_day: date
    first_period: Period
    first_line: FirstLine
    usage_charge: Decimal
    state: SubscriptionState
    access: AccessLevel
    invoice_created: bool


def trial_period(started_on: date, days: int) -> Period:
    """R-TRIAL: `days` local days starting with the start day."""
    return Period(started_on, started_on + timedelta(days=days))


def first_charge(
    *, unit_price: Decimal, quantity: int, day: date, interval: Interval, alignment: Alignment
) -> tuple[Period, FirstLine]:
    """R-DAY: the first period from `day` and the price of `quantity` in it.

    Calendar alignment bills the rest of the month over the whole calendar month; anniversary and
    yearly subscriptions start a full period on `day`.
    """
    period = service_period(day, interval, alignment, day)
    size = size_of(period, interval, alignment)
    amount = round_half_up(Fraction(unit_price) * quantity * period.days / size)
    return period, FirstLine(amount, period.days, size)


def end_trial(
    *,
    started_on: date,
    days: int,
    unit_price: Decimal,
    interval: Interval,
    alignment: Alignment,
    payment_method_present: bool,
    invoice_terms_accepted: bool,
) -> TrialEnd:
    """R-TRIAL: nothing is charged for the trial; a method or accepted terms make the subscription active.

    `unit_price` is CNY per interval, VAT included. A price of 0.00 makes no line and so no invoice (R-ZERO).
    """
    trial = trial_period(started_on, days)
    period, line = first_charge(
        unit_price=unit_price, quantity=1, day=trial.end, interval=interval, alignment=alignment
    )
    converts = payment_method_present or invoice_terms_accepted
    state = SubscriptionState.ACTIVE if converts else SubscriptionState.TRIAL_EXPIRED
    return TrialEnd(
        trial=trial,
        first_billable_day=trial.end,
        first_period=period,
        first_line=line,
        usage_charge=ZERO,
        state=state,
        access=access_of(state),
        invoice_created=converts and line.amount > 0,
    )
