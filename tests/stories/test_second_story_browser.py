"""The second story in a real browser: what people do by hand, at a desk and on a phone."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from tenants.context import shared_context
from tenants.models import User
from tests.live_site import Visitor
from tests.stories.factory import BLANK, BOLT, FLANGE, deliver
from tests.stories.hengda import Site
from tests.stories.test_second_story import order_plating, take_the_order

pytestmark = [pytest.mark.browser, pytest.mark.slow]
OWNER, PASSWORD = "owner@hongli.example", "Hongli-2026-falan"
PHONE = 390


def test_second_story_by_hand(operator: Site, factory: Site, visitor: Visitor):
    take_the_order(factory)
    desk = sign_in(visitor)
    phone = visitor.same_person(desk, PHONE)

    plan_the_material(visitor, desk)
    lay_out_the_machines(visitor, desk)
    let_the_plater_confirm(visitor, factory)
    scan_the_bolts_in(visitor, phone, factory)
    report_and_undo(visitor, phone, factory)
    see_it_all_at_home(visitor, desk)


def sign_in(visitor: Visitor) -> Page:
    with shared_context():
        owner = User.objects.get(email=OWNER)
        owner.set_password(PASSWORD)
        owner.save()
    page = visitor.window()
    visitor.sign_in(page, "hongli", OWNER, PASSWORD)
    return page


def plan_the_material(visitor: Visitor, page: Page) -> None:
    """Calculated and released from the workbench: five proposals, one per item."""
    page.goto(visitor.address("hongli", "/production/mrp/"))
    page.get_by_role("button", name="重新计算").click()
    dialog = page.get_by_role("dialog", name="重新计算")
    dialog.get_by_role("button", name="开始计算").click()
    expect(dialog).to_be_hidden()

    page.goto(visitor.address("hongli", "/production/mrp/orders/"))
    table = page.get_by_role("table", name="计划订单列表")
    expect(table.get_by_role("checkbox", name=re.compile(f"^选择 {FLANGE}"))).to_have_count(1)
    page.get_by_role("checkbox", name="全选本页").check()
    page.get_by_role("toolbar", name="批量操作").get_by_role("button", name="下达").click()
    page.goto(visitor.address("hongli", "/production/mrp/orders/"))
    expect(table.get_by_text("已下达")).to_have_count(5)


def lay_out_the_machines(visitor: Visitor, page: Page) -> None:
    """自动排产, looked at, published: the bars carry order, item, state and days."""
    page.goto(visitor.address("hongli", "/production/board/"))
    page.get_by_role("button", name="自动排产").click()
    publish = page.get_by_role("button", name="发布排产")
    expect(publish).to_be_visible(timeout=60_000)
    publish.click()
    expect(publish).to_be_hidden()

    page.goto(visitor.address("hongli", "/production/board/?zoom=month"))
    bars = page.get_by_role("region", name="排产甘特图").get_by_role("link", name=re.compile(r"^MO\S+ 法兰"))
    expect(bars).to_have_count(4)  # sawing, turning, drilling, assembly


def let_the_plater_confirm(visitor: Visitor, factory: Site) -> None:
    """On a phone, by the link alone."""
    order, token = order_plating(factory)
    page = visitor.window(360)
    page.goto(visitor.address(path=f"/g/{token}/"))
    expect(page.get_by_role("heading", level=1, name=re.compile("^采购订单"))).to_be_visible()
    expect(page.get_by_text("链接有效期至")).to_be_visible()
    page.get_by_role("button", name="确认订单").click()
    expect(page.get_by_role("button", name="确认订单")).to_be_hidden()
    deliver("hongli")
    assert factory.get(f"supply/orders/{order}/")["state"] == "agreed"


def scan_the_bolts_in(visitor: Visitor, phone: Page, factory: Site) -> None:
    """The purchase order's number and one scan; then 2,000 bolts are on hand."""
    (row,) = factory.get("inventory/purchase-orders/")["results"]
    purchase = factory.get(f"inventory/purchase-orders/{row['id']}/")
    lines = [{"line": line["line"], "unit_price": "0.80", "tax_rate": "0.13"} for line in purchase["lines"]]
    draft = {"version": purchase["version"], "lines": lines}
    purchase = factory.post(f"inventory/purchase-orders/{row['id']}/change/", draft)
    factory.post(f"inventory/purchase-orders/{row['id']}/confirm/", {"version": purchase["version"]})

    phone.goto(visitor.address("hongli", "/inventory/scan/?task=receive"))
    phone.get_by_role("group", name="作业类型").get_by_label("入库").check(force=True)
    phone.get_by_label("订单号（可不填）").fill(purchase["number"])
    phone.get_by_label("每扫一次的数量").fill("2000")
    box = phone.get_by_label("扫码枪或手工输入")
    box.fill(BOLT)
    box.press("Enter")
    expect(phone.get_by_role("region", name="本次扫描")).to_contain_text("螺栓 M16")
    expect(box).to_have_value("")
    on_hand = factory.get("inventory/availability/", item=BOLT)["on_hand"]
    assert Decimal(on_hand) == 2000


def report_and_undo(visitor: Visitor, phone: Page, factory: Site) -> None:
    """498 blanks sawn, then taken back: a slip of the finger is no tragedy."""
    orders = {row["item"]: row for row in factory.get("production/work-orders/")["results"]}
    order = orders[BLANK]
    if order["state"] == "draft":
        factory.post(f"production/work-orders/{order['id']}/release/", {"version": order["version"]})

    phone.goto(visitor.address("hongli", "/production/reports/"))
    phone.get_by_role("link", name=order["number"], exact=True).first.click()
    phone.get_by_label("合格").fill("498")
    phone.get_by_role("button", name="报工", exact=True).click()
    mine = phone.get_by_role("region", name="我今天的报工")
    expect(mine).to_contain_text("498")
    mine.get_by_role("button", name="撤销").click()
    expect(mine).to_contain_text("已撤销")
    step = factory.get(f"production/work-orders/{order['id']}/")["steps"][0]
    assert Decimal(step["good"]) == 0


def see_it_all_at_home(visitor: Visitor, page: Page) -> None:
    """The owner's first page counts it and each figure leads to its rows."""
    page.goto(visitor.address("hongli", "/"))
    figures = page.get_by_role("region", name="经营指标")
    expect(figures.get_by_role("link", name=re.compile("库存金额"))).to_contain_text("1,416")  # 2,000 x 0.80 / 1.13
    figures.get_by_role("link", name=re.compile("延误工单")).click()
    expect(page.get_by_role("heading", level=1, name="工单")).to_be_visible()
