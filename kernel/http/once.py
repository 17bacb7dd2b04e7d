"""One press makes one record: a form carries a key; the same form sent again gets the address of the first answer."""

import hashlib
import secrets
from collections.abc import Callable

from django.db import transaction

from kernel.clock import machine_now
from kernel.http.request import Request
from kernel.models import IdempotencyKey

FIELD = "once"


def fresh_key() -> str:
    """A key for the hidden field `once` of a new form."""
    return secrets.token_urlsafe(12)


def run_once(request: Request, act: Callable[[], str]) -> str:
    """Run `act`, which answers where to go next; the same form with the same content is answered from memory.

    A rival press waits for the first one. A refusal of `act` rolls back and frees the key.
    """
    key = request.POST.get(FIELD, "")
    if not key:
        return act()
    digest = hashlib.sha256(repr(sorted(request.POST.lists())).encode()).hexdigest()
    with transaction.atomic():
        row, is_new = IdempotencyKey.objects.get_or_create(
            key=f"form:{key[:40]}:{digest[:24]}",
            actor=f"user:{request.member.user_id}",
            defaults={"method_path": request.path[:300], "body_hash": digest, "created_at": machine_now()},
        )
        if not is_new and row.body:
            return row.body
        row.body, row.status = act(), 303
        row.save(update_fields=["body", "status"])
        return row.body
