"""receipts/, issues/, transfers/, assemblies/, cost-adjustments/, landed-costs/ and what they add up to."""

import datetime
from typing import Any

from tenants.models import Membership
from tests.inventory.api.company import Store, code_of


def test_a_receipt_says_what_it_was_worth(store: Store):
    made = store.receipt("100", unit_cost="1.25", moved_on="2026-01-05", reason="purchase", partner="S001")

    assert (made["state"], made["reason"], made["moved_on"], made["partner"]) == (
        "posted", "purchase", "2026-01-05", "S001",
    )  # fmt: skip
    line = made["lines"][0]
    assert (line["item"], line["quantity"], line["stock_quantity"], line["amount"]) == (
        "M6-BOLT",
        "100",
        "100",
        "125.00",
    )
    assert [(move["quantity"], move["amount"]) for move in line["moves"]] == [("100", "125.00")]
    assert store.get(f"receipts/{made['id']}/") == made


def test_a_receipt_in_boxes_is_stored_in_pieces(store: Store):
    made = store.receipt("3", unit="box", unit_cost="100.00")

    assert made["lines"][0]["stock_quantity"] == "300"  # 3 x 100
    assert made["lines"][0]["amount"] == "300.00"  # 3 x 100.00
    assert store.on_hand() == "300"


def test_a_draft_waits_and_is_posted(store: Store):
    body = {"warehouse": "WH-RAW", "reason": "other_in", "draft": True,
            "lines": [{"item": "M6-BOLT", "quantity": "10", "unit_cost": "1"}]}  # fmt: skip
    draft = store.made("receipts/", body)
    waiting = store.on_hand()

    posted = store.made(f"receipts/{draft['id']}/post/", {})

    assert (draft["state"], waiting, posted["state"]) == ("draft", "0", "posted")
    assert posted["number"] == draft["number"]
    assert store.on_hand() == "10"
    assert code_of(store.post(f"receipts/{draft['id']}/post/")) == (409, "not_draft")
    assert store.client.delete(f"/api/v1/inventory/receipts/{draft['id']}/").status_code == 409


def test_a_draft_can_be_thrown_away(store: Store):
    body = {"warehouse": "WH-RAW", "draft": True, "lines": [{"item": "M6-BOLT", "quantity": "10"}]}
    draft = store.made("issues/", body)

    assert store.client.delete(f"/api/v1/inventory/issues/{draft['id']}/").status_code == 204
    assert store.ask(f"issues/{draft['id']}/").status_code == 404


def test_moves_entries_and_stock_tell_one_story(store: Store):
    store.client.patch("/api/v1/inventory/settings/", {"default_method": "moving_average"}, format="json")
    store.receipt("100", unit_cost="1.00")
    issue = store.made("issues/", {"warehouse": "WH-RAW", "reason": "material",
                                   "lines": [{"item": "M6-BOLT", "quantity": "40"}]})  # fmt: skip

    moves = store.get("moves/", item="M6-BOLT")["results"]
    entries = store.get("cost-entries/", item="M6-BOLT")["results"]
    valued = store.get("valuation/", item="M6-BOLT")
    stock = store.get("on-hand/", item="M6-BOLT")

    assert [(move["quantity"], move["amount"]) for move in moves] == [("-40", "-40.00"), ("100", "100.00")]
    assert [entry["amount"] for entry in entries] == ["100.00", "-40.00"]
    assert entries[1]["cause"] == issue["number"]
    assert valued["totals"] == {"value": "60.00"}  # 100 - 40 at 1.00
    assert valued["results"][0]["unit_cost"] == "1"
    assert stock["totals"]["quantity"] == "60"
    assert stock["results"][0]["available"] == "60"


def test_a_transfer_in_two_steps(store: Store):
    store.receipt("100")
    body = {"from_warehouse": "WH-RAW", "to_warehouse": "WH-FG", "in_transit": True,
            "lines": [{"item": "M6-BOLT", "quantity": "30"}]}  # fmt: skip

    sent = store.made("transfers/", body)
    before = store.on_hand(warehouse="WH-FG")
    store.made(f"transfers/{sent['id']}/receive/", {})

    assert before == "0"
    assert store.on_hand(warehouse="WH-FG") == "30"
    assert store.on_hand() == "70"
    same = {**body, "to_warehouse": "WH-RAW"}
    assert code_of(store.post("transfers/", same)) == (400, "same_warehouse")


def test_a_transfer_between_two_locations_of_one_warehouse(store: Store):
    for code in ("A-01", "B-01"):
        store.master("locations/", {"warehouse": "WH-RAW", "code": code})
    store.receipt("100", location="A-01")
    body = {"from_warehouse": "WH-RAW", "to_warehouse": "WH-RAW"}
    there = {"item": "M6-BOLT", "quantity": "30", "location": "A-01", "to_location": "B-01"}

    moved = store.made("transfers/", {**body, "lines": [there]})
    draft = store.made("transfers/", {**body, "draft": True, "lines": [there]})
    posted = store.made(f"transfers/{draft['id']}/post/", {})
    rows = store.get("on-hand/", item="M6-BOLT", group="location")["results"]
    nowhere = {**there, "to_location": "A-01"}
    no_draft = store.post("transfers/", {**body, "draft": True, "lines": [nowhere]})

    assert [(row["location"], row["quantity"]) for row in moved["lines"][0]["moves"]] == [
        ("A-01", "-30"),
        ("B-01", "30"),
    ]
    assert (posted["state"], moved["lines"][0]["amount"]) == ("posted", "0.00")
    assert {row["location"]: row["quantity"] for row in rows} == {"A-01": "40", "B-01": "60"}  # 100 - 30 - 30, 30 + 30
    assert code_of(no_draft) == (400, "same_warehouse")
    assert code_of(store.post("transfers/", {**body, "lines": [there, nowhere]})) == (400, "same_warehouse")


def test_an_assembly_carries_its_cost(store: Store):
    store.client.patch("/api/v1/inventory/settings/", {"default_method": "moving_average"}, format="json")
    store.receipt("100", unit_cost="1.00")

    made = store.made(
        "assemblies/",
        {
            "warehouse": "WH-RAW",
            "inputs": [{"item": "M6-BOLT", "quantity": "40"}],
            "outputs": [{"item": "FL-DN50", "quantity": "4"}],
            "extra_cost": "8.00",
        },
    )

    assert made["inputs"][0]["amount"] == "40.00"
    assert made["outputs"][0]["amount"] == "48.00"  # 40.00 + 8.00
    assert store.on_hand("FL-DN50") == "4"


def test_freight_and_corrections_change_the_value(store: Store):
    store.client.patch("/api/v1/inventory/settings/", {"default_method": "moving_average"}, format="json")
    receipt = store.receipt("100", unit_cost="1.00")

    landed = store.made("landed-costs/", {"amount": "20.00", "basis": "quantity", "partner": "S001",
                                          "receipts": [{"receipt": receipt["id"]}]})  # fmt: skip
    store.made("cost-adjustments/", {"reason": "盘价", "lines": [{"item": "M6-BOLT", "amount": "-5.00"}]})

    assert [(line["receipt"], line["line"], line["amount"]) for line in landed["lines"]] == [
        (receipt["id"], 1, "20.00"),
    ]  # fmt: skip
    assert store.get("valuation/", item="M6-BOLT")["totals"] == {"value": "115.00"}  # 100 + 20 - 5
    assert code_of(store.post("cost-adjustments/", {"lines": [{"item": "M6-BOLT", "amount": "-500"}]})) == (
        409, "value_below_zero",
    )  # fmt: skip


def test_reversing_brings_it_back_once(store: Store):
    receipt = store.receipt("100")

    back = store.made(f"receipts/{receipt['id']}/reverse/", {"reason": "重复录入"})

    assert back["reverses"] == receipt["id"]
    assert store.on_hand() == "0"
    assert code_of(store.post(f"receipts/{receipt['id']}/reverse/", {})) == (409, "already_reversed")
    assert code_of(store.post(f"receipts/{back['id']}/reverse/", {})) == (409, "already_reversed")
    assert store.get("receipts/", state="reversed")["results"][0]["id"] == receipt["id"]


def test_what_stands_in_the_way_of_a_posting(store: Store):
    store.receipt("10", moved_on="2026-03-10")
    line = {"item": "M6-BOLT", "quantity": "5"}

    def refused(path="issues/", **more):
        return code_of(store.post(path, {"warehouse": "WH-RAW", "reason": "other_out", "lines": [line], **more}))

    tomorrow = (datetime.date.today() + datetime.timedelta(days=2)).isoformat()
    assert refused(lines=[{**line, "quantity": "11"}]) == (409, "not_enough_stock")
    assert refused(moved_on="2026-03-09") == (409, "negative_later")
    assert refused(moved_on=tomorrow) == (400, "future_date")
    assert refused(warehouse="WH-X") == (400, "unknown_warehouse")
    assert refused(lines=[{**line, "item": "NOBODY"}]) == (400, "unknown_item")
    assert refused(lines=[{**line, "unit": "furlong"}]) == (400, "unknown_unit")
    assert refused(lines=[{**line, "quantity": "0.5"}]) == (400, "too_many_decimals")
    assert refused(lines=[{**line, "lot": "L-1"}]) == (400, "lot_not_allowed")
    assert refused(lines=[{**line, "serials": ["S1"]}]) == (400, "serials_mismatch")
    oil = {"item": "OIL-46", "quantity": "5", "unit_cost": "1"}
    assert refused("receipts/", reason="other_in", lines=[oil]) == (400, "lot_required")
    assert refused("receipts/", reason="gain", lines=[{"item": "FL-DN50", "quantity": "1"}]) == (409, "cost_needed")
    assert refused(lines=[{**line, "quantity": "NaN"}])[0] == 400
    assert refused(lines="x")[0] == 400
    assert refused(lines=[{"quantity": "1"}])[0] == 400


def test_a_lot_that_is_held_does_not_leave(store: Store):
    store.receipt("10", item="OIL-46", lot="L-1", expires_on="2099-01-01")
    store.receipt("10", item="OIL-46", lot="L-2", expires_on="2098-01-01")
    lots = {row["code"]: row["id"] for row in store.get("lots/", item="OIL-46")["results"]}
    held = store.made(f"lots/{lots['L-2']}/hold/", {"note": "浑浊"})
    body = {"warehouse": "WH-RAW", "reason": "other_out", "lines": [{"item": "OIL-46", "quantity": "4"}]}

    taken = store.made("issues/", body)

    assert held["state"] == "held"
    assert taken["lines"][0]["moves"][0]["lot"] == "L-1"  # L-2 expires first, but it is held
    named = {**body, "lines": [{"item": "OIL-46", "quantity": "1", "lot": "L-2"}]}
    assert code_of(store.post("issues/", named)) == (409, "lot_not_usable")
    assert store.made(f"lots/{lots['L-2']}/release/")["state"] == "free"
    assert store.made("issues/", body)["lines"][0]["moves"][0]["lot"] == "L-2"
    assert store.made(f"lots/{lots['L-1']}/block/")["state"] == "blocked"


def test_the_trace_of_a_lot_and_its_hold_downstream(store: Store):
    store.master("items/", {"code": "GREASE", "name": "润滑脂", "stock_unit": "kg", "tracking": "lot"})
    store.receipt("10", item="OIL-46", lot="L-1", reason="purchase", partner="S001")
    store.made("assemblies/", {"warehouse": "WH-RAW", "inputs": [{"item": "OIL-46", "quantity": "4", "lot": "L-1"}],
                               "outputs": [{"item": "GREASE", "quantity": "8", "lot": "G-1"}]})  # fmt: skip
    sold = store.made("issues/", {"warehouse": "WH-RAW", "reason": "sale", "partner": "C001",
                                  "lines": [{"item": "GREASE", "quantity": "3", "lot": "G-1"}]})  # fmt: skip
    lots = {row["code"]: row["id"] for row in store.get("lots/")["results"]}

    down = store.get(f"lots/{lots['L-1']}/trace/", direction="down")
    up = store.get(f"lots/{lots['G-1']}/trace/", direction="up")
    held = store.made(f"lots/{lots['L-1']}/hold/", {"downstream": True})

    assert down["root"]["code"] == "L-1"
    assert [(node["code"], node["level"]) for node in down["nodes"]] == [("L-1", 0), ("G-1", 1)]
    assert [(edge["from"], edge["to"], edge["quantity"]) for edge in down["edges"]] == [
        (lots["L-1"], lots["G-1"], "4"),
    ]  # fmt: skip
    assert (down["nodes"][1]["partner"], down["nodes"][1]["document"]) == ("C001", sold["number"])
    assert [(node["code"], node["level"]) for node in up["nodes"]] == [("G-1", 0), ("L-1", 1)]
    assert up["nodes"][1]["partner"] == "S001"
    assert held["affected"] == sorted(lots.values())
    assert code_of(store.ask(f"lots/{lots['L-1']}/trace/", levels="21")) == (400, "invalid")
    assert store.ask("lots/999999/trace/").status_code == 404


def test_serials_one_by_one(store: Store):
    store.master("items/", {"code": "PUMP", "name": "齿轮泵", "stock_unit": "pcs", "tracking": "serial"})
    store.receipt("2", item="PUMP", serials=["P-1", "P-2"])

    again = store.post("receipts/", {"warehouse": "WH-FG", "lines": [
        {"item": "PUMP", "quantity": "1", "serials": ["P-1"], "unit_cost": "1"}]})  # fmt: skip
    short = store.post("receipts/", {"warehouse": "WH-FG", "lines": [
        {"item": "PUMP", "quantity": "2", "serials": ["P-3"], "unit_cost": "1"}]})  # fmt: skip
    reserve = {"item": "PUMP", "warehouse": "WH-RAW", "quantity": "1", "serial": "P-1",
               "for": {"kind": "test", "number": "T-1"}}  # fmt: skip
    store.made("reservations/", reserve)

    assert code_of(again) == (409, "duplicate_serial")
    assert code_of(short) == (400, "serials_mismatch")
    assert code_of(store.post("reservations/", reserve)) == (409, "serial_reserved")
    rows = store.get("on-hand/", item="PUMP", group="serial")["results"]
    assert [(row["serial"], row["quantity"]) for row in rows] == [("P-1", "1"), ("P-2", "1")]


def test_reservations_are_kept_and_released(store: Store):
    store.receipt("10")
    body = {
        "item": "M6-BOLT",
        "warehouse": "WH-RAW",
        "quantity": "7",
        "for": {"kind": "x", "number": "N-1", "line": "1"},
    }

    made = store.made("reservations/", body)
    refused = store.post("reservations/", {**body, "quantity": "4"})
    released = store.made(f"reservations/{made['id']}/release/")

    assert (made["state"], made["open"], made["for"]["number"]) == ("active", "7", "N-1")
    assert code_of(refused) == (409, "not_enough_available")
    assert released["state"] == "released"
    assert store.get("availability/", item="M6-BOLT")["reserved"] == "0"


def test_what_can_be_promised_and_when(store: Store):
    store.receipt("10")
    store.purchase("50", line={"due_on": "2099-02-01"})
    store.sale("4", line={"due_on": "2099-01-01"})

    found = store.get("availability/", item="M6-BOLT", quantity="20")

    assert (found["on_hand"], found["expected"], found["committed"]) == ("10", "50", "4")
    assert found["earliest"] == "2099-02-01"  # 10 - 4 = 6 now, 56 from then on
    assert [day["atp"] for day in found["days"]] == ["6", "6", "56"]
    assert store.get("availability/", item="M6-BOLT", quantity="57")["earliest"] is None


def test_months_are_checked_and_closed(store: Store):
    store.receipt("100", moved_on="2026-01-05")
    draft = store.made("issues/", {"warehouse": "WH-RAW", "moved_on": "2026-01-09", "draft": True,
                                   "lines": [{"item": "M6-BOLT", "quantity": "1"}]})  # fmt: skip

    check = store.get("periods/2026-01/check/")
    open_draft = code_of(store.post("periods/2026-01/close/"))
    wrong_month = code_of(store.post("periods/2026-03/close/"))
    store.client.delete(f"/api/v1/inventory/issues/{draft['id']}/")
    closed = store.made("periods/2026-01/close/")

    assert (check["ok"], [one["code"] for one in check["problems"]]) == (False, ["drafts_open"])
    assert open_draft == (409, "drafts_open")
    assert wrong_month == (409, "not_next_period")
    assert (closed["month"], closed["state"], closed["value"]) == ("2026-01", "closed", "100.00")
    settings = store.get("settings/")
    assert (settings["closed_through"], settings["first_open_day"]) == ("2026-01", "2026-02-01")
    line = [{"item": "M6-BOLT", "quantity": "1"}]
    body = {"warehouse": "WH-RAW", "reason": "other_out", "moved_on": "2026-01-20", "lines": line}
    refused = store.post("issues/", body)
    assert code_of(refused) == (409, "period_closed")
    assert refused.json()["first_open_day"] == "2026-02-01"
    moved = store.made("issues/", {**body, "when_closed": "first_open_day"})
    assert (moved["moved_on"], moved["intended_on"]) == ("2026-02-01", "2026-01-20")
    assert store.get("periods/")["results"][-1]["month"] == "2026-01"


def test_methods_are_chosen_before_the_first_move(store: Store):
    def put(item: str, body: dict[str, Any]) -> Any:
        return store.client.put(f"/api/v1/inventory/item-settings/{item}/", body, format="json")

    rules = [{"warehouse": "WH-RAW", "rule": "min_max", "reorder_point": "50", "reorder_to": "200", "supplier": "S001"}]
    saved = put("M6-BOLT", {"method": "fifo", "scope": "warehouse", "reorder": rules})
    store.receipt("10")

    assert saved.status_code == 200, saved.content
    assert saved.json()["reorder"][0]["reorder_to"] == "200"
    assert code_of(put("M6-BOLT", {"method": "moving_average"})) == (409, "in_use")
    assert code_of(put("FL-DN50", {"method": "monthly_average", "scope": "warehouse"})) == (
        400, "method_needs_company_scope",
    )  # fmt: skip
    assert code_of(put("NOBODY", {"method": "fifo"})) == (404, "not_found")
    assert code_of(put("M6-BOLT", {"method": "lifo"}))[0] == 400


def test_without_the_right_no_amount_is_seen(store: Store, api_of):
    receipt = store.receipt("10", unit_cost="7.77")
    give_bob_a_workers_rights()
    bob = Store(api_of("bob"))

    for path in (f"receipts/{receipt['id']}/", "receipts/", "moves/", "on-hand/", "periods/"):
        answer = bob.ask(path)
        assert answer.status_code == 200, path
        assert "77.7" not in answer.content.decode(), path
        assert "amount" not in answer.content.decode(), path
    assert code_of(bob.ask("valuation/")) == (403, "forbidden")
    assert code_of(bob.ask("cost-entries/")) == (403, "forbidden")
    assert "77.70" not in b"".join(bob.ask("moves/", format="csv").streaming_content).decode()


def give_bob_a_workers_rights() -> None:
    """Bob may look at stock and move it, and see no cost."""
    row = Membership.objects.get(user__email="bob@hongda.example")
    row.role, row.rights = "worker", {"inventory.view": True, "inventory.move": True, "inventory.view_cost": False}
    row.save()
