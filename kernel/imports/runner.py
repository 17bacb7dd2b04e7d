"""One import from file to rows: read, match, check, apply, account for it. Nothing of a refused file is written."""

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import IO, Any

from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kernel import actors, attachments, notices
from kernel.errors import DomainError
from kernel.imports import error_file, mapping
from kernel.imports.kinds import Applied, Checked, ImportContext, ImportKind, ImportRow, RowError, get
from kernel.imports.reader import MOST_ROWS, Unreadable, open_sheet
from kernel.models import ImportJob

log = logging.getLogger(__name__)
UNDO_FOR = timedelta(hours=24)
LISTED = 1000
EVERY = 200  # rows between two notes of progress
State = ImportJob.State
DONE_TEXT = gettext_noop("“%(name)s”导入完成：新增 %(created)s，更新 %(updated)s，错误行 %(bad)s。")
FAILED_TEXT = gettext_noop("“%(name)s”没有导入：错误行 %(bad)s，请查看原因。")


@dataclass
class Work:
    """The file as it is being worked on. `headings` by column key, as the file writes them."""

    job: ImportJob
    kind: ImportKind
    context: ImportContext
    rows: list[ImportRow] = field(default_factory=list)
    headings: dict[str, str] = field(default_factory=dict)
    found: Checked = field(default_factory=Checked)

    @property
    def bad(self) -> set[int]:
        return {error.row for error in self.found.errors}

    @property
    def good(self) -> list[ImportRow]:
        left_out = self.bad | self.found.skipped
        return [row for row in self.rows if row.number not in left_out]


class _Undone(Exception):
    """Leaves the transaction without keeping what it wrote."""


def run(job_id: int, *, now: datetime) -> None:
    """Run or, for a trial, only check the job. A job that is over is left alone: a message may come twice."""
    job = ImportJob.objects.select_related("file").get(pk=job_id)
    if job.state not in (State.QUEUED, State.RUNNING):
        return
    ImportJob.objects.filter(pk=job_id).update(state=State.RUNNING, started_at=now)
    try:
        work = _prepare(job, now)
        _trial(work) if job.is_trial else _apply(work)
    except DomainError as error:
        _fail(job, error.message, error.code, now)
    except Exception:  # a bug in a module must not leave the member waiting for ever
        log.exception("import %s of %s broke off", job_id, job.kind)
        _fail(job, _("导入时程序出错，没有写入任何数据。我们已经记录，请稍后再试。"), "internal_error", now)
    if not job.is_trial:
        _tell(ImportJob.objects.get(pk=job_id), now)


# -- Reading and checking --------------------------------------------------------------------------------------
def _prepare(job: ImportJob, now: datetime) -> Work:
    kind = get(job.kind)
    context = ImportContext(
        member=actors.revive(job.actor),
        now=now,
        job_id=job.pk,
        mode=job.mode,
        on_existing=job.on_existing,
        options=job.options,
        progress=lambda done: note_progress(job.pk, done),
    )
    work = Work(job, kind, context)
    with attachments.open_file(job.file) as file:
        _read(work, file)
    note_progress(job.pk, 0, total=len(work.rows), force=True)
    _check(work)
    return work


def _read(work: Work, file: IO[bytes]) -> None:
    if work.kind.read_file is not None:
        work.rows = work.kind.read_file(file, work.job.file.name)
        keys = [column.key for column in work.kind.columns]
        work.headings = {column.key: column.heading for column in work.kind.columns}
    else:
        with open_sheet(file, work.job.file.name) as sheet:
            places = mapping.match(work.kind, sheet.headings, work.job.mapping)
            _require_columns(work, places)
            work.headings = {key: sheet.headings[place] for key, place in places.items()}
            work.rows = [_row(number, cells, places) for number, cells in sheet.rows]
        keys = list(places)
    if len(work.rows) > MOST_ROWS:
        raise Unreadable(_("一次最多导入 %(n)d 行，请拆成几个文件。") % {"n": MOST_ROWS}, "too_many_rows")
    if not work.rows:
        raise Unreadable(_("文件里只有表头，没有数据行。"), "file_empty")
    work.context = replace(work.context, present=frozenset(keys))


def _require_columns(work: Work, places: dict[str, int]) -> None:
    missing = [column.heading for column in work.kind.columns if column.required and column.key not in places]
    if missing:
        names = _("、").join(missing)
        raise Unreadable(_("文件缺少必需的列：%(names)s。请对照模板检查表头。") % {"names": names}, "missing_column")


def _row(number: int, cells: Sequence[str], places: dict[str, int]) -> ImportRow:
    values = {key: cells[place].strip() if place < len(cells) else "" for key, place in places.items()}
    return ImportRow(number, values)


def _check(work: Work) -> None:
    required = [column for column in work.kind.columns if column.required]
    work.found.errors = [
        RowError(row.number, column.key, "required", _("“%(name)s”不能为空。") % {"name": column.heading})
        for row in work.rows
        for column in required
        if not row.get(column.key)
    ]
    if work.kind.check is None:
        return
    work.context = replace(work.context, bad_rows=frozenset(work.bad))
    checked = work.kind.check(work.rows, work.context)
    work.found.errors += checked.errors
    work.found.warnings += checked.warnings
    work.found.skipped |= checked.skipped - work.bad


# -- Trial and earnest ------------------------------------------------------------------------------------------
def _trial(work: Work) -> None:
    """Find all errors without keeping a row."""
    _find_the_rest(work)
    _finish(work, State.CHECKED, Applied())


def _find_the_rest(work: Work) -> None:
    """What only the services refuse, where the kind has no check that reads."""
    if work.kind.check is not None or not work.good:
        return
    try:
        with transaction.atomic():
            _merge(work, work.kind.apply(work.good, work.context))
            raise _Undone
    except _Undone:
        pass


def _apply(work: Work) -> None:
    everything = work.job.mode == ImportJob.Mode.ALL_OR_NOTHING
    if everything and work.found.errors:
        with suppress(DomainError):  # of all rows together: the bad ones that are known already are the answer
            _find_the_rest(work)  # one look names every bad row, not a few of them each time
        return _finish(work, State.REFUSED, Applied())
    try:
        with transaction.atomic():
            if not _still_open(work.job.pk):
                return None
            applied = work.kind.apply(work.good, work.context)
            _merge(work, applied)
            if everything and work.found.errors:
                raise _Undone
            # The state is written with the rows: a repeated message finds either both or neither.
            _finish(work, State.DONE, applied)
    except _Undone:
        _finish(work, State.REFUSED, Applied())
    return None


def _still_open(job_id: int) -> bool:
    return bool(ImportJob.objects.select_for_update().get(pk=job_id).state == State.RUNNING)


def _merge(work: Work, applied: Applied) -> None:
    work.found.errors += applied.errors
    work.found.warnings += applied.warnings
    work.found.skipped |= applied.skipped


def _finish(work: Work, state: ImportJob.State, applied: Applied) -> None:
    job, now = work.job, work.context.now
    bad, skipped = len(work.bad), len(work.found.skipped - work.bad)
    work.found.errors.sort(key=lambda error: error.row)
    job.state, job.finished_at = state, now
    job.rows_total, job.rows_bad, job.rows_skipped = len(work.rows), bad, skipped
    job.rows_ok = job.rows_total - bad - skipped
    job.created, job.updated, job.warnings = applied.created, applied.updated, len(work.found.warnings)
    job.errors = [_as_json(work, error) for error in work.found.errors[:LISTED]]
    job.warning_rows = [_as_json(work, warning) for warning in work.found.warnings[:LISTED]]
    job.mapping = work.headings
    job.error_file = error_file.write(work) if work.found.errors else None
    if state == State.DONE and work.kind.undo is not None and applied.undo is not None:
        job.undo_data, job.undo_until = applied.undo, now + UNDO_FOR
    job.save()


def _as_json(work: Work, error: RowError) -> dict[str, Any]:
    column = work.headings.get(error.column)
    if column is None:
        known = work.kind.column(error.column)
        column = known.heading if known else error.column
    return {
        "row": error.row, "column": column, "code": error.code,
        "message": error.message, "value": error.value,
    }  # fmt: skip


def _fail(job: ImportJob, message: str, code: str, now: datetime) -> None:
    error = {"row": 0, "column": "", "code": code, "message": message, "value": ""}
    open_jobs = ImportJob.objects.filter(pk=job.pk, state=State.RUNNING)
    open_jobs.update(state=State.FAILED, message=message[:500], errors=[error], finished_at=now)


def _tell(job: ImportJob, now: datetime) -> None:
    """The member may have left the page: the result waits among the notices."""
    if not job.is_over:
        return
    words = {"name": job.file.name, "created": job.created, "updated": job.updated, "bad": job.rows_bad}
    notices.notify(
        user_id=job.created_by_id,
        kind="import",
        message=DONE_TEXT if job.state == State.DONE else FAILED_TEXT,
        params=words,
        at=now,
        url=f"/imports/{job.kind}/{job.pk}/",
        is_bad=job.state != State.DONE,
    )


# -- Progress: seen by others while the transaction is open, so it stands in the cache --------------------------------
def note_progress(job_id: int, done: int, *, total: int | None = None, force: bool = False) -> None:
    if not force and done % EVERY:
        return
    known = progress_of(job_id)
    cache.set(f"import:{job_id}", (done, total if total is not None else known[1]), 3600)


def progress_of(job_id: int) -> tuple[int, int]:
    """(rows done, rows in all) of a running job."""
    found = cache.get(f"import:{job_id}")
    return (int(found[0]), int(found[1])) if found else (0, 0)
