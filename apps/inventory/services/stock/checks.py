"""What a posting may not do: take what is kept, go below zero on any day, bring back more than went."""

from collections import defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.db import connection
from django.utils.translation import gettext as _

from apps.inventory.domain.amounts import units
from apps.inventory.domain.costing import Move
from apps.inventory.models import Level, Reservation
from apps.inventory.services.refusals import OverReturned, negative_later
from apps.inventory.services.stock import loading
from apps.inventory.services.stock.opening import Dating
from apps.inventory.services.stock.plan import Leg, Plan
from apps.inventory.services.stock.shelves import ZERO, Shelves, not_available
from apps.inventory.services.stock.writing import Batch


def use_reservations(plan: Plan, shelves: Shelves, batch: Batch) -> None:
    """What the document takes of its own reservations is used up; what has run out is marked."""
    for row in shelves.expired:
        batch.change(Reservation, row.pk, state=Reservation.State.EXPIRED)
    for row in shelves.kept:
        used = plan.used.get(row.pk)
        if not used:
            continue
        row.used += used
        shelves.levels[(row.item_id, row.warehouse_id)].reserved -= used
        done = row.used == row.quantity
        row.state = Reservation.State.CONSUMED if done else Reservation.State.ACTIVE
        batch.change(Reservation, row.pk, used=row.used, state=row.state)


def check_available(
    plan: Plan, shelves: Shelves, before: dict[tuple[int, int], tuple[Decimal, Decimal]], on: date
) -> None:
    """Nobody takes what is kept for somebody else."""
    for leg in plan.legs:
        level = shelves.levels[leg.pair]
        if leg.quantity > 0 or level.reserved == 0:
            continue
        usable, reserved = before[leg.pair]
        short = shelves.usable_of(leg.pair, on) - level.reserved
        if short < min(ZERO, usable - reserved) or _lot_is_short(leg, shelves) or level.reserved > level.quantity:
            raise not_available(leg.item, leg.warehouse, usable - level.reserved, line=leg.line)


def _lot_is_short(leg: Leg, shelves: Shelves) -> bool:
    if leg.lot is None:
        return False
    kept = sum((r.quantity - r.used for r in shelves.kept if r.lot_id == leg.lot.pk and r.state == "active"), ZERO)
    there = sum((r.quantity for r in shelves.by_pair[leg.pair] if r.lot and r.lot.pk == leg.lot.pk), ZERO)
    return kept > 0 and there < kept


# Going back in time: what was there after each later move, less what is taken now.
_LATER = """
WITH taken AS (SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::numeric[], %s::bigint[])
                 AS t(item_id, warehouse_id, lot_id, quantity, after_id)),
     now AS (SELECT t.*, coalesce((SELECT sum(b.quantity) FROM inventory_balance b WHERE b.item_id = t.item_id
                 AND b.warehouse_id = t.warehouse_id AND (b.lot_id = t.lot_id OR t.lot_id = 0)), 0) AS there
               FROM taken t),
     later AS (SELECT n.item_id, m.moved_on, m.id, m.quantity, n.there - n.quantity - sum(m.quantity) OVER (
                        PARTITION BY n.item_id, n.warehouse_id, n.lot_id ORDER BY m.moved_on DESC, m.id DESC) AS before,
                      row_number() OVER (
                        PARTITION BY n.item_id, n.warehouse_id, n.lot_id ORDER BY m.moved_on, m.id) AS place
                 FROM now n JOIN inventory_stockmove m
                   ON m.item_id = n.item_id AND m.warehouse_id = n.warehouse_id
                  AND (m.lot_id = n.lot_id OR n.lot_id = 0)
                WHERE m.moved_on > %s OR (m.moved_on = %s AND m.id > n.after_id))
SELECT item_id, CASE WHEN place = 1 AND before < 0 THEN %s ELSE moved_on END AS day FROM later
 WHERE (place = 1 AND before < 0) OR before + quantity < 0 ORDER BY day, moved_on, id LIMIT 1
"""


def check_history(plan: Plan, shelves: Shelves, dating: Dating) -> None:
    """Never below zero on any later day. Today is checked first, by the shelves: only what is there can be missing."""
    takes: dict[tuple[int, int, int], Decimal] = defaultdict(Decimal)
    after: dict[tuple[int, int, int], int] = {}
    names: dict[int, str] = {}
    for leg in plan.legs:
        last_on = shelves.levels[leg.pair].last_on
        mirrored = leg.costing == "mirror" and leg.reverses_id is not None
        if last_on is None or last_on < dating.moved_on or (last_on == dating.moved_on and not mirrored):
            continue
        key = (*leg.pair, leg.lot.pk if leg.lot else 0)
        takes[key] -= leg.quantity
        names[leg.item.id] = leg.item.code
        if mirrored and leg.quantity < 0:
            after[key] = min(after.get(key, leg.reverses_id or 0), leg.reverses_id or 0)
    rows = [(key, quantity) for key, quantity in takes.items() if quantity > 0]
    if not rows:
        return
    _enough_today(plan, shelves, dating.moved_on)
    columns = [[key[part] for key, _quantity in rows] for part in range(3)]
    day = dating.moved_on
    marks = [after.get(key, 2**62) for key, _quantity in rows]
    with connection.cursor() as cursor:
        cursor.execute(_LATER, [*columns, [quantity for _key, quantity in rows], marks, day, day, day])
        found = cursor.fetchone()
    if found:
        raise negative_later(names[found[0]], found[1])


def is_late(plan: Plan, shelves: Shelves, dating: Dating) -> bool:
    """Does the document stand before what is posted already, or take something of it back on its own date?"""
    return any(
        leg.costing == "mirror" or (shelves.levels[leg.pair].last_on or dating.moved_on) > dating.moved_on
        for leg in plan.legs
    )


def _enough_today(plan: Plan, shelves: Shelves, on: date) -> None:
    """Today's balance speaks first: try it on copies."""
    trial = Shelves(
        levels={pair: Level(quantity=level.quantity, last_on=level.last_on) for pair, level in shelves.levels.items()}
    )
    for rows in shelves.by_pair.values():
        for row in rows:
            trial.put(replace(row))
    for leg in plan.legs:
        trial.apply(leg, on)


def check_returns(plan: Plan) -> None:
    """Not more comes back than went, and not before it went."""
    back: dict[int, Decimal] = defaultdict(Decimal)
    for leg in plan.legs:
        if leg.costing == "return" and leg.feeder_id:
            back[leg.feeder_id] += abs(leg.quantity)
    if not back:
        return
    probe = [Move(0, date.max, 0, 1, "return", feeder=feeder) for feeder in back]
    loading.fill_origins(probe)
    for move in probe:
        if move.returned + units(back[move.feeder]) > move.feeder_quantity:
            raise OverReturned(_("退回数量超过了原单剩余可退的数量。"))
