"""Pages that say no: what happened, what to do, a way back; in both languages."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tenants.models import Membership, ModuleGrant
from tests.kernel.pages.test_english import read

HEADINGS = {
    402: ("未开通快仓库", "is not subscribed"),
    403: ("没有权限", "Not allowed"),
    404: ("找不到页面", "Page not found"),
    500: ("出错了", "Something went wrong"),
}


@pytest.fixture
def asked(page_of: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch) -> Callable[[int, str], Any]:
    """An answer of each status: not paid for, not allowed, not there, broken."""

    def broken(*_args: Any, **_words: Any) -> Any:
        raise RuntimeError("法兰盘掉了")

    def answer(status: int, language: str) -> Any:
        ModuleGrant.objects.filter(tenant__slug="hongda", module="inventory").delete()
        Membership.objects.filter(user__email="bob@hongda.example").update(role="storekeeper", rights={})
        client = page_of("bob" if status == 403 else "alice")
        client.cookies["qz_lang"] = language
        client.raise_request_exception = False
        if status == 500:
            monkeypatch.setattr("kernel.views.home.render", broken)
        return client.get({402: "/inventory/stock/", 403: "/finance/vouchers/", 404: "/nowhere/", 500: "/"}[status])

    return answer


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("status", HEADINGS)
def test_a_page_that_says_no_shows_the_way_on(asked: Callable[[int, str], Any], status: int, language: str):
    answer = asked(status, language)

    text = answer.content.decode()
    assert answer.status_code == status
    assert HEADINGS[status][language == "en"] in text.partition("<h1>")[2].partition("</h1>")[0]
    assert 'href="/"' in text
    assert language != "en" or read(text).found == []


def test_who_lacks_a_right_is_told_once_whom_to_ask(asked: Callable[[int, str], Any]):
    text = asked(403, "zh-hans").content.decode()

    assert text.count("请联系企业管理员") == 1
    assert "企业管理员可以在“成员与权限”里调整您的角色" in text


def test_a_form_that_is_too_old_is_not_a_matter_of_rights(page_of: Callable[[str], Client]):
    signed_in = page_of("alice")
    client = Client(enforce_csrf_checks=True, HTTP_HOST="hongda.localhost")
    client.cookies = signed_in.cookies

    answer = client.post("/masterdata/items/new/", {"code": "M6-BOLT"})

    text = answer.content.decode()
    assert answer.status_code == 403
    assert "页面已过期，请刷新后重试" in text and "操作没有完成" in text
    assert "成员与权限" not in text and "没有权限" not in text


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_address_of_a_form_leads_back_to_its_page(page_of: Callable[[str], Client], language: str):
    client = page_of("alice")
    client.cookies["qz_lang"] = language

    answer = client.get("/inventory/sales-orders/7/ship/")

    text = answer.content.decode()
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert 'href="/inventory/sales-orders/7/"' in text
    assert language != "en" or read(text).found == []


def test_language_and_theme_lead_back_to_the_page_of_a_refused_form(page_of: Callable[[str], Client]):
    client, page = page_of("alice"), "http://hongda.localhost/masterdata/items/?q=M6"

    refused = client.post("/masterdata/items/new/", {"code": ""}, headers={"Referer": page}).content.decode()
    foreign = client.post("/masterdata/items/new/", {"code": ""}, headers={"Referer": "http://x.example/"})

    assert 'name="next" value="/masterdata/items/?q=M6"' in refused
    assert 'name="next" value="/masterdata/items/new/"' in foreign.content.decode()
