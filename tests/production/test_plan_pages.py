"""Pages of planning: each opens, says what it should, and keeps what was typed when something is wrong."""

from collections.abc import Callable

import pytest
from django.test import Client
from rest_framework.test import APIClient

from tests.production.given import given_bom, given_demand, given_item, planned, rows_of, run

Browser = Callable[[str], Client]
EMPTY = ("", "mrp/", "mrp/orders/", "boms/", "boms/new/", "demands/", "demands/new/", "planning-data/",
         "planning-data/new/", "kit-check/")  # fmt: skip


@pytest.fixture
def flange(plant: APIClient) -> APIClient:
    given_item(plant, "BODY")
    given_item(plant, "FLANGE", source="make")
    given_bom(plant, "FLANGE", {"component": "BODY", "quantity": "1"})
    planned(plant, "BODY", lead_days=30)
    given_demand(plant, "FLANGE", "10", "2026-03-20", reference="SO-1")
    return plant


@pytest.mark.parametrize("path", EMPTY)
def test_pages_open_before_anything_is_there(plant: APIClient, page_of: Browser, path: str) -> None:
    answer = page_of("alice").get(f"/production/{path}")

    assert answer.status_code == 200
    assert "<c-" not in answer.content.decode()


def test_workbench_shows_messages_and_orders(flange: APIClient, page_of: Browser) -> None:
    made = run(flange)
    browser = page_of("alice")

    board = browser.get("/production/mrp/").content.decode()
    orders = browser.get("/production/mrp/orders/").content.decode()

    assert "需求延误" in board
    assert "BODY" in orders and "下达" in orders
    order = rows_of(flange, f"mrp-runs/{made['id']}/orders/", item="BODY")[0]
    tree = browser.get(f"/production/mrp/orders/{order['id']}/").content.decode()
    assert "需求 SO-1" in tree  # up from the body over the flange to the demand
    found = browser.get("/production/mrp/orders/", {"q": "flange"}).content.decode()
    assert "FLANGE" in found and "BODY" not in found


def test_run_and_release_from_the_page(flange: APIClient, page_of: Browser) -> None:
    browser = page_of("alice")

    browser.post("/production/mrp/run/", {"start_on": "2026-03-02"})
    made = rows_of(flange, "mrp-runs/")[0]
    order = rows_of(flange, f"mrp-runs/{made['id']}/orders/", item="FLANGE")[0]
    answer = browser.post("/production/mrp/release/", {"ids": [str(order["id"])]}, follow=True)

    assert "已下达：" in answer.content.decode()
    twice = browser.post("/production/mrp/release/", {"ids": [str(order["id"])]}, follow=True)
    body = {"orders": [order["id"]]}
    left = flange.post(f"/api/v1/production/mrp-runs/{made['id']}/release/", body, format="json").json()["left"]
    assert left[0]["code"] == "already_released" and left[0]["message"] in twice.content.decode()
    again = browser.post("/production/mrp/release/", {"ids": ["x", "9" * 40]}, follow=True)
    assert "请先勾选" in again.content.decode()


def test_item_page_shows_days_and_pegs(flange: APIClient, page_of: Browser) -> None:
    run(flange)
    item = flange.get("/api/v1/masterdata/items/FLANGE/").json()["id"]

    text = page_of("alice").get(f"/production/mrp/items/{item}/").content.decode()

    assert "2026-03-20" in text and "需求 SO-1" in text
    assert page_of("alice").get("/production/mrp/items/999999999/").status_code == 404


def test_a_bill_is_written_pasted_and_activated(flange: APIClient, page_of: Browser) -> None:
    given_item(flange, "CAR")
    given_item(flange, "WHEEL")
    browser = page_of("alice")
    body = {
        "item": "CAR",
        "base_quantity": "1",
        "lines-0-component": "BODY",
        "lines-0-quantity": "1",
        "pasted": "WHEEL\t4\tpcs\t0.05",
        "activate": "1",
    }

    answer = browser.post("/production/boms/new/", body, follow=True)

    bom = rows_of(flange, "boms/", item="CAR")[0]
    assert (bom["state"], [(row["component"], row["quantity"], row["scrap_rate"]) for row in bom["lines"]]) == (
        "active", [("BODY", "1", "0"), ("WHEEL", "4", "0.05")],
    )  # fmt: skip
    assert "多层展开" in answer.content.decode()
    edited = browser.get(f"/production/boms/{bom['id']}/edit/")
    assert 'value="WHEEL"' in edited.content.decode()


def test_a_bad_bill_keeps_what_was_typed(flange: APIClient, page_of: Browser) -> None:
    body = {"item": "FLANGE", "lines-0-component": "BODY", "lines-0-quantity": "four"}

    answer = page_of("alice").post("/production/boms/new/", body)

    assert answer.status_code == 422
    assert 'value="four"' in answer.content.decode()


def test_bill_verbs_and_comparison(flange: APIClient, page_of: Browser) -> None:
    browser = page_of("alice")
    first = rows_of(flange, "boms/", item="FLANGE")[0]
    given_item(flange, "SEAL")
    second = flange.post(
        "/api/v1/production/boms/", {"item": "FLANGE", "lines": [{"component": "SEAL", "quantity": "2"}]}, format="json"
    ).json()

    text = browser.get(f"/production/boms/{first['id']}/", {"compare": second["id"]}).content.decode()
    refused = browser.post(f"/production/boms/{second['id']}/activate/", follow=True).content.decode()
    browser.post(f"/production/boms/{first['id']}/retire/")
    browser.post(f"/production/boms/{second['id']}/activate/")

    assert "SEAL" in text and "版本比较" in text
    assert "请先停用它" in refused
    assert {row["id"]: row["state"] for row in rows_of(flange, "boms/", item="FLANGE")} == {
        first["id"]: "retired", second["id"]: "active",
    }  # fmt: skip


def test_demand_and_parameters_forms(flange: APIClient, page_of: Browser) -> None:
    browser = page_of("alice")
    item = flange.get("/api/v1/masterdata/items/BODY/").json()["id"]

    browser.post("/production/demands/new/", {"item": "BODY", "quantity": "5", "due_on": "2026-04-01", "priority": "2"})
    bad = browser.post("/production/demands/new/", {"item": "NOBODY", "quantity": "5", "due_on": "2026-04-01"})
    saved = browser.post(f"/production/planning-data/{item}/", {"lot_rule": "foq", "version": "1"})

    assert [row["quantity"] for row in rows_of(flange, "demands/", item="BODY")] == ["5"]
    assert (bad.status_code, saved.status_code) == (422, 422)
    assert "固定批量要填批量" in saved.content.decode()


def test_who_may_only_look_sees_no_verbs(flange: APIClient, page_of: Browser) -> None:
    run(flange)
    bob = page_of("bob")

    text = bob.get("/production/mrp/").content.decode()

    assert "重新计算" not in text
    assert bob.post("/production/mrp/run/", {"start_on": "2026-03-02"}).status_code == 403
    assert bob.get("/production/boms/new/").status_code == 403
