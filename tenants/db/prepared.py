"""Statements of the hot paths: the server parses and plans them once for each connection."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

REPEATED = 3
MOST_KEPT = 1000


class Prepared(str):
    """SQL text that is sent as a prepared statement; `cursor.execute(Prepared("…"), params)`.

    For few, constant texts whose plan does not depend on the values (found by key, locked, inserted). A plan belongs to
    the search path it was made under: in another company the server makes it again, so it never reads a stranger's
    table. A rollback forgets all of them.
    """

    __slots__ = ()


@contextmanager
def planned_when_repeated() -> Iterator[None]:
    """Inside, whatever comes a third time is prepared: for long work in one company that says the same again and again.

    Not for the web, where a connection serves hundreds of companies and a migration may come between two requests.
    """
    connection.ensure_connection()
    link = connection.connection
    before = link.prepare_threshold, link.prepared_max
    link.prepare_threshold, link.prepared_max = REPEATED, MOST_KEPT
    try:
        yield
        with connection.cursor() as cursor:
            cursor.execute("DEALLOCATE ALL")  # after an error the rollback forgets them
    finally:
        link.prepare_threshold, link.prepared_max = before
