"""Files for the tests: workbooks as Excel writes them, and what stands in the workbooks that we write."""

import io
from typing import Any

import openpyxl
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

PARTS_HEAD = ["物料编码", "名称", "数量"]


def workbook(rows: list[list[Any]]) -> bytes:
    """An .xlsx with `rows` in its first sheet."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    page = book.add_worksheet()
    for at, row in enumerate(rows):
        page.write_row(at, 0, row)
    book.close()
    return buffer.getvalue()


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def table(content: bytes) -> list[list[Any]]:
    """Cells of the first sheet."""
    page = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    return [[cell.value for cell in row] for row in page.iter_rows()]


def body(response: Any) -> bytes:
    """The bytes of an answer, streamed or not."""
    return b"".join(response.streaming_content) if response.streaming else response.content
