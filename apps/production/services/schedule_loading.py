"""The shop as it stands, read for the scheduler: orders, machines, calendars, and the plan in force."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any

from django.db.models import Prefetch
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext as _

from apps.production.domain.codes import code_key
from apps.production.domain.shop import Centre, Job, Mode, Place, Shop, Step, duration
from apps.production.domain.worktime import DAY, CalendarDef
from apps.production.models import (
    Calendar,
    CalendarException,
    CalendarShift,
    Schedule,
    ScheduledStep,
    WorkCentre,
    WorkOrder,
    WorkOrderStep,
)
from apps.production.services.kit_check import kit_check
from apps.production.services.plan_refusals import wrong

EPOCH = date(2000, 1, 3)  # a Monday
TO_SCHEDULE = (WorkOrder.State.DRAFT, WorkOrder.State.RELEASED, WorkOrder.State.STARTED)
LONGEST_STEP = 60 * 24 * 366 * 5
Done = WorkOrderStep.State.DONE


def minute_of(moment: datetime, *, up: bool = False) -> int:
    """A moment as whole local minutes since 2000-01-03, a Monday."""
    local = moment.astimezone(get_default_timezone())
    minutes = (local.date() - EPOCH).days * DAY + local.hour * 60 + local.minute
    return minutes + (1 if up and (local.second or local.microsecond) else 0)


def moment_of(minutes: int) -> datetime:
    """Back again."""
    start = datetime(EPOCH.year, EPOCH.month, EPOCH.day, tzinfo=get_default_timezone())
    return start + timedelta(minutes=minutes)


@dataclass(frozen=True)
class Arrival:
    """The day on which the kit of an order is complete, and the item that comes last."""

    on: date
    item: str


@dataclass
class Loaded:
    """The shop, and which rows its numbers stand for. `base`: the plan it starts from, by step id.

    `material`: what orders wait for, by number.
    """

    shop: Shop
    centres: list[WorkCentre]
    orders: dict[int, WorkOrder]
    steps: dict[int, WorkOrderStep]
    base: dict[int, ScheduledStep]
    frozen: set[int] = field(default_factory=set)
    material: Mapping[str, Arrival] = field(default_factory=dict)

    def place_of(self, row: ScheduledStep) -> Place:
        return place_of(row, {centre.pk: number for number, centre in enumerate(self.centres)})


@dataclass(frozen=True)
class Wanted:
    """What is to be scheduled. `numbers` empty = all open orders; `base`: None = the published plan.

    `with_material`: an order waits for the day on which its kit is complete, as far as that day is known.
    """

    start_at: datetime
    numbers: Sequence[str] = ()
    frozen_until: datetime | None = None
    base: Schedule | None = None
    makespan_only: bool = False
    with_material: bool = False


def load(wanted: Wanted) -> Loaded:
    """Read everything in a fixed number of queries. Raises Invalid `unknown_work_order`, `bad_range`."""
    calendars, numbers = _calendars()
    centres = list(WorkCentre.objects.order_by("id"))
    by_code = {centre.code_key: number for number, centre in enumerate(centres)}
    by_id = {centre.pk: number for number, centre in enumerate(centres)}
    source = wanted.base or Schedule.objects.filter(is_published=True).first()
    base = {row.step_id: row for row in source.scheduled_steps.all()} if source else {}
    orders = _orders(wanted.numbers, base)
    start = minute_of(wanted.start_at, up=True)
    material = material_days(orders, wanted.start_at) if wanted.with_material else {}
    reader = _Reader(centres, by_code, by_id, base, start, _limit(wanted, start), material)
    jobs = [job for order in orders if (job := reader.job(order, _is_wanted(order, wanted.numbers)))]
    shop = Shop(
        start=start,
        centres=tuple(Centre(centre.units, numbers[centre.calendar_id], _matrix(centre)) for centre in centres),
        calendars=tuple(calendars),
        jobs=tuple(jobs),
        last=reader.last if not wanted.makespan_only else {},
        makespan_only=wanted.makespan_only,
    )
    shop = _due_first(shop)
    return Loaded(shop, centres, {order.pk: order for order in orders}, reader.steps, base, reader.frozen, material)


def _due_first(shop: Shop) -> Shop:
    return replace(shop, jobs=tuple(sorted(shop.jobs, key=lambda job: (job.due or 0, -job.weight, job.key))))


def _limit(wanted: Wanted, start: int) -> int:
    return minute_of(wanted.frozen_until) if wanted.frozen_until else start


def _matrix(centre: WorkCentre) -> Mapping[str, Mapping[str, int]]:
    return {
        before: {after: int(minutes) for after, minutes in row.items()} for before, row in centre.setup_matrix.items()
    }


def _calendars() -> tuple[list[CalendarDef], dict[int, int]]:
    rows = Calendar.objects.prefetch_related(
        Prefetch("shifts", CalendarShift.objects.order_by("from_minute")),
        Prefetch("exceptions", CalendarException.objects.order_by("on")),
    ).order_by("id")
    found, numbers = [], {}
    for number, row in enumerate(rows):
        numbers[row.pk] = number
        found.append(calendar_def(row))
    return found, numbers


def calendar_def(row: Calendar) -> CalendarDef:
    """A calendar with its shifts and exceptions at hand, as arithmetic takes it."""
    return CalendarDef(
        tuple((shift.from_minute, shift.to_minute) for shift in row.shifts.all()),
        {(one.on - EPOCH).days: tuple((start, end) for start, end in one.shifts) for one in row.exceptions.all()},
    )


def _orders(numbers: Sequence[str], base: Mapping[int, ScheduledStep]) -> list[WorkOrder]:
    """The orders that are asked for, and those that stand in the plan and are still open."""
    steps = WorkOrderStep.objects.order_by("seq")
    rows = WorkOrder.objects.filter(state__in=TO_SCHEDULE).select_related("item")
    found = list(rows.prefetch_related(Prefetch("steps", steps)).order_by("due_on", "priority", "id"))
    if not numbers:
        return found
    known = {order.number: order for order in found}
    for index, number in enumerate(numbers):
        if number not in known:
            sentence = _("没有可排产的工单“%(number)s”。") % {"number": number[:40]}
            raise wrong("unknown_work_order", sentence, f"work_orders.{index}")
    planned = {row.work_order_id for row in base.values()}
    return [order for order in found if order.number in numbers or order.pk in planned]


def _is_wanted(order: WorkOrder, numbers: Sequence[str]) -> bool:
    return not numbers or order.number in numbers


def material_days(orders: Sequence[WorkOrder], start_at: datetime) -> dict[str, Arrival]:
    """{order number: first day with a complete kit and why}, earlier orders served first; unknown days are left out."""
    waiting = [order.number for order in orders if order.state != WorkOrder.State.STARTED]
    if not waiting:
        return {}
    today = start_at.astimezone(get_default_timezone()).date()
    report = kit_check(numbers=waiting, since=None, until=None, in_sequence=True, expected=False, today=today)
    return {
        row.number: Arrival(row.complete_at, row.last_item)
        for row in report.answer.orders
        if row.complete_at and row.complete_at > today
    }


class _Reader:
    """Turns orders into jobs. `last`: where the steps stand in the plan; `frozen`: those that keep their place."""

    def __init__(
        self,
        centres: list[WorkCentre],
        by_code: Mapping[str, int],
        by_id: Mapping[int, int],
        base: Mapping[int, ScheduledStep],
        start: int,
        frozen_until: int,
        material: Mapping[str, Arrival],
    ) -> None:
        self._centres, self._by_code, self._by_id, self._base = centres, by_code, by_id, base
        self._start, self._frozen_until, self._material = start, frozen_until, material
        self.last: dict[int, Place] = {}
        self.steps: dict[int, WorkOrderStep] = {}
        self.frozen: set[int] = set()

    def job(self, order: WorkOrder, wanted: bool) -> Job | None:
        """None when nothing is left to do, or the order is neither wanted nor in the plan."""
        left = [step for step in order.steps.all() if step.state != Done and order.quantity > step.good + step.scrap]
        if not wanted:
            left = [step for step in left if step.pk in self._base]
        if not left:
            return None
        steps = tuple(
            self._step(order, step, before, wanted) for before, step in zip([None, *left], left, strict=False)
        )
        arrival = self._material.get(order.number)
        days = [on for on in (order.start_on, arrival.on if arrival else None) if on is not None]
        release = max([self._start, *((on - EPOCH).days * DAY for on in days)])
        due = (order.due_on - EPOCH).days * DAY + DAY
        return Job(order.pk, steps, release, due, 10 - order.priority)

    def _step(self, order: WorkOrder, row: WorkOrderStep, before: WorkOrderStep | None, wanted: bool) -> Step:
        quantity = Fraction(order.quantity - row.good - row.scrap)
        self.steps[row.pk] = row
        batch = row.overlap_quantity
        planned = self._base.get(row.pk)
        place = place_of(planned, self._by_id) if planned is not None else None
        if place is not None and planned is not None:
            self.last[row.pk] = place
            if not wanted or self._stands(row, planned, place):
                self.frozen.add(row.pk)
        lead = int(row.subcontract.get("lead_days") or 0) * DAY if row.subcontract else None
        return Step(
            key=row.pk,
            modes=tuple(self._modes(row, before, quantity)),
            queue=ceil(row.queue_minutes),
            group=row.setup_group,
            overlaps=batch is not None and 0 < batch < quantity,
            lead=lead,
            fixed=place if row.pk in self.frozen else None,
        )

    def _stands(self, row: WorkOrderStep, planned: ScheduledStep, place: Place) -> bool:
        if place.end <= self._start:
            return False  # its time is over and it is not done: it needs a new one
        started = row.state == WorkOrderStep.State.STARTED
        return started or planned.pinned or place.start < self._frozen_until

    def _modes(self, row: WorkOrderStep, before: WorkOrderStep | None, quantity: Fraction) -> Iterable[Mode]:
        incoming = before.overlap_quantity if before is not None else None
        yield self._mode(self._by_id[row.work_centre_id], row, incoming, quantity, vars(row))
        for other in row.alternatives:
            number = self._by_code.get(code_key(str(other.get("work_centre"))))
            if number is not None and number != self._by_id[row.work_centre_id]:
                yield self._mode(number, row, incoming, quantity, other)

    def _mode(
        self, centre: int, row: WorkOrderStep, incoming: Decimal | None, quantity: Fraction, minutes: Mapping[str, Any]
    ) -> Mode:
        setup, run, fixed = (
            Fraction(str(minutes.get(name) or 0)) for name in ("setup_minutes", "run_minutes", "fixed_minutes")
        )
        if row.state == WorkOrderStep.State.STARTED:
            setup = fixed = Fraction(0)  # the machine is set up, only the pieces that are left take time
        efficiency = Fraction(self._centres[centre].efficiency)
        total = min(LONGEST_STEP, duration(setup, run, quantity, fixed, efficiency))
        whole_setup = min(total, ceil(setup))
        out, last = Fraction(row.overlap_quantity or quantity), Fraction(incoming or quantity)
        first = duration(setup, run, min(out, quantity), fixed, efficiency)
        tail = ceil(run * min(last, quantity) / efficiency)
        return Mode(
            centre,
            whole_setup,
            total - whole_setup,
            min(total, first),
            min(total, tail) if incoming is not None and last < quantity else total,
        )


def place_of(row: ScheduledStep, by_id: Mapping[int, int]) -> Place:
    """A stored step as the arithmetic sees it."""
    start, end = minute_of(row.start_at), minute_of(row.end_at)
    return Place(by_id[row.work_centre_id], row.unit, start, end, row.setup_minutes)


def fingerprint(orders: Iterable[WorkOrder]) -> list[list[Any]]:
    """What a schedule depends on, order by order: [id, number, due, priority, quantity, start, open]."""
    return [
        [
            order.pk,
            order.number,
            order.due_on.isoformat(),
            order.priority,
            f"{order.quantity:f}",
            order.start_on.isoformat() if order.start_on else None,
            order.state in TO_SCHEDULE,
        ]
        for order in sorted(orders, key=lambda order: order.pk)
    ]
