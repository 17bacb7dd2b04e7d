"""溯源 and 追踪: what a lot came from and what became of it, by one recursive query over indexed links."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Sum

from apps.inventory.models import Balance, Lot, LotLink, StockMove

MOST_LEVELS = 20
RECEIVED = ("purchase", "opening", "other_in", "subcontract", "gain")
SHIPPED = ("sale",)
ZERO = Decimal(0)

# UNION keeps each (lot, level) once, the level has an end: a loop of links cannot run for ever.
_DOWN = """
WITH RECURSIVE walk(lot, level) AS (
    SELECT %s::bigint, 0
    UNION
    SELECT link.to_lot_id, walk.level + 1 FROM walk
    JOIN inventory_lotlink link ON link.from_lot_id = walk.lot WHERE walk.level < %s
) SELECT lot, min(level) FROM walk GROUP BY lot
"""
_UP = """
WITH RECURSIVE walk(lot, level) AS (
    SELECT %s::bigint, 0
    UNION
    SELECT link.from_lot_id, walk.level + 1 FROM walk
    JOIN inventory_lotlink link ON link.to_lot_id = walk.lot AND link.from_lot_id IS NOT NULL
    WHERE walk.level < %s
) SELECT lot, min(level) FROM walk GROUP BY lot
"""


@dataclass(frozen=True, kw_only=True)
class End:
    """Where a lot entered or left the company: partner and document number; `quantity` in stock units, positive."""

    partner: str
    document: str
    quantity: Decimal


@dataclass(frozen=True, kw_only=True)
class Node:
    """A lot of the trace; `id` None = goods without a lot. `quantity` = what of it is on hand."""

    key: str
    id: int | None
    item: str
    item_name: str
    code: str
    level: int
    quantity: Decimal
    state: str = ""
    receipts: tuple[End, ...] = ()
    shipments: tuple[End, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Edge:
    """`quantity` of `source` went into `target` by `document`; both are keys of nodes."""

    source: str
    target: str
    quantity: Decimal
    made: Decimal
    document: str


@dataclass(frozen=True, kw_only=True)
class Trace:
    """Nodes by level and id, edges by id."""

    root: Node
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def levels_of(lot_id: int, direction: str, levels: int) -> dict[int, int]:
    """{lot id: shortest distance} of everything reached, the lot itself at 0; `direction`: up, down, both."""
    found: dict[int, int] = {}
    for query, wanted in ((_UP, ("up", "both")), (_DOWN, ("down", "both"))):
        if direction not in wanted:
            continue
        with connection.cursor() as cursor:
            cursor.execute(query, [lot_id, levels])
            for lot, level in cursor.fetchall():
                found[lot] = min(level, found.get(lot, level))
    return found


def trace(lot_id: int, *, direction: str = "both", levels: int = MOST_LEVELS) -> Trace:
    """The trace of one lot, which must exist."""
    reached = {way: levels_of(lot_id, way, levels) for way in ("up", "down") if direction in (way, "both")}
    links = [link for way, found in reached.items() for link in _links(way, found, levels)]
    distance: dict[int, int] = {lot_id: 0}
    for found in reached.values():
        for lot, level in found.items():
            distance[lot] = min(level, distance.get(lot, level))
    nodes = _nodes(distance) + _leaves(links, distance)
    by_key = {node.key: node for node in nodes}
    ordered = tuple(sorted(by_key.values(), key=lambda node: (node.level, node.id or 0, node.key)))
    return Trace(root=by_key[str(lot_id)], nodes=ordered, edges=_edges(links))


def downstream(lot_id: int) -> list[int]:
    """Ids of the lot and of everything that was made from it, ascending."""
    return sorted(levels_of(lot_id, "down", MOST_LEVELS))


def _links(way: str, found: Mapping[int, int], levels: int) -> list[LotLink]:
    inner = [lot for lot, level in found.items() if level < levels]
    rows = LotLink.objects.select_related("document", "from_item").order_by("id")
    return list(rows.filter(from_lot_id__in=inner) if way == "down" else rows.filter(to_lot_id__in=inner))


def _nodes(distance: Mapping[int, int]) -> list[Node]:
    rows = Lot.objects.filter(pk__in=list(distance)).select_related("item").order_by("id")
    here = dict(Balance.objects.filter(lot_id__in=list(distance)).values_list("lot_id").annotate(total=Sum("quantity")))
    received, shipped = _ends(distance, RECEIVED), _ends(distance, SHIPPED)
    return [
        Node(
            key=str(row.pk), id=row.pk, item=row.item.code, item_name=row.item.name, code=row.code,
            level=distance[row.pk], quantity=here.get(row.pk, ZERO), state=row.state,
            receipts=received.get(row.pk, ()), shipments=shipped.get(row.pk, ()),
        )
        for row in rows
    ]  # fmt: skip


def _leaves(links: Iterable[LotLink], distance: Mapping[int, int]) -> list[Node]:
    found: dict[str, Node] = {}
    for link in links:
        if link.from_lot_id is None:
            key, level = f"item:{link.from_item.code}", distance[link.to_lot_id] + 1
            if key not in found or found[key].level > level:
                found[key] = Node(
                    key=key, id=None, item=link.from_item.code, item_name=link.from_item.name, code="", level=level,
                    quantity=ZERO,
                )  # fmt: skip
    return list(found.values())


def _ends(lots: Iterable[int], reasons: tuple[str, ...]) -> dict[int, tuple[End, ...]]:
    rows = StockMove.objects.filter(
        lot_id__in=list(lots), reason__in=reasons, reverses__isnull=True, document__reversals__isnull=True,
        document__reverses__isnull=True,
    ).select_related("document__partner")  # fmt: skip
    found: dict[int, list[End]] = {}
    for move in rows.order_by("id"):
        partner = move.document.partner
        end = End(partner=partner.code if partner else "", document=move.document.number, quantity=abs(move.quantity))
        found.setdefault(move.lot_id or 0, []).append(end)
    return {lot: tuple(ends) for lot, ends in found.items()}


def _edges(links: Iterable[LotLink]) -> tuple[Edge, ...]:
    sums: dict[tuple[str, str, str], tuple[Decimal, Decimal]] = {}
    seen: set[int] = set()
    for link in links:
        if link.pk in seen:
            continue
        seen.add(link.pk)
        source = str(link.from_lot_id) if link.from_lot_id else f"item:{link.from_item.code}"
        key = (source, str(link.to_lot_id), link.document.number)
        gone, made = sums.get(key, (ZERO, ZERO))
        sums[key] = (gone + link.from_quantity, made + link.to_quantity)
    return tuple(
        Edge(source=source, target=target, quantity=gone, made=made, document=document)
        for (source, target, document), (gone, made) in sums.items()
    )


def shown_end(node: Node, direction: str) -> Any:
    """The end that a list shows for a node: its shipment downwards, else its receipt; None when it has neither."""
    ends = (node.shipments or node.receipts) if direction == "down" else (node.receipts or node.shipments)
    return ends[-1] if ends else None
