"""Material planning over HTTP: a flange of a body and bolts, planned from typed stock."""

from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.production.models import Demand
from tests.production.given import (
    BASE,
    given_bom,
    given_demand,
    given_item,
    given_stock,
    got,
    inside_hongda,
    planned,
    posted,
    refused,
    rows_of,
    run,
)


@pytest.fixture
def flange(plant: APIClient) -> APIClient:
    """FLANGE (made in 2 days) = 1 BODY (bought in 5) + 4 M6-BOLT (bought in 3, 5 % scrap); 10 flanges wanted."""
    for code in ("BODY", "M6-BOLT"):
        given_item(plant, code)
    given_item(plant, "FLANGE", source="make")
    given_bom(
        plant,
        "FLANGE",
        {"component": "BODY", "quantity": "1"},
        {"component": "M6-BOLT", "quantity": "4", "scrap_rate": "0.05"},
    )
    planned(plant, "FLANGE", lead_days=2)
    planned(plant, "BODY", lead_days=5)
    planned(plant, "M6-BOLT", lead_days=3, lot_rule="min_max", min_lot="100", multiple="50")
    return plant


def test_a_demand_becomes_orders_on_every_level(flange: APIClient) -> None:
    given_demand(flange, "FLANGE", "10", "2026-03-20")

    made = run(flange)

    orders = {row["item"]: row for row in rows_of(flange, f"mrp-runs/{made['id']}/orders/")}
    assert {item: (row["kind"], row["quantity"]) for item, row in orders.items()} == {
        "FLANGE": ("make", "10"),
        "BODY": ("buy", "10"),
        "M6-BOLT": ("buy", "100"),  # 10 x 4 x 1.05 = 42, raised to 100
    }
    assert (orders["FLANGE"]["release_on"], orders["FLANGE"]["due_on"]) == ("2026-03-18", "2026-03-20")
    assert (orders["BODY"]["release_on"], orders["BODY"]["due_on"]) == ("2026-03-13", "2026-03-18")
    assert (orders["BODY"]["level"], orders["FLANGE"]["level"]) == (1, 0)
    assert (made["orders"], made["state"]) == (3, "done")


def test_plan_of_an_item_shows_its_days(flange: APIClient) -> None:
    given_demand(flange, "FLANGE", "10", "2026-03-20")
    given_stock(flange, M6_BOLT="50")

    made = run(flange)

    plan = got(flange, f"mrp-runs/{made['id']}/plan/", item="M6-BOLT")
    assert (plan["on_hand"], plan["level"]) == ("50", 1)
    # 42 of the 50 bolts are used on the day the flanges are begun; nothing is bought.
    assert plan["rows"] == [
        {
            "on": "2026-03-18", "gross": "42", "scheduled": "0", "planned_receipt": "0", "planned_release": "0",
            "projected": "8",
        }
    ]  # fmt: skip


def test_what_is_too_late_is_cut_and_told_of_the_demand(flange: APIClient) -> None:
    demand = given_demand(flange, "FLANGE", "10", "2026-03-06")

    made = run(flange)

    # Flanges on 03-06 begin on 03-04; the body needs 5 days before that: 3 days are missing.
    orders = {row["item"]: row for row in rows_of(flange, f"mrp-runs/{made['id']}/orders/")}
    assert (orders["BODY"]["release_on"], orders["BODY"]["past_due_days"]) == ("2026-03-02", 3)
    messages = rows_of(flange, f"mrp-runs/{made['id']}/messages/")
    codes = {row["code"]: row for row in messages}
    assert {row["item"]: row["days"] for row in messages if row["code"] == "past_due"} == {"BODY": 3, "M6-BOLT": 1}
    late = codes["late_demand"]
    assert (late["order"], late["days"], late["to"]) == (
        {"kind": "demand", "number": str(demand["id"])}, 3, "2026-03-09",
    )  # fmt: skip
    assert {row["item"] for row in messages if row["code"] == "no_supplier"} == {"BODY", "M6-BOLT"}
    assert all(row["text"] for row in messages)


def test_pegs_sum_to_requirements_and_stay_within_supplies(flange: APIClient) -> None:
    given_demand(flange, "FLANGE", "10", "2026-03-20")
    given_demand(flange, "FLANGE", "6", "2026-03-25", priority=1)
    given_stock(flange, FLANGE="4", BODY="3")

    made = run(flange)

    orders = {row["id"]: row for row in rows_of(flange, f"mrp-runs/{made['id']}/orders/")}
    needs: dict[Any, Decimal] = defaultdict(Decimal)
    wanted: dict[Any, Decimal] = {}
    supplies: dict[Any, Decimal] = defaultdict(Decimal)
    for row in rows_of(flange, f"mrp-runs/{made['id']}/pegs/"):
        need, supply = row["requirement"], row["supply"]
        key = (row["item"], need["kind"], need["id"], need["on"])
        needs[key] += Decimal(row["quantity"])
        wanted[key] = Decimal(need["quantity"])
        supplies[row["item"], supply["kind"], supply["id"]] += Decimal(row["quantity"])
    assert needs == wanted
    assert supplies["FLANGE", "stock", None] == 4
    assert all(supplies[key] <= Decimal(orders[key[2]]["quantity"]) for key in supplies if key[1] == "planned")


def test_pegs_of_one_order_lead_up_and_down(flange: APIClient) -> None:
    demand = given_demand(flange, "FLANGE", "10", "2026-03-20")
    made = run(flange)
    order = rows_of(flange, f"mrp-runs/{made['id']}/orders/", item="FLANGE")[0]

    pegs = rows_of(flange, f"mrp-runs/{made['id']}/pegs/", order=order["id"])

    served = [row for row in pegs if row["supply"]["id"] == order["id"]]
    waits = [row for row in pegs if row["requirement"]["kind"] == "planned"]
    assert [(row["requirement"]["kind"], row["requirement"]["id"]) for row in served] == [("demand", demand["id"])]
    assert sorted(row["item"] for row in waits) == ["BODY", "M6-BOLT"]


def test_a_make_to_order_line_has_an_order_of_its_own(flange: APIClient) -> None:
    given_stock(flange, FLANGE="50")
    demand = given_demand(flange, "FLANGE", "10", "2026-03-20")
    with inside_hongda():
        Demand.objects.filter(pk=demand["id"]).update(make_to_order=True)

    made = run(flange)

    orders = rows_of(flange, f"mrp-runs/{made['id']}/orders/", item="FLANGE")
    pegs = rows_of(flange, f"mrp-runs/{made['id']}/pegs/", demand=demand["id"])
    assert [row["quantity"] for row in orders] == ["10"]
    assert [(row["supply"]["kind"], row["supply"]["id"]) for row in pegs] == [("planned", orders[0]["id"])]


def test_a_made_item_without_a_bill_is_told(plant: APIClient) -> None:
    given_item(plant, "SHAFT", source="make")
    given_demand(plant, "SHAFT", "5", "2026-03-20")

    made = run(plant)

    assert [row["code"] for row in rows_of(plant, f"mrp-runs/{made['id']}/messages/")] == ["no_bom"]


def test_a_second_run_replaces_the_proposal(flange: APIClient) -> None:
    given_demand(flange, "FLANGE", "10", "2026-03-20")
    first = run(flange)

    second = run(flange)

    assert second["is_current"] is True
    assert got(flange, f"mrp-runs/{first['id']}/")["is_current"] is False


def test_without_wait_a_run_is_a_job(flange: APIClient) -> None:
    given_demand(flange, "FLANGE", "10", "2026-03-20")

    run_ = posted(flange, "mrp-runs/", {"start_on": "2026-03-02"}, status=202)

    assert got(flange, f"mrp-runs/{run_['id']}/")["state"] == "done"  # in tests the queue is done at once


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"start_on": "1900-01-01"}, "start_on"),
        ({"start_on": "nonsense"}, "start_on"),
        ({"horizon_days": 0}, "horizon_days"),
        ({"horizon_days": 10**9}, "horizon_days"),
        ({"wait": 10**6}, "wait"),
    ],
)
def test_bad_runs_are_refused(plant: APIClient, body: dict[str, Any], field: str) -> None:
    answer = plant.post(f"{BASE}mrp-runs/", body, format="json")

    assert answer.status_code == 400
    assert field in answer.json()["fields"]


def test_others_see_nothing(flange: APIClient, api_of: Callable[[str], APIClient]) -> None:
    given_demand(flange, "FLANGE", "10", "2026-03-20")
    made = run(flange)
    charlie = api_of("charlie")

    answer = charlie.get(f"{BASE}mrp-runs/{made['id']}/")

    assert answer.status_code == 404
    assert charlie.get(f"{BASE}demands/").json()["count"] == 0


def test_who_may_not_plan_is_refused(flange: APIClient, api_of: Callable[[str], APIClient]) -> None:
    bob = api_of("bob")  # accountant: looks, does not plan

    refused(bob.post(f"{BASE}mrp-runs/", {"wait": 5}, format="json"), 403, "forbidden")
    assert bob.get(f"{BASE}mrp-runs/").status_code == 200
