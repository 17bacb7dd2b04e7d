"""凭证 pages: names people and programs find things by, kept input, bulk verbs, rights, other companies."""

import pytest

from apps.finance.models import Voucher
from tenants.context import tenant_context
from tests.finance.pages.conftest import MATERIAL, entry, lines

HTMX = {"HTTP_HX_REQUEST": "true"}
OPEN_LINES = (
    {"summary": "购办公用品", "account": "560205", "debit": "320.00"},
    {"summary": "购办公用品", "account": "1001"},
)


def stored(company):
    with tenant_context(company):
        return {row.pk: row.state for row in Voucher.objects.order_by("pk")}


def of_state(company, state):
    return [pk for pk, one in stored(company).items() if one == state]


def test_list_carries_the_names_of_the_contract(shop, office):
    body = office.get("/finance/vouchers/").content.decode()

    for words in (
        "<h1>凭证 </h1>",
        'aria-label="搜索凭证"',
        "凭证列表",
        "记-1",
        "新增凭证",
        "导入 Excel",
        "导出 Excel",
    ):
        assert words in body
    assert "共 <b>3</b> 张" in body
    assert "¥575,840.00" in body  # 500,000 + 37,920 + 37,920


def test_segment_counts_everything_but_its_own_choice(shop, office):
    body = office.get("/finance/vouchers/?state=draft").content.decode()

    assert '<small id="q-n-state-all">3</small>' in body
    assert '<small id="q-n-state-posted">1</small>' in body
    assert "共 <b>1</b> 张" in body


@pytest.mark.parametrize("text", ["记-1", "500,000", "投资款", "sszb", "3001"])
def test_search_finds_by_number_amount_words_pinyin_and_account(shop, office, text):
    body = office.get("/finance/vouchers/", {"q": text}).content.decode()

    assert "共 <b>1</b> 张" in body
    assert "收到投资款" in body


def test_a_fragment_carries_table_and_counts_only(shop, office):
    body = office.get("/finance/vouchers/?q=圆钢", **HTMX).content.decode()

    assert "<html" not in body
    assert 'id="list"' in body
    assert 'id="q-n-state-draft" hx-swap-oob="true">1<' in body


def test_excel_holds_the_whole_filter(shop, office):
    answer = office.get("/finance/vouchers/?state=draft&format=csv")

    rows = b"".join(answer.streaming_content).decode().splitlines()
    assert len(rows) == 3  # heading and the two lines of the one draft
    assert "采购 45# 圆钢 3.2 吨" in rows[1]


def test_entry_drafts_and_says_so(shop, office, hongda):
    answer = office.post("/finance/vouchers/new/", entry(*MATERIAL, then="new"))

    newest = max(stored(hongda))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/finance/vouchers/new/?date=2026-01-15")
    assert f"凭证 #{newest} 已保存" in office.get(answer["Location"]).content.decode()


def test_one_press_makes_one_voucher(shop, office, hongda):
    before = len(stored(hongda))
    form = entry(*MATERIAL, once="k1")

    first, second = office.post("/finance/vouchers/new/", form), office.post("/finance/vouchers/new/", form)

    assert len(stored(hongda)) == before + 1
    assert first["Location"] == second["Location"]


def test_an_unbalanced_voucher_comes_back_with_all_that_was_typed(shop, office, hongda):
    before = len(stored(hongda))
    rows = (
        {"summary": "支付 11 月车间电费", "debit": "13687.50"},
        {"summary": "支付 11 月车间电费", "account_text": "1002 银行存款", "credit": "13,600.00"},
    )

    answer = office.post("/finance/vouchers/new/", entry(*rows), **HTMX)

    body = answer.content.decode()
    assert answer.status_code == 422
    assert 'role="alert"' in body
    assert "借贷不平衡，差额 87.50 元" in body  # 13,687.50 - 13,600.00
    assert "请选择会计科目" in body
    assert 'value="13687.50"' in body and 'value="13600.00"' in body and "1002 银行存款" in body
    assert len(stored(hongda)) == before


def test_a_refusal_of_the_service_stands_on_its_cell(shop, office):
    rows = (
        {"summary": "赊销", "account": "1122", "debit": "100"},
        {"summary": "赊销", "account": "5001", "credit": "100"},
    )

    answer = office.post("/finance/vouchers/new/", entry(*rows))

    assert answer.status_code == 422
    assert "必须填写辅助核算" in answer.content.decode()


@pytest.mark.parametrize(
    ("field", "value"), [("date", "2026-13-45"), ("date", ""), ("attachment_count", "abc"), ("word", "x")]
)
def test_bad_heads_are_shown_not_raised(shop, office, field, value):
    assert office.post("/finance/vouchers/new/", entry(*MATERIAL, **{field: value})).status_code == 422


@pytest.mark.parametrize("value", ["1e9", "--5", "NaN", "Infinity", "9" * 40, "1.999", "\x00"])
def test_bad_amounts_are_shown_not_raised(shop, office, value):
    rows = (
        {"summary": "购料", "account": "1403", "debit": value},
        {"summary": "购料", "account": "1002", "credit": "5"},
    )

    assert office.post("/finance/vouchers/new/", entry(*rows)).status_code == 422


def test_full_width_figures_are_read(shop, office, hongda):
    rows = (
        {"summary": "购料", "account": "1403", "debit": "１，２３４．５"},
        {"summary": "购料", "account": "1002", "credit": "1234.50"},
    )

    answer = office.post("/finance/vouchers/new/", entry(*rows))

    assert answer.status_code == 302


def test_a_stale_draft_shows_both_versions(shop, office, hongda):
    draft = of_state(hongda, "draft")[0]
    rows = [dict(row, **({"debit": "100"} if "debit" in row else {"credit": "100"})) for row in MATERIAL]
    assert office.post(f"/finance/vouchers/{draft}/edit/", entry(*rows, version="1")).status_code == 302

    answer = office.post(f"/finance/vouchers/{draft}/edit/", entry(*MATERIAL, version="1"), **HTMX)

    body = answer.content.decode()
    assert answer.status_code == 409
    assert "对方的版本" in body and "100.00" in body
    assert 'value="37920.00"' in body


def test_detail_offers_verbs_by_state(shop, office, hongda):
    draft, reviewed, posted = (of_state(hongda, state)[0] for state in ("draft", "reviewed", "posted"))

    pages = {pk: office.get(f"/finance/vouchers/{pk}/").content.decode() for pk in (draft, reviewed, posted)}

    assert f"凭证 #{draft}" in pages[draft] and "<span>修改</span>" in pages[draft]
    assert "<span>取消审核</span>" in pages[reviewed] and "<span>记账</span>" in pages[reviewed]
    assert "凭证 记-1" in pages[posted] and "<span>红字冲销</span>" in pages[posted]
    assert "<span>修改</span>" not in pages[posted]
    assert "伍拾万元整" in pages[posted]


def test_bulk_review_answers_table_counts_and_an_undo(shop, office, hongda):
    draft = of_state(hongda, "draft")[0]

    answer = office.post(
        "/finance/vouchers/batch/", {"verb": "review", "ids": [draft], "filter": "state=draft"}, **HTMX
    )

    body = answer.content.decode()
    assert stored(hongda)[draft] == "reviewed"
    assert "已审核 1 张凭证" in body
    assert 'id="q-n-state-draft" hx-swap-oob="true">0<' in body
    assert f"undo-review/?undo={draft}" in body


def test_undo_takes_the_review_back(shop, office, hongda):
    reviewed = of_state(hongda, "reviewed")[0]

    answer = office.post(f"/finance/vouchers/batch/undo-review/?undo={reviewed}&filter=", **HTMX)

    assert stored(hongda)[reviewed] == "draft"
    assert "已取消审核 1 张凭证" in answer.content.decode()


def test_bulk_post_asks_with_count_and_sum_first(shop, office, hongda):
    ids = list(stored(hongda))

    asked = office.post("/finance/vouchers/batch/", {"verb": "post", "ids": ids}, **HTMX).content.decode()
    after_asking = stored(hongda)
    done = office.post(
        "/finance/vouchers/batch/", {"verb": "post", "ids": ids, "confirmed": "1"}, **HTMX
    ).content.decode()

    assert "记账 1 张凭证？" in asked and "¥37,920.00" in asked and "2 张不是已审核状态" in asked
    assert "posted" not in [state for pk, state in after_asking.items() if pk != ids[0]]
    assert "已记账 1 张凭证" in done and "2 张没有处理" in done


def test_reversal_drafts_a_red_voucher(shop, office, hongda):
    posted = of_state(hongda, "posted")[0]

    answer = office.post(f"/finance/vouchers/{posted}/reverse/", {"date": "2026-01-31", "reason": "error"})

    body = office.get(answer["Location"]).content.decode()
    assert answer.status_code == 302
    assert "-500,000.00" in body and "注销2026年1月5日记-1号凭证" in body


def test_a_refused_verb_is_a_notice_for_htmx_and_a_toast_without(shop, office, hongda):
    posted = of_state(hongda, "posted")[0]

    with_htmx = office.post(f"/finance/vouchers/{posted}/review/", **HTMX)
    without = office.post(f"/finance/vouchers/{posted}/review/", follow=True)

    assert with_htmx.status_code == 409 and "hx-swap-oob" in with_htmx.content.decode()
    assert without.status_code == 200 and "q-t-bad" in without.content.decode()


def test_english_page_says_summary_account_debit_and_gj(shop, office):
    office.cookies["qz_lang"] = "en"

    grid, table = (office.get(f"/finance/vouchers/{path}").content.decode() for path in ("new/", ""))

    for name in ("Summary 1", "Account 1", "Debit 1", "Credit 1"):
        assert f'aria-label="{name}"' in grid
    assert ">GJ</option>" in grid and "Save</" in grid
    assert "GJ-1" in table


def test_print_is_a_pdf_and_unknown_ids_are_not_found(shop, office, hongda):
    ids = ",".join(str(pk) for pk in stored(hongda))

    assert office.get(f"/finance/vouchers/print/?ids={ids}").content[:5] == b"%PDF-"
    assert office.get(f"/finance/vouchers/print/?ids={ids}&paper=a4").status_code == 200
    assert office.get("/finance/vouchers/print/?ids=999999").status_code == 404
    assert office.get("/finance/vouchers/print/?ids=").status_code in (400, 409)
    assert shop.client.get(f"/api/v1/finance/vouchers/print/?ids={ids}&paper=a5")["Content-Type"] == "application/pdf"


def test_charlie_finds_nothing_of_ours(shop, page_of, hongda):
    posted = of_state(hongda, "posted")[0]
    charlie = page_of("charlie")

    assert charlie.get(f"/finance/vouchers/{posted}/").status_code == 404
    assert "记-1" not in charlie.get("/finance/vouchers/").content.decode()
    assert charlie.get(f"/finance/vouchers/print/?ids={posted}").status_code in (200, 404)


def test_without_a_session_the_way_leads_to_sign_in(shop, client):
    answer = client.get("/finance/vouchers/", HTTP_HOST="hongda.localhost")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/signin/?next=")


def test_bob_prepares_and_posts_but_does_not_review(shop, page_of, hongda):
    draft = of_state(hongda, "draft")[0]
    bob = page_of("bob")

    page = bob.get(f"/finance/vouchers/{draft}/").content.decode()
    refused = bob.post(f"/finance/vouchers/{draft}/review/")

    assert "<span>修改</span>" in page and "<span>审核</span>" not in page
    assert refused.status_code == 403
    assert bob.post("/finance/vouchers/new/", entry(*MATERIAL)).status_code == 302


def test_blank_rows_between_are_left_out(shop, office, hongda):
    form = entry(MATERIAL[0], {}, {}, MATERIAL[1])

    assert office.post("/finance/vouchers/new/", form | lines({})).status_code in (302, 422)
