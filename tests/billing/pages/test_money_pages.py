"""Invoices and usage of a company; another company's are not there."""

import io
from typing import Any

import pytest

from apps.billing.models import AuditLog, Invoice, SpendCap

LIST = "/company/invoices/"


def text(response: Any) -> str:
    return response.content.decode()


def invoice_of(subscription: Any) -> Invoice:
    return Invoice.objects.of(subscription.tenant_id).order_by("-id")[0]


def test_the_list_tells_number_amount_and_state(page_of, active):
    page = text(page_of("alice").get(LIST))

    assert ">账单列表</caption>" in page
    assert str(invoice_of(active)) in page and "¥99.00" in page and "待付款" in page


def test_the_page_of_an_invoice_and_its_transfer_dialog(page_of, active):
    invoice = invoice_of(active)

    page = text(page_of("alice").get(f"{LIST}{invoice.pk}/"))

    assert f"<h1>账单 {invoice.number}</h1>" in page
    for name in ("下载 PDF", "对公转账", "复制付款附言", "我已转账"):
        assert name in page
    for label in ("收款户名", "开户银行", "银行账号", "应付金额", "付款附言"):
        assert f">{label}</label>" in page
    assert f'value="{invoice.number}"' in page and "其中增值税 6%" in page


def test_i_have_paid_is_noted_once_and_shows_as_checking(page_of, active):
    alice, invoice = page_of("alice"), invoice_of(active)

    alice.post(f"{LIST}{invoice.pk}/transferred/")
    alice.post(f"{LIST}{invoice.pk}/transferred/")

    assert "待核对" in text(alice.get(f"{LIST}{invoice.pk}/"))
    assert str(invoice) in text(alice.get(LIST, {"state": "checking"}))
    assert str(invoice) not in text(alice.get(LIST, {"state": "open"}))
    assert AuditLog.objects.filter(action="invoice.transfer_announced").count() == 1
    assert Invoice.objects.of(active.tenant_id).get(pk=invoice.pk).state == "open"  # no money was booked


def test_the_pdf_is_one(page_of, active):
    answer = page_of("bob").get(f"{LIST}{invoice_of(active).pk}/pdf/")

    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")
    assert f"{invoice_of(active)}.pdf" in answer["Content-Disposition"]


def test_another_company_sees_nothing(page_of, active, other):
    charlie, invoice = page_of("charlie"), invoice_of(active)

    assert charlie.get(f"{LIST}{invoice.pk}/").status_code == 404
    assert charlie.get(f"{LIST}{invoice.pk}/pdf/").status_code == 404
    assert charlie.post(f"{LIST}{invoice.pk}/transferred/").status_code == 404
    assert str(invoice) not in text(charlie.get(LIST))


def test_usage_shows_allowance_and_charge(page_of, active):
    page = text(page_of("alice").get("/company/usage/"))

    assert "已记账凭证" in page and "0 / 300 张" in page and "¥0.00" in page
    assert "排程工序" not in page  # not subscribed and nothing counted


def test_a_cap_is_set_and_a_hard_one_on_facts_is_refused(page_of, active):
    alice, meter = page_of("alice"), "finance.vouchers_posted"
    set_to = {"meter": meter, "amount": "50", "thresholds": "50，100"}

    saved = alice.post("/company/usage/limit/", set_to)
    refused = alice.post("/company/usage/limit/", {**set_to, "hard": "on"})

    assert saved.status_code == 302
    assert refused.status_code == 422 and "只能设软上限" in text(refused)
    assert [f"{cap.amount}" for cap in SpendCap.objects.of(active.tenant_id)] == ["50.00"]
    assert alice.get(f"/company/usage/{meter}/").status_code == 200
    assert alice.get("/company/usage/unknown.meter/").status_code == 404
    assert page_of("bob").post("/company/usage/limit/", set_to).status_code == 403


def test_billing_details_check_the_tax_id_and_keep_the_input(page_of, active):
    body = {"legal_name": "宏达五金制品有限公司", "tax_id": "91330200MA2AXXXXX0", "bank_account": "3901 0208"}

    refused = page_of("alice").post(LIST + "details/", body)
    saved = page_of("alice").post(LIST + "details/", {**body, "tax_id": ""})

    assert refused.status_code == 422 and "91330200MA2AXXXXX0" in text(refused)
    assert saved.status_code == 302
    assert page_of("bob").post(LIST + "details/", body).status_code == 403


@pytest.mark.parametrize("url", [LIST, "/company/usage/", LIST + "details/", "/company/apps/"])
def test_english_pages_speak_english(page_of, active, url, settings):
    alice = page_of("alice")
    alice.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    page = text(alice.get(url))

    for words in ("账单", "席位", "用量", "应用与订阅", "开通", "本期"):
        assert words not in page


def test_a_closed_door_tells_what_it_costs(page_of, active, hongda):
    answer = page_of("bob").get("/finance/vouchers/")

    assert answer.status_code in (200, 402)
    assert io.BytesIO(answer.content).read()
