"""恒达五金 of the first story: its host, its sign-up, its first books."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.billing.services.companies import create_operator

START = "2026-01-05T09:00:00+08:00"


class Site:
    """One host as a client sees it; every answer is checked for the status it should have."""

    def __init__(self, host: str, token: str = "") -> None:
        self.host = host
        self.client = APIClient(HTTP_HOST=host)
        if token:
            self.client.credentials(HTTP_AUTHORIZATION=f"Token {token}")

    def get(self, path: str, status: int = 200, **query: str) -> Any:
        answer = self.client.get(f"/api/v1/{path}", query)
        assert answer.status_code == status, answer.content.decode()[:1000]
        return answer.json()

    def post(self, path: str, body: Any = None, status: int = 200, key: str = "") -> Any:
        headers: dict[str, Any] = {"HTTP_IDEMPOTENCY_KEY": key} if key else {}
        answer = self.client.post(f"/api/v1/{path}", body or {}, format="json", **headers)
        assert answer.status_code == status, answer.content.decode()[:1000]
        return answer.json() if answer.content else None

    def put(self, path: str, body: Any) -> Any:
        answer = self.client.put(f"/api/v1/{path}", body, format="json")
        assert answer.status_code == 200, answer.content.decode()[:1000]
        return answer.json()

    def patch(self, path: str, body: Any) -> Any:
        answer = self.client.patch(f"/api/v1/{path}", body, format="json")
        assert answer.status_code == 200, answer.content.decode()[:1000]
        return answer.json()


@pytest.fixture
def operator_keys(committed_db) -> tuple[str, str | None]:
    """Token and password of the operator's member of staff."""
    return create_operator(email="boss@operator.example", name="运营")


@pytest.fixture
def operator_password(operator_keys: tuple[str, str]) -> str:
    return operator_keys[1]


@pytest.fixture
def operator(operator_keys: tuple[str, str]) -> Site:
    site = Site("localhost", operator_keys[0])
    site.post("operator/test-clock/", {"now": START})
    return site


@pytest.fixture
def company(operator: Site) -> Site:
    """恒达五金 after sign-up."""
    wish = {
        "company": "恒达五金厂",
        "slug": "hengda",
        "owner_name": "刘伟",
        "owner_email": "liuwei@hengda.example",
        "password": "Hengda-2026-wujin",
        "modules": ["finance"],
        "interval": "month",
        "alignment": "calendar",
        "accept_terms": True,
    }
    public = Site("localhost")
    signup = public.post("signup/", wish, 202)
    public.post(f"signup/{signup['signup']}/confirm/", {"code": signup["test_code"]}, 202)
    ready = public.get(f"signup/{signup['signup']}/")
    assert ready["status"] == "ready"
    assert ready["tenant"].startswith("hengda-")
    return Site(f"{ready['tenant']}.localhost", ready["token"])


def keep_books(company: Site) -> None:
    """Set up, open, and start the book of January 2026."""
    setup = {"company_name": "恒达五金厂", "tax_id": "91320583MA1X8KQ27A", "standard": "small_enterprise"}
    company.post("finance/book/setup/", {**setup, "taxpayer_kind": "small_scale", "start_period": "2026-01"}, 201)
    company.patch("finance/book/", {"separate_reviewer": False, "reason": "只有一名会计"})
    rows = [
        {"account": "1002", "balance": "50000.00"},
        {"account": "3001", "balance": "50000.00"},
    ]
    assert company.put("finance/opening-balances/", {"rows": rows})["balanced"] is True
    company.post("finance/book/start/")
