"""供应商链接: a link that lets a firm without company answer; made, revoked and issued anew by the buyer."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from apps.supply.exchange.guest_role import hash_of_token
from apps.supply.models import Bond, GuestToken, SharedOrder, SupplyLink
from apps.supply.services.refusals import refusal
from kernel import audit
from kernel.clock import machine_now
from tenants.rights import Member

VERBS = ("view", "respond", "despatch", "statement", "quote", "upload", "claim")
USUAL = ("view", "respond", "despatch", "statement", "upload", "claim")


@transaction.atomic
def create_guest_link(
    *, link_id: UUID, chain: UUID | None, verbs: Sequence[str], check: str, expires_at: datetime | None, actor: Member
) -> tuple[GuestToken, str]:
    """A new token of a guest's link, for one chain or (None) for all of it; answers it with its text, shown once.

    `verbs` empty = the usual ones; `check` empty = the link's setting. Raises not_found, link_not_active.
    """
    link = SupplyLink.objects.select_related("partner").filter(pk=link_id, is_guest=True).first()
    if link is None or Bond.objects.get(pk=link_id).state != "active":
        raise refusal("link_not_active")
    if chain is not None and not SharedOrder.objects.filter(pk=chain, link=link).exists():
        raise refusal("not_found")
    token = secrets.token_urlsafe(32)  # 256 bits
    row = GuestToken(
        id=uuid4(), hash=hash_of_token(token), link=link.pk, chain=chain,
        verbs=[verb for verb in VERBS if verb in (verbs or USUAL) or verb == "view"],
        check_mode=check or str(link.settings.get("guest_check", "code")), expires_at=expires_at,
        issuer=link.own_party, created_at=machine_now(),
    )  # fmt: skip
    GuestToken.objects.bulk_create([row])
    label = link.partner.name
    audit.record(actor=actor, action="guest_link.create", object=f"guest_link:{row.pk}", label=label)
    return row, token


@transaction.atomic
def revoke_guest_link(*, token_id: UUID, actor: Member) -> GuestToken:
    """The link is dead from the next request on. Raises not_found."""
    row = GuestToken.objects.filter(pk=token_id).first()
    if row is None:
        raise refusal("not_found")
    if row.revoked_at is None:
        row.revoked_at = machine_now()
        GuestToken.objects.filter(pk=token_id).update(revoked_at=row.revoked_at)
        audit.record(actor=actor, action="guest_link.revoke", object=f"guest_link:{row.pk}", label=str(row.pk))
    return row


@transaction.atomic
def reissue_guest_link(*, token_id: UUID, actor: Member) -> tuple[GuestToken, str]:
    """A new token with the same scope; the old one dies. Raises not_found, link_not_active."""
    old = revoke_guest_link(token_id=token_id, actor=actor)
    return create_guest_link(
        link_id=old.link, chain=old.chain, verbs=old.verbs, check=old.check_mode, expires_at=old.expires_at,
        actor=actor,
    )  # fmt: skip
