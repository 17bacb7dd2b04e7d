"""Bills over HTTP: versions, rings, explosion, where-used."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.production.services.boms import mark_used
from tests.people import api_client
from tests.production.given import BASE, given_bom, given_item, got, inside_hongda, posted, refused, rows_of
from tests.standing import Standing


def items() -> None:
    client = api_client("alice")
    for code in ("CAR", "AXLE", "BODY", "WHEEL"):
        given_item(client, code)
    given_item(client, "GREASE", stock_unit="kg")


@pytest.fixture(scope="session")
def standing_parts(standing: Callable[..., Standing]) -> Standing:
    return standing("parts", items)


@pytest.fixture
def parts(standing_parts: Standing, plant: APIClient) -> APIClient:
    return plant


def given_car(api: APIClient) -> None:
    given_bom(
        api,
        "AXLE",
        {"component": "WHEEL", "quantity": "2"},
        {"component": "GREASE", "quantity": "0.015", "scrap_rate": "0.1", "fixed_quantity": "0.2"},
    )
    given_bom(
        api, "CAR", {"component": "AXLE", "quantity": "2", "phantom": True}, {"component": "BODY", "quantity": "1"}
    )


def test_explosion_dissolves_phantoms(parts: APIClient) -> None:
    given_car(parts)

    found = got(parts, "boms/explode/", item="CAR", quantity="7", on="2026-03-02")

    # grease: 7 x 2 x 0.015 x 1.1 + 0.2 = 0.431 kg
    assert found["totals"] == [
        {"item": "BODY", "quantity": "7"},
        {"item": "GREASE", "quantity": "0.431"},
        {"item": "WHEEL", "quantity": "28"},
    ]
    axle = found["rows"][0]
    assert (axle["level"], axle["item"], axle["path"], axle["phantom"]) == (1, "AXLE", ["CAR", "AXLE"], True)


def test_where_used_walks_up(parts: APIClient) -> None:
    given_car(parts)

    rows = got(parts, "boms/where-used/", item="WHEEL")["rows"]

    assert [(row["level"], row["item"], row["quantity"]) for row in rows] == [(1, "AXLE", "2"), (2, "CAR", "4")]


def test_a_ring_is_refused_with_its_path(parts: APIClient) -> None:
    given_car(parts)

    answer = parts.post(
        f"{BASE}boms/", {"item": "WHEEL", "lines": [{"component": "CAR", "quantity": "1"}]}, format="json"
    )

    body = refused(answer, 409, "bom_cycle")
    assert body["path"][0] == body["path"][-1]
    assert set(body["path"]) == {"CAR", "AXLE", "WHEEL"}
    assert not rows_of(parts, "boms/", item="WHEEL")


def test_an_item_is_not_made_of_itself(parts: APIClient) -> None:
    answer = parts.post(
        f"{BASE}boms/", {"item": "CAR", "lines": [{"component": "CAR", "quantity": "1"}]}, format="json"
    )

    refused(answer, 409, "bom_cycle")


def test_one_version_at_a_time(parts: APIClient) -> None:
    line = {"component": "BODY", "quantity": "1"}
    first = given_bom(parts, "CAR", line, version="A")
    second = posted(parts, "boms/", {"item": "CAR", "version": "B", "lines": [line]})

    refused(parts.post(f"{BASE}boms/{second['id']}/activate/", {}, format="json"), 409, "bom_overlap")

    posted(parts, f"boms/{first['id']}/retire/", {}, status=200)
    assert posted(parts, f"boms/{second['id']}/activate/", {}, status=200)["state"] == "active"
    refused(parts.post(f"{BASE}boms/{second['id']}/activate/", {}, format="json"), 409, "wrong_state")
    refused(parts.post(f"{BASE}boms/{first['id']}/retire/", {}, format="json"), 409, "wrong_state")


def test_versions_may_follow_each_other(parts: APIClient) -> None:
    line = {"component": "BODY", "quantity": "1"}
    given_bom(parts, "CAR", line, valid_to="2026-06-30")

    second = given_bom(parts, "CAR", {"component": "BODY", "quantity": "2"}, valid_from="2026-07-01")

    assert (second["state"], second["version"]) == ("active", "2")
    early = got(parts, "boms/explode/", item="CAR", on="2026-06-30")["totals"]
    late = got(parts, "boms/explode/", item="CAR", on="2026-07-01")["totals"]
    assert (early[0]["quantity"], late[0]["quantity"]) == ("1", "2")


def test_a_used_version_is_frozen(parts: APIClient) -> None:
    bom = given_bom(parts, "CAR", {"component": "BODY", "quantity": "1"})
    with inside_hongda():
        mark_used(bom_id=bom["id"])

    answer = parts.patch(
        f"{BASE}boms/{bom['id']}/", {"lines": [{"component": "WHEEL", "quantity": "4"}]}, format="json"
    )

    refused(answer, 409, "bom_in_use")
    refused(parts.delete(f"{BASE}boms/{bom['id']}/"), 409, "bom_in_use")


def test_a_draft_is_changed_and_a_stale_form_is_noticed(parts: APIClient) -> None:
    bom = posted(parts, "boms/", {"item": "CAR", "lines": [{"component": "BODY", "quantity": "1"}]})
    url = f"{BASE}boms/{bom['id']}/"

    changed = parts.patch(
        url, {"version_no": 1, "lines": [{"component": "WHEEL", "quantity": "4"}]}, format="json"
    ).json()

    assert [(row["component"], row["quantity"], row["unit"]) for row in changed["lines"]] == [("WHEEL", "4", "pcs")]
    refused(parts.patch(url, {"version_no": 1, "base_quantity": "2"}, format="json"), 409, "stale_version")


def test_without_a_bill_there_is_nothing_to_explode(parts: APIClient) -> None:
    refused(parts.get(f"{BASE}boms/explode/", {"item": "CAR"}), 409, "no_active_bom")


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"item": "NOBODY"}, "unknown_item", "item"),
        ({"lines": [{"component": "NOBODY", "quantity": "1"}]}, "unknown_item", "lines.0.component"),
        ({"lines": [{"component": "BODY", "quantity": "1", "unit": "barrel"}]}, "unknown_unit", "lines.0.unit"),
        ({"lines": [{"component": "BODY", "quantity": "0"}]}, "invalid", "lines.0.quantity"),
        ({"lines": [{"component": "BODY", "quantity": "-1"}]}, "invalid", "lines.0.quantity"),
        ({"lines": [{"component": "BODY", "quantity": 1.5}]}, "invalid", "lines.0.quantity"),
        ({"lines": [{"component": "BODY", "quantity": "1e400"}]}, "invalid", "lines.0.quantity"),
        ({"lines": [{"component": "BODY\x00", "quantity": "1"}]}, "invalid", "lines.0.component"),
        ({"lines": [{"component": "BODY", "quantity": "0.0000001"}]}, "too_many_decimals", "quantity"),
        ({"valid_from": "2026-07-01", "valid_to": "2026-06-30"}, "bad_range", "valid_to"),
    ],
)
def test_bad_bills_are_refused(parts: APIClient, change: dict[str, Any], code: str, field: str) -> None:
    body = {"item": "CAR", "lines": [{"component": "BODY", "quantity": "1"}], **change}

    refusal = refused(parts.post(f"{BASE}boms/", body, format="json"), 400, code)

    assert field in refusal["fields"]


def test_compare_names_what_changed(parts: APIClient) -> None:
    first = posted(parts, "boms/", {"item": "CAR", "lines": [{"component": "BODY", "quantity": "1"}]})
    second = posted(
        parts,
        "boms/",
        {"item": "CAR", "lines": [{"component": "BODY", "quantity": "2"}, {"component": "WHEEL", "quantity": "4"}]},
    )

    rows = got(parts, f"boms/{first['id']}/compare/", other=second["id"])["rows"]

    assert [row["component"] for row in rows] == ["BODY", "WHEEL"]
    assert (rows[0]["before"]["quantity"], rows[0]["after"]["quantity"], rows[1]["before"]) == ("1", "2", None)


def test_components_in_other_units_are_converted(parts: APIClient) -> None:
    given_item(parts, "SCREW", units=[{"unit": "box", "factor": "100"}])
    given_bom(parts, "CAR", {"component": "SCREW", "quantity": "0.5", "unit": "box"})

    totals = got(parts, "boms/explode/", item="CAR", quantity="3")["totals"]

    assert totals == [{"item": "SCREW", "quantity": "150"}]  # 3 x 0.5 boxes of 100
