"""Pages of supply in both languages, by turns."""

import re
from typing import Any

import pytest
from django.test import Client

from tenants.context import Company, leave_company
from tenants.models import ModuleGrant
from tests.supply.api.test_guests import buyer, sent
from tests.supply.conftest import Pair
from tests.supply.given import call, deliver, sent_order

__all__ = ["buyer"]
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def get(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    leave_company()
    assert response.status_code == status, response.content.decode()[:400]
    return response.content.decode()


def post(client: Client, path: str, data: dict[str, Any], status: int = 302) -> Any:
    response = client.post(path, data)
    leave_company()
    assert response.status_code == status, response.content.decode()[:2000]
    return response


def test_the_seller_maps_confirms_and_ships_and_the_buyer_receives(pair: Pair, page_of: Any):
    order = sent_order(pair.buyer, *pair.both)
    seller, buying = page_of("charlie"), page_of("alice")
    address = f"/supply/orders/{order['id']}/"

    listed = get(seller, "/supply/orders/?show=me")
    shown = get(seller, address)
    refused = post(seller, address + "act/", {"act": "accept", "version": "1"}, 422).content.decode()
    post(seller, address + "act/", {"act": "map", "item-1": "LS-M6", "factor-1": "1", "text-2": "1"})
    post(seller, address + "act/", {"act": "accept", "version": "1"})
    made = post(seller, address + "ship/", {"ship-1": "1000", "ship-2": "20", "packages": "1"})
    deliver(*pair.both)
    delivery = made["Location"]
    received = get(buying, delivery)
    fields = {name: "1000" if "1000" in value else "20" for name, value in _inputs(received, "got-").items()}
    post(buying, delivery + "act/", {"act": "receive", "version": "1", "complete": "1", **fields})

    assert "协同订单列表" in listed and order["number"] in listed
    assert "确认订单" in shown and "按文字接单" in shown and "内部备注" not in shown
    assert "还有订单行没有对照" in refused
    assert "确认收货" in received
    assert "已收货" in get(buying, address) and "收货记录" in get(buying, delivery)


def _inputs(text: str, prefix: str) -> dict[str, str]:
    found = re.findall(rf'name="({prefix}\d+)"[^>]*value="([^"]*)"', text)
    return dict(found)


def test_the_suppliers_link_is_made_and_shown_once(buyer, page_of: Any):
    order = sent(buyer)
    client = page_of("alice")
    address = f"/supply/orders/{order['id']}/"

    before = get(client, address)
    made = post(client, address + "link/", {"check": "none"}, 200).content.decode()
    fragment = client.post(address + "link/", {"check": "none"}, headers={"HX-Request": "true"}).content.decode()
    leave_company()
    after = get(client, address)

    assert "供应商链接" in before and "生成链接" in before and "重新生成链接" not in before
    assert "/g/" in made and "链接地址" in fragment and "复制链接" in fragment and "/g/" in fragment
    assert "重新生成链接" in after and "/g/" not in after


def test_an_order_is_typed(pair: Pair, page_of: Any):
    client = page_of("alice")
    line = {"item-1": "M6-BOLT", "quantity-1": "5", "price-1": "1.2", "date-1": "2027-01-31"}

    wrong = post(
        client, "/supply/orders/new/", {"partner": "S-HX", "item-1": "NIX", "quantity-1": "5", "price-1": "1"}, 422
    )
    made = post(client, "/supply/orders/new/", {"partner": "S-HX", **line})

    assert "没有这个物料" in wrong.content.decode() and 'value="NIX"' in wrong.content.decode()
    assert "M6-BOLT" in get(client, made["Location"])
    assert get(client, "/supply/orders/new/")


def test_partners_are_invited_and_accepted(hongda: Company, alice, hengxin, charlie, page_of: Any, pair: Pair):
    client = page_of("charlie")

    shown = get(client, "/supply/partners/")
    link = get(client, f"/supply/partners/{pair.link}/")
    bad = post(client, "/supply/partners/", {"act": "accept", "code": "nix", "partner": "C-HD"}, 422)
    post(client, f"/supply/partners/{pair.link}/act/", {"act": "suspend"})

    assert "协同关系列表" in shown and "宏达五金制品" in shown
    assert "对方的查看记录" in link and "物料对照" in link
    assert "找不到" in bad.content.decode()
    assert call(pair.buyer, "get", f"links/{pair.link}/")["state"] == "suspended"


def test_without_the_module_answering_is_free_and_buying_is_not(pair: Pair, hengxin: Company, charlie, page_of: Any):
    from_us = sent_order(pair.buyer, *pair.both)
    leave_company()
    grants("hengxin").delete()

    client = page_of("charlie")
    get(client, "/supply/orders/")
    call(pair.seller, "post", f"orders/{from_us['id']}/respond/", {"version": 1, "code": "RE"})
    refused = call(pair.seller, "post", "orders/", {"partner": "C-HD", "lines": []}, 402)
    get(client, "/supply/orders/new/", 402)

    assert refused["code"] == "module_not_subscribed"


def grants(slug: str) -> Any:
    return ModuleGrant.objects.filter(tenant__slug=slug, module="supply")


@pytest.mark.parametrize("path", ["orders/", "orders/new/", "deliveries/", "partners/"])
def test_english_pages_hold_no_chinese_of_ours(pair: Pair, page_of: Any, path: str):
    sent_order(pair.buyer, *pair.both)
    client = page_of("alice")
    client.cookies["qz_lang"] = "en"

    text = get(client, f"/supply/{path}")
    ours = re.sub(
        r'<bdi lang="zh-CN">.*?</bdi>|<(\w+)[^>]*lang="zh-CN"[^>]*>.*?</\1>|<option.*?</option>', "", text, flags=re.S
    )

    assert not CHINESE.findall(ours.split("<main", 1)[1].split("</main>")[0])
