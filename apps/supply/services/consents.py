"""授权: feeds beyond documents flow only under a consent; revoking works at once."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from apps.supply.models import Bond, Consent, SupplyLink
from apps.supply.services.refusals import refusal
from kernel import audit
from kernel.clock import machine_now
from tenants.rights import Member

SCOPES = ("scorecard",)
GRANULARITIES = ("exact", "rounded", "level")


@transaction.atomic
def give_consent(
    *, link_id: UUID, scope: str, items: Any, granularity: str, until: datetime | None, actor: Member
) -> Consent:  # fmt: skip
    """Let the other firm of the link see a feed of ours. Raises not_found, link_not_active."""
    link = SupplyLink.objects.filter(pk=link_id).first()
    if link is None:
        raise refusal("not_found")
    if Bond.objects.get(pk=link_id).state != "active":
        raise refusal("link_not_active")
    row = Consent(
        id=uuid4(), link=link.pk, grantor=link.own_party, scope=scope, items=items, granularity=granularity,
        starts_at=machine_now(), until=until,
    )  # fmt: skip
    Consent.objects.bulk_create([row])
    audit.record(actor=actor, action="consent.give", object=f"consent:{row.pk}", label=scope)
    return row


@transaction.atomic
def revoke_consent(*, consent_id: UUID, actor: Member) -> Consent:
    """End a consent of ours, by a row of its own. Raises not_found."""
    mine = list(SupplyLink.objects.values_list("own_party", flat=True))
    row = Consent.objects.filter(pk=consent_id, grantor__in=mine, revokes=None).first()
    if row is None:
        raise refusal("not_found")
    if not Consent.objects.filter(revokes=row.pk).exists():
        moment = machine_now()
        end = Consent(
            id=uuid4(), link=row.link, grantor=row.grantor, scope=row.scope, items=row.items,
            granularity=row.granularity, starts_at=moment, until=row.until, revokes=row.pk, revoked_at=moment,
        )  # fmt: skip
        Consent.objects.bulk_create([end])
        audit.record(actor=actor, action="consent.revoke", object=f"consent:{row.pk}", label=row.scope)
    return row


def state_of(row: Consent, ended: set[UUID | None], at: datetime) -> str:
    """active or ended; `ended` are the ids that a revocation names."""
    over = row.pk in ended or (row.until is not None and row.until <= at)
    return "ended" if over else "active"
