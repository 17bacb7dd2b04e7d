"""The solver's time: minutes on which at least one machine is open, counted from the start of the plan.

Exact when all machines share one calendar. Otherwise a machine that is open less than the union gets its work
stretched by the ratio: near enough for choosing an order, which `placing.rebuild` then puts into true time.
"""

from fractions import Fraction
from math import ceil

from apps.production.domain.shop import Mode, Shop
from apps.production.domain.worktime import WEEK, WorkTime, union


class Axis:
    """Moments to minutes of work and back, for one shop."""

    def __init__(self, shop: Shop) -> None:
        used = sorted({shop.centres[mode.centre].calendar for mode in _modes(shop)}) or [0]
        calendars = [shop.calendars[number] for number in used]
        self._time = WorkTime(union(calendars), shop.start)
        self._base = self._time.worked(shop.start)
        weekly = self._time.weekly_minutes
        times = shop.times()
        self._stretch = [
            max(Fraction(1), Fraction(weekly, times[centre.calendar].weekly_minutes or weekly))
            for centre in shop.centres
        ]
        self._share = Fraction(weekly, WEEK)
        same = all(calendar == calendars[0] for calendar in calendars)
        by_the_clock = any(step.queue or step.lead for job in shop.jobs for step in job.steps)
        self.is_exact = same and (self._time.always or not by_the_clock)

    def to(self, moment: int) -> int:
        """Minutes of the axis at a moment; what lies before the start is 0."""
        return max(0, self._time.worked(moment) - self._base)

    def moment(self, minutes: int) -> int:
        """The moment at which so many minutes of the axis are over."""
        return self._time.end_of(self._base + minutes)

    def minutes(self, centre: int, worked: int) -> int:
        """Working minutes of a machine as minutes of the axis."""
        return ceil(worked * self._stretch[centre])

    def clock(self, minutes: int) -> int:
        """Minutes by the clock as minutes of the axis, on average."""
        return int(minutes * self._share)


def _modes(shop: Shop) -> list[Mode]:
    return [mode for job in shop.jobs for step in job.steps if step.fixed is None for mode in step.modes]
