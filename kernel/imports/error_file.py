"""The bad rows as a workbook: the file's own columns, then where and why. Mended, it can be imported as it is."""

import tempfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from kernel import attachments
from kernel.exports import Column, write_xlsx
from kernel.imports.reader import open_sheet
from kernel.models import Attachment

if TYPE_CHECKING:
    from kernel.imports.runner import Work


def write(work: "Work") -> Attachment:
    """Store one line for each bad row: original cells, 行号, 列, 值, 代码, 原因."""
    reasons = _reasons(work)
    stem = work.job.file.name.rpartition(".")[0] or work.job.file.name
    with tempfile.TemporaryFile() as file:
        _fill(work, file, reasons)
        file.seek(0)
        return attachments.store_result(
            file,
            name=f"{stem[:80]}-{_('错误')}.xlsx",
            member=work.context.member,
            stored_at=work.context.now,
            owner=f"import:{work.job.pk}",
            right=work.kind.view_right or work.kind.right,
        )


def _reasons(work: "Work") -> dict[int, dict[str, str]]:
    """{row: {columns, values, codes, reasons}}, several errors of a row joined."""
    found: dict[int, list[Any]] = {}
    for error in work.found.errors:
        found.setdefault(error.row, []).append(error)
    rows = {row.number: row for row in work.rows}
    joined = {}
    for number, errors in found.items():
        row = rows.get(number)
        joined[number] = {
            "columns": "；".join(dict.fromkeys(_heading(work, error.column) for error in errors if error.column)),
            "values": "；".join(error.value or (row.get(error.column) if row else "") for error in errors),
            "codes": "；".join(dict.fromkeys(error.code for error in errors)),
            "reasons": "；".join(dict.fromkeys(error.message for error in errors)),
        }
    return joined


def _heading(work: "Work", key: str) -> str:
    known = work.kind.column(key)
    return work.headings.get(key) or (known.heading if known else key)


def _fill(work: "Work", file: Any, reasons: dict[int, dict[str, str]]) -> None:
    if work.kind.read_file is not None:
        headings = [work.headings[column.key] for column in work.kind.columns]
        rows = ((row.number, [row.get(c.key) for c in work.kind.columns]) for row in work.rows)
        write_xlsx(file, _columns(headings), _lines(rows, reasons), sheet=_("错误"))
        return
    with attachments.open_file(work.job.file) as source, open_sheet(source, work.job.file.name) as sheet:
        write_xlsx(file, _columns(sheet.headings), _lines(sheet.rows, reasons), sheet=_("错误"))


def _columns(headings: list[str]) -> list[Column]:
    own = [Column(str(place), heading) for place, heading in enumerate(headings)]
    where = [Column("row", _("行号"), "number"), Column("columns", _("列")), Column("values", _("值"))]
    return [*own, *where, Column("codes", _("代码")), Column("reasons", _("原因"))]


def _lines(rows: Any, reasons: dict[int, dict[str, str]]) -> Iterator[dict[str, Any]]:
    for number, cells in rows:
        if number in reasons:
            yield {str(place): cell for place, cell in enumerate(cells)} | {"row": number} | reasons[number]
