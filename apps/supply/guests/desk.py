"""The guest's desk: who the token speaks for, which documents it shows. Everything is folded from the exchange."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import connection
from django.utils.translation import gettext as _

from apps.supply.domain.delivery import Delivery, fold_delivery
from apps.supply.domain.despatch import Ledger, progress
from apps.supply.domain.fold import Order
from apps.supply.exchange.guest_role import guest_context, hash_of_token
from apps.supply.models import Bond, DocVersion, Look, Party
from apps.supply.selectors.chains import as_versions, exchanged, folded_order
from apps.supply.selectors.guest_tokens import AFTER_CLOSING, until_of
from kernel.clock import machine_now
from kernel.errors import Forbidden, NotFound

ZERO = Decimal(0)


class LinkEnded(NotFound):
    """Unknown, expired and revoked tokens: one and the same answer."""

    code = "guest_link_ended"


class VerbNotAllowed(Forbidden):
    """The link does not allow this act."""

    code = "verb_not_allowed"


def ended() -> LinkEnded:
    return LinkEnded(_("链接已失效，请向采购方索取新的链接。"))


@dataclass(frozen=True, kw_only=True)
class Token:
    """A live token: its scope (`chain` None = the desk of the link), verbs, check."""

    hash: str
    id: UUID
    chain: UUID | None
    verbs: frozenset[str]
    check: str
    expires_at: datetime | None
    party: UUID


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What the token opens; stands inside the guest's transaction."""

    token: Token
    bond: Bond
    buyer: Party
    guest: Party
    at: datetime

    @property
    def side(self) -> str:
        return "seller" if self.bond.seller == self.token.party else "buyer"

    def need(self, verb: str) -> None:
        """Raises VerbNotAllowed (403)."""
        if verb not in self.token.verbs:
            raise VerbNotAllowed(_("这个链接不允许此项操作，请联系采购方。"))


@dataclass(frozen=True, kw_only=True)
class GuestOrder:
    """One order as the guest sees it: the fold, what was shipped and received, until when the link shows it."""

    chain: UUID
    order: Order
    moved: dict[int, Ledger]
    sent_at: datetime
    changed_at: datetime
    until: datetime

    @property
    def progress(self) -> str:
        agreed = self.order.agreed
        if agreed is None:
            return "none"
        rows = []
        for line in agreed.terms.lines:
            done = self.moved.get(line.line, Ledger())
            rows.append(Ledger(agreed=line.quantity, despatched=done.despatched, received=done.received))
        return progress(rows)


@contextmanager
def open_desk(text: str, at: datetime) -> Iterator[Desk]:
    """The desk of a token, in one transaction of the role `guest`. Raises LinkEnded."""
    digest = hash_of_token(text)
    with guest_context(digest):
        token = _token(digest)
        if token is None or (token.expires_at is not None and token.expires_at <= at):
            raise ended()
        bond = Bond.objects.filter(pk__in=[_link_of(digest)]).first()
        if bond is None:
            raise ended()
        parties = {party.pk: party for party in Party.objects.filter(pk__in=[bond.buyer, bond.seller])}
        if len(parties) != 2 or bond.buyer is None or bond.seller is None:
            raise ended()
        other = bond.buyer if token.party == bond.seller else bond.seller
        yield Desk(token=token, bond=bond, buyer=parties[other], guest=parties[token.party], at=at)


def _ask(digest: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT id, link, chain, verbs, "check", expires_at, party FROM exchange.open_token(%s)', [digest]
        )
        return cursor.fetchone()


def _token(digest: str) -> Token | None:
    row = _ask(digest)
    if row is None or row[0] is None:
        return None
    return Token(
        hash=digest, id=row[0], chain=row[2], verbs=frozenset(row[3]), check=row[4], expires_at=row[5], party=row[6]
    )


def _link_of(digest: str) -> UUID | None:
    row = _ask(digest)
    link: UUID | None = row[1] if row else None
    return link


def orders(desk: Desk) -> list[GuestOrder]:
    """The orders of the desk, newest first; those that closed more than 30 days ago are gone."""
    rows = DocVersion.objects.filter(link=desk.bond.pk, kind="order", seq=1).order_by("-sent_at", "id")
    chains = [row.chain for row in rows]
    versions: dict[UUID, list[DocVersion]] = {chain: [] for chain in chains}
    for version in DocVersion.objects.filter(link=desk.bond.pk, chain__in=chains).order_by("chain", "seq"):
        versions[version.chain].append(version)
    moved = _moved(desk, deliveries(desk))
    found = [_guest_order(desk, chain, versions[chain], moved) for chain in chains]
    return [one for one in found if one.order.header is not None and one.until > desk.at]


def order_of(desk: Desk, chain: UUID) -> GuestOrder:
    """One order. Raises LinkEnded: another chain than the token's is as absent as an unknown one."""
    rows = exchanged(desk.bond.pk, chain)
    if not rows or rows[0].kind != "order":
        raise ended()
    found = _guest_order(desk, chain, rows, _moved(desk, deliveries(desk)))
    if found.order.header is None or found.until <= desk.at:
        raise ended()
    return found


def _guest_order(
    desk: Desk, chain: UUID, rows: list[DocVersion], moved: dict[tuple[str, int], Ledger]
) -> GuestOrder:  # fmt: skip
    order = folded_order(rows, desk.bond.buyer)
    mine = {line: ledger for (order_id, line), ledger in moved.items() if order_id == str(chain)}
    closed = rows[-1].sent_at if order.closed else desk.bond.closed_at
    until = until_of(desk.token.expires_at, closed, desk.at)
    if closed is not None:
        until = min(until, closed + AFTER_CLOSING)
    return GuestOrder(
        chain=chain, order=order, moved=mine, sent_at=rows[0].sent_at, changed_at=rows[-1].sent_at, until=until
    )  # fmt: skip


def deliveries(desk: Desk) -> dict[UUID, Delivery]:
    """{chain: delivery} of all that the token may see."""
    rows = DocVersion.objects.filter(link=desk.bond.pk, kind__in=("despatch", "receipt")).order_by("chain", "seq")
    chains: dict[UUID, list[DocVersion]] = {}
    for row in rows:
        chains.setdefault(row.chain, []).append(row)
    return {chain: fold_delivery(as_versions(found, desk.bond.buyer)) for chain, found in chains.items()}


def _moved(desk: Desk, found: dict[UUID, Delivery]) -> dict[tuple[str, int], Ledger]:
    despatched: dict[tuple[str, int], Decimal] = {}
    received: dict[tuple[str, int], tuple[Decimal, Decimal, Decimal]] = {}
    for delivery in found.values():
        for key, quantity in delivery.despatched().items():
            despatched[key] = despatched.get(key, ZERO) + quantity
        for receipt in delivery.live:
            for row in receipt.lines:
                got, bad, less = received.get((row.order, row.line), (ZERO, ZERO, ZERO))
                received[row.order, row.line] = (got + row.received, bad + row.rejected, less + row.short)
    ledgers = {}
    for key in despatched.keys() | received.keys():
        got, bad, less = received.get(key, (ZERO, ZERO, ZERO))
        ledgers[key] = Ledger(despatched=despatched.get(key, ZERO), received=got, rejected=bad, short=less)
    return ledgers


def note_look(desk: Desk, chain: UUID, seq: int, *, via: str) -> None:
    """Write down that the guest looked; the buyer can read it."""
    look = Look(
        id=uuid4(), at=machine_now(), party=desk.token.party, who="guest", link=desk.bond.pk, chain=chain, seq=seq,
        what="view", via=via,
    )  # fmt: skip
    Look.objects.bulk_create([look])
