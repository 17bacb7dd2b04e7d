"""领料 at the scan page: the work order is scanned, then its material; production sees it as picked."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from apps.production.domain import traveller
from apps.production.models import WorkOrderMove
from tenants.models import Membership
from tests.masterdata.given import given, given_item
from tests.production.shop import fresh, given_order, inside, post
from tests.production.test_shop_reservations import held
from tests.production.test_shop_stock import api, on_hand, stocked  # noqa: F401  # the fixture

RAW = {"warehouse": "WH-RAW"}


def scanned(
    api: APIClient,  # noqa: F811  # the fixture
    code: str,
    *,
    status: int = 200,
    task: str = "pick",
    **more: Any,
) -> dict[str, Any]:
    answer = api.post("/api/v1/inventory/scan/", {"task": task, "code": code, **more}, format="json")
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def issued(api: APIClient, order: dict[str, Any]) -> dict[str, str]:  # noqa: F811  # the fixture
    return {row["item"]: row["issued"] for row in fresh(api, order)["materials"]}


@pytest.mark.parametrize("task", ["pick", "issue", "ship"])
def test_the_order_is_scanned_then_its_material(api: APIClient, task: str):  # noqa: F811  # the fixture
    order = given_order(api, release=False)
    post(api, f"work-orders/{order['id']}/release/", {"reserve": True}, status=200)

    found = scanned(api, order["number"], task=task, context=RAW)
    asks = scanned(api, "M6-BOLT", task=task, context=found["context"])
    bolts = scanned(api, "M6-BOLT", task=task, quantity="30", context=found["context"])
    steel = scanned(api, "STEEL", task=task, quantity="12", context=bolts["context"])
    last = scanned(api, "M6-BOLT", task=task, quantity="10", context=steel["context"])

    assert (found["understood"]["kind"], found["context"]["document"]) == ("work_order", order["number"])
    wanted = {line["item"]: (line["quantity"], line["unit"]) for line in found["lines"]}
    assert wanted == {"STEEL": ("12", "kg"), "M6-BOLT": ("40", "pcs")}
    assert (asks["next"], asks["posted"]) == ("quantity", None)
    assert "这种料还要领 10 个，共有 2 种料未领齐" in bolts["message"]  # 40 - 30, and the steel
    assert bolts["understood"]["unit"] == "pcs"
    assert last["lines"] == [] and "已全部领齐" in last["message"]
    assert issued(api, order) == {"STEEL": "12", "M6-BOLT": "40"}
    assert fresh(api, order)["state"] == "started"
    assert held(api, "M6-BOLT") == []  # what was kept for the order is used
    document = api.get(f"/api/v1/inventory/issues/{last['posted']['id']}/").json()
    assert (document["reason"], document["source"]["number"]) == ("material", order["number"])


def test_the_code_of_the_traveller_and_the_number_with_a_step(api: APIClient):  # noqa: F811  # the fixture
    order = given_order(api)
    address = f"https://hongda.localhost/production/reports/new/?order={order['number']}&seq=10"

    assert scanned(api, address)["context"]["document"] == order["number"]
    assert scanned(api, f"{order['number']}/10")["context"]["document"] == order["number"]
    assert traveller.read("https://[::1/?order=MO1&seq=1").seq == ""
    assert scanned(api, "https://shop.example/?order=MO-0&seq=10", status=400)["code"] == "unknown_code"


def test_one_key_picks_once(api: APIClient):  # noqa: F811  # the fixture
    order = given_order(api)
    body: dict[str, Any] = {"quantity": "5", "key": "phone-7", "context": {**RAW, "document": order["number"]}}

    first, second = scanned(api, "M6-BOLT", **body), scanned(api, "M6-BOLT", **body)

    assert first["posted"] == second["posted"]
    assert issued(api, order)["M6-BOLT"] == "5"


def test_what_is_refused_changes_nothing(api: APIClient):  # noqa: F811  # the fixture
    order, draft = given_order(api), given_order(api, release=False)
    here = {**RAW, "document": order["number"]}

    assert scanned(api, draft["number"], status=409)["code"] == "wrong_state"
    assert scanned(api, "DN50", quantity="1", context=here, status=409)["code"] == "not_in_document"
    assert scanned(api, "M6-BOLT", quantity="41", context=here, status=409)["code"] == "over_issue"
    empty = {**here, "warehouse": "WH-FG"}
    short = scanned(api, "M6-BOLT", quantity="1", context=empty, status=409)
    assert short["code"] == "not_enough_stock" and "个" in short["message"]
    gone = {**RAW, "document": "MO-GONE"}
    assert scanned(api, "M6-BOLT", quantity="1", context=gone, status=400)["code"] == "unknown_document"
    assert issued(api, order) == {"STEEL": "0", "M6-BOLT": "0"}
    assert on_hand(api, "M6-BOLT") == 1000


def test_boxes_bins_lots_and_pieces(api: APIClient):  # noqa: F811  # the fixture
    given_item(api, "GLUE", "胶水", stock_unit="kg", tracking="lot")
    given_item(api, "MOTOR", "电机", tracking="serial")
    given_item(api, "SCREW", "螺钉", units=[{"unit": "box", "factor": "100"}])
    given(api, "locations", warehouse="WH-RAW", code="A-01")
    base = {"unit_cost": "1", "location": "A-01"}
    lines = [
        {"item": "GLUE", "quantity": "5", "lot": "G1", **base},
        {"item": "GLUE", "quantity": "5", "lot": "G2", **base},
        {"item": "MOTOR", "quantity": "2", "serials": ["S1", "S2"], **base},
        {"item": "SCREW", "quantity": "500", **base},
    ]  # fmt: skip
    stocked(api, "receipts", warehouse="WH-RAW", reason="other_in", lines=lines)
    materials = [
        {"item": "GLUE", "quantity": "2"}, {"item": "MOTOR", "quantity": "1"}, {"item": "SCREW", "quantity": "300"}
    ]  # fmt: skip
    order = given_order(api, materials=materials)
    here = {**RAW, "document": order["number"], "location": "A-01"}

    asks = scanned(api, "MOTOR", context=here)
    motor = scanned(api, "QZ1|item|MOTOR||S2", context=here)
    glue = scanned(api, "QZ1|lot|GLUE|G2", quantity="2", context=here)
    screws = scanned(api, "QZ1|item|SCREW|||300", context=here)

    assert asks["next"] == "serial"
    assert issued(api, order) == {"GLUE": "2", "MOTOR": "1", "SCREW": "300"}
    with inside():
        assert list(WorkOrderMove.objects.order_by("id").values_list("lot", flat=True)) == ["S2", "G2", ""]
    assert all(answer["posted"] for answer in (motor, glue, screws))
    back = {"lines": [{"item": "MOTOR", "quantity": "1", "lot": "S2"}], **RAW}
    post(api, f"work-orders/{order['id']}/return/", back)
    assert on_hand(api, "MOTOR") == 2


def test_two_lines_of_one_material_are_picked_as_one(api: APIClient):  # noqa: F811  # the fixture
    twice = [{"item": "M6-BOLT", "quantity": "20"}, {"item": "M6-BOLT", "quantity": "20"}]
    order = given_order(api, materials=twice)

    scanned(api, "M6-BOLT", quantity="30", context={**RAW, "document": order["number"]})

    assert [row["issued"] for row in fresh(api, order)["materials"]] == ["20", "10"]


def test_a_storekeeper_picks_and_an_accountant_does_not(api: APIClient, api_of: Callable[[str], APIClient]):  # noqa: F811
    order = given_order(api)
    here = {"task": "pick", "code": "STEEL", "quantity": "2", "context": {**RAW, "document": order["number"]}}
    bob = api_of("bob")

    refused = bob.post("/api/v1/inventory/scan/", here, format="json")
    Membership.objects.filter(user__email__startswith="bob@").update(role="storekeeper")
    picked = bob.post("/api/v1/inventory/scan/", here, format="json")

    assert (refused.status_code, picked.status_code) == (403, 200)
    assert issued(api, order)["STEEL"] == "2"


def test_without_production_the_number_is_unknown(api: APIClient, monkeypatch: pytest.MonkeyPatch):  # noqa: F811
    order = given_order(api)
    monkeypatch.setattr("apps.inventory.services.scan_doors.has_module", lambda module: module != "production")

    assert scanned(api, order["number"], status=400)["code"] == "unknown_code"


def test_minus_on_the_page_returns_it_to_the_order(api: APIClient, page_of: Callable[[str], Client]):  # noqa: F811
    given(api, "locations", warehouse="WH-RAW", code="A-01")
    stocked(
        api, "receipts", warehouse="WH-RAW", reason="other_in",
        lines=[{"item": "M6-BOLT", "quantity": "7", "unit_cost": "1", "location": "A-01"}],
    )  # fmt: skip
    order = given_order(api)
    page = page_of("alice")
    form = {"task": "ship", **RAW, "quantity": "1", "key": "k1", "code": order["number"]}
    htmx = {"HX-Request": "true"}

    first = page.post("/inventory/scan/hit/", form, headers=htmx).content.decode()
    form |= {"document": order["number"], "code": "M6-BOLT", "quantity": "4", "key": "k2", "location": "A-01"}
    hit = page.post("/inventory/scan/hit/", form, headers=htmx).content.decode()
    document = hit.split("/inventory/scan/undo/")[1].split("/")[0]
    undone = page.post(f"/inventory/scan/undo/{document}/", {"task": "ship", "code": "M6-BOLT"}, headers=htmx)
    again = page.post(f"/inventory/scan/undo/{document}/", {"task": "ship", "code": "M6-BOLT"}, headers=htmx)

    assert "有 2 种料要领" in first and "40</b> 个" in first
    assert "4 个 已记账" in hit and "pcs" not in hit
    assert "已撤销，退料单" in undone.content.decode()
    assert "已有退回" in again.content.decode()
    assert issued(api, order)["M6-BOLT"] == "4"
    row = next(row for row in fresh(api, order)["materials"] if row["item"] == "M6-BOLT")
    assert (row["returned"], on_hand(api, "M6-BOLT")) == ("4", Decimal(1007))
    bins = api.get("/api/v1/inventory/on-hand/?item=M6-BOLT&group=location").json()["results"]
    assert {line["location"]: line["quantity"] for line in bins} == {None: "1000", "A-01": "7"}
