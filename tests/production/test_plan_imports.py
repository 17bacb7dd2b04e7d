"""Bills, parameters and demands from Excel; planning data and demands over HTTP."""

from io import BytesIO
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.production.given import BASE, given_demand, given_item, got, planned, posted, refused, rows_of


def sent(api: APIClient, resource: str, text: str, **options: str) -> dict[str, Any]:
    file = BytesIO(text.encode())
    file.name = "rows.csv"
    answer = api.post(f"{BASE}{resource}/imports/", {"file": file, **options}, format="multipart")
    assert answer.status_code == 202, answer.content.decode()
    found: dict[str, Any] = got(api, f"{resource}/imports/{answer.json()['id']}/")
    return found


@pytest.fixture
def parts(plant: APIClient) -> APIClient:
    for code in ("FLANGE", "BODY", "M6-BOLT"):
        given_item(plant, code)
    return plant


def test_rows_of_one_version_are_one_bill(parts: APIClient) -> None:
    text = "产品,版本,子件,用量,损耗率\nFLANGE,A,BODY,1,\nFLANGE,A,M6-BOLT,4,0.05\n"

    job = sent(parts, "boms", text)

    assert (job["state"], job["created"]) == ("done", 1)
    bom = rows_of(parts, "boms/", item="FLANGE")[0]
    assert (bom["state"], [row["component"] for row in bom["lines"]]) == ("active", ["BODY", "M6-BOLT"])


def test_a_ring_in_a_file_is_a_bad_row(parts: APIClient) -> None:
    text = "item,component,quantity\nFLANGE,BODY,1\nBODY,FLANGE,1\n"

    job = sent(parts, "boms", text, mode="skip_bad_rows")

    assert (job["created"], job["errors"][0]["code"]) == (1, "bom_cycle")


def test_unknown_parts_are_named_with_their_row(parts: APIClient) -> None:
    job = sent(parts, "boms", "item,component,quantity\nFLANGE,BODY,1\nFLANGE,NOBODY,1\n")

    assert (job["state"], job["created"]) == ("failed", 0)
    assert (job["errors"][0]["row"], job["errors"][0]["code"]) == (3, "unknown_item")


def test_demands_and_parameters_are_imported(parts: APIClient) -> None:
    first = sent(parts, "demands", "物料编码,数量,需求日期,优先级\nFLANGE,500,2026-03-20,1\n")
    second = sent(parts, "planning-data", "物料编码,批量规则,最小批量,提前期\nM6-BOLT,最小批量,100,3\n")

    assert (first["created"], second["created"]) == (1, 1)
    assert rows_of(parts, "demands/")[0]["priority"] == 1
    found = got(parts, "planning-data/M6-BOLT/")
    assert (found["lot_rule"], found["min_lot"], found["lead_days"]) == ("min_max", "100", 3)


def test_an_item_without_parameters_has_defaults(parts: APIClient) -> None:
    found = got(parts, "planning-data/BODY/")

    assert (found["lot_rule"], found["lead_days"], found["version"]) == ("l4l", 0, 0)
    assert parts.get(f"{BASE}planning-data/NOBODY/").status_code == 404


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"lot_rule": "foq"}, "bad_lot_rule"),
        ({"lot_rule": "poq"}, "bad_lot_rule"),
        ({"lot_rule": "eoq", "order_cost": "10"}, "bad_lot_rule"),
        ({"min_lot": "10", "max_lot": "5"}, "bad_lot_rule"),
        ({"max_lot": "100", "multiple": "30"}, "bad_lot_rule"),
        ({"min_lot": "0.5"}, "too_many_decimals"),
        ({"lead_days": -1}, "invalid"),
        ({"lot_rule": "nonsense"}, "bad_lot_rule"),
        ({"supplier": "NOBODY"}, "unknown_supplier"),
    ],
)
def test_bad_parameters_are_refused(parts: APIClient, values: dict[str, Any], code: str) -> None:
    refused(parts.put(f"{BASE}planning-data/BODY/", values, format="json"), 400, code)


def test_put_replaces_the_whole(parts: APIClient) -> None:
    planned(parts, "BODY", lead_days=5, safety_stock="10")

    found = planned(parts, "BODY", lead_days=7)

    assert (found["lead_days"], found["safety_stock"], found["version"]) == (7, "0", 2)


def test_a_demand_is_cancelled_once(parts: APIClient) -> None:
    demand = given_demand(parts, "FLANGE", "10", "2026-03-20")

    cancelled = posted(parts, f"demands/{demand['id']}/cancel/", {}, status=200)

    assert (cancelled["state"], cancelled["open"]) == ("cancelled", "0")
    refused(parts.post(f"{BASE}demands/{demand['id']}/cancel/", {}, format="json"), 409, "wrong_state")
    assert parts.get(f"{BASE}demands/{10**30}/").status_code == 404


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"item": "NOBODY"}, "unknown_item"),
        ({"quantity": "0.5"}, "too_many_decimals"),
        ({"quantity": "0"}, "invalid"),
        ({"quantity": "9" * 40}, "invalid"),
        ({"priority": 10}, "invalid"),
        ({"due_on": "20.03.2026"}, "invalid"),
        ({"reference": "x\x00"}, "invalid"),
    ],
)
def test_bad_demands_are_refused(parts: APIClient, change: dict[str, Any], code: str) -> None:
    body = {"item": "FLANGE", "quantity": "10", "due_on": "2026-03-20", **change}

    refused(parts.post(f"{BASE}demands/", body, format="json"), 400, code)


def test_settings_are_read_and_changed(plant: APIClient) -> None:
    before = got(plant, "settings/")

    after = plant.patch(f"{BASE}settings/", {"report_tolerance": "0.05", "hold_partial": True}, format="json").json()

    assert (before["horizon_days"], before["plan_calendar"], before["report_tolerance"]) == (364, "24x7", "0")
    assert (after["report_tolerance"], after["hold_partial"]) == ("0.05", True)


def test_lists_leave_as_files(parts: APIClient) -> None:
    given_demand(parts, "FLANGE", "10", "2026-03-20")

    answer = parts.get(f"{BASE}demands/", {"format": "csv"})

    assert "FLANGE" in b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]  # of a file
