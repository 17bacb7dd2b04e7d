"""Work orders over the API: their life, what they copy, and every refusal on the way."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from rest_framework.test import APIClient

from apps.masterdata import public as masterdata
from apps.production.models import Bom, BomLine, Routing, RoutingStep, WorkCentre, WorkOrder
from kernel.models import Fact
from tests.masterdata.given import given, given_item, refused
from tests.production.shop import BASE, fresh, get, given_order, inside, order_body, post, report, step
from tests.standing import Standing


@pytest.fixture
def api(standing_flange: Standing, api_of: Callable[[str], APIClient], monkeypatch: pytest.MonkeyPatch) -> APIClient:
    """Alice's client at a company that counts material on its orders alone."""
    monkeypatch.setattr("apps.production.links.has_stock", lambda: False)
    return api_of("alice")


def given_bom(item: str, lines: list[tuple[str, str]], *, version: str = "A", **more: Any) -> Bom:
    with inside():
        bom = Bom.objects.create(item_id=id_of(item), version=version, state="draft", created_at=timezone.now())
        for number, (code, quantity) in enumerate(lines, 1):
            BomLine.objects.create(bom=bom, line=number * 10, component_id=id_of(code), quantity=quantity, **more)
        Bom.objects.filter(pk=bom.pk).update(state="active")
    return bom


def id_of(code: str) -> int:
    found = masterdata.item_by_code(code)
    assert found is not None
    return found.id


def verb(api: APIClient, order: dict[str, Any], name: str, **body: Any) -> Any:
    return api.post(f"{BASE}work-orders/{order['id']}/{name}/", body, format="json")


# -- Life --------------------------------------------------------------------------------------------------------


def test_a_draft_shows_what_it_will_need(api: APIClient):
    order = post(api, "work-orders/", order_body())

    assert (order["state"], order["quantity"], order["good"], order["version"]) == ("draft", "10", "0", 1)
    assert [(row["seq"], row["work_centre"], row["input"]) for row in order["steps"]] == [
        (10, "LATHE-1", "10"),
        (20, "LATHE-1", "0"),
    ]
    assert [(row["line"], row["item"], row["required"]) for row in order["materials"]] == [
        (10, "STEEL", "12"),
        (20, "M6-BOLT", "40"),
    ]
    assert order["number"].startswith("MO")


def test_release_tells_the_floors_above(api: APIClient):
    order = post(api, "work-orders/", order_body())

    answer = verb(api, order, "release", version=order["version"])

    assert (answer.status_code, answer.json()["state"], answer.json()["version"]) == (200, "released", 2)
    with inside():
        fact = Fact.objects.get(name="production.work_order_released")
    assert fact.payload == {"work_order_id": order["id"], "number": order["number"]}


def test_the_whole_life(api: APIClient):
    order = given_order(api)

    states = [
        verb(api, order, "hold").json()["state"],
        verb(api, order, "resume").json()["state"],
        report(api, order, 10, "10") and fresh(api, order)["state"],
        report(api, order, 20, "10") and verb(api, order, "complete").json()["state"],
        verb(api, order, "close").json()["state"],
    ]

    assert states == ["on_hold", "released", "started", "completed", "closed"]


def test_release_copies_bom_and_routing_and_later_edits_stay_outside(api: APIClient):
    bom = given_bom("DN50", [("STEEL", "1.2"), ("M6-BOLT", "4")], scrap_rate="0.1")
    with inside():
        routing = Routing.objects.create(item_id=id_of("DN50"), version="A", state="active", created_at=timezone.now())
        centre = WorkCentre.objects.get(code="LATHE-1")
        RoutingStep.objects.create(routing=routing, seq=10, work_centre=centre, run_minutes=3, piece_rate="0.5")

    order = post(api, "work-orders/", {"item": "DN50", "quantity": "10", "due_on": "2030-06-30", "release": True})
    with inside():
        RoutingStep.objects.update(run_minutes=99)

    # 10 x 1.2 x 1.1 = 13.2 kg; 10 x 4 x 1.1 = 44 bolts
    assert [(row["item"], row["required"]) for row in order["materials"]] == [("STEEL", "13.2"), ("M6-BOLT", "44")]
    assert fresh(api, order)["steps"][0]["run_minutes"] == "3"
    assert (order["bom"], order["routing"]) == ("A", "A")
    with inside():
        bom.refresh_from_db()
    assert bom.is_used


def test_a_phantom_is_opened_and_rounding_up_comes_once(api: APIClient):
    given_item(api, "KIT", "紧固件包", source="make", is_phantom=True)
    given_bom("KIT", [("M6-BOLT", "1.5")], version="K", fixed_quantity="1")
    given_bom("DN50", [("KIT", "2.1")])

    order = post(api, "work-orders/", {"item": "DN50", "quantity": "3", "due_on": "2030-06-30", "release": True})

    # u of the phantom = 3 x 2.1 = 6.3; bolts = 6.3 x 1.5 + 1 = 10.45, whole pieces: 11
    assert [(row["item"], row["required"]) for row in order["materials"]] == [("M6-BOLT", "11")]


def test_a_changed_quantity_is_counted_from_the_copy(api: APIClient):
    order = given_order(api)

    changed = verb(api, order, "change", version=order["version"], quantity="15", due_on="2030-07-31", priority=1)

    body = changed.json()
    assert (body["quantity"], body["due_on"], body["priority"]) == ("15", "2030-07-31", 1)
    # 12 kg for 10 pieces = 18 kg for 15; 40 bolts = 60
    assert [row["required"] for row in body["materials"]] == ["18", "60"]
    assert body["steps"][0]["input"] == "15"


def test_an_order_is_found_by_number_too(api: APIClient):
    order = given_order(api, number="MO-法兰-1")

    found = get(api, "work-orders/MO-法兰-1/")

    assert found["id"] == order["id"]


def test_the_list_is_filtered_and_leaves_as_a_file(api: APIClient):
    late = given_order(api, due_on="2030-01-31")
    given_order(api, release=False)

    by_state = get(api, "work-orders/?state=released")
    by_day = get(api, "work-orders/?to=2030-02-01")
    sheet = api.get(f"{BASE}work-orders/?format=csv")

    assert [row["id"] for row in by_state["results"]] == [late["id"]]
    assert [row["id"] for row in by_day["results"]] == [late["id"]]
    assert late["number"] in b"".join(sheet.streaming_content).decode("utf-8-sig")


# -- Refusals ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"item": "NOBODY"}, "unknown_item"),
        ({"steps": [step(10, work_centre="NOWHERE")]}, "unknown_work_centre"),
        ({"materials": [{"item": "NOBODY", "quantity": "1"}]}, "unknown_item"),
        ({"quantity": "1.5"}, "too_many_decimals"),
        ({"start_on": "2030-07-01"}, "bad_range"),
        ({"warehouse": "NOWHERE"}, "unknown_warehouse"),
        ({"quantity": "0"}, "invalid"),
        ({"quantity": 1.5}, "invalid"),
        ({"quantity": "9" * 30}, "invalid"),
        ({"quantity": "1e9"}, "invalid"),
        ({"priority": 10}, "invalid"),
        ({"due_on": "30.6.2030"}, "invalid"),
        ({"steps": [step(10), step(10)]}, "invalid"),
        ({"reference": "a\x00b"}, "invalid"),
        ({"bom": "Z"}, "unknown_bom"),
        ({"routing": 99}, "unknown_routing"),
    ],
)
def test_wrong_input_is_named(api: APIClient, change: dict[str, Any], code: str):
    answer = api.post(f"{BASE}work-orders/", order_body(**change), format="json")

    assert refused(answer, 400, code)["fields"]


def test_no_active_bom(api: APIClient):
    body = {"item": "DN50", "quantity": "1", "due_on": "2030-06-30"}
    draft = post(api, "work-orders/", body)

    refused(verb(api, draft, "release"), 409, "no_active_bom")
    refused(api.post(f"{BASE}work-orders/", {**body, "release": True}, format="json"), 409, "no_active_bom")


def test_a_stale_copy_is_refused(api: APIClient):
    order = given_order(api)

    body = refused(verb(api, order, "hold", version=1), 409, "stale_version")

    assert body["current"] == 2


@pytest.mark.parametrize("name", ["hold", "resume", "complete", "close"])
def test_a_draft_knows_few_verbs(api: APIClient, name: str):
    draft = post(api, "work-orders/", order_body())

    refused(verb(api, draft, name), 409, "wrong_state")


def test_an_ended_order_is_closed(api: APIClient):
    order = given_order(api)
    verb(api, order, "cancel")

    refused(verb(api, order, "hold"), 409, "order_closed")
    answer = api.post(f"{BASE}reports/", {"work_order": order["number"], "seq": 10, "good": "1"}, format="json")
    refused(answer, 409, "order_closed")


def test_what_was_reported_is_not_cancelled(api: APIClient):
    order = given_order(api)
    report(api, order, 10, "1")

    refused(verb(api, order, "cancel"), 409, "wrong_state")

    assert verb(api, order, "close").json()["state"] == "closed"


def test_below_done(api: APIClient):
    order = given_order(api)
    report(api, order, 10, "8")

    refused(verb(api, order, "change", quantity="7"), 409, "below_done")

    assert verb(api, order, "change", quantity="8").json()["quantity"] == "8"


def test_a_stopped_item_is_made_no_more(api: APIClient):
    item = api.get("/api/v1/masterdata/items/DN50/").json()
    api.patch("/api/v1/masterdata/items/DN50/", {"state": "stopped", "version": item["version"]}, format="json")

    refused(api.post(f"{BASE}work-orders/", order_body(), format="json"), 409, "item_stopped")


def test_a_number_is_used_once(api: APIClient):
    given_order(api, number="MO-1")

    refused(api.post(f"{BASE}work-orders/", order_body(number="MO-1"), format="json"), 409, "duplicate_number")


def test_unknown_orders_are_not_found(api: APIClient):
    refused(api.get(f"{BASE}work-orders/999999/"), 404, "not_found")
    refused(api.get(f"{BASE}work-orders/{'9' * 30}/"), 404, "not_found")


def test_another_company_sees_nothing(api: APIClient, api_of: Callable[[str], APIClient]):
    order = given_order(api)
    charlie = api_of("charlie")

    refused(charlie.get(f"{BASE}work-orders/{order['number']}/"), 404, "not_found")

    assert charlie.get(f"{BASE}work-orders/").json()["count"] == 0


def test_looking_is_not_planning(api: APIClient, api_of: Callable[[str], APIClient]):
    answer = api_of("bob").post(f"{BASE}work-orders/", order_body(), format="json")

    refused(answer, 403, "forbidden")


# -- Picking and receiving ---------------------------------------------------------------------------------------


@pytest.fixture
def store(api: APIClient) -> str:
    given(api, "warehouses", code="WH-RAW", name="原料仓")
    return "WH-RAW"


def test_the_kit_is_what_is_still_open(api: APIClient, store: str):
    order = given_order(api)
    verb(api, order, "issue", warehouse=store, lines=[{"item": "STEEL", "quantity": "2"}])

    done = verb(api, order, "issue", warehouse=store, kit=True)

    assert done.status_code == 201, done.json()
    assert [(row["item"], row["quantity"]) for row in done.json()["lines"]] == [("STEEL", "10"), ("M6-BOLT", "40")]
    assert [row["issued"] for row in fresh(api, order)["materials"]] == ["12", "40"]
    assert fresh(api, order)["state"] == "started"


def test_more_than_required_needs_a_reason(api: APIClient, store: str):
    order = given_order(api)
    lines = [{"item": "STEEL", "quantity": "13"}]

    refused(verb(api, order, "issue", warehouse=store, lines=lines), 409, "over_issue")

    assert verb(api, order, "issue", warehouse=store, lines=lines, reason="料头报废").status_code == 201


def test_a_substitute_gets_a_line_of_its_own(api: APIClient, store: str):
    given_item(api, "M6-BOLT-A2", "不锈钢螺栓")
    order = given_order(api)
    lines = [{"item": "M6-BOLT-A2", "quantity": "4"}]

    refused(verb(api, order, "issue", warehouse=store, lines=lines), 409, "over_issue")
    verb(api, order, "issue", warehouse=store, lines=lines, reason="螺栓缺货代用")

    row = fresh(api, order)["materials"][2]
    assert (row["item"], row["required"], row["issued"]) == ("M6-BOLT-A2", "0", "4")


def test_material_comes_back_but_no_more_than_went_out(api: APIClient, store: str):
    order = given_order(api)
    verb(api, order, "issue", warehouse=store, kit=True)

    done = verb(api, order, "return", warehouse=store, lines=[{"item": "STEEL", "quantity": "2"}])
    refused(
        verb(api, order, "return", warehouse=store, lines=[{"item": "STEEL", "quantity": "11"}]), 409, "over_returned"
    )

    assert done.status_code == 201
    row = fresh(api, order)["materials"][0]
    assert (row["issued"], row["returned"]) == ("12", "2")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"warehouse": "NOWHERE", "kit": True}, "unknown_warehouse"),
        ({"warehouse": "WH-RAW", "lines": [{"item": "NOBODY", "quantity": "1"}]}, "unknown_item"),
        ({"warehouse": "WH-RAW", "lines": [{"item": "M6-BOLT", "quantity": "0.5"}]}, "too_many_decimals"),
        ({"warehouse": "WH-RAW", "kit": True, "moved_on": "2199-01-01"}, "future_date"),
        ({"warehouse": "WH-RAW"}, "invalid"),
    ],
)
def test_wrong_picking_is_named(api: APIClient, store: str, body: dict[str, Any], code: str):
    order = given_order(api)

    assert refused(verb(api, order, "issue", **body), 400, code)["fields"]


def test_goods_are_received_up_to_what_is_good(api: APIClient, store: str):
    order = given_order(api)
    refused(verb(api, order, "receive", warehouse=store, quantity="1"), 409, "step_not_reached")
    report(api, order, 10, "10")
    report(api, order, 20, "6")

    done = verb(api, order, "receive", warehouse=store, quantity="6")
    refused(verb(api, order, "receive", warehouse=store, quantity="1"), 409, "over_report")

    assert done.status_code == 201
    assert (fresh(api, order)["received"], fresh(api, order)["good"]) == ("6", "6")


def test_an_order_without_steps_is_counted_by_its_receipts(api: APIClient, store: str):
    order = given_order(api, steps=[], warehouse=store)
    verb(api, order, "receive", warehouse=store, quantity="4")

    body = verb(api, order, "complete").json()

    assert (body["state"], body["good"], body["received"]) == ("completed", "10", "10")


def test_completing_what_nobody_reported_is_refused(api: APIClient):
    refused(verb(api, given_order(api), "complete"), 409, "step_not_reached")


# -- The database's own word -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE production_workorder SET state = 'draft'",
        "UPDATE production_workorder SET number = 'X'",
        "DELETE FROM production_workorder",
        "DELETE FROM production_workorderstep",
        "UPDATE production_workorderstep SET good = input + 1",
        "UPDATE production_workordermaterial SET returned = issued + 1",
    ],
)
def test_the_database_keeps_the_order_right(api: APIClient, statement: str):
    given_order(api)

    with inside(), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_expected_days_are_kept(api: APIClient):
    order = given_order(api, start_on="2030-06-01")

    with inside():
        row = WorkOrder.objects.get(pk=order["id"])

    assert (row.start_on, row.due_on) == (date(2030, 6, 1), date(2030, 6, 30))
