"""Budgets of the pages: bytes of the first and of a repeated view on a real web server, and no jumping."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser

from kernel.demo import SLUG
from tenants.models import Membership
from tenants.sessions import SessionStore
from tests.databases import own_database
from tools.web_server import web_server
from tools.wire import first_and_repeat

# One worker serves and asks, and the machine does nothing else meanwhile.
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.alone]
PAGES = ("/", "/finance/vouchers/", "/finance/vouchers/new/", "/finance/reports/trial-balance/", "/company/apps/")
FIRST, REPEAT, SHIFT = 80_000, 12_000, 0.05  # bytes, bytes, cumulative layout shift


@pytest.fixture(scope="module")
def served(demo_built: tuple[str, Path], django_db_blocker: Any) -> Iterator[tuple[str, dict[str, str]]]:
    """The demo company's address on a real web server, and the cookies of its owner."""
    with django_db_blocker.unblock(), own_database("served", demo_built[0]):
        cookies = {settings.SESSION_COOKIE_NAME: session_of_owner()}
        with web_server() as port:
            yield f"http://{SLUG}.{settings.QZ_BASE_DOMAIN}:{port}", cookies


def session_of_owner() -> str:
    row = Membership.objects.get(tenant__slug=SLUG, role="owner")
    session = SessionStore()
    session.update({"user_id": row.user_id, "tenant_id": row.tenant_id})
    session.save()
    return str(session.session_key)


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("path", PAGES)
def test_view_stays_within_its_budget(chromium: Browser, served, path, width):
    host, cookies = served

    first, repeat = first_and_repeat(chromium, host + path, cookies, width)

    assert (first.status, repeat.status) == (200, 200)
    assert first.bytes <= FIRST
    assert repeat.bytes <= REPEAT
    assert max(first.shift, repeat.shift) <= SHIFT
