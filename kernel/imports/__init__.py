"""Files in: read, matched to columns, checked, applied by the module that owns the rows, and taken back if it can be.

A module registers an `ImportKind` in its `registration.py` and includes `kernel.api.imports.import_urls(key)`.
"""

from kernel.imports.kinds import (
    Applied,
    Checked,
    ImportColumn,
    ImportContext,
    ImportKind,
    ImportRow,
    RowError,
    register,
)
from kernel.imports.rows import apply_each

__all__ = [
    "Applied",
    "Checked",
    "ImportColumn",
    "ImportContext",
    "ImportKind",
    "ImportRow",
    "RowError",
    "apply_each",
    "register",
]
