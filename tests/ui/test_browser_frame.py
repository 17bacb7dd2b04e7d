"""The frame in a browser: names, keys, dialogs, toasts, one record a press, phones, accessibility."""

import io
from pathlib import Path

import pytest
import segno
from django.conf import settings
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
AXE = (Path(settings.BASE_DIR) / "static" / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def focused(page):
    return page.evaluate("document.activeElement.getAttribute('aria-label') || document.activeElement.id")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_serious_and_nothing_overflows(site, theme, width):
    page = site.open(theme=theme, width=width)
    # Scrolling is smooth: while the page moves to its first wrong field, fixed bars cover what they do not at rest.
    page.emulate_media(reduced_motion="reduce")
    page.wait_for_load_state("networkidle")
    expect(page.locator("[aria-invalid=true]").first).to_be_focused()
    page.evaluate("scrollTo(0, 0)")

    page.evaluate(AXE)
    found = page.evaluate(
        f"axe.run(document, {{runOnly: {RULES}}})"
        ".then(r => r.violations.map(v => [v.impact, v.id, v.nodes.map(n => n.html + n.failureSummary)]))"
    )

    assert [one for one in found if one[0] in ("serious", "critical")] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_nothing_is_cut_off_at_360_px(site):
    page = site.open(width=360)

    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_frame_has_its_exact_names(site):
    page = site.open()

    expect(page.get_by_role("navigation", name="主导航", exact=True)).to_be_visible()
    for name in ("切换到深色", "Switch to English", "账户：李敏", "通知，3 条未读"):
        expect(page.get_by_role("button", name=name, exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="搜索凭证、物料")).to_be_visible()
    expect(page).to_have_title("组件 · 轻准")


def test_frame_has_its_english_names(site):
    page = site.open(lang="en")

    expect(page.get_by_role("navigation", name="Main navigation", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Switch to dark", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="切换到中文", exact=True)).to_have_attribute("lang", "zh-CN")
    expect(page).to_have_title("Components · Qingzhun")


def test_first_tab_stop_moves_focus_into_main(site):
    page = site.open()
    page.evaluate("document.activeElement.blur(); document.body.tabIndex = -1; document.body.focus()")

    page.keyboard.press("Tab")
    skip = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")

    assert skip == "跳到主要内容"
    assert page.evaluate("document.activeElement.id") == "main"


def test_drawer_on_phones_is_hidden_until_opened(site):
    page = site.open(width=390)
    drawer = page.get_by_role("navigation", name="主导航")

    expect(drawer).to_be_hidden()
    page.get_by_role("button", name="打开菜单").click()
    expect(drawer).to_be_visible()
    page.keyboard.press("Escape")

    expect(drawer).to_be_hidden()
    expect(page.get_by_role("navigation", name="底部导航")).to_be_visible()


def test_palette_opens_asks_and_gives_focus_back(site):
    site.answers["/search/"] = (200, '<a role="option" id="h1" href="/finance/">1122 应收账款</a>')
    page = site.open()
    page.get_by_role("searchbox", name="搜索凭证").focus()

    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="全局搜索").type("yszk")

    expect(page.get_by_role("dialog", name="全局搜索")).to_be_visible()
    expect(page.locator("#h1")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    assert focused(page) == "搜索凭证"


def test_list_keys_choose_rows_and_show_the_bulk_bar(site):
    page = site.open()
    page.evaluate("document.activeElement.blur()")

    page.keyboard.press("ArrowDown")
    page.keyboard.press("x")
    bar = page.get_by_role("toolbar", name="批量操作")

    expect(bar).to_contain_text("1 张已选")
    for name in ("审核", "记账", "打印", "导出", "取消选择"):
        expect(bar.get_by_role("button", name=name, exact=True)).to_be_visible()
    bar.get_by_role("button", name="取消选择").click()
    expect(bar).to_be_hidden()


def test_theme_turns_at_once_and_is_kept_by_the_server(site):
    page = site.open()

    page.get_by_role("button", name="切换到深色").click()

    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    expect(page.get_by_role("button", name="切换到浅色")).to_be_visible()
    assert site.posted == ["/pref/"]


def test_copy_says_so_and_the_toast_goes(site):
    page = site.open()

    page.get_by_role("button", name="复制付款附言").click()

    toast = page.get_by_role("status").filter(has_text="已复制")
    expect(toast).to_be_visible()
    page.mouse.move(1, 1)
    expect(toast).to_be_hidden(timeout=6000)


def test_two_presses_make_one_record(site):
    page = site.open()
    page.evaluate(
        """() => { const form = document.querySelector("form:has(q-grid)");
        form.setAttribute("hx-post", "/save/"); form.setAttribute("action", "/save/");
        form.setAttribute("hx-swap", "none");
        form.insertAdjacentHTML("beforeend", "<button type=submit id=save>保存</button>"); htmx.process(form); }"""
    )

    page.locator("#save").evaluate("button => { button.click(); button.click(); }")
    page.wait_for_timeout(250)
    page.locator("#save").evaluate("button => button.click()")
    page.wait_for_timeout(250)

    assert site.posted == ["/save/"]


def test_dialog_closes_with_escape_and_gives_focus_back(site):
    page = site.open()
    opener = page.get_by_role("button", name="邀请成员")

    opener.click()
    expect(page.get_by_role("dialog", name="邀请成员")).to_be_visible()
    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog", name="邀请成员")).to_be_hidden()
    expect(opener).to_be_focused()


def test_reader_reads_a_code_from_a_photo(site):
    picture = io.BytesIO()
    segno.make("6901234567892").save(picture, kind="png", scale=6)
    page = site.open()

    text = page.evaluate(
        """async (bytes) => { await new Promise((done) => document.head.append(Object.assign(
          document.createElement("script"), { src: "/static/vendor/zxing-reader.js", onload: done })));
        ZXingWASM.prepareZXingModule({ overrides: { locateFile: () => "/static/vendor/zxing_reader.wasm" } });
        const [code] = await ZXingWASM.readBarcodes(new Blob([new Uint8Array(bytes)]),
          { formats: ["EAN13", "QRCode"] });
        return code.text; }""",
        list(picture.getvalue()),
    )

    assert text == "6901234567892"
