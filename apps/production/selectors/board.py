"""排产看板: machines with their bars in a window of time, ready to print."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Min
from django.utils.translation import gettext as _

from apps.production.domain.codes import code_key
from apps.production.domain.worktime import DAY, WorkTime
from apps.production.models import Schedule, ScheduledStep, WorkCentre, WorkOrder, WorkOrderStep
from apps.production.selectors.capacity import calendars
from apps.production.services.schedule_loading import EPOCH, calendar_def, minute_of, moment_of

ZOOMS = {"hour": 2, "day": 16, "week": 42, "month": 91}
BEFORE_TODAY = 4
ORDERS = 50
HOUR = 60
LEAST_BAR, TRACK = 40, 852  # pixels: the narrowest bar of q-board.css, a lane on a window of 1280


@dataclass
class Bar:
    """One step. `start`, `end` in minutes of the window; `ways`: codes of the machines it may go to."""

    row: ScheduledStep
    item: str
    word: str
    css: str
    start: int
    end: int
    done: int
    late_days: int
    ways: str
    can_move: bool


@dataclass
class Lane:
    """One place of a work centre. `closed`: spans of the window in which nobody works there."""

    centre: WorkCentre
    unit: int
    name: str
    load: int = 0
    bars: list[Bar] = field(default_factory=list)
    closed: list[tuple[int, int]] = field(default_factory=list)

    def rows(self, minutes: int) -> int:
        """Rows of bars that would else cover each other, as `q-board.js` lays them: the page keeps room for them."""
        least, ends = minutes * LEAST_BAR // TRACK, list[int]()
        for bar in sorted(self.bars, key=lambda one: one.start):
            start = max(0, bar.start)
            row = next((at for at, end in enumerate(ends) if end <= start), len(ends))
            ends[row : row + 1] = [start + max(least, bar.end - start)]
        return max(1, len(ends))


@dataclass
class Slot:
    """One cell of the head."""

    top: str
    text: str
    css: str


@dataclass
class Board:
    """The window and what is in it. `minutes`: its length; `now`: where today's clock stands, None outside."""

    run: Schedule | None
    zoom: str
    first: date
    last: date
    minutes: int
    now: int | None
    lanes: list[Lane]
    slots: list[Slot]
    orders: list[dict[str, Any]]
    late: list[dict[str, Any]]

    @property
    def lane_rows(self) -> list[tuple[Lane, int]]:
        """Lanes with the rows that their bars need, six at most."""
        return [(lane, min(6, lane.rows(self.minutes))) for lane in self.lanes]

    @property
    def before(self) -> date:
        return self.first - (self.last - self.first) // 2 - timedelta(days=1)

    @property
    def after(self) -> date:
        return self.first + (self.last - self.first) // 2 + timedelta(days=1)


def board(*, run: Schedule | None, first: date | None, zoom: str, at: datetime) -> Board:
    """The board of a run (None: nothing is planned yet) from `first`, by default from a few days before today."""
    days = ZOOMS.get(zoom, ZOOMS["day"])
    zoom = zoom if zoom in ZOOMS else "day"
    today = moment_of(minute_of(at)).date()
    first = first or _first_day(run, today, days)
    start = (first - EPOCH).days * DAY
    end = start + days * DAY
    rows = _rows(run, start, end)
    orders = {
        order.pk: order
        for order in WorkOrder.objects.select_related("item").filter(pk__in={row.work_order_id for row in rows})
    }
    found = WorkOrderStep.objects.select_related("work_centre").filter(pk__in=[row.step_id for row in rows])
    steps = {step.pk: step for step in found}
    late = {
        row["work_order"]: {"item_name": row["item"], **row, "days": -(-int(row["late_minutes"]) // DAY)}
        for row in (run.late if run else [])
    }
    lanes = _lanes(start, end)
    places = {(lane.centre.pk, lane.unit): lane for lane in lanes}
    for row in rows:
        lane = places.get((row.work_centre_id, max(1, row.unit)))
        order, step = orders.get(row.work_order_id), steps.get(row.step_id)
        if lane is not None and order is not None and step is not None:
            lane.bars.append(_bar(row, order, step, late, start, run))
    _measure(lanes, end - start)
    now = minute_of(at) - start
    return Board(
        run, zoom, first, first + timedelta(days=days - 1), end - start, now if 0 <= now < end - start else None,
        lanes, _slots(first, zoom, today), _order_rows(late), list(late.values()),
    )  # fmt: skip


def _first_day(run: Schedule | None, today: date, days: int) -> date:
    first = today - timedelta(days=min(BEFORE_TODAY, days // 4))
    if run is None:
        return first
    shown = run.scheduled_steps.filter(end_at__gte=moment_of((first - EPOCH).days * DAY))
    begins = shown.aggregate(first=Min("start_at"))["first"]
    if begins is None:
        return first
    begin_day = moment_of(minute_of(begins)).date()
    return begin_day if begin_day > first + timedelta(days=days) else first


def _rows(run: Schedule | None, start: int, end: int) -> list[ScheduledStep]:
    rows = ScheduledStep.objects.filter(schedule=run, end_at__gt=moment_of(start), start_at__lt=moment_of(end))
    return list(rows.select_related("work_centre").order_by("start_at", "id")) if run is not None else []


def _lanes(start: int, end: int) -> list[Lane]:
    times = {row.pk: WorkTime(calendar_def(row), start) for row in calendars()}
    found = []
    for centre in WorkCentre.objects.select_related("calendar").order_by("code_key", "id"):
        closed = _closed(times[centre.calendar_id], start, end)
        for unit in range(1, centre.units + 1):
            name = centre.name if centre.units == 1 else f"{centre.name} {unit}"
            found.append(Lane(centre, unit, name, closed=closed))
    return found


def _closed(time: WorkTime, start: int, end: int) -> list[tuple[int, int]]:
    found, reached = [], start
    for opens, closes in time.intervals(start, end):
        if opens > reached:
            found.append((reached - start, opens - start))
        reached = closes
    if reached < end:
        found.append((reached - start, end - start))
    return found


def _bar(
    row: ScheduledStep, order: WorkOrder, step: WorkOrderStep, late: dict[str, Any], start: int, run: Schedule | None
) -> Bar:
    minutes = int(late.get(order.number, {}).get("late_minutes", 0))
    done = int(100 * (step.good + step.scrap) / order.quantity) if order.quantity else 0
    over = step.state == WorkOrderStep.State.DONE
    word, css = _look(order, step, late=bool(minutes), over=over)
    if row.pinned or row.frozen:
        css += " q-j-frozen"
    own = [row.work_centre.code, step.work_centre.code, *(str(one["work_centre"]) for one in step.alternatives)]
    ways = [code_key(code) for code in own]
    published = run is not None and run.is_published
    return Bar(
        row, order.item.name or order.item.code, word, css,
        minute_of(row.start_at) - start, minute_of(row.end_at) - start,
        min(100, done), -(-minutes // DAY), " ".join(dict.fromkeys(filter(None, ways))),
        published and not row.pinned and step.state == WorkOrderStep.State.WAITING,
    )  # fmt: skip


def _look(order: WorkOrder, step: WorkOrderStep, *, late: bool, over: bool) -> tuple[str, str]:
    """The word and the colour of a bar."""
    if over:
        return _("已完工"), "q-j-done"
    if late:
        return _("延误"), "q-j-late"
    if order.state == WorkOrder.State.ON_HOLD:
        return _("暂停"), ""
    if step.state == WorkOrderStep.State.STARTED:
        return _("生产中"), "q-j-run"
    return (_("未开始"), "") if order.state == WorkOrder.State.DRAFT else (_("已下达"), "")


def _measure(lanes: Sequence[Lane], length: int) -> None:
    """Load of the window: working minutes that are taken, in per cent of those there are."""
    for lane in lanes:
        closed = sum(end - start for start, end in lane.closed)
        opened = length - closed
        taken = sum(_inside(bar, lane, length) for bar in lane.bars if bar.row.unit)
        lane.load = min(100, round(100 * taken / opened)) if opened else 0


def _inside(bar: Bar, lane: Lane, length: int) -> int:
    start, end = max(0, bar.start), min(length, bar.end)
    shut = sum(max(0, min(end, to) - max(start, since)) for since, to in lane.closed)
    return max(0, end - start - shut)


def _slots(first: date, zoom: str, today: date) -> list[Slot]:
    names = [_("一"), _("二"), _("三"), _("四"), _("五"), _("六"), _("日")]
    if zoom == "hour":
        return [
            Slot(f"{first + timedelta(days=day):%m-%d}" if hour == 0 else "", f"{hour:02d}", "")
            for day in range(ZOOMS[zoom])
            for hour in range(24)
        ]
    found = []
    step = 7 if zoom == "month" else 1
    for offset in range(0, ZOOMS[zoom], step):
        day = first + timedelta(days=offset)
        css = "q-off" if day.weekday() > 4 and step == 1 else ""
        if step == 1 and day == today:
            css = "q-now"
        top = names[day.weekday()] if zoom == "day" else f"{day:%m}" if day.day == 1 or not offset or step > 1 else ""
        found.append(Slot(top, f"{day:%d}", css))
    return found


def _order_rows(late: dict[str, Any]) -> list[dict[str, Any]]:
    """Open orders, the most urgent first, for the table under the board."""
    rows = (
        WorkOrder.objects.filter(state__in=WorkOrder.OPEN).select_related("item").order_by("due_on", "priority", "id")
    )
    found = []
    for order in rows[:ORDERS]:
        percent = int(100 * order.good / order.quantity) if order.quantity else 0
        found.append({"order": order, "percent": min(100, percent), "is_late": order.number in late})
    return found
