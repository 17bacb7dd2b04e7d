"""Lists out: formula-like text stays text, amounts are numbers, memory stays flat."""

import io
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import Invalid
from kernel.exports import Column, csv_chunks, export_response, write_xlsx
from kernel.imports.reader import open_sheet
from tests.kernel.sheets import body

COLUMNS = [Column("code", "物料编码"), Column("amount", "金额", "money"), Column("on", "日期", "date")]
ROW = {"code": "M6-BOLT", "amount": Decimal("-1234.50"), "on": date(2026, 6, 30)}
FORMULAS = ["=1+1", "+86 138", "-5", "@SUM(A1)", "\tx", "\rx"]


def _cells(content: bytes) -> list[list[Any]]:
    page = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    return [list(row) for row in page.iter_rows()]


def test_amounts_are_numbers_and_dates_are_dates_in_excel():
    response = export_response("物料", COLUMNS, [ROW], "xlsx")

    heading, row = _cells(body(response))
    assert [cell.value for cell in heading] == ["物料编码", "金额", "日期"]
    assert (row[1].data_type, row[1].value, row[1].number_format) == ("n", -1234.5, "#,##0.00")
    assert row[2].value == datetime(2026, 6, 30)
    assert "filename*=utf-8''%E7%89%A9%E6%96%99.xlsx" in response["Content-Disposition"]


@pytest.mark.parametrize("text", FORMULAS)
def test_text_that_looks_like_a_formula_stays_text(text):
    rows = [{"code": text}]

    cell = _cells(body(export_response("x", COLUMNS, rows, "xlsx")))[1][0]
    line = body(export_response("x", COLUMNS, rows, "csv")).decode("utf-8-sig").split("\r\n", 1)[1]

    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    assert line.lstrip('"').startswith("'")


def test_an_exported_csv_reads_back_as_it_was():
    rows = [{"code": text} for text in ("=1+1", "-5", "'quoted", "'=kept", "法兰盘 DN50")]

    content = b"".join(csv_chunks([Column("code", "编码"), Column("n", "数")], [{**row, "n": 1} for row in rows]))
    with open_sheet(io.BytesIO(content), "x.csv") as sheet:
        read = [cells[0] for _number, cells in sheet.rows]

    assert read == [row["code"] for row in rows]


def test_a_number_longer_than_excel_can_hold_is_written_as_text():
    cell = _cells(body(export_response("x", COLUMNS, [{"amount": Decimal("1234567890123456.78")}], "xlsx")))[1][1]

    assert (cell.data_type, cell.value) == ("s", "1234567890123456.78")


def test_a_moment_is_written_in_shanghai():
    moment = [Column("at", "时间", "moment")]
    rows = [{"at": datetime(2026, 6, 30, 16, 30, tzinfo=UTC)}]

    text = body(export_response("x", moment, rows, "csv")).decode("utf-8-sig")

    assert "2026-07-01 00:30" in text  # 16:30 UTC + 8 h


def test_another_format_is_refused():
    with pytest.raises(Invalid):
        export_response("x", COLUMNS, [], "pdf")


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_every_amount_survives_the_way_through_excel(amount):
    buffer = io.BytesIO()

    write_xlsx(buffer, [Column("amount", "金额", "money")], [{"amount": amount}])

    value = _cells(buffer.getvalue())[1][0].value
    assert Decimal(str(value)).quantize(Decimal("0.01")) == amount


def _many(count: int) -> Iterator[dict[str, Any]]:
    for number in range(count):
        yield {"code": f"M6-{number:06}", "amount": Decimal(number) / 100, "on": date(2026, 1, 1)}


def test_memory_stays_flat_for_72_000_rows(tmp_path):
    peaks = []
    for count in (2_000, 72_000):
        tracemalloc.start()
        with (tmp_path / "list.xlsx").open("wb") as file:
            assert write_xlsx(file, COLUMNS, _many(count)) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert peaks[1] < peaks[0] + 8 * 1024 * 1024  # 36 times the rows, hardly more memory
