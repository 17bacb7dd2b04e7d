"""物料对照: which own item a partner's line is, and how many stock units one of its units is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.masterdata import public as masterdata
from apps.supply.domain.convert import Factor, to_own
from apps.supply.domain.errors import RuleBroken
from apps.supply.domain.terms import Line
from apps.supply.models import ItemMap, OrderItem, SharedOrder, SupplyLink
from apps.supply.services.projecting import known_lines
from apps.supply.services.refusals import broken, refusal
from apps.supply.services.turns import open_turn
from kernel import audit
from tenants.rights import Member


@dataclass(frozen=True, kw_only=True)
class LineMap:
    """One line's own item by code, None = taken as text. `remember`: for every later order of the link too."""

    line: int
    item: str | None
    factor: str = "1"
    remember: bool = False


@transaction.atomic
def map_lines(*, order_id: UUID, lines: Sequence[LineMap], actor: Member, at: datetime) -> SharedOrder:
    """Map lines of a partner's order; no version is sent. Raises not_found, wrong_side, unknown_line, unknown_item,
    bad_factor, unit_not_exact."""
    turn = open_turn(order_id, at)
    if turn.side != "seller":
        raise refusal("wrong_side")
    known = {line.line: line for line in known_lines(turn.order)}
    own = {row.line: row for row in OrderItem.objects.filter(order=turn.row).order_by("line")}
    infos = masterdata.items_by_code(wish.item for wish in lines if wish.item is not None)
    for place, wish in enumerate(lines):
        line = known.get(wish.line)
        if line is None:
            raise refusal("unknown_line", field=f"lines.{place}.line")
        if wish.item is not None and wish.item not in infos:
            raise refusal("unknown_item", field=f"lines.{place}.item")
        item = infos[wish.item] if wish.item is not None else None
        row = own.get(line.line) or OrderItem(order=turn.row, line=line.line)
        factor = _map_line(row, line, item, wish.factor)
        if wish.remember and item is not None:
            _remember(turn.row.link, line.item, line.unit, line.name, item.id, factor)
    audit.record(
        actor=actor, action="supply_order.map", object=f"supply_order:{turn.row.pk}", label=turn.row.number
    )  # fmt: skip
    return turn.row


def _map_line(own: OrderItem, line: Line, item: masterdata.ItemInfo | None, text: str) -> Factor:
    try:
        factor = Factor.parse(text if item else "1")
        to_own(line.quantity, factor)
    except RuleBroken as error:
        raise broken(error) from error
    own.item_id, own.is_text = (item.id, False) if item else (None, True)
    own.numerator, own.denominator = factor.numerator, factor.denominator
    own.save()
    return factor


def _item(code: str, *, field: str) -> masterdata.ItemInfo:
    item = masterdata.item_by_code(code)
    if item is None:
        raise refusal("unknown_item", field=field)
    return item


def _remember(link: SupplyLink, partner_item: str, unit: str, name: str, item_id: int, factor: Factor) -> ItemMap:
    known = ItemMap.objects.filter(link=link, partner_item=partner_item, partner_unit=unit).first()
    row = known or ItemMap(link=link, partner_item=partner_item, partner_unit=unit)
    row.item_id, row.numerator, row.denominator = item_id, factor.numerator, factor.denominator
    row.partner_name, row.is_proposed = name[:200] or row.partner_name, False
    row.save()
    return row


@transaction.atomic
def save_map(
    *, link_id: UUID, item: str, partner_item: str, partner_unit: str, factor: str, actor: Member
) -> ItemMap:  # fmt: skip
    """Make or change the map of one partner item and unit. Raises not_found, unknown_item, bad_factor."""
    link = SupplyLink.objects.filter(pk=link_id).first()
    if link is None:
        raise refusal("not_found")
    own = _item(item, field="item")
    try:
        exact = Factor.parse(factor)
    except RuleBroken as error:
        raise broken(error) from error
    row = _remember(link, partner_item, partner_unit, "", own.id, exact)
    audit.record(actor=actor, action="supply_map.save", object=f"supply_map:{row.pk}", label=partner_item)
    return row


@transaction.atomic
def drop_map(*, map_id: int, actor: Member) -> None:
    """Forget a map; orders keep what was mapped with it. Raises not_found."""
    row = ItemMap.objects.filter(pk=map_id).first()
    if row is None:
        raise refusal("not_found")
    audit.record(actor=actor, action="supply_map.drop", object=f"supply_map:{row.pk}", label=row.partner_item)
    row.delete()
