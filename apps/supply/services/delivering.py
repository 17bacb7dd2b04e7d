"""Delivery: what partners sent is checked, copied and projected, version by version, each in its own transaction.

A gap waits. What cannot be read or verified is quarantined with a reason the sender sees; later versions of that chain
wait, other chains go on. Twice delivered is applied once.
"""

import json
import logging
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import DatabaseError, transaction

from apps.supply.domain import canonical
from apps.supply.domain.errors import RuleBroken
from apps.supply.domain.fold import UNREADABLE
from apps.supply.events import LinkActivated, LinkClosed
from apps.supply.exchange.sending import as_signed
from apps.supply.models import (
    Acknowledgement,
    Bond,
    DocVersion,
    Inbox,
    Party,
    SharedOrder,
    SupplyLink,
    VersionCopy,
)
from apps.supply.selectors.chains import DELIVERY_KINDS, ORDER_KINDS
from apps.supply.services import learning, telling
from apps.supply.services.copying import keep, note_sent
from apps.supply.services.projecting import lock_link, project_order
from apps.supply.services.projecting_deliveries import project_delivery
from kernel.clock import machine_now
from kernel.events import publish

log = logging.getLogger(__name__)
State = Inbox.State


def deliver_waiting(*, at: datetime, limit: int = 500) -> int:
    """Apply what was sent to this company and not applied yet, chain by chain; answers how many were."""
    if transaction.get_connection().schema_name == "public":
        raise RuntimeError("Deliveries are a company's.")
    done = 0
    for link, chain in _chains_waiting(limit):
        done += catch_up(link, chain, at)
    return done


def _chains_waiting(limit: int) -> list[tuple[UUID, UUID]]:
    mine = list(SupplyLink.objects.order_by("pk").values_list("own_party", flat=True).distinct())
    seen = Acknowledgement.objects.filter(party__in=mine).exclude(state="received").values("version")
    rows = (
        DocVersion.objects.filter(recipient__in=mine).exclude(id__in=seen)
        .order_by("sent_at", "id").values_list("link", "chain")[:limit]
    )  # fmt: skip
    return list(dict.fromkeys(rows))


def catch_up(link: UUID, chain: UUID, at: datetime) -> int:
    """Bring one chain up to the exchange as far as it goes; own versions without copy (a claimed guest's) come too."""
    have = set(VersionCopy.objects.filter(link=link, chain=chain).values_list("id", flat=True))
    own = SupplyLink.objects.filter(pk=link).values_list("own_party", flat=True).first()
    done = 0
    for version in DocVersion.objects.filter(link=link, chain=chain).exclude(id__in=have).order_by("seq"):
        if version.sender == own:
            _keep_own(version)
        elif not receive(version, at):
            break
        done += 1
    return done


def _keep_own(version: DocVersion) -> None:
    with transaction.atomic():
        keep(version)
        note_sent(version)


@transaction.atomic
def receive(version: DocVersion, at: datetime) -> bool:
    """Apply one version; False when it has to wait or was quarantined."""
    lock_link(version.link)
    row = Inbox.objects.select_for_update().filter(pk=version.id).first() or Inbox(
        version=version.id, link=version.link, chain=version.chain, seq=version.seq, kind=version.kind, at=at
    )
    if row.state == State.APPLIED:
        return True
    link = SupplyLink.objects.filter(pk=version.link).first()
    row.attempts += 1
    if link is None or not _is_next(version) or row.state == State.QUARANTINED:
        row.save()
        return False
    try:
        with transaction.atomic():
            _apply(link, version, at)
    except (RuleBroken, DatabaseError, *UNREADABLE) as error:
        _quarantine(row, link, error, at)
        return False
    row.state, row.reason, row.at = State.APPLIED, "", at
    row.save()
    _acknowledge(link, version.id, "applied", "")
    return True


def _is_next(version: DocVersion) -> bool:
    count = VersionCopy.objects.filter(link=version.link, chain=version.chain).count()
    return count == version.seq - 1


def _apply(link: SupplyLink, version: DocVersion, at: datetime) -> None:
    if link.other_party is None:
        link.other_party = version.sender
        link.save(update_fields=["other_party"])
    _verify(link, version)
    keep(version)
    if version.kind in ORDER_KINDS:
        order, _folded = project_order(link, version.chain, at)
        learning.learn_items(link, order, json.loads(version.payload))
        telling.tell(link, version.kind, order.number, f"/supply/orders/{order.pk}/", at)
    elif version.kind in DELIVERY_KINDS:
        project_delivery(link, version.chain)
        telling.tell(link, version.kind, _number(version), "/supply/deliveries/", at)
    elif version.kind == "link_event":
        _follow(link, json.loads(version.payload), at)


def _number(version: DocVersion) -> str:
    """The delivery's own number; a receipt without one has the number of its order."""
    first = VersionCopy.objects.filter(link=version.link, chain=version.chain, seq=1).first()
    number = str(json.loads(first.payload).get("number", "")) if first else ""
    about = SharedOrder.objects.filter(pk=version.about).first() if version.about and not number else None
    return about.number if about else number


def _verify(link: SupplyLink, version: DocVersion) -> None:
    """Hash, signature, and that the key is the sender's. Raises RuleBroken `invalid`."""
    signed = as_signed(version)
    sender = Party.objects.filter(pk=version.sender).first()
    known = sender is not None and version.sender == link.other_party
    if not known or canonical.hash_of(signed) != version.body_hash:
        raise RuleBroken("invalid")
    if not canonical.is_signed(version.key, version.body_hash, version.signature):
        raise RuleBroken("invalid")


def _follow(link: SupplyLink, payload: dict[str, Any], at: datetime) -> None:
    bond = Bond.objects.get(pk=link.pk)
    event = str(payload.get("event", ""))
    link.is_live = bond.state not in ("closed", "declined")
    link.save(update_fields=["is_live"])
    if event in ("accept", "confirm") and bond.state == "active":
        publish(LinkActivated(link_id=str(link.pk)))
    if event == "close":
        publish(LinkClosed(link_id=str(link.pk)))
    telling.tell(link, "link_event", event, "/supply/partners/", at)


def _quarantine(row: Inbox, link: SupplyLink, error: Exception, at: datetime) -> None:
    reason = error.code if isinstance(error, RuleBroken) else "unreadable"
    log.warning("version %s of chain %s was quarantined: %s", row.seq, row.chain, type(error).__name__)
    row.state, row.reason, row.at = State.QUARANTINED, reason, at
    row.save()
    _acknowledge(link, row.version, "refused", reason)


def _acknowledge(link: SupplyLink, version: UUID, state: str, reason: str) -> None:
    if not Acknowledgement.objects.filter(version=version, party=link.own_party, state=state).exists():
        Acknowledgement.objects.bulk_create(
            [
                Acknowledgement(
                    id=uuid4(), version=version, party=link.own_party, state=state, reason=reason,
                    at=machine_now(),
                )
            ]
        )  # fmt: skip
