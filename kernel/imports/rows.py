"""For kinds whose rows stand alone: save each, collect what is refused."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction

from kernel.errors import DomainError
from kernel.imports.kinds import Applied, ImportContext, ImportRow, RowError

CREATED, UPDATED, SKIPPED = "created", "updated", "skipped"


def apply_each(
    rows: Sequence[ImportRow],
    context: ImportContext,
    save: Callable[[ImportRow], tuple[str, Any]],
    *,
    undo_updates: bool = False,
) -> Applied:
    """Call `save(row)` for each row in a savepoint; it answers (created | updated | skipped, id).

    A DomainError makes the row bad: its `fields` name the columns. `undo` lists the ids that were created.
    """
    applied, created_ids = Applied(), []
    for done, row in enumerate(rows, start=1):
        try:
            with transaction.atomic():
                outcome, made = save(row)
        except DomainError as error:
            applied.errors += errors_of(row, error)
            continue
        applied.created += outcome == CREATED
        applied.updated += outcome == UPDATED
        if outcome == SKIPPED:
            applied.skipped.add(row.number)
        if outcome == CREATED:
            created_ids.append(made)
        context.progress(done)
    # What was changed in place cannot be put back from ids alone: such an import is final unless the kind can.
    applied.undo = created_ids if created_ids and (undo_updates or not applied.updated) else None
    return applied


def errors_of(row: ImportRow, error: DomainError) -> list[RowError]:
    """The refusal of a service as errors of a row."""
    if not error.fields:
        return [RowError(row.number, "", error.code, error.message)]
    return [
        RowError(row.number, key, error.code, "；".join(messages) or error.message, row.get(key))
        for key, messages in error.fields.items()
    ]
