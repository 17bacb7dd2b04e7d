"""The functions of the schema `exchange`, called by name. Each runs as the owner and knows the asker by its role."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection


def _ask(statement: str, params: list[Any]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        row = cursor.fetchone()
    return row[0] if row else None


def register(*, party: UUID, name: str, uscc: str, public: str, key: UUID, secret: str) -> UUID:
    """The company's main party, made with this key if there is none yet; its name and USCC follow."""
    found: UUID = _ask(
        "SELECT exchange.register(%s, %s, %s, %s, %s, %s)", [party, name[:200], uscc, public, key, secret]
    )
    return found


def invite(*, link: UUID, role: str, uscc: str, code_hash: str, expires_at: datetime) -> None:
    _ask("SELECT exchange.invite(%s, %s, %s, %s, %s)", [link, role, uscc, code_hash, expires_at])


def invite_guest(
    *, link: UUID, role: str, party: UUID, name: str, uscc: str, public: str, key: UUID, secret: str,
    person: str, mobile: str, email: str,
) -> None:  # fmt: skip
    """A link with a firm that has no company here, active at once."""
    _ask(
        "SELECT exchange.invite_guest(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [link, role, party, name[:200], uscc, public, key, secret, person, mobile, email],
    )


def accept(*, code_hash: str, at: datetime) -> UUID | None:
    """The link that the code opened; None for every code that opens none."""
    found: UUID | None = _ask("SELECT exchange.accept(%s, %s)", [code_hash, at])
    return found


def move(verb: str, link: UUID) -> bool:
    """confirm, decline, suspend, resume or close; False when the link's state or side does not allow it."""
    if verb not in ("confirm", "decline", "suspend", "resume", "close"):
        raise ValueError(verb)
    return bool(_ask(f"SELECT exchange.{verb}(%s)", [link]))  # one of five names


def claim(code_hash: str) -> UUID | None:
    """The link whose guest party now works for this company; None for a code that opens none."""
    found: UUID | None = _ask("SELECT exchange.claim(%s)", [code_hash])
    return found


def role_of(party: UUID) -> str | None:
    """For the serving login alone: which company's role works for the party."""
    found: str | None = _ask("SELECT exchange.role_of(%s)", [party])
    return found


def roles_waiting() -> list[str]:
    """For the serving login alone: roles for which something has not been applied yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT exchange.roles_waiting()")
        return sorted(str(row[0]) for row in cursor.fetchall())
