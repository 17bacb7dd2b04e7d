"""Business facts over the API: once each, drafted by the first rule met, or kept with their reason."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.finance.api.company import BASE, Books, code_of

MATERIAL: dict[str, Any] = {
    "code": "LL", "name": "生产领料", "fact": "MES.issue", "priority": 10,
    "version": {
        "when": {"reason": "MATERIAL"}, "word": "记", "summary": "领料 {item}",
        "lines": [
            {"side": "debit", "account": "400101", "amount": "-amount"},
            {"side": "credit", "account": "1403", "amount": "-amount", "aux": {"item": "item"},
             "quantity": "-quantity"},
        ],
    },
}  # fmt: skip
ISSUE: dict[str, Any] = {
    "fact": "MES.issue", "source": "MES:10001", "occurred_on": "2026-01-20",
    "data": {"reason": "MATERIAL", "item": "M6-BOLT", "amount": "-70.00", "quantity": "-40"},
}  # fmt: skip


def issue(source: str, on: str = "2026-01-20", **data: Any) -> dict[str, Any]:
    return {**ISSUE, "source": source, "occurred_on": on, "data": {**ISSUE["data"], **data}}


@pytest.fixture
def ruled(started: Books) -> Books:
    """A started book with the rule 生产领料."""
    started.made("posting-rules/", MATERIAL)
    return started


def test_a_fact_becomes_a_balanced_draft(ruled: Books):
    response = ruled.post("business-facts/", ISSUE)

    fact = response.json()
    assert response.status_code == 201
    assert (fact["state"], fact["rule"], fact["rule_version"], fact["reason"]) == ("drafted", "LL", 1, None)
    voucher = ruled.get(f"vouchers/{fact['voucher']}/")
    assert (voucher["state"], voucher["date"], voucher["number"]) == ("draft", "2026-01-20", None)
    assert voucher["source"] == {"kind": "rule", "ref": "MES:10001", "rule": "LL", "rule_version": 1}
    assert [(line["account"], line["debit"], line["credit"]) for line in voucher["lines"]] == [
        ("400101", "70.00", "0.00"), ("1403", "0.00", "70.00"),
    ]  # fmt: skip
    assert voucher["lines"][1]["quantity"] == "40.0000" and voucher["lines"][0]["summary"] == "领料 M6-BOLT"
    assert voucher["prepared_by"] == "rule:LL@1"


def test_the_same_again_changes_nothing_and_other_data_is_refused(ruled: Books):
    first = ruled.made("business-facts/", ISSUE)

    again = ruled.post("business-facts/", ISSUE)
    other = ruled.post("business-facts/", issue("MES:10001", amount="-71.00"))

    assert (again.status_code, again.json()) == (200, first)
    assert code_of(other) == (409, "fact_changed")
    assert ruled.get("vouchers/")["count"] == 1


def test_a_fact_without_a_rule_is_kept(ruled: Books):
    fact = ruled.made("business-facts/", issue("MES:2", reason="LOAN"))

    assert (fact["state"], fact["reason"], fact["voucher"]) == ("no_rule", None, None)
    assert ruled.get("business-facts/", state="no_rule")["results"][0]["source"] == "MES:2"


def test_a_waiting_fact_says_why_and_can_be_retried(ruled: Books):
    ruled.patch("accounts/1403/", {"aux": [{"dimension": "item", "required": True}]})
    waiting = ruled.made("business-facts/", issue("MES:3", item=""))
    assert (waiting["state"], waiting["reason"]) == ("waiting", "aux_required")
    assert "1403" in waiting["message"]
    ruled.patch("accounts/1403/", {"aux": []})

    drafted = ruled.made(f"business-facts/{waiting['id']}/retry/")

    assert drafted["state"] == "drafted" and drafted["reason"] is None
    assert ruled.made(f"business-facts/{waiting['id']}/retry/") == drafted


def test_a_closed_month_keeps_its_fact_waiting(ruled: Books):
    ruled.made("periods/2026-01/close/")

    fact = ruled.made("business-facts/", ISSUE)
    assert (fact["state"], fact["reason"]) == ("waiting", "period_closed")
    assert _item(ruled, "2026-01", "facts_waiting") == ("warning", 1)
    ruled.made("periods/2026-01/reopen/", {"reason": "补一张领料单"})
    drafted = ruled.made(f"business-facts/{fact['id']}/retry/")

    assert ruled.get(f"vouchers/{drafted['voucher']}/")["date"] == "2026-01-20"  # never moved to February
    assert _item(ruled, "2026-01", "facts_waiting") == ("ok", 0)


def _item(books: Books, period: str, code: str) -> tuple[str, int]:
    items = books.get(f"periods/{period}/checklist/")["items"]
    return next((item["status"], item["count"]) for item in items if item["code"] == code)


def test_before_the_book_starts_facts_wait(books: Books):
    books.set_up()
    books.made("posting-rules/", MATERIAL)
    fact = books.made("business-facts/", ISSUE)
    assert (fact["state"], fact["reason"]) == ("waiting", "book_not_started")
    books.made("book/start/")

    assert books.made(f"business-facts/{fact['id']}/retry/")["state"] == "drafted"


def test_deleting_the_draft_puts_the_fact_back(ruled: Books):
    fact = ruled.made("business-facts/", ISSUE)
    assert ruled.delete(f"vouchers/{fact['voucher']}/").status_code == 204

    again = ruled.get(f"business-facts/{fact['id']}/")
    assert (again["state"], again["reason"], again["voucher"]) == ("waiting", "draft_deleted", None)
    assert ruled.made(f"business-facts/{fact['id']}/retry/")["state"] == "drafted"


def _as_text(books: Books, path: str, body: dict[str, Any]) -> Any:
    """A POST whose body is plain ASCII: half a character can only be sent escaped."""
    return books.client.post(BASE + path, data=json.dumps(body), content_type="application/json")


def test_text_that_no_column_holds_is_refused(ruled: Books):
    for text in ("\ud800", "a\x00b"):  # half of a character, NUL
        version = {**MATERIAL["version"], "when": {"reason": text}}

        assert code_of(_as_text(ruled, "posting-rules/LL/versions/", version)) == (400, "invalid")
        assert code_of(_as_text(ruled, "business-facts/", {**ISSUE, "data": {"number": text}})) == (400, "invalid")


def test_an_unbalanced_fact_waits(ruled: Books):
    version = {**MATERIAL["version"], "when": {}, "lines": [
        {"side": "debit", "account": "400101", "amount": "cost"},
        {"side": "credit", "account": "1403", "amount": "-amount"},
    ]}  # fmt: skip
    ruled.made("posting-rules/LL/versions/", version)

    fact = ruled.made("business-facts/", issue("MES:4", cost="69.99"))

    assert (fact["state"], fact["reason"]) == ("waiting", "voucher_unbalanced")


def test_set_aside_with_a_reason(ruled: Books):
    fact = ruled.made("business-facts/", issue("MES:5", reason="LOAN"))

    assert code_of(ruled.post(f"business-facts/{fact['id']}/set-aside/", {"reason": " "})) == (400, "invalid")
    aside = ruled.made(f"business-facts/{fact['id']}/set-aside/", {"reason": "已手工入账 记-3"})
    assert (aside["state"], aside["message"]) == ("set_aside", "已手工入账 记-3")
    drafted = ruled.made("business-facts/", ISSUE)
    refused = ruled.post(f"business-facts/{drafted['id']}/set-aside/", {"reason": "x"})
    assert code_of(refused) == (409, "fact_drafted")


@pytest.mark.parametrize(
    ("spot", "change"),
    [
        ("data.amount", {"data": {"amount": -70.5}}),
        ("data.amount", {"data": {"amount": "7\x000"}}),
        ("data.amount", {"data": {"amount": ["7"]}}),
        ("data", {"data": {"a b": "1"}}),
        ("data", {"data": []}),
        ("data.lines", {"data": {"lines": "x"}}),
        ("data.lines.0.amount", {"data": {"lines": [{"amount": 1.5}]}}),
        ("source", {"source": ""}),
        ("source", {"source": "x" * 121}),
        ("fact", {"fact": "a b"}),
        ("occurred_on", {"occurred_on": "2026-02-30"}),
    ],
)
def test_a_wrong_shape_names_the_spot(ruled: Books, spot: str, change: dict[str, Any]):
    response = ruled.post("business-facts/", {**ISSUE, **change})

    assert code_of(response) == (400, "invalid")
    assert spot in response.json()["fields"], response.json()["fields"]


@pytest.mark.parametrize("amount", ["-70.005", "7e1", "", "七十"])
def test_an_odd_amount_waits_and_is_never_rounded(ruled: Books, amount: str):
    fact = ruled.made("business-facts/", issue("MES:6", amount=amount))

    assert (fact["state"], fact["reason"]) == ("waiting", "invalid")


def test_days_and_months_in_one_voucher(ruled: Books):
    ruled.patch("posting-rules/LL/", {"grouping": "day"})
    first = ruled.made("business-facts/", ISSUE)
    second = ruled.made("business-facts/", issue("MES:10002", amount="-30.00", quantity="-10"))
    other_day = ruled.made("business-facts/", issue("MES:10003", on="2026-01-21"))

    voucher = ruled.get(f"vouchers/{first['voucher']}/")
    assert second["voucher"] == first["voucher"] != other_day["voucher"]
    assert [line["debit"] or line["credit"] for line in voucher["lines"]] == ["100.00", "0.00"]  # 70 + 30
    assert voucher["lines"][1]["quantity"] == "50.0000"  # 40 + 10
    ruled.patch("posting-rules/LL/", {"grouping": "month"})
    monthly = ruled.made("business-facts/", issue("MES:10004", on="2026-01-22"))
    assert ruled.get(f"vouchers/{monthly['voucher']}/")["date"] == "2026-01-31"


def test_a_day_s_voucher_that_a_person_touched_is_left_alone(ruled: Books):
    ruled.patch("posting-rules/LL/", {"grouping": "day"})
    first = ruled.made("business-facts/", ISSUE)
    ruled.made(f"vouchers/{first['voucher']}/review/")

    second = ruled.made("business-facts/", issue("MES:10002"))

    assert second["state"] == "drafted" and second["voucher"] != first["voucher"]


def test_auto_review_signs_as_the_rule(ruled: Books):
    assert ruled.patch("posting-rules/LL/", {"auto_review": True}).json()["auto_review"] is True
    fact = ruled.made("business-facts/", ISSUE)

    voucher = ruled.made(f"vouchers/{fact['voucher']}/post/")

    assert (voucher["reviewed_by"], voucher["number"]) == ("rule:LL@1", "记-1")
    assert ruled.get("chain/")["ok"] is True


def test_auto_review_with_a_day_s_voucher_goes_on_until_it_is_posted(ruled: Books):
    ruled.patch("posting-rules/LL/", {"auto_review": True, "grouping": "day"})
    first = ruled.made("business-facts/", ISSUE)
    second = ruled.made("business-facts/", issue("MES:2"))
    assert second["voucher"] == first["voucher"]
    ruled.made(f"vouchers/{first['voucher']}/post/")

    third = ruled.made("business-facts/", issue("MES:3"))

    assert third["voucher"] != first["voucher"]
    assert ruled.get(f"vouchers/{first['voucher']}/")["debit_total"] == "140.00"  # 70 + 70


def test_versions_are_kept_and_vouchers_name_theirs(ruled: Books):
    first = ruled.made("business-facts/", ISSUE)
    version = {**MATERIAL["version"], "summary": "车间领料 {item}"}
    rule = ruled.made("posting-rules/LL/versions/", version)
    second = ruled.made("business-facts/", issue("MES:2"))

    assert rule["current_version"] == 2 and [row["version"] for row in rule["versions"]] == [1, 2]
    assert rule["versions"][0]["summary"] == "领料 {item}"
    assert (first["rule_version"], second["rule_version"]) == (1, 2)


def test_priority_then_code_and_inactive_rules_are_skipped(ruled: Books):
    ruled.made("posting-rules/", {**MATERIAL, "code": "A-LL", "priority": 20})
    ruled.made("posting-rules/", {**MATERIAL, "code": "B-LL", "priority": 5, "active": False})
    assert ruled.made("business-facts/", ISSUE)["rule"] == "LL"
    ruled.patch("posting-rules/LL/", {"active": False})

    assert ruled.made("business-facts/", issue("MES:2"))["rule"] == "A-LL"


@pytest.mark.parametrize(
    ("spot", "change"),
    [
        ("version.lines.0.account", {"lines": [{"side": "debit", "account": "9999", "amount": "a"}] * 2}),
        ("version.lines.0.side", {"lines": [{"side": "left", "account": "1403", "amount": "a"}] * 2}),
        ("version.lines.0.amount", {"lines": [{"side": "debit", "account": "1403", "amount": "a+b"}] * 2}),
        ("version.lines.1.aux", {"lines": [
            {"side": "debit", "account": "1403", "amount": "a"},
            {"side": "debit", "account": "1403", "amount": "a", "aux": {"colour": "x"}}]}),
        ("version.lines", {"lines": [{"side": "debit", "account": "1403", "amount": "a"}]}),
        ("version.word", {"word": "转"}),
        ("version.summary", {"summary": " "}),
        ("version.when", {"when": {"a": {}}}),
        ("version.when", {"when": {"a": "x\x00"}}),
    ],
)  # fmt: skip
def test_a_wrong_rule_names_the_spot(started: Books, spot: str, change: dict[str, Any]):
    body = {**MATERIAL, "version": {**MATERIAL["version"], **change}}

    response = started.post("posting-rules/", body)

    assert code_of(response) == (400, "invalid")
    assert any(name.startswith(spot) for name in response.json()["fields"]), response.json()["fields"]


def test_a_rule_s_code_is_taken_once(ruled: Books):
    assert code_of(ruled.post("posting-rules/", MATERIAL)) == (409, "rule_code_taken")
    assert code_of(ruled.ask("posting-rules/XX/")) == (404, "not_found")


def test_the_shipped_rules_stand_behind_the_company_s_own(started: Books):
    codes = [row["code"] for row in started.get("posting-rules/", page_size=200)["results"]]
    assert "STD-MATERIAL" in codes

    data = {"reason": "MATERIAL", "item": "M6-BOLT", "amount": "-70.00", "quantity": "-40", "number": "CK-1"}
    fact = started.made(
        "business-facts/", {"fact": "StockMoved", "source": "WMS:1", "occurred_on": "2026-01-20", "data": data}
    )

    assert (fact["state"], fact["rule"]) == ("drafted", "STD-MATERIAL")
    accounts = [line["account"] for line in started.get(f"vouchers/{fact['voucher']}/")["lines"]]
    assert accounts == ["400101", "1403"]


@pytest.mark.parametrize(
    ("kind", "accounts"),
    [("general", ["1403", "22210101", "2202"]), ("small_scale", ["1403", "2202"])],
)
def test_tax_differs_by_the_taxpayer_s_kind(books: Books, kind: str, accounts: list[str]):
    books.started(kind=kind)
    books.value("supplier", "S001", "永兴钢材")
    data = {"net": "100.00", "tax": "13.00", "total": "113.00", "supplier": "S001", "number": "26330001"}

    fact = books.made(
        "business-facts/", {"fact": "PurchaseInvoiced", "source": "P:1", "occurred_on": "2026-01-20", "data": data}
    )

    lines = books.get(f"vouchers/{fact['voucher']}/")["lines"]
    assert [line["account"] for line in lines] == accounts
    assert lines[-1]["credit"] == "113.00"  # 100 + 13: a small taxpayer deducts nothing


def test_who_may(ruled: Books, api_of: Callable[[str], APIClient]):
    bob = api_of("bob")  # accountant: prepares, does not write rules

    assert bob.get(BASE + "posting-rules/").status_code == 200
    assert bob.post(BASE + "posting-rules/", MATERIAL, format="json").status_code == 403
    assert bob.patch(BASE + "posting-rules/LL/", {"auto_review": True}, format="json").status_code == 403
    assert bob.post(BASE + "business-facts/", ISSUE, format="json").status_code == 201
    charlie = api_of("charlie")
    assert all(row["code"] != "LL" for row in charlie.get(BASE + "posting-rules/").json()["results"])
