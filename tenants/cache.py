"""Cache keys carry the company, so that one can never read another's entry."""

from django.db import connection


def make_key(key: str, key_prefix: str, version: int) -> str:
    """`<schema>:<version>:<key>`: the schema that the connection stands in is part of every key."""
    return f"qz:{key_prefix}:{getattr(connection, 'schema_name', 'public')}:{version}:{key}"
