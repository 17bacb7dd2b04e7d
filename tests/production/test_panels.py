"""Corners of production on pages of the floors below, and corners of the floors above on its own."""

from typing import Any

from rest_framework.test import APIClient

from tenants.models import ModuleGrant
from tests.production.given import got
from tests.production.shop import given_order, inside
from tests.production.test_plan_with_stock import ordered, shop  # noqa: F401  # the fixture
from tests.production.test_work_orders import id_of


def test_the_card_of_an_item_has_a_corner_of_production(shop: APIClient, page_of: Any) -> None:  # noqa: F811  # the fixture
    ordered(shop)
    order = given_order(shop, item="FLANGE", steps=[], materials=[])
    with inside():
        item = id_of("FLANGE")
    page = page_of("alice")

    card = page.get(f"/inventory/stock/{item}/")
    corner = page.get(f"/production/panels/items/{item}/").content.decode()

    assert f"/production/panels/items/{item}/" in card.content.decode(), card.status_code
    assert order["number"] in corner
    assert "需求" in corner


def test_a_sales_order_shows_what_is_made_for_it(shop: APIClient, page_of: Any) -> None:  # noqa: F811  # the fixture
    sales = ordered(shop)
    made = given_order(shop, item="FLANGE", steps=[], materials=[], sales_order=sales["number"], sales_line=1)
    page = page_of("alice")

    card = page.get(f"/inventory/sales-orders/{sales['id']}/").content.decode()
    corner = page.get(f"/production/panels/sales-orders/{sales['id']}/").content.decode()

    assert f"/production/panels/sales-orders/{sales['id']}/" in card
    assert made["number"] in corner
    assert page.get("/production/panels/sales-orders/900001/").status_code == 404
    assert page.get("/production/panels/items/900001/").status_code == 404


def test_without_production_no_page_asks_for_its_corner(shop: APIClient, page_of: Any) -> None:  # noqa: F811  # the fixture
    sales = ordered(shop)
    ModuleGrant.objects.filter(tenant__slug="hongda", module="production").delete()

    card = page_of("alice").get(f"/inventory/sales-orders/{sales['id']}/").content.decode()

    assert "/production/panels/" not in card


def test_the_card_of_a_work_order_has_a_corner_of_finance(shop: APIClient, page_of: Any) -> None:  # noqa: F811  # the fixture
    order = given_order(shop, item="FLANGE", steps=[], materials=[])

    card = page_of("alice").get(f"/production/work-orders/{order['id']}/").content.decode()

    assert f"/finance/panels/work-orders/{order['id']}/" in card
    assert got(shop, f"work-orders/{order['id']}/")["state"] == "released"


def test_the_home_page_shows_work_in_hand_after_the_chart(shop: APIClient, page_of: Any) -> None:  # noqa: F811  # the fixture
    order = given_order(shop, item="FLANGE", steps=[], materials=[])
    page = page_of("alice")

    home = page.get("/").content.decode()
    corner = page.get("/production/panels/home/").content.decode()

    assert home.index("/finance/home/") < home.index("/production/panels/home/")
    assert order["number"] in corner
    assert "在制工单" in corner
