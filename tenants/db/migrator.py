"""Migrations over all companies: planned once, written down as SQL once, run as one short transaction a schema.

The stock way reads every schema's catalogue and costs about a second a company even when there is nothing to do. Here a
company whose `schema_version` is the code's is not touched at all. A migration that runs Python cannot be written down:
it runs through the standard executor, company by company.
"""

import logging
from dataclasses import dataclass, field

from django.conf import settings
from django.db import migrations
from django.db.migrations.executor import MigrationExecutor
from psycopg import sql

from tenants.db.admin import AdminConnection, admin_connection, admin_wrapper
from tenants.db.base import SHARED
from tenants.db.forward import migrate_forward
from tenants.db.template import TEMPLATE, schema_version
from tenants.models import SchemaPool, Tenant

log = logging.getLogger(__name__)
LOCK_TIMEOUT = "3s"
Applied = frozenset[tuple[str, str]]


@dataclass
class Report:
    """What the fan-out did: schemas brought up, schemas that failed with the reason; run again to resume."""

    migrated: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Script:
    """The statements from one state to the code's, `{TEMPLATE}` standing for the schema; None = needs Python."""

    statements: tuple[str, ...] | None
    nodes: tuple[tuple[str, str], ...]


def migrate_companies() -> Report:
    """Bring every schema that is behind (companies first by id, then the waiting pool) up to the code's version."""
    report = Report()
    scripts: dict[Applied, Script] = {}
    with admin_connection() as connection:
        for schema in _schemas_behind():
            try:
                _migrate_one(connection, schema, scripts)
                report.migrated.append(schema)
            except Exception as error:  # one poisoned schema must not stop the others; it is reported
                log.exception("migration of %s failed", schema)
                report.failed[schema] = str(error).splitlines()[0]
    return report


def _schemas_behind() -> list[str]:
    version = schema_version()
    companies = Tenant.objects.exclude(schema_version=version).filter(state=Tenant.State.ACTIVE).order_by("id")
    pool = SchemaPool.objects.exclude(schema_version=version).order_by("schema_name")
    return [*companies.values_list("schema_name", flat=True), *pool.values_list("schema_name", flat=True)]


def _migrate_one(connection: AdminConnection, schema: str, scripts: dict[Applied, Script]) -> None:
    rows = connection.execute(
        sql.SQL("SELECT app, name FROM {}.django_migrations").format(sql.Identifier(schema))
    ).fetchall()
    applied = frozenset((str(app), str(name)) for app, name in rows)
    if applied not in scripts:
        scripts[applied] = _write_script(applied)
    script = scripts[applied]
    if script.statements is None:
        _run_standard(schema)
    else:
        _run_script(connection, schema, script)
    Tenant.objects.filter(schema_name=schema).update(schema_version=schema_version())
    SchemaPool.objects.filter(schema_name=schema).update(schema_version=schema_version())


def _write_script(applied: Applied) -> Script:
    """Collect the SQL of all migrations that follow `applied`, against the (already migrated) template."""
    connection = admin_wrapper()
    connection.set_schema(TEMPLATE)
    try:
        executor = MigrationExecutor(connection)
        executor.loader.applied_migrations = {
            key: executor.loader.disk_migrations[key] for key in applied if key in executor.loader.disk_migrations
        }
        plan = [node for node, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]
        plan = [node for node in plan if connection_allows(node.app_label)]
        nodes = tuple((node.app_label, node.name) for node in plan)
        if any(isinstance(op, migrations.RunPython) for node in plan for op in node.operations):
            return Script(None, nodes)
        state = executor.loader.project_state(list(executor.loader.applied_migrations) or None)
        statements: list[str] = []
        for node in plan:
            with connection.schema_editor(collect_sql=True, atomic=node.atomic) as editor:
                state = node.apply(state, editor, collect_sql=True)
            statements += [line for line in editor.collected_sql if not line.startswith("--")]
        return Script(tuple(statements), nodes)
    finally:
        connection.close()
        connection.set_schema(SHARED)


def connection_allows(app_label: str) -> bool:
    """Does this app keep tables in a company's schema?"""
    return any(name.rpartition(".")[2] == app_label for name in settings.TENANT_APPS)


def _run_script(connection: AdminConnection, schema: str, script: Script) -> None:
    assert script.statements is not None  # noqa: S101  # told apart by the caller
    with connection.transaction():
        connection.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'".encode())
        connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(settings.OWNER_ROLE)))
        connection.execute(sql.SQL("SET LOCAL search_path = {}").format(sql.Identifier(schema)))
        for statement in script.statements:
            connection.execute(statement.replace(TEMPLATE, schema).encode())
        for app, name in script.nodes:
            connection.execute("INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, now())", [app, name])


def _run_standard(schema: str) -> None:
    connection = admin_wrapper()
    connection.set_schema(schema)
    try:
        migrate_forward(connection)
    finally:
        connection.close()
        connection.set_schema(SHARED)
