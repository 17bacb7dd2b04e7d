"""The demo company: built once, through the services that people use, by parts that the modules bring.

The module that knows how companies are sold sets the maker. Each module brings what stands before the story begins
(`add_opening`), what its people do in each of twelve months (`add_months`), and what waits today (`add_part`). The
months are told day by day across the modules, each deed at its own moment: what one module did in the morning, the
next one finds.
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone

from kernel import events
from kernel.clock import frozen_at, now
from tenants.context import Company
from tenants.db.prepared import planned_when_repeated
from tenants.rights import Member

SLUG = "demo"
NAME = "宏达五金制品"
# How lively each month was, in percent of an ordinary one; the Spring Festival shows. The last one is running.
SEASON = (96, 104, 62, 88, 101, 107, 99, 112, 105, 118, 121, 127)
SUNDAY = 7
AT_ONCE = 100_000  # deliveries after one deed


@dataclass(frozen=True, kw_only=True)
class Person:
    """One demo member and how to sign in."""

    role: str
    title: str
    account: str
    password: str
    member: Member


@dataclass(frozen=True, kw_only=True)
class DemoCompany:
    """The company, its people by role, and the day that its story ends on."""

    company: Company
    people: dict[str, Person]
    staff: tuple[Person, ...]  # of the operator
    today: date

    def member(self, role: str) -> Member:
        """The member who plays `role`; the owner where nobody does."""
        return self.people.get(role, self.people["owner"]).member

    @property
    def start(self) -> date:
        """The first day of the story."""
        return months_of(self.today)[0].first


@dataclass(frozen=True, kw_only=True)
class StoryMonth:
    """One month of the story; `index` 0 is the first. The last one is running: nothing of it is closed."""

    index: int
    first: date
    today: date

    @property
    def last(self) -> date:
        return (self.first + timedelta(days=32)).replace(day=1) - timedelta(days=1)

    @property
    def is_running(self) -> bool:
        return self.last >= self.today

    @property
    def name(self) -> str:
        """`2026-05`."""
        return f"{self.first:%Y-%m}"

    @property
    def percent(self) -> int:
        """How lively it was: 100 is an ordinary month."""
        return SEASON[self.index]

    @property
    def percent_of_two(self) -> int:
        """This month and the next one together, of one ordinary month; the one after the last is like it."""
        return self.percent + SEASON[min(self.index + 1, len(SEASON) - 1)]

    def day(self, number: int) -> date:
        """A working day of the month: Monday instead of Sunday."""
        found = self.first.replace(day=number)
        return found + timedelta(days=1) if found.isoweekday() == SUNDAY and found < self.last else found


@dataclass(frozen=True)
class Happening:
    """Something that people did on a day; `play` is told the moment.

    `until` is the day on which what it begins is over: of the running month only what is over by today is told.
    """

    on: date
    play: Callable[[datetime], Any]
    until: date | None = None


@dataclass(frozen=True)
class Part:
    """A module's share of the beginning or of today; runs inside the company."""

    key: str
    position: int
    module: str | None
    build: Callable[[DemoCompany], None]


@dataclass(frozen=True)
class Months:
    """A module's share of each month, earlier days and lower positions first."""

    key: str
    position: int
    module: str | None
    tell: Callable[[DemoCompany, StoryMonth], Sequence[Happening]]


_openings: dict[str, Part] = {}
_months: dict[str, Months] = {}
_parts: dict[str, Part] = {}
_makers: list[Callable[[date], DemoCompany]] = []


def set_maker(make: Callable[[date], DemoCompany]) -> None:
    """Who makes company and people; runs on the shared tables."""
    _makers[:] = [make]


def add_opening(key: str, build: Callable[[DemoCompany], None], *, position: int, module: str | None = None) -> None:
    """What stands before the first month."""
    _openings[key] = Part(key, position, module, build)


def add_months(
    key: str,
    tell: Callable[[DemoCompany, StoryMonth], Sequence[Happening]],
    *,
    position: int,
    module: str | None = None,
) -> None:
    """What people do in each month."""
    _months[key] = Months(key, position, module, tell)


def add_part(key: str, build: Callable[[DemoCompany], None], *, position: int, module: str | None = None) -> None:
    """What waits today."""
    _parts[key] = Part(key, position, module, build)


def modules() -> set[str | None]:
    """The modules that have a share in the story."""
    parts = (*_openings.values(), *_parts.values())
    return {part.module for part in parts} | {share.module for share in _months.values()}


def make_company(today: date) -> DemoCompany:
    """Raises RuntimeError when no module knows how to make companies."""
    if not _makers:
        raise RuntimeError("no maker of companies is registered")
    return _makers[0](today)


def months_of(today: date) -> list[StoryMonth]:
    """The twelve months that end with the one of `today`."""
    number = today.year * 12 + today.month - len(SEASON)
    firsts = [date((number + index) // 12, (number + index) % 12 + 1, 1) for index in range(len(SEASON))]
    return [StoryMonth(index=index, first=first, today=today) for index, first in enumerate(firsts)]


def tell(
    made: DemoCompany, *, plays: Callable[[str | None], bool], report: Callable[[int, int], None] | None = None
) -> None:
    """Tell the story inside the company: the shares of modules that it `plays`; `report` hears (done, of how many).

    What happened before this month is metered for nobody and leaves through no webhook.
    """
    acts = [
        lambda: _begin(made, _chosen(_openings, plays)),
        *(_act(made, month, _chosen(_months, plays)) for month in months_of(made.today)),
        *(_last_act(made, part) for part in _chosen(_parts, plays)),
    ]
    with planned_when_repeated():
        for number, act in enumerate(acts):
            if report is not None:
                report(number, len(acts))
            act()


Share = TypeVar("Share", Part, Months)


def _chosen(shares: dict[str, Share], plays: Callable[[str | None], bool]) -> list[Share]:
    """In the order of the floors: what others build on comes first."""
    found = [share for share in shares.values() if plays(share.module)]
    return sorted(found, key=lambda share: (share.position, share.key))


def _begin(made: DemoCompany, parts: Sequence[Part]) -> None:
    with events.untold(), frozen_at(_moment(made.start, 0)):
        for part in parts:
            part.build(made)
            events.deliver_waiting(limit=AT_ONCE)


def _act(made: DemoCompany, month: StoryMonth, shares: Sequence[Months]) -> Callable[[], None]:
    return lambda: _live(made, month, shares)


def _last_act(made: DemoCompany, part: Part) -> Callable[[], None]:
    def act() -> None:
        part.build(made)
        events.deliver_waiting(limit=AT_ONCE)

    return act


def _live(made: DemoCompany, month: StoryMonth, shares: Sequence[Months]) -> None:
    told = [one for share in shares for one in share.tell(made, month) if (one.until or one.on) <= made.today]
    with ExitStack() as stack:
        if not month.is_running:
            stack.enter_context(events.untold())
            stack.enter_context(transaction.atomic())  # one commit a month, not one a deed
        for number, one in enumerate(sorted(told, key=lambda one: one.on)):
            moment = _moment(one.on, number)
            with frozen_at(moment):
                one.play(moment)
                events.deliver_waiting(limit=AT_ONCE)


def _moment(on: date, number: int) -> datetime:
    """In the working hours of the day, the later the higher `number`; never in the future."""
    begun = datetime.combine(on, time(8, 30), tzinfo=timezone.get_current_timezone())
    return min(begun + timedelta(minutes=9 * number), now())
