"""Operations for migrations of company schemas and shared tables: what the database itself refuses."""

from typing import Any

from django.conf import settings
from django.db import migrations, router
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState

from tenants.db.base import SHARED
from tenants.db.roles import working_role


class AppendOnly(migrations.operations.base.Operation):
    """Take UPDATE, DELETE and TRUNCATE on `table` from the role that serves: the first layer under the triggers.

    `columns`: these may still be updated (a state or paid field beside immutable ones).
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, table: str, *, keep: str = "", columns: tuple[str, ...] = ()) -> None:
        self.table = table
        self.keep = keep
        self.columns = columns

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The tables' shape does not change."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        if not _belongs_here(app_label, schema_editor):
            return
        schema, role = _schema_and_role(schema_editor)
        taken = ", ".join(right for right in ("UPDATE", "DELETE", "TRUNCATE") if right != self.keep)
        schema_editor.execute(f'REVOKE {taken} ON "{schema}"."{self.table}" FROM "{role}"', params=None)
        if self.columns:
            names = ", ".join(f'"{column}"' for column in self.columns)
            schema_editor.execute(f'GRANT UPDATE ({names}) ON "{schema}"."{self.table}" TO "{role}"', params=None)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        if not _belongs_here(app_label, schema_editor):
            return
        schema, role = _schema_and_role(schema_editor)
        schema_editor.execute(f'GRANT UPDATE, DELETE ON "{schema}"."{self.table}" TO "{role}"', params=None)

    def describe(self) -> str:
        return f"Rows of {self.table} are written once"

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (self.__class__.__qualname__, [self.table], {"keep": self.keep, "columns": self.columns})


class SchemaSQL(migrations.operations.base.Operation):
    """Run statements in which `{schema}` stands for the schema being migrated; one statement an item.

    Trigger functions name their schema or set their path (no unqualified name is looked up at the caller's mercy).
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, statements: list[str], reverse: list[str] | None = None) -> None:
        self.statements = statements
        self.reverse = reverse or []

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The tables' shape does not change."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        if _belongs_here(app_label, schema_editor):
            _run(schema_editor, self.statements)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        if _belongs_here(app_label, schema_editor):
            _run(schema_editor, self.reverse)

    def describe(self) -> str:
        return "Rules that the database keeps"

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (self.__class__.__qualname__, [self.statements], {"reverse": self.reverse})


def _belongs_here(app_label: str, schema_editor: BaseDatabaseSchemaEditor) -> bool:
    # Every schema records every migration; only the schemas that hold the app's tables run it.
    return router.allow_migrate(schema_editor.connection.alias, app_label)


def _run(schema_editor: BaseDatabaseSchemaEditor, statements: list[str]) -> None:
    schema, role = _schema_and_role(schema_editor)
    for statement in statements:
        schema_editor.execute(statement.replace("{schema}", schema).replace("{role}", role), params=None)


def _schema_and_role(schema_editor: BaseDatabaseSchemaEditor) -> tuple[str, str]:
    schema = str(schema_editor.connection.schema_name)  # type: ignore[attr-defined]  # our backend
    role = settings.DATABASES["default"]["USER"] if schema == SHARED else working_role(schema)
    return schema, str(role)
