"""Reports over the API: what a step may still report, who is paid, what an undo gives back, and every refusal."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from rest_framework.test import APIClient

from apps.production.models import ProductionSettings
from kernel.models import Fact
from tests.masterdata.given import given, refused
from tests.production.shop import (
    BASE,
    fresh,
    get,
    given_order,
    given_people,
    inside,
    post,
    report,
    step,
)
from tests.standing import Standing

PEOPLE = ("E1", "E2", "E3")


@pytest.fixture
def api(standing_flange: Standing, api_of: Callable[[str], APIClient], monkeypatch: pytest.MonkeyPatch) -> APIClient:
    """Alice's client at a company that counts material on its orders alone, with three workers."""
    monkeypatch.setattr("apps.production.links.has_stock", lambda: False)
    client = api_of("alice")
    given_people(client, *PEOPLE)
    return client


def sent(api: APIClient, order: dict[str, Any], seq: int, good: str, **more: Any) -> Any:
    return api.post(f"{BASE}reports/", {"work_order": order["number"], "seq": seq, "good": good, **more}, format="json")


def rate(api: APIClient, value: str, **more: Any) -> dict[str, Any]:
    return post(api, "piece-rates/", {"item": "DN50", "seq": 10, "rate": value, "valid_from": "2020-01-01", **more})


# -- Counting ----------------------------------------------------------------------------------------------------


def test_a_report_counts_and_opens_the_next_step(api: APIClient):
    order = given_order(api)

    made = report(api, order, 10, "6", scrap="1", scrap_reason="工废")

    assert made["step"] == {"good": "6", "scrap": "1", "input": "10", "left": "3"}
    assert (made["work_order"], made["seq"], made["undoes"]) == (order["number"], 10, None)
    shown = fresh(api, order)
    assert (shown["state"], shown["scrap"], shown["steps"][1]["input"]) == ("started", "1", "6")


def test_the_same_key_is_the_same_report(api: APIClient):
    order = given_order(api)

    first = report(api, order, 10, "4", key="phone-7-0001")
    again = report(api, order, 10, "4", key="phone-7-0001")

    assert first["id"] == again["id"]
    assert fresh(api, order)["steps"][0]["good"] == "4"


def test_no_more_than_came_in(api: APIClient):
    order = given_order(api)
    report(api, order, 10, "8")

    refused(sent(api, order, 10, "3"), 409, "over_report")
    refused(sent(api, order, 20, "9"), 409, "over_report")

    assert report(api, order, 20, "8")["step"]["left"] == "0"


def test_a_step_waits_for_the_report_point_before(api: APIClient):
    order = given_order(api)

    refused(sent(api, order, 20, "1"), 409, "step_not_reached")


def test_only_report_points_keep_the_order(api: APIClient):
    order = given_order(api, steps=[step(10, report_point=False), step(20)])

    made = report(api, order, 20, "10")

    assert made["step"]["input"] == "10"
    assert fresh(api, order)["good"] == "10"


def test_tolerance_lets_a_little_more_through(api: APIClient):
    with inside():
        ProductionSettings.objects.update_or_create(defaults={"report_tolerance": "0.1"})
    order = given_order(api)

    report(api, order, 10, "11")  # 10 x 1.1
    refused(sent(api, order, 10, "1"), 409, "over_report")

    assert report(api, order, 20, "12")["step"]["input"] == "11"  # 11 x 1.1 = 12.1


def test_rework_comes_back_in(api: APIClient):
    order = given_order(api)

    first = report(api, order, 10, "7", rework="3")
    refused(sent(api, order, 10, "2", rework="2"), 409, "over_report")
    second = report(api, order, 10, "3")

    assert (first["step"]["left"], second["step"]["left"]) == ("3", "0")
    assert fresh(api, order)["steps"][0]["rework"] == "3"


def test_facts_are_told(api: APIClient):
    order = given_order(api)
    rate(api, "0.5")

    made = report(api, order, 10, "5", scrap="1", workers=[{"employee": "E1"}])

    with inside():
        told = dict(Fact.objects.filter(name__in=FACTS).order_by("id").values_list("name", "payload"))
    assert told["production.step_reported"]["report_id"] == made["id"]
    assert told["production.scrap_approved"]["work_order_id"] == order["id"]
    assert told["production.piece_work_confirmed"]["report_id"] == made["id"]


FACTS = ("production.step_reported", "production.scrap_approved", "production.piece_work_confirmed")


# -- Wages -------------------------------------------------------------------------------------------------------


def test_a_group_shares_by_weight(api: APIClient):
    order = given_order(api, quantity="200")
    rate(api, "0.14")

    made = report(api, order, 10, "100", workers=[{"employee": code} for code in PEOPLE])

    # 100 x 0.14 = 14.00; a third is 4.6666: two fen are left for the first two by code
    assert made["wages"] == [
        {"employee": "E1", "amount": "4.67"},
        {"employee": "E2", "amount": "4.67"},
        {"employee": "E3", "amount": "4.66"},
    ]


def test_the_rate_of_the_day_counts(api: APIClient):
    order = given_order(api, quantity="200")
    rate(api, "0.135", valid_from="2025-01-01")
    rate(api, "0.14", valid_from="2025-03-01")

    made = report(api, order, 10, "101", workers=[{"employee": "E1"}], ended_at="2025-02-27T17:00:00+08:00")

    assert made["wages"] == [{"employee": "E1", "amount": "13.64"}]  # 101 x 0.135 = 13.635
    assert made["reported_on"] == "2025-02-27"


def test_tiers_follow_the_workers_day(api: APIClient):
    order = given_order(api, quantity="200")
    rate(api, "0.10", tiers=[{"from": "50", "rate": "0.20"}])

    first = report(api, order, 10, "40", workers=[{"employee": "E1"}])
    second = report(api, order, 10, "40", workers=[{"employee": "E1"}])

    assert first["wages"][0]["amount"] == "4.00"  # 40 x 0.10
    assert second["wages"][0]["amount"] == "7.00"  # 10 x 0.10 + 30 x 0.20


def test_scrap_is_paid_when_it_is_not_the_workers(api: APIClient):
    order = given_order(api)
    rate(api, "1")

    own = report(api, order, 10, "3", scrap="1", scrap_reason="工废", workers=[{"employee": "E1"}])
    other = report(api, order, 10, "3", scrap="1", scrap_reason="料废", workers=[{"employee": "E1"}])

    assert (own["wages"][0]["amount"], other["wages"][0]["amount"]) == ("3.00", "4.00")


def test_the_steps_own_rate_is_the_last_resort(api: APIClient):
    order = given_order(api, steps=[step(10, piece_rate="0.3")])

    made = report(api, order, 10, "7", workers=[{"employee": "E1"}])

    assert made["wages"] == [{"employee": "E1", "amount": "2.10"}]


def test_totals_are_the_sum_of_lines(api: APIClient):
    order = given_order(api, quantity="100")
    rate(api, "0.33")
    for good, codes in (("7", PEOPLE), ("11", ("E1",)), ("13", ("E2", "E3"))):
        report(api, order, 10, good, workers=[{"employee": code} for code in codes])

    rows = get(api, "wages/")
    lines = get(api, "wages/lines/")

    # 7 x 0.33 = 2.31, 11 x 0.33 = 3.63, 13 x 0.33 = 4.29
    assert rows["totals"]["amount"] == "10.23"
    assert sum(round(float(line["amount"]) * 100) for line in lines["results"]) == 1023
    assert [row["employee"] for row in rows["results"]] == list(PEOPLE)
    assert get(api, "wages/?employee=E1")["totals"]["lines"] == 2


def test_a_settled_month_is_frozen_and_its_undo_falls_into_the_next(api: APIClient):
    order = given_order(api)
    rate(api, "1")
    made = report(api, order, 10, "2", workers=[{"employee": "E1"}], ended_at="2025-02-27T17:00:00+08:00")

    settled = post(api, "wages/settle/", {"month": "2025-02"})
    refused(sent(api, order, 10, "1", ended_at="2025-02-28T09:00:00+08:00"), 409, "wage_period_settled")
    refused(api.post(f"{BASE}wages/settle/", {"month": "2025-02"}, format="json"), 409, "wage_period_settled")
    post(api, f"reports/{made['id']}/undo/")

    assert settled["amount"] == "2.00"
    assert get(api, "wages/?from=2025-02-01&to=2025-02-28")["totals"]["amount"] == "2.00"
    assert get(api, "wages/?from=2025-03-01&to=2025-03-31")["totals"]["amount"] == "-2.00"


# -- Undo --------------------------------------------------------------------------------------------------------


def test_an_undo_gives_all_back(api: APIClient):
    order = given_order(api)
    rate(api, "0.5")
    made = report(api, order, 10, "6", scrap="1", rework="1", workers=[{"employee": "E1"}])

    undone = post(api, f"reports/{made['id']}/undo/", {"reason": "数错了"})

    assert (undone["good"], undone["scrap"], undone["undoes"]) == ("-6", "-1", made["id"])
    assert undone["wages"] == [{"employee": "E1", "amount": "-3.00"}]
    shown = fresh(api, order)
    first = shown["steps"][0]
    assert (first["good"], first["scrap"], first["rework"], first["state"]) == ("0", "0", "0", "waiting")
    assert shown["steps"][1]["input"] == "0"


def test_an_undo_comes_once(api: APIClient):
    order = given_order(api)
    made = report(api, order, 10, "6")
    undone = post(api, f"reports/{made['id']}/undo/")

    for key in (made["id"], undone["id"]):
        refused(api.post(f"{BASE}reports/{key}/undo/", {}, format="json"), 409, "already_undone")


def test_what_a_later_step_used_stays(api: APIClient):
    order = given_order(api)
    first = report(api, order, 10, "6")
    later = report(api, order, 20, "4")

    refused(api.post(f"{BASE}reports/{first['id']}/undo/", {}, format="json"), 409, "already_used")
    post(api, f"reports/{later['id']}/undo/")

    assert post(api, f"reports/{first['id']}/undo/")["good"] == "-6"


def test_what_stock_took_stays(api: APIClient):
    given(api, "warehouses", code="WH-FG", name="成品仓")
    order = given_order(api, steps=[step(10)])
    made = report(api, order, 10, "6")
    post(api, f"work-orders/{order['id']}/receive/", {"warehouse": "WH-FG", "quantity": "6"})

    refused(api.post(f"{BASE}reports/{made['id']}/undo/", {}, format="json"), 409, "already_used")


def test_back_flushed_material_comes_back(api: APIClient):
    given(api, "warehouses", code="WH-LINE", name="线边仓", kind="line_side")
    materials = [{"item": "M6-BOLT", "quantity": "40", "backflush": True}]
    order = given_order(api, materials=materials)

    report(api, order, 10, "5")
    before = fresh(api, order)["materials"][0]
    made = report(api, order, 20, "5")
    taken = fresh(api, order)["materials"][0]
    post(api, f"reports/{made['id']}/undo/")

    assert before["issued"] == "0"
    assert (taken["issued"], taken["backflushed"]) == ("20", "20")  # 5 of 10 pieces x 40
    assert fresh(api, order)["materials"][0]["issued"] == "0"


# -- Refusals ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"seq": 99}, "unknown_step"),
        ({"workers": [{"employee": "NOBODY"}]}, "unknown_employee"),
        ({"workers": [{"employee": "E1", "weight": "0"}]}, "invalid"),
        ({"workers": [{"employee": "E1"}, {"employee": "E1"}]}, "invalid"),
        ({"work_centre": "NOWHERE"}, "unknown_work_centre"),
        ({"good": "1.5"}, "too_many_decimals"),
        ({"good": "0"}, "invalid"),
        ({"good": "-1"}, "invalid"),
        ({"good": 1.5}, "invalid"),
        ({"ended_at": "2199-01-01T00:00:00+08:00"}, "future_date"),
        ({"started_at": "2025-01-02T00:00:00+08:00", "ended_at": "2025-01-01T00:00:00+08:00"}, "bad_range"),
        ({"key": "a\x00b"}, "invalid"),
        ({"minutes": "99999999"}, "invalid"),
    ],
)
def test_wrong_reports_are_named(api: APIClient, change: dict[str, Any], code: str):
    order = given_order(api)
    body = {"work_order": order["number"], "seq": 10, "good": "1", **change}

    assert refused(api.post(f"{BASE}reports/", body, format="json"), 400, code)["fields"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"item": "NOBODY"}, "unknown_item"),
        ({"rate": "-1"}, "invalid"),
        ({"rate": "0.1234567"}, "too_many_decimals"),
        ({"tiers": [{"from": "50", "rate": "1"}, {"from": "20", "rate": "1"}]}, "invalid"),
        ({"tiers": [{"rate": "1"}]}, "invalid"),
    ],
)
def test_wrong_rates_are_named(api: APIClient, change: dict[str, Any], code: str):
    body = {"item": "DN50", "seq": 10, "rate": "1", "valid_from": "2025-01-01", **change}

    refused(api.post(f"{BASE}piece-rates/", body, format="json"), 400, code)


def test_an_open_month_is_not_settled(api: APIClient):
    refused(api.post(f"{BASE}wages/settle/", {"month": "2199-01"}, format="json"), 400, "future_date")


def test_drafts_and_held_orders_are_not_reported(api: APIClient):
    draft = given_order(api, release=False)
    held = given_order(api)
    post(api, f"work-orders/{held['id']}/hold/", status=200)

    for order in (draft, held):
        refused(sent(api, order, 10, "1"), 409, "wrong_state")


def test_other_companies_reports_are_not_there(api: APIClient, api_of: Callable[[str], APIClient]):
    made = report(api, given_order(api), 10, "1")

    refused(api_of("charlie").post(f"{BASE}reports/{made['id']}/undo/", {}, format="json"), 404, "not_found")


def test_looking_is_not_reporting(api: APIClient, api_of: Callable[[str], APIClient]):
    order = given_order(api)

    refused(sent(api_of("bob"), order, 10, "1"), 403, "forbidden")


# -- The database's own word -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE production_report SET good = 1",
        "DELETE FROM production_report",
        "UPDATE production_wageline SET amount = 9",
        "DELETE FROM production_wageline",
        "UPDATE production_piecerate SET rate = 9",
        "INSERT INTO production_report (order_id, step_id, good, scrap, rework, workers, work_centre_id, ended_at,"
        " reported_on, undoes_id, reported_at, scrap_reason, scrap_is_paid, key, reason, reported_by_name)"
        " SELECT order_id, step_id, -1, 0, 0, '[]', work_centre_id, ended_at, reported_on, id, reported_at, '', false,"
        " '', '', '' FROM production_report",
    ],
)
def test_the_database_keeps_the_ledger(api: APIClient, statement: str):
    rate(api, "1")
    report(api, given_order(api), 10, "2", workers=[{"employee": "E1"}])

    with inside(), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
