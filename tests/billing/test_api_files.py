"""Lists of billing as files, and the invoice on paper."""

import csv
import io
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from tests.billing.conftest import advance

OWN = ("invoices", "payments", "audit", "subscription/changes", "usage/events", "usage/days")
OPERATOR = (
    "price-plans", "tenants", "subscriptions", "invoices", "audit", "ledger/entries", "bank/lines", "usage/quarantine",
    "jobs", "dunning",
)  # fmt: skip


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def csv_rows(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body(answer).decode("utf-8-sig"))))


def test_every_list_answers_csv_and_excel(company_of_modules, operator):
    owner = company_of_modules("falan", "finance")
    asked = [(owner, f"/api/v1/billing/{name}/") for name in OWN]
    asked += [(operator, f"/api/v1/operator/{name}/") for name in OPERATOR]

    for client, path in asked:
        sheet = client.get(path, {"format": "csv"})
        book = client.get(path, {"format": "xlsx"}, headers={"Accept": "application/vnd.ms-excel"})

        assert sheet.status_code == 200 and sheet["Content-Type"].startswith("text/csv"), path
        assert book.status_code == 200 and body(book).startswith(b"PK"), path
        assert client.get(path, {"format": "docx"}).status_code == 400, path


def test_the_files_hold_the_whole_filter_with_headings_in_words(company_of_modules, operator):
    owner = company_of_modules("falan", "finance")
    company_of_modules("zhoucheng", "inventory")

    own = csv_rows(owner.get("/api/v1/billing/invoices/?format=csv"))
    book = CalamineWorkbook.from_filelike(io.BytesIO(body(operator.get("/api/v1/operator/invoices/?format=xlsx"))))
    everybody = book.get_sheet_by_index(0).to_python()

    # 99.00 x 22 / 31 days: 10 to 31 March
    assert [(row["企业"], row["金额"], row["期间起"], row["企业应付"]) for row in own] == [
        ("falan", "70.26", "2026-03-10", "70.26")
    ]
    assert everybody[0][:3] == ["企业", "账单号", "原因"]
    assert sorted(row[0] for row in everybody[1:]) == ["falan", "zhoucheng"]


def test_an_invoice_is_a_pdf_for_its_company_alone(company_of_modules):
    owner, rival = company_of_modules("falan", "finance"), company_of_modules("zhoucheng", "finance")
    invoice = owner.get("/api/v1/billing/invoices/").json()["results"][0]
    path = f"/api/v1/billing/invoices/{invoice['id']}/pdf/"

    paper = owner.get(path, headers={"Accept": "application/pdf"})

    assert paper.status_code == 200 and paper["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF") and invoice["number"] in paper["Content-Disposition"]
    assert rival.get(path).status_code == 404
    assert owner.post(path).status_code == 405


@pytest.mark.parametrize("verb", ["put", "patch", "delete"])
def test_a_numbered_invoice_takes_no_other_verb(company_of_modules, verb):
    owner = company_of_modules("falan", "finance")
    invoice = owner.get("/api/v1/billing/invoices/").json()["results"][0]

    answer = getattr(owner, verb)(f"/api/v1/billing/invoices/{invoice['id']}/")

    assert answer.status_code == 405 and answer.json()["code"] == "method_not_allowed"


def test_a_late_company_still_takes_its_lists_away(company_of_modules):
    owner = company_of_modules("falan", "finance")
    advance("2026-05-12 00:00")  # due 25 March + 45 days: suspended on 9 May

    answer = owner.get("/api/v1/billing/invoices/?format=csv")

    assert owner.get("/api/v1/billing/access/").json()["state"] == "suspended"
    assert answer.status_code == 200 and len(csv_rows(answer)) >= 2
