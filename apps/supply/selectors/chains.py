"""Chains as the fold reads them: from the exchange (what both ends see) or from one's own copies."""

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from apps.supply.domain.delivery import Delivery, fold_delivery
from apps.supply.domain.fold import Order, Version, fold
from apps.supply.models import DocVersion, VersionCopy

ORDER_KINDS = frozenset({"order", "order_change", "order_response", "order_cancel"})
DELIVERY_KINDS = frozenset({"despatch", "receipt"})


def as_versions(rows: Iterable[Any], buyer: UUID | None) -> list[Version]:
    """Stored versions as the fold wants them; `buyer` is the party that buys on the link."""
    return [
        Version(
            seq=row.seq,
            kind=row.kind,
            by="buyer" if row.sender == buyer else "seller",
            payload=json.loads(row.payload),
            sent_at=row.sent_at,
        )
        for row in rows
    ]


def exchanged(link: UUID, chain: UUID) -> list[DocVersion]:
    """All versions of the chain in the exchange that we may see, oldest first."""
    return list(DocVersion.objects.filter(link=link, chain=chain).order_by("seq"))


def copied(link: UUID, chain: UUID) -> list[VersionCopy]:
    """One's own copies of the chain, oldest first."""
    return list(VersionCopy.objects.filter(link=link, chain=chain).order_by("seq"))


def folded_order(rows: Iterable[Any], buyer: UUID | None) -> Order:
    return fold(as_versions(rows, buyer))


def folded_delivery(rows: Iterable[Any], buyer: UUID | None) -> Delivery:
    return fold_delivery(as_versions(rows, buyer))
