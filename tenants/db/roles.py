"""Database roles: who owns, who serves, who is one company. Run as the administrator of the database."""

import contextlib

import psycopg
from django.conf import settings
from psycopg import sql

SERVING = "default"


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
    _ensure_role(connection, settings.COMPANIES_ROLE, sql.SQL("NOLOGIN"))
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
    """An empty schema with its role of the same name, owned by the owner.

    `default_grants`: tables to come may be read and written by the role. A copy of the template does without, for
    its own statements say what may be done with each table.
    """
    login, _ = serving_login()
    owner = settings.OWNER_ROLE
    _ensure_role(connection, name, sql.SQL("NOLOGIN"))
    _join_companies(connection, name)
    modern = connection.info.server_version >= 160000
    grant = "GRANT {name} TO {login} WITH INHERIT FALSE, SET TRUE" if modern else "GRANT {name} TO {login}"
    statements = [
        grant,
        "CREATE SCHEMA IF NOT EXISTS {name} AUTHORIZATION {owner}",
        "GRANT USAGE ON SCHEMA {name} TO {name}",
    ]
    for statement in [*statements, *(_DEFAULT_GRANTS if default_grants else ())]:
        connection.execute(
            sql.SQL(statement).format(
                name=sql.Identifier(name), owner=sql.Identifier(owner), login=sql.Identifier(login)
            )
        )


_DEFAULT_GRANTS = (
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA {name} "
    "GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {name}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA {name} GRANT USAGE, SELECT ON SEQUENCES TO {name}",
)


def drop_schema(connection: "psycopg.Connection[tuple[object, ...]]", name: str) -> None:
    """Remove a schema with all it holds, and its role."""
    connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(name)))
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
    if known:
        connection.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(name)))
        with contextlib.suppress(psycopg.errors.DependentObjectsStillExist):
            # Roles belong to the server: one that another database on it still names must stay there.
            connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))
