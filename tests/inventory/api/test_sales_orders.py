"""sales-orders/: from the draft to the return."""

from decimal import Decimal

from tests.inventory.api.company import Store, code_of


def test_a_draft_is_priced_and_binds_nobody(store: Store):
    order = store.sale("10", confirmed=False)

    assert order["state"] == "draft"
    assert order["total"] == "22.60"  # 10 x 2.26, tax included
    assert order["net_total"] == "20.00"  # 22.60 / 1.13
    assert store.get("availability/", item="M6-BOLT", warehouse="WH-RAW")["committed"] == "0"


def test_confirming_makes_it_a_commitment(store: Store):
    store.receipt("100")

    order = store.sale("10")

    assert (order["state"], order["version"]) == ("confirmed", 2)
    assert store.get("availability/", item="M6-BOLT", warehouse="WH-RAW")["committed"] == "10"


def test_a_box_counts_a_hundred_pieces(store: Store):
    store.receipt("1000")

    order = store.sale("2", line={"unit": "box"})
    store.made(f"sales-orders/{order['id']}/ship/", {"warehouse": "WH-RAW", "lines": [{"line": 1, "quantity": "1"}]})

    line = store.get(f"sales-orders/{order['id']}/")["lines"][0]
    assert (line["stock_quantity"], line["shipped"], line["open"]) == ("200", "1", "1")
    assert store.on_hand() == "900"  # 1000 - 1 box of 100


def test_shipping_in_two_parts(store: Store):
    store.receipt("100")
    order = store.sale("10")
    ship = f"sales-orders/{order['id']}/ship/"

    first = store.made(ship, {"warehouse": "WH-RAW", "lines": [{"line": 1, "quantity": "4"}]})
    part = store.get(f"sales-orders/{order['id']}/")
    store.made(ship, {})
    whole = store.get(f"sales-orders/{order['id']}/")

    assert first["reason"] == "sale"
    assert first["lines"][0]["moves"][0]["quantity"] == "-4"
    assert (part["state"], part["lines"][0]["shipped"]) == ("part_shipped", "4")
    assert (whole["state"], whole["lines"][0]["shipped"], whole["lines"][0]["open"]) == ("shipped", "10", "0")
    assert store.on_hand() == "90"


def test_more_than_ordered_is_refused(store: Store):
    store.receipt("100")
    order = store.sale("10")

    refused = store.post(
        f"sales-orders/{order['id']}/ship/", {"warehouse": "WH-RAW", "lines": [{"line": 1, "quantity": "11"}]}
    )

    assert code_of(refused) == (409, "over_shipment")
    assert "lines.0.quantity" in refused.json()["fields"]
    assert store.on_hand() == "100"


def test_more_than_lies_here_is_refused_and_nothing_counts(store: Store):
    store.receipt("5")
    order = store.sale("10")

    refused = store.post(f"sales-orders/{order['id']}/ship/", {"warehouse": "WH-RAW"})

    assert code_of(refused) == (409, "not_enough_stock")
    assert store.get(f"sales-orders/{order['id']}/")["lines"][0]["shipped"] == "0"


def test_a_return_comes_back_at_the_shipments_cost(store: Store):
    store.client.patch("/api/v1/inventory/settings/", {"default_method": "moving_average"}, format="json")
    store.receipt("100", unit_cost="1.00")
    order = store.sale("10")
    store.made(f"sales-orders/{order['id']}/ship/", {"warehouse": "WH-RAW"})
    store.receipt("100", unit_cost="3.00")

    back = store.made(f"sales-orders/{order['id']}/return/", {"lines": [{"line": 1, "quantity": "3"}]})

    assert back["reason"] == "sales_return"
    assert back["lines"][0]["moves"][0]["amount"] == "3.00"  # 3 of the 10 that left at 1.00
    line = store.get(f"sales-orders/{order['id']}/")["lines"][0]
    assert (line["shipped"], line["returned"]) == ("10", "3")


def test_no_more_comes_back_than_went(store: Store):
    store.receipt("100")
    order = store.sale("10")
    store.made(f"sales-orders/{order['id']}/ship/", {"lines": [{"line": 1, "quantity": "4"}]})

    refused = store.post(f"sales-orders/{order['id']}/return/", {"lines": [{"line": 1, "quantity": "5"}]})

    assert code_of(refused) == (409, "over_returned")


def test_reversing_the_shipment_opens_the_order_again(store: Store):
    store.receipt("100")
    order = store.sale("10")
    issue = store.made(f"sales-orders/{order['id']}/ship/", {})

    store.made(f"issues/{issue['id']}/reverse/", {"reason": "发错货"})

    again = store.get(f"sales-orders/{order['id']}/")
    assert (again["state"], again["lines"][0]["shipped"]) == ("confirmed", "0")
    assert store.on_hand() == "100"
    assert store.get("availability/", item="M6-BOLT", warehouse="WH-RAW")["committed"] == "10"


def test_reserving_takes_it_from_everybody_else(store: Store):
    store.receipt("10")

    order = store.sale("8", reserve=True)

    assert order["lines"][0]["reserved"] == "8"
    refused = store.post(
        "issues/", {"warehouse": "WH-RAW", "reason": "other_out", "lines": [{"item": "M6-BOLT", "quantity": "5"}]}
    )
    assert code_of(refused) == (409, "not_enough_available")
    store.made(f"sales-orders/{order['id']}/ship/", {})
    assert store.get(f"sales-orders/{order['id']}/")["lines"][0]["reserved"] == "0"
    assert store.on_hand() == "2"


def test_reserving_what_is_not_there_is_refused(store: Store):
    store.receipt("5")
    order = store.sale("8", confirmed=False, reserve=True)

    refused = store.post(f"sales-orders/{order['id']}/confirm/", {"version": order["version"]})

    assert code_of(refused) == (409, "not_enough_available")
    assert store.get(f"sales-orders/{order['id']}/")["state"] == "draft"


def test_changing_a_confirmed_line(store: Store):
    store.receipt("100")
    order = store.sale("10")

    changed = store.made(
        f"sales-orders/{order['id']}/change/",
        {
            "version": 2,
            "lines": [{"line": 1, "quantity": "20"}, {"item": "FL-DN50", "quantity": "5", "unit_price": "9"}],
        },
    )

    assert [line["quantity"] for line in changed["lines"]] == ["20", "5"]
    assert changed["total"] == "90.20"  # 20 x 2.26 + 5 x 9.00
    assert changed["version"] == 3
    assert store.get("availability/", item="M6-BOLT", warehouse="WH-RAW")["committed"] == "20"


def test_a_stale_version_is_told(store: Store):
    order = store.sale("10")

    refused = store.post(
        f"sales-orders/{order['id']}/change/", {"version": 1, "lines": [{"line": 1, "quantity": "20"}]}
    )

    assert code_of(refused) == (409, "stale_version")
    assert refused.json()["current"] == 2


def test_a_line_never_goes_below_what_has_shipped(store: Store):
    store.receipt("100")
    order = store.sale("10")
    store.made(f"sales-orders/{order['id']}/ship/", {"lines": [{"line": 1, "quantity": "4"}]})

    refused = store.post(f"sales-orders/{order['id']}/change/", {"lines": [{"line": 1, "quantity": "3"}]})

    assert code_of(refused) == (409, "below_done")


def test_cancel_before_and_after_the_first_move(store: Store):
    store.receipt("100")
    fresh, moved = store.sale("10"), store.sale("10")
    store.made(f"sales-orders/{moved['id']}/ship/", {"lines": [{"line": 1, "quantity": "1"}]})

    assert store.made(f"sales-orders/{fresh['id']}/cancel/", {})["state"] == "cancelled"
    assert code_of(store.post(f"sales-orders/{moved['id']}/cancel/", {})) == (409, "already_moved")
    assert code_of(store.post(f"sales-orders/{fresh['id']}/ship/", {})) == (409, "order_closed")


def test_closing_short_ends_the_commitment(store: Store):
    store.receipt("100")
    order = store.sale("10", reserve=True)
    store.made(f"sales-orders/{order['id']}/ship/", {"lines": [{"line": 1, "quantity": "4"}]})

    closed = store.made(f"sales-orders/{order['id']}/close/", {})

    assert closed["state"] == "closed"
    assert (closed["lines"][0]["open"], closed["lines"][0]["reserved"]) == ("0", "0")
    availability = store.get("availability/", item="M6-BOLT", warehouse="WH-RAW")
    assert (availability["committed"], availability["reserved"]) == ("0", "0")


def test_unknown_names_are_told_apart(store: Store):
    line = {"item": "M6-BOLT", "quantity": "1", "unit_price": "1"}

    def refused(**more):
        return code_of(store.post("sales-orders/", {"partner": "C001", "lines": [line], **more}))

    assert refused(partner="C999") == (400, "unknown_partner")
    assert refused(lines=[{**line, "item": "NOBODY"}]) == (400, "unknown_item")
    assert refused(lines=[{**line, "warehouse": "WH-X"}]) == (400, "unknown_warehouse")
    assert refused(lines=[{**line, "unit": "furlong"}]) == (400, "unknown_unit")
    assert refused(lines=[{**line, "quantity": "1.5"}]) == (400, "too_many_decimals")
    assert refused(lines=[]) == (400, "invalid")
    assert refused(lines=[{**line, "quantity": "1e400"}])[0] == 400
    assert refused(lines=[{**line, "item": "M6\x00"}])[0] == 400
    assert refused(number="SO-1") == (201, "") and refused(number="SO-1") == (409, "duplicate_number")


def test_stopped_items_and_blocked_partners(store: Store):
    order = store.sale("1", confirmed=False)
    store.client.patch("/api/v1/masterdata/items/M6-BOLT/", {"state": "stopped", "version": 1}, format="json")
    line = {"item": "M6-BOLT", "quantity": "1", "unit_price": "1"}

    assert code_of(store.post("sales-orders/", {"partner": "C001", "lines": [line]})) == (409, "item_stopped")
    assert code_of(store.post(f"sales-orders/{order['id']}/confirm/")) == (409, "item_stopped")
    store.client.patch("/api/v1/masterdata/partners/C001/", {"status": "blocked", "version": 1}, format="json")
    body = {"partner": "C001", "lines": [{**line, "item": "FL-DN50"}]}
    assert code_of(store.post("sales-orders/", body)) == (409, "partner_blocked")


def test_the_list_filters_and_leaves_as_excel(store: Store):
    store.sale("10", number="SO-A")
    store.sale("20", number="SO-B", confirmed=False)

    listed = store.get("sales-orders/", state="draft")

    assert [row["number"] for row in listed["results"]] == ["SO-B"]
    assert Decimal(listed["totals"]["total"]) == Decimal("45.20")  # 20 x 2.26
    assert store.get("sales-orders/", search="SO-A")["count"] == 1
    sheet = store.ask("sales-orders/", format="csv")
    assert "SO-A" in b"".join(sheet.streaming_content).decode()


def test_the_same_key_ships_once(store: Store):
    store.receipt("100")
    order = store.sale("10")
    body = {"warehouse": "WH-RAW", "lines": [{"line": 1, "quantity": "4"}]}

    first = store.post(f"sales-orders/{order['id']}/ship/", body, HTTP_IDEMPOTENCY_KEY="ship-1")
    second = store.post(f"sales-orders/{order['id']}/ship/", body, HTTP_IDEMPOTENCY_KEY="ship-1")

    assert first.json() == second.json()
    assert store.on_hand() == "96"


def test_charlie_sees_nothing(store: Store, api_of):
    order = store.sale("10")

    stranger = Store(api_of("charlie"))

    assert stranger.ask(f"sales-orders/{order['id']}/").status_code == 404
    assert stranger.get("sales-orders/")["count"] == 0
