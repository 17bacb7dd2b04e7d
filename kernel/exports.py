"""Lists as Excel or CSV: written row by row, so that memory stays flat however long the list is.

Rows are mappings or objects; `Column.key` is a key or a dotted attribute path, or `value` reads the cell.
"""

import csv
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import IO, Any

import xlsxwriter
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from kernel.errors import Invalid

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
NUMBERS = {"money": "#,##0.00", "quantity": "#,##0.####", "number": "General"}
MOMENTS = {"date": "yyyy-mm-dd", "moment": "yyyy-mm-dd hh:mm"}
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
ROWS_A_SHEET = 1_000_000  # Excel ends at 1,048,576
LONGEST_CELL = 32_767  # Excel's own limit; a longer text would be left out silently
EXACT_DIGITS = 15  # a cell is a double: longer numbers travel as text, or the fen would be lost
CSV_CHUNK = 500


@dataclass(frozen=True)
class Column:
    """One column. `kind`: text, money (CNY, 2 decimals), quantity, number, date or moment (with time, Shanghai)."""

    key: str
    heading: Any  # text, may be lazy
    kind: str = "text"
    value: Callable[[Any], Any] | None = None

    def of(self, row: Any) -> Any:
        """The cell of `row`; None when a step of the path is missing."""
        if self.value is not None:
            return self.value(row)
        for name in self.key.split("."):
            row = row.get(name) if isinstance(row, Mapping) else getattr(row, name, None)
            if row is None:
                return None
        return row() if callable(row) else row


def is_formula(text: str) -> bool:
    """True for text that a spreadsheet would take for a formula."""
    return text.startswith(FORMULA_STARTS)


def export_response(filename: str, columns: Sequence[Column], rows: Iterable[Any], fmt: str) -> HttpResponseBase:
    """Answer `rows` as a download `<filename>.<fmt>`; amounts are numbers in Excel, formula-like text stays text.

    `fmt` is xlsx or csv, else Invalid. Give a queryset as `.iterator(chunk_size=2000)` to keep memory flat.
    """
    if fmt == "csv":
        return as_download(StreamingHttpResponse(csv_chunks(columns, rows), content_type=CSV), f"{filename}.csv")
    if fmt != "xlsx":
        raise Invalid(_("只能导出为 xlsx 或 csv。"), "unknown_format", fields={"format": [fmt]})
    file = tempfile.TemporaryFile()  # noqa: SIM115  # the response closes it when the last byte is sent
    write_xlsx(file, columns, rows)
    file.seek(0)
    return as_download(FileResponse(file, content_type=XLSX), f"{filename}.xlsx")


def as_download(response: Any, filename: str) -> HttpResponseBase:
    response["Content-Disposition"] = content_disposition_header(True, filename) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


# -- Excel ----------------------------------------------------------------------------------------------------
def write_xlsx(file: IO[bytes], columns: Sequence[Column], rows: Iterable[Any], *, sheet: str = "") -> int:
    """Write `rows` to `file` as a workbook with a frozen heading; returns how many rows were written."""
    with tempfile.TemporaryDirectory() as folder:
        book = xlsxwriter.Workbook(file, {"constant_memory": True, "tmpdir": folder, "remove_timezone": True})
        formats = _formats(book)
        count, source = 0, iter(rows)
        while True:
            page = _sheet(book, sheet, columns, formats)
            written = 0
            for written, row in enumerate(islice(source, ROWS_A_SHEET), start=1):
                _write_row(page, written, columns, row, formats)
            count += written
            if written < ROWS_A_SHEET:
                break
        book.close()
    return count


def _formats(book: xlsxwriter.Workbook) -> dict[str, Any]:
    formats = {kind: book.add_format({"num_format": mask}) for kind, mask in (NUMBERS | MOMENTS).items()}
    formats["heading"] = book.add_format({"bold": True, "bg_color": "#EDF0F4", "border": 1, "border_color": "#D0D5DD"})
    formats["text"] = book.add_format({"num_format": "@"})
    # The mark Excel itself sets for a cell typed with a leading apostrophe: the text stays as it is and is never run.
    formats["quoted"] = book.add_format({"num_format": "@", "quote_prefix": True})
    return formats


def _sheet(book: xlsxwriter.Workbook, name: str, columns: Sequence[Column], formats: dict[str, Any]) -> Any:
    # Excel refuses two sheets of one name: only the first carries the list's.
    page = book.add_worksheet(name[:31] if name and not book.worksheets() else None)
    page.freeze_panes(1, 0)
    for index, column in enumerate(columns):
        width = max(10, min(40, 2 * len(str(column.heading)) + 4))
        page.set_column(index, index, 16 if column.kind != "text" else width)
    for index, column in enumerate(columns):
        page.write_string(0, index, str(column.heading), formats["heading"])
    return page


def _write_row(page: Any, at: int, columns: Sequence[Column], row: Any, formats: dict[str, Any]) -> None:
    for index, column in enumerate(columns):
        value = column.of(row)
        if value is None or value == "":
            continue
        if column.kind in NUMBERS and (number := _number(value)) is not None:
            page.write_number(at, index, number, formats[column.kind])
        elif column.kind in MOMENTS and (moment := _moment(value)) is not None:
            page.write_datetime(at, index, moment, formats[column.kind])
        else:
            text = plain(value)[:LONGEST_CELL]
            page.write_string(at, index, text, formats["quoted" if is_formula(text) else "text"])


def _number(value: Any) -> Decimal | None:
    """The number as Excel can hold it exactly, or None: then it is written as text."""
    try:
        number = value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation:
        return None
    if not number.is_finite() or len(number.normalize().as_tuple().digits) > EXACT_DIGITS:
        return None
    return number


def _moment(value: Any) -> date | None:
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return local.replace(tzinfo=None)
    if isinstance(value, date):
        return value
    try:
        text = str(value)
        return date.fromisoformat(text) if len(text) <= 10 else _moment(datetime.fromisoformat(text))
    except ValueError:
        return None


# -- CSV ------------------------------------------------------------------------------------------------------
def csv_chunks(columns: Sequence[Column], rows: Iterable[Any]) -> Iterator[bytes]:
    """The list as UTF-8 CSV with a byte order mark (Excel in China opens it right), some 500 rows a chunk."""
    yield b"\xef\xbb\xbf" + _csv_lines([[str(column.heading) for column in columns]])
    source = iter(rows)
    while chunk := list(islice(source, CSV_CHUNK)):
        yield _csv_lines([[_csv_cell(column, row) for column in columns] for row in chunk])


def _csv_lines(lines: list[list[str]]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(lines)
    return buffer.getvalue().encode()


def _csv_cell(column: Column, row: Any) -> str:
    value = column.of(row)
    if value is None:
        return ""
    if column.kind in NUMBERS and (isinstance(value, int | Decimal | float) or _number(value) is not None):
        return f"{Decimal(str(value)):f}"
    if column.kind in MOMENTS and (moment := _moment(value)) is not None:
        return f"{moment:%Y-%m-%d %H:%M}" if column.kind == "moment" else f"{moment:%Y-%m-%d}"
    text = plain(value)
    # A text that already begins with an apostrophe gets a second one, so that reading takes away exactly one.
    return f"'{text}" if is_formula(text.lstrip("'")) else text


def plain(value: Any) -> str:
    """A value as a person reads it: 是/否, dates in ISO, decimals without exponent, lists joined."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, datetime | date):
        return f"{_moment(value):%Y-%m-%d %H:%M}" if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, list | tuple):
        return "；".join(plain(item) for item in value)
    return str(value)
