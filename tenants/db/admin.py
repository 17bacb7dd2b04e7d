"""A plain connection as the database's administrator, for roles, schemas and migrations only."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import psycopg
from django.db import connections

from tenants.db.base import DatabaseWrapper

AdminConnection = psycopg.Connection[tuple[object, ...]]


def admin_wrapper() -> DatabaseWrapper:
    """Django's connection of the alias `admin`."""
    return cast(DatabaseWrapper, connections["admin"])


@contextmanager
def admin_connection(*, autocommit: bool = True) -> Iterator[AdminConnection]:
    """Connect with the settings of the alias `admin`; closed at the end."""
    params = admin_wrapper().settings_dict
    connection = psycopg.connect(
        host=params["HOST"],
        port=params["PORT"],
        dbname=params["NAME"],
        user=params["USER"],
        password=params["PASSWORD"],
        connect_timeout=5,
        autocommit=autocommit,
    )
    try:
        yield connection
    finally:
        connection.close()
