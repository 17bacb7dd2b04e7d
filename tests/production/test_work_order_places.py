"""Where an order's material comes from and its goods go: the warehouse, and what may stand in for a material."""

from collections.abc import Callable

from rest_framework.test import APIClient

from tests.masterdata.given import given, given_item, refused
from tests.production.shop import given_flange, order_body, post, report
from tests.production.test_work_orders import api, verb

__all__ = ["api"]


def test_without_stock_no_warehouse_is_asked_for(api: APIClient):
    order = post(api, "work-orders/", order_body(release=True))
    report(api, order, 10, "10")
    report(api, order, 20, "10")

    issued = verb(api, order, "issue", kit=True)
    back = verb(api, order, "return", lines=[{"item": "STEEL", "quantity": "2"}])
    received = verb(api, order, "receive", quantity="4")
    done = verb(api, order, "complete")

    assert [answer.status_code for answer in (issued, back, received, done)] == [201, 201, 201, 200]
    assert (done.json()["state"], done.json()["received"]) == ("completed", "10")
    assert {row["item"]: row["returned"] for row in done.json()["materials"]} == {"STEEL": "2", "M6-BOLT": "0"}


def test_where_stock_is_kept_a_warehouse_is_named(api_of: Callable[[str], APIClient]):
    client = api_of("alice")
    given_flange(client)
    given(client, "warehouses", code="W1", name="主仓")
    order = post(client, "work-orders/", order_body(release=True))
    homed = post(client, "work-orders/", order_body(release=True, warehouse="W1"))

    nowhere = verb(client, order, "issue", kit=True)
    own = verb(client, homed, "issue", kit=True)

    refused(nowhere, 400, "unknown_warehouse")
    refused(own, 409, "not_enough_stock")


def test_substitutes_come_by_their_priority(api: APIClient):
    for code in ("STEEL-A", "STEEL-B"):
        given_item(api, code, f"代用{code}")
    offers = [{"item": "STEEL-A", "ratio": "1.2", "priority": 10}, {"item": "STEEL-B", "ratio": "1", "priority": 2}]
    line = {"line": 10, "component": "M6-BOLT", "quantity": "4", "alternates": offers}
    post(api, "boms/", {"item": "DN50", "version": "A", "base_quantity": "1", "lines": [line], "activate": True})
    order = post(api, "work-orders/", order_body(steps=[], materials=None, release=True))

    checked = post(api, "kit-check/", {"work_orders": [order["number"]]}, status=200)

    shown = order["materials"][0]["alternates"]
    assert shown == [
        {"item": "STEEL-B", "ratio": "1", "priority": 2},
        {"item": "STEEL-A", "ratio": "1.2", "priority": 10},
    ]
    found = checked["orders"][0]["lines"][0]["substitutes"]
    assert [(row["item"], row["ratio"]) for row in found] == [("STEEL-B", "1"), ("STEEL-A", "1.2")]
