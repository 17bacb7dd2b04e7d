"""收货反馈: a buyer says what of a delivery arrived. A mistake is reversed, not edited."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.timezone import localtime

from apps.supply.domain.delivery import Delivery, Received, fold_delivery, write_received
from apps.supply.domain.despatching import GotWish, check_accepted, plan_receipt
from apps.supply.domain.errors import RuleBroken
from apps.supply.exchange.sending import Draft, HeadMoved, LinkClosed, SentBefore, send, sent_with
from apps.supply.models import Bond, Despatch, DocVersion, GoodsReceipt, SharedOrder, SupplyLink
from apps.supply.selectors.chains import as_versions, copied
from apps.supply.selectors.ledgers import movements
from apps.supply.services.copying import keep_sent
from apps.supply.services.despatches import open_delivery, open_orders, say
from apps.supply.services.projecting import buyer_of, lock_link
from apps.supply.services.projecting_deliveries import project_delivery
from apps.supply.services.refusals import broken, refusal, stale
from apps.supply.services.turns import Act
from kernel import audit

NOTHING = Decimal(0)
CLOSED = (Despatch.State.RECEIVED, Despatch.State.CANCELLED)


@dataclass(frozen=True, kw_only=True)
class ReceiptWish:
    """A receipt as it is counted: against an ASN at version `seen`, or of an order (id or number) without one."""

    despatch: UUID | None = None
    seen: int = 0
    order: str = ""
    received_on: date
    complete: bool = True
    lines: Sequence[GotWish] = ()


@transaction.atomic
def create_receipt(*, wish: ReceiptWish, act: Act) -> GoodsReceipt:
    """Publish what arrived. Publishes ReceiptPublished.

    Raises not_found, stale_version, future_date, already_received, wrong_side, unknown_line,
    rejected_over_received, over_agreed, link_not_active.
    """
    version = _against_asn(wish, act) if wish.despatch else _of_order(wish, act)
    audit.record(actor=act.actor, action="receipt.publish", object=f"receipt:{version.id}", label=str(version.chain))
    return GoodsReceipt.objects.get(pk=version.id)


def _check_day(wish: ReceiptWish, act: Act) -> None:
    if wish.received_on > localtime(act.at).date():
        raise refusal("future_date", field="received_on")


def _against_asn(wish: ReceiptWish, act: Act) -> Any:
    if wish.despatch is None:
        raise refusal("not_found")
    row, delivery = open_delivery(wish.despatch, act)
    earlier = sent_with(row.link.own_party, act.idem)
    if earlier is not None:
        return earlier
    if wish.seen == delivery.seq:
        _check_day(wish, act)
        _check_open(row, delivery)
        rows, done = _plan(row.link, _only_order(wish.lines, delivery), delivery, wish.complete, act)
        if not rows:
            raise refusal("invalid", field="lines")
    else:
        rows, done = (), wish.complete
    payload = _payload(wish, rows, done)
    return say(row, delivery, seen=wish.seen, kind="receipt", payload=payload, act=act)


def _check_open(row: Despatch, delivery: Delivery) -> None:
    if row.role != "buyer":
        raise refusal("wrong_side")
    if delivery.cancelled:
        raise refusal("order_closed")
    if delivery.is_received:
        raise refusal("already_received")


def _only_order(lines: Sequence[GotWish], delivery: Delivery) -> list[GotWish]:
    """A line need not name the order when the delivery is about one."""
    orders = {line.order for line in delivery.lines}
    only = next(iter(orders)) if len(orders) == 1 else ""
    return [line if line.order else replace(line, order=only) for line in lines]


def _plan(
    link: SupplyLink, wishes: Sequence[GotWish], delivery: Delivery | None, complete: bool, act: Act
) -> tuple[tuple[Received, ...], bool]:
    named, orders = open_orders(link, wishes, act)
    folded = {key: order for key, (_row, order) in orders.items()}
    accepted = {(str(order), line): moved.accepted for (order, line), moved in movements(map(UUID, folded)).items()}
    try:
        rows, done = plan_receipt(named, delivery, complete=complete)
        check_accepted([row for row in rows if row.order in folded], folded, accepted)
    except RuleBroken as error:
        raise broken(error) from error
    return rows, done


def _payload(wish: ReceiptWish, rows: Sequence[Received], complete: bool) -> dict[str, Any]:
    return {
        "received_on": wish.received_on.isoformat(),
        "complete": complete,
        "lines": [write_received(row) for row in rows],
    }


def _of_order(wish: ReceiptWish, act: Act) -> Any:
    found = _find_order(wish.order)
    link = found.link
    if found.role != "buyer":
        raise refusal("wrong_side")
    lock_link(link.pk)
    earlier = sent_with(link.own_party, act.idem)
    if earlier is not None:
        return earlier
    _check_day(wish, act)
    rows, done = _plan(link, [replace(line, order=str(found.pk)) for line in wish.lines], None, True, act)
    if not rows:
        raise refusal("invalid", field="lines")
    bond = Bond.objects.get(pk=link.pk)
    draft = Draft(
        bond=bond, sender=link.own_party, chain=uuid4(), kind="receipt", payload=_payload(wish, rows, done), seen=0,
        at=act.at, idem=act.idem, about=found.pk,
    )  # fmt: skip
    return _write(draft, link)


def _find_order(text: str) -> SharedOrder:
    rows = SharedOrder.objects.select_related("link")
    try:
        found = rows.filter(pk=UUID(text)).first()
    except ValueError:
        found = rows.filter(number=text, role="buyer").first()
    if found is None:
        raise refusal("not_found")
    return found


def _write(draft: Draft, link: SupplyLink) -> Any:
    if draft.bond.state != "active":
        raise refusal("link_not_active")
    try:
        version = send(draft)
    except (LinkClosed, SentBefore) as error:
        raise refusal("link_not_active") from error
    except HeadMoved as error:
        raise stale({}, dict(draft.payload), {}, current=draft.seen) from error
    keep_sent(version)
    project_delivery(link, draft.chain)
    return version


@transaction.atomic
def publish_arrivals(*, order_id: UUID, arrived: Mapping[int, Decimal], received_on: date, act: Act) -> int:
    """Say what the warehouse took of an order, {line: quantity in the order's unit}; answers how many receipts it took.

    Open deliveries take it, the oldest first; one that holds nothing but this order is complete with it, so that the
    supplier sees what was short. What no delivery announced is a receipt of its own, or over on the last one. Publishes
    ReceiptPublished. Raises as `create_receipt`.
    """
    left = {line: quantity for line, quantity in arrived.items() if quantity > 0}
    shares = _shares(order_id, left, act)
    for row, delivery, taken, whole in shares:
        last = row is shares[-1][0]
        counted = {line: quantity + (left.pop(line, NOTHING) if last else NOTHING) for line, quantity in taken.items()}
        lines = [GotWish(order=str(order_id), line=line, received=got) for line, got in sorted(counted.items())]
        wish = ReceiptWish(
            despatch=row.pk, seen=delivery.seq, received_on=received_on, complete=whole, lines=lines
        )  # fmt: skip
        create_receipt(wish=wish, act=replace(act, idem=f"{act.idem}:{row.pk}"))
    rest = [GotWish(order=str(order_id), line=line, received=got) for line, got in sorted(left.items()) if got > 0]
    if rest:
        create_receipt(wish=ReceiptWish(order=str(order_id), received_on=received_on, lines=rest), act=act)
    return len(shares) + bool(rest)


def _shares(
    order_id: UUID, left: dict[int, Decimal], act: Act
) -> list[tuple[Despatch, Delivery, dict[int, Decimal], bool]]:
    """[(delivery, its fold, {line: what it takes}, does it hold this order alone)]; `left` is what remains."""
    coming = Despatch.objects.filter(lines__order_id=order_id, role="buyer").distinct().order_by("sent_at", "id")
    found = []
    for pk in coming.exclude(state__in=CLOSED).values_list("pk", flat=True):
        row, delivery = open_delivery(pk, act)
        if delivery.cancelled or delivery.is_received:
            continue
        out = delivery.outstanding()
        mine = {line: due for (order, line), due in out.items() if order == str(order_id) and left.get(line)}
        if not mine:
            continue
        taken = {line: min(left[line], due) for line, due in mine.items()}
        for line, quantity in taken.items():
            left[line] -= quantity
        found.append((row, delivery, taken, all(order == str(order_id) for order, _line in out)))
    return found


def told_of(order_id: UUID) -> dict[UUID, str]:
    """{receipt: the key it was sent under} of receipts of the order that still count, newest first."""
    rows = GoodsReceipt.objects.filter(lines__order_id=order_id, is_reversed=False).distinct()
    ids = list(rows.order_by("-sent_at", "id").values_list("pk", flat=True))
    keys = dict(DocVersion.objects.filter(pk__in=ids).values_list("id", "idem"))
    return {pk: keys.get(pk, "") for pk in ids}


@transaction.atomic
def reverse_receipt(*, receipt_id: UUID, act: Act) -> GoodsReceipt:
    """Take a receipt back; it counts for nothing from then on. Publishes ReceiptPublished.

    Raises not_found, wrong_side, order_closed when it was reversed, link_not_active.
    """
    row = GoodsReceipt.objects.select_related("link").filter(pk=receipt_id).first()
    if row is None:
        raise refusal("not_found")
    if row.link.role != "buyer":
        raise refusal("wrong_side")
    lock_link(row.link_id)
    row.refresh_from_db()
    if row.is_reversed:
        raise refusal("order_closed")
    versions = copied(row.link_id, row.chain)
    state = fold_delivery(as_versions(versions, buyer_of(row.link)))
    draft = Draft(
        bond=Bond.objects.get(pk=row.link_id), sender=row.link.own_party, chain=row.chain, kind="receipt",
        payload={"reverses": row.seq}, seen=state.seq, at=act.at, idem=act.idem, about=versions[0].about,
    )  # fmt: skip
    _write(draft, row.link)
    audit.record(actor=act.actor, action="receipt.reverse", object=f"receipt:{row.pk}", label=str(row.chain))
    return GoodsReceipt.objects.get(pk=row.pk)
