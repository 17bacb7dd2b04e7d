"""Statements of the hot paths: the server parses and plans them once for each connection."""


class Prepared(str):
    """SQL text that is sent as a prepared statement; `cursor.execute(Prepared("…"), params)`.

    For few, constant texts whose plan does not depend on the values (found by key, locked, inserted). A plan belongs to
    the search path it was made under: in another company the server makes it again, so it never reads a stranger's
    table. A rollback forgets all of them.
    """

    __slots__ = ()
