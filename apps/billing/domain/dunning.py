"""From a due date to closing: whole local days after due (R-DUNNING)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from apps.billing.domain.access import SubscriptionState
from apps.billing.domain.calendar import ZONE, local_day, start_of_day
from apps.billing.domain.money import ZERO, total
from apps.billing.domain.numbering import due_on

REMINDER_TIME = time(9, 0)


@dataclass(frozen=True, kw_only=True)
class Ladder:
    """Days relative to the due date; past_due begins on the day after it."""

    reminders: tuple[int, ...] = (-3, 0, 3, 7)
    read_only_after: int = 15
    suspend_after: int = 45
    close_after: int = 90


@dataclass(frozen=True)
class Pause:
    """The operator holds dunning back from `start` to the end of `until`."""

    start: date
    until: date


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """Local days on which things happen to one unpaid invoice, each from 00:00 (reminders at 09:00)."""

    due: date
    reminders: tuple[date, ...]
    overdue_from: date
    read_only_from: date
    suspended_from: date
    closed_from: date


@dataclass(frozen=True)
class PaidAt:
    """A payment that counts from its own moment on; amount None pays what is left (CNY)."""

    at: datetime
    amount: Decimal | None


@dataclass(frozen=True, kw_only=True)
class Receivable:
    """The enterprise share of an invoice (CNY) with its payments. Money a government owes never duns."""

    number: str
    issued_on: date
    terms_days: int
    amount: Decimal
    payments: tuple[PaidAt, ...] = field(default=())

    @property
    def due(self) -> date:
        """Due = issue day + terms."""
        return due_on(self.issued_on, self.terms_days)

    def open_at(self, moment: datetime) -> bool:
        """Is anything left? A part payment stops nothing."""
        paid = [payment for payment in self.payments if payment.at <= moment]
        if any(payment.amount is None for payment in paid):
            return False
        return total(payment.amount or ZERO for payment in paid) < self.amount


def schedule(due: date, ladder: Ladder, pause: Pause | None = None) -> Schedule:
    """R-DUNNING: the ladder of one due date. A step that falls into a pause waits for the day after it."""

    def step(days: int) -> date:
        return _after_pause(due + timedelta(days=days), pause)

    return Schedule(
        due=due,
        reminders=tuple(due + timedelta(days=days) for days in ladder.reminders),
        overdue_from=step(1),
        read_only_from=step(ladder.read_only_after),
        suspended_from=step(ladder.suspend_after),
        closed_from=step(ladder.close_after),
    )


def state_on(plan: Schedule, day: date) -> SubscriptionState:
    """R-DUNNING: how far an invoice that is unpaid on local `day` has taken the subscription."""
    steps = (
        (plan.closed_from, SubscriptionState.CLOSED),
        (plan.suspended_from, SubscriptionState.SUSPENDED),
        (plan.read_only_from, SubscriptionState.READ_ONLY),
        (plan.overdue_from, SubscriptionState.PAST_DUE),
    )
    return next((state for start, state in steps if day >= start), SubscriptionState.ACTIVE)


def state_at(
    receivables: Sequence[Receivable], ladder: Ladder, moment: datetime, pause: Pause | None = None
) -> SubscriptionState:
    """R-DUNNING: the oldest unpaid share decides; closed is final even if everything is paid later."""
    if any(_was_closed(receivable, ladder, moment, pause) for receivable in receivables):
        return SubscriptionState.CLOSED
    oldest = oldest_open(receivables, moment)
    if oldest is None:
        return SubscriptionState.ACTIVE
    return state_on(schedule(oldest.due, ladder, pause), local_day(moment))


def oldest_open(receivables: Sequence[Receivable], moment: datetime) -> Receivable | None:
    """The share with the earliest due date that is still open."""
    still_open = [receivable for receivable in receivables if receivable.open_at(moment)]
    return min(still_open, key=lambda receivable: receivable.due, default=None)


def writes_allowed(state: SubscriptionState) -> bool:
    """R-ENTITLE: late tenants work on until they are read-only."""
    return state in (SubscriptionState.ACTIVE, SubscriptionState.PAST_DUE)


def reminder_moment(day: date) -> datetime:
    """Reminders go out at 09:00 local."""
    return datetime.combine(day, REMINDER_TIME, tzinfo=ZONE)


def reminders_sent(
    receivable: Receivable, ladder: Ladder, until: datetime | None = None, pause: Pause | None = None
) -> tuple[date, ...]:
    """R-DUNNING: the days up to `until` on which a reminder went out because something was open at 09:00."""
    planned = schedule(receivable.due, ladder, pause).reminders
    return tuple(day for day in planned if _reminds(receivable, day, until, pause))


def by_number(receivables: Sequence[Receivable], ladder: Ladder) -> Mapping[str, Schedule]:
    """R-DUNNING: the schedule of each invoice."""
    return {receivable.number: schedule(receivable.due, ladder) for receivable in receivables}


def _reminds(receivable: Receivable, day: date, until: datetime | None, pause: Pause | None) -> bool:
    moment = reminder_moment(day)
    if day < receivable.issued_on or (until is not None and moment > until):
        return False
    return receivable.open_at(moment) and not (pause and pause.start <= day <= pause.until)


def _was_closed(receivable: Receivable, ladder: Ladder, moment: datetime, pause: Pause | None) -> bool:
    closing = start_of_day(schedule(receivable.due, ladder, pause).closed_from)
    return closing <= moment and receivable.open_at(closing)


def _after_pause(day: date, pause: Pause | None) -> date:
    if pause and pause.start <= day <= pause.until:
        return pause.until + timedelta(days=1)
    return day
