"""What may not be said is refused with its code, before it can stick anywhere."""

import json

from rest_framework.test import APIClient

from tenants.context import Company, leave_company
from tests.supply.api.test_deliveries import agreed, ship
from tests.supply.api.test_guests import as_guest, buyer, link_for, sent
from tests.supply.conftest import Pair
from tests.supply.given import BASE, call, deliver, sent_order

__all__ = ["agreed", "buyer"]
HUGE = {"quantity": "99999999999999", "unit_price": "999999999"}


def test_amounts_that_no_ledger_holds_are_refused(pair: Pair):
    order = sent_order(pair.buyer, *pair.both)
    path = f"orders/{order['id']}/"
    call(pair.seller, "post", path + "map/", {"lines": [{"line": 1, "item": None}, {"line": 2, "item": None}]})
    more = {"version": 1, "lines": [{"line": 1, "action": 3, **HUGE}]}

    line = {"item": "M6-BOLT", **HUGE}
    assert call(pair.buyer, "post", "orders/", {"partner": "S-HX", "lines": [line]}, 400)["code"] == "invalid"
    assert call(pair.buyer, "post", path + "change/", more, 400)["code"] == "invalid"
    assert call(pair.seller, "post", path + "respond/", {**more, "code": "CA"}, 400)["code"] == "invalid"


def test_a_guests_impossible_counter_never_reaches_the_buyer(buyer: APIClient, hongda: Company):
    order = sent(buyer)
    token = link_for(buyer, order["id"])["token"]
    path = f"orders/{order['id']}/respond/"
    for lines in ([], [{"line": 1, "action": 3, **HUGE}]):
        refused = as_guest(token, "post", path, {"version": 1, "code": "CA", "lines": lines}, 400)
        assert refused["code"] == "invalid"
    deliver(hongda)

    assert call(buyer, "get", "inbox/")["count"] == 0


def test_a_counter_says_something(pair: Pair):
    order = sent_order(pair.buyer, *pair.both)
    path = f"orders/{order['id']}/respond/"

    for body in ({}, {"lines": []}):
        assert call(pair.seller, "post", path, {"version": 1, "code": "CA", **body}, 400)["code"] == "invalid"


def test_the_head_comes_before_any_other_rule(pair: Pair):
    order = sent_order(pair.buyer, *pair.both)
    added = {"line": 5, "action": 1, "item": "NIX", "quantity": "1", "unit_price": "1"}

    refused = call(pair.buyer, "post", f"orders/{order['id']}/change/", {"version": 7, "lines": [added]}, 409)

    assert refused["code"] == "stale_version"


def test_taken_as_text_is_said_not_left_out(pair: Pair):
    order = sent_order(pair.buyer, *pair.both)

    refused = call(pair.seller, "post", f"orders/{order['id']}/map/", {"lines": [{"line": 1}]}, 400)

    assert list(refused["fields"]) == ["lines.0.item"]


def test_a_remembered_factor_must_divide_what_is_agreed(pair: Pair):
    third = {"link": pair.link, "item": "LS-M6", "partner_item": "M6-BOLT", "partner_unit": "pcs", "factor": "1/3"}
    unit = sent_order(pair.buyer, *pair.both)["lines"][0]["unit"]
    call(pair.seller, "post", "item-maps/", {**third, "partner_unit": unit}, 201)
    order = sent_order(pair.buyer, *pair.both)
    path = f"orders/{order['id']}/"
    call(pair.seller, "post", path + "map/", {"lines": [{"line": 2, "item": None}]})

    # 1000 / 3 has no four decimals, 999 / 3 = 333 has
    refused = call(pair.seller, "post", path + "respond/", {"version": 1, "code": "AP"}, 409)
    lines = [{"line": 1, "action": 3, "quantity": "999"}]
    call(pair.seller, "post", path + "respond/", {"version": 1, "code": "CA", "lines": lines})

    assert refused["code"] == "unit_not_exact"


def test_a_receipt_of_nothing_says_nothing(pair: Pair, agreed: str):
    sent = ship(pair, agreed, (1, "100"))

    empty = {"despatch": sent["id"], "version": 1, "complete": False}

    assert call(pair.buyer, "post", "receipts/", empty, 400)["code"] == "invalid"
    assert call(pair.buyer, "get", f"despatches/?order={agreed}")["results"][0]["state"] == "sent"


def test_consents_name_items_in_plain_text(pair: Pair):
    body = json.dumps({"link": pair.link, "scope": "scorecard", "items": ["\ud800"]})

    response = pair.buyer.post(BASE + "consents/", body, content_type="application/json")
    leave_company()

    assert response.status_code == 400 and response.json()["code"] == "invalid"
