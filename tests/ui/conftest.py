"""A browser on the style page, without a server: pages are rendered here, files come from the tree."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation
from playwright.sync_api import Browser, Page, Route

from kernel.assets.samples import style_context
from tests.chromium import shared_chromium

ROOT = Path(settings.BASE_DIR)
HOST = "http://hongda.localhost"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".wasm": "application/wasm"}
FRAME = {
    "csrf_token": "t" * 32,
    "company": {"name": "宏达五金制品", "initial": "宏", "subtitle": "2026 年"},
    "member": {"name": "李敏", "initial": "李"},
    "request_path": "/style/",
    "period": {"value": "2026-11", "label": "2026-11", "url": "/period/"},
    "unread": 3,
    "nav": [],
    "bottom_nav": [
        {"label": "工作台", "url": "/", "icon": "home", "current": False, "raised": False, "menu": False},
        {"label": "更多", "url": "#", "icon": "menu-2", "current": False, "raised": False, "menu": True},
    ],
}


def policy(extra: str = "") -> str:
    rules = {key: " ".join(value) for key, value in settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].items()}
    rules["script-src"] += extra
    return "; ".join(f"{key} {value}" for key, value in rules.items())


def style_page(lang: str, theme: str) -> str:
    with translation.override(lang):
        context = {**FRAME, "lang": lang, "theme": theme, **style_context()}
        return render_to_string("style/index.html", context, RequestFactory().get("/style/"))


class Site:
    """Opens the style page and remembers what the browser complained about and what was posted."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.complaints: list[str] = []
        self.posted: list[str] = []
        self.answers: dict[str, tuple[int, str]] = {}

    def open(self, *, width: int = 1280, height: int = 800, lang: str = "zh-hans", theme: str = "light") -> Page:
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            is_mobile=width < 500,
            has_touch=width < 500,
            service_workers="block",
        )
        page = context.new_page()
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.route("**/*", lambda route: self._answer(route, style_page(lang, theme)))
        page.goto(f"{HOST}/style/")
        return page

    def _answer(self, route: Route, page: str) -> None:
        path = route.request.url.removeprefix(HOST).partition("?")[0]
        if route.request.method == "POST":
            self.posted.append(path)
        if path.startswith("/static/"):
            file = ROOT / path.lstrip("/")
            route.fulfill(body=file.read_bytes(), content_type=TYPES.get(file.suffix, "application/octet-stream"))
        elif path in self.answers:
            status, body = self.answers[path]
            route.fulfill(status=status, body=body, content_type="text/html; charset=utf-8")
        elif path == "/style/":
            headers = {"Content-Security-Policy": policy(" 'wasm-unsafe-eval'")}
            route.fulfill(body=page, content_type="text/html; charset=utf-8", headers=headers)
        else:
            route.fulfill(status=204, body="")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with shared_chromium() as browser:
        yield browser


@pytest.fixture
def site(chromium: Browser) -> Iterator[Any]:
    one = Site(chromium)
    yield one
    for context in chromium.contexts:
        context.close()
    assert not one.complaints
