"""What many tests begin with, built once a worker instead of before each test.

A standing is a database of its own in which the rows stand for good. A test that begins with it runs there in a
transaction that is taken back, as every test does: none sees what another did. A fixture asks for a standing by a
session fixture whose name begins with `standing_`; `tests/conftest.py` chooses the database before the transaction.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from tenants.context import leave_company
from tests.databases import PREPARED, copy_database


@dataclass(frozen=True)
class Standing:
    """Rows in a database of their own, and what `build` answered about them."""

    name: str
    connection: BaseDatabaseWrapper
    value: Any
    below: tuple[str, ...]

    @classmethod
    def built(cls, name: str, build: Callable[[], Any], on: "Standing | None" = None) -> "Standing":
        """Copy the prepared database, or that of `on`, and let `build` add to it."""
        worker = connections["default"].settings_dict["NAME"]
        if on is not None:
            on.connection.close()  # a database with visitors is not copied
        copy_database(f"{worker}_{name}", on.database if on is not None else PREPARED)
        connection = connections.create_connection("default")
        connection.settings_dict = {**connection.settings_dict, "NAME": f"{worker}_{name}"}
        with _standing_at(connection):
            value = _kept(build)
        return cls(name, connection, value, (*on.below, on.name) if on is not None else ())

    @property
    def database(self) -> str:
        return str(self.connection.settings_dict["NAME"])


def _kept(build: Callable[[], Any]) -> Any:
    """Run as inside a test, where nothing that waits for the commit is done, and then committed."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]  # so it may step from company to company, as a test may
    with block:
        value = build()
        connections["default"].run_on_commit = []
    return value


@contextmanager
def _standing_at(connection: BaseDatabaseWrapper) -> Iterator[None]:
    before = connections["default"]
    connections["default"] = connection
    try:
        yield
    finally:
        leave_company()
        connections["default"] = before


@contextmanager
def deepest(standings: Sequence[Standing]) -> Iterator[None]:
    """Work in the database of the standing that is built on all the others; where there is none, stay."""
    if not standings:
        yield
        return
    top = max(standings, key=lambda one: len(one.below))
    missing = {one.name for one in standings} - {top.name, *top.below}
    assert not missing, f"{top.name} does not stand on {sorted(missing)}: a test begins with one of them"
    with _standing_at(top.connection):
        yield
