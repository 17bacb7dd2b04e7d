"""Working time of a calendar as arithmetic on whole minutes.

A moment is the number of minutes since Monday 2000-01-03 00:00 in the calendar's own (local) time: day = minute //
1440, weekday = day % 7, Monday is 0. A shift belongs to the day it starts on, so an exception of a day replaces the
shifts that start there; the night shift of the day before runs to its end.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

DAY = 1440
WEEK = 7 * DAY
BEHIND = 60  # days before the origin that are laid out
CHUNK = 56  # days laid out at a time
HORIZON_DAYS = 36_600

Span = tuple[int, int]


class NoWorkingTime(Exception):
    """The calendar never opens again."""


@dataclass(frozen=True)
class CalendarDef:
    """`week`: spans in minutes from Monday 00:00. `exceptions` {day number: spans in minutes of that day}."""

    week: tuple[Span, ...]
    exceptions: Mapping[int, tuple[Span, ...]] = field(default_factory=dict)

    def day_spans(self, day: int) -> Iterable[Span]:
        """The shifts that start on a day, as moments."""
        base = day * DAY
        if day in self.exceptions:
            return sorted((base + start, base + end) for start, end in self.exceptions[day])
        offset = base - (day % 7) * DAY
        weekday = day % 7
        return sorted((offset + start, offset + end) for start, end in self.week if start // DAY == weekday)

    @property
    def never_closes(self) -> bool:
        return not self.exceptions and sum(end - start for start, end in self.week) >= WEEK


class WorkTime:
    """Moments and working minutes of one calendar, laid out as far as they are asked for."""

    def __init__(self, calendar: CalendarDef, origin: int) -> None:
        self.calendar = calendar
        self.always = calendar.never_closes
        self._first_day = origin // DAY - BEHIND
        self._next_day = self._first_day
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._before: list[int] = []  # working minutes before each interval
        if not self.always:
            self._lay_out(self._first_day - 1)
            self._extend()

    @property
    def weekly_minutes(self) -> int:
        """Working minutes of an ordinary week."""
        return WEEK if self.always else sum(end - start for start, end in self.calendar.week)

    def intervals(self, start: int, end: int) -> list[Span]:
        """Open intervals between two moments, cut to them."""
        if self.always:
            return [(start, end)] if start < end else []
        self._reach(end)
        first = bisect_right(self._ends, start)
        found = []
        for at in range(first, len(self._starts)):
            if self._starts[at] >= end:
                break
            found.append((max(start, self._starts[at]), min(end, self._ends[at])))
        return found

    def open_at(self, moment: int) -> int:
        """The first working minute at or after `moment`."""
        if self.always:
            return moment
        self._reach(moment)
        at = bisect_right(self._ends, moment)
        while at >= len(self._starts):
            self._extend()
            at = bisect_right(self._ends, moment)
        return max(moment, self._starts[at])

    def worked(self, moment: int) -> int:
        """Working minutes up to `moment`, counted from a fixed point of this object."""
        if self.always:
            return moment
        self._reach(moment)
        at = bisect_left(self._starts, moment) - 1
        if at < 0:
            return 0
        return self._before[at] + min(moment, self._ends[at]) - self._starts[at]

    def end_of(self, worked: int) -> int:
        """The earliest moment with so many working minutes behind it: where work ends."""
        if self.always:
            return worked
        while self._before[-1] + self._ends[-1] - self._starts[-1] < worked:
            self._extend()
        at = max(bisect_left(self._before, worked) - 1, 0)
        return self._starts[at] + worked - self._before[at]

    def start_of(self, worked: int) -> int:
        """The moment at which the minute after `worked` working minutes begins: where work starts."""
        if self.always:
            return worked
        while self._before[-1] + self._ends[-1] - self._starts[-1] <= worked:
            self._extend()
        at = bisect_right(self._before, worked) - 1
        return self._starts[at] + worked - self._before[at]

    def span(self, ready: int, minutes: int) -> Span:
        """Start and end of `minutes` of work that may begin at `ready`; breaks lie inside."""
        if self.always:
            return ready, ready + minutes
        start = self.open_at(ready)
        return start, (self.end_of(self.worked(start) + minutes) if minutes else start)

    def back(self, end: int, minutes: int) -> int:
        """The latest start from which `minutes` of work are done by `end`."""
        if self.always:
            return end - minutes
        return self.start_of(max(0, self.worked(end) - minutes))

    def _reach(self, moment: int) -> None:
        while self._next_day * DAY <= moment:
            self._extend()

    def _extend(self) -> None:
        # A calendar that never closes for weeks grows its last interval instead of getting another one.
        latest = self._ends[-1] if self._ends else None
        for _ in range(HORIZON_DAYS // CHUNK):
            for day in range(self._next_day, self._next_day + CHUNK):
                self._lay_out(day)
            self._next_day += CHUNK
            if self._ends and self._ends[-1] != latest:
                return
            if not self.calendar.week and self._next_day > max(self.calendar.exceptions, default=self._next_day):
                break
        raise NoWorkingTime

    def _lay_out(self, day: int) -> None:
        for start, end in self.calendar.day_spans(day):
            last = self._ends[-1] if self._ends else None
            if (
                last is not None and start <= last
            ):  # shifts that touch are one; a night shift may reach into an extra day
                self._ends[-1] = max(last, end)
                continue
            before = self._before[-1] + self._ends[-1] - self._starts[-1] if self._ends else 0
            self._starts.append(start)
            self._ends.append(end)
            self._before.append(before)


def union(calendars: Sequence[CalendarDef]) -> CalendarDef:
    """When at least one of the calendars is open."""
    distinct = list(dict.fromkeys((one.week, tuple(sorted(one.exceptions.items()))) for one in calendars))
    if len(distinct) == 1:
        return calendars[0]
    week = _merged([span for one, _ in distinct for span in one])
    days = {day for _, exceptions in distinct for day, _spans in exceptions}
    closed = {
        day: _merged([(start - day * DAY, end - day * DAY) for one in calendars for start, end in one.day_spans(day)])
        for day in days
    }
    return CalendarDef(week=_by_day(week), exceptions=closed)


def _merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)


def _by_day(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Cut spans at midnight, so that each belongs to the day it starts on."""
    found = []
    for start, end in spans:
        while start // DAY != (end - 1) // DAY:
            cut = (start // DAY + 1) * DAY
            found.append((start, cut))
            start = cut
        found.append((start, end))
    return tuple(found)
