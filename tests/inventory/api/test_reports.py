"""reports/ and warnings/."""

from tests.inventory.api.company import Store, code_of


def test_movements_foot_in_quantity_and_value(store: Store):
    store.client.patch("/api/v1/inventory/settings/", {"default_method": "moving_average"}, format="json")
    store.receipt("100", unit_cost="2.00", moved_on="2026-01-10")
    store.receipt("50", unit_cost="2.00", moved_on="2026-02-10")
    line = [{"item": "M6-BOLT", "quantity": "30"}]
    store.made("issues/", {"warehouse": "WH-RAW", "reason": "material", "moved_on": "2026-02-12", "lines": line})
    store.made("transfers/", {"from_warehouse": "WH-RAW", "to_warehouse": "WH-FG", "moved_on": "2026-02-13",
                              "lines": line})  # fmt: skip

    found = store.get("reports/movements/", from_="2026-02-01", to="2026-02-28")

    row = found["results"][0]
    quantities = [row[name] for name in ("opening_quantity", "in_quantity", "out_quantity", "closing_quantity")]
    assert quantities == ["100", "50", "30", "120"]  # 100 + 50 - 30; a transfer neither comes nor goes
    assert found["totals"] == {
        "opening_value": "200.00", "in_value": "100.00", "out_value": "60.00", "closing_value": "240.00",
    }  # fmt: skip
    assert code_of(store.ask("reports/movements/", from_="2026-03-01", to="2026-02-01")) == (400, "invalid")
    assert store.ask("reports/movements/", format="csv").status_code == 200


def test_what_lies_long_expires_or_turns_over(store: Store):
    store.receipt("10", item="OIL-46", lot="L-1", expires_on="2020-01-01", moved_on="2020-01-01")
    store.receipt("100", moved_on="2026-01-01")
    body = {"warehouse": "WH-RAW", "reason": "material", "lines": [{"item": "M6-BOLT", "quantity": "50"}]}
    store.made("issues/", body)

    slow = store.get("reports/slow/")["results"]
    expiry = store.get("reports/expiry/")["results"]
    turns = store.get("reports/turnover/", item="M6-BOLT")["results"]

    assert [row["item"] for row in slow] == ["OIL-46"]
    assert [(row["lot"], row["quantity"]) for row in expiry] == [("L-1", "10")]
    assert (turns[0]["out_quantity"], turns[0]["average_quantity"]) == ("50", "75")  # (100 + 50) / 2
    assert turns[0]["turns"] == "0.6667"  # 50 / 75


def test_the_order_book_and_the_warnings(store: Store):
    rule = [{"warehouse": "WH-RAW", "reorder_point": "20", "reorder_to": "50"}]
    store.client.put("/api/v1/inventory/item-settings/M6-BOLT/", {"reorder": rule}, format="json")
    store.receipt("10")
    store.sale("4", line={"due_on": "2026-01-01"})
    store.purchase("50", line={"due_on": "2099-01-01"})

    book = store.get("reports/order-book/")["results"]
    warned = store.get("warnings/")["results"]

    assert [(row["kind"], row["open_quantity"], row["amount"]) for row in book] == [
        ("sales_order", "4", "9.04"), ("purchase_order", "50", "56.50"),
    ]  # fmt: skip
    kinds = {row["type"]: row for row in warned}
    assert (kinds["low"]["quantity"], kinds["low"]["limit"]) == ("10", "20")
    assert kinds["late_shipment"]["on"] == "2026-01-01"
    store.receipt("100")
    assert [row["type"] for row in store.get("warnings/", type="over")["results"]] == ["over"]
    assert code_of(store.ask("warnings/", type="cow")) == (400, "invalid")
