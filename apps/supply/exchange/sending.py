"""A version is built, signed and written into the exchange: once, at its place in the chain, or not at all."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import DatabaseError, IntegrityError, transaction

from apps.supply.domain import canonical
from apps.supply.domain.canonical import Signed
from apps.supply.models import Bond, DocVersion, PartyKey
from tenants.secretbox import seal, unseal

NOT_ACTIVE, NOT_NEXT = "QX002", "QX003"


class HeadMoved(Exception):
    """Somebody else wrote this place of the chain first; nothing was written."""


class LinkClosed(Exception):
    """The link lets nothing through; nothing was written."""


class SentBefore(Exception):
    """The sender used this key of repetition already; nothing was written."""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What is to be sent. `seen`: the head that the sender answers; `about`: another chain that this one is about."""

    bond: Bond
    sender: UUID
    chain: UUID
    kind: str
    payload: Mapping[str, Any]
    seen: int
    at: datetime
    idem: str = ""
    about: UUID | None = None

    @property
    def recipient(self) -> UUID:
        return other_end(self.bond, self.sender)


def other_end(bond: Bond, party: UUID) -> UUID:
    """The end of the link that is not `party`."""
    end = bond.seller if bond.buyer == party else bond.buyer
    if end is None:
        raise LinkClosed
    return end


def new_secret() -> tuple[str, str]:
    """(public key, sealed secret key) of a fresh pair."""
    public, secret = canonical.new_key()
    return public, seal(secret)


def head_of(link: UUID, chain: UUID) -> DocVersion | None:
    """The newest version of the chain."""
    return DocVersion.objects.filter(link=link, chain=chain).order_by("-seq").first()


def sent_with(sender: UUID, idem: str) -> DocVersion | None:
    """The version that `sender` wrote under this key of repetition; None for an empty or a fresh key."""
    return DocVersion.objects.filter(sender=sender, idem=idem).first() if idem else None


def send(draft: Draft) -> DocVersion:
    """Write the next version of the chain; call inside the transaction of one's own rows.

    Raises HeadMoved when the head is not `draft.seen` or somebody is faster, LinkClosed, SentBefore.
    """
    # Who has seen nothing may write the first place alone; that somebody has it already, the write itself finds.
    head = head_of(draft.bond.id, draft.chain) if draft.seen else None
    if (head.seq if head else 0) != draft.seen:
        raise HeadMoved
    version = _signed(draft, head)
    try:
        with transaction.atomic():
            version.save(force_insert=True)
    except IntegrityError as error:
        raise SentBefore if "doc_version_idem_once" in str(error) else HeadMoved from error
    except DatabaseError as error:
        _translate(error)
        raise
    return version


def _translate(error: DatabaseError) -> None:
    state = getattr(error.__cause__, "sqlstate", "")
    if state == NOT_ACTIVE:
        raise LinkClosed from error
    if state == NOT_NEXT:
        raise HeadMoved from error


def _signed(draft: Draft, head: DocVersion | None) -> DocVersion:
    key = PartyKey.objects.filter(party=draft.sender).order_by("-valid_from", "-id").first()
    if key is None:
        raise LinkClosed
    body = Signed(
        link=draft.bond.id, chain=draft.chain, seq=draft.seen + 1, kind=draft.kind, sender=draft.sender,
        recipient=draft.recipient, sent_at=draft.at, payload=draft.payload, prev=head.body_hash if head else None,
    )  # fmt: skip
    payload = canonical.canonical(draft.payload)
    digest = canonical.hash_with(body, payload)
    return DocVersion(
        id=uuid4(), link=body.link, chain=body.chain, about=draft.about, seq=body.seq, kind=body.kind,
        sender=body.sender, recipient=body.recipient, idem=draft.idem or uuid4().hex, sent_at=draft.at,
        payload=payload.decode(), prev_hash=body.prev, body_hash=digest,
        signature=canonical.sign(unseal(key.secret), digest), key=key.public_key,
    )  # fmt: skip


def as_signed(row: Any) -> Signed:
    """A stored version or copy as the arithmetic verifies it."""
    return Signed(
        link=row.link, chain=row.chain, seq=row.seq, kind=row.kind, sender=row.sender, recipient=row.recipient,
        sent_at=row.sent_at, payload=json.loads(row.payload), prev=row.prev_hash, body_hash=row.body_hash,
        signature=row.signature, key=row.key,
    )  # fmt: skip
