"""Projections: one's own tables follow the fold of the copies. Runs in the transaction that stored the copy."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from apps.masterdata import public as masterdata
from apps.supply.domain.convert import Factor
from apps.supply.domain.despatch import progress
from apps.supply.domain.errors import RuleBroken
from apps.supply.domain.fold import Order
from apps.supply.domain.terms import Line
from apps.supply.events import OrderAgreed, OrderCancelled, OrderSent
from apps.supply.models import ItemMap, OrderItem, SharedOrder, SupplyLink, VersionCopy
from apps.supply.selectors.chains import copied, folded_order
from apps.supply.selectors.ledgers import ledgers, movements
from kernel.events import publish

Items = Mapping[str, masterdata.ItemInfo]


def buyer_of(link: SupplyLink) -> UUID | None:
    """The party that buys on the link."""
    return link.own_party if link.role == "buyer" else link.other_party


def lock_link(link_id: UUID) -> None:
    """Own clerks and own deliveries on one link queue here, before any row: they touch several orders at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(current_schema()), hashtext(%s))", [str(link_id)])


def project_order(
    link: SupplyLink,
    chain: UUID,
    at: datetime,
    *,
    known_items: Items | None = None,
    begun: VersionCopy | None = None,
    **own: Any,
) -> tuple[SharedOrder, Order]:
    """Bring the order's row up to its copies; `own` are fields only we know (internal_note, purchase_order).

    `known_items`: our items by code, when the caller has read them already. `begun`: the copy of the first version,
    when the caller began the chain in this transaction, so that nothing of it can stand here yet.

    Publishes OrderSent, OrderAgreed, OrderCancelled as they become true. Raises RuleBroken `invalid` when the chain
    does not begin with an order.
    """
    rows = [begun] if begun else copied(link.pk, chain)
    order = folded_order(rows, buyer_of(link))
    if order.header is None:
        raise RuleBroken("invalid")
    known = None if begun else SharedOrder.objects.select_for_update().filter(pk=chain).first()
    row = known or SharedOrder(pk=chain, link=link, role=link.role, sent_at=order.sent_at or at)
    before = folded_order(rows[: known.seq], buyer_of(link)) if known else Order()
    _fill(row, order, at)
    for name, value in own.items():
        setattr(row, name, value)
    row.save(force_insert=known is None)
    ensure_items(row, order, known_items, is_new=begun is not None)
    if known is not None:  # nothing can have moved of an order that is new here
        refresh_progress([row.pk])
    _tell(row, before, order)
    return row, order


def _fill(row: SharedOrder, order: Order, at: datetime) -> None:
    header = order.header
    if header is None:
        raise RuleBroken("invalid")
    row.number, row.type, row.currency = header.number[:64], header.type[:20], header.currency[:3]
    row.over_tolerance = header.over_tolerance
    row.total = order.terms.total(price_includes_tax=header.price_includes_tax)
    row.state, row.waiting_for, row.seq = order.state, order.waiting_for or "", order.seq
    dates = [line.promised_date or line.requested_date for line in order.terms.lines]
    row.due_on = min((day for day in dates if day is not None), default=None)
    row.changed_at = at
    if order.closed and row.closed_at is None:
        row.closed_at = at
    words = [header.number, row.link.partner.code, row.link.partner.name, row.link.partner.pinyin]
    words += [text for line in order.terms.lines for text in (line.item, line.name)]
    row.search_text = "\n".join(word for word in words if word).lower()


def _tell(row: SharedOrder, before: Order, after: Order) -> None:
    if before.header is None:
        publish(OrderSent(order_id=str(row.pk), role=row.role))
    if after.agreed is not None and (before.agreed is None or before.agreed.seq != after.agreed.seq):
        publish(OrderAgreed(order_id=str(row.pk), seq=after.agreed.seq))
    if after.closed and not before.closed:
        publish(OrderCancelled(order_id=str(row.pk)))


def known_lines(order: Order) -> list[Line]:
    """The lines of the agreed and of the open terms, each number once."""
    found = {line.line: line for line in order.terms.lines}
    for line in order.open.terms.lines if order.open and order.open.terms else ():
        found.setdefault(line.line, line)
    return [found[number] for number in sorted(found)]


def ensure_items(row: SharedOrder, order: Order, known_items: Items | None = None, *, is_new: bool = False) -> None:
    """Every line gets our side of it: from what was split, from our own items, or from the map of the link."""
    have = {} if is_new else {item.line: item for item in OrderItem.objects.filter(order=row).order_by("line")}
    missing = [line for line in known_lines(order) if line.line not in have]
    if not missing:
        return
    maps = _maps(row.link, missing) if row.role == "seller" else {}
    own = known_items or {}
    if row.role == "buyer" and not own:
        own = masterdata.items_by_code(line.item for line in missing)
    made = []
    for line in missing:
        fresh = OrderItem(order=row, line=line.line)
        parent = have.get(line.split_of) if line.split_of is not None else None
        if parent is not None:
            fresh.item_id, fresh.is_text = parent.item_id, parent.is_text
            fresh.numerator, fresh.denominator = parent.numerator, parent.denominator
        elif line.item in own:
            _use(fresh, own[line.item].id, factor_of_own(own[line.item], line.unit))
        elif (line.item, line.unit) in maps:
            known = maps[line.item, line.unit]
            _use(fresh, known.item_id, known.factor)
        made.append(fresh)
        have[line.line] = fresh
    OrderItem.objects.bulk_create(made)


def _maps(link: SupplyLink, lines: Iterable[Line]) -> dict[tuple[str, str], ItemMap]:
    rows = ItemMap.objects.filter(link=link, is_proposed=False, partner_item__in=[line.item for line in lines])
    return {(row.partner_item, row.partner_unit): row for row in rows.order_by("id")}


def _use(row: OrderItem, item_id: int, factor: Factor) -> None:
    row.item_id, row.numerator, row.denominator = item_id, factor.numerator, factor.denominator


def factor_of_own(item: masterdata.ItemInfo, unit: str) -> Factor:
    """Stock units of one's own item in one `unit` of the document; 1 for a unit that the item no longer has."""
    text = item.units.get(unit, "1")
    return Factor.parse(text)


def refresh_progress(order_ids: Iterable[UUID]) -> None:
    """Write the progress of these orders anew from the ledgers."""
    ids = list(order_ids)
    moved = movements(ids)
    for row in SharedOrder.objects.select_related("link").filter(pk__in=ids).order_by("pk"):
        order = folded_order(copied(row.link_id, row.pk), buyer_of(row.link))
        terms = order.agreed.terms if order.agreed else None
        state = progress(ledgers(row.pk, terms, moved).values()) if terms else "none"
        if state != row.progress:
            SharedOrder.objects.filter(pk=row.pk).update(progress=state)
            row.progress = state
