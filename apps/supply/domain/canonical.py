"""The signed body of a version: canonical JSON (RFC 8785), SHA-256, Ed25519. Nothing here knows a database."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

BODY_VERSION = 1


@dataclass(frozen=True, kw_only=True)
class Signed:
    """One version as both ends hold it. Hashes, keys and signatures are lower-case hex, ids are UUIDs."""

    link: UUID
    chain: UUID
    seq: int
    kind: str
    sender: UUID
    recipient: UUID
    sent_at: datetime
    payload: Mapping[str, Any]
    prev: str | None
    body_hash: str = ""
    signature: str = ""
    key: str = ""

    @property
    def body(self) -> dict[str, Any]:
        """What is hashed, field by field as §4 of the contract names it."""
        return {
            "v": BODY_VERSION,
            "link": str(self.link),
            "chain": str(self.chain),
            "seq": self.seq,
            "kind": self.kind,
            "sender": str(self.sender),
            "recipient": str(self.recipient),
            "sent_at": moment(self.sent_at),
            "prev": self.prev,
            "payload": self.payload,
        }


def moment(at: datetime) -> str:
    """`2026-06-30T01:00:00.000000Z`: one spelling, so that both ends hash the same text."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def number(value: Decimal) -> str:
    """A number in a payload: no exponent, no trailing zeros: `1E+2` -> `100`, `2.50` -> `2.5`."""
    text = f"{value:f}"
    stripped = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if stripped in {"", "-0"} else stripped


def canonical(value: Any) -> bytes:
    """RFC 8785 bytes. Raises TypeError for a float anywhere: numbers travel as text, counters as int."""
    _refuse_floats(value)
    return rfc8785.dumps(value)


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError("a payload holds no floats")
    if isinstance(value, Mapping):
        for part in value.values():
            _refuse_floats(part)
    elif isinstance(value, list | tuple):
        for part in value:
            _refuse_floats(part)


def hash_of(signed: Signed) -> str:
    """SHA-256 over the canonical body."""
    return hashlib.sha256(canonical(signed.body)).hexdigest()


def hash_with(signed: Signed, payload: bytes) -> str:
    """`hash_of` of a version whose canonical payload is written already: it stands between the keys around it."""
    before = canonical({key: value for key, value in signed.body.items() if key < "payload"})
    behind = canonical({key: value for key, value in signed.body.items() if key > "payload"})
    return hashlib.sha256(before[:-1] + b',"payload":' + payload + b"," + behind[1:]).hexdigest()


def new_key() -> tuple[str, str]:
    """(public, secret) of a fresh Ed25519 pair, raw bytes in hex."""
    pair = Ed25519PrivateKey.generate()
    return pair.public_key().public_bytes_raw().hex(), pair.private_bytes_raw().hex()


def sign(secret: str, body_hash: str) -> str:
    """Ed25519 over the 32 bytes of the hash."""
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret)).sign(bytes.fromhex(body_hash)).hex()


def is_signed(public: str, body_hash: str, signature: str) -> bool:
    """Did the holder of the key sign this hash?"""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        key.verify(bytes.fromhex(signature), bytes.fromhex(body_hash))
    except (InvalidSignature, ValueError):
        return False
    return True


def problems_of(versions: Iterable[Signed], keys: Mapping[UUID, Iterable[str]] | None = None) -> list[str]:
    """What is wrong with the versions of one chain, oldest first; empty = seq 1..n, chained, hashed, signed.

    `keys`: the public keys known of each party; a version signed with another one is a problem too.
    """
    found: list[str] = []
    before: Signed | None = None
    for place, version in enumerate(versions, 1):
        if version.seq != place:
            return [*found, f"version {place} is missing"]
        if version.prev != (before.body_hash if before else None):
            found.append(f"version {place} does not follow the one before")
        if hash_of(version) != version.body_hash:
            found.append(f"version {place} was changed after it was hashed")
        elif not is_signed(version.key, version.body_hash, version.signature):
            found.append(f"version {place} is not signed with its key")
        if keys is not None and version.key not in set(keys.get(version.sender, ())):
            found.append(f"version {place} is signed with a key that is not the sender's")
        before = version
    return found
