"""With inventory: a purchase order is sent, its terms come back, what the warehouse does is told to the supplier."""

from decimal import Decimal
from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.inventory import public as inventory
from kernel import events
from tenants.context import leave_company, tenant_context
from tests.supply.conftest import Pair
from tests.supply.given import call, deliver

INVENTORY = "/api/v1/inventory/"
LINES = [
    {"item": "M6-BOLT", "quantity": "1000", "unit_price": "0.12", "due_on": "2027-07-10", "warehouse": "W1"},
    {"item": "FL-DN50", "quantity": "20", "unit_price": "35.5", "due_on": "2027-07-20", "warehouse": "W1"},
]


def stock(client: APIClient, path: str, body: Any = None, status: int = 200, base: str = INVENTORY) -> Any:
    """One POST to inventory; without a body, one GET."""
    response = client.get(base + path) if body is None else client.post(base + path, body, format="json")
    leave_company()
    assert response.status_code == status, (response.status_code, response.content.decode()[:600])
    return response.json()


def work(pair: Pair) -> None:
    """What the workers of both companies do, until nothing waits."""
    for _round in range(4):
        deliver(*pair.both)
        for company in pair.both:
            with tenant_context(company):
                assert events.deliver_waiting()[1] == 0


def expected(pair: Pair) -> list[tuple[str, Decimal]]:
    """[(line, open quantity)] of what the buyer's stock waits for."""
    with tenant_context(pair.hongda):
        return [(row.source.line, row.open) for row in inventory.expected()]


@pytest.fixture
def bought(pair: Pair) -> dict[str, Any]:
    """A purchase order of 1000 bolts and 20 flanges, sent to its supplier and agreed: {purchase, order}."""
    stock(pair.buyer, "warehouses/", {"code": "W1", "name": "原料库"}, 201, base="/api/v1/masterdata/")
    purchase = stock(
        pair.buyer, "purchase-orders/", {"partner": "S-HX", "ordered_on": "2026-06-30", "lines": LINES}, 201
    )
    order = call(pair.buyer, "post", "orders/", {"partner": "S-HX", "purchase_order": purchase["number"]}, 201)
    work(pair)
    texts = {"lines": [{"line": 1, "item": "LS-M6"}, {"line": 2, "item": None}]}
    call(pair.seller, "post", f"orders/{order['id']}/map/", texts)
    return {"purchase": purchase, "order": order["id"]}


def agree(pair: Pair, order: str) -> None:
    call(pair.seller, "post", f"orders/{order}/respond/", {"version": 1, "code": "AP"})
    work(pair)


def ship(pair: Pair, order: str, **lines: str) -> str:
    rows = [{"order": order, "line": int(line.removeprefix("line")), "quantity": lines[line]} for line in lines]
    body = {"partner": "C-HD", "ship_date": "2026-07-01", "eta": "2027-07-03", "lines": rows}
    made = call(pair.seller, "post", "despatches/", body, 201)
    work(pair)
    return str(made["id"])


def take(pair: Pair, bought: dict[str, Any], **lines: str) -> int:
    rows = [{"line": int(line.removeprefix("line")), "quantity": lines[line]} for line in lines]
    path = f"purchase-orders/{bought['purchase']['id']}/receive/"
    made = stock(pair.buyer, path, {"warehouse": "W1", "moved_on": "2026-07-02", "lines": rows}, 201)
    work(pair)
    return int(made["id"])


def figures(pair: Pair, despatch: str) -> tuple[str, list[tuple[str, str]]]:
    seen = call(pair.seller, "get", f"despatches/{despatch}/")
    return seen["state"], [(row["received"], row["short"]) for row in seen["lines"]]


def test_a_reversed_stock_receipt_is_taken_back_before_the_supplier(pair: Pair, bought: dict[str, Any]):
    agree(pair, bought["order"])
    despatch = ship(pair, bought["order"], line1="600")
    assert sorted(expected(pair)) == [("1", 400), ("1-asn", 600), ("2", 20)]
    document = take(pair, bought, line1="597")
    first, waiting = figures(pair, despatch), expected(pair)

    stock(pair.buyer, f"receipts/{document}/reverse/", {"reason": "点错"}, 201)
    work(pair)
    undone, again = figures(pair, despatch), expected(pair)
    take(pair, bought, line1="600")

    assert first == ("received", [("597", "3")])
    assert waiting == [("1", 403), ("2", 20)]  # 1000 - 597; the 3 that were short are not on their way
    assert undone == ("sent", [("0", "0")])
    assert sorted(again) == [("1", 400), ("1-asn", 600), ("2", 20)]
    assert figures(pair, despatch) == ("received", [("600", "0")])
    assert call(pair.seller, "get", f"orders/{bought['order']}/")["lines"][0]["received"] == "600"


def test_a_despatch_that_was_called_back_is_not_on_its_way(pair: Pair, bought: dict[str, Any]):
    agree(pair, bought["order"])
    despatch = ship(pair, bought["order"], line1="600")

    call(pair.seller, "post", f"despatches/{despatch}/cancel/", {"version": 1})
    work(pair)

    assert expected(pair) == [("1", 1000), ("2", 20)]


def test_a_line_that_was_refused_is_not_expected(pair: Pair, bought: dict[str, Any]):
    lines = [{"line": 1, "action": 3, "quantity": "900", "unit_price": "0.13"}, {"line": 2, "action": 7}]
    path = f"orders/{bought['order']}/respond/"
    call(pair.seller, "post", path, {"version": 1, "code": "CA", "lines": lines})
    call(pair.buyer, "post", path, {"version": 2, "code": "AP"})
    work(pair)

    seen = stock(pair.buyer, f"purchase-orders/{bought['purchase']['id']}/")

    assert [(row["quantity"], row["unit_price"], row["closed"]) for row in seen["lines"]] == [
        ("900", "0.13", False), ("20", "35.5", True),
    ]  # fmt: skip
    assert expected(pair) == [("1", 900)]


def test_an_order_that_both_called_off_is_not_expected(pair: Pair, bought: dict[str, Any]):
    agree(pair, bought["order"])
    call(pair.buyer, "post", f"orders/{bought['order']}/cancel/", {"version": 2, "reason": "客户取消"})
    call(pair.seller, "post", f"orders/{bought['order']}/respond/", {"version": 3, "code": "AP"})
    work(pair)

    seen = stock(pair.buyer, f"purchase-orders/{bought['purchase']['id']}/")

    assert seen["state"] == "cancelled" and expected(pair) == []


def test_only_a_purchase_order_that_stands_is_sent(pair: Pair, bought: dict[str, Any]):
    line = {"item": "M6-BOLT", "quantity": "1", "unit_price": "1"}
    unknown = call(
        pair.buyer, "post", "orders/", {"partner": "S-HX", "lines": [line], "purchase_order": "NIX"}, 404
    )  # fmt: skip
    again = call(
        pair.buyer, "post", "orders/", {"partner": "S-HX", "purchase_order": bought["purchase"]["number"]}, 409
    )
    other = stock(pair.buyer, "purchase-orders/", {"partner": "S-HX", "ordered_on": "2026-06-30", "lines": LINES}, 201)
    stock(pair.buyer, f"purchase-orders/{other['id']}/cancel/", {"version": other["version"]})

    ended = call(pair.buyer, "post", "orders/", {"partner": "S-HX", "purchase_order": other["number"]}, 409)

    assert (unknown["code"], again["code"], ended["code"]) == ("not_found", "duplicate_number", "order_closed")


def test_the_purchase_order_shows_its_way_to_the_supplier_and_sends_itself(
    pair: Pair, bought: dict[str, Any], page_of: Any
):
    page = page_of("alice")
    body = {"partner": "S-HX", "ordered_on": "2026-06-30", "lines": LINES}
    other = stock(pair.buyer, "purchase-orders/", body, 201)
    path = f"/supply/purchases/{other['id']}/"

    before = page.get(path).content.decode()
    sent = page.post(path + "send/")
    after = page.get(path).content.decode()
    again = page.post(path + "send/")
    known = page.get(f"/supply/purchases/{bought['purchase']['id']}/").content.decode()
    gone = page.get("/supply/purchases/999999/")
    whole = page.get(f"/inventory/purchase-orders/{other['id']}/").content.decode()
    leave_company()

    assert "还没有发给供应商" in before and "发给供应商</span>" in before
    assert sent.status_code == 302 and other["number"] in after and "待确认" in after and "<form" not in after
    assert again.status_code == 422 and gone.status_code == 404
    assert bought["purchase"]["number"] in known and path in whole


def test_a_confirmed_purchase_order_is_shared_by_itself_where_the_link_says_so(pair: Pair, bought: dict[str, Any]):
    body = {"partner": "S-HX", "ordered_on": "2026-06-30", "lines": LINES}
    first, second = (stock(pair.buyer, "purchase-orders/", body, 201) for _place in range(2))
    stock(pair.buyer, f"purchase-orders/{first['id']}/confirm/", {"version": first["version"]})
    work(pair)
    call(pair.buyer, "patch", f"links/{pair.link}/", {"settings": {"auto_share": True}})

    stock(pair.buyer, f"purchase-orders/{second['id']}/confirm/", {"version": second["version"]})
    work(pair)

    numbers = {row["number"] for row in call(pair.seller, "get", "orders/")["results"]}
    assert numbers == {bought["purchase"]["number"], second["number"]}
