"""Planned orders become work orders; the kit check says which of them can begin."""

import pytest
from rest_framework.test import APIClient

from tests.production.given import (
    BASE,
    given_bom,
    given_demand,
    given_item,
    given_stock,
    planned,
    posted,
    refused,
    rows_of,
    run,
)


@pytest.fixture
def flange(plant: APIClient) -> APIClient:
    """FLANGE = 1 BODY + 4 M6-BOLT; 10 wanted on 03-20, made in 2 days."""
    for code in ("BODY", "M6-BOLT"):
        given_item(plant, code)
    given_item(plant, "FLANGE", source="make")
    given_bom(plant, "FLANGE", {"component": "BODY", "quantity": "1"}, {"component": "M6-BOLT", "quantity": "4"})
    planned(plant, "FLANGE", lead_days=2)
    given_demand(plant, "FLANGE", "10", "2026-03-20")
    return plant


def released(api: APIClient) -> str:
    made = run(api)
    order = rows_of(api, f"mrp-runs/{made['id']}/orders/", item="FLANGE")[0]
    done = posted(api, f"mrp-runs/{made['id']}/release/", {"orders": [order["id"]]}, status=200)
    assert done["left"] == []
    number: str = done["work_orders"][0]
    return number


def test_an_order_is_released_once(flange: APIClient) -> None:
    made = run(flange)
    order = rows_of(flange, f"mrp-runs/{made['id']}/orders/", item="FLANGE")[0]
    url = f"mrp-runs/{made['id']}/release/"

    first = posted(flange, url, {"orders": [order["id"]]}, status=200)
    second = posted(flange, url, {"orders": [order["id"]]}, status=200)

    assert (len(first["work_orders"]), second["work_orders"]) == (1, [])
    assert second["left"][0]["code"] == "already_released"
    again = rows_of(flange, f"mrp-runs/{made['id']}/orders/", item="FLANGE")[0]
    assert again["released_as"] == first["work_orders"][0]


def test_a_released_order_is_counted_on_by_the_next_run(flange: APIClient) -> None:
    number = released(flange)

    second = run(flange)

    assert rows_of(flange, f"mrp-runs/{second['id']}/orders/", item="FLANGE") == []
    assert {row["item"] for row in rows_of(flange, f"mrp-runs/{second['id']}/orders/")} == {"BODY", "M6-BOLT"}
    pegs = rows_of(flange, f"mrp-runs/{second['id']}/pegs/", item="FLANGE")
    assert [row["supply"]["order"]["number"] for row in pegs] == [number]


def test_an_unneeded_work_order_is_told(flange: APIClient) -> None:
    number = released(flange)
    demand = rows_of(flange, "demands/")[0]
    posted(flange, f"demands/{demand['id']}/cancel/", {}, status=200)

    made = run(flange)

    message = rows_of(flange, f"mrp-runs/{made['id']}/messages/", code="cancel")[0]
    assert (message["item"], message["order"], message["to"]) == ("FLANGE", {"kind": "work", "number": number}, None)


def test_what_cannot_be_bought_is_left_with_its_reason(flange: APIClient) -> None:
    made = run(flange)
    order = rows_of(flange, f"mrp-runs/{made['id']}/orders/", item="BODY")[0]

    done = posted(flange, f"mrp-runs/{made['id']}/release/", {"orders": [order["id"], 17]}, status=200)

    assert sorted(row["code"] for row in done["left"]) == ["no_supplier", "not_found"]


def test_kit_check_says_what_is_short(flange: APIClient) -> None:
    number = released(flange)
    given_stock(flange, BODY="10", M6_BOLT="22")

    found = posted(flange, "kit-check/", {"work_orders": [number], "mode": "alone"}, status=200)

    order = found["orders"][0]
    # 22 bolts are good for floor(22 x 10 / 40) = 5 flanges
    assert (order["complete"], order["max_kits"], found["order_rate"], found["line_rate"]) == (
        False, "5", "0.0000", "0.5000",
    )  # fmt: skip
    assert [(row["item"], row["short"], row["orders"]) for row in found["shortages"]] == [("M6-BOLT", "18", [number])]


def test_kit_check_without_orders_has_no_rate(flange: APIClient) -> None:
    found = posted(flange, "kit-check/", {"from": "2026-01-01", "to": "2026-01-02"}, status=200)

    assert (found["order_rate"], found["line_rate"], found["orders"]) == (None, None, [])


def test_an_order_on_hold_takes_nothing_from_the_others(flange: APIClient) -> None:
    number = released(flange)
    found = flange.get(f"{BASE}work-orders/?search={number}").json()["results"][0]
    posted(flange, f"work-orders/{found['id']}/release/", {}, status=200)
    posted(flange, f"work-orders/{found['id']}/hold/", {}, status=200)

    together = posted(flange, "kit-check/", {"mode": "in_sequence"}, status=200)
    named = posted(flange, "kit-check/", {"work_orders": [number]}, status=200)

    assert number not in [row["number"] for row in together["orders"]]
    assert [row["number"] for row in named["orders"]] == [number]


def test_kit_check_refuses_unknown_orders(flange: APIClient) -> None:
    refused(flange.post(f"{BASE}kit-check/", {"work_orders": ["MO-0"]}, format="json"), 400, "unknown_work_order")
    refused(flange.post(f"{BASE}kit-check/", {"mode": "nonsense"}, format="json"), 400, "invalid")
