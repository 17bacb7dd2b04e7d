"""宏达五金 buys from 恒信机械: a link, items, orders, over the same services and calls that people use."""

from typing import Any

from rest_framework.test import APIClient

from apps.masterdata import public as masterdata
from apps.supply.services import delivering
from kernel.clock import now
from tenants.context import Company, leave_company, tenant_context
from tenants.rights import Member

BASE = "/api/v1/supply/"


def given_items(company: Company, actor: Member, *codes: str) -> None:
    with tenant_context(company):
        for code in codes:
            masterdata.ensure_item(code=code, name=f"物料 {code}", actor=actor)


def given_partner(company: Company, actor: Member, code: str, name: str) -> None:
    with tenant_context(company):
        masterdata.ensure_partner(code=code, name=name, is_customer=True, is_supplier=True, actor=actor)


def call(client: APIClient, method: str, path: str, body: Any = None, status: int = 200, **headers: str) -> Any:
    """One call to the API; fails with the answer when the status is another one."""
    response = getattr(client, method)(BASE + path, body, format="json", headers=headers)
    leave_company()
    assert response.status_code == status, (response.status_code, response.content.decode()[:600])
    return response.json() if response.content else None


def deliver(*companies: Company) -> None:
    """What the workers do a moment later."""
    for company in companies:
        with tenant_context(company):
            delivering.deliver_waiting(at=now())


def linked(buyer: APIClient, seller: APIClient, *companies: Company) -> str:
    """An active link; answers its id."""
    made = call(buyer, "post", "links/", {"partner": "S-HX", "role": "buyer"}, 201)
    call(seller, "post", "links/accept/", {"code": made["invite_code"], "partner": "C-HD"})
    call(buyer, "post", f"links/{made['id']}/confirm/", {})
    deliver(*companies)
    return str(made["id"])


BOLT_LINE = {
    "item": "M6-BOLT", "quantity": "1000", "unit_price": "0.12", "tax_rate": "0.13", "requested_date": "2027-07-10",
    "internal_note": "目标价 0.11",
}  # fmt: skip
FLANGE_LINE = {"item": "FL-DN50", "quantity": "20", "unit_price": "35.5", "requested_date": "2027-07-20"}


def sent_order(buyer: APIClient, *companies: Company, **more: Any) -> dict[str, Any]:
    """An order of bolts and flanges, sent and delivered."""
    body = {"partner": "S-HX", "lines": [BOLT_LINE, FLANGE_LINE], "internal_note": "只给自己看", **more}
    order: dict[str, Any] = call(buyer, "post", "orders/", body, 201)
    deliver(*companies)
    return order
