"""Every refusal has its status and stable code, and bad input never ends in a 500."""

import pytest

from tests.finance.api.company import Books, code_of, credit, debit

CAPITAL = (debit("1002", "1000.00"), credit("3001", "1000.00"))


def voucher(*lines: dict[str, object], **more: object) -> dict[str, object]:
    return {"date": "2026-01-15", "word": "记", "lines": list(lines), **more}


@pytest.mark.parametrize(
    ("spot", "lines"),
    [
        ("lines.0.debit", (debit("1002", "1.005"), credit("3001", "1.00"))),
        ("lines.0.debit", (debit("1002", "1e3"), credit("3001", "1000.00"))),
        ("lines.0.debit", (debit("1002", 10.5), credit("3001", "10.50"))),  # type: ignore[arg-type]  # a float on purpose
        ("lines.0.account", (debit("9999", "1.00"), credit("3001", "1.00"))),
        ("lines.0.debit", (debit("1002", "1.00", credit="1.00"), credit("3001", "1.00"))),
        ("lines.1.summary", (debit("1002", "1.00"), credit("3001", "1.00", "   "))),
        ("lines.0.aux", (debit("1002", "1.00", aux={"bad key": "1"}), credit("3001", "1.00"))),
    ],
)
def test_a_wrong_shape_names_the_spot(started: Books, spot, lines):
    response = started.post("vouchers/", voucher(*lines))

    assert code_of(response) == (400, "invalid")
    assert any(name.startswith(spot) for name in response.json()["fields"]), response.json()["fields"]


@pytest.mark.parametrize("body", [[], {}, {"lines": "x"}, {"date": "2026-02-30"}, {"date": "0001-01-01", "lines": []}])
def test_bodies_of_any_shape_are_refused(started: Books, body):
    assert code_of(started.post("vouchers/", body)) == (400, "invalid")


def test_rules_of_accounts(started: Books):
    started.value("customer", "C001", "恒通机械")
    refused = {
        "account_not_leaf": (debit("2221", "1.00"), credit("3001", "1.00")),
        "aux_required": (debit("1122", "1.00"), credit("3001", "1.00")),
        "voucher_unbalanced": (debit("1002", "2.00"), credit("3001", "1.00")),
    }

    found = {code: code_of(started.post("vouchers/", voucher(*lines))) for code, lines in refused.items()}

    assert found == {code: (409, code) for code in refused}


def test_the_unbalanced_sentence_gives_both_sums(started: Books):
    response = started.post("vouchers/", voucher(debit("1002", "5000.00"), credit("3001", "4999.99")))

    message = response.json()["message"]
    assert "5000.00" in message and "4999.99" in message and "0.01" in message


def test_inactive_account_and_currencies(started: Books):
    started.made("accounts/", {"code": "100201", "name": "工行基本户", "currencies": ["USD"]})
    started.made("accounts/", {"code": "100202", "name": "旧户"})
    assert started.patch("accounts/100202/", {"is_active": False}).status_code == 200
    dollars = {"currency": "USD", "fc_amount": "100.00", "rate": "7.10000000"}

    inactive = started.post("vouchers/", voucher(debit("100202", "1.00"), credit("3001", "1.00")))
    no_currency = started.post("vouchers/", voucher(debit("100201", "1.00"), credit("3001", "1.00")))
    mismatch = started.post("vouchers/", voucher(debit("100201", "711.00", **dollars), credit("3001", "711.00")))
    right = started.post("vouchers/", voucher(debit("100201", "710.00", **dollars), credit("3001", "710.00")))

    assert code_of(inactive) == (409, "account_inactive")
    assert code_of(no_currency) == (409, "currency_required")
    assert code_of(mismatch) == (409, "fc_mismatch")
    assert right.json()["lines"][0]["rate"] == "7.10000000"  # 100 x 7.1 = 710


def test_wrong_time(books: Books):
    assert code_of(books.post("vouchers/", voucher(*CAPITAL))) == (409, "book_not_started")
    books.set_up()
    assert code_of(books.post("vouchers/", voucher(*CAPITAL))) == (409, "book_not_started")
    setup = {
        "company_name": "宏达",
        "tax_id": "91330200MA2AH12345",
        "taxpayer_kind": "general",
        "start_period": "2026-01",
    }
    assert code_of(books.post("book/setup/", setup)) == (409, "book_already_set_up")
    unbalanced = {"rows": [{"account": "1002", "balance": "1.00"}]}
    assert books.put("opening-balances/", unbalanced).json()["difference"] == "1.00"
    assert code_of(books.post("book/start/")) == (409, "opening_unbalanced")
    items = {"ref": "XS-1", "on": "2025-12-01", "due_on": "2025-12-31", "amount": "2.00"}
    differ = {"rows": [{"account": "1002", "balance": "1.00", "items": [items]}]}
    assert code_of(books.put("opening-balances/", differ)) in ((409, "opening_items_differ"), (400, "invalid"))
    assert books.put("opening-balances/", {"rows": []}).status_code == 200
    assert books.post("book/start/").status_code == 200
    assert code_of(books.post("book/start/")) == (409, "book_started")
    assert code_of(books.put("opening-balances/", {"rows": []})) == (409, "book_started")
    assert code_of(books.post("vouchers/", voucher(*CAPITAL, date="2031-01-15"))) == (409, "period_missing")


def test_wrong_state_of_a_voucher(started: Books):
    draft = started.draft("2026-01-15", *CAPITAL)
    path = f"vouchers/{draft['id']}/"

    not_reviewed = started.post(f"{path}post/")
    assert code_of(not_reviewed) == (409, "voucher_not_reviewed")
    assert code_of(started.post(f"{path}unreview/")) == (409, "voucher_not_reviewed")
    started.made(f"{path}review/")
    assert code_of(started.patch(path, {"version": 2, "word": "记"})) == (409, "voucher_reviewed")
    assert code_of(started.delete(path)) == (409, "voucher_reviewed")
    started.made(f"{path}post/")
    for response in (
        started.patch(path, {"version": 3, "word": "记"}), started.delete(path), started.post(f"{path}post/"),
        started.post(f"{path}review/"), started.post(f"{path}unreview/"), started.post(f"{path}sign/"),
    ):  # fmt: skip
        assert code_of(response) == (409, "voucher_posted")


def test_the_preparer_may_not_review_where_the_book_keeps_them_apart(started: Books):
    assert started.patch("book/", {"separate_reviewer": True}).status_code == 200
    draft = started.draft("2026-01-15", *CAPITAL)

    response = started.post(f"vouchers/{draft['id']}/review/")

    assert code_of(response) == (409, "reviewer_is_preparer")
    assert code_of(started.patch("book/", {"separate_reviewer": False})) == (400, "invalid")  # a reason is needed


def test_the_cashier_must_sign_where_the_book_asks_for_it(started: Books):
    assert started.patch("book/", {"cashier_sign": True}).status_code == 200
    draft = started.draft("2026-01-15", *CAPITAL)
    path = f"vouchers/{draft['id']}/"
    started.made(f"{path}review/")

    assert code_of(started.post(f"{path}post/")) == (409, "cashier_must_sign")
    assert started.made(f"{path}sign/")["cashier_signed_by"] == "李敏"
    assert started.made(f"{path}post/")["number"] == "记-1"


def test_reversals(started: Books):
    posted = started.posted("2026-01-15", *CAPITAL)
    path = f"vouchers/{posted['id']}/"

    red = started.post(f"{path}reverse/", {"date": "2026-02-01", "reason": "error"})

    assert red.status_code == 201
    assert red.json()["lines"][0]["debit"] == "-1000.00"
    assert red.json()["lines"][0]["summary"].startswith("注销2026年1月15日记-1号凭证")
    assert red.json()["source"]["kind"] == "reversal" and red.json()["reverses"] == posted["id"]
    assert started.get(path)["reversed_by"] == red.json()["id"]
    again = started.post(f"{path}reverse/", {"date": "2026-02-01", "reason": "error"})
    assert code_of(again) == (409, "already_reversed")
    started.made(f"vouchers/{red.json()['id']}/review/")
    started.made(f"vouchers/{red.json()['id']}/post/")
    of_red = started.post(f"vouchers/{red.json()['id']}/reverse/", {"date": "2026-02-02", "reason": "error"})
    assert code_of(of_red) == (409, "reversal_of_reversal")
    other = started.posted("2026-01-16", *CAPITAL)
    late = started.post(f"vouchers/{other['id']}/reverse/", {"date": "2027-01-05", "reason": "error"})
    assert code_of(late) == (409, "prior_year_needs_blue")
    copied = started.made(f"{path}copy/", {"date": "2026-02-01"})
    assert copied["lines"][0]["summary"].startswith("订正2026年1月15日记-1号凭证")


def test_closing_and_reopening_in_order(started: Books):
    assert code_of(started.post("periods/2026-02/close/")) == (409, "earlier_period_open")
    assert code_of(started.post("periods/2026-01/reopen/", {"reason": "补录"})) == (409, "period_open")
    started.made("periods/2026-01/close/")
    started.made("periods/2026-02/close/")

    assert code_of(started.post("periods/2026-01/close/")) == (409, "period_closed")
    assert code_of(started.post("vouchers/", voucher(*CAPITAL))) == (409, "period_closed")
    assert code_of(started.post("periods/2026-01/reopen/", {"reason": "补录"})) == (409, "later_period_closed")
    assert code_of(started.post("periods/2026-02/reopen/", {"reason": ""})) == (400, "invalid")
    assert started.made("periods/2026-02/reopen/", {"reason": "补录"})["state"] == "open"
    assert code_of(started.post("periods/2031-01/close/")) == (409, "period_missing")


def test_steps(started: Books):
    assert code_of(started.post("periods/2026-01/run/year_profit/")) == (409, "not_december")
    assert started.post("periods/2026-01/run/nothing/").status_code == 404
    assert started.made("periods/2026-01/run/profit_transfer/")["vouchers"] == []


def test_closing_vouchers_touch_profit_only(started: Books):
    response = started.post("vouchers/", voucher(*CAPITAL, kind="closing"))

    assert code_of(response) == (409, "closing_voucher_accounts")


def test_master_data(started: Books):
    started.made("accounts/", {"code": "100201", "name": "工行基本户"})
    started.posted("2026-01-15", debit("100201", "5.00"), credit("3001", "5.00"))
    started.made("exchange-rates/", {"currency": "USD", "on": "2026-01-31", "rate": "7.1"})
    started.value("customer", "C001", "恒通机械")

    refused = {
        "account_code_taken": started.post("accounts/", {"code": "100201", "name": "又一户"}),
        "parent_missing": started.post("accounts/", {"code": "10029901", "name": "无上级"}),
        "account_has_balance": started.post("accounts/", {"code": "300101", "name": "法人资本"}),
        "account_in_use": started.delete("accounts/100201/"),
        "statutory_account": started.delete("accounts/1001/"),
        "value_code_taken": started.post("dimensions/customer/values/", {"code": "C001", "name": "又一个"}),
        "rate_exists": started.post("exchange-rates/", {"currency": "USD", "on": "2026-01-31", "rate": "7.2"}),
        "no_way_back": started.post("book/taxpayer-kinds/", {"kind": "small_scale", "from": "2026-06-01"}),
        "stale_version": started.patch("accounts/100201/", {"name": "新名", "version": 99}),
    }

    assert {code: code_of(response) for code, response in refused.items()} == {code: (409, code) for code in refused}


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("reports/trial-balance/", {}),
        ("reports/trial-balance/", {"from": "2026-01"}),
        ("reports/trial-balance/", {"from": "2026-1", "to": "2026-01"}),
        ("reports/trial-balance/", {"from": "2026-02", "to": "2026-01"}),
        ("reports/trial-balance/", {"from": "2026-01", "to": "9999-12"}),
        ("reports/trial-balance/", {"from": "2020-01", "to": "2020-12"}),
        ("reports/trial-balance/", {"from": "2026-01", "to": "2026-01", "level": "x"}),
        ("reports/trial-balance/", {"from": "2026-01", "to": "2026-01", "leaf": "maybe"}),
        ("reports/trial-balance/", {"from": "2026-01", "to": "2026-01", "format": "docx"}),
        ("reports/subledger/", {"from": "2026-01", "to": "2026-01"}),
        ("reports/subledger/", {"account": "１００２", "from": "2026-01", "to": "2026-01"}),
        ("reports/subledger/", {"account": "1002", "aux": "C001", "from": "2026-01", "to": "2026-01"}),
        ("reports/balance-sheet/", {}),
        ("reports/income-statement/", {"period": "2026-01", "span": "decade"}),
        ("reports/kpis/", {"period": "2026-01", "months": "0"}),
        ("vouchers/", {"amount": "1,000"}),
        ("vouchers/", {"state": "lost"}),
        ("vouchers/", {"search": "a\x00b"}),
        ("vouchers/", {"from": "2026-02-30"}),
        ("accounts/", {"level": "-1"}),
    ],
)
def test_query_parameters_are_checked(started: Books, path, params):
    response = started.client.get(f"/api/v1/finance/{path}", params)

    assert response.status_code == 400, response.content.decode()
    assert response.json()["fields"] or response.json()["code"] == "unknown_format"


@pytest.mark.parametrize(
    "path",
    [
        "vouchers/999999/", "vouchers/99999999999999999999999/", "accounts/9999/", "accounts/x%00y/",
        "periods/2031-01/", "periods/2026-13/", "dimensions/colour/values/", "open-items/",
        "fapiao/", "reports/nothing/",
        "reports/subledger/?account=9999&from=2026-01&to=2026-01",
        "reports/subledger/?account=1002&aux=customer:C999&from=2026-01&to=2026-01",
        "reports/aux-balance/?dimension=colour&account=1122&from=2026-01&to=2026-01",
    ],
)  # fmt: skip
def test_what_is_not_there_is_404(started: Books, path):
    assert started.client.get(f"/api/v1/finance/{path}").status_code == 404
