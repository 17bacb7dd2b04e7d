"""Orders between two companies, over HTTP."""

import hashlib

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tests.supply.conftest import Pair
from tests.supply.given import call, deliver, sent_order

MAP = {"lines": [{"line": 1, "item": "LS-M6", "factor": "1", "remember": True}, {"line": 2, "item": None}]}


def test_an_order_is_sent_mapped_and_accepted(pair: Pair):
    order = sent_order(pair.buyer, *pair.both)

    theirs = call(pair.seller, "get", f"orders/{order['id']}/")
    assert (theirs["role"], theirs["state"], theirs["waiting_for"]) == ("seller", "sent", "seller")
    assert theirs["lines"][0]["item"] is None and theirs["lines"][0]["partner_item"] == "M6-BOLT"
    assert "目标价" not in str(theirs) and "只给自己看" not in str(theirs)

    refused = call(pair.seller, "post", f"orders/{order['id']}/respond/", {"version": 1, "code": "AP"}, 409)
    assert (refused["code"], refused["lines"]) == ("unmapped_lines", [1, 2])
    mapped = call(pair.seller, "post", f"orders/{order['id']}/map/", MAP)
    assert mapped["lines"][0]["item"] == "LS-M6" and mapped["version"] == 1
    answer = call(pair.seller, "post", f"orders/{order['id']}/respond/", {"version": 1, "code": "AP"})
    deliver(*pair.both)
    ours = call(pair.buyer, "get", f"orders/{order['id']}/")

    assert answer["state"] == ours["state"] == "agreed"
    assert ours["lines"][0]["partner_item"] == "LS-M6" and ours["lines"][0]["first_promised"] == "2027-07-10"
    assert ours["agreed"]["total"] == "830.00"  # 1000 x 0.12 + 20 x 35.5


def test_the_second_order_knows_the_map(pair: Pair):
    order = sent_order(pair.buyer, *pair.both)
    call(pair.seller, "post", f"orders/{order['id']}/map/", MAP)

    again = sent_order(pair.buyer, *pair.both)
    theirs = call(pair.seller, "get", f"orders/{again['id']}/")

    assert [line["mapped"] for line in theirs["lines"]] == [True, False]


def test_a_counter_is_accepted_before_it_was_delivered(pair: Pair):
    order = sent_order(pair.buyer, *pair.both)
    path = f"orders/{order['id']}/"
    call(pair.seller, "post", path + "map/", MAP)
    split = [
        {"line": 1, "action": 3, "quantity": "600", "promised_date": "2027-07-12"},
        {"line": 3, "action": 1, "split_of": 1, "quantity": "400", "promised_date": "2027-07-25"},
    ]

    call(pair.seller, "post", path + "respond/", {"version": 1, "code": "CA", "lines": split})
    agreed = call(pair.buyer, "post", path + "respond/", {"version": 2, "code": "AP"})

    assert [line["quantity"] for line in agreed["lines"]] == ["600", "20", "400"]
    assert agreed["version"] == 3


def test_a_stale_version_shows_three_columns(pair: Pair):
    order = sent_order(pair.buyer, *pair.both)
    path = f"orders/{order['id']}/"
    more = [{"line": 1, "action": 3, "quantity": "1200"}]
    call(pair.buyer, "post", path + "change/", {"version": 1, "lines": more})

    stale = call(
        pair.buyer, "post", path + "change/", {"version": 1, "lines": [{"line": 1, "action": 3, "quantity": "5"}]}, 409
    )

    assert stale["code"] == "stale_version"
    columns = [stale[name]["lines"][0]["quantity"] for name in ("base", "mine", "theirs")]
    assert columns == ["1000", "5", "1200"]


def test_refusals_name_themselves(pair: Pair):
    order = sent_order(pair.buyer, *pair.both)
    path = f"orders/{order['id']}/"

    def code(client, verb, body, status=409):
        return call(client, "post", path + verb, {"version": 1, **body}, status)["code"]

    assert code(pair.buyer, "respond/", {"code": "AP"}) == "not_your_turn"
    assert code(pair.seller, "cancel/", {}) == "wrong_side"
    assert code(pair.buyer, "withdraw/", {}) == "not_agreed"
    change = {"lines": [{"line": 1, "action": 3, "quantity": "5"}]}
    assert code(pair.seller, "change/", change) == "answer_first"
    lines = [{"line": 9, "action": 3, "quantity": "5"}]
    assert code(pair.seller, "respond/", {"code": "CA", "lines": lines}, 400) == "unknown_line"
    assert call(pair.seller, "post", path + "respond/", {"version": 1, "code": "AP", "lines": 7}, 400)["fields"]
    assert call(pair.buyer, "post", "orders/", {"partner": "S-HX", "lines": []}, 400)["code"] == "invalid"
    body = {"partner": "S-HX", "lines": [{"item": "NIX", "quantity": "1", "unit_price": "1"}]}
    assert call(pair.buyer, "post", "orders/", body, 400)["code"] == "unknown_item"
    again = {
        "partner": "S-HX",
        "number": order["number"],
        "lines": [{"item": "M6-BOLT", "quantity": "1", "unit_price": "1"}],
    }
    assert call(pair.buyer, "post", "orders/", again, 409)["code"] == "duplicate_number"
    cancelled = call(pair.buyer, "post", path + "cancel/", {"version": 1, "reason": "客户取消"})
    assert cancelled["state"] == "cancelled" and cancelled["waiting_for"] is None
    call(pair.seller, "post", path + "respond/", {"version": 2, "code": "RE"}, 409)


def test_a_key_of_repetition_sends_once(pair: Pair):
    body = {"partner": "S-HX", "lines": [{"item": "M6-BOLT", "quantity": "1", "unit_price": "1"}]}
    first = call(pair.buyer, "post", "orders/", body, 201, **{"Idempotency-Key": "k-1"})
    second = call(pair.buyer, "post", "orders/", body, 201, **{"Idempotency-Key": "k-1"})

    assert first["id"] == second["id"]
    assert call(pair.buyer, "get", "orders/")["count"] == 1


def test_a_suspended_link_lets_nothing_through(pair: Pair):
    order = sent_order(pair.buyer, *pair.both)
    call(pair.seller, "post", f"links/{pair.link}/suspend/", {"reason": "盘点"})

    refused = call(pair.buyer, "post", f"orders/{order['id']}/cancel/", {"version": 1}, 409)
    call(pair.buyer, "post", f"links/{pair.link}/resume/", {}, 409)
    call(pair.seller, "post", f"links/{pair.link}/resume/", {})
    call(pair.buyer, "post", f"orders/{order['id']}/cancel/", {"version": 1})

    assert refused["code"] == "link_not_active"


def test_the_chain_verifies_from_outside(pair: Pair):
    order = sent_order(pair.buyer, *pair.both)
    call(pair.seller, "post", f"orders/{order['id']}/respond/", {"version": 1, "code": "RE", "reason": "停产"})

    chain = call(pair.buyer, "get", f"chains/{order['id']}/")

    assert chain["verified"] is True and [row["seq"] for row in chain["versions"]] == [1, 2]
    before = None
    keys = {party["party"]: party["public_key"] for party in chain["parties"]}
    for row in chain["versions"]:
        body = {
            "v": 1, "link": chain["link"], "chain": chain["id"], "prev": before,
            **{key: row[key] for key in ("seq", "kind", "sender", "recipient", "sent_at", "payload")},
        }  # fmt: skip
        digest = hashlib.sha256(rfc8785.dumps(body)).hexdigest()
        assert (digest, row["prev"]) == (row["body_hash"], before)
        assert row["key"] == keys[row["sender"]]
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(row["key"]))
        public.verify(bytes.fromhex(row["signature"]), bytes.fromhex(digest))
        before = digest
