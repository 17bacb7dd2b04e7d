"""The first story over HTTP: a company signs up, keeps its first books, pays its first invoice, is late once.

恒达五金 signs up on 5 January, tries finance for fourteen days, accepts the terms, posts, closes January, pays by bank.
"""

from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from kernel import events
from tenants.context import company_of, tenant_context
from tenants.models import Tenant
from tests.stories.hengda import Site, keep_books


def book(company: Site, day: str, summary: str, debit: str, credit: str, amount: str, **aux: dict[str, str]) -> dict:
    lines = [
        {"summary": summary, "account": debit, "debit": amount, "aux": aux.get("debit_aux", {})},
        {"summary": summary, "account": credit, "credit": amount, "aux": aux.get("credit_aux", {})},
    ]
    draft = company.post("finance/vouchers/", {"date": day, "word": "记", "attachment_count": 1, "lines": lines}, 201)
    assert draft["number"] is None  # a draft carries no number
    company.post(f"finance/vouchers/{draft['id']}/review/")
    return company.post(f"finance/vouchers/{draft['id']}/post/")


def tell_billing() -> None:
    """Deliver what waits, as the worker does within the minute."""
    company = company_of(Tenant.objects.get(slug__startswith="hengda-"))
    with tenant_context(company):
        events.deliver_waiting()


def test_first_books_and_first_money(operator: Site, company: Site):
    keep_books(company)
    company.post("finance/dimensions/customer/values/", {"code": "C001", "name": "上海申通机械"}, 201)
    sale = book(company, "2026-01-08", "销售法兰", "1122", "5001", "12000.00", debit_aux={"customer": "C001"})
    cash = book(company, "2026-01-12", "收到货款", "1002", "1122", "8000.00", credit_aux={"customer": "C001"})
    rent = book(company, "2026-01-15", "支付房租", "560299", "1002", "3000.00")
    assert [sale["number"], cash["number"], rent["number"]] == ["记-1", "记-2", "记-3"]

    trial = company.get("finance/reports/trial-balance/", 200, **{"from": "2026-01", "to": "2026-01"})
    bank = next(row for row in trial["rows"] if row["account"] == "1002")
    assert bank["closing_debit"] == "55000.00"  # 50,000 + 8,000 - 3,000
    assert trial["totals"]["debit"] == trial["totals"]["credit"] == "23000.00"  # 12,000 + 8,000 + 3,000

    step = company.post("finance/periods/2026-01/run/profit_transfer/")
    for voucher in step["vouchers"]:
        company.post(f"finance/vouchers/{voucher['id']}/review/")
        company.post(f"finance/vouchers/{voucher['id']}/post/")
    company.post("finance/periods/2026-01/close/")
    sheet = company.get("finance/reports/balance-sheet/", period="2026-01")
    assert sheet["status"] == "final"
    assert all(check["ok"] for check in sheet["checks"] if check["kind"] == "equal")

    tell_billing()
    usage = {meter["meter"]: meter for meter in company.get("billing/usage/")["meters"]}
    posted = 3 + len(step["vouchers"])
    assert Decimal(usage["finance.vouchers_posted"]["quantity"]) == posted  # each once

    company.post("billing/subscription/accept-terms/", key="terms")
    operator.post("operator/test-clock/advance/", {"to": "2026-01-23T10:00:00+08:00"})
    first = company.get("billing/invoices/")["results"]
    # 5 January + 14 days of trial: billed from the 19th, 13 of January's 31 days: 99.00 x 13 / 31 = 41.516…
    assert [(row["reason"], row["total"]) for row in first] == [("trial_end", "41.52")]
    invoice = company.get(f"billing/invoices/{first[0]['id']}/")
    assert invoice["number"].startswith("INV-2026-")

    pay = company.post(f"billing/invoices/{invoice['id']}/pay/", {"gateway": "bank_transfer"})
    assert (pay["reference"], pay["amount"]) == (invoice["number"], "41.52")
    report = import_bank(operator, f"S1,2026-01-22 10:00:00,41.52,CNY,恒达五金厂,6222,货款 {invoice['number'].lower()}")
    assert (report["matched"], report["unmatched"]) == (1, 0)
    again = import_bank(operator, f"S1,2026-01-22 10:00:00,41.52,CNY,恒达五金厂,6222,货款 {invoice['number'].lower()}")
    assert (again["duplicates"], again["matched"]) == (1, 0)
    assert company.get(f"billing/invoices/{invoice['id']}/")["state"] == "paid"
    assert operator.get("operator/ledger/trial-balance/")["sum"] == "0.00"


def import_bank(operator: Site, *rows: str) -> dict[str, Any]:
    text = "serial,booked_at,amount,currency,payer_name,payer_account,remark\n" + "\n".join(rows)
    from_file = {"file": _file(text), "account": "main", "profile": "generic"}
    answer = operator.client.post("/api/v1/operator/bank/statements/", from_file, format="multipart")
    assert answer.status_code == 201, answer.content.decode()
    return answer.json()


def _file(text: str) -> Any:
    return SimpleUploadedFile("bank.csv", text.encode(), content_type="text/csv")


def test_an_unpaid_company_reads_but_does_not_write_until_it_pays(operator: Site, company: Site):
    keep_books(company)
    company.post("billing/subscription/accept-terms/", key="terms")
    operator.post("operator/test-clock/advance/", {"to": "2026-01-20T10:00:00+08:00"})
    invoice = company.get("billing/invoices/")["results"][0]

    # Issued on the 19th or after the grace, due 15 days later, read-only 15 days after that.
    operator.post("operator/test-clock/advance/", {"to": "2026-03-10T10:00:00+08:00"})
    access = company.get("billing/access/")
    assert access["access"] == "read_only"
    company.get("finance/reports/trial-balance/", 200, **{"from": "2026-01", "to": "2026-01"})
    refusal = company.post("finance/vouchers/", {}, 402)
    assert refusal["code"] == "subscription_read_only"
    assert refusal["message"]

    for row in company.get("billing/invoices/", state="open")["results"]:
        import_bank(
            operator, f"P{row['id']},2026-03-10 09:00:00,{row['amount_due']},CNY,恒达五金厂,6222,{row['number']}"
        )
    assert company.get("billing/access/")["access"] == "full"
    company.post("finance/vouchers/", {}, 400)  # writing again: now only the shape is wrong
    assert invoice["number"]
