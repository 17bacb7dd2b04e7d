"""Material kept for a work order: asked for at release, used by its issues, seen by kit check and plan."""

from decimal import Decimal
from typing import Any

from django.test import Client
from rest_framework.test import APIClient

from tests.production.given import given_bom, given_demand, rows_of, run
from tests.production.shop import BASE, fresh, given_order, order_body, post
from tests.production.test_shop_stock import api, pick, stocked  # noqa: F401  # the fixture


def held(api: APIClient, item: str) -> list[dict[str, Any]]:  # noqa: F811  # the fixture
    return api.get(f"/api/v1/inventory/reservations/?item={item}&state=active").json()["results"]


def kit(api: APIClient, *orders: dict[str, Any]) -> dict[str, dict[str, Any]]:  # noqa: F811  # the fixture
    """{number: order} of the kit check, each alone."""
    body = {"work_orders": [order["number"] for order in orders], "mode": "alone"}
    return {row["number"]: row for row in post(api, "kit-check/", body, status=200)["orders"]}


def line_of(order: dict[str, Any], item: str) -> dict[str, Any]:
    return next(line for line in order["lines"] if line["item"] == item)


def test_release_keeps_the_material_when_asked(api: APIClient) -> None:  # noqa: F811  # the fixture
    order = post(api, "work-orders/", order_body())

    released = post(api, f"work-orders/{order['id']}/release/", {"reserve": True}, status=200)

    assert released["state"] == "released"
    (row,) = held(api, "STEEL")
    assert (row["quantity"], row["for"]["kind"], row["for"]["number"]) == ("12", "work_order", order["number"])
    assert len(held(api, "M6-BOLT")) == 1


def test_without_asking_nothing_is_kept(api: APIClient) -> None:  # noqa: F811  # the fixture
    given_order(api)

    assert held(api, "STEEL") == []


def test_what_is_not_there_is_not_kept_and_nothing_is_released(api: APIClient) -> None:  # noqa: F811  # the fixture
    order = post(api, "work-orders/", order_body(materials=[{"item": "STEEL", "quantity": "101"}]))

    answer = api.post(f"{BASE}work-orders/{order['id']}/release/", {"reserve": True}, format="json")

    assert (answer.status_code, answer.json()["code"]) == (409, "not_enough_available")
    assert fresh(api, order)["state"] == "draft"
    assert held(api, "STEEL") == []


def test_an_order_sees_its_own_reservation_and_others_do_not(api: APIClient) -> None:  # noqa: F811  # the fixture
    mine = given_order(api, reserve=True, materials=[{"item": "STEEL", "quantity": "90"}])
    other = given_order(api, materials=[{"item": "STEEL", "quantity": "20"}])

    found = kit(api, mine, other)

    # 100 kg there, 90 kept for the first: it has all 100 in reach, the second 10
    assert (line_of(found[mine["number"]], "STEEL")["available"], found[mine["number"]]["complete"]) == ("100", True)
    assert (line_of(found[other["number"]], "STEEL")["available"], found[other["number"]]["complete"]) == ("10", False)


def test_an_issue_uses_the_orders_own_reservation(api: APIClient) -> None:  # noqa: F811  # the fixture
    order = given_order(api, reserve=True, materials=[{"item": "STEEL", "quantity": "90"}])
    other = given_order(api, materials=[{"item": "STEEL", "quantity": "20"}])

    answer = api.post(
        f"{BASE}work-orders/{other['id']}/issue/",
        {"warehouse": "WH-RAW", "moved_on": "2025-06-30", "lines": [{"item": "STEEL", "quantity": "11"}]},
        format="json",
    )
    pick(api, order, "issue", lines=[{"item": "STEEL", "quantity": "50"}])
    left = [row["quantity"] for row in held(api, "STEEL")], [row["used"] for row in held(api, "STEEL")]
    pick(api, order, "issue", kit=True)

    assert (answer.status_code, answer.json()["code"]) == (409, "not_enough_available")
    assert left == (["90"], ["50"])
    assert held(api, "STEEL") == []


def test_two_lines_of_one_material_use_what_is_kept_for_each(api: APIClient) -> None:  # noqa: F811  # the fixture
    twice = [{"item": "STEEL", "quantity": "60"}, {"item": "STEEL", "quantity": "40"}]
    order = given_order(api, reserve=True, materials=twice)

    taken = pick(api, order, "issue", kit=True)

    assert [line["quantity"] for line in taken["lines"]] == ["60", "40"]
    assert held(api, "STEEL") == []


def test_what_an_order_no_longer_needs_is_free_again(api: APIClient) -> None:  # noqa: F811  # the fixture
    order = given_order(api, reserve=True)

    post(api, f"work-orders/{order['id']}/change/", {"quantity": "5"}, status=200)
    halved = [row["quantity"] for row in held(api, "STEEL")]
    post(api, f"work-orders/{order['id']}/cancel/", status=200)

    assert halved == ["6"]
    assert held(api, "STEEL") == held(api, "M6-BOLT") == []


def test_the_plan_leaves_what_is_kept_for_others(api: APIClient) -> None:  # noqa: F811  # the fixture
    """100 kg there, 60 kept for a customer: of 70 needed 30 are to be bought."""
    given_bom(api, "DN50", {"component": "STEEL", "quantity": "7"})
    given_demand(api, "DN50", "10", "2030-06-20")
    kept = {"item": "STEEL", "warehouse": "WH-RAW", "quantity": "60", "for": {"kind": "customer", "number": "C1"}}
    stocked(api, "reservations", **kept)

    found = rows_of(api, f"mrp-runs/{run(api, '2030-06-01')['id']}/orders/", item="STEEL")

    assert [row["quantity"] for row in found] == ["30"]


def test_the_plan_counts_what_is_kept_for_its_own_orders(api: APIClient) -> None:  # noqa: F811  # the fixture
    order = given_order(api, reserve=True, materials=[{"item": "STEEL", "quantity": "90"}])

    found = rows_of(api, f"mrp-runs/{run(api, '2030-06-01')['id']}/orders/", item="STEEL")

    assert order["state"] == "released"
    assert found == []
    assert sum(Decimal(row["quantity"]) for row in held(api, "STEEL")) == 90


def test_the_card_offers_to_keep_the_material(api: APIClient, page_of: Any) -> None:  # noqa: F811  # the fixture
    order = post(api, "work-orders/", order_body())
    page: Client = page_of("alice")

    card = page.get(f"/production/work-orders/{order['id']}/")
    page.post(f"/production/work-orders/{order['id']}/do/release/", {"reserve": "1"})

    assert "下达并预留用料" in card.content.decode()
    assert len(held(api, "STEEL")) == 1
