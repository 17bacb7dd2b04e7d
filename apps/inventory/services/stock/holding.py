"""What a posting holds until it commits: the settings, the levels of its places, its cost groups; one call for all."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from apps.inventory.models import CostGroup, Level, Lot, Reservation
from apps.inventory.services.stock.heads import Head
from apps.inventory.services.stock.opening import Opening, seed_books
from apps.inventory.services.stock.shelves import Pair, Shelf, Shelves
from tenants.db.prepared import Prepared

_HOLD = Prepared("""
SELECT method, scope, closed, special, levels, balances, groups, ids
  FROM inventory_hold(%s::bigint[], %s::bigint[], %s::bigint[], %s, %s, %s)
""")
# In the order of the fields, as `from_db` wants them.
_LEVEL = ("id", "item_id", "warehouse_id", "quantity", "reserved", "last_on")
_GROUP = ("id", "item_id", "warehouse_id", "lot_id", "method", "quantity", "value", "last_on")


def lock_shelves(pairs: Iterable[Pair], *, at: datetime, lots: Iterable[int] = (), outgoing: bool = True) -> Shelves:
    """Lock the levels of `pairs` in key order and read what lies there: with `outgoing` all of it, else only `lots` and
    what has no lot. Reservations that have run out are set free on the way.
    """
    return _hold(pairs, lots, outgoing, at)[1]


def open_shelves(
    pairs: Iterable[Pair], *, head: Head, moves: int, lots: Iterable[int] = (), outgoing: bool = True
) -> tuple[Opening, Shelves]:
    """`open_books` and `lock_shelves` in one call, for a document of about `moves` moves. When the ledger ends with it,
    its groups and ids come along.
    """
    opening, shelves = _hold(pairs, lots, outgoing, head.at, head.moved_on, moves)
    if opening is None:
        seed_books()
        return open_shelves(pairs, head=head, moves=moves, lots=lots, outgoing=outgoing)
    return opening, shelves


def _hold(
    pairs: Iterable[Pair],
    lots: Iterable[int],
    outgoing: bool,
    at: datetime,
    on: date | None = None,
    moves: int | None = None,
) -> tuple[Opening | None, Shelves]:
    wanted = sorted(set(pairs))
    columns = [_array(pair[0] for pair in wanted), _array(pair[1] for pair in wanted), _array(lots)]
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [*columns, outgoing, on, moves])
        method, scope, closed, special, levels, balances, groups, ids = cursor.fetchone()
    shelves = Shelves(ids=ids or [])
    for pk, item, warehouse, quantity, reserved, last_on in _rows(levels):
        shelves.levels[(item, warehouse)] = Level.from_db(
            connection.alias, _LEVEL, (pk, item, warehouse, quantity, reserved, _day(last_on))
        )
    for row in _rows(balances):
        shelves.put(_shelf(row))
    for pk, item, warehouse, how, quantity, worth, last_on in _rows(groups):
        shelves.groups[(item, warehouse, None)] = CostGroup.from_db(
            connection.alias, _GROUP, (pk, item, warehouse, None, how, quantity, worth, _day(last_on))
        )
    if any(level.reserved for level in shelves.levels.values()):
        _read_reservations(shelves, at)
    if method is None:
        return None, shelves
    apart = {item: (how, where) for item, how, where in _rows(special)}
    return Opening(closed_through=closed, default=(method, scope), special=apart), shelves


def _array(ids: Iterable[int]) -> str:
    return "{" + ",".join(map(str, ids)) + "}"


_read = json.JSONDecoder(parse_float=Decimal).decode


def _rows(text: str | None) -> list[list[Any]]:
    return _read(text) if text else []


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _shelf(row: Sequence[Any]) -> Shelf:
    pk, item, warehouse, location, lot_id, quantity, first_on, last_on, code, kind, state, expires_on = row
    lot = None
    if lot_id:
        lot = Lot(id=lot_id, item_id=item, code=code, kind=kind, state=state, expires_on=_day(expires_on))
    first, last = date.fromisoformat(first_on), date.fromisoformat(last_on)
    return Shelf(item, warehouse, location, lot, quantity, first, last, id=pk)


def _read_reservations(shelves: Shelves, at: datetime) -> None:
    items = {pair[0] for pair in shelves.levels}
    active = Reservation.objects.select_for_update(of=("self",)).filter(state="active", item_id__in=items)
    for row in active.order_by("id"):
        level = shelves.levels.get((row.item_id, row.warehouse_id))
        if level is None:
            continue
        if row.until is not None and row.until <= at:
            level.reserved -= row.quantity - row.used
            shelves.expired.append(row)
        else:
            shelves.kept.append(row)
