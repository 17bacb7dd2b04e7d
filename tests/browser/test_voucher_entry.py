"""A voucher typed without a mouse, in a real browser (ui.md §9), and the list it lands in."""

from datetime import date
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from apps.finance.models import Voucher
from apps.finance.services import BookChange, BookSetup, add_value, alter_book, set_up_book, start_book
from tenants.context import company_of, tenant_context
from tenants.models import Membership, Tenant
from tenants.rights import Member, rights_of_role
from tests.live_site import Visitor
from tests.prepare_database import PASSWORD

pytestmark = pytest.mark.browser
YEAR = date.today().year


def owner() -> Member:
    row = Membership.objects.select_related("user").get(user__email="alice@hongda.example")
    return Member(user_id=row.user.pk, name=row.user.name, role="owner", rights=rights_of_role("owner"))


@pytest.fixture
def office(visitor: Visitor) -> Page:
    """Alice at a fresh voucher of a book that is in use since January."""
    alice, hongda = owner(), company_of(Tenant.objects.get(slug="hongda"))
    with tenant_context(hongda):
        setup = BookSetup(
            company_name="宏达五金制品有限公司", tax_id="91330200MA2AH12345", taxpayer_kind="small_scale",
            start_period=f"{YEAR}-01",
        )  # fmt: skip
        set_up_book(setup=setup, actor=alice, at=timezone.now())
        alter_book(change=BookChange(separate_reviewer=False, reason="只有一名会计"), actor=alice)
        start_book(actor=alice)
        add_value(dimension="customer", code="C001", name="宁波海川机电", actor=alice, at=timezone.now())
    page = visitor.window(1400, 875)
    visitor.sign_in(page, "hongda", "alice@hongda.example", PASSWORD)
    page.goto(visitor.address("hongda", "/finance/vouchers/new/"))
    return page


def cell(page: Page, name: str) -> Any:
    return page.get_by_label(name, exact=True)


def test_a_voucher_is_typed_without_a_mouse(office: Page) -> None:
    cell(office, "摘要 1").focus()

    office.keyboard.type("支付 11 月车间电费")
    office.keyboard.press("Enter")
    expect(cell(office, "会计科目 1")).to_be_focused()
    office.keyboard.type("410102")
    office.keyboard.press("Enter")
    expect(cell(office, "借方金额 1")).to_be_focused()
    office.keyboard.type("13687.50")
    office.keyboard.press("Enter")
    expect(cell(office, "摘要 2")).to_be_focused()
    office.keyboard.type("..")
    office.keyboard.press("Enter")
    expect(cell(office, "摘要 2")).to_have_value("支付 11 月车间电费")
    office.keyboard.type("yhck")
    office.keyboard.press("Enter")
    expect(cell(office, "会计科目 2")).to_have_value("1002 银行存款")
    office.keyboard.press("Enter")
    office.keyboard.press("=")

    expect(cell(office, "贷方金额 2")).to_have_value("13687.50")
    expect(office.locator("q-grid [data-q-diff]")).to_have_text("借贷平衡")
    expect(office.locator("[data-q-words]")).to_have_text("壹万叁仟陆佰捌拾柒元伍角整")
    office.keyboard.press("Control+s")
    expect(office.get_by_role("heading", level=1)).to_contain_text("凭证 #")
    expect(office.get_by_text("已保存")).to_be_visible()


def test_the_difference_runs_along_and_a_refusal_keeps_the_input(office: Page) -> None:
    cell(office, "摘要 1").fill("支付 11 月车间电费")
    cell(office, "借方金额 1").fill("13687.50")
    cell(office, "摘要 2").fill("支付 11 月车间电费")
    cell(office, "贷方金额 2").fill("13600")

    expect(office.locator("q-grid [data-q-diff]")).to_have_text("差额 87.50")
    office.get_by_role("button", name="保存", exact=True).first.click()

    expect(office.get_by_role("alert")).to_contain_text("借贷不平衡，差额 87.50 元")
    expect(cell(office, "会计科目 1")).to_be_focused()
    expect(cell(office, "借方金额 1")).to_have_value("13687.50")


def test_lines_are_added_moved_copied_and_taken_away(office: Page) -> None:
    cell(office, "摘要 1").fill("甲")
    cell(office, "摘要 2").fill("乙")

    cell(office, "摘要 2").press("Alt+ArrowUp")
    expect(cell(office, "摘要 1")).to_have_value("乙")
    cell(office, "摘要 1").press("Control+d")
    expect(cell(office, "摘要 2")).to_have_value("乙")
    office.get_by_role("button", name="加一行").click()
    expect(cell(office, "摘要 7")).to_be_focused()
    office.get_by_role("button", name="删除第 7 行").click()

    expect(cell(office, "摘要 7")).to_have_count(0)


def test_an_account_with_a_dimension_asks_for_its_value(office: Page) -> None:
    cell(office, "会计科目 1").click()
    office.keyboard.type("1122")
    office.keyboard.press("Enter")

    customer = cell(office, "客户 1")
    expect(customer).to_be_focused()
    office.keyboard.type("C001")
    office.get_by_role("option", name="C001").click()
    expect(customer).to_have_value("C001 宁波海川机电")
    office.keyboard.press("Enter")
    expect(cell(office, "借方金额 1")).to_be_focused()


def test_red_figures_and_sides_by_one_key(office: Page) -> None:
    amount = cell(office, "借方金额 1")
    amount.focus()
    office.keyboard.type("562.25")

    amount.press("-")
    expect(amount).to_have_value("-562.25")
    amount.press(" ")

    expect(cell(office, "贷方金额 1")).to_have_value("-562.25")
    expect(amount).to_have_value("")


def test_save_and_new_keeps_the_hands_on_the_lines(office: Page) -> None:
    for row, account, side in ((1, "1001", "借方金额"), (2, "1002", "贷方金额")):
        cell(office, f"摘要 {row}").fill("提现备用")
        cell(office, f"会计科目 {row}").click()
        office.keyboard.type(account)
        office.keyboard.press("Enter")
        cell(office, f"{side} {row}").fill("500")

    office.keyboard.press("Control+Enter")

    expect(office.get_by_text("已保存")).to_be_visible()
    expect(cell(office, "摘要 1")).to_be_focused()
    expect(cell(office, "摘要 1")).to_have_value("")


def test_a_phone_begins_with_two_lines_and_one_save_bar(office: Page, visitor: Visitor) -> None:
    phone = visitor.same_person(office, 390)
    phone.goto(visitor.address("hongda", "/finance/vouchers/new/"))

    expect(phone.locator("[data-q-line]")).to_have_count(2)
    expect(phone.get_by_role("button", name="保存并新增")).to_have_count(1)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def test_review_is_undone_from_the_toast(office: Page, visitor: Visitor) -> None:
    test_save_and_new_keeps_the_hands_on_the_lines(office)
    office.goto(visitor.address("hongda", "/finance/vouchers/"))

    office.get_by_label("选择凭证").first.check()
    office.get_by_role("toolbar", name="批量操作").get_by_role("button", name="审核").click()
    expect(office.locator("#q-n-state-reviewed")).to_have_text("1")
    office.get_by_role("button", name="撤销").click()

    expect(office.locator("#q-n-state-draft")).to_have_text("1")
    expect(office.locator("#q-n-state-reviewed")).to_have_text("0")
    with tenant_context(company_of(Tenant.objects.get(slug="hongda"))):
        assert Voucher.objects.get().state == "draft"
