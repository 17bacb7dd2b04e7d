"""Migrations forward, with the state of the project growing model by model.

The stock state renders all that is related to a new model again, since a reader of the old state must not see the new
relations. Nothing here reads those of an old state, and with all modules in one graph that rendering was seven eighths
of an installation's first migration.
"""

from typing import Any

from django.core.management.sql import emit_post_migrate_signal
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ModelState, ProjectState


class GrowingState(ProjectState):
    """A project state in which a new model is rendered alone; every other change is the stock one."""

    def add_model(self, model_state: ModelState) -> None:
        """`CreateModel` comes here: what it points at stands already, and nothing can point at it yet."""
        rendered = self.__dict__.pop("apps", None)
        super().add_model(model_state)
        if rendered is not None:
            self.apps = rendered
            rendered.render_multiple([model_state])

    def clone(self) -> "GrowingState":
        """As the stock one, of this class."""
        return _growing(super().clone())


class ForwardExecutor(MigrationExecutor):
    """Runs a plan on growing states."""

    def _create_project_state(self, with_applied_migrations: bool = False) -> GrowingState:
        return _growing(super()._create_project_state(with_applied_migrations))  # type: ignore[misc]  # not in the stubs


def _growing(state: ProjectState) -> GrowingState:
    grown = GrowingState(state.models, state.real_apps)
    grown.is_delayed = state.is_delayed
    if "apps" in state.__dict__:
        grown.apps = state.apps
    return grown


def migrate_forward(connection: BaseDatabaseWrapper) -> bool:
    """Apply what the database of `connection` lacks; whether there was anything.

    Tells Django's listeners after it, as the command `migrate` does.
    """
    executor = ForwardExecutor(connection)
    targets = executor.loader.graph.leaf_nodes()
    plan: list[Any] = executor.migration_plan(targets)
    if not plan:
        return False
    executor.loader.check_consistent_history(connection)
    executor.migrate(targets, plan=plan)
    emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias, plan=plan)
    return True
