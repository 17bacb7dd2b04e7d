"""Every page of the menu, and what those pages lead to, in English: no Chinese but the company's own words."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.urls import reverse

from kernel import registry
from tests.finance.api.company import Books

CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
LEAVES = ("/signout/", "/switch/", "/static/", "/api/", "/style/", "/files/", "#")
PLAIN = ("/signin/", "/signin/forgot/", "/offline/", "/nowhere/", "/company/security/totp/", "/company/members/1/")
TYPED = {"value"}  # what an input holds is what somebody typed


class Foreign(HTMLParser):
    """Collects Chinese text and attributes that stand outside lang="zh-CN"."""

    def __init__(self) -> None:
        super().__init__()
        self.inside: list[tuple[str, bool]] = []
        self.found: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        chinese = given.get("lang") == "zh-CN" or (bool(self.inside) and self.inside[-1][1])
        if "lang" in given and given["lang"] != "zh-CN":
            chinese = False
        if not chinese:
            self.found += [f"{name}={value}" for name, value in attrs
                           if value and name not in TYPED and CHINESE.search(unescape(value))]  # fmt: skip
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        if tag not in VOID:
            self.inside.append((tag, chinese))

    def handle_endtag(self, tag):
        while self.inside and self.inside.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if CHINESE.search(data) and not (self.inside and self.inside[-1][1]):
            self.found.append(data.strip()[:80])


def read(html: str) -> Foreign:
    parser = Foreign()
    parser.feed(html)
    return parser


@pytest.fixture
def alice_in_english(page_of, api_of):
    books = Books(api_of("alice")).started()
    lines = [{"summary": "收到投资款", "account": "1002", "debit": "8.88"},
             {"summary": "收到投资款", "account": "3001", "credit": "8.88"}]  # fmt: skip
    books.posted("2026-01-05", *lines)
    client = page_of("alice")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def menu_pages() -> list[str]:
    return [reverse(item.url_name) for group in registry.groups() for item in group.items]


def test_no_page_speaks_chinese_to_an_english_reader(alice_in_english):
    wrong, seen = {}, set()
    waiting = [("/", 0), *((path, 0) for path in (*menu_pages(), *PLAIN))]
    while waiting:
        path, depth = waiting.pop(0)
        page = re.sub(r"\d+", "1", path.partition("?")[0])
        if page in seen:
            continue
        seen.add(page)
        answer = alice_in_english.get(path)
        if not answer.get("Content-Type", "").startswith("text/html"):
            continue
        told = read(answer.content.decode())
        if told.found:
            wrong[path] = sorted(set(told.found))[:6]
        if depth == 0:
            inner = [link for link in told.links if link.startswith("/") and not link.startswith(LEAVES)]
            waiting += [(link, 1) for link in inner if "format=" not in link]

    assert len(seen) > 30
    assert not wrong, "\n".join(f"{path}: {found}" for path, found in wrong.items())


def test_the_reader_of_this_test_hears_chinese():
    html = '<p title="凭证">a<b lang="zh-CN">螺栓</b><i>记账</i></p>'

    assert read(html).found == ["title=凭证", "记账"]
