"""What production refuses over the API is refused on its pages with the same sentence, and what was typed stays."""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from apps.production.models import Schedule
from apps.production.services.boms import mark_used
from kernel.clock import now
from tests.masterdata.given import given, given_item
from tests.production.given import inside_hongda, posted, refused
from tests.production.shop import BASE, fresh, given_order, given_people, post, report
from tests.production.test_schedule_api import order, run, shop  # noqa: F401  # `shop` is a fixture
from tests.standing import Standing

AT = "/production/"
OPEN = {"due_on": "2030-06-30", "priority": "3"}


@pytest.fixture
def api(standing_flange: Standing, api_of: Callable[[str], APIClient], monkeypatch: pytest.MonkeyPatch) -> APIClient:
    monkeypatch.setattr("apps.production.links.has_stock", lambda: False)
    return api_of("alice")


@pytest.fixture
def page(api: APIClient, page_of: Callable[[str], Client]) -> Client:
    return page_of("alice")


def shown(answer: Any, status: int = 422) -> str:
    """The words of a page."""
    assert answer.status_code == status, answer.content.decode()[:1500]
    return unescape(answer.content.decode())


def sentence(answer: Any, status: int, code: str) -> str:
    """What the API says beside the field, else at all."""
    body = refused(answer, status, code)
    return str(next(iter(body["fields"].values()), [body["message"]])[0])


def asked(api: APIClient, path: str, body: dict[str, Any] | None = None) -> Any:
    return api.post(f"{BASE}{path}", body or {}, format="json")


# -- Work orders -------------------------------------------------------------------------------------------------


def test_an_order_goes_not_below_what_is_done(api: APIClient, page: Client):
    made = given_order(api)
    report(api, made, 10, "6")
    version = fresh(api, made)["version"]

    told = sentence(
        asked(api, f"work-orders/{made['id']}/change/", {"version": version, "quantity": "5"}), 409, "below_done"
    )
    answer = page.post(f"{AT}work-orders/{made['id']}/change/", {**OPEN, "version": str(version), "quantity": "5"})

    text = shown(answer)
    assert told in text and 'value="5"' in text
    assert fresh(api, made)["quantity"] == "10"


@pytest.mark.parametrize(
    ("typed", "status", "code"),
    [
        ({"item": "DN50", "quantity": "2.5"}, 400, "too_many_decimals"),
        ({"item": "OLD", "quantity": "5"}, 409, "item_stopped"),
        ({"item": "NOBODY", "quantity": "5"}, 400, "unknown_item"),
    ],
)
def test_an_order_that_cannot_be_made(api: APIClient, page: Client, typed: dict[str, str], status: int, code: str):
    given_item(api, "OLD", "旧法兰", source="make")
    api.patch("/api/v1/masterdata/items/OLD/", {"state": "stopped", "version": 1}, format="json")

    told = sentence(asked(api, "work-orders/", {**typed, "due_on": "2030-06-30"}), status, code)
    text = shown(page.post(f"{AT}work-orders/new/", {**OPEN, **typed}))

    assert told in text and f'value="{typed["quantity"]}"' in text


def test_without_a_bill_an_order_is_not_released(api: APIClient, page: Client):
    made = post(api, "work-orders/", {"item": "DN50", "quantity": "5", "due_on": "2030-06-30"})

    told = sentence(asked(api, f"work-orders/{made['id']}/release/", {"version": 1}), 409, "no_active_bom")
    text = shown(page.post(f"{AT}work-orders/{made['id']}/do/release/", follow=True), 200)

    assert told in text


def test_a_day_to_come_is_no_day_of_a_move(api: APIClient, page: Client):
    given(api, "warehouses", code="WH-RAW", name="原料仓")
    made = given_order(api, steps=[])
    body = {"warehouse": "WH-RAW", "moved_on": "2099-01-31"}

    told = sentence(asked(api, f"work-orders/{made['id']}/issue/", {**body, "kit": True}), 400, "future_date")
    text = shown(page.post(f"{AT}work-orders/{made['id']}/issue/", {**body, "kit": "1"}))

    assert told in text and 'value="2099-01-31"' in text


# -- Reports and wages -------------------------------------------------------------------------------------------


def test_a_step_that_nothing_has_reached(api: APIClient, page: Client):
    made = given_order(api)

    told = sentence(asked(api, "reports/", {"work_order": made["number"], "seq": 20, "good": "3"}), 409,
                    "step_not_reached")  # fmt: skip
    text = shown(page.post(f"{AT}reports/new/?order={made['number']}&seq=20", {"good": "3"}))

    assert told in text and 'value="3"' in text


def test_reports_of_a_settled_month_and_of_nobody(api: APIClient, page: Client):
    given_people(api, "E1")
    made = given_order(api)
    address = f"{AT}reports/new/?order={made['number']}&seq=10"
    report(api, made, 10, "2", workers=[{"employee": "E1"}], ended_at="2025-02-27T10:00:00+08:00")
    page.post(f"{AT}wages/settle/", {"month": "2025-02"})
    body = {"work_order": made["number"], "seq": 10, "good": "1"}

    late = asked(api, "reports/", {**body, "workers": [{"employee": "E1"}], "ended_at": "2025-02-28T10:00:00+08:00"})
    nobody = asked(api, "reports/", {**body, "workers": [{"employee": "X9"}]})
    text = shown(page.post(address, {"good": "1", "workers": ["X9"]}))

    sentence(late, 409, "wage_period_settled")
    sentence(nobody, 400, "unknown_employee")
    assert 'role="alert"' in text and 'value="1"' in text
    again = shown(page.post(f"{AT}wages/settle/", {"month": "2025-02"}, follow=True), 200)
    assert "2025-02 已经结算过了" in again


def test_undoing_twice_or_what_was_used(api: APIClient, page: Client):
    made = given_order(api)
    first, second = report(api, made, 10, "4"), report(api, made, 10, "1")
    report(api, made, 20, "5")
    used = sentence(asked(api, f"reports/{first['id']}/undo/"), 409, "already_used")

    stays = shown(page.post(f"{AT}reports/{second['id']}/undo/", {"reason": "数错"}, follow=True), 200)
    other = given_order(api)
    undone = report(api, other, 10, "1")
    post(api, f"reports/{undone['id']}/undo/")
    twice = sentence(asked(api, f"reports/{undone['id']}/undo/"), 409, "already_undone")
    again = shown(page.post(f"{AT}reports/{undone['id']}/undo/", {"reason": "数错"}, follow=True), 200)

    assert used in stays and twice in again


# -- Bills, parameters -------------------------------------------------------------------------------------------


def test_a_ring_of_bills_keeps_what_was_typed(api: APIClient, page: Client):
    posted(api, "boms/", {"item": "DN50", "lines": [{"component": "STEEL", "quantity": "2"}], "activate": True})

    told = sentence(
        asked(api, "boms/", {"item": "STEEL", "lines": [{"component": "DN50", "quantity": "1"}]}), 409, "bom_cycle"
    )
    body = {"item": "STEEL", "base_quantity": "1", "lines-0-component": "DN50", "lines-0-quantity": "7", "version": "A"}
    text = shown(page.post(f"{AT}boms/new/", body))

    assert told in text and 'value="7"' in text


def test_one_version_is_in_force_and_a_used_one_is_kept(api: APIClient, page: Client):
    line = {"component": "STEEL", "quantity": "2"}
    first = posted(api, "boms/", {"item": "DN50", "version": "A", "lines": [line], "activate": True})
    second = posted(api, "boms/", {"item": "DN50", "version": "B", "lines": [line]})
    with inside_hongda():
        mark_used(bom_id=first["id"])

    overlap = sentence(asked(api, f"boms/{second['id']}/activate/"), 409, "bom_overlap")
    in_use = sentence(api.delete(f"{BASE}boms/{first['id']}/"), 409, "bom_in_use")

    assert overlap in shown(page.post(f"{AT}boms/{second['id']}/activate/", follow=True), 200)
    assert in_use in shown(page.post(f"{AT}boms/{first['id']}/delete/", follow=True), 200)


def test_a_lot_rule_without_its_quantity(api: APIClient, page: Client):
    answer = api.put(f"{BASE}planning-data/STEEL/", {"lot_rule": "foq"}, format="json")
    told = sentence(answer, 400, "bad_lot_rule")
    item = api.get("/api/v1/masterdata/items/STEEL/").json()["id"]

    text = shown(page.post(f"{AT}planning-data/{item}/", {"lot_rule": "foq", "version": "0", "lead_days": "9"}))

    assert told in text and 'value="9"' in text


@pytest.mark.parametrize("path", ["mrp-runs/", "schedule-runs/"])
def test_a_scenario_is_not_planned_yet(api: APIClient, path: str):
    refused(asked(api, path, {"scenario": 1}), 400, "bad_change")


# -- Schedule ----------------------------------------------------------------------------------------------------


def test_a_run_is_one_at_a_time_and_a_stale_one_is_not_published(shop: Any, page_of: Any):  # noqa: F811  # the fixture
    number, page = order(shop, "FLANGE-50", "100", "2099-03-05"), page_of("alice")
    made = run(shop)
    card = shop.get(f"{BASE}work-orders/{number}/").json()
    posted(shop, f"work-orders/{number}/change/", {"version": card["version"], "quantity": "150"}, status=200)

    stale = sentence(asked(shop, f"schedule-runs/{made['id']}/publish/"), 409, "schedule_stale")
    told = shown(page.post(f"{AT}board/runs/{made['id']}/publish/", follow=True), 200)
    with inside_hongda():
        Schedule.objects.create(start_at=now(), created_at=now())
    busy = sentence(asked(shop, "schedule-runs/"), 409, "run_busy")
    waits = shown(page.post(f"{AT}board/run/", follow=True), 200)

    assert stale in told and busy in waits
