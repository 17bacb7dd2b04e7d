"""Database roles: who owns, who serves, who is one company. Run as the administrator of the database."""

import contextlib

import psycopg
from django.conf import settings
from psycopg import sql

SERVING = "default"
COMPANY_SETTING = "qz.company"  # whose work it is, where the role does not say so


def roles_are_shared() -> bool:
    """TENANT_ROLES=shared: one role works for every company, and the schema alone tells them apart."""
    return bool(settings.TENANT_ROLES == "shared")


def working_role(schema: str) -> str:
    """The role in which work is done for what is called `schema`: its namesake, or the one of all companies.

    The guests' role is its own either way.
    """
    shared = roles_are_shared() and schema != settings.GUEST_ROLE
    return str(settings.COMPANIES_ROLE) if shared else schema


def serving_login() -> tuple[str, str]:
    """Name and password of the login role that web and workers use."""
    database = settings.DATABASES[SERVING]
    return str(database["USER"]), str(database["PASSWORD"])


def prepare_roles(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    """Make the owner (nobody logs in with it) and the login role, and close the doors PostgreSQL leaves open.

    Idempotent. The login role inherits nothing and owns nothing; `public` is closed to all but it; functions that could
    change role or path, and the language for code blocks, are taken from PUBLIC.
    """
    login, password = serving_login()
    owner = settings.OWNER_ROLE
    _ensure_role(connection, owner, sql.SQL("NOLOGIN"))
    # The servers of a cluster reach each other as this role; it has no password, so nobody does from outside.
    _ensure_role(connection, settings.COMPANIES_ROLE, sql.SQL("LOGIN" if roles_are_shared() else "NOLOGIN"))
    for (name,) in connection.execute(_COMPANY_ROLES).fetchall():
        _join_companies(connection, str(name))
    if login != connection.info.user:
        _ensure_role(
            connection,
            login,
            sql.SQL("LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {}").format(sql.Literal(password)),
        )
    for statement in _CLOSE_DOORS:
        connection.execute(
            sql.SQL(statement).format(
                owner=sql.Identifier(owner),
                login=sql.Identifier(login),
                db=sql.Identifier(connection.info.dbname),
            )
        )
    if roles_are_shared():
        _let_login_work_as(connection, settings.COMPANIES_ROLE)


_CLOSE_DOORS = (
    "REVOKE ALL ON DATABASE {db} FROM PUBLIC",
    "GRANT CONNECT ON DATABASE {db} TO {login}",
    "GRANT CREATE, CONNECT ON DATABASE {db} TO {owner}",
    "REVOKE ALL ON SCHEMA public FROM PUBLIC",
    "GRANT USAGE, CREATE ON SCHEMA public TO {owner}",
    "GRANT USAGE ON SCHEMA public TO {login}",
    "REVOKE EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) TO {login}, {owner}",
    "REVOKE UPDATE ON pg_catalog.pg_settings FROM PUBLIC",
    "REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC",
    "GRANT USAGE ON LANGUAGE plpgsql TO {owner}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public "
    "GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {login}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {login}",
)


# Schemas of companies have a role of their own name.
_COMPANY_ROLES = "SELECT rolname FROM pg_roles JOIN pg_namespace ON nspname = rolname WHERE rolname ^@ 't_'"


def _join_companies(connection: "psycopg.Connection[tuple[object, ...]]", name: str) -> None:
    """Make the role `name` one of the companies: what is granted to all of them is granted to it."""
    modern = connection.info.server_version >= 160000
    grant = "GRANT {group} TO {name} WITH INHERIT TRUE, SET FALSE" if modern else "GRANT {group} TO {name}"
    group = sql.Identifier(settings.COMPANIES_ROLE)
    connection.execute(sql.SQL(grant).format(group=group, name=sql.Identifier(name)))


def _ensure_role(connection: "psycopg.Connection[tuple[object, ...]]", name: str, options: sql.Composable) -> None:
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
    verb = sql.SQL("ALTER") if known else sql.SQL("CREATE")
    connection.execute(sql.SQL("{} ROLE {} {}").format(verb, sql.Identifier(name), options))


def make_schema(connection: "psycopg.Connection[tuple[object, ...]]", name: str, *, default_grants: bool) -> None:
    """An empty schema of the owner's, with the role that works in it (of the same name unless it is shared).

    `default_grants`: tables to come may be read and written by the role. A copy of the template does without, for
    its own statements say what may be done with each table.
    """
    role = working_role(name)
    if role == name:
        _ensure_role(connection, name, sql.SQL("NOLOGIN"))
        _join_companies(connection, name)
        _let_login_work_as(connection, name)
    for statement in [*_SCHEMA, *(_DEFAULT_GRANTS if default_grants else ())]:
        connection.execute(
            sql.SQL(statement).format(
                name=sql.Identifier(name), role=sql.Identifier(role), owner=sql.Identifier(settings.OWNER_ROLE)
            )
        )


_SCHEMA = (
    "CREATE SCHEMA IF NOT EXISTS {name} AUTHORIZATION {owner}",
    "GRANT USAGE ON SCHEMA {name} TO {role}",
)
_DEFAULT_GRANTS = (
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA {name} "
    "GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA {name} GRANT USAGE, SELECT ON SEQUENCES TO {role}",
)


def _let_login_work_as(connection: "psycopg.Connection[tuple[object, ...]]", role: str) -> None:
    login, _ = serving_login()
    modern = connection.info.server_version >= 160000
    grant = "GRANT {role} TO {login} WITH INHERIT FALSE, SET TRUE" if modern else "GRANT {role} TO {login}"
    connection.execute(sql.SQL(grant).format(role=sql.Identifier(role), login=sql.Identifier(login)))


def drop_schema(connection: "psycopg.Connection[tuple[object, ...]]", name: str) -> None:
    """Remove a schema with all it holds, and the role of its name."""
    connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(name)))
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
    if known:
        connection.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(name)))
        with contextlib.suppress(psycopg.errors.DependentObjectsStillExist):
            # Roles belong to the server: one that another database on it still names must stay there.
            connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))
