"""The public site and signing up: the price in the open, the answer the same for known and unknown."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from apps.billing.models import Signup
from apps.billing.promises import PROMISES
from tenants.models import Membership, Tenant

FORM = {
    "company": "永利五金厂", "slug": "yongli", "owner_name": "陈永利", "owner_email": "chen@yongli.example",
    "phone": "", "password": "Yongli-2026-luosi", "modules": ["finance"], "accept_terms": "on",
}  # fmt: skip


@pytest.fixture
def visitor(db: None) -> Client:
    return Client(HTTP_HOST="localhost")


def text(response: Any) -> str:
    return response.content.decode()


def test_the_home_page_shows_prices_and_the_two_ways_in(visitor):
    page = text(visitor.get("/"))

    assert "¥99" in page and "¥1,290" in page and 'href="/signup/"' in page and 'href="/signin/"' in page
    assert "免费试用 14 天" in page and "300 张" in page


def test_the_calculator_uses_the_price_list(visitor, htmx):
    answer = visitor.get("/", {"modules": "finance", "seats": 5, "interval": "month", "vouchers": 400}, **htmx)

    assert "¥149.00" in text(answer)  # 99.00 + 2 x 20.00 + 100 x 0.10
    assert visitor.get("/", {"seats": "viele"}, **htmx).status_code == 200


def test_terms_and_promises_are_told_in_full(visitor):
    page = text(visitor.get("/privacy/"))

    assert all(str(promise.title) in page and str(promise.text) in page for promise in PROMISES)
    assert "服务协议" in text(visitor.get("/terms/"))


def test_the_form_has_its_names(visitor):
    page = text(visitor.get("/signup/"))

    assert "<h1>注册企业</h1>" in page and "创建企业" in page and ">试用模块</legend>" in page
    for label in ("企业名称", "访问地址", "姓名", "邮箱", "手机号（选填）", "密码"):
        assert f">{label}</label>" in page
    assert "同意服务协议和隐私政策</label>" in page


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"accept_terms": ""}, "勾选同意"),
        ({"slug": "Yong Li"}, "访问地址只能用"),
        ({"slug": "admin"}, "系统保留"),
        ({"password": "12345678"}, "密码"),
        ({"owner_email": "chen"}, "邮"),
    ],
)
def test_a_refusal_is_422_with_the_input_kept(visitor, change, words):
    answer = visitor.post("/signup/", {**FORM, **change})

    assert answer.status_code == 422
    assert words in text(answer) and 'value="永利五金厂"' in text(answer)
    assert not Signup.objects.exists()


def test_a_taken_name_gets_the_same_answer(visitor, hongda):
    known = visitor.post("/signup/", {**FORM, "slug": "hongda"})
    check = visitor.get("/signup/address/", {"slug": "hongda"})

    assert known.status_code == 302
    assert "可以使用" in text(check)
    assert re.fullmatch(r"hongda-[a-z]{4}", Signup.objects.get().slug)


def test_from_the_form_to_the_own_company(committed_db, htmx):
    visitor = Client(HTTP_HOST="localhost")
    sent = visitor.post("/signup/", FORM)
    code = re.findall(r"\d{6}", str(mail.outbox[-1].subject))[0]
    wrong = "000000" if code != "000000" else "111111"

    refused = visitor.post(sent["Location"], {"code": wrong})
    accepted = visitor.post(sent["Location"], {"code": code})
    led = visitor.get(accepted["Location"])

    tenant = Tenant.objects.get(slug__startswith="yongli-")
    assert refused.status_code == 422 and "验证码不对" in text(refused)
    assert led.status_code == 302
    assert led["Location"].startswith(f"http://{tenant.slug}.localhost") and "/handoff/?t=" in led["Location"]
    assert Membership.objects.get(tenant=tenant).role == "owner"
    assert Client(HTTP_HOST="localhost").get(accepted["Location"])["Location"].endswith("/signin/")


def test_a_mailbox_that_is_known_signs_in_with_its_password(committed_db):
    visitor = Client(HTTP_HOST="localhost")
    sent = visitor.post("/signup/", {**FORM, "owner_email": "alice@hongda.example"})
    code = re.findall(r"\d{6}", str(mail.outbox[-1].subject))[0]

    led = visitor.get(visitor.post(sent["Location"], {"code": code})["Location"])

    assert led["Location"].endswith("/signin/")


def test_unknown_signups_are_not_found(visitor):
    assert visitor.get("/signup/nobody/").status_code == 404
    assert visitor.get("/signup/nobody/waiting/").status_code == 404
