"""The template schema: migrated like any, dumped once, and written out again for every new company.

Creating a company by migrating takes seconds and grows with the code; replaying the dump takes a fraction of one.
"""

import functools
import hashlib
import os
import subprocess
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from tenants import hooks
from tenants.context import Company, tenant_context
from tenants.db.admin import AdminConnection, admin_connection, admin_wrapper
from tenants.db.base import SHARED
from tenants.db.forward import migrate_forward
from tenants.db.roles import make_schema, roles_are_shared
from tenants.embedded.binaries import find_postgres
from tenants.embedded.errors import EmbeddedError
from tenants.embedded.prepared import TEMPLATE

TEMPLATE_COMPANY = Company(id=0, slug="", name="", schema_name=TEMPLATE)


@functools.cache
def schema_version() -> str:
    """Name of the state that the code expects of a company's schema: a hash over all its migrations."""
    labels = {apps.get_app_config(label).label for label in _tenant_labels()}
    loader = MigrationLoader(None, ignore_no_migrations=True)
    nodes = sorted(f"{app}.{name}" for app, name in loader.disk_migrations if app in labels)
    return hashlib.sha256("\n".join(nodes).encode()).hexdigest()[:32]


def _tenant_labels() -> list[str]:
    return [config.label for config in apps.get_app_configs() if config.name in settings.TENANT_APPS]


def refuse_other_roles(connection: AdminConnection) -> None:
    """Raises EmbeddedError when the grants of the schemas were made for the other setting of TENANT_ROLES."""
    row = connection.execute(
        "SELECT has_schema_privilege(rolname, nspname, 'USAGE') FROM pg_roles, pg_namespace "
        "WHERE rolname = %s AND nspname = %s",
        [settings.COMPANIES_ROLE, TEMPLATE],
    ).fetchone()
    if row is not None and row[0] != roles_are_shared():
        made = "shared" if row[0] else "company"
        raise EmbeddedError(
            f"这个数据库是按 TENANT_ROLES={made} 建立的，不能改用 {settings.TENANT_ROLES}；"
            "请改回，或另建数据库后用 tenant_export 和 tenant_import 搬迁各企业。",
            f"This database was made with TENANT_ROLES={made} and cannot go over to {settings.TENANT_ROLES}; "
            "set it back, or move the companies to a new database with tenant_export and tenant_import.",
        )


def migrate_shared() -> None:
    """Bring the shared tables up to the code."""
    _migrate(SHARED)


def migrate_template() -> None:
    """Bring the template up to the code, seed it, and refresh its dump."""
    with admin_connection() as connection:
        make_schema(connection, TEMPLATE, default_grants=True)
    _migrate(TEMPLATE)
    with tenant_context(TEMPLATE_COMPANY):
        for seed in hooks.template_seeders:
            seed()
    _write_dump()


def _migrate(schema: str) -> None:
    connection = admin_wrapper()
    connection.set_schema(schema)
    try:
        migrate_forward(connection)
    finally:
        connection.close()
        connection.set_schema(SHARED)


def mark_template(mark: str) -> None:
    """Write into the database which code has brought it up; the next start compares."""
    with admin_connection() as connection, connection.transaction():
        connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(settings.OWNER_ROLE)))
        connection.execute(sql.SQL("COMMENT ON SCHEMA {} IS {}").format(sql.Identifier(TEMPLATE), sql.Literal(mark)))


def _dump_path() -> Path:
    return (
        Path(settings.DATA_DIR) / "cache" / f"template-{admin_wrapper().settings_dict['NAME']}-{schema_version()}.sql"
    )


def _write_dump() -> str:
    params = admin_wrapper().settings_dict
    command = [
        str(find_postgres() / "pg_dump"),
        "--schema",
        TEMPLATE,
        "--no-owner",
        "--no-comments",
        "--inserts",
    ]
    command += ["-h", params["HOST"], "-p", str(params["PORT"]), "-U", params["USER"], params["NAME"]]
    environment = {**os.environ, "PGPASSWORD": params["PASSWORD"]}
    answer = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)  # noqa: S603  # our own binary
    text = "\n".join(line for line in answer.stdout.splitlines() if _is_needed(line))
    path = _dump_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_suffix(f".{os.getpid()}")
    scratch.write_text(text, encoding="utf-8")
    scratch.replace(path)
    return text


def _is_needed(line: str) -> bool:
    # \restrict is for psql; the schema is made with its role before; SET lines would undo the role's settings.
    return (
        not line.startswith(("\\", "CREATE SCHEMA", "--", "SET "))
        and " ON LANGUAGE " not in line
        and bool(line.strip())
    )


def template_sql() -> str:
    """The dump as text, made again when this machine has none for the code's version."""
    path = _dump_path()
    return path.read_text(encoding="utf-8") if path.exists() else _write_dump()


def build_schema(connection: AdminConnection, name: str) -> None:
    """Make schema and role `name` and fill it with the template's tables, constraints, triggers, grants and seeds."""
    make_schema(connection, name, default_grants=False)
    with connection.transaction():
        connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(settings.OWNER_ROLE)))
        connection.execute("SET LOCAL check_function_bodies = off")
        connection.execute(template_sql().replace(TEMPLATE, name).encode())


__all__ = [
    "TEMPLATE",
    "TEMPLATE_COMPANY",
    "build_schema",
    "mark_template",
    "migrate_shared",
    "migrate_template",
    "refuse_other_roles",
    "schema_version",
]
