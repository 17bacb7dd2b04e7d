"""授权 of a link as its page shows them."""

from dataclasses import dataclass
from uuid import UUID

from apps.supply.models import Consent, SupplyLink
from apps.supply.services.consents import state_of
from kernel.clock import machine_now


@dataclass(frozen=True)
class ConsentView:
    """`is_ours`: we gave it, and may end it."""

    row: Consent
    state: str
    is_ours: bool


def consents_of(link: SupplyLink) -> list[ConsentView]:
    """What either end may see of the other beyond documents, the newest first."""
    rows = list(Consent.objects.filter(link=link.pk).order_by("-starts_at", "id"))
    ended: set[UUID | None] = {row.revokes for row in rows}
    moment = machine_now()
    return [
        ConsentView(row, state_of(row, ended, moment), row.grantor == link.own_party)
        for row in rows
        if row.revokes is None
    ]
