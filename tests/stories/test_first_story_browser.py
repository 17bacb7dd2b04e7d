"""The first story in a real browser: sign up, first books by keyboard, close the month, pay the first invoice.

恒达五金 signs up on 5 January 2026 and does everything through its pages; only the clock is moved over the API.
"""

import re

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from tests.live_site import Visitor
from tests.stories.hengda import Site, keep_books

pytestmark = [pytest.mark.browser, pytest.mark.slow]
OWNER, PASSWORD = "liuwei@hengda.example", "Hengda-2026-wujin"
OPERATOR = "boss@operator.example"
COLUMNS = "serial,booked_at,amount,currency,payer_name,payer_account,remark"
VOUCHERS = (
    # date, summary, debit, customer of the debit, amount, credit, customer of the credit
    ("2026-01-08", "销售法兰", "1122", "C001", "12000", "5001", ""),
    ("2026-01-12", "收到货款", "1002", "", "8000", "1122", "C001"),
    ("2026-01-15", "支付房租", "560299", "", "3000", "1002", ""),
)


def test_first_story(operator: Site, operator_password: str, visitor: Visitor):
    page = visitor.window()
    slug = sign_up(visitor, page)
    set_up_book(visitor, page, slug)
    enter_opening_balances(visitor, page, slug)
    let_one_person_review(visitor, page, slug)
    for voucher in VOUCHERS:
        enter_by_keyboard(page, visitor.address(slug, "/finance/vouchers/new/"), *voucher)
    review_and_post(visitor, page, slug)
    read_reports(visitor, page, slug)
    close_january(visitor, page, slug)
    accept_terms(visitor, page, slug)

    operator.post("operator/test-clock/advance/", {"to": "2026-01-23T10:00:00+08:00"})
    number = find_invoice(visitor, page, slug, state="待付款")
    import_bank_statement(visitor, operator_password, number)

    assert find_invoice(visitor, page, slug, state="已付清") == number


def sign_up(visitor: Visitor, page: Page) -> str:
    """From the form on the bare domain to the company's own host; answers its slug."""
    page.goto(visitor.address(path="/signup/"))
    expect(page.get_by_role("heading", level=1, name="注册企业")).to_be_visible()
    page.get_by_label("企业名称").fill("恒达五金厂")
    page.get_by_label(re.compile("^访问地址")).fill("hengda")
    page.get_by_label("姓名").fill("刘伟")
    page.get_by_label("邮箱", exact=True).fill(OWNER)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("group", name="试用模块").get_by_label("轻财务").check()
    page.get_by_role("checkbox", name=re.compile("同意服务协议和隐私政策$")).check()
    page.get_by_role("button", name="创建企业").click()

    expect(page.get_by_role("heading", level=1, name="验证邮箱")).to_be_visible()
    letter = next(one for one in mail.outbox if OWNER in one.to)
    code = re.search(r"\d{6}", str(letter.subject))
    assert code
    page.get_by_label("验证码").fill(code[0])
    page.get_by_role("button", name="继续").click()

    page.wait_for_url(re.compile(r"//hengda-[a-z]{4}\."), timeout=60_000)
    expect(page.get_by_role("button", name="账户：刘伟")).to_be_visible()
    return page.url.split("//")[1].partition(".")[0]


def set_up_book(visitor: Visitor, page: Page, slug: str) -> None:
    page.goto(visitor.address(slug, "/finance/"))
    page.get_by_role("link", name="建立账套").click()
    page.get_by_label("单位名称").fill("恒达五金厂")
    page.get_by_label("纳税人识别号").fill("91320583MA1X8KQ27A")
    page.get_by_label("启用期间").fill("2026-01")
    page.get_by_role("button", name="建立账套").click()
    expect(page.get_by_role("button", name="启用账套")).to_be_visible()


def enter_opening_balances(visitor: Visitor, page: Page, slug: str) -> None:
    """50,000.00 in the bank, put in by the owner; then the book is started."""
    page.goto(visitor.address(slug, "/finance/accounts/opening/"))
    page.get_by_label("期初余额 1002", exact=True).fill("50000")
    page.get_by_label("期初余额 3001", exact=True).fill("50000")
    page.locator("#opening").get_by_role("button", name="保存").click()
    expect(page.locator("#opening .q-foot")).to_contain_text("50,000.00")
    expect(page.get_by_text("平衡", exact=True)).to_be_visible()

    page.get_by_role("button", name="启用账套").click()
    expect(page.get_by_role("button", name="启用账套")).to_be_hidden()


def let_one_person_review(visitor: Visitor, page: Page, slug: str) -> None:
    page.goto(visitor.address(slug, "/finance/accounts/settings/"))
    page.get_by_label("制单与审核分开").uncheck()
    page.get_by_label("理由").fill("只有一名会计")
    page.get_by_role("button", name="保存").click()
    page.reload()
    expect(page.get_by_label("制单与审核分开")).not_to_be_checked()


def enter_by_keyboard(
    page: Page, address: str, day: str, summary: str, debit: str, debtor: str, amount: str, credit: str, payer: str
) -> None:
    """Enter through the cells, `=` for the other side, Ctrl+S; the first customer is made in place with F8."""
    page.goto(address)
    page.get_by_label("日期", exact=True).fill(day)
    page.get_by_label("摘要 1", exact=True).focus()
    keys = page.keyboard
    keys.type(summary)
    keys.press("Enter")
    choose_account(page, 1, debit, debtor)
    expect(page.get_by_label("借方金额 1", exact=True)).to_be_focused()
    keys.type(amount)
    keys.press("Enter")
    expect(page.get_by_label("摘要 2", exact=True)).to_be_focused()
    keys.type("..")
    keys.press("Enter")
    choose_account(page, 2, credit, payer)
    keys.press("Enter")
    expect(page.get_by_label("贷方金额 2", exact=True)).to_be_focused()
    keys.press("=")
    expect(page.locator("[data-q-diff]").first).to_have_text("借贷平衡")
    keys.press("Control+s")
    expect(page.get_by_role("heading", level=1, name=re.compile(r"^凭证 #\d+"))).to_be_visible()


def choose_account(page: Page, line: int, account: str, customer: str) -> None:
    """Type the code, Enter; then the customer, made with F8 where nobody has the code yet."""
    expect(page.get_by_label(f"会计科目 {line}", exact=True)).to_be_focused()
    page.keyboard.type(account)
    page.keyboard.press("Enter")
    if not customer:
        return
    box = page.get_by_role("combobox", name=f"客户 {line}", exact=True)
    expect(box).to_be_focused()
    page.keyboard.type(customer)
    listed = page.locator("[role=listbox]:not([hidden])").get_by_role("option")
    expect(listed.first).to_be_visible()
    if "C001" not in listed.first.inner_text():
        page.keyboard.press("F8")
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("编码").fill(customer)
        dialog.get_by_label("名称").fill("上海申通机械")
        dialog.get_by_role("button", name="保存").click()
        expect(dialog).to_be_hidden()
        expect(box).to_have_value(re.compile("上海申通机械"))
        box.focus()
    page.keyboard.press("Enter")


def review_and_post(visitor: Visitor, page: Page, slug: str) -> None:
    """Both for the whole list at once; posting asks first and names count and sum."""
    page.goto(visitor.address(slug, "/finance/vouchers/"))
    bar = page.get_by_role("toolbar", name="批量操作")
    page.get_by_role("checkbox", name="全选本页").check()
    bar.get_by_role("button", name="审核").click()
    expect(page.get_by_role("table", name="凭证列表").get_by_text("已审核")).to_have_count(3)
    page.get_by_role("checkbox", name="全选本页").check()
    bar.get_by_role("button", name="记账").click()
    dialog = page.get_by_role("dialog", name="记账 3 张凭证？")
    expect(dialog).to_contain_text("23,000.00")  # 12,000 + 8,000 + 3,000
    dialog.get_by_role("button", name="记账").click()
    for number in ("记-1", "记-2", "记-3"):
        expect(page.get_by_role("link", name=number, exact=True)).to_be_visible()


def read_reports(visitor: Visitor, page: Page, slug: str) -> None:
    """Trial balance and the three statements, each figure led down to its voucher."""
    page.goto(visitor.address(slug, "/finance/reports/trial-balance/?from=2026-01&to=2026-01"))
    table = page.get_by_role("table", name="科目余额表")
    expect(table.get_by_role("row", name=re.compile("^合计"))).to_contain_text("23,000.00")
    table.get_by_role("link", name="银行存款", exact=True).click()
    ledger = page.get_by_role("table", name="明细账")
    expect(ledger).to_contain_text("55,000.00")  # 50,000 + 8,000 - 3,000
    ledger.get_by_role("link", name="记-2").click()
    expect(page.get_by_role("heading", level=1, name="凭证 记-2")).to_be_visible()

    for name, line, figure in (
        ("资产负债表", "货币资金", "55,000.00"),
        ("利润表", "营业收入", "12,000.00"),
        ("现金流量表", "销售产成品、商品、提供劳务收到的现金", "8,000.00"),
    ):
        page.goto(visitor.address(slug, "/finance/reports/"))
        page.get_by_role("link", name=name).click()
        row = page.get_by_role("table", name=name).get_by_role("row").filter(has_text=line).first
        expect(row).to_contain_text(figure)
        row.get_by_role("link", name=re.compile(line)).click()
        expect(page.get_by_role("main").get_by_text(figure).first).to_be_visible()


def close_january(visitor: Visitor, page: Page, slug: str) -> None:
    """结转损益 makes its vouchers, reviewed and posted like any other; then the month is closed."""
    page.goto(visitor.address(slug, "/finance/close/?period=2026-01"))
    page.get_by_role("button", name="结转损益").click()
    expect(page.get_by_role("heading", name="本期结转凭证")).to_be_visible()
    expect(page.get_by_role("button", name="结账", exact=True)).to_be_disabled()

    made = page.locator("section", has_text="本期结转凭证").get_by_role("link")
    for path in made.evaluate_all("links => links.map(a => a.href)"):
        page.goto(path)
        page.get_by_role("button", name="审核", exact=True).click()
        expect(page.locator(".q-head")).to_contain_text("已审核")
        page.get_by_role("button", name="记账", exact=True).click()
        expect(page.get_by_role("heading", level=1, name=re.compile(r"凭证 记-\d+$"))).to_be_visible()

    page.goto(visitor.address(slug, "/finance/close/?period=2026-01"))
    page.get_by_role("button", name="结账", exact=True).click()
    expect(page.locator(".q-head")).to_contain_text("已结账")


def accept_terms(visitor: Visitor, page: Page, slug: str) -> None:
    page.goto(visitor.address(slug, "/company/apps/"))
    page.get_by_role("button", name="管理轻财务").click()
    dialog = page.get_by_role("dialog", name="管理轻财务")
    expect(dialog.get_by_role("region", name="费用预览")).to_contain_text("今天应付 ¥0.00")  # the trial is free
    dialog.get_by_role("button", name="取消").click()

    page.get_by_role("link", name="确认条款，继续使用").click()
    terms = page.get_by_role("dialog", name="确认服务条款")
    # 5 January and 14 days of trial: from the 19th, 13 of 31 days: 99.00 x 13 / 31 = 41.516…
    expect(terms.get_by_role("region", name="费用预览")).to_contain_text("¥41.52")
    terms.get_by_role("checkbox").check()
    terms.get_by_role("button", name="确认", exact=True).click()
    expect(page.get_by_text("之后自动转为正式使用")).to_be_visible()


def find_invoice(visitor: Visitor, page: Page, slug: str, *, state: str) -> str:
    page.goto(visitor.address(slug, "/company/invoices/"))
    row = page.get_by_role("table", name="账单列表").get_by_role("row").nth(1)
    expect(row).to_contain_text("¥41.52")
    expect(row).to_contain_text(state)
    return row.get_by_role("link").inner_text()


def import_bank_statement(visitor: Visitor, password: str, number: str) -> None:
    """The operator reads the bank's file in; the remark names the invoice, so it is matched at once."""
    page = visitor.window()
    visitor.sign_in(page, "", OPERATOR, password)
    page.goto(visitor.address(path="/operator/bank/"))
    page.get_by_role("button", name="导入银行流水").click()
    row_of_bank = f"S1,2026-01-22 10:00:00,41.52,CNY,恒达五金厂,6222,货款 {number.lower()}"
    dialog = page.get_by_role("dialog", name="导入银行流水")
    dialog.get_by_label(re.compile("对账单文件")).set_input_files(
        {"name": "bank.csv", "mimeType": "text/csv", "buffer": f"{COLUMNS}\n{row_of_bank}\n".encode()}
    )
    dialog.get_by_role("button", name="导入", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("自动核对 1")
    page.get_by_role("radio", name="已核对").check()
    row = page.get_by_role("table", name="银行流水").get_by_role("row").filter(has_text="恒达五金厂")
    expect(row).to_contain_text("已核对")


def test_vouchers_on_a_phone(company: Site, visitor: Visitor):
    """List, entry and approval with a thumb at 390 px: no bottom bar while entering, the difference in the save bar."""
    keep_books(company)
    slug = company.host.partition(".")[0]
    page = visitor.window(390, 844)
    visitor.sign_in(page, slug, OWNER, PASSWORD)
    page.goto(visitor.address(slug, "/finance/vouchers/"))
    page.get_by_role("link", name=re.compile("^新增凭证")).first.tap()

    expect(page.get_by_role("navigation", name="底部导航")).to_have_count(0)
    page.get_by_label("日期", exact=True).fill("2026-01-15")
    for line, (account, side) in enumerate((("560299", "借方金额"), ("1002", "贷方金额")), start=1):
        page.get_by_label(f"摘要 {line}", exact=True).fill("支付房租")
        page.get_by_label(f"会计科目 {line}", exact=True).tap()
        page.get_by_label(f"会计科目 {line}", exact=True).fill(account)
        page.get_by_role("listbox", name="科目").get_by_role("option", name=re.compile(account)).first.tap()
        page.get_by_label(f"{side} {line}", exact=True).fill("3000")
    expect(page.locator(".q-savebar")).to_contain_text("借贷平衡")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(".q-savebar").get_by_role("button", name="保存", exact=True).tap()

    page.get_by_role("button", name="审核", exact=True).tap()
    expect(page.locator(".q-head")).to_contain_text("已审核")
    page.get_by_role("button", name="记账", exact=True).tap()
    expect(page.get_by_role("heading", level=1, name=re.compile("记-1"))).to_be_visible()
    page.goto(visitor.address(slug, "/finance/vouchers/"))
    expect(page.get_by_role("link", name="记-1", exact=True)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
