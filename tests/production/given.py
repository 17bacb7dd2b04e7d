"""What the tests of planning start from, over the API as a client would do it."""

from contextlib import AbstractContextManager
from typing import Any

from tenants.context import company_of, tenant_context
from tenants.models import Tenant

BASE = "/api/v1/production/"
MASTER = "/api/v1/masterdata/"


def inside_hongda() -> AbstractContextManager[Any, bool | None]:
    """Stand inside 宏达五金 for what the API does not offer."""
    return tenant_context(company_of(Tenant.objects.get(slug="hongda")))


def posted(api: Any, path: str, body: Any, status: int = 201) -> dict[str, Any]:
    answer = api.post(BASE + path, body, format="json")
    assert answer.status_code == status, answer.content.decode()
    found: dict[str, Any] = answer.json()
    return found


def got(api: Any, path: str, **query: Any) -> Any:
    answer = api.get(BASE + path, query)
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def rows_of(api: Any, path: str, **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = got(api, path, **query)["results"]
    return found


def given_item(api: Any, code: str, **more: Any) -> str:
    body = {"code": code, "name": code, "stock_unit": "pcs", **more}
    answer = api.post(f"{MASTER}items/", body, format="json")
    assert answer.status_code == 201, answer.content.decode()
    return code


def given_bom(api: Any, item: str, *lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    return posted(api, "boms/", {"item": item, "lines": list(lines), "activate": True, **more})


def given_demand(api: Any, item: str, quantity: str, due_on: str, **more: Any) -> dict[str, Any]:
    return posted(api, "demands/", {"item": item, "quantity": quantity, "due_on": due_on, **more})


def given_stock(api: Any, **quantities: str) -> None:
    for item, quantity in quantities.items():
        posted(api, "stock-entries/", {"item": item.replace("_", "-"), "quantity": quantity})


def planned(api: Any, item: str, **values: Any) -> dict[str, Any]:
    answer = api.put(f"{BASE}planning-data/{item}/", values, format="json")
    assert answer.status_code == 200, answer.content.decode()
    found: dict[str, Any] = answer.json()
    return found


def run(api: Any, start_on: str = "2026-03-02", **more: Any) -> dict[str, Any]:
    found = posted(api, "mrp-runs/", {"start_on": start_on, "wait": 60, **more})
    assert found["state"] == "done", found
    return found


def refused(answer: Any, status: int, code: str) -> dict[str, Any]:
    body: dict[str, Any] = answer.json()
    assert (answer.status_code, body["code"]) == (status, code), body
    assert body["message"]
    return body
