"""Edges of the contract: codes of refusals at the first look at a body, and figures nobody else asks for."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.production.models import WorkOrderStep
from tests.masterdata.given import given
from tests.production.given import given_bom, given_demand, got, planned, refused, rows_of, run
from tests.production.shop import BASE, given_flange, given_order, inside, order_body, post, report, step


@pytest.fixture
def api(plant: APIClient) -> APIClient:
    given_flange(plant)
    return plant


def sent(api: APIClient, path: str, body: Any, verb: str = "post") -> Any:
    return getattr(api, verb)(BASE + path, body, format="json")


def test_an_unknown_lot_rule_is_a_bad_lot_rule(api: APIClient) -> None:
    for rule in ("best", 5, None, ["l4l"]):
        if rule is not None:
            refused(sent(api, "planning-data/DN50/", {"lot_rule": rule}, "put"), 400, "bad_lot_rule")


def test_a_day_that_is_none_is_a_bad_calendar(api: APIClient) -> None:
    for weekday in (0, 8, -1):
        week = [{"weekday": weekday, "from": "08:00", "to": "17:00"}]
        body = refused(sent(api, "calendars/", {"code": "DAY", "week": week}), 400, "bad_calendar")
        assert list(body["fields"]) == ["week.0"]


def test_a_shift_that_is_none_is_refused(api: APIClient) -> None:
    days = [{"date": "2026-05-01", "shifts": [None]}]

    refused(sent(api, "calendars/", {"code": "DAY", "week": [], "exceptions": days}), 400, "invalid")


def test_the_plan_calendar_must_be_one(api: APIClient) -> None:
    refused(sent(api, "settings/", {"plan_calendar": "NONE"}, "patch"), 400, "bad_calendar")

    assert got(api, "settings/")["plan_calendar"] == "24x7"


@pytest.mark.parametrize("matrix", ["abc", [], {"a": 5}, {"a": {"b": "x"}}, {"a": {"b": -1}}])
def test_a_setup_matrix_that_is_none_is_refused(api: APIClient, matrix: Any) -> None:
    body = refused(sent(api, "work-centres/", {"code": "W", "setup_matrix": matrix}), 400, "invalid")

    assert list(body["fields"]) == ["setup_matrix"]


@pytest.mark.parametrize("name", ["steps", "materials"])
def test_an_empty_row_of_an_order_is_refused(api: APIClient, name: str) -> None:
    refused(sent(api, "work-orders/", order_body(**{name: [None]})), 400, "invalid")


def test_finer_than_any_unit_is_too_many_decimals(api: APIClient) -> None:
    order = given_order(api)

    refused(sent(api, "work-orders/", order_body(quantity="1.00001")), 400, "too_many_decimals")
    report_of = {"work_order": order["number"], "seq": 10, "good": "1.00001"}
    refused(sent(api, "reports/", report_of), 400, "too_many_decimals")


def test_own_steps_are_shaped_as_a_routing_says_them(api: APIClient) -> None:
    """What a routing leaves null an order's own step may leave null; another machine takes what it does not say."""
    given(api, "partners", code="P1", name="电镀厂", is_supplier=True)
    post(api, "work-centres/", {"code": "LATHE-2"})
    own = step(10, setup_minutes="15", queue_minutes=None, alternatives=[{"work_centre": "lathe-2"}])
    plated = step(20, subcontract={"partner": "p1", "lead_days": 3, "price": None}, piece_rate=None)

    order = post(api, "work-orders/", order_body(steps=[own, plated]))

    with inside():
        first, second = WorkOrderStep.objects.filter(order_id=order["id"]).order_by("seq")
    assert first.alternatives == [
        {"work_centre": "LATHE-2", "setup_minutes": "15", "run_minutes": "2", "fixed_minutes": "0"}
    ]
    assert second.subcontract == {"partner": "P1", "lead_days": 3, "price": None}


def test_a_subcontractor_must_be_known(api: APIClient) -> None:
    steps = [step(10, subcontract={"partner": "NOBODY", "lead_days": 3})]

    refused(sent(api, "work-orders/", order_body(steps=steps)), 400, "unknown_partner")


def test_a_subcontractor_is_paid_by_good_pieces(api: APIClient) -> None:
    given(api, "partners", code="P1", name="电镀厂", is_supplier=True)
    order = given_order(api, steps=[step(10), step(20, subcontract={"partner": "P1", "price": "1.335"})])
    report(api, order, 10, "10")
    report(api, order, 20, "3", scrap="1")

    cost = got(api, f"work-orders/{order['id']}/cost/")

    assert (cost["subcontract"], cost["total"]) == ("4.01", "4.01")  # r(3 x 1.335) = r(4.005)


def test_an_item_without_a_bill_on_the_day_is_told(api: APIClient) -> None:
    given_bom(api, "DN50", {"component": "STEEL", "quantity": "1"}, valid_to="2026-02-28")
    given_demand(api, "DN50", "10", "2026-03-20")

    found = run(api, "2026-03-02")

    codes = {(row["code"], row["item"]) for row in rows_of(api, f"mrp-runs/{found['id']}/messages/")}
    assert ("no_bom", "DN50") in codes


def test_a_bill_in_force_on_the_day_of_release_is_enough(api: APIClient) -> None:
    given_bom(api, "DN50", {"component": "STEEL", "quantity": "1"}, valid_from="2026-03-05", valid_to="2026-03-31")
    planned(api, "DN50", lead_days=2)
    given_demand(api, "DN50", "10", "2026-03-20")

    found = run(api, "2026-03-02")

    codes = {row["code"] for row in rows_of(api, f"mrp-runs/{found['id']}/messages/", item="DN50")}
    assert "no_bom" not in codes
    assert isinstance(found["seconds"], float)


@pytest.mark.parametrize("name", ["started_at", "ended_at"])
def test_a_moment_before_all_times_is_refused(api: APIClient, name: str) -> None:
    order = given_order(api)
    body = {"work_order": order["number"], "seq": 10, "good": "1", name: "0001-01-01"}

    assert list(refused(sent(api, "reports/", body), 400, "invalid")["fields"]) == [name]


@pytest.mark.parametrize(
    "path", ["calendars/%00/", "work-centres/%00/", "planning-data/%00/", "schedule/steps/%00/10/move/"]
)
def test_a_code_that_no_text_can_be_is_not_found(api: APIClient, path: str) -> None:
    verbs = ("post",) if path.endswith("move/") else ("get", "put", "patch", "delete")

    assert {sent(api, path, {"start_at": "2030-01-01"}, verb).status_code for verb in verbs} <= {404, 405}
