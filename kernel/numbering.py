"""Numbers without gap or double: the counter is locked by its update, a rolled-back document gives it back."""

from django.db import connection


def next_in(scope: str) -> int:
    """The next number of `scope`, 1 at first. Call in the document's transaction, as its last lock before commit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_numbercounter (scope, last) VALUES (%s, 1) "
            "ON CONFLICT (scope) DO UPDATE SET last = kernel_numbercounter.last + 1 RETURNING last",
            [scope],
        )
        return int(cursor.fetchone()[0])


def last_in(scope: str) -> int:
    """The last number given in `scope`, 0 if none; reads without locking."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT last FROM kernel_numbercounter WHERE scope = %s", [scope])
        row = cursor.fetchone()
    return int(row[0]) if row else 0
