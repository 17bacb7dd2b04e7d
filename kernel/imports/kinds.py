"""What can be imported: columns, rights, and what the module does with the rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any

from django.utils.translation import gettext as _

from kernel.errors import NotFound
from tenants.rights import Member


@dataclass(frozen=True)
class ImportColumn:
    """One column. `heading` is Chinese; `english` and `aliases` count too. `required`: present and never blank."""

    key: str
    heading: str
    english: str = ""
    required: bool = False
    example: str = ""
    note: str = ""
    aliases: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return (self.heading, self.english, self.key, *self.aliases)


@dataclass(frozen=True)
class ImportRow:
    """One row of the file. `number`: as the spreadsheet shows it, row 1 is the heading. `values`: {column key: text},
    trimmed, numbers without exponent, dates as 2026-01-15; a column that the file lacks is not in it."""

    number: int
    values: dict[str, str]

    def get(self, key: str) -> str:
        return self.values.get(key, "")


@dataclass(frozen=True)
class RowError:
    """Why a row is bad, or suspicious. `column` is a column key; the answer shows the file's heading."""

    row: int
    column: str
    code: str
    message: str
    value: str = ""


@dataclass
class Checked:
    """What a check found. `skipped`: good rows that will not be applied (known, or in a group with a bad row)."""

    errors: list[RowError] = field(default_factory=list)
    warnings: list[RowError] = field(default_factory=list)
    skipped: set[int] = field(default_factory=set)


@dataclass
class Applied:
    """What was written. `undo`: JSON that `ImportKind.undo` needs to take it back."""

    created: int = 0
    updated: int = 0
    errors: list[RowError] = field(default_factory=list)
    warnings: list[RowError] = field(default_factory=list)
    skipped: set[int] = field(default_factory=set)
    undo: Any = None


@dataclass(frozen=True, kw_only=True)
class ImportContext:
    """Who imports, how, when. `bad_rows`: refused by the general check. `present`: columns that the file has.

    `progress(n)` says that n rows are done; call it as often as you like.
    """

    member: Member
    now: datetime
    job_id: int
    mode: str = "all_or_nothing"
    on_existing: str = "refuse"
    options: dict[str, str] = field(default_factory=dict)
    present: frozenset[str] = frozenset()
    bad_rows: frozenset[int] = frozenset()
    progress: Callable[[int], None] = lambda done: None

    @property
    def skips_bad_rows(self) -> bool:
        return self.mode == "skip_bad_rows"

    @property
    def updates_existing(self) -> bool:
        return self.on_existing == "update"


Check = Callable[[Sequence[ImportRow], ImportContext], Checked]
Apply = Callable[[Sequence[ImportRow], ImportContext], Applied]


@dataclass(frozen=True, kw_only=True)
class ImportKind:
    """One importable list.

    `check` reads only and gets all rows of the file; without it a trial is an `apply` that is rolled back.
    `apply` gets the good rows, inside one transaction, and calls the services that the pages call; errors it returns
    with mode all_or_nothing roll everything back. A DomainError out of either ends the job as failed with its message.
    `undo(data, context)` takes an import back within 24 hours or raises DomainError with the reason.
    `options`: form fields beside the file that the module needs, `option_labels` their words.
    `read_file(file, name)` replaces the sheet reader.
    """

    key: str  # "masterdata.items"
    title: Any  # 物料; may be lazy
    columns: tuple[ImportColumn, ...]
    apply: Apply
    right: str
    check: Check | None = None
    undo: Callable[[Any, ImportContext], None] | None = None
    module: str | None = None
    view_right: str = ""
    options: tuple[str, ...] = ()
    option_labels: dict[str, Any] = field(default_factory=dict)
    can_update: bool = False
    accepts: tuple[str, ...] = ("xlsx", "xls", "csv", "txt")
    read_file: Callable[[IO[bytes], str], list[ImportRow]] | None = None
    list_url: str = ""  # where the imported rows are seen

    def column(self, key: str) -> ImportColumn | None:
        return next((column for column in self.columns if column.key == key), None)


_kinds: dict[str, ImportKind] = {}


def register(kind: ImportKind) -> None:
    """Make `kind` known; call it in the module's `registration.py`."""
    _kinds[kind.key] = kind


def get(key: str) -> ImportKind:
    """The kind by key. Raises NotFound."""
    if key not in _kinds:
        raise NotFound(_("找不到您要的内容。"))
    return _kinds[key]


def all_kinds() -> list[ImportKind]:
    return [_kinds[key] for key in sorted(_kinds)]
