"""Numbers without gap or double: the counter is locked by its update, a rolled-back document gives it back."""

from django.db import connection


def next_in(scope: str, *, above: int = 0) -> int:
    """The next number of `scope`, 1 at first and higher than `above`.

    Call in the document's transaction, as its last lock before commit.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_numbercounter AS c (scope, last) VALUES (%s, %s) "
            "ON CONFLICT (scope) DO UPDATE SET last = greatest(c.last + 1, excluded.last) RETURNING last",
            [scope, above + 1],
        )
        return int(cursor.fetchone()[0])
