"""Working time of calendars."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.production.domain.schedule_check import open_minutes
from apps.production.domain.shifts import BadShift, clock, day_spans, week_spans
from apps.production.domain.worktime import DAY, CalendarDef, NoWorkingTime, WorkTime, union

MONDAY = 9000 * DAY - (9000 % 7) * DAY
ALWAYS = CalendarDef(tuple((day * DAY, day * DAY + DAY) for day in range(7)))
OFFICE = CalendarDef(tuple((day * DAY + 480, day * DAY + 1020) for day in range(5)))  # Mon-Fri 08:00-17:00
NIGHT = CalendarDef(tuple((day * DAY + 1320, day * DAY + 1800) for day in range(7)))  # 22:00-06:00


def test_work_stops_at_night_and_goes_on_in_the_morning() -> None:
    time = WorkTime(OFFICE, MONDAY)

    start, end = time.span(MONDAY + 960, 120)  # 16:00, two hours

    assert (start, end) == (MONDAY + 960, MONDAY + DAY + 540)  # one hour today, one tomorrow to 09:00


def test_work_that_fills_the_day_ends_with_it() -> None:
    time = WorkTime(OFFICE, MONDAY)

    assert time.span(MONDAY, 540) == (MONDAY + 480, MONDAY + 1020)
    assert time.span(MONDAY + 1020, 60)[0] == MONDAY + DAY + 480  # 17:00 is closed: next day 08:00
    assert time.span(MONDAY + 4 * DAY + 1020, 1)[0] == MONDAY + 7 * DAY + 480  # after Friday comes Monday
    assert time.back(MONDAY + DAY + 540, 120) == MONDAY + 960


def test_a_holiday_is_closed_and_an_extra_day_is_open() -> None:
    day = MONDAY // DAY
    holiday = CalendarDef(OFFICE.week, {day: (), day + 5: ((480, 720),)})
    time = WorkTime(holiday, MONDAY)

    assert time.open_at(MONDAY + 480) == MONDAY + DAY + 480
    assert time.intervals(MONDAY + 5 * DAY, MONDAY + 7 * DAY) == [(MONDAY + 5 * DAY + 480, MONDAY + 5 * DAY + 720)]


def test_a_machine_that_never_closes_but_on_a_holiday() -> None:
    time = WorkTime(CalendarDef(ALWAYS.week, {MONDAY // DAY + 2: ()}), MONDAY)

    assert time.span(MONDAY + DAY, 3 * DAY) == (MONDAY + DAY, MONDAY + 5 * DAY)  # Wednesday is skipped
    assert time.start_of(time.worked(MONDAY + 2 * DAY)) == MONDAY + 3 * DAY
    assert time.end_of(time.worked(MONDAY) + 300 * DAY) == MONDAY + 301 * DAY  # far beyond the last exception


def test_machines_with_and_without_night_share_one_axis() -> None:
    office = CalendarDef(OFFICE.week, {MONDAY // DAY + 3: ()})
    time = WorkTime(union([office, ALWAYS]), MONDAY)

    assert time.span(MONDAY, 200 * DAY) == (MONDAY, MONDAY + 200 * DAY)
    assert time.start_of(time.worked(MONDAY) + 200 * DAY) == MONDAY + 200 * DAY


def test_a_calendar_without_shifts_says_so() -> None:
    with pytest.raises(NoWorkingTime):
        WorkTime(CalendarDef(()), MONDAY).open_at(MONDAY)


def test_shifts_are_read_from_their_words() -> None:
    assert day_spans([{"from": "08:00", "to": "12:00"}, {"from": "22:00", "to": "06:00"}]) == [(480, 720), (1320, 1800)]
    assert clock(1800) == "06:00"
    assert week_spans([{"weekday": 7, "from": "22:00", "to": "06:00"}]) == [(6 * DAY + 1320, 6 * DAY + 1800)]
    with pytest.raises(BadShift):
        week_spans([{"weekday": 7, "from": "22:00", "to": "06:00"}, {"weekday": 1, "from": "05:00", "to": "12:00"}])


@st.composite
def calendars(draw: st.DrawFn) -> CalendarDef:
    """Random weeks with breaks, night shifts and exceptions."""
    week = []
    for day in sorted(draw(st.sets(st.integers(0, 6), min_size=1))):
        start = draw(st.integers(0, 20)) * 60
        length = draw(st.integers(1, 8)) * 30
        week.append((day * DAY + start, day * DAY + start + length))
        if draw(st.booleans()):
            again = start + length + draw(st.integers(0, 3)) * 30
            week.append((day * DAY + again, day * DAY + min(again + 120, DAY)) if again < DAY else (0, 0))
    spans = tuple(sorted(span for span in week if span[1] > span[0]))
    days = draw(st.dictionaries(st.integers(MONDAY // DAY, MONDAY // DAY + 30), st.just(()), max_size=3))
    return CalendarDef(spans, days)


@given(calendars(), st.integers(0, 30 * DAY), st.integers(1, 3000))
def test_a_span_holds_exactly_its_work(calendar: CalendarDef, offset: int, minutes: int) -> None:
    time = WorkTime(calendar, MONDAY)

    start, end = time.span(MONDAY + offset, minutes)

    assert start >= MONDAY + offset
    assert open_minutes(calendar, start, end) == minutes
    assert open_minutes(calendar, start, start + 1) == open_minutes(calendar, end - 1, end) == 1
    assert time.back(end, minutes) == start
    assert open_minutes(calendar, MONDAY + offset, start) == 0


@given(calendars(), calendars(), st.integers(0, 20 * DAY))
def test_the_union_is_open_when_one_of_them_is(one: CalendarDef, other: CalendarDef, offset: int) -> None:
    both = union([one, other])
    at = MONDAY + offset

    expected = bool(open_minutes(one, at, at + 1) or open_minutes(other, at, at + 1))

    assert bool(WorkTime(both, MONDAY).intervals(at, at + 1)) is expected


def test_the_night_shift_belongs_to_the_day_it_starts_on() -> None:
    day = MONDAY // DAY
    closed_monday = CalendarDef(NIGHT.week, {day: ()})
    time = WorkTime(closed_monday, MONDAY)

    assert time.intervals(MONDAY, MONDAY + 2 * DAY) == [
        (MONDAY, MONDAY + 360),  # Sunday's shift runs to Monday 06:00
        (MONDAY + DAY + 1320, MONDAY + 2 * DAY),
    ]
