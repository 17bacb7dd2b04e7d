"""Set-up, ledgers, reports and month end on screen."""

HTMX = {"HTTP_HX_REQUEST": "true"}
COMPANY = {
    "company_name": "宏达五金制品有限公司", "tax_id": "91330200MA2AH12345", "taxpayer_kind": "general",
    "start_period": "2026-01", "words": "记",
}  # fmt: skip


def test_a_fresh_company_is_led_to_the_set_up(office):
    lists, accounts = (office.get(f"/finance/{path}/").content.decode() for path in ("vouchers", "accounts"))

    assert "还没有建账" in lists and "/finance/accounts/" in lists
    assert "建立账套" in accounts and "启用期间" in accounts


def test_a_book_is_set_up_filled_and_started(office):
    office.post("/finance/accounts/", COMPANY)
    grid = office.get("/finance/accounts/opening/").content.decode()
    spots = {
        code: grid.split(f'value="{code}"')[0].rsplit('name="rows-', 1)[1].split("-")[0] for code in ("1002", "3001")
    }
    rows: dict[str, str] = {}
    for code, index in spots.items():
        rows |= {f"rows-{index}-account": code, f"rows-{index}-balance": "500,000.00"}

    saved = office.post("/finance/accounts/opening/", rows)
    started = office.post("/finance/accounts/start/", follow=True).content.decode()

    assert saved.status_code == 302
    assert "账套已启用，可以录入凭证了" in started
    assert "500,000.00" in office.get("/finance/reports/trial-balance/?from=2026-01&to=2026-01").content.decode()


def test_a_bad_set_up_keeps_what_was_typed(office):
    answer = office.post("/finance/accounts/", COMPANY | {"tax_id": "123"})

    assert answer.status_code == 422
    assert "宏达五金制品有限公司" in answer.content.decode()


def test_trial_balance_ends_with_totals_in_pairs(shop, office):
    body = office.get("/finance/reports/trial-balance/?from=2026-01&to=2026-01").content.decode()

    assert "<h1>科目余额表</h1>" in body
    assert "期间起" in body and "期间止" in body and "查询" in body
    assert body.count("500,000.00") == 12  # turnover, year and closing of 1002 and of 3001, and three pairs of totals
    assert "借贷平衡" in body


def test_ledger_leads_to_the_voucher(shop, office):
    body = office.get("/finance/ledgers/account/?account=1002&from=2026-01&to=2026-01").content.decode()

    assert "<h1>明细账</h1>" in body
    assert "记-1</a>" in body
    assert "期初余额" in body and "本期合计" in body and "本年累计" in body


def test_month_end_lists_checks_with_a_way_out(shop, office):
    body = office.get("/finance/close/?period=2026-01").content.decode()

    assert 'aria-label="结账检查"' in body
    assert "未通过" in body and "无需处理" in body and "去处理" in body
    assert 'disabled aria-describedby="why-close"' in body


def test_a_quiet_month_is_closed_and_reopened_with_a_reason(started, office):
    closed = office.post("/finance/close/close/", {"period": "2026-01"}, follow=True).content.decode()
    without = office.post("/finance/close/reopen/", {"period": "2026-01", "reason": ""}, **HTMX)
    reopened = office.post(
        "/finance/close/reopen/", {"period": "2026-01", "reason": "补记发票"}, follow=True
    ).content.decode()

    assert "2026 年 1 月 已结账" in closed
    assert without.status_code == 422
    assert "2026 年 1 月 已反结账" in reopened


def test_profit_transfer_drafts_a_closing_voucher(started, office):
    started.posted(
        "2026-01-10",
        {"summary": "银行手续费", "account": "560301", "debit": "126.50"},
        {"summary": "银行手续费", "account": "1002", "credit": "126.50"},
    )

    body = office.post("/finance/close/steps/profit_transfer/", {"period": "2026-01"}, follow=True).content.decode()

    assert "已生成 1 张结转凭证，请审核后记账" in body
    assert "本期结转凭证" in body


def test_a_sub_account_is_added_under_its_parent(started, office):
    made = office.post("/finance/accounts/new/", {"code": "100201", "name": "工商银行基本户"})
    refused = office.post("/finance/accounts/new/", {"code": "100201", "name": "工商银行基本户"})

    assert made.status_code == 302
    assert refused.status_code == 422 and "已被使用" in refused.content.decode()


def test_statements_print_and_export(shop, office):
    for name in ("balance-sheet", "income-statement", "cash-flow", "trial-balance"):
        assert (
            office.get(f"/finance/reports/{name}/?period=2026-01&from=2026-01&to=2026-01&format=pdf").content[:5]
            == b"%PDF-"
        )
        assert (
            office.get(f"/finance/reports/{name}/?period=2026-01&from=2026-01&to=2026-01&format=xlsx").status_code
            == 200
        )


def test_reports_survive_senseless_months(shop, office):
    for query in ("from=2026-05&to=2026-01", "from=x&to=y", "period=9999-99", "from=1900-01&to=2026-01"):
        for name in ("reports/trial-balance", "ledgers/general", "ledgers/account", "reports/balance-sheet", "close"):
            assert office.get(f"/finance/{name}/?{query}").status_code in (200, 404)


def test_the_period_switch_is_remembered(shop, office):
    answer = office.post("/finance/period/", {"period": "2026-01", "next": "/finance/vouchers/?q=x"})

    assert answer["Location"] == "/finance/vouchers/?q=x&from=2026-01&to=2026-01"
    assert "2026 年 1 月" in office.get("/finance/reports/balance-sheet/").content.decode()


def test_bob_may_close_but_not_reopen_or_set_up(started, page_of):
    bob = page_of("bob")

    assert bob.post("/finance/close/reopen/", {"period": "2026-01", "reason": "试"}).status_code == 403
    assert bob.post("/finance/accounts/new/", {"code": "100201", "name": "工商银行基本户"}).status_code == 403


def test_multi_column_and_quantity_ledgers(shop, office):
    shop.posted(
        "2026-01-22",
        {"summary": "领用圆钢", "account": "400101", "debit": "70.00"},
        {"summary": "领用圆钢", "account": "1403", "credit": "70.00", "quantity": "40"},
    )
    span = "from=2026-01&to=2026-01"

    multi = office.get(f"/finance/ledgers/multi-column/?account=4001&{span}").content.decode()
    quantity = office.get(f"/finance/ledgers/quantity/?account=1403&{span}").content.decode()
    file = office.get(f"/finance/ledgers/quantity/?account=1403&{span}&format=xlsx")

    assert "<h1>多栏账</h1>" in multi and "直接材料" in multi and "70.00" in multi
    assert "<h1>数量金额账</h1>" in quantity and ">40<" in quantity
    assert file.status_code == 200 and "spreadsheet" in file["Content-Type"]
