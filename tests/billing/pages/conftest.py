"""A subscription for the two companies, a clock that stands, and a member of the operator's staff."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from apps.billing.domain.calendar import ZONE
from apps.billing.models import Subscription
from apps.billing.services import subscriptions
from tenants.context import Company
from tenants.models import User

TODAY = datetime(2026, 11, 21, 10, 30, tzinfo=ZONE)
FIRST = datetime(2026, 11, 1, 9, 0, tzinfo=ZONE)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """21 November 2026, half past ten: ten days of the month are left."""
    for module in ("subscription", "usage", "invoices", "details", "board", "companies", "money", "system", "public"):
        for name, value in (("now", TODAY), ("today", TODAY.date())):
            monkeypatch.setattr(f"apps.billing.views.{module}.{name}", lambda value=value: value, raising=False)
    monkeypatch.setattr("apps.billing.shell.today", TODAY.date)
    return TODAY


@pytest.fixture
def active(hongda: Company, clock: datetime) -> Subscription:
    """宏达五金 has 轻财务 since the first of the month, terms accepted: ¥99.00 on an open invoice."""
    return subscriptions.begin(tenant_id=hongda.id, modules=["finance"], at=FIRST, trial_days=0, terms_accepted=True)


@pytest.fixture
def trial(hongda: Company, clock: datetime) -> Subscription:
    """宏达五金 tries 轻财务 for 14 days from the 16th: the 29th is the last one."""
    return subscriptions.begin(
        tenant_id=hongda.id, modules=["finance"], at=TODAY.replace(day=16), trial_days=14, terms_accepted=False
    )


@pytest.fixture
def other(hengxin: Company, clock: datetime) -> Subscription:
    """恒信机械 has a subscription and an invoice of its own."""
    return subscriptions.begin(tenant_id=hengxin.id, modules=["finance"], at=FIRST, trial_days=0, terms_accepted=True)


@pytest.fixture
def staff(db: None) -> User:
    user = User(name="运营小周", email="ops@qingzhun.example", is_operator=True)
    user.set_password("Yunying-2026-zhou")
    user.save()
    return user


@pytest.fixture
def operator(staff: User) -> Client:
    """A browser of the operator's staff on the bare domain."""
    client = Client(HTTP_HOST="localhost")
    session = client.session
    session.update({"user_id": staff.pk, "tenant_id": None})
    session.save()
    client.cookies["qz_session"] = str(session.session_key)
    return client


@pytest.fixture
def htmx() -> dict[str, str]:
    return {"HTTP_HX_REQUEST": "true"}


Page = Callable[[str], Client]
Json = dict[str, Any]
