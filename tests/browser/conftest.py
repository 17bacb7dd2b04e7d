"""Fixtures of the browser tests: the demo company as its people see it, and the operator's site."""

import fcntl
import os
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.test import override_settings
from playwright.sync_api import Browser, Page

from kernel.demo import SLUG
from tenants.context import leave_company
from tenants.embedded.sign_ins import recall_sign_ins
from tests.databases import copy_database, own_database, point_at
from tests.live_site import Visitor, chromium, serving, visitor, watched

__all__ = ["chromium", "demo", "demo_port", "person", "visitor"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What measures comes last, when the other worker has nothing left to do."""
    items.sort(key=lambda item: item.get_closest_marker("alone") is not None)


@pytest.fixture(autouse=True)
def _room(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that measures waits until no other one is at work in this run, and lets none begin."""
    alone = request.node.get_closest_marker("alone") is not None
    with (Path(os.environ["QZ_TEST_RUN_DIR"]) / "browser.lock").open("w") as door:
        fcntl.flock(door, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        yield


@pytest.fixture(scope="session")
def demo_built(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path]:
    """The demo company, built once a worker: the database to copy, and the folder that knows its people's passwords."""
    folder = tmp_path_factory.mktemp("demo")
    before = connections["default"].settings_dict["NAME"]
    name = f"{before}_built"
    with django_db_blocker.unblock(), override_settings(DATA_DIR=folder):
        copy_database(name)
        point_at(name)
        call_command("demo", stdout=StringIO())
        leave_company()
        connections.close_all()  # a database with visitors is not copied
        point_at(before)
    return name, folder


@pytest.fixture(scope="module")
def demo_port(demo_built: tuple[str, Path], django_db_blocker: Any) -> Iterator[int]:
    """The product with the demo company, for the tests of one file, which leave it as they found it."""
    built, folder = demo_built
    own_folder = override_settings(DATA_DIR=folder)  # each worker's people have their own keys
    with django_db_blocker.unblock(), own_database("demo", built), own_folder, serving() as port:
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
