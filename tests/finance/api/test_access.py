"""Who may do what; repeated requests; stale copies; the log that nobody can touch."""

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient
from zeal import zeal_ignore

from tenants.rights import rights_of_role
from tests.finance.api.company import BASE, Books, code_of, credit, debit

CAPITAL = (debit("1002", "1000.00"), credit("3001", "1000.00"))


@pytest.fixture
def bob(api_of: Callable[[str], APIClient]) -> Books:
    """王波, accountant of 宏达五金."""
    return Books(api_of("bob"))


@pytest.fixture
def charlie(api_of: Callable[[str], APIClient]) -> Books:
    """陈诚, owner of 恒信机械."""
    return Books(api_of("charlie"))


def test_another_company_sees_nothing(started: Books, charlie: Books):
    posted = started.posted("2026-01-15", *CAPITAL)
    charlie.started()

    assert charlie.ask(f"vouchers/{posted['id']}/").status_code == 404
    assert (
        charlie.post(f"vouchers/{posted['id']}/reverse/", {"date": "2026-01-20", "reason": "error"}).status_code == 404
    )
    assert charlie.get("vouchers/")["count"] == 0
    assert charlie.get("reports/trial-balance/", **{"from": "2026-01", "to": "2026-01"})["rows"] == []
    assert charlie.posted("2026-01-15", *CAPITAL)["number"] == "记-1"  # numbers of their own


def test_a_token_of_another_company_is_404(started: Books, charlie: Books):
    foreign = charlie.client.get(f"{BASE}book/", HTTP_HOST="hongda.localhost")

    assert foreign.status_code in (401, 404)


def test_without_a_token_401(started: Books):
    assert APIClient(HTTP_HOST="hongda.localhost").get(f"{BASE}vouchers/").status_code == 401


def test_an_accountant_prepares_posts_and_closes_but_neither_reviews_nor_reopens(started: Books, bob: Books):
    draft = bob.draft("2026-01-15", *CAPITAL)
    path = f"vouchers/{draft['id']}/"

    refused = [
        bob.post(f"{path}review/"), bob.post(f"{path}sign/"), bob.patch("book/", {"cashier_sign": True}),
        bob.ask("audit-log/"), bob.post("book/start/"), bob.put("opening-balances/", {"rows": []}),
        bob.post("accounts/", {"code": "100201", "name": "工行基本户"}), bob.patch("accounts/1002/", {"name": "银行"}),
        bob.delete("accounts/1002/"), bob.post("periods/2026-01/reopen/", {"reason": "补录"}),
        bob.post("vouchers/batch/review/", {"ids": [draft["id"]]}),
    ]  # fmt: skip
    assert {code_of(response) for response in refused} == {(403, "forbidden")}
    assert draft["prepared_by"] == "王波"
    started.made(f"{path}review/")
    posted = bob.made(f"{path}post/")
    assert (posted["prepared_by"], posted["reviewed_by"], posted["posted_by"]) == ("王波", "李敏", "王波")
    assert bob.made("periods/2026-01/close/")["state"] == "closed"


def test_the_same_key_and_body_is_answered_once(started: Books):
    body = {"date": "2026-01-15", "word": "记", "lines": list(CAPITAL)}

    first = started.post("vouchers/", body, HTTP_IDEMPOTENCY_KEY="k-1")
    again = started.post("vouchers/", body, HTTP_IDEMPOTENCY_KEY="k-1")
    other = started.post("vouchers/", {**body, "attachment_count": 3}, HTTP_IDEMPOTENCY_KEY="k-1")

    assert first.status_code == again.status_code == 201
    assert again["Idempotent-Replayed"] == "true" and again.json() == first.json()
    assert code_of(other) == (409, "idempotency_conflict")
    assert started.get("vouchers/")["count"] == 1


def test_a_stale_copy_is_refused(started: Books):
    draft = started.draft("2026-01-15", *CAPITAL)
    path = f"vouchers/{draft['id']}/"

    saved = started.patch(path, {"version": draft["version"], "attachment_count": 5})
    stale = started.patch(path, {"version": draft["version"], "attachment_count": 7})

    assert saved.json()["attachment_count"] == 5 and saved.json()["version"] == draft["version"] + 1
    assert code_of(stale) == (409, "stale_version") and stale.json()["current"] == saved.json()["version"]
    assert code_of(started.patch(path, {"attachment_count": 7})) == (400, "invalid")  # a version is needed
    assert started.delete(path).status_code == 204 and started.ask(path).status_code == 404


def test_batches_answer_one_by_one_and_number_by_date(started: Books):
    late, early = started.draft("2026-01-20", *CAPITAL), started.draft("2026-01-10", *CAPITAL)
    ids = [late["id"], early["id"]]

    with zeal_ignore():  # one transaction each is the point of a batch
        reviewed = started.made("vouchers/batch/review/", {"ids": ids})
        posted = started.made("vouchers/batch/post/", {"ids": [*ids, 999999]})

    assert [row["id"] for row in reviewed["done"]] == [early["id"], late["id"]]
    assert posted["done"] == [{"id": early["id"], "number": "记-1"}, {"id": late["id"], "number": "记-2"}]
    assert [(row["id"], row["code"]) for row in posted["refused"]] == [(999999, "not_found")]


def test_cash_flow_may_be_retagged_until_the_close(started: Books):
    posted = started.posted("2026-01-15", *CAPITAL)
    path = f"vouchers/{posted['id']}/cash-flow/"

    moved = started.put(path, {"lines": [{"seq": 2, "cash_flow": 14}]})

    assert [line["cash_flow"] for line in moved.json()["lines"]] == [None, 14]
    flow = {row["line"]: row["current"] for row in started.get("reports/cash-flow/", period="2026-01")["rows"]}
    assert (flow[14], flow[15], flow[22]) == ("1000.00", "0.00", "1000.00")
    assert started.get("chain/")["ok"]
    assert code_of(started.put(path, {"lines": [{"seq": 1, "cash_flow": 14}]})) == (400, "invalid")
    assert code_of(started.put(path, {"lines": [{"seq": 2, "cash_flow": 7}]})) == (400, "invalid")
    started.made("periods/2026-01/close/")
    assert code_of(started.put(path, {"lines": [{"seq": 2, "cash_flow": 15}]})) == (409, "period_closed")


def test_the_log_tells_who_did_what_and_takes_no_orders(started: Books):
    posted = started.posted("2026-01-15", *CAPITAL)
    today = started.get("audit-log/")["results"][0]["at"][:10]

    entries = started.get("audit-log/", object=f"voucher:{posted['id']}")["results"]

    assert [entry["action"] for entry in entries] == ["voucher.post", "voucher.review", "voucher.draft"]
    assert {entry["actor"] for entry in entries} == {"李敏"}
    assert started.get("audit-log/", action="voucher.post", actor="李敏", search="记-1")["count"] == 1
    assert started.get("audit-log/", **{"from": today, "to": today})["count"] == started.get("audit-log/")["count"]
    assert started.get("audit-log/", to="2020-01-01")["count"] == 0
    for method in ("post", "put", "patch", "delete"):
        assert code_of(getattr(started.client, method)(f"{BASE}audit-log/")) == (405, "method_not_allowed")


def test_the_schema_describes_the_finance_api(started: Books):
    schema = started.client.get("/api/schema/", HTTP_ACCEPT="application/json").json()

    paths = {path for path in schema["paths"] if path.startswith(BASE)}
    assert {f"{BASE}vouchers/", f"{BASE}reports/trial-balance/", f"{BASE}periods/{{period}}/close/"} <= paths
    assert "requestBody" in schema["paths"][f"{BASE}vouchers/"]["post"]


def test_an_auditor_reads_everything_and_changes_nothing():
    from_role = rights_of_role("auditor")

    assert {"finance.view", "finance.export"} <= from_role
    assert not {"finance.prepare", "finance.review", "finance.post", "finance.rules", "finance.close"} & from_role
