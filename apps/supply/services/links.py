"""协同关系: invite, accept, confirm, suspend, resume, close, and a company that takes a guest party over."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from apps.masterdata import public as masterdata
from apps.supply.events import LinkActivated, LinkClosed
from apps.supply.exchange import calls
from apps.supply.exchange.guest_role import hash_of_token
from apps.supply.exchange.sending import Draft, new_secret, send
from apps.supply.models import Bond, SupplyLink
from apps.supply.services.copying import keep_sent
from apps.supply.services.refusals import refusal, unknown_partner
from kernel import audit
from kernel.clock import machine_now
from kernel.events import publish
from tenants.rights import Member

INVITATION_LIVES = timedelta(days=14)
BUYER, SELLER = "buyer", "seller"
SETTINGS: dict[str, Any] = {
    "price_tolerance": "0", "quantity_tolerance": "0", "auto_share": False, "guest_check": "code",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Guest:
    """Whom the codes of a firm without company go to."""

    name: str = ""
    mobile: str = ""
    email: str = ""


def partner_called(code: str) -> masterdata.PartnerInfo:
    """The own partner with this code. Raises Invalid `unknown_partner`."""
    partner = masterdata.partner_by_code(code)
    if partner is None:
        raise unknown_partner()
    return partner


def own_party() -> UUID:
    """The company's main party; made at its first step into the exchange, name and USCC kept up to date."""
    own = masterdata.own_company()
    public, sealed = new_secret()
    return calls.register(party=uuid4(), name=own.name, uscc=own.uscc, public=public, key=uuid4(), secret=sealed)


@transaction.atomic
def create_link(
    *, partner_code: str, role: str, guest: Guest | None, actor: Member, at: datetime
) -> tuple[SupplyLink, str]:
    """Invite a partner; answers the link and the code, which is shown this once (empty for a guest).

    Publishes LinkActivated for a guest. Raises unknown_partner, partner_blocked, already_linked.
    """
    partner = _free_partner(partner_code, role)
    party, link_id = own_party(), uuid4()
    code = "" if guest else secrets.token_urlsafe(16)
    other = _invite_guest(link_id, role, partner, guest) if guest else None
    if guest is None:
        calls.invite(
            link=link_id, role=role, uscc=partner.uscc, code_hash=hash_of_token(code),
            expires_at=max(at, machine_now()) + INVITATION_LIVES,
        )  # fmt: skip
    link = _keep(link_id, partner.id, role, party, actor, at, other_party=other, is_guest=guest is not None)
    audit.record(actor=actor, action="supply_link.invite", object=f"supply_link:{link.pk}", label=partner.label)
    if guest is not None:
        publish(LinkActivated(link_id=str(link.pk)))
    return link, code


def _free_partner(code: str, role: str) -> masterdata.PartnerInfo:
    partner = partner_called(code)
    if partner.is_blocked:
        raise refusal("partner_blocked")
    for known in SupplyLink.objects.select_for_update().filter(partner_id=partner.id, role=role, is_live=True):
        if is_over(known):
            SupplyLink.objects.filter(pk=known.pk).update(is_live=False)
        else:
            raise refusal("already_linked")
    return partner


def is_over(link: SupplyLink) -> bool:
    """Has the link ended: closed, declined, or an invitation that ran out?"""
    bond = Bond.objects.filter(pk=link.pk).first()
    return bond is None or state_of(bond, machine_now()) in ("closed", "declined", "expired")


def state_of(bond: Bond, at: datetime) -> str:
    """The link's state; an invitation ends by itself."""
    if bond.state == "invited" and bond.expires_at is not None and bond.expires_at <= at:
        return "expired"
    return bond.state


def _invite_guest(link_id: UUID, role: str, partner: masterdata.PartnerInfo, guest: Guest) -> UUID:
    public, sealed = new_secret()
    party = uuid4()
    calls.invite_guest(
        link=link_id, role=role, party=party, name=partner.name, uscc=partner.uscc, public=public, key=uuid4(),
        secret=sealed, person=guest.name, mobile=guest.mobile, email=guest.email,
    )  # fmt: skip
    return party


def _keep(
    link_id: UUID, partner_id: int, role: str, own: UUID, actor: Member, at: datetime, **more: Any
) -> SupplyLink:  # fmt: skip
    try:
        with transaction.atomic():
            return SupplyLink.objects.create(
                id=link_id, partner_id=partner_id, role=role, own_party=own, settings=dict(SETTINGS), created_at=at,
                created_by_id=actor.user_id, created_by_name=actor.name, **more,
            )  # fmt: skip
    except IntegrityError as error:  # two clerks invited the same partner at once
        raise refusal("already_linked") from error


@transaction.atomic
def accept_link(*, code: str, partner_code: str, actor: Member, at: datetime) -> SupplyLink:
    """Accept an invitation. Active at once when our USCC is the invited one, else the inviter confirms.

    Publishes LinkActivated when active. Raises not_found for every code that opens none, unknown_partner,
    partner_blocked, already_linked.
    """
    party = own_party()
    try:
        with transaction.atomic():
            link_id = calls.accept(code_hash=hash_of_token(code.strip()), at=at)
    except IntegrityError as error:
        raise refusal("already_linked") from error
    if link_id is None:
        raise refusal("not_found")
    bond = Bond.objects.get(pk=link_id)
    role = BUYER if bond.buyer == party else SELLER
    partner = _free_partner(partner_code, role)
    other = bond.seller if role == BUYER else bond.buyer
    link = _keep(link_id, partner.id, role, party, actor, at, other_party=other)
    _tell(link, bond, "accept", "", actor, at)
    if bond.state == "active":
        publish(LinkActivated(link_id=str(link.pk)))
    return link


@transaction.atomic
def move_link(*, link_id: UUID, verb: str, reason: str, actor: Member, at: datetime) -> SupplyLink:
    """confirm, decline, suspend, resume or close (`revoke`), told in the chain of the link.

    Publishes LinkActivated, LinkClosed. Raises not_found, and link_not_active where state or side do not allow it.
    """
    link = SupplyLink.objects.select_for_update().filter(pk=link_id).first()
    if link is None:
        raise refusal("not_found")
    if not calls.move(verb, link.pk):
        raise refusal("link_not_active")
    bond = Bond.objects.get(pk=link.pk)
    if link.other_party is None:
        link.other_party = bond.seller if bond.buyer == link.own_party else bond.buyer
    link.is_live = bond.state not in ("closed", "declined")
    link.save(update_fields=["other_party", "is_live"])
    if bond.events:
        _tell(link, bond, verb, reason, actor, at)
    audit.record(actor=actor, action=f"supply_link.{verb}", object=f"supply_link:{link.pk}", label=str(link.pk))
    if verb == "confirm":
        publish(LinkActivated(link_id=str(link.pk)))
    if not link.is_live:
        publish(LinkClosed(link_id=str(link.pk)))
    return link


def _tell(link: SupplyLink, bond: Bond, event: str, reason: str, actor: Member, at: datetime) -> None:
    payload = {"event": event, "reason": reason}
    draft = Draft(
        bond=bond, sender=link.own_party, chain=bond.id, kind="link_event", payload=payload,
        seen=bond.events - 1, at=at,
    )  # fmt: skip
    keep_sent(send(draft))


@transaction.atomic
def change_link(*, link_id: UUID, values: Mapping[str, Any], actor: Member) -> SupplyLink:
    """Our own settings of the link and the ids registered on it; nothing of it travels. Raises not_found."""
    link = SupplyLink.objects.select_for_update().filter(pk=link_id).first()
    if link is None:
        raise refusal("not_found")
    before = {"settings": link.settings, "party_ids": link.party_ids, "own_party_ids": link.own_party_ids}
    link.settings = {**link.settings, **values.get("settings", {})}
    link.party_ids = values.get("party_ids", link.party_ids)
    link.own_party_ids = values.get("own_party_ids", link.own_party_ids)
    link.save(update_fields=["settings", "party_ids", "own_party_ids"])
    after = {"settings": link.settings, "party_ids": link.party_ids, "own_party_ids": link.own_party_ids}
    audit.record(
        actor=actor, action="supply_link.change", object=f"supply_link:{link.pk}", label=str(link.pk),
        changes=audit.difference(before, after),
    )  # fmt: skip
    return link


@transaction.atomic
def claim_link(*, code: str, partner_code: str, actor: Member, at: datetime) -> SupplyLink:
    """Take a guest party over: it keeps its id and history, its links for guests die. Raises not_found and as above."""
    own_party()
    partner = partner_called(partner_code)
    link_id = calls.claim(hash_of_token(code.strip()))
    if link_id is None:
        raise refusal("not_found")
    bond = Bond.objects.get(pk=link_id)
    mine_sells = bond.invited_by == bond.buyer
    role = SELLER if mine_sells else BUYER
    own, other = (bond.seller, bond.buyer) if mine_sells else (bond.buyer, bond.seller)
    if own is None or other is None:
        raise refusal("not_found")
    _free_partner(partner.code, role)
    link = _keep(link_id, partner.id, role, own, actor, at, other_party=other)
    audit.record(actor=actor, action="supply_link.claim", object=f"supply_link:{link.pk}", label=partner.label)
    publish(LinkActivated(link_id=str(link.pk)))
    return link
