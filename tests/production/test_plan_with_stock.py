"""Planning beside the stock module: sales orders become demands, proposals become purchase orders."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from kernel import events
from tests.production.given import given_bom, given_item, inside_hongda, planned, posted, rows_of, run

STOCK = "/api/v1/inventory/"
MASTER = "/api/v1/masterdata/"


def sent(api: APIClient, url: str, body: dict[str, Any], status: int = 201) -> dict[str, Any]:
    answer = api.post(url, body, format="json")
    assert answer.status_code == status, answer.content.decode()
    found: dict[str, Any] = answer.json()
    return found


@pytest.fixture
def shop(api_of: Callable[[str], APIClient]) -> APIClient:
    """FLANGE = 1 BODY, which S001 sells; C001 buys flanges; 3 flanges lie in WH-1."""
    api = api_of("alice")
    sent(api, f"{MASTER}partners/", {"code": "C001", "name": "宏图机械", "is_customer": True})
    sent(api, f"{MASTER}partners/", {"code": "S001", "name": "精工铸造", "is_supplier": True})
    sent(api, f"{MASTER}warehouses/", {"code": "WH-1", "name": "成品仓"})
    given_item(api, "BODY")
    given_item(api, "FLANGE", source="make")
    given_bom(api, "FLANGE", {"component": "BODY", "quantity": "1"})
    planned(api, "BODY", lead_days=5, supplier="S001")
    line = {"item": "FLANGE", "quantity": "3", "unit_cost": "10"}
    sent(
        api, f"{STOCK}receipts/", {"warehouse": "WH-1", "moved_on": "2026-03-01", "reason": "opening", "lines": [line]}
    )
    return api


def ordered(api: APIClient, **line: Any) -> dict[str, Any]:
    """A confirmed sales order over 10 flanges for 03-20, and its facts delivered."""
    lines = [
        {"item": "FLANGE", "quantity": "10", "unit_price": "99", "due_on": "2026-03-20", "warehouse": "WH-1", **line}
    ]
    made = sent(api, f"{STOCK}sales-orders/", {"partner": "C001", "ordered_on": "2026-03-01", "lines": lines})
    answer = api.post(f"{STOCK}sales-orders/{made['id']}/confirm/", {"version": made["version"]}, format="json")
    assert answer.status_code in (200, 201), answer.content.decode()
    deliver()
    found: dict[str, Any] = answer.json()
    return found


def deliver() -> None:
    with inside_hongda():
        assert events.deliver_waiting()[1] == 0


def test_a_confirmed_order_is_a_demand_and_a_cancelled_one_is_none(shop: APIClient) -> None:
    order = ordered(shop)

    demand = rows_of(shop, "demands/")[0]
    answer = shop.post(f"{STOCK}sales-orders/{order['id']}/cancel/", {"version": order["version"]}, format="json")
    deliver()

    assert (demand["open"], demand["due_on"], demand["sales_order"], demand["kind"]) == (
        "10", "2026-03-20", order["number"], "order",
    )  # fmt: skip
    assert answer.status_code in (200, 201), answer.content.decode()
    assert rows_of(shop, "demands/")[0]["state"] == "cancelled"


def test_stock_is_used_first_and_proposals_become_one_purchase_order(shop: APIClient) -> None:
    ordered(shop)
    made = run(shop)
    orders = {row["item"]: row for row in rows_of(shop, f"mrp-runs/{made['id']}/orders/")}

    done = posted(shop, f"mrp-runs/{made['id']}/release/", {"orders": [orders["BODY"]["id"]]}, status=200)

    assert {item: row["quantity"] for item, row in orders.items()} == {"FLANGE": "7", "BODY": "7"}  # 10 - 3 in stock
    assert (len(done["purchase_orders"]), done["left"]) == (1, [])
    bought = shop.get(f"{STOCK}purchase-orders/").json()["results"][0]
    assert (bought["number"], bought["state"]) == (done["purchase_orders"][0], "draft")
    again = run(shop)
    # The draft is counted on, so the body is not proposed a second time.
    assert {row["item"] for row in rows_of(shop, f"mrp-runs/{again['id']}/orders/")} == {"FLANGE"}


def test_a_make_to_order_line_keeps_its_work_order(shop: APIClient) -> None:
    order = ordered(shop, make_to_order=True)
    first = run(shop)
    planned_one = rows_of(shop, f"mrp-runs/{first['id']}/orders/", item="FLANGE")[0]
    done = posted(shop, f"mrp-runs/{first['id']}/release/", {"orders": [planned_one["id"]]}, status=200)

    second = run(shop)

    assert planned_one["quantity"] == "10"  # nothing from stock
    assert rows_of(shop, f"mrp-runs/{second['id']}/orders/", item="FLANGE") == []
    demand = rows_of(shop, "demands/")[0]
    pegs = rows_of(shop, f"mrp-runs/{second['id']}/pegs/", demand=demand["id"])
    assert [row["supply"]["order"]["number"] for row in pegs] == done["work_orders"]
    assert demand["sales_order"] == order["number"]
