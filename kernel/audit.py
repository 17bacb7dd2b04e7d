"""The log of changes. Every service writes one entry in its own transaction; nobody can change or remove one."""

import json
from typing import Any

from django.db import connection

from kernel.clock import now
from kernel.events import Along
from tenants.rights import Member

# Written out: every service of every module waits for it.
_INSERT = """
INSERT INTO kernel_auditentry (at, actor_id, actor_name, action, object, label, changes, ip, token_id)
VALUES (%s, %s, %s, %s, %s, {label}, %s::jsonb, %s::inet, %s)
"""
_PLAIN = _INSERT.format(label="%s")


def record(
    *, actor: Member | None, action: str, object: str, label: str, changes: dict[str, Any] | None = None
) -> None:
    """Write one entry. `action` is `voucher.post`, `object` is `voucher:17`, `changes` is {field: [before, after]}.

    `actor` None = the system. Values in `changes` must be JSON; secrets, tax ids and bank numbers stay out.
    """
    row = columns(actor=actor, action=action, object=object, label=label, changes=changes)
    with connection.cursor() as cursor:
        cursor.execute(_PLAIN, _values(row))


def along(*, actor: Member | None, action: str, object: str, label: str, answer: str) -> Along:
    """As `record`, for the statement of others; `label` is followed by `answer`, a query of ours that says one text."""
    row = columns(actor=actor, action=action, object=object, label=label)
    return Along(_INSERT.format(label=f"%s::text || ({answer})"), _values(row))


def _values(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple((row | {"changes": json.dumps(row["changes"])}).values())


def columns(
    *, actor: Member | None, action: str, object: str, label: str, changes: dict[str, Any] | None = None
) -> dict[str, Any]:
    """{column: value} of what `record` writes, for who writes it together with other rows."""
    return {
        "at": now(),
        "actor_id": actor.user_id if actor else None,
        "actor_name": actor.name if actor else "系统",
        "action": action,
        "object": object,
        "label": label[:200],
        "changes": changes or {},
        "ip": actor.ip if actor else None,
        "token_id": actor.token_id if actor else None,
    }


def difference(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """{field: [before, after]} of what differs, values as text."""
    keys = sorted(before.keys() | after.keys())
    return {key: [_plain(before.get(key)), _plain(after.get(key))] for key in keys if before.get(key) != after.get(key)}


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | str | list | dict) else str(value)
