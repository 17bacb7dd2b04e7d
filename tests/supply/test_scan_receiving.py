"""收货 at the scan page: the label of a box leads to its delivery, what is in it, and the order it was bought with."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tenants.models import Membership
from tests.people import api_client
from tests.supply.conftest import Pair
from tests.supply.given import call, sent_order
from tests.supply.test_stock import agree, bought, figures, stock, take, work  # noqa: F401  # the fixture

SSCC = "069012340000000016"
HERE = {"warehouse": "W1"}


def scanned(pair: Pair, code: str, *, status: int = 200, task: str = "receive", **more: Any) -> dict[str, Any]:
    answer: dict[str, Any] = stock(pair.buyer, "scan/", {"task": task, "code": code, **more}, status)
    return answer


def shipped(pair: Pair, order: str) -> str:
    """600 bolts in box 1 and 20 flanges in box 2; answers the delivery's id."""
    lines = [
        {"order": order, "line": 1, "quantity": "600", "package": "1"},
        {"order": order, "line": 2, "quantity": "20", "package": "2"},
    ]
    packages = [{"no": "1", "kind": "carton", "sscc": SSCC}, {"no": "2", "kind": "carton"}]
    body = {"partner": "C-HD", "ship_date": "2026-07-01", "lines": lines, "packages": packages}
    made = call(pair.seller, "post", "despatches/", body, 201)
    work(pair)
    return str(made["id"])


@pytest.fixture
def despatch(pair: Pair, bought: dict[str, Any]) -> str:  # noqa: F811  # the fixture
    agree(pair, bought["order"])
    return shipped(pair, bought["order"])


@pytest.mark.parametrize("code", [f"00{SSCC}", SSCC, f"(00){SSCC}", f"]C100{SSCC}", f"QZ1|package|{SSCC}"])
def test_an_sscc_leads_to_its_delivery(pair: Pair, bought: dict[str, Any], despatch: str, code: str):  # noqa: F811
    answer = scanned(pair, code, context=HERE)

    assert answer["link"] == {"url": f"/supply/deliveries/{despatch}/", "text": "去收货"}
    assert (answer["next"], answer["posted"]) == ("scan", None)
    box = answer["understood"]
    assert (box["kind"], box["code"], box["item"], box["quantity"]) == ("package", SSCC, "M6-BOLT", "600")
    assert [(line["item"], line["quantity"], line["unit"]) for line in answer["lines"]] == [("M6-BOLT", "600", "pcs")]
    assert answer["context"] == {**answer["context"], **HERE, "document": bought["purchase"]["number"]}
    assert "恒信机械" in answer["message"]


def test_received_first_and_then_scanned_into_stock(pair: Pair, bought: dict[str, Any], despatch: str):  # noqa: F811
    context = scanned(pair, f"00{SSCC}", context=HERE)["context"]
    rows = [
        {"order": bought["order"], "line": 1, "received": "598"},
        {"order": bought["order"], "line": 2, "received": "20"},
    ]
    call(pair.buyer, "post", "receipts/", {"despatch": despatch, "version": 1, "lines": rows}, 201)
    work(pair)
    after = scanned(pair, f"00{SSCC}", context=HERE)
    for quantity in ("500", "98"):
        posted = scanned(pair, "M6-BOLT", quantity=quantity, context=context)
        work(pair)

    assert "已经收货" in after["message"] and after["link"]["text"] == "查看送货"
    assert posted["posted"]["document"].startswith("RK")
    purchase = stock(pair.buyer, f"purchase-orders/{bought['purchase']['id']}/")
    assert purchase["lines"][0]["received"] == "598"  # 500 + 98
    # The supplier was told once, at the gate: 600 - 598 = 2 short, nothing again for what was put into stock.
    assert figures(pair, despatch) == ("received", [("598", "2"), ("20", "0")])


def test_boxes_that_lead_nowhere(pair: Pair, despatch: str):
    strange = scanned(pair, "00106901234000000022")
    own = stock(pair.seller, "scan/", {"task": "receive", "code": f"00{SSCC}", "context": HERE})
    shipping = scanned(pair, f"00{SSCC}", task="ship", context=HERE)
    seen = scanned(pair, f"00{SSCC}", task="look_up", context=HERE)
    broken = scanned(pair, "(00)069012340000000017", status=400)

    assert (strange["understood"]["kind"], strange["link"], strange["context"]["document"]) == ("package", None, "")
    assert own["link"] is shipping["link"] is None
    assert seen["link"] is not None and seen["context"]["document"] == ""
    assert broken["code"] == "unknown_code"


def test_an_order_that_stock_knows_nothing_of(pair: Pair):
    order = sent_order(pair.buyer, *pair.both)
    call(pair.seller, "post", f"orders/{order['id']}/map/", {"lines": [{"line": 1, "item": "LS-M6"},
                                                                       {"line": 2, "item": None}]})  # fmt: skip
    agree(pair, order["id"])
    despatch = shipped(pair, order["id"])

    answer = scanned(pair, f"00{SSCC}", context={"document": "CG-OLD"})

    assert answer["link"]["url"] == f"/supply/deliveries/{despatch}/"
    assert answer["context"]["document"] == ""  # goods of this box are not those of the order before


def test_who_may_not_see_deliveries_is_not_led_there(pair: Pair, despatch: str):
    Membership.objects.filter(user__email__startswith="bob@").update(
        role="storekeeper", rights={"supply.view": False}
    )  # fmt: skip
    bob = stock(api_client("bob"), "scan/", {"task": "receive", "code": f"00{SSCC}", "context": HERE})

    assert (bob["link"], bob["lines"]) == (None, [])


def test_the_pages_lead_there_and_back(
    pair: Pair, bought: dict[str, Any], despatch: str, page_of: Callable[[str], Client]  # noqa: F811  # the fixture
):  # fmt: skip
    page = page_of("alice")
    form = {"task": "receive", "warehouse": "W1", "quantity": "1", "key": "k1", "code": f"00{SSCC}"}

    hit = page.post("/inventory/scan/hit/", form, headers={"HX-Request": "true"})
    delivery = page.get(f"/supply/deliveries/{despatch}/").content.decode()

    text = hit.content.decode()
    assert f'href="/supply/deliveries/{despatch}/"' in text and "去收货" in text
    assert "<b>600</b> 个" in text and "pcs" not in text
    number = bought["purchase"]["number"]
    assert number in hit["HX-Trigger"]
    assert f"/inventory/scan/?task=receive&amp;document={number}" in delivery
