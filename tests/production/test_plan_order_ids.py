"""Ids of planned orders follow the days of release, and the orders of one item are found among thousands."""

from datetime import date

import pytest
from rest_framework.test import APIClient

from apps.production.models import Peg, PlannedOrder, PlanRow, PlanRun
from apps.production.selectors import panels, plans
from apps.production.services import mrp
from kernel import events
from tests.production.given import given_bom, given_demand, given_item, inside_hongda, planned, rows_of, run


@pytest.fixture
def two_levels(plant: APIClient) -> APIClient:
    """FLANGE (made in 2 days) = 1 BODY (bought in 5); wanted on three days, the middle one twice."""
    given_item(plant, "BODY")
    given_item(plant, "FLANGE", source="make")
    given_bom(plant, "FLANGE", {"component": "BODY", "quantity": "1"})
    planned(plant, "FLANGE", lead_days=2)
    planned(plant, "BODY", lead_days=5)
    for quantity, day in (("3", "2026-04-20"), ("1", "2026-03-20"), ("2", "2026-03-25"), ("4", "2026-03-25")):
        given_demand(plant, "FLANGE", quantity, day)
    return plant


def test_ids_stand_in_the_order_of_the_list(two_levels: APIClient) -> None:
    made = run(two_levels)

    rows = rows_of(two_levels, f"mrp-runs/{made['id']}/orders/")
    assert [row["id"] for row in rows] == sorted(row["id"] for row in rows)
    assert [(row["item"], row["release_on"], row["quantity"]) for row in rows] == [
        ("BODY", "2026-03-13", "1"),  # five days before the flange is begun, which is two before it is wanted
        ("FLANGE", "2026-03-18", "1"),  # due on the 20th, the body beside it on the 23rd
        ("BODY", "2026-03-18", "6"),
        ("FLANGE", "2026-03-23", "6"),  # 2 + 4, one order a day
        ("BODY", "2026-04-13", "3"),
        ("FLANGE", "2026-04-18", "3"),
    ]


def test_orders_of_one_item_are_found_without_the_others(two_levels: APIClient) -> None:
    made = run(two_levels)

    rows = rows_of(two_levels, f"mrp-runs/{made['id']}/orders/", item="BODY")
    assert [row["quantity"] for row in rows] == ["1", "6", "3"]
    assert rows_of(two_levels, f"mrp-runs/{made['id']}/orders/", item="BODY", kind="make") == []
    with inside_hongda():
        body = PlannedOrder.objects.filter(item__code="BODY").values_list("item_id", flat=True)[0]
        assert [int(row.quantity) for row in panels.of_item(body).planned] == [1, 6, 3]


def test_a_run_from_before_the_ids_were_kept_still_lists_them(two_levels: APIClient) -> None:
    made = run(two_levels)

    with inside_hongda():
        row = PlanRow.objects.get(item__code="BODY")
        body = row.item_id
        row.delete()
        PlanRow.objects.create(run_id=row.run_id, item_id=body, days=row.days, orders=None)
        rows = plans.planned_orders(PlanRun.objects.get(pk=made["id"]), item_id=body)

        assert [int(row.quantity) for row in rows] == [1, 6, 3]


def test_what_is_to_be_released_by_a_day_is_the_beginning_of_the_run(two_levels: APIClient) -> None:
    run(two_levels)
    run(two_levels)  # the proposal before counts no more

    with inside_hongda():
        counts = {day: plans.to_release_now(date(2026, *day)).count() for day in ((3, 12), (3, 18), (4, 17), (4, 18))}
        assert counts == {(3, 12): 0, (3, 18): 3, (4, 17): 5, (4, 18): 6}  # the days of the list above
        first = plans.to_release_now(date(2026, 3, 18)).order_by("id")[0]
        PlannedOrder.objects.filter(pk=first.pk).update(released_as="PO-1")
        assert plans.to_release_now(date(2026, 3, 18)).count() == 2


def test_the_rows_of_old_runs_go_when_the_fact_of_a_new_one_is_told(
    two_levels: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mrp, "KEPT_RUNS", 2)
    first, second, third = (run(two_levels)["id"] for _ in range(3))

    with inside_hongda():
        assert PlannedOrder.objects.filter(run_id=first).exists()  # the run that makes them old does not wait for it
        events.deliver_waiting()

        for table in (PlannedOrder, PlanRow, Peg):
            assert set(table.objects.values_list("run_id", flat=True)) == {second, third}
        assert list(PlanRun.objects.order_by("id").values_list("id", flat=True)) == [second, third]
