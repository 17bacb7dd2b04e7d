"""What the shop-floor tests start from, over the API as a client would do it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from apps.production.models import Calendar, WorkCentre
from tenants.context import Company, company_of, tenant_context
from tenants.models import Tenant
from tests.masterdata.given import given, given_item

BASE = "/api/v1/production/"


@contextmanager
def inside() -> Iterator[Company]:
    """Stand in 宏达五金 for a look at the tables; between requests nobody stands anywhere."""
    with tenant_context(company_of(Tenant.objects.get(slug="hongda"))) as company:
        yield company


def given_centre(code: str = "LATHE-1", name: str = "数控车床 1 号", **more: Any) -> None:
    with inside():
        calendar = Calendar.objects.get(code_key="24x7")
        WorkCentre.objects.create(code=code, code_key=code.casefold(), name=name, calendar=calendar, **more)


def given_people(api: Any, *codes: str) -> None:
    """Employees of the workshop, by code."""
    for code in codes:
        given(api, "employees", code=code, name=f"师傅{code}")


def post(api: Any, path: str, body: dict[str, Any] | None = None, *, status: int = 201) -> dict[str, Any]:
    """The answer of a POST that must succeed."""
    answer = api.post(f"{BASE}{path}", body or {}, format="json")
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def get(api: Any, path: str) -> dict[str, Any]:
    answer = api.get(f"{BASE}{path}")
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def step(seq: int, **more: Any) -> dict[str, Any]:
    return {"seq": seq, "name": f"工序{seq}", "work_centre": "LATHE-1", "run_minutes": "2", **more}


def given_flange(api: Any) -> None:
    """法兰盘 DN50 and what it is made of, and the lathe it is turned on."""
    given_item(api, "DN50", "法兰盘 DN50", source="make")
    given_item(api, "STEEL", "圆钢", stock_unit="kg")
    given_item(api, "M6-BOLT", "六角螺栓")
    given_centre()


def order_body(**more: Any) -> dict[str, Any]:
    """Ten flanges in two steps, from 12 kg of steel and 40 bolts, by the end of June."""
    return {
        "item": "DN50",
        "quantity": "10",
        "due_on": "2030-06-30",
        "steps": [step(10), step(20)],
        "materials": [{"item": "STEEL", "quantity": "12"}, {"item": "M6-BOLT", "quantity": "40"}],
        **more,
    }


def given_order(api: Any, **more: Any) -> dict[str, Any]:
    """A released work order."""
    return post(api, "work-orders/", order_body(**{"release": True, **more}))


def report(api: Any, order: dict[str, Any], seq: int, good: str, *, status: int = 201, **more: Any) -> dict[str, Any]:
    """Report good pieces of one step."""
    return post(api, "reports/", {"work_order": order["number"], "seq": seq, "good": good, **more}, status=status)


def fresh(api: Any, order: dict[str, Any]) -> dict[str, Any]:
    """The order as it stands now."""
    return get(api, f"work-orders/{order['id']}/")
