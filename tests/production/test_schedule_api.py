"""Finite scheduling over HTTP: a run, its steps, publishing, moving."""

from typing import Any

import pytest

from apps.production.models import Schedule
from kernel.clock import now
from tests.production.given import BASE, given_item, got, inside_hongda, posted, refused, rows_of

START = "2099-03-02T08:00:00+08:00"  # a Monday; the clock of the tests stands long before it


@pytest.fixture
def shop(plant: Any) -> Any:
    """Two machines, one of them with two places, working days of eight hours."""
    week = [{"weekday": day, "from": "08:00", "to": "16:00"} for day in range(1, 6)]
    posted(plant, "calendars/", {"code": "DAY", "name": "白班", "week": week})
    posted(plant, "work-centres/", {"code": "CNC", "name": "数控车床", "calendar": "DAY"})
    posted(plant, "work-centres/", {"code": "PACK", "name": "包装", "calendar": "DAY", "units": 2})
    for item in ("FLANGE-50", "SHAFT-32"):
        given_item(plant, item)
        posted(
            plant,
            "routings/",
            {
                "item": item,
                "activate": True,
                "steps": [
                    {"seq": 10, "work_centre": "CNC", "setup_minutes": "30", "run_minutes": "2"},
                    {"seq": 20, "work_centre": "PACK", "run_minutes": "1"},
                ],
            },
        )
    return plant


def order(api: Any, item: str, quantity: str, due_on: str, **more: Any) -> str:
    body = {"item": item, "quantity": quantity, "due_on": due_on, "release": True, "materials": [], **more}
    return str(posted(api, "work-orders/", body)["number"])


def run(api: Any, **more: Any) -> dict[str, Any]:
    found = posted(api, "schedule-runs/", {"start_at": START, "time_limit_s": 5, "wait": 30, **more})
    assert found["state"] == "done", found
    return found


def test_a_run_puts_every_step_into_working_time(shop: Any) -> None:
    first = order(shop, "FLANGE-50", "100", "2099-03-02")  # 30 + 200 = 230 minutes, then 100
    second = order(shop, "SHAFT-32", "200", "2099-03-31")  # 30 + 400 = 430 minutes, then 200

    found = run(shop)

    steps = rows_of(shop, f"schedule-runs/{found['id']}/steps/")
    by_key = {(row["work_order"], row["seq"]): row for row in steps}
    assert (found["steps"], found["late_orders"], found["tardiness_minutes"]) == (4, 0, 0)
    assert by_key[first, 10]["start_at"] == START
    assert by_key[first, 10]["end_at"] == "2099-03-02T11:50:00+08:00"  # 08:00 + 230 min
    assert by_key[first, 20]["end_at"] == "2099-03-02T13:30:00+08:00"  # + 100 min
    assert by_key[second, 10]["start_at"] == "2099-03-02T11:50:00+08:00"
    assert by_key[second, 10]["end_at"] == "2099-03-03T11:00:00+08:00"  # 250 min to 16:00, 180 the next morning
    assert by_key[second, 20]["end_at"] == "2099-03-03T14:20:00+08:00"  # + 200 min
    assert by_key[first, 10]["setup_minutes"] == 30


def test_late_orders_are_explained_to_the_minute(shop: Any) -> None:
    order(shop, "FLANGE-50", "300", "2099-03-02", priority=1)
    late = order(shop, "SHAFT-32", "100", "2099-03-02", priority=9)

    found = run(shop)

    rows = {row["work_order"]: row for row in rows_of(shop, f"schedule-runs/{found['id']}/late/")}
    assert found["late_orders"] == len(rows) > 0
    for row in rows.values():
        assert row["late_minutes"] > 0
        assert all(part["kind"] in ("machine", "material", "step", "calendar", "frozen") for part in row["chain"])
    assert late not in rows or any(part["kind"] == "machine" for part in rows[late]["chain"])


def test_publishing_makes_it_the_plan_and_a_changed_order_makes_it_stale(shop: Any) -> None:
    number = order(shop, "FLANGE-50", "100", "2099-03-05")
    first, second = run(shop), run(shop)

    published = posted(shop, f"schedule-runs/{first['id']}/publish/", {}, status=200)

    assert published["is_published"] is True
    assert [row["seq"] for row in rows_of(shop, "schedule/steps/")] == [10, 20]
    card = got(shop, f"work-orders/{number}/")
    assert card["steps"][0]["planned_start"] == START
    change = {"version": card["version"], "quantity": "150"}
    posted(shop, f"work-orders/{number}/change/", change, status=200)
    answer = shop.post(f"{BASE}schedule-runs/{second['id']}/publish/", {}, format="json")
    assert refused(answer, 409, "schedule_stale")["work_orders"] == [number]


def test_a_second_run_moves_nothing_when_nothing_happened(shop: Any) -> None:
    for quantity in ("100", "50", "80", "120"):
        order(shop, "FLANGE-50", quantity, "2099-03-03")
    first = run(shop)
    posted(shop, f"schedule-runs/{first['id']}/publish/", {}, status=200)

    again = run(shop, base_run=first["id"])

    assert again["moved_steps"] == 0


def test_a_step_moves_where_it_is_free_and_not_where_it_is_taken(shop: Any) -> None:
    first = order(shop, "FLANGE-50", "100", "2099-03-02")
    second = order(shop, "SHAFT-32", "100", "2099-03-31")
    found = run(shop)
    posted(shop, f"schedule-runs/{found['id']}/publish/", {}, status=200)
    taken = {"start_at": "2099-03-02T09:00:00+08:00", "work_centre": "CNC"}

    refusal = shop.post(f"{BASE}schedule/steps/{second}/10/move/", taken, format="json")
    looked = posted(shop, f"schedule/steps/{second}/10/move/", {**taken, "check": True}, status=200)
    pushed = posted(shop, f"schedule/steps/{second}/10/move/", {**taken, "push": True}, status=200)

    assert refused(refusal, 409, "overlap")["conflicts"][0]["work_order"] == first
    assert (looked["ok"], looked["conflicts"][0]["work_order"]) == (False, first)
    assert pushed["step"]["start_at"] == "2099-03-02T09:00:00+08:00"
    starts = {row["work_order"]: row["start_at"] for row in rows_of(shop, "schedule/steps/", work_centre="CNC")}
    assert starts[first] == "2099-03-02T12:50:00+08:00"  # 09:00 + 30 + 200 minutes
    assert shop.post(f"{BASE}schedule/steps/{first}/10/move/", {}, format="json").status_code == 400


def test_a_pinned_step_stands_fast(shop: Any) -> None:
    first = order(shop, "FLANGE-50", "100", "2099-03-09")
    second = order(shop, "SHAFT-32", "100", "2099-03-31")
    found = run(shop)
    posted(shop, f"schedule-runs/{found['id']}/publish/", {}, status=200)
    posted(shop, f"schedule/steps/{second}/10/pin/", {"start_at": "2099-03-04T08:00:00+08:00"}, status=200)

    moved = shop.post(
        f"{BASE}schedule/steps/{second}/10/move/", {"start_at": "2099-03-05T08:00:00+08:00"}, format="json"
    )
    onto = shop.post(
        f"{BASE}schedule/steps/{first}/10/move/",
        {"start_at": "2099-03-04T08:00:00+08:00", "push": True},
        format="json",
    )
    again = run(shop)

    refused(moved, 409, "frozen")
    refused(onto, 409, "frozen")
    rows = {(row["work_order"], row["seq"]): row for row in rows_of(shop, f"schedule-runs/{again['id']}/steps/")}
    assert rows[second, 10]["start_at"] == "2099-03-04T08:00:00+08:00"
    assert rows[second, 10]["frozen"] is True


def test_an_order_waits_for_its_material(shop: Any) -> None:
    given_item(shop, "BAR-60")
    posted(shop, "stock-entries/", {"item": "BAR-60", "quantity": "0"})
    maker = order(shop, "BAR-60", "50", "2099-03-05", steps=[{"seq": 10, "work_centre": "PACK", "run_minutes": "1"}])
    user = order(shop, "FLANGE-50", "10", "2099-03-31", materials=[{"item": "BAR-60", "quantity": "40"}])

    found = run(shop)

    starts = {
        row["work_order"]: row["start_at"]
        for row in rows_of(shop, f"schedule-runs/{found['id']}/steps/")
        if row["seq"] == 10
    }
    assert starts[maker] == START
    assert starts[user] == "2099-03-05T08:00:00+08:00"  # the bars are due from their own order on the 5th


def test_a_late_order_names_the_material_it_waited_for(shop: Any) -> None:
    given_item(shop, "BAR-60")
    posted(shop, "stock-entries/", {"item": "BAR-60", "quantity": "0"})
    order(shop, "BAR-60", "50", "2099-03-05", steps=[{"seq": 10, "work_centre": "PACK", "run_minutes": "1"}])
    user = order(shop, "FLANGE-50", "10", "2099-03-03", materials=[{"item": "BAR-60", "quantity": "40"}])

    late = rows_of(shop, f"schedule-runs/{run(shop)['id']}/late/")

    (chain,) = [row["chain"] for row in late if row["work_order"] == user]
    assert [part["ref"] for part in chain if part["kind"] == "material"] == ["BAR-60"]


def test_one_run_at_a_time_and_unknown_orders_are_named(shop: Any) -> None:
    order(shop, "FLANGE-50", "10", "2099-03-09")

    with inside_hongda():
        waiting = {"id": Schedule.objects.create(start_at=now(), created_at=now()).pk}

    refused(shop.post(f"{BASE}schedule-runs/", {"start_at": START}, format="json"), 409, "run_busy")
    cancelled = posted(shop, f"schedule-runs/{waiting['id']}/cancel/", {}, status=200)
    assert cancelled["state"] == "cancelled"
    refused(shop.post(f"{BASE}schedule-runs/{waiting['id']}/publish/", {}, format="json"), 409, "wrong_state")
    answer = shop.post(f"{BASE}schedule-runs/", {"work_orders": ["MO-NONE"], "wait": 5}, format="json")
    assert "work_orders.0" in refused(answer, 400, "unknown_work_order")["fields"]


def test_bodies_that_make_no_sense_are_400(shop: Any) -> None:
    for body in (
        {"start_at": "soon"},
        {"start_at": "9999-12-31T00:00:00+08:00"},
        {"time_limit_s": 10**9},
        {"objective": "beauty"},
        {"base_run": 999_999},
        {"scenario": 4},
    ):
        answer = shop.post(f"{BASE}schedule-runs/", {"wait": 5, **body}, format="json")
        assert answer.status_code == 400, answer.content


def test_others_do_not_see_it(shop: Any, api_of: Any) -> None:
    order(shop, "FLANGE-50", "10", "2099-03-09")
    found = run(shop)

    assert api_of("bob").post(f"{BASE}schedule-runs/", {"wait": 1}, format="json").status_code == 403
    assert api_of("charlie").get(f"{BASE}schedule-runs/{found['id']}/").status_code in (402, 404)
