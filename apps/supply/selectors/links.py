"""Links as pages and the API read them: our row, the state in the exchange, the other firm."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.supply.models import Bond, Party, SupplyLink
from apps.supply.services.links import state_of
from apps.supply.services.refusals import refusal


@dataclass(frozen=True, kw_only=True)
class LinkView:
    """One link ready to print; `other` is the other firm as it calls itself, None before anybody accepted."""

    row: SupplyLink
    bond: Bond
    state: str
    other: Party | None

    @property
    def is_inviter(self) -> bool:
        return bool(self.bond.invited_by == self.row.own_party)

    @property
    def may_resume(self) -> bool:
        return self.state == "suspended" and self.bond.changed_by == self.row.own_party


def links(asked: Mapping[str, str], at: datetime) -> list[LinkView]:
    """?state=&role=&partner=, newest first."""
    rows = SupplyLink.objects.select_related("partner").order_by("-created_at", "id")
    if asked.get("role"):
        rows = rows.filter(role=asked["role"])
    if asked.get("partner"):
        rows = rows.filter(partner__code__iexact=asked["partner"])
    views = _views(list(rows), at)
    return [view for view in views if not asked.get("state") or view.state == asked["state"]]


def _views(rows: list[SupplyLink], at: datetime) -> list[LinkView]:
    bonds = {bond.pk: bond for bond in Bond.objects.filter(pk__in=[row.pk for row in rows])}
    others = {row.pk: _other(row, bonds[row.pk]) for row in rows if row.pk in bonds}
    parties = {party.pk: party for party in Party.objects.filter(pk__in=[key for key in others.values() if key])}
    return [
        LinkView(
            row=row,
            bond=bonds[row.pk],
            state=state_of(bonds[row.pk], at),
            other=parties.get(others[row.pk]) if others[row.pk] else None,  # type: ignore[arg-type]  # as asked
        )
        for row in rows
        if row.pk in bonds
    ]


def _other(row: SupplyLink, bond: Bond) -> UUID | None:
    return bond.seller if bond.buyer == row.own_party else bond.buyer


def link_view(link_id: UUID, at: datetime) -> LinkView:
    """One link. Raises not_found."""
    row = SupplyLink.objects.select_related("partner").filter(pk=link_id).first()
    views = _views([row], at) if row else []
    if not views:
        raise refusal("not_found")
    return views[0]


def partners_with(role: str) -> list[dict[str, Any]]:
    """Partners that documents may be sent to in this role: [{code, name}]."""
    rows = SupplyLink.objects.select_related("partner").filter(role=role, is_live=True).order_by("partner__code", "id")
    active = set(Bond.objects.filter(state="active").values_list("pk", flat=True))
    return [{"code": row.partner.code, "name": row.partner.name} for row in rows if row.pk in active]
