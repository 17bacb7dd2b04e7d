"""What a page costs on the wire and how much it jumps, as the browser itself counts it."""

import re
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, Page

# Charts and the scanner load when they are wanted, after the page stands.
LAZY = re.compile(r"echarts|zxing")
SHIFTS = """window.shifts = 0; new PerformanceObserver((list) => {
    for (const one of list.getEntries()) if (!one.hadRecentInput) window.shifts += one.value;
}).observe({ type: "layout-shift", buffered: true });"""
SETTLING_MS = 400


@dataclass(frozen=True)
class View:
    """One view of a page: bytes on the wire (compressed, with headers) and its cumulative layout shift."""

    bytes: int
    shift: float
    status: int


def first_and_repeat(browser: Browser, url: str, cookies: dict[str, str], width: int = 1280) -> tuple[View, View]:
    """The page in a browser that has only the cookies of a signed-in person, and the same page again."""
    phone = width < 500
    context = browser.new_context(
        viewport={"width": width, "height": 800}, is_mobile=phone, has_touch=phone, service_workers="block"
    )
    try:
        context.add_init_script(SHIFTS)
        context.add_cookies([{"name": name, "value": value, "url": url} for name, value in cookies.items()])
        page = context.new_page()
        return _view(page, url), _view(page, url)
    finally:
        context.close()


def _view(page: Page, url: str) -> View:
    session = page.context.new_cdp_session(page)
    addresses: dict[str, str] = {}
    sizes: dict[str, int] = {}

    def asked(event: dict[str, Any]) -> None:
        addresses[event["requestId"]] = event["request"]["url"]

    def finished(event: dict[str, Any]) -> None:
        sizes[event["requestId"]] = int(event["encodedDataLength"])

    session.on("Network.requestWillBeSent", asked)
    session.on("Network.loadingFinished", finished)
    session.send("Network.enable")
    answer = page.goto(url, wait_until="networkidle")
    page.wait_for_timeout(SETTLING_MS)
    total = sum(size for key, size in sizes.items() if not LAZY.search(addresses.get(key, "")))
    shift = float(page.evaluate("window.shifts"))
    session.detach()
    return View(bytes=total, shift=shift, status=answer.status if answer else 0)
