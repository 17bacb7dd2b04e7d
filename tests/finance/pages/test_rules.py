"""Rules and the queue of business facts on screen."""

from typing import Any

import pytest

from tests.finance.api.company import Books, code_of
from tests.finance.api.test_facts import ISSUE, MATERIAL, issue

HTMX = {"HTTP_HX_REQUEST": "true"}


def rule_form(**change: str) -> dict[str, str]:
    """The form of a new rule as a browser sends it."""
    rows = [
        {"side": "debit", "account": "400101", "amount": "-amount", "aux": "", "quantity": ""},
        {"side": "credit", "account": "1403", "amount": "-amount", "aux": "item=item", "quantity": "-quantity"},
        {"side": "debit", "account": "", "amount": "", "aux": "", "quantity": ""},
    ]
    lines = {f"lines-{index}-{name}": value for index, row in enumerate(rows) for name, value in row.items()}
    return {
        "code": "LL", "name": "生产领料", "fact": "MES.issue", "priority": "10", "grouping": "each",
        "v-when": "reason = MATERIAL", "v-word": "记", "v-summary": "领料 {item}",
        "lines-TOTAL_FORMS": "3", "lines-INITIAL_FORMS": "0", **lines, **change,
    }  # fmt: skip


@pytest.fixture
def ruled(started: Books) -> Books:
    started.made("posting-rules/", MATERIAL)
    return started


def test_a_rule_is_made_on_screen_and_drafts(started: Books, office: Any):
    saved = office.post("/finance/rules/new/", rule_form())
    body = office.get("/finance/rules/").content.decode()

    assert saved.status_code == 302 and saved["Location"].endswith("/finance/rules/of/LL/")
    assert "生产领料" in body and "STD-MATERIAL" in body and "<h1>自动凭证规则 </h1>" in body
    assert started.made("business-facts/", ISSUE)["rule"] == "LL"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"lines-0-account": "9999"}, "没有科目 9999"),
        ({"v-when": "reason"}, "请写成 字段=值"),
        ({"code": "a b"}, "规则编码 1 至 40 个字符"),
        ({"lines-1-aux": "colour=x"}, "维度:字段"),
        ({"priority": "x"}, "整数"),
    ],
)
def test_a_wrong_rule_keeps_what_was_typed(started: Books, office: Any, change: dict[str, str], words: str):
    answer = office.post("/finance/rules/new/", rule_form(**change))

    assert answer.status_code == 422
    assert words in answer.content.decode() and "领料 {item}" in answer.content.decode()


def test_a_new_version_and_switches(ruled: Books, office: Any):
    page = office.get("/finance/rules/of/LL/").content.decode()
    assert "版本 1" in page and "保存为新版本" in page
    version = {name: value for name, value in rule_form(what="version").items() if name.startswith(("v-", "li", "wh"))}
    assert office.post("/finance/rules/of/LL/", {**version, "v-summary": "车间领料 {item}"}).status_code == 302
    switch = {"what": "switch", "name": "生产领料", "priority": "20", "grouping": "day", "auto_review": "on"}
    assert office.post("/finance/rules/of/LL/", switch).status_code == 302

    rule = ruled.get("posting-rules/LL/")

    assert rule["current_version"] == 2 and rule["versions"][1]["lines"][1]["aux"] == {"item": "item"}
    assert (rule["active"], rule["auto_review"], rule["grouping"]) == (False, True, "day")
    assert "版本 2" in office.get("/finance/rules/of/LL/").content.decode()
    bad = office.post("/finance/rules/of/LL/", {**version, "lines-0-account": "9999"})
    assert bad.status_code == 422 and "没有科目 9999" in bad.content.decode()


def test_the_queue_says_why_and_tries_again(ruled: Books, office: Any):
    ruled.patch("accounts/1403/", {"aux": [{"dimension": "item", "required": True}]})
    fact = ruled.made("business-facts/", issue("MES:9", item=""))
    page = office.get("/finance/facts/?state=waiting").content.decode()
    assert "MES:9" in page and "必须填写辅助核算" in page and "全部重试" in page
    assert "1 笔业务等待生成凭证" in office.get("/").content.decode()
    assert "/finance/facts/?state=waiting" in office.get("/finance/close/?period=2026-01").content.decode()
    ruled.patch("accounts/1403/", {"aux": []})

    office.post("/finance/facts/retry/")

    drafted = ruled.get(f"business-facts/{fact['id']}/")
    assert drafted["state"] == "drafted"
    body = office.get(f"/finance/facts/{fact['id']}/").content.decode()
    assert f"/finance/vouchers/{drafted['voucher']}/" in body and "已生成凭证" in body
    voucher = office.get(f"/finance/vouchers/{drafted['voucher']}/").content.decode()
    assert "由业务生成：" in voucher and "MES:9" in voucher
    assert "自动生成" in voucher and "规则 LL@1" in voucher  # the rule and its version


def test_set_aside_asks_for_a_reason(ruled: Books, office: Any):
    fact = ruled.made("business-facts/", issue("MES:10", reason="LOAN"))
    path = f"/finance/facts/{fact['id']}/set-aside/"

    assert office.post(path, {"reason": ""}, **HTMX).status_code == 422
    office.post(path, {"reason": "已手工入账"})

    assert ruled.get(f"business-facts/{fact['id']}/")["state"] == "set_aside"


def test_the_panel_of_a_document_shows_its_vouchers(ruled: Books, office: Any):
    fact = ruled.made("business-facts/", {**ISSUE, "document": "inventory.document:7"})

    body = office.get("/finance/panels/stock-documents/7/").content.decode()
    other = office.get("/finance/panels/work-orders/7/").content.decode()

    assert f"/finance/vouchers/{fact['voucher']}/" in body and "还没有凭证" in other


def test_an_account_chosen_for_a_category_is_not_deleted(started: Books, office: Any):
    started.made("accounts/", {"code": "140501", "name": "法兰"})
    office.post("/finance/rules/stock-accounts/", {"category": "法兰", "account": "140501"})

    assert code_of(started.delete("accounts/140501/")) == (409, "account_in_use")


def test_stock_accounts_of_categories(started: Books, office: Any):
    bad = office.post("/finance/rules/stock-accounts/", {"category": "包装物", "account": "1002"})
    assert bad.status_code == 422 and "末级存货科目" in bad.content.decode()
    office.post("/finance/rules/stock-accounts/", {"category": "包装物", "account": "1411"})

    body = office.get("/finance/rules/stock-accounts/").content.decode()
    assert "包装物" in body and "1411" in body
    assert office.post(body.split('action="')[-2].split('"')[0]).status_code == 302
    assert "全部按默认科目" in office.get("/finance/rules/stock-accounts/").content.decode()


def test_standard_rules_are_there_once(started: Books, office: Any):
    answer = office.post("/finance/rules/standard/", follow=True).content.decode()

    assert "推荐规则都在，没有缺少的" in answer


def test_the_queue_says_where_each_reason_is_mended(ruled: Books, office: Any):
    without_rule = ruled.made("business-facts/", issue("MES:11", reason="LOAN"))
    unbooked = ruled.made("business-facts/", issue("MES:12", amount="0.00"))
    ruled.patch("accounts/1403/", {"is_active": False})
    inactive = ruled.made("business-facts/", issue("MES:13"))

    queue = office.get("/finance/facts/?state=open").content.decode()
    pages = {fact["source"]: office.get(f"/finance/facts/{fact['id']}/").content.decode()
             for fact in (without_rule, unbooked, inactive)}  # fmt: skip

    assert "/finance/facts/?state=open" in office.get("/").content.decode()  # two of three wait for somebody
    assert "MES:11" in queue and "MES:13" in queue and "MES:12" not in queue
    assert '<a href="/finance/rules/">打开自动凭证规则</a>' in pages["MES:11"]
    assert '<a href="/finance/accounts/">打开科目表</a>' in pages["MES:13"]
    assert "然后重试" not in pages["MES:12"] and "不用生成凭证" in pages["MES:12"]


def test_an_accountant_reads_rules_and_does_not_write_them(ruled: Books, page_of: Any):
    bob = page_of("bob")

    assert bob.get("/finance/rules/of/LL/").status_code == 200
    assert "保存为新版本" not in bob.get("/finance/rules/of/LL/").content.decode()
    assert bob.get("/finance/rules/new/").status_code == 403
    assert bob.post("/finance/rules/of/LL/", {"what": "switch"}).status_code == 403


def test_an_empty_book_has_a_quiet_chart(started: Books, office: Any):
    body = office.get("/finance/home/").content.decode()

    assert "0.00001" not in body and ">5</text>" in body  # whole 万元 where there is nothing to show
