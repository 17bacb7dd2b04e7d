"""Database backend that fails closed: one company's schema and role, or none at all.

django-tenants switches `search_path` and hopes. Here role and path change together in one round trip, `public` never
stands behind a company's schema, an error while switching is an error, and before every query the path that the server
itself reports (PostgreSQL 18 and newer) is compared with the one we believe in.
"""

import re
from typing import Any, cast

import psycopg
from django.conf import settings
from django.db.utils import DatabaseError, OperationalError, ProgrammingError
from django_tenants.postgresql_backend import base as stock

from tenants.db.prepared import Prepared
from tenants.db.roles import COMPANY_SETTING, roles_are_shared, working_role

SHARED = "public"
_SCHEMA = re.compile(r"^[a-z][a-z0-9_]{0,62}$")
DISTINCT_TENANTS_PER_CONNECTION = 40  # a backend grows some 2 MB for each schema it has touched


class NoTenantError(ProgrammingError):
    """A company's table was asked for while no company was set."""


class TenantSwitchError(DatabaseError):
    """The company was to be switched inside a transaction, or the server stands in another schema than we believe."""


class GuardedCursor(psycopg.Cursor[Any]):
    """Server-side binding for every statement, so that none can be stacked on another; path checked before each."""

    expected_path: str | None = None

    def _execute_send(self, query: Any, *, force_extended: bool = False, binary: bool | None = None) -> None:
        # The simple protocol would run `SELECT 1; RESET ROLE`; the extended one refuses a second statement.
        self._check_path()
        super()._execute_send(query, force_extended=True, binary=binary)

    def execute(self, query: Any, params: Any = None, **options: Any) -> "GuardedCursor":
        if isinstance(query, Prepared) or not self.connection.prepare_threshold:
            options.setdefault("prepare", isinstance(query, Prepared))  # else psycopg counts: `planned_when_repeated`
        try:
            return super().execute(query, params, **options)
        except psycopg.errors.UndefinedTable as error:
            if self.expected_path == SHARED:
                raise NoTenantError(f"No company is set: {error}") from error
            raise

    def _check_path(self) -> None:
        reported = self.connection.info.parameter_status("search_path")
        if reported is not None and self.expected_path is not None and reported != self.expected_path:
            raise TenantSwitchError(f"The server stands in {reported!r}, not in {self.expected_path!r}.")


class DatabaseWrapper(stock.DatabaseWrapper):
    """`set_tenant` and `set_schema` choose; the next cursor applies; rollback and errors forget and apply again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._applied: str | None = None
        self._touched: set[str] = set()
        self._connecting = False
        super().__init__(*args, **kwargs)

    # -- choosing ---------------------------------------------------------------------------------------------
    def set_tenant(self, tenant: Any, include_public: bool = False) -> None:
        """Work for `tenant` (anything with `schema_name`) from the next statement on; refused inside a transaction."""
        name = tenant.schema_name
        if not _SCHEMA.match(name):
            raise TenantSwitchError("A schema name is lower-case letters, digits and underscores.")
        if getattr(self, "schema_name", None) == name:
            self.tenant = tenant
            return
        self._refuse_inside_transaction()
        self.tenant, self.schema_name = tenant, name
        self.set_settings_schema(name)
        self._recycle_if_touched_many(name)

    def _refuse_inside_transaction(self) -> None:
        # The atomic block that a test wraps around itself is not the code under test.
        blocks = getattr(self, "atomic_blocks", None)
        if blocks and not blocks[-1]._from_testcase:
            raise TenantSwitchError("A transaction belongs to one company; leave it before switching.")

    def _recycle_if_touched_many(self, name: str) -> None:
        if name == SHARED or name in self._touched:
            return
        if len(self._touched) >= DISTINCT_TENANTS_PER_CONNECTION and not self.in_atomic_block:
            self.close()
        self._touched.add(name)

    # -- applying ---------------------------------------------------------------------------------------------
    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        if not self._owner_role:
            params["cursor_factory"] = GuardedCursor
            params["prepare_threshold"] = 0  # how often is no matter: `Prepared` statements are, others are not
        return cast(dict[str, Any], params)

    @property
    def _owner_role(self) -> str | None:
        """Set for the alias that migrates and provisions: it works as the owner of all tables."""
        return self.settings_dict.get("OWNER_ROLE")

    def init_connection_state(self) -> None:
        # Version and time zone are asked and set as the login itself: a company's role may do neither.
        self._connecting = True
        try:
            super().init_connection_state()
        finally:
            self._connecting = False

    def _handle_search_path(self, cursor: Any = None) -> None:
        """Called by the stock `_cursor` for each cursor it hands out."""
        if self._connecting:
            return
        if self._applied != self.schema_name:
            self._apply(self.schema_name)
        inner = getattr(cursor, "cursor", cursor)
        if isinstance(inner, GuardedCursor):
            inner.expected_path = self.schema_name

    def _apply(self, name: str) -> None:
        role = self._owner_role or (None if name == SHARED else working_role(name))
        switch = f'SET ROLE "{role}"' if role else "RESET ROLE"
        if roles_are_shared() and not self._owner_role:
            switch += f"; SET {COMPANY_SETTING} = '{name if role == settings.COMPANIES_ROLE else ''}'"
        # Straight to libpq: one round trip, and outside the transaction when none has begun yet.
        with self.wrap_database_errors:  # libpq's own word for a connection that is gone
            result = self.connection.pgconn.exec_(f'{switch}; SET search_path = "{name}"'.encode())
        if result.status != psycopg.pq.ExecStatus.COMMAND_OK:
            self._applied = None
            message = result.error_message.decode(errors="replace").strip()
            if self.connection.pgconn.status != psycopg.pq.ConnStatus.OK:
                raise OperationalError(message)  # the server went away: no fault of the company
            raise TenantSwitchError(message)
        self._applied = name

    # -- forgetting -------------------------------------------------------------------------------------------
    def close(self) -> None:
        self._applied = None
        self._touched = set()
        super().close()

    def rollback(self) -> None:
        self._applied = None
        super().rollback()

    def savepoint_rollback(self, sid: str) -> None:
        try:
            super().savepoint_rollback(sid)
        finally:
            self._applied = None

    def _rollback(self) -> None:
        self._applied = None
        super()._rollback()

    def _savepoint_rollback(self, sid: str) -> None:
        super()._savepoint_rollback(sid)
        self._applied = None
