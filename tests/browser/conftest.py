"""Fixtures of the browser tests: the demo company as its people see it, and the operator's site."""

from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings
from playwright.sync_api import Browser, Page

from kernel.demo import SLUG
from tenants.embedded.sign_ins import recall_sign_ins
from tests.databases import own_database
from tests.live_site import Visitor, chromium, serving, visitor, watched

__all__ = ["chromium", "demo", "demo_port", "person", "visitor"]


@pytest.fixture(scope="module")
def demo_port(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The product with the demo company, for the tests of one file, which leave it as they found it."""
    own_folder = override_settings(DATA_DIR=tmp_path_factory.mktemp("demo"))  # each worker's people have their own keys
    with django_db_blocker.unblock(), own_database("demo"), own_folder:
        call_command("demo", stdout=StringIO())
        with serving() as port:
            yield port


@pytest.fixture
def demo(chromium: Browser, demo_port: int) -> Iterator[Visitor]:
    yield from watched(chromium, demo_port)


@pytest.fixture
def person(demo: Visitor) -> Callable[..., Page]:
    """`person("owner", 390)`: a window of that width, signed in as 老板 or (`"operator"`) as the operator's staff."""
    _url, people = recall_sign_ins(Path(settings.DATA_DIR))

    def signed_in(role: str, width: int = 1280, **options: Any) -> Page:
        title = {"owner": "老板", "operator": "运营"}[role]
        one = next(entry for entry in people if entry.role == title)
        page = demo.window(width, **options)
        demo.sign_in(page, "" if role == "operator" else SLUG, one.account, one.password)
        return page

    return signed_in
