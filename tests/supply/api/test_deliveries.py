"""Despatch and receipt between two companies, over HTTP."""

import pytest

from tests.supply.conftest import Pair
from tests.supply.given import call, deliver, sent_order

MAP = {"lines": [{"line": 1, "item": "LS-M6"}, {"line": 2, "item": None}]}


@pytest.fixture
def agreed(pair: Pair) -> str:
    """1000 bolts and 20 flanges, agreed; 5 % more may come."""
    order = sent_order(pair.buyer, *pair.both, over_tolerance="0.05")
    path = f"orders/{order['id']}/"
    call(pair.seller, "post", path + "map/", MAP)
    call(pair.seller, "post", path + "respond/", {"version": 1, "code": "AP"})
    deliver(*pair.both)
    return str(order["id"])


def ship(pair: Pair, order: str, *lines: tuple[int, str], status: int = 201, **more):
    body = {
        "partner": "C-HD", "ship_date": "2026-07-01", "carrier": "顺丰",
        "lines": [{"order": order, "line": line, "quantity": quantity} for line, quantity in lines], **more,
    }  # fmt: skip
    made = call(pair.seller, "post", "despatches/", body, status)
    deliver(*pair.both)
    return made


def test_goods_are_shipped_scanned_and_received(pair: Pair, agreed: str):
    lines = [
        {"order": agreed, "line": 1, "quantity": "600", "lot": "L1", "package": "1"},
        {"order": agreed, "line": 2, "quantity": "0"},
    ]
    sent = ship(pair, agreed, lines=lines, packages=[{"no": "1", "kind": "carton"}])
    scanned = call(pair.buyer, "get", f"packages/?code=QZ1|package|{sent['packages'][0]['code']}")
    body = {
        "despatch": sent["id"], "version": 1, "received_on": "2026-07-02",
        "lines": [{"order": agreed, "line": 1, "received": "590", "rejected": "10", "reason": "划伤"}],
    }  # fmt: skip

    receipt = call(pair.buyer, "post", "receipts/", body, 201)
    again = call(pair.buyer, "post", "receipts/", body, 409)
    second = call(pair.buyer, "post", "receipts/", {**body, "version": 2}, 409)
    deliver(*pair.both)
    theirs = call(pair.seller, "get", f"despatches/{sent['id']}/")
    ours = call(pair.buyer, "get", f"orders/{agreed}/")

    assert scanned["despatch"] == sent["id"] and scanned["lines"][0]["quantity"] == "600"
    row = receipt["lines"][0]
    # short 600 - 590 = 10, accepted 590 - 10 = 580
    assert [row[key] for key in ("despatched", "received", "short", "over", "rejected", "accepted")] == [
        "600", "590", "10", "0", "10", "580",
    ]  # fmt: skip
    assert (again["code"], second["code"]) == ("stale_version", "already_received")
    assert theirs["state"] == "received" and theirs["lines"][0]["accepted"] == "580"
    assert ours["progress"] == "part_received" and ours["lines"][0]["despatched"] == "600"


def test_a_receipt_is_reversed(pair: Pair, agreed: str):
    sent = ship(pair, agreed, (1, "1000"), (2, "20"))
    lines = [{"order": agreed, "line": 1, "received": "1000"}, {"order": agreed, "line": 2, "received": "20"}]
    made = call(pair.buyer, "post", "receipts/", {"despatch": sent["id"], "version": 1, "lines": lines}, 201)
    full = call(pair.buyer, "get", f"orders/{agreed}/")["progress"]

    gone = call(pair.buyer, "post", f"receipts/{made['id']}/reverse/")
    deliver(*pair.both)

    assert (full, gone["state"]) == ("received", "reversed")
    assert call(pair.seller, "get", f"orders/{agreed}/")["progress"] == "shipped"
    call(pair.buyer, "post", f"receipts/{made['id']}/reverse/", status=409)


def test_what_may_not_be_shipped_or_received(pair: Pair, agreed: str):
    assert ship(pair, agreed, (1, "1051"), status=409)["code"] == "over_agreed"  # 1000 x 1.05 = 1050
    sent = ship(pair, agreed, (1, "1050"))
    assert ship(pair, agreed, (1, "1"), status=409)["code"] == "over_agreed"
    assert ship(pair, agreed, (9, "1"), status=400)["code"] == "unknown_line"
    fewer = {"version": 2, "lines": [{"line": 1, "action": 3, "quantity": "1049"}]}
    assert call(pair.buyer, "post", f"orders/{agreed}/change/", fewer, 409)["code"] == "below_despatched"
    assert call(pair.buyer, "post", f"orders/{agreed}/cancel/", {"version": 2}, 409)["code"] == "already_despatched"
    body = {"despatch": sent["id"], "version": 1, "received_on": "2099-01-01", "lines": []}
    assert call(pair.buyer, "post", "receipts/", body, 400)["code"] == "future_date"
    worse = {**body, "received_on": "2026-07-02", "lines": [{"line": 1, "received": "1", "rejected": "2"}]}
    assert call(pair.buyer, "post", "receipts/", worse, 400)["code"] == "rejected_over_received"
    assert call(pair.seller, "post", "receipts/", {**worse, "lines": []}, 409)["code"] == "wrong_side"
    call(pair.seller, "post", f"despatches/{sent['id']}/cancel/", {"version": 1})
    deliver(*pair.both)
    assert call(pair.buyer, "get", f"despatches/{sent['id']}/")["state"] == "cancelled"


def test_a_receipt_without_asn(pair: Pair, agreed: str):
    number = call(pair.buyer, "get", f"orders/{agreed}/")["number"]
    body = {"order": number, "lines": [{"line": 2, "received": "20", "rejected": "1"}]}

    made = call(pair.buyer, "post", "receipts/", body, 201)
    deliver(*pair.both)

    assert made["lines"][0]["accepted"] == "19" and made["lines"][0]["short"] == "0"
    assert call(pair.seller, "get", f"orders/{agreed}/")["lines"][1]["received"] == "20"


def test_an_sscc_is_never_used_twice(pair: Pair, agreed: str):
    packages = [{"no": "1", "sscc": "069012340000000016"}]
    ship(pair, agreed, (1, "10"), packages=packages)

    assert ship(pair, agreed, (1, "10"), packages=packages, status=409)["code"] == "duplicate_sscc"
    bad = [{"no": "1", "sscc": "069012340000000015"}]
    assert ship(pair, agreed, (1, "10"), packages=bad, status=400)["code"] == "bad_sscc"


def test_labels_are_a_pdf(pair: Pair, agreed: str):
    sent = ship(pair, agreed, (1, "10"), packages=[{"no": "1", "sscc": "069012340000000016"}])

    response = pair.seller.get(f"/api/v1/supply/despatches/{sent['id']}/labels/")

    assert response.status_code == 200 and response.content.startswith(b"%PDF")
