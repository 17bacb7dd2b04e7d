"""What the tests of master data start from, over the API as a client would do it."""

from typing import Any

BASE = "/api/v1/masterdata/"


def given(api: Any, resource: str, **body: Any) -> dict[str, Any]:
    """Create a record; the answer."""
    answer = api.post(f"{BASE}{resource}/", body, format="json")
    assert answer.status_code == 201, answer.content.decode()
    return answer.json()


def given_item(api: Any, code: str = "M6-BOLT", name: str = "六角螺栓", **more: Any) -> dict[str, Any]:
    return given(api, "items", **{"code": code, "name": name, "stock_unit": "pcs", **more})


def given_partner(api: Any, code: str = "C001", name: str = "宏图机械有限公司", **more: Any) -> dict[str, Any]:
    return given(api, "partners", code=code, name=name, **more)


def refused(answer: Any, status: int, code: str) -> dict[str, Any]:
    """The body of a refusal, after looking at its status, its code and its shape."""
    body = answer.json()
    assert (answer.status_code, body["code"]) == (status, code), body
    assert answer["Content-Type"].startswith("application/problem+json")
    assert body["message"]
    return body
