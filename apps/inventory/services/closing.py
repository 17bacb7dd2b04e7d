"""月结: a month is checked, priced, photographed and closed for good."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.inventory.domain.amounts import fen, money, quantity_of, units
from apps.inventory.domain.costing import FIFO, Group, Move, ValueChange, Values, fold, place
from apps.inventory.domain.errors import CycleInCosts
from apps.inventory.domain.month import close_month
from apps.inventory.events import CostPosted, PeriodClosed
from apps.inventory.models import CostGroup, CostLayer, Period, PeriodCost, StockDocument, StockMove, StockSettings
from apps.inventory.services.refusals import cost_cycle, costing, wrong
from apps.inventory.services.stock import loading
from apps.inventory.services.stock.loading import BEGINNING
from apps.inventory.services.stock.opening import close_books
from apps.inventory.services.stock.valuing import Entry, Outcome, compare, write_outcome, write_rows
from apps.inventory.services.stock.writing import Batch
from apps.masterdata import public as masterdata
from kernel import audit
from kernel.errors import DomainError
from kernel.events import publish
from tenants.rights import Member

Event = Move | ValueChange

_BALANCES = """
INSERT INTO inventory_periodbalance (period_id, item_id, warehouse_id, location_id, lot_id, quantity)
SELECT %s, item_id, warehouse_id, location_id, lot_id, sum(quantity) FROM (
    SELECT item_id, warehouse_id, location_id, lot_id, quantity FROM inventory_periodbalance WHERE period_id = %s
    UNION ALL
    SELECT item_id, warehouse_id, location_id, lot_id, quantity FROM inventory_stockmove
     WHERE moved_on > %s AND moved_on <= %s) rows
 GROUP BY item_id, warehouse_id, location_id, lot_id HAVING sum(quantity) <> 0
"""
_COSTS_AS_BEFORE = """
INSERT INTO inventory_periodcost (period_id, group_id, quantity, value, layers)
SELECT %s, group_id, quantity, value, layers FROM inventory_periodcost
 WHERE period_id = %s AND NOT group_id = ANY(%s)
"""
_ACTIVE = """
SELECT group_id FROM inventory_stockmove WHERE moved_on > %s AND costing <> 'none' GROUP BY group_id
UNION SELECT group_id FROM inventory_valueevent WHERE dated_on > %s
"""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Why a month cannot be closed; `rows` name what stands in the way (numbers, codes)."""

    code: str
    message: str
    rows: tuple[str, ...] = ()


Check = Callable[[date, date], list[Problem]]
_checks: list[Check] = []


def add_check(check: Check) -> None:
    """Register `check(first_day, last_day)`: what else stands in the way of closing that month."""
    if check not in _checks:
        _checks.append(check)


def month_end(first: date) -> date:
    """The last day of the month of `first`."""
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def parse_month(text: str) -> date:
    """`2026-05` -> its first day. Raises Invalid `bad_month`."""
    try:
        if len(text) != 7:
            raise ValueError(text)
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise wrong(_("月份要写成 2026-05 这样。"), "bad_month", "month") from None


def is_next(settings: StockSettings, first: date, *, today: date) -> bool:
    """Only the month after the last closed one may close; the very first: not after the first move's month."""
    if first > today:
        return False
    if settings.closed_through is not None:
        return first == settings.closed_through + timedelta(days=1)
    earliest: date | None = StockMove.objects.aggregate(day=Min("moved_on"))["day"]
    return earliest is None or first <= earliest


def problems(*, month: str, at: datetime) -> list[Problem]:
    """What stands in the way of closing `month`; nothing is written."""
    first = parse_month(month)
    with transaction.atomic():
        settings = close_books()
        found = _obstacles(settings, first, at)
        if not found:
            try:
                _price(settings.closed_through or BEGINNING, month_end(first))
            except DomainError as error:
                found = [Problem(code=error.code, message=error.message, rows=tuple(error.extra.get("items", ())))]
    return found


def _obstacles(settings: StockSettings, first: date, at: datetime) -> list[Problem]:
    if not is_next(settings, first, today=timezone.localtime(at).date()):
        return [Problem(code="not_next_period", message=_("只能结账下一个未结账的月份。"))]
    last, found = month_end(first), []
    drafts = StockDocument.objects.filter(state=StockDocument.State.DRAFT, moved_on__lte=last).order_by("id")
    numbers = tuple(drafts.values_list("number", flat=True)[:50])
    if numbers:
        found.append(Problem(code="drafts_open", message=_("本月还有未记账的草稿，请先记账或删除。"), rows=numbers))
    for check in _checks:
        found += check(first, last)
    return found


@transaction.atomic
def close(*, month: str, actor: Member | None, at: datetime) -> Period:
    """Close `month` for good: price its monthly averages, keep quantities and values, publish PeriodClosed.

    Raises `not_next_period`, `drafts_open`, `stocktake_open`, `cost_cycle`, `value_below_zero`.
    """
    first = parse_month(month)
    settings = close_books()
    for problem in _obstacles(settings, first, at):
        raise DomainError(problem.message, problem.code, extra={"rows": list(problem.rows)})
    since, last = settings.closed_through or BEGINNING, month_end(first)
    priced = _price(since, last)
    batch, entries = Batch(), priced.outcome.entries
    write_outcome(priced.outcome, batch)
    write_rows(batch, entries, cause=None, at=at)
    period = _keep(priced, settings, first, last, actor=actor, at=at, entries=len(entries))
    audit.record(actor=actor, action="stock_period.close", object=f"stock_period:{month}", label=month)
    if entries:
        publish(CostPosted(document_id=0, dated_on=last.isoformat()))
    publish(PeriodClosed(period=month))
    return period


@dataclass
class Priced:
    """The month's end of every group that moved since the last close, and what has to be written."""

    outcome: Outcome
    ends: dict[int, Group] = field(default_factory=dict)


def _price(since: date, last: date) -> Priced:
    """Fold all open months again, pricing those that end by `last`."""
    with connection.cursor() as cursor:
        cursor.execute(_ACTIVE, [since, since])
        active = sorted(row[0] for row in cursor.fetchall())
    rows = {row.pk: row for row in CostGroup.objects.filter(pk__in=active).order_by("id")}
    past = loading.history(active, since=since)
    loading.fill_origins(past.moves)
    events: list[Event] = sorted([*past.moves, *past.changes], key=place)
    values = _known(past.moves)
    old = loading.amounts_in(active, since=since)
    groups = loading.snapshots(rows.values(), since=since)
    with costing():
        try:
            close_month(groups, [event for event in events if event.on <= last], values)
        except CycleInCosts as error:
            items = masterdata.stock_items_by_id(error.items)
            raise cost_cycle(error, sorted(item.code for item in items.values())) from error
        ends = {pk: group.copy() for pk, group in groups.items()}
        fold(groups, [event for event in events if event.on > last], values)
    entries = compare(past.moves, values, old, new=set(), kinds={}, late="close")
    return Priced(_outcome(groups, rows, values, entries), ends)


def _known(moves: Sequence[Move]) -> Values:
    inside = {move.id for move in moves}
    assemblies = loading.assemblies_of({move.document for move in moves if move.costing == "share"})
    outside = {move.feeder for move in moves if move.feeder} - inside
    outside |= {one for assembly in assemblies.values() for one in assembly.inputs} - inside
    return Values(dict(loading.amounts_of(outside)), {}, assemblies)


def _outcome(groups: dict[int, Group], rows: dict[int, CostGroup], values: Values, entries: list[Entry]) -> Outcome:
    """Only groups that stand otherwise than before are written."""
    touched = {entry.group for entry in entries}
    changed = {
        pk: group
        for pk, group in groups.items()
        if (units(rows[pk].quantity), fen(rows[pk].value)) != (group.quantity, group.value)
        or (group.method == FIFO and pk in touched)
    }
    fifo = [pk for pk, group in changed.items() if group.method == FIFO]
    layers = {row.move_id: row for row in CostLayer.objects.filter(group_id__in=fifo)}
    last_on = {pk: rows[pk].last_on or BEGINNING for pk in changed}
    return Outcome(changed, values.amounts, entries, rows, last_on, layers)


def _keep(
    priced: Priced,
    settings: StockSettings,
    first: date,
    last: date,
    *,
    actor: Member | None,
    at: datetime,
    entries: int,
) -> Period:
    """The snapshot of the month's end."""
    before = Period.objects.order_by("-month").first()
    period = Period(
        month=first, value=0, quantity_rows=0, entries=entries, closed_at=at,
        closed_by_id=actor.user_id if actor else None, closed_by_name=actor.name if actor else "",
    )  # fmt: skip
    costs = [_cost(group) for group in priced.ends.values() if group.quantity]
    quiet = PeriodCost.objects.none()
    if before is not None:
        quiet = PeriodCost.objects.filter(period=before).exclude(group_id__in=list(priced.ends))
    period.value = sum((row.value for row in costs), money(0)) + sum(quiet.values_list("value", flat=True), money(0))
    period.quantity_rows = len(costs) + quiet.count()
    period.save()
    for row in costs:
        row.period = period
    PeriodCost.objects.bulk_create(costs, batch_size=2000)
    previous = before.pk if before else 0
    since = settings.closed_through or BEGINNING
    with connection.cursor() as cursor:
        cursor.execute(_COSTS_AS_BEFORE, [period.pk, previous, list(priced.ends)])
        cursor.execute(_BALANCES, [period.pk, previous, since, last])
    settings.closed_through = last
    settings.save(update_fields=["closed_through"])
    return period


def _cost(group: Group) -> PeriodCost:
    layers: list[list[Any]] = [
        [layer.move, layer.on.isoformat(), layer.quantity, layer.value] for layer in group.layers
    ]
    return PeriodCost(group_id=group.id, quantity=quantity_of(group.quantity), value=money(group.value), layers=layers)
