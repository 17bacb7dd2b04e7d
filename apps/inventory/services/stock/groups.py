"""Cost groups of a posting, locked in id order."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection

from apps.inventory.models import CostGroup
from apps.inventory.services.stock import loading
from apps.inventory.services.stock.loading import BEGINNING
from apps.inventory.services.stock.opening import Opening
from apps.inventory.services.stock.plan import Leg
from tenants.db.prepared import Prepared

GroupKey = tuple[int, int | None, int | None]

_NEW = """
INSERT INTO inventory_costgroup (item_id, warehouse_id, lot_id, method, quantity, value)
VALUES (%s, %s, %s, %s, 0, 0) ON CONFLICT DO NOTHING
"""
# In the order of the model's fields.
_LOCKED = """
SELECT id, item_id, warehouse_id, lot_id, method, quantity, value, last_on
  FROM inventory_costgroup WHERE {where} ORDER BY id FOR UPDATE
"""


def group_key(opening: Opening, item_id: int, warehouse_id: int, lot_id: int | None) -> GroupKey:
    """(item, warehouse in scope warehouse, lot in method specific)."""
    method, scope = opening.method_of(item_id)
    return item_id, warehouse_id if scope == "warehouse" else None, lot_id if method == "specific" else None


def lock_groups(opening: Opening, keys: Iterable[GroupKey]) -> dict[GroupKey, CostGroup]:
    """The groups of `keys`, locked; missing ones are made with the item's method."""
    wanted = set(keys)
    found = _locked(wanted)
    missing = sorted(wanted - found.keys(), key=lambda key: (key[0], key[1] or 0, key[2] or 0))
    if missing:
        with connection.cursor() as cursor:
            for key in missing:
                cursor.execute(_NEW, [*key, opening.method_of(key[0])[0]])
        found = _locked(wanted)
    return found


def _locked(keys: set[GroupKey]) -> dict[GroupKey, CostGroup]:
    items, warehouses, lots = ({key[part] for key in keys} for part in range(3))
    where, params = "item_id = ANY(%s)", [list(items)]
    for column, wanted in (("warehouse_id", warehouses), ("lot_id", lots)):
        if wanted == {None}:
            where += f" AND {column} IS NULL"
        elif None not in wanted:
            where += f" AND {column} = ANY(%s)"
            params.append(list(wanted))
    found = {(row.item_id, row.warehouse_id, row.lot_id): row for row in _rows(where, params)}
    return {key: row for key, row in found.items() if key in keys}


def _rows(where: str, params: list[Any]) -> list[CostGroup]:
    with connection.cursor() as cursor:
        cursor.execute(Prepared(_LOCKED.format(where=where)), params)
        return [CostGroup(*row) for row in cursor.fetchall()]


def lock_with_downstream(group_ids: Iterable[int], since: date | None) -> dict[int, CostGroup]:
    """The groups and all that take value from them, locked in one go: two late slips never wait for each other."""
    return lock_by_id(sorted(loading.downstream(group_ids, since=since or BEGINNING)))


def lock_by_id(group_ids: Sequence[int]) -> dict[int, CostGroup]:
    return {row.pk: row for row in _rows("id = ANY(%s)", [list(group_ids)])}


def assign_groups(
    opening: Opening, legs: Sequence[Leg], *, late: bool, held: Mapping[GroupKey, CostGroup]
) -> dict[int, CostGroup]:
    """Give each leg its locked group; {group id: group}. Legs that stay within a group carry no value.

    `late`: the past will be folded again, so that whoever takes value from these groups is locked with them. `held`:
    what was locked with the shelves.
    """
    keys = {id(leg): group_key(opening, leg.item.id, leg.warehouse.id, leg.lot.pk if leg.lot else None) for leg in legs}
    further: dict[int, CostGroup] = {}
    if late:
        known = CostGroup.objects.filter(item_id__in={leg.item.id for leg in legs}).values_list("id", flat=True)
        further = lock_with_downstream(known, opening.closed_through)
    found = held if held.keys() >= set(keys.values()) else lock_groups(opening, keys.values())
    for leg in legs:
        leg.group = found[keys[id(leg)]]
    for leg in legs:
        if leg.feeder is not None and leg.costing == "pair" and leg.feeder.group is leg.group:
            leg.costing = leg.feeder.costing = "none"
    return further | {leg.group.pk: leg.group for leg in legs if leg.group}
