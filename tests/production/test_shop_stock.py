"""The shop floor with stock: values go in and out to the fen, an undo brings all back, plans are told."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.production import public
from tests.masterdata.given import given, refused
from tests.production.shop import BASE, fresh, given_order, given_people, inside, post, report, step
from tests.standing import Standing

ON = "2025-06-30"


@pytest.fixture
def api(standing_flange: Standing, api_of: Callable[[str], APIClient]) -> APIClient:
    """Alice's client; 100 kg of steel at 5.00 and 1 000 bolts at 0.10 lie in the raw store."""
    client = api_of("alice")
    given_people(client, "E1")
    given(client, "warehouses", code="WH-RAW", name="原料仓")
    given(client, "warehouses", code="WH-FG", name="成品仓")
    for item in ("STEEL", "M6-BOLT", "DN50"):
        settings = {"method": "moving_average", "scope": "company"}
        assert client.put(f"/api/v1/inventory/item-settings/{item}/", settings, format="json").status_code == 200
    lines = [
        {"item": "STEEL", "quantity": "100", "unit_cost": "5"},
        {"item": "M6-BOLT", "quantity": "1000", "unit_cost": "0.1"},
    ]
    stocked(client, "receipts", warehouse="WH-RAW", moved_on="2025-06-01", lines=lines, reason="opening")
    return client


def stocked(api: APIClient, resource: str, **body: Any) -> dict[str, Any]:
    answer = api.post(f"/api/v1/inventory/{resource}/", body, format="json")
    assert answer.status_code == 201, answer.content.decode()
    return answer.json()


def on_hand(api: APIClient, item: str) -> Decimal:
    rows = api.get(f"/api/v1/inventory/on-hand/?item={item}").json()["results"]
    return sum((Decimal(row["quantity"]) for row in rows), Decimal(0))


def value(api: APIClient, item: str) -> Decimal:
    rows = api.get(f"/api/v1/inventory/valuation/?item={item}").json()["results"]
    return sum((Decimal(row["value"]) for row in rows), Decimal(0))


def pick(api: APIClient, order: dict[str, Any], verb: str, **body: Any) -> dict[str, Any]:
    return post(api, f"work-orders/{order['id']}/{verb}/", {"warehouse": "WH-RAW", "moved_on": ON, **body})


def test_a_release_tells_stock_what_comes_and_goes(api: APIClient):
    order = given_order(api, warehouse="WH-FG")

    coming = api.get("/api/v1/inventory/availability/?item=DN50").json()
    going = api.get("/api/v1/inventory/availability/?item=STEEL").json()
    post(api, f"work-orders/{order['id']}/cancel/", status=200)

    assert Decimal(coming["expected"]) == 10
    assert Decimal(going["committed"]) == 12
    assert Decimal(api.get("/api/v1/inventory/availability/?item=DN50").json()["expected"]) == 0


def test_material_leaves_at_its_cost_and_goods_take_it_all(api: APIClient):
    order = given_order(api, steps=[step(10)])

    taken = pick(api, order, "issue", kit=True)
    back = pick(api, order, "return", lines=[{"item": "STEEL", "quantity": "2"}])
    report(api, order, 10, "10")
    made = pick(api, order, "receive", warehouse="WH-FG", quantity="10")

    assert [line["amount"] for line in taken["lines"]] == ["60.00", "4.00"]  # 12 x 5.00, 40 x 0.10
    assert back["lines"][0]["amount"] == "10.00"
    assert made["amount"] == "54.00"  # 60.00 + 4.00 - 10.00
    assert (on_hand(api, "STEEL"), on_hand(api, "DN50")) == (Decimal(90), Decimal(10))


def test_two_receipts_share_the_material_to_the_fen(api: APIClient):
    order = given_order(api, steps=[step(10)])
    pick(api, order, "issue", kit=True)
    report(api, order, 10, "10")

    first = pick(api, order, "receive", warehouse="WH-FG", quantity="3")
    second = pick(api, order, "receive", warehouse="WH-FG", quantity="7")

    assert first["amount"] == "19.20"  # 64.00 x 3 / 10
    assert second["amount"] == "44.80"


def test_closing_gives_the_wages_to_the_goods(api: APIClient):
    post(api, "piece-rates/", {"item": "DN50", "seq": 10, "rate": "0.5", "valid_from": "2020-01-01"})
    order = given_order(api, steps=[step(10)])
    pick(api, order, "issue", kit=True)
    report(api, order, 10, "10", workers=[{"employee": "E1"}])
    pick(api, order, "receive", warehouse="WH-FG", quantity="10")

    post(api, f"work-orders/{order['id']}/close/", status=200)

    assert value(api, "DN50") == Decimal("69.00")  # 64.00 of material + 10 x 0.5 of wages
    with inside():
        assert public.work_order_cost(order["id"]).total == Decimal("69.00")


def test_completing_sends_the_goods_to_the_orders_warehouse(api: APIClient):
    materials = [{"item": "M6-BOLT", "quantity": "40", "backflush": True}]
    order = given_order(api, steps=[], materials=materials, warehouse="WH-RAW")

    done = post(api, f"work-orders/{order['id']}/complete/", status=200)

    assert (done["state"], done["received"]) == ("completed", "10")
    assert (on_hand(api, "DN50"), on_hand(api, "M6-BOLT")) == (Decimal(10), Decimal(960))
    assert value(api, "DN50") == Decimal("4.00")  # 40 x 0.10


def test_an_undo_restores_stock_and_cost(api: APIClient):
    materials = [{"item": "M6-BOLT", "quantity": "40", "backflush": True}]
    order = given_order(api, steps=[step(10)], materials=materials, warehouse="WH-RAW")

    made = report(api, order, 10, "5")
    taken = on_hand(api, "M6-BOLT")
    with inside():
        cost = public.work_order_cost(order["id"]).material
    post(api, f"reports/{made['id']}/undo/")

    assert (taken, cost) == (Decimal(980), Decimal("2.00"))
    assert on_hand(api, "M6-BOLT") == Decimal(1000)
    assert value(api, "M6-BOLT") == Decimal("100.00")
    with inside():
        assert public.work_order_cost(order["id"]).material == 0


def test_what_is_not_there_is_not_issued(api: APIClient):
    order = given_order(api, materials=[{"item": "M6-BOLT", "quantity": "4000"}])

    answer = api.post(
        f"{BASE}work-orders/{order['id']}/issue/", {"warehouse": "WH-RAW", "moved_on": ON, "kit": True}, format="json"
    )

    refused(answer, 409, "not_enough_stock")
    assert fresh(api, order)["materials"][0]["issued"] == "0"


def test_work_in_progress_is_what_the_shop_holds(api: APIClient):
    order = given_order(api, steps=[step(10)])
    pick(api, order, "issue", kit=True)

    with inside():
        number = public.get_work_order(order["id"]).number
        rows = public.wip_value("2199-12")

    assert [(row.number, row.value) for row in rows] == [(number, Decimal("64.00"))]
