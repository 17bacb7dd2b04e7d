"""发货: a seller sends the ASN of one or several agreed orders of a link."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.timezone import localtime

from apps.masterdata import public as masterdata
from apps.supply.domain.delivery import AsnLine, Delivery, Parcel, advance_delivery, write_asn_line
from apps.supply.domain.despatching import ShipWish, plan_despatch
from apps.supply.domain.errors import RuleBroken
from apps.supply.domain.fold import Order, Version
from apps.supply.exchange.sending import Draft, HeadMoved, LinkClosed, SentBefore, send, sent_with
from apps.supply.models import Bond, Despatch, SharedOrder, SupplyLink
from apps.supply.selectors.chains import copied, folded_delivery, folded_order
from apps.supply.selectors.ledgers import movements
from apps.supply.services import delivering
from apps.supply.services.copying import keep_sent
from apps.supply.services.orders import live_link_and_bond
from apps.supply.services.packing import ParcelWish, claim_codes, pack
from apps.supply.services.projecting import buyer_of, lock_link
from apps.supply.services.projecting_deliveries import project_delivery
from apps.supply.services.refusals import broken, refusal, stale
from apps.supply.services.turns import Act
from kernel import audit


@dataclass(frozen=True, kw_only=True)
class DespatchWish:
    """An ASN as it is typed; a line's `order` is an id or a number of the link."""

    partner: str
    ship_date: date
    lines: Sequence[ShipWish]
    eta: date | None = None
    carrier: str = ""
    tracking: str = ""
    packages: Sequence[ParcelWish] = ()


@transaction.atomic
def create_despatch(*, wish: DespatchWish, act: Act) -> Despatch:
    """Send the ASN. Publishes DespatchSent. Raises unknown_partner, link_not_active, wrong_side, not_found,
    order_closed, not_agreed, unknown_line, over_agreed, bad_sscc, duplicate_sscc."""
    link, bond = live_link_and_bond(wish.partner, role="seller")
    lock_link(link.pk)
    earlier = sent_with(link.own_party, act.idem)
    if earlier is not None:
        return Despatch.objects.get(pk=earlier.chain)
    wishes, orders = open_orders(link, wish.lines, act)
    moved = movements(row.pk for row, _order in orders.values())
    done = {(str(order), line): ledger.despatched for (order, line), ledger in moved.items()}
    try:
        lines = plan_despatch(wishes, {key: order for key, (_row, order) in orders.items()}, done)
    except RuleBroken as error:
        raise broken(error) from error
    parcels = pack(wish.packages, gs1_prefix=masterdata.own_company().gs1_prefix, counted=True)
    number = masterdata.next_number("delivery", localtime(act.at).date())
    chain = uuid4()
    version = _send(
        Draft(
            bond=bond, sender=link.own_party, chain=chain, kind="despatch",
            payload=despatch_payload(number, wish, lines, parcels), seen=0, at=act.at, idem=act.idem,
            about=about_of(lines),
        )
    )  # fmt: skip
    claim_codes(link.own_party, version.id, parcels)
    keep_sent(version)
    project_delivery(link, chain)
    audit.record(actor=act.actor, action="despatch.send", object=f"despatch:{chain}", label=number)
    return Despatch.objects.get(pk=chain)


def open_orders(
    link: SupplyLink, wishes: Iterable[Any], act: Act
) -> tuple[list[Any], dict[str, tuple[SharedOrder, Order]]]:
    """The wishes with chain ids in place of numbers, and the orders they name, brought up to the exchange.

    Raises not_found.
    """
    rows = list(wishes)
    named: dict[str, SharedOrder] = {}
    for text in dict.fromkeys(wish.order for wish in rows):
        named[text] = _order_called(link, text, act)
    orders = {}
    for row in {order.pk: order for order in named.values()}.values():
        delivering.catch_up(link.pk, row.pk, act.at)
        orders[str(row.pk)] = (row, folded_order(copied(link.pk, row.pk), buyer_of(link)))
    return [replace(wish, order=str(named[wish.order].pk)) for wish in rows], orders


def _order_called(link: SupplyLink, text: str, act: Act) -> SharedOrder:
    rows = SharedOrder.objects.filter(link=link)
    try:
        chain = UUID(text)
    except ValueError:
        found = rows.filter(number=text).first()
    else:
        delivering.catch_up(link.pk, chain, act.at)
        found = rows.filter(pk=chain).first()
    if found is None:
        raise refusal("not_found")
    return found


def about_of(lines: Sequence[AsnLine]) -> UUID | None:
    """The one order that the delivery is about; None for several."""
    orders = {line.order for line in lines}
    return UUID(orders.pop()) if len(orders) == 1 else None


def despatch_payload(
    number: str, wish: Any, lines: Sequence[AsnLine], parcels: Sequence[Parcel]
) -> dict[str, Any]:  # fmt: skip
    return {
        "number": number,
        "ship_date": wish.ship_date.isoformat(),
        "eta": wish.eta.isoformat() if wish.eta else None,
        "carrier": wish.carrier,
        "tracking": wish.tracking,
        "lines": [write_asn_line(line) for line in lines],
        "packages": [{"no": one.no, "kind": one.kind, "sscc": one.sscc, "code": one.code} for one in parcels],
    }


def _send(draft: Draft) -> Any:
    try:
        return send(draft)
    except (LinkClosed, SentBefore) as error:
        raise refusal("link_not_active") from error


@transaction.atomic
def cancel_despatch(*, despatch_id: UUID, seen: int, act: Act) -> Despatch:
    """Take back an ASN of which nothing was received. Raises not_found, stale_version, already_received, wrong_side."""
    row, delivery = open_delivery(despatch_id, act)
    say(row, delivery, seen=seen, kind="despatch", payload={"cancel": True}, act=act)
    audit.record(actor=act.actor, action="despatch.cancel", object=f"despatch:{row.pk}", label=row.number)
    return Despatch.objects.get(pk=row.pk)


def open_delivery(despatch_id: UUID, act: Act) -> tuple[Despatch, Delivery]:
    """The ASN, locked with its link and brought up to the exchange. Raises not_found."""
    row = Despatch.objects.select_related("link").filter(pk=despatch_id).first()
    if row is None:
        raise refusal("not_found")
    lock_link(row.link_id)
    delivering.catch_up(row.link_id, row.pk, act.at)
    return row, folded_delivery(copied(row.link_id, row.pk), buyer_of(row.link))


def say(row: Despatch, delivery: Delivery, *, seen: int, kind: str, payload: dict[str, Any], act: Act) -> Any:
    """One more version of the ASN's chain: the head first, then the link, then the rules. Answers the version."""
    if seen != delivery.seq:
        raise _stale(row, delivery, payload)
    bond = Bond.objects.get(pk=row.link_id)
    if bond.state != "active":
        raise refusal("link_not_active")
    try:
        advance_delivery(delivery, Version(seq=delivery.seq + 1, kind=kind, by=row.role, payload=payload))
    except RuleBroken as error:
        raise broken(error) from error
    first = copied(row.link_id, row.pk)[0]
    draft = Draft(
        bond=bond, sender=row.link.own_party, chain=row.pk, kind=kind, payload=payload, seen=delivery.seq, at=act.at,
        idem=act.idem, about=first.about,
    )  # fmt: skip
    try:
        version = _send(draft)
    except HeadMoved as error:
        raise _stale(row, delivery, payload) from error
    keep_sent(version)
    project_delivery(row.link, row.pk)
    return version


def _stale(row: Despatch, delivery: Delivery, payload: dict[str, Any]) -> Exception:
    theirs = {"version": delivery.seq, "state": delivery.state}
    return stale({"version": None}, payload, theirs, current=delivery.seq)
