"""A refusal on a page of supply says the API's sentence and keeps what was typed."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from tests.masterdata.given import BASE as MASTER
from tests.supply.api.test_deliveries import agreed, ship
from tests.supply.api.test_guests import as_guest, buyer, link_for, sent
from tests.supply.conftest import Pair
from tests.supply.given import BOLT_LINE, call, deliver, sent_order
from tests.supply.pages.test_pages import get, post

__all__ = ["agreed", "buyer"]


def said(answer: Any) -> str:
    return unescape(answer.content.decode())


def holds(page: str, **values: str) -> bool:
    """Does every box hold what was typed into it?"""
    boxes = dict(re.findall(r'name="([^"]+)"[^>]*? value="([^"]*)"', page))
    return all(boxes.get(re.sub(r"_(\d+)$", r"-\1", name)) == value for name, value in values.items())


# -- Orders ------------------------------------------------------------------------------------------------------


def test_a_refused_proposal_stands_as_it_was_typed(pair: Pair, page_of: Any):
    order = sent_order(pair.buyer, *pair.both)
    address = f"/supply/orders/{order['id']}/act/"
    typed = {"act": "counter", "version": "1", "quantity-1": "九百", "price-1": "0.13", "date-1": "2027-07-15",
             "reason": "料不够"}  # fmt: skip

    no_number = said(post(page_of("charlie"), address, typed, 422))
    no_day = said(post(page_of("charlie"), address, {**typed, "quantity-1": "900", "date-1": "下周"}, 422))

    assert "数字格式不对：九百" in no_number and "日期格式不对" in no_day
    assert holds(no_number, quantity_1="九百", price_1="0.13", date_1="2027-07-15", reason="料不够")
    assert holds(no_day, quantity_1="900", date_1="下周")


def test_maps_that_do_not_fit_stand_as_they_were_typed(pair: Pair, page_of: Any):
    order = sent_order(pair.buyer, *pair.both)
    typed = {"act": "map", "item-1": "NOBODY", "factor-1": "1/3", "text-2": "1"}

    page = said(post(page_of("charlie"), f"/supply/orders/{order['id']}/act/", typed, 422))

    assert holds(page, item_1="NOBODY", factor_1="1/3")
    assert re.search(r'name="text-2" value="1" checked', page)


def test_turns_are_kept(pair: Pair, page_of: Any):
    """Who proposed does not answer; who is asked answers first; what is over is over."""
    order = sent_order(pair.buyer, *pair.both)
    path, page = f"orders/{order['id']}/", f"/supply/orders/{order['id']}/act/"
    more = [{"line": 1, "action": 3, "quantity": "900"}]
    cases = [
        (pair.buyer, "alice", "respond/", {"version": 1, "code": "AP"}, {"act": "accept"}, "not_your_turn"),
        (pair.seller, "charlie", "change/", {"version": 1, "lines": more}, {"act": "change", "quantity-1": "900"},
         "answer_first"),
    ]  # fmt: skip
    for client, name, verb, body, typed, code in cases:
        told = call(client, "post", path + verb, body, 409)
        assert told["code"] == code
        assert told["message"] in said(post(page_of(name), page, {**typed, "version": "1"}, 422))
    assert call(pair.seller, "post", path + "respond/", {"version": 1, "code": "AP", "lines": more}, 400)["code"] == (
        "use_counter"
    )
    call(pair.seller, "post", path + "respond/", {"version": 1, "code": "RE"})

    over = call(pair.seller, "post", path + "respond/", {"version": 2, "code": "AP"}, 409)

    assert over["code"] == "order_closed"
    assert over["message"] in said(post(page_of("charlie"), page, {"act": "accept", "version": "2"}, 422))


def test_a_stale_version_shows_theirs_beside_what_was_typed(pair: Pair, page_of: Any):
    order = sent_order(pair.buyer, *pair.both)
    more = [{"line": 1, "action": 3, "quantity": "1200"}]
    call(pair.buyer, "post", f"orders/{order['id']}/change/", {"version": 1, "lines": more})
    typed = {"act": "change", "version": "1", "quantity-1": "77"}

    page = said(post(page_of("alice"), f"/supply/orders/{order['id']}/act/", typed, 422))

    assert "查看最新内容" in page and "1,200" in page.replace("1200", "1,200")
    assert holds(page, quantity_1="77")


def test_whom_one_may_not_order_from(pair: Pair, page_of: Any):
    line = {"item-1": "M6-BOLT", "quantity-1": "5", "price-1": "1.2", "note-1": "急件"}
    new = "/supply/orders/new/"
    body = {"partner": "S-HX", "lines": [{**BOLT_LINE, "unit": "furlong"}]}
    unit = call(pair.buyer, "post", "orders/", body, 400)
    told_unit = said(post(page_of("alice"), new, {"partner": "S-HX", **line, "unit-1": "furlong"}, 422))
    linked_twice = call(pair.buyer, "post", "links/", {"partner": "S-HX", "role": "buyer"}, 409)
    pair.buyer.patch(f"{MASTER}partners/S-HX/", {"status": "blocked", "version": 1}, format="json")

    blocked = call(pair.buyer, "post", "orders/", {"partner": "S-HX", "lines": [BOLT_LINE]}, 409)
    told = said(post(page_of("alice"), new, {"partner": "S-HX", **line}, 422))

    assert (unit["code"], linked_twice["code"], blocked["code"]) == (
        "unknown_unit", "already_linked", "partner_blocked",
    )  # fmt: skip
    assert unit["message"] in told_unit and holds(told_unit, unit_1="furlong")
    assert blocked["message"] in told and holds(told, note_1="急件", quantity_1="5")


def test_a_link_that_rests_lets_nothing_through(pair: Pair, page_of: Any):
    order = sent_order(pair.buyer, *pair.both)
    call(pair.seller, "post", f"links/{pair.link}/suspend/", {})
    deliver(*pair.both)

    told = call(pair.buyer, "post", f"orders/{order['id']}/cancel/", {"version": 1}, 409)
    page = said(post(page_of("alice"), f"/supply/orders/{order['id']}/act/", {"act": "cancel", "version": "1"}, 422))

    assert told["code"] == "link_not_active" and told["message"] in page


def test_what_was_done_is_told_once(pair: Pair, page_of: Any):
    client = page_of("charlie")

    post(client, f"/supply/partners/{pair.link}/act/", {"act": "suspend"})

    assert get(client, f"/supply/partners/{pair.link}/").count("已保存") == 1


def test_nothing_is_shipped_before_it_is_agreed_and_by_nobody_else(pair: Pair, agreed: str, page_of: Any):
    order = sent_order(pair.buyer, *pair.both)

    told = ship(pair, order["id"], (1, "1"), status=409)
    early = get(page_of("charlie"), f"/supply/orders/{order['id']}/ship/", 409)
    other = said(post(page_of("alice"), f"/supply/orders/{agreed}/ship/", {"ship-1": "1"}, 422))

    side = call(pair.buyer, "post", "despatches/", {"partner": "S-HX", "ship_date": "2026-07-01", "lines": [
        {"order": agreed, "line": 1, "quantity": "1"}]}, 409)  # fmt: skip
    assert (told["code"], side["code"]) == ("not_agreed", "wrong_side")
    assert told["message"] in unescape(early) and "操作没有完成" in early
    assert side["message"] in other


def test_a_number_is_given_once(pair: Pair, page_of: Any):
    line = {"partner": "S-HX", "item-1": "M6-BOLT", "quantity-1": "5", "price-1": "1.2"}
    post(page_of("alice"), "/supply/orders/new/", {**line, "number": "PO-7"})

    page = said(post(page_of("alice"), "/supply/orders/new/", {**line, "number": "PO-7"}, 422))

    told = call(pair.buyer, "post", "orders/", {"partner": "S-HX", "number": "PO-7", "lines": [BOLT_LINE]}, 409)
    assert told["code"] == "duplicate_number" and told["message"] in page
    assert holds(page, number="PO-7")


# -- Deliveries --------------------------------------------------------------------------------------------------


def test_a_refused_despatch_stands_as_it_was_typed(pair: Pair, agreed: str, page_of: Any):
    typed = {"ship-1": "1051", "ship-2": "0", "lot-1": "B-7", "carrier": "顺丰", "eta": "2027-07-01"}

    told = ship(pair, agreed, (1, "1051"), status=409)
    page = said(post(page_of("charlie"), f"/supply/orders/{agreed}/ship/", typed, 422))

    assert told["code"] == "over_agreed" and told["message"] in page
    assert holds(page, ship_1="1051", lot_1="B-7", carrier="顺丰", eta="2027-07-01")


def test_a_refused_receipt_stands_as_it_was_typed(pair: Pair, agreed: str, page_of: Any):
    made = ship(pair, agreed, (1, "100"))
    deliver(*pair.both)
    address, client = f"/supply/deliveries/{made['id']}/", page_of("alice")
    (box,) = re.findall(r'name="got-(\d+)"', get(client, address))
    typed = {"act": "receive", "version": "1", "received_on": "2026-07-01", f"got-{box}": "90", f"bad-{box}": "91",
             f"why-{box}": "螺纹不对"}  # fmt: skip

    worse = said(post(client, address + "act/", typed, 422))
    later = said(post(client, address + "act/", {**typed, f"bad-{box}": "1", "received_on": "2099-01-31"}, 422))
    post(client, address + "act/", {**typed, f"bad-{box}": "1", "complete": "1"})
    again = said(post(client, address + "act/", {**typed, "version": "2", f"bad-{box}": "1"}, 422))

    line = {"order": agreed, "line": 1, "received": "90", "rejected": "1"}
    told = call(pair.buyer, "post", "receipts/", {"despatch": made["id"], "version": 2, "lines": [line]}, 409)
    assert holds(
        worse, **{f"got_{box}": "90", f"bad_{box}": "91", f"why_{box}": "螺纹不对", "received_on": "2026-07-01"}
    )
    assert "拒收数量不能大于" in worse or "拒收" in worse.partition('role="alert"')[2][:300]
    assert holds(later, received_on="2099-01-31") and 'name="complete" value="1" checked' not in later
    assert told["code"] == "already_received" and told["message"] in again


def test_what_was_despatched_is_not_taken_back(pair: Pair, agreed: str, page_of: Any):
    ship(pair, agreed, (1, "600"))
    deliver(*pair.both)
    act = f"/supply/orders/{agreed}/act/"
    fewer = {"version": 2, "lines": [{"line": 1, "action": 3, "quantity": "599"}]}

    below = call(pair.buyer, "post", f"orders/{agreed}/change/", fewer, 409)
    gone = call(pair.buyer, "post", f"orders/{agreed}/cancel/", {"version": 2}, 409)
    changed = said(post(page_of("alice"), act, {"act": "change", "version": "2", "quantity-1": "599"}, 422))
    cancelled = said(post(page_of("alice"), act, {"act": "cancel", "version": "2", "reason": "改型"}, 422))

    assert (below["code"], gone["code"]) == ("below_despatched", "already_despatched")
    assert below["message"] in changed and holds(changed, quantity_1="599")
    assert gone["message"] in cancelled and holds(cancelled, reason="改型")


# -- Guests ------------------------------------------------------------------------------------------------------


@pytest.fixture
def guest() -> Client:
    return Client(HTTP_HOST="localhost")


def test_a_guests_words_stand_when_they_are_refused(buyer: Any, guest: Client):
    order = sent(buyer)
    address = f"/g/{link_for(buyer, order['id'])['token']}/"
    typed = {"act": "counter", "version": "1", "quantity-1": "九百", "price-1": "0.2", "promised-1": "2027-08-01",
             "reason": "料不够"}  # fmt: skip

    get(guest, address)
    page = said(post(guest, address, typed, 422))

    assert "数字格式不对：九百" in page
    assert holds(page, quantity_1="九百", price_1="0.2", promised_1="2027-08-01", reason="料不够")


def test_a_guests_despatch_stands_when_it_is_refused(buyer: Any, guest: Client):
    order = sent(buyer)
    token = link_for(buyer, order["id"])["token"]
    as_guest(token, "post", f"orders/{order['id']}/respond/", {"version": 1, "code": "AP"})

    page = said(post(guest, f"/g/{token}/", {"act": "ship", "ship-1": "1001", "carrier": "德邦"}, 422))

    assert holds(page, ship_1="1001", carrier="德邦")
    lines = [{"order": order["id"], "line": 1, "quantity": "1001"}]
    told = as_guest(token, "post", "despatches/", {"ship_date": "2026-07-01", "lines": lines}, 409)
    assert told["code"] == "over_agreed" and told["message"] in page


def test_a_guest_opens_no_other_chain(buyer: Any, guest: Client):
    mine, other = sent(buyer), sent(buyer)
    token = link_for(buyer, mine["id"])["token"]

    told = as_guest(token, "post", f"orders/{other['id']}/respond/", {"version": 1, "code": "AP"}, 404)
    page = get(guest, f"/g/{token}/{other['id']}/", 404)
    post(guest, f"/g/{token}/{other['id']}/", {"act": "accept", "version": "1"}, 404)

    assert told["code"] == "guest_link_ended" and told["message"] in page
    assert call(buyer, "get", f"orders/{other['id']}/")["state"] == "sent"


def test_a_guest_says_the_code_first(buyer: Any, guest: Client):
    order = sent(buyer)
    token = link_for(buyer, order["id"], check="code")["token"]
    respond = {"version": 1, "code": "AP"}

    needed = as_guest(token, "post", f"orders/{order['id']}/respond/", respond, 403)
    without = said(post(guest, f"/g/{token}/", {"act": "accept", "version": "1"}, 403))
    wrong = said(post(guest, f"/g/{token}/", {"act": "accept", "version": "1", "pin": "000000"}, 403))
    for _try in range(4):
        post(guest, f"/g/{token}/", {"act": "accept", "version": "1", "pin": "000000"}, 403)
    locked = said(post(guest, f"/g/{token}/", {"act": "accept", "version": "1", "pin": "000000"}, 429))

    told = as_guest(token, "post", f"orders/{order['id']}/respond/", {**respond, "pin": "000000"}, 429)
    assert (needed["code"], told["code"]) == ("code_required", "code_locked")
    assert needed["message"] in without and "校验码" in wrong and told["message"] in locked
