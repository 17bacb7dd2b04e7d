"""Files in: counts, error files, encodings, broken and hostile files, all or nothing, undo."""

import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import xlsxwriter

from kernel import attachments
from kernel.clock import now
from kernel.errors import DomainError
from kernel.imports import kinds, reader, services
from kernel.models import ImportJob
from tests.kernel import parts
from tests.kernel.sheets import PARTS_HEAD, table, upload, workbook

GOOD = [["M6-BOLT", "六角螺栓 M6", 100], ["M6-NUT", "螺母 M6", 200], ["DN50", "法兰盘 DN50", 8]]


@pytest.fixture(autouse=True)
def _kinds(alice: Any, in_hongda: Any) -> Iterator[None]:
    kinds.register(parts.PARTS)
    kinds.register(parts.SINGLE)
    yield
    for kind in (parts.PARTS, parts.SINGLE):
        kinds._kinds.pop(kind.key)


def _import(member: Any, name: str, content: bytes, mode: str = "all_or_nothing", kind: Any = parts.PARTS) -> ImportJob:
    job = services.take_in(kind=kind, upload=upload(name, content), member=member, now=now(), mode=mode)
    services.start(job)
    job.refresh_from_db()
    return job


def test_three_bad_rows_of_ten_thousand_leave_9997_and_an_error_file_of_three(alice):
    rows: list[list[Any]] = [[f"B-{n:05}", "螺栓", n] for n in range(1, 10_001)]
    rows[10][2], rows[500][0], rows[9_999][0] = "十个", "", "B-00001"

    job = _import(alice, "物料.xlsx", workbook([PARTS_HEAD, *rows]), mode="skip_bad_rows")

    assert (job.state, job.rows_total, job.rows_bad, job.created) == ("done", 10_000, 3, 9_997)  # 10 000 - 3
    assert len(parts.codes()) == 9_997
    assert job.error_file is not None
    lines = table(attachments.open_file(job.error_file).read())
    assert lines[0] == [*PARTS_HEAD, "行号", "列", "值", "代码", "原因"]
    assert [line[3] for line in lines[1:]] == [12, 502, 10_001]  # row 1 is the heading
    assert lines[1][4:] == ["数量", "十个", "bad_quantity", "数量不是数字。"]


def test_one_look_names_what_the_file_lacks_and_what_the_services_refuse(alice):
    _import(alice, "一.xlsx", workbook([PARTS_HEAD, GOOD[0]]), kind=parts.SINGLE)

    job = _import(alice, "二.xlsx", workbook([PARTS_HEAD, *GOOD, ["", "法兰盘 DN80", 1]]), kind=parts.SINGLE)

    assert (job.state, job.rows_bad, job.created) == ("refused", 2, 0)
    assert [(error["row"], error["code"]) for error in job.errors] == [(2, "duplicate_code"), (5, "required")]
    assert parts.codes() == {GOOD[0][0]}


def test_all_or_nothing_writes_nothing_when_one_row_is_bad(alice):
    job = _import(alice, "物料.xlsx", workbook([PARTS_HEAD, *GOOD, ["DN80", "法兰盘 DN80", "很多"]]))

    assert (job.state, job.rows_ok, job.rows_bad, job.created) == ("refused", 3, 1, 0)
    assert job.errors == [
        {"row": 5, "column": "数量", "code": "bad_quantity", "message": "数量不是数字。", "value": "很多"}
    ]
    assert parts.codes() == set()


def test_a_refusal_while_saving_takes_the_whole_file_back(alice):
    _import(alice, "一.xlsx", workbook([PARTS_HEAD, GOOD[0]]), kind=parts.SINGLE)

    refused = _import(alice, "二.xlsx", workbook([PARTS_HEAD, *GOOD]), kind=parts.SINGLE)
    skipped = _import(alice, "三.xlsx", workbook([PARTS_HEAD, *GOOD]), mode="skip_bad_rows", kind=parts.SINGLE)

    assert (refused.state, refused.errors[0]["code"], refused.errors[0]["row"]) == ("refused", "duplicate_code", 2)
    assert (skipped.state, skipped.created, skipped.rows_bad) == ("done", 2, 1)


def test_a_formula_cell_is_read_by_its_value(alice):
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    page = book.add_worksheet()
    page.write_row(0, 0, PARTS_HEAD)
    page.write_row(1, 0, ["M6-BOLT", "六角螺栓"])
    page.write_formula(1, 2, "=6*7", None, 42)
    book.close()

    job = _import(alice, "物料.xlsx", buffer.getvalue())

    assert job.state == "done"
    assert parts.NumberCounter.objects.get(scope="part:M6-BOLT").last == 42  # 6 x 7


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_is_read_in_the_encodings_of_the_office(alice, encoding):
    text = "物料编码,名称,数量\r\nDN50,法兰盘 DN50,8\r\n"

    job = _import(alice, "物料.csv", text.encode(encoding))

    assert (job.state, job.created) == ("done", 1)
    assert parts.codes() == {"DN50"}


def test_english_headings_stars_and_blanks_are_understood(alice):
    job = _import(alice, "items.csv", b"Item code *, NAME ,Quantity (pcs)\nM6-BOLT,bolt,5\n\n,,\nM6-NUT,nut,6\n")

    assert (job.state, job.rows_total, job.created) == ("done", 2, 2)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("物料.xlsx", workbook([PARTS_HEAD])[:-400]),
        ("物料.csv", "物料编码,数量\nDN50,8\n".encode() + b"\xff\xfe\x81"),
        ("物料.xlsx", workbook([["名称"], ["螺栓"]])),
        ("物料.xlsx", workbook([PARTS_HEAD])),
    ],
)
def test_a_file_that_cannot_be_read_fails_with_a_sentence(alice, name, content):
    try:
        job = _import(alice, name, content)
    except DomainError as refusal:
        assert (refusal.http_status, refusal.code) == (400, "file_content_refused")
    else:
        assert job.state == "failed"
        assert job.message.endswith("。")
    assert parts.codes() == set()


def _bomb(lying: bool) -> bytes:
    """A workbook whose sheet unpacks to 500 MB of blanks; lying, its directory says 1 kB."""
    content = workbook([PARTS_HEAD, *GOOD])
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            if entry != "xl/worksheets/sheet1.xml":
                new.writestr(entry, old.read(entry))
        with new.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(50 if lying else 500):
                sheet.write(b" " * 1024 * 1024)
        if lying:
            new.filelist[-1].file_size = 1024
    return buffer.getvalue()


@pytest.mark.parametrize("lying", [False, True])
def test_a_zip_bomb_is_refused_before_it_is_unpacked(lying):
    with pytest.raises(reader.Unreadable) as refusal, reader.open_sheet(io.BytesIO(_bomb(lying)), "物料.xlsx"):
        pass

    assert refusal.value.code in ("file_too_large_unpacked", "file_unreadable")


def test_a_sheet_with_a_cell_in_the_last_corner_does_not_eat_the_memory():
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    page = book.add_worksheet()
    page.write_row(0, 0, PARTS_HEAD)
    page.write(1_048_575, 16_383, "x")
    book.close()

    with pytest.raises(reader.Unreadable), reader.open_sheet(buffer, "物料.xlsx"):
        pass


def test_too_many_rows_and_columns_are_refused(monkeypatch):
    monkeypatch.setattr(reader, "MOST_ROWS", 2)
    monkeypatch.setattr(reader, "MOST_COLUMNS", 5)
    wide = workbook([[f"列{n}" for n in range(6)]])

    for name, content, code in (
        ("物料.xlsx", workbook([PARTS_HEAD, *GOOD]), "too_many_rows"),
        ("物料.csv", b"code\n1\n2\n3\n", "too_many_rows"),
        ("物料.xlsx", wide, "too_many_columns"),
        ("物料.csv", b"a,b,c,d,e,f\n", "too_many_columns"),
    ):
        with pytest.raises(reader.Unreadable) as refusal, reader.open_sheet(io.BytesIO(content), name) as sheet:
            list(sheet.rows)

        assert refusal.value.code == code


def test_an_import_is_taken_back_within_a_day_and_only_once(alice):
    job = _import(alice, "物料.xlsx", workbook([PARTS_HEAD, *GOOD]))
    assert job.finished_at is not None
    late = job.finished_at + timedelta(hours=24, seconds=1)

    with pytest.raises(services.NotUndoable) as too_late:
        services.undo(job_id=job.pk, kind=parts.PARTS, member=alice, now=late)
    services.undo(job_id=job.pk, kind=parts.PARTS, member=alice, now=now())
    with pytest.raises(services.NotUndoable) as twice:
        services.undo(job_id=job.pk, kind=parts.PARTS, member=alice, now=now())

    assert (too_late.value.code, twice.value.code) == ("import_undo_expired", "import_already_undone")
    assert parts.codes() == set()


def test_a_message_that_comes_twice_imports_once(alice):
    job = _import(alice, "物料.xlsx", workbook([PARTS_HEAD, *GOOD]))

    services.start(job)

    job.refresh_from_db()
    assert (job.state, job.created, len(parts.codes())) == ("done", 3, 3)
