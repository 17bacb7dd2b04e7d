"""A plain connection as the database's administrator, for roles, schemas and migrations only."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connections

AdminConnection = psycopg.Connection[tuple[object, ...]]


@contextmanager
def admin_connection(*, autocommit: bool = True) -> Iterator[AdminConnection]:
    """Connect with the settings of the alias `admin`; closed at the end."""
    params = connections["admin"].settings_dict
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
