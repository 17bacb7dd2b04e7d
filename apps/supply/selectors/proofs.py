"""Proof: a chain as anybody can verify it, and one's own copies against the exchange."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection

from apps.supply.domain import canonical
from apps.supply.exchange.sending import as_signed
from apps.supply.models import Acknowledgement, Bond, DocVersion, Party, PartyKey, VersionCopy
from apps.supply.services.refusals import refusal

KEEP = ("body_hash", "signature", "key", "payload", "prev_hash")


def chain_proof(chain: UUID) -> dict[str, Any]:
    """Versions with hashes, signatures and receipts, the parties, and whether all of it holds. Raises not_found."""
    rows = list(DocVersion.objects.filter(chain=chain).order_by("seq"))
    if not rows:
        raise refusal("not_found")
    bond = Bond.objects.get(pk=rows[0].link)
    parties = list(Party.objects.filter(pk__in=[bond.buyer, bond.seller]).order_by("id"))
    problems = canonical.problems_of([as_signed(row) for row in rows], _keys(parties))
    states = {}
    for receipt in Acknowledgement.objects.filter(version__in=[row.id for row in rows]).order_by("at", "id"):
        states[receipt.version] = {"state": receipt.state, "at": receipt.at.isoformat(), "reason": receipt.reason}
    return {
        "id": str(chain),
        "kind": rows[0].kind,
        "link": str(bond.pk),
        "head": {"seq": rows[-1].seq, "hash": rows[-1].body_hash},
        "parties": [
            {
                "party": str(party.pk), "role": "buyer" if party.pk == bond.buyer else "seller", "kind": party.kind,
                "name": party.name, "public_key": party.public_key,
            }
            for party in parties
        ],
        "versions": [{**_version(row), "receipt": states.get(row.id)} for row in rows],
        "verified": not problems,
        "problems": problems,
    }  # fmt: skip


def _keys(parties: Iterable[Party]) -> dict[UUID, list[str]]:
    keys = {party.pk: [party.public_key] for party in parties}
    for row in PartyKey.objects.filter(party__in=keys).order_by("valid_from", "id"):
        keys[row.party].append(row.public_key)
    return keys


def _version(row: Any) -> dict[str, Any]:
    signed = as_signed(row)
    return {
        "seq": row.seq,
        "kind": row.kind,
        "sender": str(row.sender),
        "recipient": str(row.recipient),
        "sent_at": canonical.moment(row.sent_at),
        "payload": signed.payload,
        "prev": row.prev_hash,
        "body_hash": row.body_hash,
        "signature": row.signature,
        "key": row.key,
    }


def broken_copies() -> list[str]:
    """For the doctor: copies that differ from the exchange or do not verify; sentences, at most twenty."""
    found: list[str] = []
    chains = VersionCopy.objects.order_by("link", "chain").values_list("link", "chain").distinct()
    for link, chain in chains.iterator(chunk_size=500):
        copies = list(VersionCopy.objects.filter(link=link, chain=chain).order_by("seq"))
        there = {row.id: row for row in DocVersion.objects.filter(link=link, chain=chain)}
        found += [f"chain {chain}: {problem}" for problem in canonical.problems_of(as_signed(row) for row in copies)]
        for copy in copies:
            row = there.get(copy.id)
            if row is None or any(getattr(row, name) != getattr(copy, name) for name in KEEP):
                found.append(f"chain {chain}: version {copy.seq} differs from the exchange")
        if len(found) >= 20:
            break
    return found[:20]


_DOORS = """
SELECT 'role ' || rolname || ' passes row security' FROM pg_roles
 WHERE rolname IN (session_user, current_user) AND (rolsuper OR rolbypassrls)
UNION ALL SELECT 'role ' || who || ' may create in the exchange' FROM unnest(ARRAY[session_user, current_user]) AS who
 WHERE has_schema_privilege(who, 'exchange', 'CREATE')
UNION ALL SELECT 'table exchange.' || relname || ' belongs to ' || pg_get_userbyid(relowner) FROM pg_class
 WHERE relnamespace = 'exchange'::regnamespace AND pg_get_userbyid(relowner) IN (session_user, current_user)
UNION ALL SELECT 'table exchange.' || relname || ' is not behind row security' FROM pg_class
 WHERE relnamespace = 'exchange'::regnamespace AND relkind = 'r' AND relname <> 'migration'
   AND NOT (relrowsecurity AND relforcerowsecurity)
"""


def open_doors() -> list[str]:
    """For the doctor: what would let this company's role, or the serving login, pass the locks of the exchange."""
    with connection.cursor() as cursor:
        cursor.execute(_DOORS)
        return sorted(str(row[0]) for row in cursor.fetchall())
