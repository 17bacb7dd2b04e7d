"""A file as headings and rows of text. Broken, locked, oversized and hostile files end in one clear sentence."""

import csv
import io
import json
import lzma
import shutil
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from django.utils.translation import gettext as _

from kernel import filetypes
from kernel.errors import DomainError
from kernel.exports import is_formula

MOST_ROWS = 200_000
MOST_COLUMNS = 200
MOST_UNPACKED = 400 * 1024 * 1024
MOST_TEXT = 300 * 1024 * 1024
MOST_RATIO = 300  # sheets of repeated rows pack some 50:1
SECONDS = 180
CHUNK = 1024 * 1024
CHILD = Path(__file__).with_name("workbook_child.py")


class Unreadable(DomainError):
    """The file cannot be read as a list; `code` says why."""

    code = "file_unreadable"
    http_status = 400


@dataclass(frozen=True)
class Sheet:
    """`headings`: first filled row, trimmed. `rows` yields (row number of the file, cells), blank rows left out."""

    headings: list[str]
    rows: Iterator[tuple[int, list[str]]]


@contextmanager
def open_sheet(file: IO[bytes], name: str) -> Iterator[Sheet]:
    """Read `file` (xlsx, xls, csv, txt). The rows must be used inside the block. Raises Unreadable."""
    ending = filetypes.ending_of(name)
    with tempfile.TemporaryDirectory(prefix="qz-import-") as folder:
        if ending in ("csv", "txt"):
            lines = _csv_lines(file)
        elif ending in ("xlsx", "xls"):
            lines = _workbook_lines(file, ending, Path(folder))
        else:
            raise Unreadable(_("请上传 .xlsx、.xls 或 .csv 文件。"), "file_type_refused")
        first = next(lines, None)
        if first is None:
            raise Unreadable(_("文件里没有内容。"), "file_empty")
        yield Sheet([cell.strip() for cell in first[1]], lines)


# -- CSV ------------------------------------------------------------------------------------------------------
def _csv_lines(file: IO[bytes]) -> Iterator[tuple[int, list[str]]]:
    file.seek(0)
    text = _decode(file.read())
    if "\x00" in text:
        raise broken()
    separator = _separator(text)
    filled = 0
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        for number, cells in enumerate(reader, start=1):
            values = [_unquoted(cell.strip()) for cell in cells]
            if not any(values):
                continue
            filled += 1
            _check_size(filled, len(values))
            yield number, values
    except csv.Error:
        raise broken() from None


def _decode(raw: bytes) -> str:
    """UTF-8, UTF-16 with its mark, else GB18030, which Excel in China writes."""
    wide = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(_("文件的文字编码无法识别，请另存为 UTF-8 编码的 CSV 或 .xlsx 后再导入。"), "file_encoding")


def _separator(text: str) -> str:
    line = text.lstrip("\r\n").partition("\n")[0]
    return max((",", "\t", ";"), key=line.count)


def _unquoted(cell: str) -> str:
    """Without the apostrophe by which our CSV export shields formula-like text."""
    return cell[1:] if cell.startswith("'") and is_formula(cell.lstrip("'")) else cell


def _check_size(rows: int, columns: int) -> None:
    if rows > MOST_ROWS + 1:
        raise _refusal("too_many_rows")
    if columns > MOST_COLUMNS:
        raise _refusal("too_many_columns")


# -- Workbooks ------------------------------------------------------------------------------------------------
def _workbook_lines(file: IO[bytes], ending: str, folder: Path) -> Iterator[tuple[int, list[str]]]:
    file.seek(0)
    if ending == "xlsx":
        _check_archive(file)
    source, target = folder / f"in.{ending}", folder / "out.jsonl"
    with source.open("wb") as copy:
        shutil.copyfileobj(file, copy, CHUNK)
    _run_child(source, target)
    return _json_lines(target)


def _check_archive(file: IO[bytes]) -> None:
    """Refuse a zip bomb before it is unpacked for good: what an entry declares is compared with what comes out."""
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            total = sum(entry.file_size for entry in entries)
            packed = sum(entry.compress_size for entry in entries) or 1
            if len(entries) > filetypes.MOST_ENTRIES or total > MOST_UNPACKED:
                raise _refusal("too_much_text")
            if total > CHUNK and total / packed > MOST_RATIO:
                raise _refusal("too_much_text")
            for entry in entries:
                _check_entry(archive, entry)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError, OSError, ValueError):
        raise broken() from None
    finally:
        file.seek(0)


def _check_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    declared = entry.file_size
    entry.file_size = declared + CHUNK  # the library stops reading at the declared size: let a liar show itself
    seen = 0
    with archive.open(entry) as content:
        while chunk := content.read(CHUNK):
            seen += len(chunk)
            if seen > declared:
                raise _refusal("too_much_text")


def _run_child(source: Path, target: Path) -> None:
    limits = [str(MOST_ROWS), str(MOST_COLUMNS), str(MOST_TEXT)]
    command = [sys.executable, "-I", str(CHILD), str(source), str(target), *limits]
    try:
        subprocess.run(  # noqa: S603  # our own program, no word of the user in the command
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise _refusal("too_much_text") from None
    end = _last_line(target)
    if end != "ok":
        raise _refusal(end)


def _last_line(target: Path) -> str:
    """How the child ended; without its last line it died of the limits or of the file."""
    if not target.exists():
        return "unreadable"
    with target.open("rb") as lines:
        lines.seek(max(0, target.stat().st_size - 100))
        tail = lines.read().decode(errors="replace").rstrip("\n").rpartition("\n")[2]
    try:
        end = json.loads(tail)
    except ValueError:
        return "unreadable"
    return str(end.get("end", "unreadable")) if isinstance(end, dict) else "unreadable"


def _json_lines(target: Path) -> Iterator[tuple[int, list[str]]]:
    with target.open(encoding="utf-8") as lines:
        for line in lines:
            item = json.loads(line)
            if isinstance(item, list):
                yield cast("tuple[int, list[str]]", (item[0], item[1]))


# -- Refusals -------------------------------------------------------------------------------------------------
def broken() -> Unreadable:
    return Unreadable(_("文件已损坏或不是表格，请用 Excel 或 WPS 重新保存为 .xlsx 后再导入。"))


def _refusal(reason: str) -> Unreadable:
    if reason == "too_many_rows":
        return Unreadable(_("一次最多导入 %(n)d 行，请拆成几个文件。") % {"n": MOST_ROWS}, reason)
    if reason == "too_many_columns":
        return Unreadable(_("文件的列太多，最多 %(n)d 列，请删除多余的列。") % {"n": MOST_COLUMNS}, reason)
    if reason == "too_much_text":
        return Unreadable(_("文件展开后太大，请删除多余的工作表和空行，或拆成几个文件。"), "file_too_large_unpacked")
    if reason == "protected":
        return Unreadable(_("文件有打开密码，请取消密码后再导入。"), "file_protected")
    return broken()
