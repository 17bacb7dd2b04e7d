"""Guest links as the buyer sees them: state, scope, until when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from apps.supply.models import GuestToken, SharedOrder, SupplyLink
from apps.supply.services.refusals import refusal
from kernel.http.addresses import bare_address

AFTER_CLOSING = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class TokenView:
    """One guest link ready to print; `until` None = no end while the document is open."""

    row: GuestToken
    link: SupplyLink
    state: str
    until: datetime


def until_of(expires_at: datetime | None, closed_at: datetime | None, at: datetime) -> datetime:
    """When the link ends: the date given, else 30 days after the document closed, at least 30 days from now."""
    return expires_at or (closed_at or at) + AFTER_CLOSING


def tokens(asked: Mapping[str, str], at: datetime) -> list[TokenView]:
    """?partner=&chain=&state=, newest first."""
    rows = GuestToken.objects.order_by("-created_at", "id")
    if asked.get("chain"):
        rows = rows.filter(chain=_uuid(asked["chain"]))
    views = _views(list(rows), at)
    if asked.get("partner"):
        views = [view for view in views if view.link.partner.code.lower() == asked["partner"].lower()]
    return [view for view in views if not asked.get("state") or view.state == asked["state"]]


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise refusal("not_found") from error


def token_view(token_id: UUID, at: datetime) -> TokenView:
    """One guest link. Raises not_found."""
    views = _views(list(GuestToken.objects.filter(pk=token_id)), at)
    if not views:
        raise refusal("not_found")
    return views[0]


def _views(rows: list[GuestToken], at: datetime) -> list[TokenView]:
    links = {
        link.pk: link
        for link in SupplyLink.objects.select_related("partner").filter(pk__in=[row.link for row in rows])
    }  # fmt: skip
    closed = dict(
        SharedOrder.objects.filter(pk__in=[row.chain for row in rows if row.chain]).values_list("pk", "closed_at")
    )
    found = []
    for row in rows:
        if row.link in links:
            until = until_of(row.expires_at, closed.get(row.chain) if row.chain else None, at)
            state = "revoked" if row.revoked_at else "expired" if until <= at else "live"
            found.append(TokenView(row=row, link=links[row.link], state=state, until=until))
    return found


def page_address(token: str) -> str:
    """Where the guest answers; on the bare domain."""
    return f"{bare_address()}/g/{token}/"


def api_address() -> str:
    return f"{bare_address()}/api/v1/guest/"
