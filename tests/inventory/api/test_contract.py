"""The contract at its edges: drafts of every kind, what is there but not to be had, order of lists, numbers too big."""

import json
from typing import Any

import pytest

from tests.inventory.api.company import BASE, Store, code_of

HUGE = 10**30
BOLT = {"item": "M6-BOLT", "quantity": "1"}


def _average(store: Store) -> None:
    store.client.patch(f"{BASE}settings/", {"default_method": "moving_average"}, format="json")


# -- Drafts of what carries value --------------------------------------------------------------------------------


def test_an_assembly_waits_as_a_draft_and_is_posted(store: Store):
    _average(store)
    store.receipt("100", unit_cost="1.00")
    body = {"warehouse": "WH-RAW", "inputs": [{"item": "M6-BOLT", "quantity": "40"}], "extra_cost": "8.00",
            "outputs": [{"item": "FL-DN50", "quantity": "4"}], "draft": True}  # fmt: skip

    draft = store.made("assemblies/", body)
    waiting = store.on_hand("FL-DN50")
    posted = store.made(f"assemblies/{draft['id']}/post/", {})

    assert (draft["state"], waiting) == ("draft", "0")
    assert (posted["state"], posted["number"]) == ("posted", draft["number"])
    assert posted["outputs"][0]["amount"] == "48.00"  # 40 x 1.00 + 8.00
    assert store.on_hand("FL-DN50") == "4"
    assert code_of(store.post(f"assemblies/{draft['id']}/post/")) == (409, "not_draft")


def test_a_cost_adjustment_waits_as_a_draft(store: Store):
    _average(store)
    store.receipt("100", unit_cost="1.00")

    draft = store.made("cost-adjustments/", {"draft": True, "lines": [{"item": "M6-BOLT", "amount": "-5.00"}]})
    before = store.get("valuation/", item="M6-BOLT")["totals"]
    posted = store.made(f"cost-adjustments/{draft['id']}/post/", {})

    assert (draft["state"], before) == ("draft", {"value": "100.00"})
    assert (posted["state"], posted["number"]) == ("posted", draft["number"])
    assert store.get("valuation/", item="M6-BOLT")["totals"] == {"value": "95.00"}  # 100 - 5


def test_a_landed_cost_waits_as_a_draft(store: Store):
    _average(store)
    receipt = store.receipt("100", unit_cost="1.00")
    body = {"amount": "20.00", "basis": "quantity", "receipts": [{"receipt": receipt["id"]}], "draft": True}

    draft = store.made("landed-costs/", body)
    before = store.get("valuation/", item="M6-BOLT")["totals"]
    posted = store.made(f"landed-costs/{draft['id']}/post/", {})
    back = store.made(f"landed-costs/{draft['id']}/reverse/", {"reason": "重复"})

    assert (draft["state"], before) == ("draft", {"value": "100.00"})
    assert [(line["receipt"], line["line"], line["amount"]) for line in posted["lines"]] == [
        (receipt["id"], 1, "20.00"),
    ]  # fmt: skip
    assert back["lines"][0]["amount"] == "-20.00"
    assert store.get("valuation/", item="M6-BOLT")["totals"] == {"value": "100.00"}


def test_drafts_of_values_keep_the_month_open(store: Store):
    store.receipt("100", moved_on="2026-01-05")
    line = {"item": "M6-BOLT", "amount": "1.00"}
    draft = store.made("cost-adjustments/", {"moved_on": "2026-01-09", "draft": True, "lines": [line]})

    assert code_of(store.post("periods/2026-01/close/")) == (409, "drafts_open")
    assert store.client.delete(f"{BASE}cost-adjustments/{draft['id']}/").status_code == 204
    assert store.made("periods/2026-01/close/")["state"] == "closed"


# -- There, but not to be had ------------------------------------------------------------------------------------


def test_held_lots_are_there_but_not_available(store: Store):
    store.receipt("10", item="OIL-46", lot="L-1")
    lot = store.get("lots/", item="OIL-46")["results"][0]["id"]
    store.made(f"lots/{lot}/hold/")

    def refused(quantity: str) -> tuple[int, str]:
        line = {"item": "OIL-46", "quantity": quantity}
        return code_of(store.post("issues/", {"warehouse": "WH-RAW", "reason": "other_out", "lines": [line]}))

    assert refused("4") == (409, "not_enough_available")
    assert refused("11") == (409, "not_enough_stock")


def test_a_reserved_lot_is_there_but_not_available(store: Store):
    store.receipt("10", item="OIL-46", lot="L-1")
    kept = store.made("reservations/", {"item": "OIL-46", "warehouse": "WH-RAW", "quantity": "8", "lot": "L-1"})
    line = {"item": "OIL-46", "quantity": "5"}
    body = {"warehouse": "WH-RAW", "reason": "other_out", "lines": [line]}

    assert code_of(store.post("issues/", body)) == (409, "not_enough_available")
    taken = store.made("issues/", {**body, "lines": [{**line, "reservation": kept["id"]}]})
    assert taken["lines"][0]["moves"][0]["lot"] == "L-1"


# -- Scan tasks by their names -----------------------------------------------------------------------------------


@pytest.mark.parametrize("task", ["look_up", "look-up", "look up", "lookup"])
def test_looking_up_goes_by_any_of_its_names(store: Store, task: str):
    store.receipt("10")

    assert store.made("scan/", {"task": task, "code": "M6-BOLT"})["understood"]["quantity"] == "10"


def test_issuing_by_scan(store: Store):
    store.receipt("10")

    here = {"warehouse": "WH-RAW"}

    taken = store.made("scan/", {"task": "issue", "code": "M6-BOLT", "quantity": "4", "context": here})

    assert store.get(f"issues/{taken['posted']['id']}/")["reason"] == "other_out"
    assert store.on_hand() == "6"


# -- Order of lists ----------------------------------------------------------------------------------------------


def test_lists_are_ordered_as_asked(store: Store):
    store.receipt("1", moved_on="2026-03-01")
    store.receipt("2", moved_on="2026-02-01")

    def days(path: str, ordering: str) -> list[str]:
        return [row["moved_on"] for row in store.get(path, ordering=ordering)["results"]]

    assert days("receipts/", "moved_on") == days("moves/", "moved_on") == ["2026-02-01", "2026-03-01"]
    assert days("receipts/", "-moved_on") == days("moves/", "-moved_on") == ["2026-03-01", "2026-02-01"]
    assert days("receipts/", "password") == ["2026-03-01", "2026-02-01"]  # unknown: the list's own order


def test_orders_are_ordered_as_asked(store: Store):
    first, second = store.sale("1"), store.sale("2")

    found = [row["id"] for row in store.get("sales-orders/", ordering="ordered_on")["results"]]
    turned = [row["id"] for row in store.get("sales-orders/", ordering="-id")["results"]]

    assert (found, turned) == ([first["id"], second["id"]], [second["id"], first["id"]])


# -- Too big, too late, not writable -----------------------------------------------------------------------------


def test_ids_wider_than_any_are_refused(store: Store):
    receipt = {"warehouse": "WH-RAW", "draft": True, "lines": [{**BOLT, "origin": HUGE}]}
    issue = {"warehouse": "WH-RAW", "draft": True, "lines": [{**BOLT, "reservation": HUGE}]}
    landed = {"amount": "1.00", "receipts": [{"receipt": HUGE}]}

    assert code_of(store.post("receipts/", receipt)) == (400, "invalid")
    assert code_of(store.post("issues/", issue)) == (400, "invalid")
    assert code_of(store.post("landed-costs/", landed)) == (400, "invalid")


def test_days_beyond_the_calendar_are_refused(store: Store):
    store.client.patch("/api/v1/masterdata/items/OIL-46/", {"version": 1, "shelf_life_days": 30}, format="json")
    line = {"item": "OIL-46", "quantity": "1", "unit_cost": "1", "lot": "L-1", "made_on": "9999-12-31"}
    keep = {"item": "M6-BOLT", "warehouse": "WH-RAW", "quantity": "1", "until": "0001-01-01"}

    assert code_of(store.post("receipts/", {"warehouse": "WH-RAW", "lines": [line]})) == (400, "bad_expiry")
    assert code_of(store.post("reservations/", keep))[0] == 400
    assert store.get("reports/movements/", to="0001-01-05")["results"] == []


def test_more_than_a_balance_can_hold_is_refused(store: Store):
    body = {"warehouse": "WH-RAW", "lines": [{"item": "M6-BOLT", "quantity": "99999999999999", "amount": "1.00"}]}

    store.made("receipts/", body)

    assert code_of(store.post("receipts/", body)) == (400, "bad_quantity")


def test_half_a_character_is_refused_not_a_failure(store: Store):
    body: dict[str, Any] = {"warehouse": "WH-RAW", "reason": "\ud800", "lines": [BOLT]}

    answer = store.client.post(f"{BASE}receipts/", json.dumps(body), content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


# -- Categories --------------------------------------------------------------------------------------------------


def test_a_category_counts_with_all_below_it(store: Store):
    store.master("categories/", {"code": "RAW", "name": "原料"})
    store.master("categories/", {"code": "STEEL", "name": "钢材", "parent": "RAW"})
    store.master("categories/", {"code": "PLATE", "name": "板材", "parent": "STEEL"})
    store.master("items/", {"code": "PL-6", "name": "钢板 6mm", "stock_unit": "kg", "category": "PLATE"})
    store.receipt("10", item="PL-6")
    store.receipt("5")

    def items(path: str, category: str) -> list[str]:
        return [row["item"] for row in store.get(path, category=category)["results"]]

    for path in ("on-hand/", "valuation/"):
        for category in ("RAW", "steel", "PLATE", "RAW/STEEL"):
            assert items(path, category) == ["PL-6"], (path, category)
        assert items(path, "NOBODY") == []


def test_a_warehouse_has_one_reorder_rule(store: Store):
    rule = {"warehouse": "WH-RAW", "reorder_point": "50", "reorder_to": "200"}

    answer = store.client.put(f"{BASE}item-settings/M6-BOLT/", {"reorder": [rule, rule]}, format="json")

    assert code_of(answer) == (400, "invalid")
    assert "reorder.1.warehouse" in answer.json()["fields"]


def test_paper_is_called_a4(store: Store):
    sheet = store.post("labels/", {"kind": "item", "ids": ["M6-BOLT"], "size": "A4", "format": "PDF"})

    assert (sheet.status_code, sheet.content[:4]) == (200, b"%PDF")


def test_settings_of_an_item_nobody_knows_are_not_found(store: Store):
    assert code_of(store.ask("item-settings/NOBODY/")) == (404, "not_found")
    assert store.get("item-settings/m6-bolt/")["item"] == "M6-BOLT"
