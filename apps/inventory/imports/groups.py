"""Rows that belong together become one document; a bad row falls out, or takes the file with it."""

from collections.abc import Callable, Hashable, Sequence
from typing import Any

from django.db import transaction

from apps.inventory.imports.cells import Cells, errors_of
from kernel.errors import DomainError
from kernel.imports import Applied, ImportContext, ImportRow

Read = Callable[[Cells], Any]
Save = Callable[[Hashable, list[Any]], int]
MOST_TRIES = 200


def apply_groups(
    rows: Sequence[ImportRow],
    context: ImportContext,
    *,
    key: Callable[[ImportRow], Hashable],
    read: Read,
    save: Save,
    most: int = 1000,
) -> Applied:
    """Read every row, then `save(key, values)` each group in its order of appearance, `most` rows at a time.

    `save` answers the id that `undo` needs. With skip_bad_rows the rows that are refused are left out of their group.
    """
    applied, groups, made = Applied(), {}, []  # type: tuple[Applied, dict[Hashable, list[tuple[ImportRow, Any]]], list[int]]
    for row in rows:
        cells = Cells(row)
        values = read(cells)
        applied.errors += cells.errors
        if not cells.errors:
            groups.setdefault(key(row), []).append((row, values))
    for of, pairs in groups.items():
        for at in range(0, len(pairs), most):
            _save(of, pairs[at : at + most], context, save, applied, made)
            context.progress(applied.created)
    applied.undo = made or None
    return applied


def _save(
    of: Hashable, pairs: list[tuple[ImportRow, Any]], context: ImportContext, save: Save, applied: Applied,
    made: list[int],
) -> None:  # fmt: skip
    for _try in range(MOST_TRIES):
        if not pairs:
            return
        rows = [row for row, _values in pairs]
        try:
            with transaction.atomic():
                made.append(save(of, [values for _row, values in pairs]))
        except DomainError as error:
            found = errors_of(rows, error)
            applied.errors += found
            bad = {one.row for one in found}
            if not context.skips_bad_rows:
                return
            pairs = [pair for pair in pairs if pair[0].number not in bad]
        else:
            applied.created += len(pairs)
            return
