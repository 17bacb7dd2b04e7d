"""What the fold needs from the database: snapshots, moves after them, values that came later, origins, assemblies."""

from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from apps.inventory.domain.amounts import fen, units
from apps.inventory.domain.costing import Assembly, Group, Layer, Move, Output, ValueChange
from apps.inventory.models import CostGroup, PeriodCost

BEGINNING = date(1, 1, 1)

# A reversal on the same date and what it reverses both drop out, as if never posted.
_COUNTS = """m.costing NOT IN ('mirror', 'none') AND NOT EXISTS (
    SELECT 1 FROM inventory_stockmove r WHERE r.reverses_id = m.id AND r.costing = 'mirror')"""
_MOVES = f"""
SELECT m.id, m.moved_on, m.group_id, (m.quantity * 10000)::bigint, m.costing,
       coalesce((m.given_amount * 100)::bigint, 0), coalesce(m.feeder_id, 0), m.document_id
  FROM inventory_stockmove m
 WHERE m.group_id = ANY(%s) AND m.moved_on > %s AND {_COUNTS}
 ORDER BY m.moved_on, m.id
"""  # noqa: S608  # literals of this file
_EXTRAS = """
SELECT move_id, (sum(amount) * 100)::bigint FROM inventory_valueevent
 WHERE move_id IS NOT NULL AND NOT at_start AND group_id = ANY(%s) GROUP BY move_id
"""
_CHANGES = """
SELECT e.seq, e.dated_on, e.group_id, (e.amount * 100)::bigint, coalesce(e.move_id, 0)
  FROM inventory_valueevent e
  LEFT JOIN inventory_valueevent o ON o.id = e.reverses_id
  LEFT JOIN inventory_valueevent r ON r.reverses_id = e.id
 WHERE e.group_id = ANY(%s) AND e.dated_on > %s AND (e.move_id IS NULL OR e.at_start) AND e.amount <> 0
   AND o.dated_on IS DISTINCT FROM e.dated_on AND r.dated_on IS DISTINCT FROM e.dated_on
"""
_ORIGINS = "SELECT id, (abs(quantity) * 10000)::bigint FROM inventory_stockmove WHERE id = ANY(%s)"
_RETURNS = f"""
SELECT m.feeder_id, m.moved_on, m.id, (abs(m.quantity) * 10000)::bigint FROM inventory_stockmove m
 WHERE m.feeder_id = ANY(%s) AND m.costing = 'return' AND {_COUNTS}
"""  # noqa: S608  # literals of this file
_AMOUNTS = """
SELECT move_id, (sum(amount) * 100)::bigint FROM inventory_costentry
 WHERE move_id = ANY(%s) AND kind <> 'late' GROUP BY move_id
"""
_GROUP_AMOUNTS = """
SELECT move_id, (sum(amount) * 100)::bigint FROM inventory_costentry
 WHERE group_id = ANY(%s) AND dated_on > %s AND kind <> 'late' AND move_id IS NOT NULL GROUP BY move_id
"""
_ASSEMBLIES = """
SELECT m.document_id, m.id, (m.quantity * 10000)::bigint, l.share, (l.stock_quantity * 10000)::bigint,
       (d.extra_cost * 100)::bigint
  FROM inventory_stockmove m
  JOIN inventory_stockdocument d ON d.id = m.document_id
  JOIN inventory_stockdocumentline l ON l.document_id = m.document_id AND l.line = m.line
 WHERE m.document_id = ANY(%s) ORDER BY m.document_id, m.id
"""
# Who takes value from whom: the other leg, a return, the outputs of an assembly.
_FED = """
SELECT DISTINCT t.group_id FROM inventory_stockmove t JOIN inventory_stockmove s ON s.id = t.feeder_id
 WHERE s.group_id = ANY(%(groups)s) AND t.moved_on > %(since)s AND t.group_id <> s.group_id
UNION
SELECT DISTINCT t.group_id FROM inventory_stockmove t JOIN inventory_stockmove s ON s.document_id = t.document_id
 WHERE t.costing = 'share' AND s.group_id = ANY(%(groups)s) AND s.reason = 'assembly' AND s.quantity < 0
   AND t.moved_on > %(since)s
"""


@dataclass
class History:
    """The events of some groups after the last closed month, in no particular order."""

    moves: list[Move] = field(default_factory=list)
    changes: list[ValueChange] = field(default_factory=list)


def _query(sql: str, params: Sequence[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def downstream(group_ids: Iterable[int], *, since: date) -> set[int]:
    """`group_ids` and every group that takes value from them, directly or further on, after `since`."""
    found: set[int] = set(group_ids)
    edge = set(found)
    with connection.cursor() as cursor:
        while edge:
            cursor.execute(_FED, {"groups": list(edge), "since": since})
            edge = {row[0] for row in cursor.fetchall()} - found
            found |= edge
    return found


def history(group_ids: Sequence[int], *, since: date) -> History:
    """Moves and values of the groups after `since`, as the fold takes them; origins and returns are not yet filled."""
    ids = list(group_ids)
    extras: dict[int, int] = dict(_query(_EXTRAS, [ids]))
    moves = [
        Move(pk, on, group, quantity, costing, given + extras.get(pk, 0), feeder, 0, 0, document)
        for pk, on, group, quantity, costing, given, feeder, document in _query(_MOVES, [ids, since])
    ]
    changes = [ValueChange(*row) for row in _query(_CHANGES, [ids, since])]
    return History(moves, changes)


def fill_origins(moves: Iterable[Move], also: Iterable[Move] = (), *, gone: Container[int] = ()) -> None:
    """Tell each return how much its origin moved and how much came back before it.

    `also` are not written yet; `gone` are about to drop out.
    """
    returns = [move for move in moves if move.costing == "return"]
    if not returns:
        return
    fresh = [move for move in also if move.costing == "return"]
    feeders = sorted({move.feeder for move in returns})
    counts: dict[int, int] = dict(_query(_ORIGINS, [feeders]))
    before: dict[int, list[tuple[date, int, int]]] = defaultdict(list)
    for feeder, on, pk, quantity in _query(_RETURNS, [feeders]):
        if pk not in gone:
            before[feeder].append((on, pk, quantity))
    for move in fresh:
        before[move.feeder].append((move.on, move.id, abs(move.quantity)))
    for move in returns:
        move.feeder_quantity = counts[move.feeder]
        move.returned = sum(row[2] for row in before[move.feeder] if row[:2] < (move.on, move.id))


def amounts_of(move_ids: Iterable[int]) -> dict[int, int]:
    """{move: sum of its entries without late ones, fen}; provisional moves are absent."""
    ids = list(move_ids)
    return {int(pk): int(total) for pk, total in _query(_AMOUNTS, [ids])} if ids else {}


def amounts_in(group_ids: Sequence[int], *, since: date) -> dict[int, int]:
    """{move: sum of its entries without late ones, fen} of the open months of these groups."""
    return dict(_query(_GROUP_AMOUNTS, [list(group_ids), since]))


def assemblies_of(document_ids: Iterable[int]) -> dict[int, Assembly]:
    """{document: what was turned into what}, of posted assemblies."""
    ids = sorted(set(document_ids))
    found: dict[int, Assembly] = {}
    rows: dict[int, list[tuple[int, Decimal | None, int, int]]] = defaultdict(list)
    for document, pk, quantity, share, whole, extra in _query(_ASSEMBLIES, [ids]) if ids else []:
        assembly = found.setdefault(document, Assembly([], [], extra))
        if quantity < 0:
            assembly.inputs.append(pk)
        else:
            rows[document].append((pk, share, quantity, whole))
    for document, outputs in rows.items():
        found[document].outputs = weigh(outputs)
    return found


def weigh(outputs: Sequence[tuple[int, Decimal | None, int, int]]) -> list[Output]:
    """(move, share of its line, quantity, quantity of its line) -> weights; no share at all = equal per quantity."""
    if all(share is None for _move, share, _quantity, _whole in outputs):
        return [Output(move, quantity) for move, _share, quantity, _whole in outputs]
    return [
        Output(move, int((share or Decimal(0)).scaleb(6)) * 1_000_000 * quantity // whole)
        for move, share, quantity, whole in outputs
    ]


def snapshots(rows: Iterable[CostGroup], *, since: date) -> dict[int, Group]:
    """The groups as the last closed month left them (`since` = its last day), empty where it had none."""
    found = {row.pk: Group(row.pk, row.item_id, row.method) for row in rows}
    if since == BEGINNING:
        return found
    for cost in PeriodCost.objects.filter(period__month=since.replace(day=1), group_id__in=list(found)).order_by("id"):
        group = found[cost.group_id]
        group.quantity, group.value = units(cost.quantity), fen(cost.value)
        group.layers = [Layer(move, date.fromisoformat(on), q, v) for move, on, q, v in cost.layers]
    return found
