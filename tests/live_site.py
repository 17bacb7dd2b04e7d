"""The product in a real browser: served from this process on a database of its own, every complaint noted.

Fixtures for `tests/browser/conftest.py` and `tests/stories/conftest.py`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.test import override_settings
from django.test.testcases import QuietWSGIRequestHandler
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.chromium import shared_chromium

# What a refused form or an overtaken save answers; the browser reports every such answer as an error of its own.
EXPECTED = ("status of 422", "status of 409")
# A report of the policy reaches the console whatever the browser's own words for it are.
LISTENER = """document.addEventListener("securitypolicyviolation",
    (e) => console.error(`policy: ${e.violatedDirective} ${e.blockedURI}`));"""


@contextmanager
def serving() -> Iterator[int]:
    """Serve the product with its static files on a free port of this machine; gives the port."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietWSGIRequestHandler)
    server.set_app(StaticFilesHandler(WSGIHandler()))
    port = int(server.server_address[1])
    thread = Thread(target=server.serve_forever, daemon=True)
    with override_settings(QZ_PORT=port, QZ_PUBLIC_PORT=str(port)):
        thread.start()
        try:
            yield port
        finally:
            server.shutdown()
            server.server_close()


class Visitor:
    """Opens windows on the served product and remembers what the browser complained about."""

    def __init__(self, browser: Browser, port: int) -> None:
        self.browser = browser
        self.port = port
        self.complaints: list[str] = []
        self._contexts: list[BrowserContext] = []

    def address(self, slug: str = "", path: str = "/") -> str:
        """Of a page at a company's host; of the bare domain without a slug."""
        host = f"{slug}.{settings.QZ_BASE_DOMAIN}" if slug else settings.QZ_BASE_DOMAIN
        return f"http://{host}:{self.port}{path}"

    def window(self, width: int = 1280, height: int = 800, **options: Any) -> Page:
        """An empty window of a new browser profile; below 500 px a phone with a touch screen."""
        phone = width < 500
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, is_mobile=phone, has_touch=phone, service_workers="block",
            **options,
        )  # fmt: skip
        context.add_init_script(LISTENER)
        context.on("console", self._heard)
        context.on("weberror", lambda error: self.complaints.append(f"{error.page and error.page.url}: {error.error}"))
        self._contexts.append(context)
        return context.new_page()

    def same_person(self, page: Page, width: int, height: int = 844) -> Page:
        """A second device of the person who is signed in at `page`."""
        return self.window(width, height, storage_state=page.context.storage_state())

    def sign_in(self, page: Page, slug: str, account: str, password: str) -> None:
        """Through the form, as people do."""
        page.goto(self.address(slug, "/signin/"))
        page.get_by_label("邮箱或手机号").fill(account)
        page.get_by_label("密码", exact=True).fill(password)
        page.get_by_role("button", name="登录", exact=True).click()
        page.wait_for_url(lambda url: "/signin/" not in url)

    def prefer(self, page: Page, *, theme: str = "light", lang: str = "zh-hans") -> None:
        """Set what the switches in the header keep."""
        host = page.url.split("/")[2].split(":")[0]
        kept = {"qz_theme": theme, "qz_lang": lang}
        page.context.add_cookies(
            [{"name": name, "value": value, "domain": host, "path": "/"} for name, value in kept.items()]
        )

    def close(self) -> None:
        for context in self._contexts:
            context.close()

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(known in message.text for known in EXPECTED):
            where = message.page.url if message.page else ""
            self.complaints.append(f"{where}: {message.text} {message.location.get('url', '')}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with shared_chromium() as browser:
        yield browser


@pytest.fixture
def visitor(chromium: Browser, committed_db: str) -> Iterator[Visitor]:
    """A browser on the product with 宏达五金 and 恒信机械, in a database that the test may fill as it likes."""
    # Tasks run inside the request here, so a row read by both looks like a question asked too often.
    with override_settings(ZEAL_RAISE=False), serving() as port:
        yield from watched(chromium, port)


def watched(browser: Browser, port: int) -> Iterator[Visitor]:
    """A visitor who fails the test when the browser complained."""
    one = Visitor(browser, port)
    yield one
    one.close()
    assert not one.complaints, one.complaints
