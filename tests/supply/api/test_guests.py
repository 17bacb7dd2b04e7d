"""A supplier without account answers from a link, over the guest API and the page."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from rest_framework.test import APIClient

from tenants.context import Company, leave_company
from tenants.rights import Member
from tests.supply.given import BOLT_LINE, call, deliver, given_items, given_partner

GUEST = "/api/v1/guest/"


def as_guest(token: str, method: str, path: str = "", body: Any = None, status: int = 200) -> Any:
    leave_company()
    client = APIClient(HTTP_HOST="localhost")
    headers = {"Authorization": f"Guest {token}"}
    response = getattr(client, method)(GUEST + path, body, format="json", headers=headers)
    assert response.status_code == status, (response.status_code, response.content.decode()[:600])
    return response.json()


@pytest.fixture
def buyer(hongda: Company, alice: Member, api_of: Any) -> APIClient:
    given_partner(hongda, alice, "S-LIN", "林记五金加工")
    given_items(hongda, alice, "M6-BOLT")
    client: APIClient = api_of("alice")
    guest = {"name": "林师傅", "mobile": "13800000000", "email": "lin@example.cn"}
    made = call(client, "post", "links/", {"partner": "S-LIN", "role": "buyer", "guest": guest}, 201)
    assert (made["kind"], made["state"]) == ("guest", "active") and "invite_code" not in made
    return client


def sent(buyer: APIClient) -> dict[str, Any]:
    order: dict[str, Any] = call(buyer, "post", "orders/", {"partner": "S-LIN", "lines": [BOLT_LINE]}, 201)
    return order


def link_for(buyer: APIClient, chain: str | None, **more: Any) -> dict[str, Any]:
    body = {"partner": "S-LIN", "scope": "chain" if chain else "desk", "chain": chain, "check": "none", **more}
    made: dict[str, Any] = call(buyer, "post", "guest-links/", body, 201)
    return made


def test_a_guest_counters_and_the_buyer_accepts(buyer: APIClient, hongda: Company):
    order = sent(buyer)
    token = link_for(buyer, order["id"])["token"]
    desk = as_guest(token, "get")
    lines = [{"line": 1, "action": 3, "unit_price": "0.13", "promised_date": "2027-07-20"}]

    answer = as_guest(token, "post", f"orders/{order['id']}/respond/", {"version": 1, "code": "CA", "lines": lines})
    deliver(hongda)
    ours = call(buyer, "get", f"orders/{order['id']}/")
    agreed = call(buyer, "post", f"orders/{order['id']}/respond/", {"version": 2, "code": "AP"})
    shipped = as_guest(
        token, "post", "despatches/",
        {"ship_date": "2026-07-01", "lines": [{"order": order["id"], "line": 1, "quantity": "400"}]}, 201,
    )  # fmt: skip
    deliver(hongda)

    assert desk["buyer"]["name"] == "宏达五金制品" and desk["orders"][0]["state"] == "sent"
    assert answer["state"] == ours["state"] == "countered" and ours["waiting_for"] == "buyer"
    assert agreed["agreed"]["total"] == "130.00"  # 1000 x 0.13
    assert call(buyer, "get", f"despatches/{shipped['id']}/")["lines"][0]["quantity"] == "400"
    assert call(buyer, "get", f"chains/{order['id']}/")["verified"] is True
    looks = call(buyer, "get", f"access-log/?chain={order['id']}")["results"]
    assert {row["who"] for row in looks} == {"guest"}


def test_dead_links_answer_alike(buyer: APIClient):
    order = sent(buyer)
    made = link_for(buyer, order["id"])
    call(buyer, "post", f"guest-links/{made['id']}/revoke/")

    revoked = as_guest(made["token"], "get", status=404)
    unknown = as_guest("nix", "get", status=404)

    assert revoked == unknown and revoked["code"] == "guest_link_ended"


def test_a_new_link_kills_the_old_one(buyer: APIClient):
    old = link_for(buyer, sent(buyer)["id"])

    new = call(buyer, "post", f"guest-links/{old['id']}/reissue/")

    as_guest(old["token"], "get", status=404)
    assert as_guest(new["token"], "get")["scope"] == "chain"


def test_the_first_act_needs_the_mailed_code(buyer: APIClient):
    order = sent(buyer)
    token = link_for(buyer, order["id"], check="code")["token"]
    path, body = f"orders/{order['id']}/respond/", {"version": 1, "code": "AP"}

    needed = as_guest(token, "post", path, body, 403)
    as_guest(token, "post", "code/")
    again = as_guest(token, "post", "code/", status=429)
    pin = re.search(r"\d{6}", mail.outbox[-1].body)
    assert pin is not None and mail.outbox[-1].to == ["lin@example.cn"]
    wrong = as_guest(token, "post", path, {**body, "pin": "x"}, 403)
    done = as_guest(token, "post", path, {**body, "pin": pin.group()})
    answer = call(buyer, "get", f"chains/{order['id']}/")["versions"][1]

    assert (needed["code"], wrong["code"], done["state"]) == ("code_required", "code_wrong", "agreed")
    assert again["code"] == "too_many_requests"
    assert (answer["payload"]["evidence"]["check"], answer["payload"]["evidence"]["target"]) == (
        "code",
        "l***@example.cn",
    )


def test_five_wrong_codes_lock(buyer: APIClient):
    order = sent(buyer)
    token = link_for(buyer, order["id"], check="code")["token"]
    path, body = f"orders/{order['id']}/respond/", {"version": 1, "code": "AP", "pin": "000000x"}

    codes = [as_guest(token, "post", path, body, 403)["code"] for _try in range(5)]
    locked = [as_guest(token, "post", path, body, 429)["code"] for _try in range(2)]

    assert (codes, locked) == (["code_wrong"] * 5, ["code_locked"] * 2)


def test_a_verb_that_the_link_does_not_have(buyer: APIClient):
    order = sent(buyer)
    token = link_for(buyer, order["id"], verbs=["view"])["token"]

    refused = as_guest(token, "post", f"orders/{order['id']}/respond/", {"version": 1, "code": "AP"}, 403)

    assert refused["code"] == "verb_not_allowed"


def page(method: str, url: str, data: Any = None) -> Any:
    leave_company()
    client = Client(HTTP_HOST="localhost")
    return getattr(client, method)(re.sub(r"^https?://[^/]+", "", url), data)


def test_the_page_shows_changes_nothing_and_takes_the_answer(buyer: APIClient, hongda: Company):
    order = sent(buyer)
    url = link_for(buyer, order["id"])["url"]

    shown = page("get", url)
    text = shown.content.decode()
    asked = page("get", url + "?edit=1").content.decode()
    after = page("post", url, {"act": "accept", "version": "1"})
    stale = page("post", url, {"act": "accept", "version": "1"})
    deliver(hongda)

    assert shown.status_code == 200 and shown["Cache-Control"] == "no-store"
    assert (shown["Referrer-Policy"], shown["X-Robots-Tag"]) == ("no-referrer", "noindex")
    assert f"采购订单 {order['number']}" in text and 'aria-label="订单明细"' in text and "链接有效期至" in text
    assert all(word in text for word in ("确认订单", "提议修改", "拒绝", "Switch to English"))
    assert "主导航" not in text and "<script" not in text and 'name="quantity-1"' in asked
    assert after.status_code == 302 and stale.status_code == 422
    assert call(buyer, "get", f"orders/{order['id']}/")["state"] == "agreed"
    assert page("get", "/g/nix/").status_code == 404


def test_the_page_is_answered_with_its_token_and_no_origin(buyer: APIClient):
    order = sent(buyer)
    url = re.sub(r"^https?://[^/]+", "", link_for(buyer, order["id"])["url"])
    browser = Client(HTTP_HOST="localhost", enforce_csrf_checks=True)
    leave_company()
    text = browser.get(url).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)
    assert token is not None
    answer = {"act": "accept", "version": "1"}

    forged = browser.post(url, answer, headers={"Origin": "null"})
    taken = browser.post(url, {**answer, "csrfmiddlewaretoken": token.group(1)}, headers={"Origin": "null"})

    assert (forged.status_code, taken.status_code) == (403, 302)
    leave_company()


def test_a_guest_becomes_a_company(
    buyer: APIClient, hengxin: Company, charlie: Member, api_of: Any, hongda: Company
):  # fmt: skip
    order = sent(buyer)
    token = link_for(buyer, None)["token"]
    as_guest(token, "post", f"orders/{order['id']}/respond/", {"version": 1, "code": "RE", "reason": "产能不足"})
    code = as_guest(token, "post", "claim/", {})["claim_code"]
    given_partner(hengxin, charlie, "C-HD", "宏达五金制品")

    claimed = call(api_of("charlie"), "post", "links/claim/", {"code": code, "partner": "C-HD"})
    deliver(hengxin, hongda)
    history = call(api_of("charlie"), "get", f"orders/{order['id']}/")

    as_guest(token, "get", status=404)
    assert (claimed["role"], claimed["state"], history["state"]) == ("seller", "active", "refused")
    again = sent(buyer)
    deliver(hengxin)
    assert call(api_of("charlie"), "get", f"orders/{again['id']}/")["state"] == "sent"


def test_over_the_api_too_the_code_holds_for_the_client_that_knew_it(buyer: APIClient):
    order = sent(buyer)
    token = link_for(buyer, order["id"], check="code")["token"]
    client = APIClient(HTTP_HOST="localhost", headers={"Authorization": f"Guest {token}"})
    leave_company()
    path = f"{GUEST}orders/{order['id']}/"
    client.post(f"{GUEST}code/")
    pin = re.search(r"\d{6}", mail.outbox[-1].body)
    assert pin is not None

    lines = [{"line": 1, "action": 3, "quantity": "900"}]
    first = client.post(
        path + "respond/", {"version": 1, "code": "CA", "lines": lines, "pin": pin.group()}, format="json"
    )
    lines = [{"line": 1, "action": 3, "quantity": "950"}]
    second = client.post(path + "change/", {"version": 2, "lines": lines}, format="json")
    leave_company()

    assert (first.status_code, second.status_code) == (200, 200)
    shown = second.json()
    assert shown["open"]["lines"][0]["quantity"] == "950" and shown["link"] and shown["partner"] is None


def test_the_address_of_the_api_is_always_shown_the_token_never_again(buyer: APIClient):
    made = link_for(buyer, sent(buyer)["id"])

    (listed,) = call(buyer, "get", "guest-links/")["results"]

    assert listed["api_url"] == made["api_url"] and "token" not in listed and "url" not in listed


def test_a_key_of_repetition_belongs_to_one_body(buyer: APIClient, hongda: Company):
    order, other = sent(buyer), sent(buyer)
    token = link_for(buyer, None)["token"]
    leave_company()
    client = APIClient(HTTP_HOST="localhost", headers={"Authorization": f"Guest {token}", "Idempotency-Key": "k-1"})
    path, body = f"{GUEST}orders/{order['id']}/respond/", {"version": 1, "code": "RE", "reason": "产能不足"}
    ship = {"ship_date": "2026-07-01", "lines": [{"order": other["id"], "line": 1, "quantity": "4"}]}

    first = client.post(path, body, format="json")
    again = client.post(path, {**body, "pin": "123456"}, format="json")
    changed = client.post(path, {**body, "reason": "没有材料"}, format="json")
    elsewhere = client.post(f"{GUEST}despatches/", ship, format="json")
    leave_company()

    assert (first.status_code, again.status_code) == (200, 200) and first.json() == again.json()
    assert ("Idempotent-Replayed" in first.headers, again.headers["Idempotent-Replayed"]) == (False, "true")
    assert {answer.status_code for answer in (changed, elsewhere)} == {409}
    assert {answer.json()["code"] for answer in (changed, elsewhere)} == {"idempotency_conflict"}
    assert call(buyer, "get", f"chains/{order['id']}/")["head"]["seq"] == 2
