"""The page of one link: settings, item map, consents, and the addresses that hear of partners."""

import re
from typing import Any

import pytest
from django.core import mail

from tests.supply.api.test_guests import buyer
from tests.supply.conftest import Pair
from tests.supply.given import call
from tests.supply.pages.test_pages import CHINESE, get, post

__all__ = ["buyer"]
PARTNERS = "/supply/partners/"
TERMS = {
    "act": "settings", "price_tolerance": "1.5", "quantity_tolerance": "0", "auto_share": "on",
    "party_ids": "gln:6901234000009\nduns: 123456789", "own_party_ids": "",
}  # fmt: skip


def link_of(client: Any, role: str = "buyer") -> dict[str, Any]:
    (found,) = [row for row in call(client, "get", "links/")["results"] if row["role"] == role]
    return found


def test_settings_are_typed_in_per_cent_and_kept_as_shares(pair: Pair, page_of: Any):
    link = link_of(pair.buyer)
    address = f"{PARTNERS}{link['id']}/"

    shown = get(page_of("alice"), address)
    post(page_of("alice"), address + "act/", TERMS)
    kept = link_of(pair.buyer)

    assert "协同设置" in shown and "采购订单确认后自动发给对方" in shown and "链接首次操作的校验" not in shown
    assert (kept["settings"]["price_tolerance"], kept["settings"]["auto_share"]) == ("0.015", True)
    assert kept["party_ids"] == [{"scheme": "gln", "value": "6901234000009"}, {"scheme": "duns", "value": "123456789"}]
    assert 'value="1.5"' in get(page_of("alice"), address)


def test_the_seller_has_nothing_to_send_by_itself(pair: Pair, page_of: Any):
    link = link_of(pair.seller, "seller")

    shown = get(page_of("charlie"), f"{PARTNERS}{link['id']}/")

    assert "协同设置" in shown and "采购订单确认后自动发给对方" not in shown and "允许对方查看" not in shown


@pytest.mark.parametrize(
    ("name", "value"), [("price_tolerance", "101"), ("quantity_tolerance", "x"), ("party_ids", "no scheme")]
)
def test_what_does_not_fit_is_said_and_stays(pair: Pair, page_of: Any, name: str, value: str):
    link = link_of(pair.buyer)

    answer = post(page_of("alice"), f"{PARTNERS}{link['id']}/act/", {**TERMS, name: value}, 422).content.decode()

    assert 'role="alert"' in answer and 'aria-invalid="true"' in answer and value in answer
    assert link_of(pair.buyer)["settings"]["price_tolerance"] == "0"


def test_a_map_is_made_refused_with_its_words_and_removed(pair: Pair, page_of: Any):
    link = link_of(pair.seller, "seller")
    client, address = page_of("charlie"), f"{PARTNERS}{link['id']}/"
    row = {"act": "map", "partner_item": "THEIRS-7", "partner_unit": "box", "item": "LS-M6", "factor": "100"}

    unknown = post(client, address + "act/", {**row, "item": "NOBODY"}, 422).content.decode()
    wrong = post(client, address + "act/", {**row, "factor": "zero"}, 422).content.decode()
    post(client, address + "act/", row)
    made = call(pair.seller, "get", "item-maps/?partner_item=THEIRS-7")["results"][0]
    post(client, address + "act/", {"act": "unmap", "map": str(made["id"])})

    assert "没有这个物料，请先建档。" in unknown and 'value="THEIRS-7"' in unknown and 'value="NOBODY"' in unknown
    assert "换算系数应为大于零的准确数" in wrong and 'value="zero"' in wrong
    assert (made["item"], made["factor"]) == ("LS-M6", "100")
    assert not call(pair.seller, "get", "item-maps/?partner_item=THEIRS-7")["results"]


def test_a_score_is_shown_to_the_partner_until_it_is_withdrawn(pair: Pair, page_of: Any):
    link = link_of(pair.buyer)
    client, address = page_of("alice"), f"{PARTNERS}{link['id']}/"

    post(client, address + "act/", {"act": "allow", "granularity": "rounded", "until": "2030-01-31"})
    given = call(pair.buyer, "get", "consents/")["results"][0]
    theirs = get(page_of("charlie"), address)
    shown = get(client, address)
    post(client, address + "act/", {"act": "end", "consent": given["id"]})

    assert (given["scope"], given["granularity"], given["state"]) == ("scorecard", "rounded", "active")
    assert given["until"].startswith("2030-01-31T16:00")  # the midnight after that day, in China
    assert "撤销授权" in shown and "撤销授权" not in theirs and "对方允许我方查看" in theirs
    assert call(pair.buyer, "get", "consents/")["results"][0]["state"] == "ended"


def test_a_guests_link_says_how_its_first_act_is_checked(buyer: Any, page_of: Any):
    link = link_of(buyer)
    client, address = page_of("alice"), f"{PARTNERS}{link['id']}/"
    post(client, address + "act/", {**TERMS, "guest_check": "none"})

    assert "链接首次操作的校验" in get(client, address)
    assert link_of(buyer)["settings"]["guest_check"] == "none"


def test_an_address_hears_of_partners(pair: Pair, page_of: Any):
    client = page_of("alice")

    wrong = post(client, PARTNERS, {"act": "hear", "url": "nobody"}, 422).content.decode()
    post(client, PARTNERS, {"act": "hear", "url": "buyer@example.cn"}, 200)
    (row,) = call(pair.buyer, "get", "notice-channels/")["results"]
    post(client, PARTNERS, {"act": "try", "channel": str(row["id"])}, 200)
    tested = mail.outbox[-1].to
    shown = get(client, PARTNERS)
    post(client, PARTNERS, {"act": "silence", "channel": str(row["id"])}, 200)

    assert "请填写一个邮箱地址" in wrong and 'value="nobody"' in wrong
    assert tested == ["buyer@example.cn"] and "b***@example.cn" in shown and "buyer@example.cn" not in shown
    assert call(pair.buyer, "get", "notice-channels/")["results"] == []


def test_a_refused_invitation_keeps_its_words(pair: Pair, page_of: Any):
    body = {"act": "invite", "partner": "NOBODY", "role": "seller", "guest": "1", "name": "林师傅", "email": "l@e.cn"}

    answer = post(page_of("charlie"), PARTNERS, body, 422).content.decode()

    assert 'data-q-auto="keep"' in answer and 'value="林师傅"' in answer and 'value="l@e.cn"' in answer
    assert "没有这个往来单位，请先建档。" in answer


def test_the_page_is_complete_in_english(pair: Pair, page_of: Any):
    client = page_of("alice")
    client.cookies["qz_lang"] = "en"
    address = f"{PARTNERS}{link_of(pair.buyer)['id']}/"
    post(client, address + "act/", {"act": "allow", "granularity": "exact", "until": ""})
    post(client, address + "act/", {**TERMS, "price_tolerance": ""}, 422)

    text = get(client, address)
    ours = re.sub(r'<(\w+)[^>]*lang="zh-CN"[^>]*>.*?</\1>', "", text, flags=re.S)

    assert all(word in text for word in ("Link settings", "Data consents", "Withdraw", "Save mapping"))
    assert not CHINESE.findall(ours.split("<main", 1)[1].split("</main>")[0])
