"""Copies of the prepared database: one for each worker, one for each test that commits."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connections
from psycopg import sql

from tenants.context import leave_company

PREPARED = "qingzhun"


@contextmanager
def own_database(suffix: str, template: str = PREPARED) -> Iterator[str]:
    """A fresh copy of `template`, in which everything stands until the end of the block; then dropped."""
    before = connections["default"].settings_dict["NAME"]
    name = f"{before}_{suffix}"
    copy_database(name, template)
    point_at(name)
    try:
        yield name
    finally:
        leave_company()
        connections.close_all()
        point_at(before)
        with _administrator() as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def copy_database(name: str, template: str = PREPARED) -> None:
    """`name` anew, as `template` is now, for the login of the web server."""
    login = sql.Identifier(connections["default"].settings_dict["USER"])
    given = sql.Identifier(template)
    with _administrator() as connection:
        # Workers copy one after another: a template database must have no visitors while it is copied.
        connection.execute("SELECT pg_advisory_lock(7)")
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), given))
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
        connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(name), login))
        connection.execute("SELECT pg_advisory_unlock(7)")


def point_at(name: str) -> None:
    """The next statement of this worker goes to the database of that name."""
    for alias in ("default", "admin"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


def _administrator() -> "psycopg.Connection[Any]":
    params = connections["admin"].settings_dict
    return psycopg.connect(
        host=params["HOST"], port=params["PORT"], user=params["USER"], password=params["PASSWORD"],
        dbname="postgres", autocommit=True,
    )  # fmt: skip
