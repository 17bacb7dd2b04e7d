"""purchase-orders/: expected, received at the net price, sent back."""

from apps.inventory.models import PurchaseOrder
from tenants.context import tenant_context
from tests.inventory.api.company import Store, code_of


def test_confirming_is_expected(store: Store):
    order = store.purchase("100", line={"due_on": "2099-01-31"})

    rows = store.get("expected-receipts/", item="M6-BOLT")["results"]

    assert [(row["quantity"], row["received"], row["due_on"]) for row in rows] == [("100", "0", "2099-01-31")]
    assert rows[0]["source"] == {"kind": "purchase_order", "number": order["number"], "line": "1"}


def test_received_at_the_net_price(store: Store):
    order = store.purchase("100")

    receipt = store.made(
        f"purchase-orders/{order['id']}/receive/", {"warehouse": "WH-RAW", "lines": [{"line": 1, "quantity": "40"}]}
    )

    assert receipt["reason"] == "purchase"
    assert receipt["lines"][0]["amount"] == "40.00"  # 40 x 1.13 / 1.13
    part = store.get(f"purchase-orders/{order['id']}/")
    assert (part["state"], part["lines"][0]["received"]) == ("part_received", "40")
    assert [row["received"] for row in store.get("expected-receipts/", item="M6-BOLT")["results"]] == ["40"]


def test_parts_sum_to_the_net_value_of_the_line(store: Store):
    order = store.purchase("3", line={"unit_price": "10.00"})
    receive = f"purchase-orders/{order['id']}/receive/"

    amounts = [
        store.made(receive, {"lines": [{"line": 1, "quantity": "1"}]})["lines"][0]["amount"] for _part in range(3)
    ]

    # net of 10, 20 and 30 is 8.85, 17.70, 26.55: each part is a difference
    assert amounts == ["8.85", "8.85", "8.85"]
    assert store.get(f"purchase-orders/{order['id']}/")["state"] == "received"


def test_over_receipt_and_its_tolerance(store: Store):
    order = store.purchase("100")
    receive = f"purchase-orders/{order['id']}/receive/"

    assert code_of(store.post(receive, {"lines": [{"line": 1, "quantity": "101"}]})) == (409, "over_receipt")
    answer = store.client.put(
        "/api/v1/inventory/item-settings/M6-BOLT/", {"over_receipt_tolerance": "0.05"}, format="json"
    )
    assert answer.status_code == 200, answer.content
    store.made(receive, {"lines": [{"line": 1, "quantity": "105"}]})  # 100 x 1.05

    assert store.on_hand() == "105"
    assert code_of(store.post(receive, {"lines": [{"line": 1, "quantity": "1"}]})) == (409, "over_receipt")


def test_sent_back_at_the_receipts_cost(store: Store):
    order = store.purchase("100")
    store.made(f"purchase-orders/{order['id']}/receive/", {})

    back = store.made(f"purchase-orders/{order['id']}/return/", {"lines": [{"line": 1, "quantity": "10"}]})

    assert back["reason"] == "purchase_return"
    assert store.on_hand() == "90"
    assert store.get(f"purchase-orders/{order['id']}/")["lines"][0]["returned"] == "10"


def test_lots_come_in_and_go_out_by_name(store: Store):
    order = store.purchase("50", line={"item": "OIL-46", "unit": "kg"})
    receive = f"purchase-orders/{order['id']}/receive/"

    assert code_of(store.post(receive, {})) == (400, "lot_required")
    store.made(receive, {"lines": [{"line": 1, "quantity": "30", "lot": "L-1", "expires_on": "2099-12-31"},
                                   {"line": 1, "quantity": "20", "lot": "L-2"}]})  # fmt: skip
    back = store.made(f"purchase-orders/{order['id']}/return/", {"lines": [{"line": 1, "quantity": "5", "lot": "L-2"}]})

    assert back["lines"][0]["moves"][0]["lot"] == "L-2"
    assert {row["code"]: row["quantity"] for row in store.get("lots/", item="OIL-46")["results"]} == {
        "L-1": "30", "L-2": "15",
    }  # fmt: skip


def test_a_blocked_supplier_gets_no_order(store: Store):
    order = store.purchase("1", confirmed=False)
    store.client.patch("/api/v1/masterdata/partners/S001/", {"status": "blocked", "version": 1}, format="json")

    body = {"partner": "S001", "lines": [{"item": "M6-BOLT", "quantity": "1", "unit_price": "1"}]}

    assert code_of(store.post("purchase-orders/", body)) == (409, "partner_blocked")
    assert code_of(store.post(f"purchase-orders/{order['id']}/confirm/")) == (409, "partner_blocked")


def test_terms_agreed_with_the_supplier_are_locked(store: Store, hongda):
    order = store.purchase("100")
    with tenant_context(hongda):
        PurchaseOrder.objects.filter(pk=order["id"]).update(locked_by="supply.order:1")
    change = f"purchase-orders/{order['id']}/change/"

    assert code_of(store.post(change, {"lines": [{"line": 1, "quantity": "90"}]})) == (409, "locked_by_supply")
    assert code_of(store.post(f"purchase-orders/{order['id']}/cancel/")) == (409, "locked_by_supply")
    assert store.made(change, {"lines": [{"line": 1, "warehouse": "WH-FG"}]})["locked"] is True


def test_a_closed_order_moves_no_more(store: Store):
    order = store.purchase("100")
    store.made(f"purchase-orders/{order['id']}/close/", {})

    for verb in ("receive", "change", "close", "cancel", "confirm"):
        body = {"lines": [{"line": 1, "quantity": "1"}]} if verb in ("receive", "change") else {}
        assert code_of(store.post(f"purchase-orders/{order['id']}/{verb}/", body)) == (409, "order_closed")
    assert store.get("expected-receipts/", item="M6-BOLT")["results"] == []


def test_a_draft_cannot_be_received(store: Store):
    order = store.purchase("100", confirmed=False)

    refused = store.post(f"purchase-orders/{order['id']}/receive/", {"warehouse": "WH-RAW"})

    assert code_of(refused) == (409, "order_not_confirmed")


def test_who_may_only_look_sees_no_prices(store: Store, api_of):
    order = store.purchase("100")

    # Bob keeps the books: he sees costs and may buy nothing.
    bob = Store(api_of("bob"))

    assert bob.get(f"purchase-orders/{order['id']}/")["total"] == "113.00"
    assert code_of(bob.post(f"purchase-orders/{order['id']}/close/")) == (403, "forbidden")
