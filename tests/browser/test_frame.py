"""The frame on the real product: every page of the menus, in both themes, at both widths, without a complaint."""

import re
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from playwright.sync_api import Page, Request, expect

from tests.chromium import PATIENCE

pytestmark = pytest.mark.browser
AXE = (Path(settings.BASE_DIR) / "static" / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
COLOURS = ["color-contrast", "link-in-text-block"]  # all that the other theme can change
NARROWEST = 360
# Leaves the product, ends the session, or answers a file.
NOT_A_PAGE = re.compile(r"/signout/|/handoff/|/switch/|/pdf/|/print/|/files/|/api/|/static/|format=|\.xlsx|template|^#")
MOST_PAGES = 90


# Letters have their faces, lists that load when they come into sight have been seen, scripts have had their turn.
STILL = """() => document.fonts.ready.then(() => new Promise((done) =>
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50)))))"""


class Traffic:
    """What a page has asked for."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked = 0
        self.unanswered: set[Request] = set()
        page.on("request", self._asks)
        page.on("requestfinished", lambda request: self.unanswered.discard(request))
        page.on("requestfailed", lambda request: self.unanswered.discard(request))

    def _asks(self, request: Request) -> None:
        self.asked += 1
        self.unanswered.add(request)

    def wait_until_still(self) -> None:
        """Until nothing is under way and nothing new was asked for while the page drew itself."""
        deadline = monotonic() + PATIENCE / 1000
        before = -1
        while self.unanswered or self.asked != before:
            assert monotonic() < deadline, [request.url for request in self.unanswered]
            before = self.asked
            self.page.evaluate(STILL)


def menu_links(page: Page) -> list[str]:
    """Pages of the menu; a module that is not paid for leads to 应用与订阅 and is left out."""
    return page.locator("nav.q-side a.q-link").evaluate_all("links => links.map(a => a.getAttribute('href'))")


def links_within(page: Page) -> list[str]:
    """Links of the page itself that lead to pages."""
    found = page.locator("main a[href]:not([target])").evaluate_all(
        "links => links.map(a => [a.href, a.getAttribute('href')])"
    )
    host = urlsplit(page.url).netloc
    return [
        urlsplit(whole)._replace(scheme="", netloc="", fragment="").geturl()
        for whole, written in found
        if urlsplit(whole).netloc == host and not NOT_A_PAGE.search(written)
    ]


def kind_of(path: str) -> str:
    """One voucher stands for all, one account for all."""
    return re.sub(r"\d+|[0-9A-F]{8,}|INV-[\w-]+", "#", urlsplit(path).path)


def serious_findings(page: Page, theme: str) -> list[str]:
    page.evaluate("theme => { document.documentElement.dataset.bsTheme = theme }", theme)
    found = page.evaluate(
        f"axe.run(document, {{runOnly: {RULES if theme == 'light' else COLOURS}, resultTypes: ['violations']}})"
        ".then(r => r.violations.map(v => [v.impact, v.id, v.nodes.slice(0, 3).map(n => n.html.slice(0, 160))]))"
    )
    return [f"{theme}: {id_} {nodes}" for impact, id_, nodes in found if impact in ("serious", "critical")]


def faults_of(page: Page, width: int) -> list[str]:
    """What is wrong with the page that is open."""
    faults = []
    if page.locator("h1").count() != 1:
        faults.append(f"{page.locator('h1').count()} headings of the first rank")
    if page.locator("main#main").count() != 1:
        faults.append("no main")
    if "<c-" in page.content():
        faults.append("a component was sent raw")
    for theme in ("light", "dark"):
        faults += serious_findings(page, theme)
    for wide in {width, NARROWEST} if width < 500 else {width}:
        page.set_viewport_size({"width": wide, "height": 800})
        if (needed := page.evaluate("document.documentElement.scrollWidth")) > wide:
            faults.append(f"{needed} px needed at {wide}")
    page.set_viewport_size({"width": width, "height": 800})
    return faults


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 390])  # the inner one: two workers begin with one owner's walk each
@pytest.mark.parametrize("role", ["owner", "operator"])
def test_every_page_from_the_menu_is_sound(person, role, width):
    page = person(role, width, reduced_motion="reduce")
    traffic = Traffic(page)
    waiting = menu_links(page)
    assert len(waiting) > 8
    seen: set[str] = set()
    faults: dict[str, list[str]] = {}

    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        if kind_of(path) in seen:
            continue
        seen.add(kind_of(path))
        answer = page.goto(base_of(page) + path)
        traffic.wait_until_still()
        if answer is None or answer.status != 200:
            faults[path] = [f"status {answer and answer.status}"]
            continue
        waiting += links_within(page)
        page.evaluate(AXE)
        if found := faults_of(page, width):
            faults[path] = found

    assert not faults, "\n".join(f"{path}: {one}" for path, found in faults.items() for one in found)


def base_of(page: Page) -> str:
    parts = urlsplit(page.url)
    return f"{parts.scheme}://{parts.netloc}"


def test_english_pages_are_named_in_english(demo, person):
    page = person("owner")
    demo.prefer(page, lang="en")
    titles = {}

    for path in dict.fromkeys(menu_links(page)):
        page.goto(base_of(page) + path)
        titles[path] = page.title()
        expect(page.get_by_role("navigation", name="Main navigation", exact=True)).to_be_visible()

    assert {path: title for path, title in titles.items() if not re.fullmatch(r"[ -~–]+ · Qingzhun", title)} == {}


def test_list_filters_live_in_the_address(person):
    page = person("owner")
    page.goto(base_of(page) + "/finance/vouchers/")
    page.get_by_role("searchbox", name="搜索凭证").press_sequentially("工资")
    expect(page).to_have_url(re.compile("q=%E5%B7%A5%E8%B5%84"))
    page.get_by_role("group", name="状态").get_by_role("radio", name=re.compile("^已记账")).check()
    expect(page).to_have_url(re.compile("state=posted"))
    rows = page.get_by_role("table", name="凭证列表").get_by_role("row")
    expect(rows.nth(1)).to_contain_text("工资")
    shown = rows.count()

    rows.nth(1).get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1, name=re.compile("^凭证 记-"))).to_be_visible()
    page.go_back()

    for again in (lambda: None, page.reload):
        again()
        expect(page.get_by_role("searchbox", name="搜索凭证")).to_have_value("工资")
        expect(page.get_by_role("radio", name=re.compile("^已记账"))).to_be_checked()
        expect(rows).to_have_count(shown)
        expect(rows.nth(1)).to_contain_text("工资")


def test_theme_and_language_are_kept(person):
    page = person("owner")

    page.get_by_role("button", name="切换到深色").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.get_by_role("button", name="Switch to English").click()

    expect(page).to_have_title("Home · Qingzhun")
    page.goto(base_of(page) + "/finance/vouchers/")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    expect(page).to_have_title("Vouchers · Qingzhun")
    page.get_by_role("button", name="切换到中文").click()
    expect(page).to_have_title("凭证 · 轻准")
    page.get_by_role("button", name="切换到浅色").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")


def test_first_tab_stop_leads_into_the_page(person):
    page = person("owner")
    page.goto(base_of(page) + "/masterdata/items/")
    page.evaluate("document.activeElement.blur()")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到主要内容")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("#main")).to_be_focused()


def test_palette_leads_to_a_page_by_keyboard(person):
    page = person("owner")

    page.keyboard.press("Control+k")
    box = page.get_by_role("combobox", name="全局搜索")
    expect(box).to_be_focused()
    page.keyboard.type("凭证")
    expect(page.get_by_role("listbox", name="搜索结果").get_by_role("option").first).to_contain_text("凭证")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile("/finance/vouchers/"))


def test_drawer_opens_on_a_phone_and_leads_on(person):
    page = person("owner", 390)
    menu = page.get_by_role("navigation", name="主导航")
    expect(menu).to_be_hidden()

    page.get_by_role("button", name="打开菜单").tap()
    menu.get_by_text("财务", exact=True).first.tap()
    menu.get_by_role("link", name="报表").tap()

    expect(page.get_by_role("heading", level=1, name="报表")).to_be_visible()
    expect(page.get_by_role("navigation", name="底部导航")).to_be_visible()


def test_unknown_page_says_so_and_leads_back(person, demo):
    page = person("owner")

    answer = page.goto(base_of(page) + "/finance/nothing-here/")

    assert answer is not None and answer.status == 404
    expect(page.get_by_role("heading", level=1, name="找不到页面")).to_be_visible()
    page.get_by_role("link", name="返回工作台").click()
    expect(page.get_by_role("region", name="经营指标")).to_be_visible()
    demo.complaints[:] = [one for one in demo.complaints if "status of 404" not in one]
