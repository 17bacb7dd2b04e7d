"""What a guest does: answer, change, cancel, ship, ask for a claim code. The rules are the companies' own."""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import connection
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from apps.supply import payloads
from apps.supply.domain.delivery import AsnLine
from apps.supply.domain.despatching import ShipWish, plan_despatch
from apps.supply.domain.errors import RuleBroken
from apps.supply.domain.fold import UNREADABLE, Order, Version, advance
from apps.supply.domain.terms import Change, Terms
from apps.supply.exchange.guest_role import hash_of_token
from apps.supply.exchange.sending import Draft, HeadMoved, LinkClosed, SentBefore, send
from apps.supply.guests.desk import Desk, GuestOrder, ended, order_of
from apps.supply.models import DocVersion
from apps.supply.selectors.chains import exchanged, folded_order
from apps.supply.services.copying import wake_after_commit
from apps.supply.services.despatches import DespatchWish, about_of, despatch_payload
from apps.supply.services.packing import claim_codes, pack
from apps.supply.services.refusals import broken, refusal, stale
from apps.supply.services.turns import picture
from kernel.api.idempotency import IdempotencyConflict

VERB_OF = {"order_response": "respond", "order_change": "respond", "order_cancel": "respond", "despatch": "despatch"}


@dataclass(frozen=True, kw_only=True)
class Hand:
    """Whose hand it was, as far as a link can tell: it goes with the version."""

    check: str
    target: str
    address: str
    agent: str
    idem: str = ""

    @property
    def evidence(self) -> dict[str, str]:
        return {"check": self.check, "target": self.target, "address": self.address, "agent": self.agent[:200]}


def _lock(desk: Desk) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('guest'), hashtext(%s))", [str(desk.bond.pk)])


def respond(
    desk: Desk, chain: UUID, *, seen: int, code: str, changes: Sequence[Change], reason: str, hand: Hand
) -> GuestOrder:  # fmt: skip
    """Accept, counter or refuse; the refusals are those of a company."""
    payload = payloads.response(code, changes, reason, [])
    return _take(desk, chain, seen=seen, kind="order_response", payload=payload, hand=hand)


def change(desk: Desk, chain: UUID, *, seen: int, changes: Sequence[Change], reason: str, hand: Hand) -> GuestOrder:
    payload = payloads.change(changes, reason)
    return _take(desk, chain, seen=seen, kind="order_change", payload=payload, hand=hand)


def cancel(desk: Desk, chain: UUID, *, seen: int, reason: str, hand: Hand) -> GuestOrder:
    return _take(desk, chain, seen=seen, kind="order_cancel", payload={"reason": reason}, hand=hand)


def _take(desk: Desk, chain: UUID, *, seen: int, kind: str, payload: dict[str, Any], hand: Hand) -> GuestOrder:
    desk.need(VERB_OF[kind])
    _lock(desk)
    if said_before(desk, hand) is not None:
        return order_of(desk, chain)
    shown = order_of(desk, chain)
    order = shown.order
    version = Version(seq=order.seq + 1, kind=kind, by=desk.side, payload={**payload, "evidence": hand.evidence})
    if seen != order.seq:
        raise _stale(desk, chain, seen, version)
    if desk.bond.state != "active":
        raise refusal("link_not_active")
    try:
        after = advance(order, version)
    except RuleBroken as error:
        raise broken(error) from error
    _check(shown, after)
    draft = Draft(
        bond=desk.bond, sender=desk.token.party, chain=chain, kind=kind, payload=version.payload, seen=order.seq,
        at=desk.at, idem=hand.idem,
    )  # fmt: skip
    try:
        _send(desk, draft)
    except HeadMoved as error:
        raise _stale(desk, chain, order.seq, version) from error
    return order_of(desk, chain)


def _check(shown: GuestOrder, after: Order) -> None:
    """Once goods are on their way a line stays above them, and the whole is not cancelled."""
    gone = {line: ledger.despatched for line, ledger in shown.moved.items() if ledger.despatched > 0}
    if not gone:
        return
    asks_to_cancel = after.open is not None and after.open.terms is None
    if after.closed == "cancelled" or asks_to_cancel:
        raise refusal("already_despatched")
    terms: Terms = after.open.terms if after.open and after.open.terms else after.terms
    lines = terms.by_number()
    for number, despatched in gone.items():
        if despatched > (lines[number].quantity if number in lines else Decimal(0)):
            raise refusal("below_despatched", line=number)


def _stale(desk: Desk, chain: UUID, seen: int, version: Version) -> Exception:
    rows = exchanged(desk.bond.pk, chain)
    base = folded_order(rows[: max(seen, 0)], desk.bond.buyer)
    theirs = folded_order(rows, desk.bond.buyer)
    try:
        mine = picture(advance(base, version))
    except (RuleBroken, *UNREADABLE):
        mine = {"lines": []}
    return stale(picture(base), mine, picture(theirs), current=theirs.seq)


def _send(desk: Desk, draft: Draft) -> DocVersion:
    try:
        version = send(draft)
    except (LinkClosed, SentBefore) as error:
        raise refusal("link_not_active") from error
    wake_after_commit(version.recipient)
    return version


def despatch(desk: Desk, *, wish: DespatchWish, hand: Hand) -> UUID:
    """Ship; answers the ASN's chain. A line's `order` is an id or a number of the desk."""
    desk.need("despatch")
    if desk.side != "seller":
        raise refusal("wrong_side")
    _lock(desk)
    earlier = said_before(desk, hand)
    if earlier is not None:
        return earlier.chain
    if desk.bond.state != "active":
        raise refusal("link_not_active")
    wishes, orders = _named(desk, wish.lines)
    done = {(key, line): ledger.despatched for key, one in orders.items() for line, ledger in one.moved.items()}
    try:
        lines = plan_despatch(wishes, {key: one.order for key, one in orders.items()}, done)
    except RuleBroken as error:
        raise broken(error) from error
    return _ship(desk, wish, lines, hand)


def _named(desk: Desk, wishes: Sequence[ShipWish]) -> tuple[list[ShipWish], dict[str, GuestOrder]]:
    numbers: dict[str, UUID] = {}
    for row in DocVersion.objects.filter(link=desk.bond.pk, kind="order", seq=1).order_by("sent_at", "id"):
        found = folded_order([row], desk.bond.buyer)
        numbers[found.header.number if found.header else ""] = row.chain
        numbers[str(row.chain)] = row.chain
    orders: dict[str, GuestOrder] = {}
    named = []
    for wish in wishes:
        chain = numbers.get(wish.order)
        if chain is None:
            raise ended()
        if str(chain) not in orders:
            orders[str(chain)] = order_of(desk, chain)
        named.append(ShipWish(**{**vars(wish), "order": str(chain)}))
    return named, orders


def _ship(desk: Desk, wish: DespatchWish, lines: Sequence[AsnLine], hand: Hand) -> UUID:
    parcels = pack(wish.packages, gs1_prefix="", counted=False)
    chain = uuid4()
    number = f"SH{localtime(desk.at):%y%m%d}{secrets.randbelow(10**4):04d}"
    payload = {**despatch_payload(number, wish, lines, parcels), "evidence": hand.evidence}
    draft = Draft(
        bond=desk.bond, sender=desk.token.party, chain=chain, kind="despatch", payload=payload, seen=0, at=desk.at,
        idem=hand.idem, about=about_of(lines),
    )  # fmt: skip
    version = _send(desk, draft)
    claim_codes(desk.token.party, version.id, parcels)
    return chain


def ask_claim(desk: Desk) -> str:
    """A code with which a company takes this party over; shown this once."""
    desk.need("claim")
    code = secrets.token_urlsafe(16)
    with connection.cursor() as cursor:
        cursor.execute("SELECT exchange.claim_start(%s)", [hash_of_token(code)])
    return code


def said_before(desk: Desk, hand: Hand) -> DocVersion | None:
    """The version that this party wrote under the same key of repetition; call under the lock of the link.

    Raises IdempotencyConflict when the key was used for another body or at another address.
    """
    if not hand.idem:
        return None
    key = hand.idem.partition(".")[0]
    earlier = DocVersion.objects.filter(sender=desk.token.party, idem__startswith=f"{key}.").order_by("id").first()
    if earlier is not None and earlier.idem != hand.idem:
        raise IdempotencyConflict(_("这个 Idempotency-Key 已用于另一个请求。"))
    return earlier


def idem_of(path: str, key: str, body: Mapping[str, Any]) -> str:
    """`<hash of the client's key>.<hash of what was asked where>`; the code of the mail is no part of what is asked."""
    if not key:
        return ""
    asked = json.dumps({**body, "pin": ""}, sort_keys=True, default=str)
    return ".".join(hashlib.sha256(text.encode()).hexdigest() for text in (f"guest {key}", f"{path} {asked}"))
