"""订单: a buyer sends one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.utils.timezone import localtime

from apps.masterdata import public as masterdata
from apps.supply import payloads
from apps.supply.domain.errors import RuleBroken
from apps.supply.domain.fold import Order, Version, advance
from apps.supply.domain.terms import Header, Line, Material
from apps.supply.exchange.sending import Draft, LinkClosed, SentBefore, send, sent_with
from apps.supply.models import Bond, OrderItem, SharedOrder, SupplyLink
from apps.supply.services.copying import keep_sent
from apps.supply.services.links import partner_called
from apps.supply.services.projecting import lock_link, project_order
from apps.supply.services.refusals import broken, refusal
from apps.supply.services.turns import Act
from kernel import audit


@dataclass(frozen=True, kw_only=True)
class LineWish:
    """One line as the buyer types it; `unit` empty = the item's stock unit. `internal_note` never leaves."""

    line: int | None = None
    item: str
    quantity: Decimal
    unit: str = ""
    unit_price: Decimal
    tax_rate: Decimal = Decimal(0)
    requested_date: date | None = None
    note: str = ""
    internal_note: str = ""
    materials: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, kw_only=True)
class OrderWish:
    """An order as the buyer types it; `number` empty = the next one."""

    partner: str
    lines: Sequence[LineWish]
    number: str = ""
    type: str = "standard"
    currency: str = "CNY"
    price_includes_tax: bool = True
    over_tolerance: Decimal = Decimal(0)
    payment_terms: str = ""
    delivery_to: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    internal_note: str = ""
    purchase_order: str = ""


@transaction.atomic
def create_order(*, wish: OrderWish, act: Act) -> SharedOrder:
    """Send an order to a linked seller. Publishes OrderSent.

    Raises unknown_partner, link_not_active, partner_blocked, unknown_item, unknown_unit, duplicate_number.
    """
    link, bond = live_link_and_bond(wish.partner, role="buyer")
    lock_link(link.pk)
    earlier = sent_with(link.own_party, act.idem)
    if earlier is not None:
        return SharedOrder.objects.select_related("link", "link__partner").get(pk=earlier.chain)
    items = _items(wish.lines)
    lines = _lines(wish.lines, items)
    number = _number(wish.number, act.at)
    shown, hidden = payloads.hide_persons(wish.delivery_to)
    header = Header(
        number=number, type=wish.type, currency=wish.currency, price_includes_tax=wish.price_includes_tax,
        over_tolerance=wish.over_tolerance, payment_terms=wish.payment_terms, delivery_to=shown, note=wish.note,
    )  # fmt: skip
    chain, payload = uuid4(), payloads.order(header, lines)
    try:
        advance(Order(), Version(seq=1, kind="order", by="buyer", payload=payload))
    except RuleBroken as error:
        raise broken(error) from error
    draft = Draft(
        bond=bond, sender=link.own_party, chain=chain, kind="order", payload=payload, seen=0, at=act.at, idem=act.idem,
    )  # fmt: skip
    try:
        version = send(draft)
    except (LinkClosed, SentBefore) as error:
        raise refusal("link_not_active") from error
    payloads.keep_persons(version.id, hidden)
    begun = keep_sent(version)
    by_code = {item.code: item for item in items.values()}
    try:
        row, _order = project_order(
            link, chain, act.at, known_items=by_code, internal_note=wish.internal_note,
            purchase_order=wish.purchase_order, begun=begun,
        )  # fmt: skip
    except IntegrityError as error:  # another clerk sent this number to another supplier at the same moment
        raise refusal("duplicate_number") from error
    _note(row, lines, wish.lines)
    audit.record(actor=act.actor, action="supply_order.send", object=f"supply_order:{row.pk}", label=row.number)
    return row


def live_link(partner_code: str, *, role: str) -> SupplyLink:
    """Our link with the partner in this role, active. Raises unknown_partner, partner_blocked, link_not_active."""
    return live_link_and_bond(partner_code, role=role)[0]


def live_link_and_bond(partner_code: str, *, role: str) -> tuple[SupplyLink, Bond]:
    """As `live_link`, with what both ends see of it."""
    partner = partner_called(partner_code)
    if partner.is_blocked:
        raise refusal("partner_blocked")
    rows = SupplyLink.objects.select_related("partner").filter(partner_id=partner.id, is_live=True)
    link = rows.filter(role=role).first()
    if link is None:
        raise refusal("wrong_side" if rows.exists() else "link_not_active")
    bond = Bond.objects.get(pk=link.pk)
    if bond.state != "active":
        raise refusal("link_not_active")
    return link, bond


def _number(wished: str, at: datetime) -> str:
    bought = SharedOrder.objects.filter(role="buyer")
    number = wished or masterdata.next_number("purchase_order", localtime(at).date())
    while bought.filter(number=number).exists():
        if wished:
            raise refusal("duplicate_number")
        number = masterdata.next_number("purchase_order", localtime(at).date())  # somebody typed this one by hand
    return number


def _items(wishes: Sequence[LineWish]) -> dict[str, masterdata.ItemInfo]:
    named = {wish.item for wish in wishes} | {str(part["item"]) for wish in wishes for part in wish.materials}
    return masterdata.items_by_code(named)


def _lines(wishes: Sequence[LineWish], items: Mapping[str, masterdata.ItemInfo]) -> list[Line]:
    lines = [_line(place, wish, items) for place, wish in enumerate(wishes)]
    if len({line.line for line in lines}) != len(lines):
        raise refusal("unknown_line", field="lines")
    return sorted(lines, key=lambda line: line.line)


def _line(place: int, wish: LineWish, items: Mapping[str, masterdata.ItemInfo]) -> Line:
    item = items.get(wish.item)
    if item is None:
        raise refusal("unknown_item", field=f"lines.{place}.item")
    for row in wish.materials:
        if str(row["item"]) not in items:
            raise refusal("unknown_item", field=f"lines.{place}.materials")
    materials = tuple(
        Material(
            item=items[str(row["item"])].code,
            quantity_per=row["quantity_per"],
            loss_rate=row.get("loss_rate") or Decimal(0),
        )
        for row in wish.materials
    )
    words = payloads.item_words(item)
    return Line(
        line=wish.line or place + 1,
        item=words["item"],
        name=words["name"],
        spec=words["spec"],
        unit=unit_of(item, wish.unit, field=f"lines.{place}.unit"),
        quantity=wish.quantity,
        unit_price=wish.unit_price,
        tax_rate=wish.tax_rate,
        requested_date=wish.requested_date,
        note=wish.note,
        materials=materials,
    )


def unit_of(item: masterdata.ItemInfo, wished: str, *, field: str) -> str:
    """The item's unit called `wished`; empty = its stock unit. Raises Invalid `unknown_unit`."""
    if not wished or wished in (item.stock_unit, item.stock_unit_name):
        return item.stock_unit
    if wished not in item.units:
        raise refusal("unknown_unit", field=field)
    return wished


def _note(row: SharedOrder, lines: Sequence[Line], wishes: Sequence[LineWish]) -> None:
    notes = {(wish.line or place + 1): wish.internal_note for place, wish in enumerate(wishes) if wish.internal_note}
    for line in lines:
        if line.line in notes:
            OrderItem.objects.filter(order=row, line=line.line).update(internal_note=notes[line.line])
