"""Companies with subscriptions, people with tokens, and a clock that stands where a test puts it."""

from collections.abc import Callable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from rest_framework.test import APIClient

from apps.billing.services import clock, companies
from tenants.clock import frozen_at
from tenants.models import TestClock

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    """`2026-03-10 09:00` in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.fixture
def march(committed_db: str) -> Iterator[datetime]:
    """The test clock stands at 09:00 on 10 March 2026; the test commits in a database of its own."""
    moment = at("2026-03-10 09:00")
    TestClock.objects.update_or_create(pk=1, defaults={"now": moment})
    with frozen_at(moment):
        yield moment


@pytest.fixture
def company_of_modules(march: datetime) -> Callable[..., APIClient]:
    """`company_of_modules("falan", "finance")`: an active company; answers its owner's API client."""

    def make(slug: str, *modules: str, trial_days: int = 0) -> APIClient:
        made = companies.create_company(
            slug=slug, name=f"{slug} 五金", owner_email=f"boss@{slug}.example", modules=modules, at=march,
            trial_days=trial_days,
        )  # fmt: skip
        return client(f"{slug}.localhost", made.token)

    return make


def client(host: str, token: str) -> APIClient:
    return APIClient(HTTP_HOST=host, HTTP_AUTHORIZATION=f"Token {token}")


@pytest.fixture
def operator(march: datetime) -> APIClient:
    """The operator's staff at the bare domain."""
    token, _password = companies.create_operator(email="ops@qingzhun.example")
    return client("localhost", token)


def advance(to: str) -> None:
    """Move the test clock to `to`, running what falls due on the way."""
    clock.advance(to=at(to), actor=None)
