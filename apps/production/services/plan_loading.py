"""Everything a plan starts from, read once and laid out as the columns that `domain.mrp` computes with."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import numpy as np

from apps.masterdata import public as masterdata
from apps.production import plan_links
from apps.production.domain.explosion import DirectLine, direct_lines
from apps.production.domain.lots import RULES, LotRules, economic_quantity
from apps.production.domain.mrp import DEMAND, ORDER, Items, Lines, Needs, Problem, Receipts
from apps.production.domain.planning_tables import line_table
from apps.production.domain.quantities import SCALE, Ints, ints, step_of, to_int
from apps.production.models import PlannedOrder, PlanningData
from apps.production.selectors.open_orders import OpenOrder, open_orders
from apps.production.selectors.plan_settings import settings
from apps.production.services.plan_bills import Versions, active_bills, versions_of
from apps.production.services.plan_calendar import workdays
from apps.production.services.plan_rows import DemandRow, Parameters, open_demands, parameters

MARGIN = 400  # days: bills that count a year around the plan may count in it
FREE = 0  # the row of an item that serves everybody; a make-to-order line has a row of its own
Key = tuple[int, int]
PlanItem = masterdata.PlanItem


@dataclass(frozen=True)
class Receipt:
    """An open order that will bring something. `kind`: purchase or work (or what stock calls it)."""

    key: Key
    kind: str
    number: str
    line: int
    quantity: int
    due_on: date


@dataclass
class Loaded:
    """The question and what its numbers mean: `keys[row]` = (item, demand it is made for or 0)."""

    start_on: date
    keys: list[Key]
    items: dict[int, PlanItem]
    data: dict[int, Parameters]
    makes: dict[int, bool]
    bills: Versions
    demands: list[DemandRow]
    receipts: list[Receipt]
    problem: Problem


def load(*, start_on: date, horizon_days: int) -> Loaded:
    """Read the plant as it stands. Days run from `start_on` (0) to `start_on + horizon_days`, both included."""
    until = start_on + timedelta(days=horizon_days)
    heads, lines = active_bills(start_on - timedelta(days=MARGIN), until)
    demands = open_demands(until)
    orders = open_orders()
    stock = _stock(demands, orders)
    coming = [*plan_links.coming(), *plan_links.proposed(_proposals())]
    data = parameters()
    wanted = {row[1] for row in heads} | {row[1] for row in lines} | {row.item_id for row in demands} | data.keys()
    wanted |= {order.item_id for order in orders} | {need.item_id for order in orders for need in order.needs}
    wanted |= stock.keys() | {row.item_id for row in coming}
    items = masterdata.plan_items(wanted)
    versions = versions_of(heads, lines, items)
    makes = {pk: _is_made(info, data.get(pk), pk in versions) for pk, info in items.items()}
    keys = [(pk, FREE) for pk in sorted(items)]
    keys += [(row.item_id, row.id) for row in demands if row.make_to_order]
    row_of = {key: at for at, key in enumerate(keys)}
    receipts = _receipts(orders, coming, demands, row_of)
    problem = Problem(
        items=_item_columns(keys, items, data, makes, versions, stock),
        lines=_lines(keys, versions, start_on),
        links=_links(keys, versions, row_of),
        needs=_needs(demands, orders, row_of, start_on),
        receipts=Receipts(
            ints(row_of[row.key] for row in receipts),
            ints((row.due_on - start_on).days for row in receipts),
            ints(row.quantity for row in receipts),
        ),
        days=horizon_days + 1,
        **workdays(settings().plan_calendar, start_on=start_on, until=until),
    )
    return Loaded(start_on, keys, items, data, makes, versions, demands, receipts, problem)


def _stock(demands: list[DemandRow], orders: list[OpenOrder]) -> dict[int, Decimal]:
    """Usable stock less what is kept for others.

    What a demand or an open order of the plan has reserved counts: the plan gives it to them anyway.
    """
    # A make-to-order line takes nothing from stock: what is kept for it is out of everybody's reach.
    lines = [row for row in demands if row.source_kind and not row.make_to_order]
    known = {(row.source_kind, row.source_number, line) for row in lines for line in ("", str(row.source_line))}
    known |= {(plan_links.OWN, order.number, "") for order in orders}
    stock = plan_links.usable_stock()
    for row in plan_links.held():
        if (row.kind, row.number, "" if row.kind == plan_links.OWN else row.line) not in known:
            stock[row.item_id] = stock.get(row.item_id, Decimal(0)) - row.quantity
    return stock


def _proposals() -> list[str]:
    """Numbers of purchase orders that planned orders became."""
    rows = PlannedOrder.objects.filter(kind=PlannedOrder.Kind.BUY).exclude(released_as="")
    return list(rows.order_by("released_as").values_list("released_as", flat=True).distinct())


def _is_made(item: PlanItem, data: Parameters | None, has_bill: bool) -> bool:
    """What planning says, else what the item says; an item with a bill in force is made."""
    if data is not None and data.source:
        return data.source == PlanningData.Source.MAKE
    return has_bill or item.source in ("make", "outsource")


def _receipts(
    orders: list[OpenOrder], coming: list[plan_links.Coming], demands: list[DemandRow], row_of: dict[Key, int]
) -> list[Receipt]:
    """Sorted as netting wants them: by item, due day, number, line."""
    own = {(row.source_number, row.source_line): row for row in demands if row.make_to_order}
    found = []
    for order in orders:
        demand = own.get((order.sales_order, order.sales_line))
        made_for = demand.id if demand is not None and demand.item_id == order.item_id else FREE
        if order.left > 0:
            found.append(Receipt((order.item_id, made_for), "work", order.number, 0, to_int(order.left), order.due_on))
    for row in coming:
        kind = "purchase" if row.kind == "purchase_order" else row.kind
        line = int(row.line) if row.line.isdigit() else 0
        found.append(Receipt((row.item_id, FREE), kind, row.number, line, to_int(row.quantity), row.due_on))
    known = [row for row in found if row.key in row_of]
    return sorted(known, key=lambda row: (row_of[row.key], row.due_on, row.number, row.line))


def _needs(demands: list[DemandRow], orders: list[OpenOrder], row_of: dict[Key, int], start_on: date) -> Needs:
    rows = [
        (row_of[row.item_id, row.id if row.make_to_order else FREE], row.due_on, row.open, DEMAND, row.id, row.priority)
        for row in demands
        if row.item_id and (row.item_id, FREE) in row_of
    ]
    rows += [
        (row_of[need.item_id, FREE], need.on or start_on, need.quantity, ORDER, order.id, order.priority)
        for order in orders
        for need in order.needs
        if need.quantity > 0 and (need.item_id, FREE) in row_of
    ]
    return Needs(
        ints(row[0] for row in rows),
        ints((row[1] - start_on).days for row in rows),
        ints(to_int(row[2]) for row in rows),
        ints(row[3] for row in rows),
        ints(row[4] for row in rows),
        ints(row[5] for row in rows),
    )


def _item_columns(
    keys: list[Key],
    items: dict[int, PlanItem],
    data: dict[int, Parameters],
    makes: dict[int, bool],
    versions: Versions,
    stock: dict[int, Decimal],
) -> Items:
    plain = Parameters()
    given = [data.get(item, plain) for item, _ in keys]
    free = [made_for == FREE for _, made_for in keys]
    steps = [step_of(items[item].decimals) for item, _ in keys]
    both = list(zip(given, free, strict=True))
    return Items(
        on_hand=ints(to_int(max(stock.get(item, 0), 0)) if made_for == FREE else 0 for item, made_for in keys),
        safety=ints(to_int(row.safety_stock) if is_free else 0 for row, is_free in both),
        lead=ints(row.lead_days for row in given),
        step=ints(steps),
        tolerance=ints(row.tolerance_days for row in given),
        explodes=np.array([makes[item] and item in versions for item, _ in keys], dtype=bool),
        working_lead=np.array([makes[item] for item, _ in keys], dtype=bool),
        rules=_rules([row if is_free else plain for row, is_free in both], steps),
    )


def _rules(rows: list[Parameters], steps: list[int]) -> LotRules:
    """Lot rules of live data: holding cost is for a unit and a year of 365 days."""
    economic = [
        economic_quantity(
            annual_demand=Fraction(row.annual_demand),
            order_cost=Fraction(row.order_cost),
            holding_cost=Fraction(row.holding_cost),
            step=step,
        )
        if row.lot_rule == "eoq"
        else 0
        for row, step in zip(rows, steps, strict=True)
    ]
    return LotRules(
        rule=ints(RULES[row.lot_rule] for row in rows),
        fixed=ints(to_int(row.fixed_quantity or 0) for row in rows),
        min_lot=ints(to_int(row.min_lot or 0) for row in rows),
        max_lot=ints(to_int(row.max_lot or 0) for row in rows),
        multiple=ints(to_int(row.multiple or 0) for row in rows),
        period=ints(row.period_days for row in rows),
        economic=ints(economic),
        # Only this rule weighs costs, and fractions are slow.
        order_cost=[Fraction(row.order_cost) * SCALE * 365 if row.lot_rule == "ww" else 0 for row in rows],
        holding_cost=[Fraction(row.holding_cost) if row.lot_rule == "ww" else 0 for row in rows],
    )


def _lines(keys: list[Key], versions: Versions, start_on: date) -> Lines:
    """Direct lines of every item with a bill; a make-to-order row has a copy of its item's lines."""
    rows: dict[int | Key, int] = {item: at for at, (item, made_for) in enumerate(keys) if made_for == FREE}
    lines: list[DirectLine[int | Key]] = []
    direct = {item: direct_lines(versions, item) for item in versions}
    for found in direct.values():
        lines.extend(found)  # type: ignore[arg-type]  # an item is a key as well
    for at, key in enumerate(keys):
        if key[1] != FREE:
            rows[key] = at
            lines.extend(line._replace(parent=key) for line in direct.get(key[0], ()))  # type: ignore[arg-type,misc]  # an item of a make-to-order row is a key as well
    return line_table(lines, rows, start_on)


def _links(keys: list[Key], versions: Versions, row_of: dict[Key, int]) -> tuple[Ints, Ints]:
    """Parent and component of every line of every bill, phantoms too: what the levels come from."""
    below = {
        item: sorted({row_of[line.component, FREE] for dated in found for line in dated.bill.lines})
        for item, found in versions.items()
    }
    pairs = [(at, component) for at, (item, _made_for) in enumerate(keys) for component in below.get(item, ())]
    return ints(a for a, _ in pairs), ints(b for _, b in pairs)
