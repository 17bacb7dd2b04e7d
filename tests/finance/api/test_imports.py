"""Files: vouchers, opening balances and accounts; all or nothing, bad rows skipped, encodings of Excel in China."""

import csv
import io
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.finance.api.company import BASE, Books

VOUCHER_HEAD = [
    "日期",
    "凭证字",
    "凭证组",
    "附件数",
    "摘要",
    "科目编码",
    "辅助核算",
    "借方金额",
    "贷方金额",
    "业务编号",
    "结转",
]


def as_csv(rows: list[list[Any]], encoding: str = "utf-8-sig") -> SimpleUploadedFile:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    return SimpleUploadedFile("凭证.csv", buffer.getvalue().encode(encoding), "text/csv")


def as_xlsx(rows: list[list[Any]]) -> SimpleUploadedFile:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    page = book.add_worksheet()
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    book.close()
    return SimpleUploadedFile("凭证.xlsx", buffer.getvalue())


def run(books: Books, path: str, file: SimpleUploadedFile, mode: str = "all_or_nothing") -> Any:
    """Upload, and the job as it ended (tasks run at once in tests)."""
    response = books.client.post(f"{BASE}{path}imports/", {"file": file, "mode": mode}, format="multipart")
    assert response.status_code == 202, response.content.decode()
    return books.get(f"{path}imports/{response.json()['id']}/")


def sale(group: int, amount: str = "10.00", day: str = "2026-01-15") -> list[list[Any]]:
    return [
        [day, "记", group, 1, f"第{group}笔", "1002", "", amount, "", "", ""],
        [day, "记", group, "", f"第{group}笔", "3001", "", "", amount, "", ""],
    ]


def test_ten_thousand_rows_with_three_bad_ones(started: Books):
    rows = [VOUCHER_HEAD] + [row for group in range(1, 5001) for row in sale(group)]
    rows[10][5] = "9999"  # row 11 of the sheet: group 5
    rows[21][7] = "十元"  # row 22: group 11
    rows[4001][0] = "2026-02-30"  # row 4002: group 2001
    refused = run(started, "vouchers/", as_csv(rows))
    assert started.get("vouchers/")["count"] == 0  # nothing of a refused file is written

    done = run(started, "vouchers/", as_csv(rows), "skip_bad_rows")

    assert (refused["state"], refused["created"], refused["rows_bad"]) == ("refused", 0, 3)
    found = [(error["row"], error["column"], error["code"]) for error in done["errors"]]
    assert found == [
        (11, "科目编码", "unknown_account"), (22, "借方金额", "bad_amount"), (4002, "日期", "bad_date")
    ]  # fmt: skip
    assert (done["state"], done["created"]) == ("done", 4997)
    # 10000 rows, 3 bad, and the good row beside each of them is skipped
    assert (done["rows_total"], done["rows_bad"], done["rows_skipped"], done["rows_ok"]) == (10000, 3, 3, 9994)
    assert started.get("vouchers/", source="import", page_size=1)["count"] == 4997


def test_gb18030_and_excel(started: Books):
    first = run(started, "vouchers/", as_csv([VOUCHER_HEAD, *sale(1)], "gb18030"))
    second = run(started, "vouchers/", as_xlsx([VOUCHER_HEAD, *sale(2, "20.5", "2026/1/16")]))

    vouchers = started.get("vouchers/")["results"]
    assert first["state"] == second["state"] == "done"
    assert [row["debit_total"] for row in vouchers] == ["10.00", "20.50"]
    assert vouchers[0]["lines"][0]["summary"] == "第1笔" and vouchers[0]["attachment_count"] == 1
    assert vouchers[1]["source"]["kind"] == "import" and vouchers[1]["date"] == "2026-01-16"


def test_codes_of_voucher_rows(started: Books):
    started.value("customer", "C001", "恒通机械")
    started.made("accounts/", {"code": "100201", "name": "旧户"})
    assert started.patch("accounts/100201/", {"is_active": False}).status_code == 200
    started.made("periods/2026-01/close/")
    day = "2026-02-10"
    rows: list[list[Any]] = [
        VOUCHER_HEAD,
        [day, "记", 1, "", "一", "2221", "", "1.00", "", "", ""],  # 2 account_not_leaf
        [day, "记", 1, "", "一", "3001", "", "", "1.00", "", ""],
        [day, "记", 2, "", "二", "1122", "", "1.00", "", "", ""],  # 4 aux_required
        [day, "记", 2, "", "二", "3001", "", "", "1.00", "", ""],
        [day, "记", 3, "", "三", "1122", "客户:C009", "1.00", "", "", ""],  # 6 unknown_value
        [day, "记", 3, "", "三", "3001", "", "", "1.00", "", ""],
        [day, "记", 4, "", "四", "1122", "客户：C001", "2.00", "", "", ""],  # 8 voucher_unbalanced
        [day, "记", 4, "", "四", "3001", "", "", "1.00", "", ""],
        ["2026-01-10", "记", 5, "", "五", "3001", "", "1.00", "", "", ""],  # 10 period_closed
        ["2026-01-10", "记", 5, "", "五", "3002", "", "", "1.00", "", ""],  # 11 period_closed
        [day, "记", 6, "", "六", "100201", "", "1.00", "", "", ""],  # 12 account_inactive
        [day, "记", 6, "", "六", "3001", "", "", "1.005", "", ""],  # 13 bad_amount
        [day, "记", 7, "", "七", "1122", "customer:C001", "3.00", "", "XS-7", ""],
        [day, "记", 7, "", "七", "3001", "", "", "3.00", "", ""],
    ]

    job = run(started, "vouchers/", as_csv(rows), "skip_bad_rows")

    assert [(error["row"], error["code"]) for error in job["errors"]] == [
        (2, "account_not_leaf"), (4, "aux_required"), (6, "unknown_value"), (8, "voucher_unbalanced"),
        (10, "period_closed"), (11, "period_closed"), (12, "account_inactive"), (13, "bad_amount"),
    ]  # fmt: skip
    assert (job["created"], job["rows_skipped"], job["rows_ok"]) == (1, 4, 2)
    made = started.get("vouchers/", state="draft")["results"][0]
    assert made["lines"][0]["aux"] == {"customer": "C001"} and made["lines"][0]["ref"] == "XS-7"


def test_what_only_the_service_knows_is_told_on_its_row(started: Books):
    rows = [VOUCHER_HEAD, *sale(1), *sale(2)]
    rows[3][10] = "是"  # group 2 says closing, but touches neither 5xxx nor 3103

    job = run(started, "vouchers/", as_csv(rows))

    assert (job["state"], job["created"]) == ("refused", 0)
    assert [error["code"] for error in job["errors"]] == ["closing_voucher_accounts"]
    assert started.get("vouchers/")["count"] == 0


def test_a_file_that_is_no_list_fails(started: Books):
    broken = started.client.post(
        f"{BASE}vouchers/imports/", {"file": SimpleUploadedFile("凭证.xlsx", b"no workbook")}, format="multipart"
    )
    lacking = run(started, "vouchers/", as_csv([["日期", "摘要"], ["2026-01-01", "x"]]))

    assert broken.status_code == 400 and broken.json()["code"] == "file_content_refused"
    assert lacking["state"] == "failed"
    assert lacking["errors"][0]["code"] == "missing_column"


def test_an_import_is_taken_back(started: Books):
    job = run(started, "vouchers/", as_csv([VOUCHER_HEAD, *sale(1), *sale(2)]))

    undone = started.post(f"vouchers/imports/{job['id']}/undo/")

    assert undone.status_code == 200
    assert started.get("vouchers/")["count"] == 0


OPENING_HEAD = [
    "科目编码",
    "辅助核算",
    "币种",
    "期初余额",
    "本年累计借方",
    "本年累计贷方",
    "往来编号",
    "业务日期",
    "到期日",
]


def test_opening_balances_with_items(books: Books):
    books.set_up()
    books.value("customer", "C001", "恒通机械")
    rows = [
        OPENING_HEAD,
        ["1002", "", "", "8870.00", "", "", "", "", ""],
        ["1122", "customer:C001", "", "1000.00", "", "", "XS-1", "2025-11-02", "2025-12-02"],
        ["1122", "customer:C001", "", "130.00", "", "", "XS-2", "2025-12-05", ""],
        ["3001", "", "", "10000.00", "", "", "", "", ""],
    ]

    job = run(books, "opening-balances/", as_csv(rows))

    opening = books.get("opening-balances/")
    receivable = next(row for row in opening["rows"] if row["account"] == "1122")
    assert (job["state"], job["rows_ok"], job["created"]) == ("done", 4, 3)
    assert opening["balanced"] and opening["debit_total"] == "10000.00"  # 8870 + 1000 + 130
    assert receivable["balance"] == "1130.00"
    assert [item["due_on"] for item in receivable["items"]] == ["2025-12-02", "2025-12-05"]
    bad = run(books, "opening-balances/", as_csv([OPENING_HEAD, ["1002", "", "", "x", "", "", "", "", ""]]))
    assert [(error["row"], error["code"]) for error in bad["errors"]] == [(2, "bad_amount")]
    assert books.get("opening-balances/")["count"] == 3  # the refused file changed nothing


def test_an_opening_import_is_undone_while_nobody_changed_it(books: Books):
    books.set_up()
    books.value("customer", "C001", "恒通机械")
    before = [{"account": "1122", "aux": {"customer": "C001"}, "balance": "10.00", "items": [
        {"ref": "XS-1", "on": "2025-11-02", "due_on": "2025-12-02", "amount": "10.00"}]},
        {"account": "3001", "balance": "10.00"}]  # fmt: skip
    books.put("opening-balances/", {"rows": before})
    rows = [OPENING_HEAD, ["1002", "", "", "500.00", "", "", "", "", ""], ["3001", "", "", "500.00"] + [""] * 5]
    job = run(books, "opening-balances/", as_csv(rows))

    undone = books.post(f"opening-balances/imports/{job['id']}/undo/")

    opening = books.get("opening-balances/")
    assert undone.status_code == 200, undone.content.decode()
    assert [(row["account"], row["balance"]) for row in opening["rows"]] == [("1122", "10.00"), ("3001", "10.00")]
    assert opening["rows"][0]["items"][0]["ref"] == "XS-1"
    again = run(books, "opening-balances/", as_csv(rows))
    books.put("opening-balances/", {"rows": []})
    refused = books.post(f"opening-balances/imports/{again['id']}/undo/")
    assert (refused.status_code, refused.json()["code"]) == (409, "opening_changed_since")


ACCOUNT_HEAD = ["科目编码", "科目名称", "余额方向", "辅助核算", "数量核算", "外币", "期末调汇", "停用"]


def test_accounts_parents_first_whatever_the_order(started: Books):
    rows = [
        ACCOUNT_HEAD,
        ["10020101", "美元户", "", "", "", "USD", "是", ""],
        ["100201", "工商银行", "借", "", "否", "", "", "否"],
        ["140301", "钢材", "", "存货!;部门", "是", "", "", ""],
        ["10029901", "无上级", "", "", "", "", "", ""],
        ["100201", "又一户", "", "", "", "", "", ""],
    ]

    job = run(started, "accounts/", as_csv(rows), "skip_bad_rows")

    assert [(error["row"], error["code"]) for error in job["errors"]] == [
        (5, "parent_missing"), (6, "account_code_taken")
    ]  # fmt: skip
    assert job["created"] == 3
    dollars, steel = started.get("accounts/10020101/"), started.get("accounts/140301/")
    assert (dollars["currencies"], dollars["revalue"], dollars["cash_kind"]) == (["USD"], True, "bank")
    assert steel["quantity"] and steel["aux"] == [
        {"dimension": "department", "required": False}, {"dimension": "item", "required": True}
    ]  # fmt: skip


@pytest.mark.parametrize("path", ["vouchers/", "opening-balances/", "accounts/"])
def test_templates_can_be_fetched(started: Books, path):
    response = started.client.get(f"{BASE}{path}imports/template/")

    assert response.status_code == 200 and "spreadsheet" in response["Content-Type"]
