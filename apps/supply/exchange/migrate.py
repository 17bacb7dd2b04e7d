"""The exchange schema follows the code: plain SQL, each file once a database, run by an owner nobody logs in as."""

import hashlib
from pathlib import Path

from django.conf import settings
from psycopg import sql

from tenants.db.admin import AdminConnection, admin_connection
from tenants.db.roles import COMPANY_SETTING, roles_are_shared, serving_login

FILES = Path(__file__).resolve().parent / "sql"


ROLE_IN_FORCE = "current_setting('role')"


class ChangedMigration(RuntimeError):
    """A file that ran already reads differently now: what is in the database is no longer what the code says."""


def migrate_exchange() -> None:
    """Bring the schema `exchange` up to the code. Idempotent; roles belong to the server, tables to the database."""
    with admin_connection() as admin:
        _make_roles(admin)
        _make_schema(admin)
        done = _applied(admin)
        for path in sorted(FILES.glob("*.sql")):
            text = path.read_text(encoding="utf-8")
            digest = hashlib.sha256(text.encode()).hexdigest()
            if path.stem not in done:
                _run(admin, path.stem, text, digest)
            elif done[path.stem] != digest:
                raise ChangedMigration(f"exchange migration {path.stem} was changed after it ran")


def _make_roles(admin: AdminConnection) -> None:
    login, _ = serving_login()
    for name in (settings.EXCHANGE_ROLE, settings.GUEST_ROLE):
        known = admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
        if not known:
            admin.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(name)))
    modern = admin.info.server_version >= 160000
    grant = "GRANT {guest} TO {login} WITH INHERIT FALSE, SET TRUE" if modern else "GRANT {guest} TO {login}"
    admin.execute(
        sql.SQL(grant).format(guest=sql.Identifier(settings.GUEST_ROLE), login=sql.Identifier(login)),
    )


def _make_schema(admin: AdminConnection) -> None:
    owner = sql.Identifier(settings.EXCHANGE_ROLE)
    for statement in (
        "CREATE SCHEMA IF NOT EXISTS exchange AUTHORIZATION {owner}",
        "GRANT USAGE ON LANGUAGE plpgsql TO {owner}",
        "CREATE TABLE IF NOT EXISTS exchange.migration ("
        "name text PRIMARY KEY, digest text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())",
        "ALTER TABLE exchange.migration OWNER TO {owner}",
    ):
        admin.execute(sql.SQL(statement).format(owner=owner))


def _applied(admin: AdminConnection) -> dict[str, str]:
    rows = admin.execute("SELECT name, digest FROM exchange.migration ORDER BY name").fetchall()
    return {str(name): str(digest) for name, digest in rows}


def _run(admin: AdminConnection, name: str, text: str, digest: str) -> None:
    login, _ = serving_login()
    for placeholder, role in (
        ("{exchange}", settings.EXCHANGE_ROLE),
        ("{companies}", settings.COMPANIES_ROLE),
        ("'{guest}'", sql.Literal(settings.GUEST_ROLE).as_string(admin)),
        ("{guest}", settings.GUEST_ROLE),
        ("{login}", login),
    ):
        quoted = role if placeholder.startswith("'") else sql.Identifier(role).as_string(admin)
        text = text.replace(placeholder, quoted)
    if roles_are_shared():
        text = text.replace(ROLE_IN_FORCE, _company_in_force(admin))
    with admin.transaction():
        admin.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(settings.EXCHANGE_ROLE)))
        admin.execute("SET LOCAL check_function_bodies = on")
        admin.execute(text.encode())
        admin.execute("INSERT INTO exchange.migration (name, digest) VALUES (%s, %s)", [name, digest])


def _company_in_force(admin: AdminConnection) -> str:
    """Where one role works for all companies, whose work it is stands in a setting of the connection."""
    companies = sql.Literal(settings.COMPANIES_ROLE).as_string(admin)
    return (
        f"(CASE WHEN {ROLE_IN_FORCE} = {companies} THEN current_setting('{COMPANY_SETTING}', true) "
        f"ELSE {ROLE_IN_FORCE} END)"
    )
