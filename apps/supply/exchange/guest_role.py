"""Stand in the role `guest` with one token: the database itself sees the token's party and chain, or nothing."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import cast

from django.conf import settings
from django.db import connection, transaction

from tenants.db.base import DatabaseWrapper

_HASH = re.compile(r"[0-9a-f]{64}")


def hash_of_token(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


@contextmanager
def guest_context(token_hash: str) -> Iterator[None]:
    """One transaction in the role `guest`. Refused inside another transaction; the company before is restored."""
    if not _HASH.fullmatch(token_hash):
        raise ValueError("a hash of a token is 64 hexadecimal digits")
    wrapper = cast(DatabaseWrapper, connection)
    before = wrapper.tenant
    wrapper.set_tenant(SimpleNamespace(schema_name=settings.GUEST_ROLE))
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                # A literal: the role may not run set_config, and only digits and letters can stand here.
                cursor.execute(f"SET LOCAL exchange.token = '{token_hash}'")
            yield
    finally:
        wrapper.set_tenant(before)
