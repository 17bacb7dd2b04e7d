"""The member who ordered something, kept beside the order: background work acts in that name with those rights."""

from typing import Any

from tenants.rights import Member


def freeze(member: Member) -> dict[str, Any]:
    """The member as JSON, with the rights held at this moment."""
    return {
        "user_id": member.user_id,
        "name": member.name,
        "email": member.email,
        "role": member.role,
        "rights": sorted(member.rights),
        "membership_id": member.membership_id,
        "ip": member.ip,
        "token_id": member.token_id,
    }


def revive(kept: dict[str, Any]) -> Member:
    """The member that `freeze` kept."""
    return Member(**{**kept, "rights": frozenset(kept["rights"])})
