"""访问记录: who looked at what we sent, and the note of our own looks that the other firm may read."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID, uuid4

from django.db.models import QuerySet

from apps.supply.models import Look, SupplyLink
from kernel.clock import machine_now


def note(link: SupplyLink, chain: UUID, seq: int, *, via: str, what: str = "view") -> None:
    """Write down that we looked; the one row a reading page may write."""
    Look.objects.bulk_create(
        [
            Look(
                id=uuid4(), at=machine_now(), party=link.own_party, who="partner", link=link.pk, chain=chain,
                seq=seq, what=what, via=via,
            )
        ]
    )  # fmt: skip


def note_export(rows: Iterable[Any], *, via: str) -> None:
    """Write down that these documents (orders or deliveries, with their links) left as a file."""
    at = machine_now()
    found = [
        Look(
            id=uuid4(), at=at, party=row.link.own_party, who="partner", link=row.link_id, chain=row.pk, seq=row.seq,
            what="export", via=via,
        )
        for row in rows
    ]  # fmt: skip
    Look.objects.bulk_create(found, batch_size=500)


def looks_at_ours(asked: Mapping[str, str]) -> "QuerySet[Look]":
    """?chain=: others' looks at what we sent, newest first; row security shows no others."""
    rows = Look.objects.order_by("-at", "id")
    chain = asked.get("chain", "")
    if not chain:
        return rows
    try:
        return rows.filter(chain=UUID(chain))
    except ValueError:
        return rows.none()
