"""Every page of inventory stands, says its name, and does what its buttons say."""

import re

from django.test import Client

from tenants.models import Membership
from tests.inventory.api.company import Store

BASE = "/inventory/"
LISTS = {
    "": "进销存", "sales-orders/": "销售订单", "purchase-orders/": "采购订单", "stock/": "库存", "receipts/": "入库",
    "issues/": "出库", "transfers/": "调拨", "scan/": "扫码作业", "lots/": "批次追溯", "valuation/": "存货成本",
    "periods/": "库存月结", "settings/": "进销存设置",
}  # fmt: skip


def html_of(response) -> str:
    assert response.status_code == 200, response.content.decode()[:2000]
    text = response.content.decode()
    assert "<c-" not in text
    return text


def heading(text: str) -> str:
    found = re.search(r"<h1>(.*?)</h1>", text, re.S)
    assert found, text[:500]
    return re.sub(r"<[^>]+>", "", found[1]).strip()


def test_pages_of_an_empty_and_of_a_busy_company(desk: Client, store: Store):
    for path, title in LISTS.items():
        assert heading(html_of(desk.get(BASE + path))).startswith(title), path
    store.receipt("100")
    store.receipt("20", item="OIL-46", lot="L-1", expires_on="2020-01-01")
    store.sale("10", line={"due_on": "2020-01-01"})
    store.purchase("50")

    for path, title in LISTS.items():
        assert heading(html_of(desk.get(BASE + path))).startswith(title), path
    html_of(desk.get(BASE + "stock/?group=lot"))
    html_of(desk.get(BASE + "stock/?group=location&as_of=2026-01-01"))
    html_of(desk.get(BASE + "valuation/?group=category"))


def test_the_lists_leave_as_excel(desk: Client, store: Store):
    store.receipt("100")
    store.sale("10")

    for path in ("sales-orders/", "purchase-orders/", "stock/", "receipts/", "issues/", "lots/", "valuation/"):
        answer = desk.get(f"{BASE}{path}?format=csv")
        assert answer.status_code == 200, path
        assert answer["Content-Type"].startswith("text/csv")


def test_typing_a_receipt(desk: Client, store: Store):
    form = html_of(desk.get(BASE + "receipts/new/"))
    assert heading(form) == "入库单"
    for name in (
        "入库类型",
        "其他入库",
        "仓库",
        "供应商",
        "日期",
        "物料 1",
        "数量 1",
        "单价 1",
        "保存草稿",
        "确认入库",
    ):
        assert name in form, name

    body = {
        "reason": "other_in", "warehouse": "WH-RAW", "moved_on": "2026-01-15", "then": "post",
        "lines-0-item_text": "M6-BOLT 六角螺栓", "lines-0-quantity": "１，000", "lines-0-unit_cost": "0.5",
    }  # fmt: skip
    answer = desk.post(BASE + "receipts/new/", body, follow=True)

    text = html_of(answer)
    assert heading(text).startswith("入库单 RK")
    assert "已入库" in text
    assert store.on_hand() == "1000"


def test_a_draft_is_changed_and_posted(desk: Client, store: Store):
    body = {
        "reason": "other_in", "warehouse": "WH-RAW", "moved_on": "2026-01-15", "then": "draft",
        "lines-0-item": "M6-BOLT", "lines-0-quantity": "10", "lines-0-unit_cost": "1",
    }  # fmt: skip
    draft = desk.post(BASE + "receipts/new/", body, follow=True)
    url = draft.redirect_chain[-1][0]
    assert "草稿" in html_of(draft)
    assert store.on_hand() == "0"

    html_of(desk.get(f"{url}edit/"))
    desk.post(f"{url}edit/", {**body, "lines-0-quantity": "12"})
    posted = desk.post(f"{url}post/", follow=True)

    assert "已入库" in html_of(posted)
    assert store.on_hand() == "12"


def test_a_wrong_cell_is_told_and_nothing_is_lost(desk: Client, store: Store):
    body = {
        "reason": "other_out", "warehouse": "WH-RAW", "moved_on": "2026-01-15", "then": "post",
        "lines-0-item": "M6-BOLT", "lines-0-quantity": "5", "note": "急件",
    }  # fmt: skip

    answer = desk.post(BASE + "issues/new/", body)

    text = answer.content.decode()
    assert answer.status_code == 422
    assert "急件" in text
    assert 'role="alert"' in text
    assert 'aria-invalid="true"' in text


def test_an_order_from_the_grid_to_the_shipment(desk: Client, store: Store):
    store.receipt("100", moved_on="2026-01-01")
    form = html_of(desk.get(BASE + "sales-orders/new/"))
    assert heading(form) == "新增销售订单"

    body = {
        "partner": "C001", "ordered_on": "2026-01-10", "tax": "1", "then": "confirm",
        "lines-0-item": "M6-BOLT", "lines-0-quantity": "10", "lines-0-unit_price": "2.26", "lines-0-tax_rate": "13",
        "lines-0-due_on": "2026-02-01", "lines-0-warehouse": "WH-RAW",
    }  # fmt: skip
    answer = desk.post(BASE + "sales-orders/new/", body, follow=True)
    url = answer.redirect_chain[-1][0]

    assert "已确认" in html_of(answer)
    shipped = desk.post(
        f"{url}ship/", {"warehouse": "WH-RAW", "moved_on": "2026-01-20", "quantity-1": "4"}, follow=True
    )
    assert "部分发货" in html_of(shipped)
    assert store.on_hand() == "96"
    back = desk.post(f"{url}return/", {"moved_on": "2026-01-21", "quantity-1": "1"}, follow=True)
    assert "退货" in html_of(back)
    closed = desk.post(f"{url}close/", follow=True)
    assert "已关闭" in html_of(closed)
    assert store.on_hand() == "97"


def test_changing_a_confirmed_order_in_the_grid(desk: Client, store: Store):
    order = store.purchase("100")
    edit = f"{BASE}purchase-orders/{order['id']}/edit/"
    html_of(desk.get(edit))

    body = {
        "partner": "S001", "tax": "1", "version": order["version"], "lines-0-line": "1", "lines-0-item": "M6-BOLT",
        "lines-0-quantity": "150", "lines-0-unit": "pcs", "lines-0-unit_price": "1.13", "lines-0-tax_rate": "13",
    }  # fmt: skip
    answer = desk.post(edit, body, follow=True)

    assert "150" in html_of(answer)
    assert desk.post(edit, {**body, "version": order["version"]}).status_code == 409


def test_the_card_of_an_item_answers_when(desk: Client, store: Store):
    store.receipt("100")
    store.sale("30")
    item = store.get("on-hand/", item="M6-BOLT")["results"][0]
    assert item["quantity"] == "100"
    listed = html_of(desk.get(BASE + "stock/?q=M6"))
    url = re.search(r'href="(/inventory/stock/\d+/)"', listed)[1]

    card = html_of(desk.get(url + "?quantity=70"))

    assert "最早可交" in card
    assert "要另行采购或生产" in html_of(desk.get(url + "?quantity=71"))


def test_holding_a_lot_and_printing_its_label(desk: Client, store: Store):
    store.receipt("20", item="OIL-46", lot="L-1", expires_on="2099-01-01")
    lot = store.get("lots/", item="OIL-46")["results"][0]

    held = desk.post(f"{BASE}lots/{lot['id']}/hold/", {"note": "油品浑浊"}, follow=True)

    assert "待处理" in html_of(held)
    label = desk.post(BASE + "labels/", {"kind": "lot", "ids": str(lot["id"]), "size": "60x40", "format": "pdf"})
    assert label["Content-Type"] == "application/pdf"
    assert label.content.startswith(b"%PDF")


def test_a_scan_of_the_page(desk: Client, store: Store):
    store.receipt("10")
    form = html_of(desk.get(BASE + "scan/"))
    tasks = ("作业类型", "出库", "入库", "领料", "上架", "移库", "查询", "盘点", "报工")
    for name in (
        *tasks,
        "库位（可不填）",
        "移到库位",
        "订单号（可不填）",
        "开始扫码",
        "拍照识别",
        "扫码枪或手工输入",
        "本次扫描",
    ):
        assert name in form, name
    body = {"task": "ship", "code": "M6-BOLT", "warehouse": "WH-RAW", "quantity": "2", "key": "k1"}

    hit = desk.post(BASE + "scan/hit/", body, HTTP_HX_REQUEST="true")
    again = desk.post(BASE + "scan/hit/", body, HTTP_HX_REQUEST="true")

    assert "2 个 已记账" in html_of(hit)
    assert "pcs" not in hit.content.decode()
    assert "已记账" in html_of(again)
    assert store.on_hand() == "8"
    strange = {"task": "ship", "code": "6900000000000", "key": "k2"}
    unknown = html_of(desk.post(BASE + "scan/hit/", strange, HTTP_HX_REQUEST="true"))
    assert "未登记的条码" in unknown
    assert "建档" in unknown
    undo = re.search(r'action="(/inventory/scan/undo/\d+/)"', hit.content.decode())[1]
    assert "已撤销" in html_of(desk.post(undo, {"code": "M6-BOLT"}))
    assert store.on_hand() == "10"
    assert "已记账" in html_of(desk.post(BASE + "scan/hit/", {**body, "key": "k3"}, follow=True))


def test_putting_away_on_the_page(desk: Client, store: Store):
    store.master("locations/", {"warehouse": "WH-RAW", "code": "A-01"})
    store.receipt("10")
    body = {"task": "put_away", "warehouse": "WH-RAW", "quantity": "4"}

    there = desk.post(BASE + "scan/hit/", {**body, "code": "A-01", "key": "k1"}, HTTP_HX_REQUEST="true")
    put = {**body, "code": "M6-BOLT", "key": "k2", "location": "A-01"}
    hit = html_of(desk.post(BASE + "scan/hit/", put, HTTP_HX_REQUEST="true"))
    undo = re.search(r'action="(/inventory/scan/undo/\d+/)"', hit)[1]
    seen = html_of(
        desk.post(BASE + "scan/hit/", {"task": "look_up", "code": "M6-BOLT", "key": "k3"}, HTTP_HX_REQUEST="true")
    )
    taken_back = html_of(desk.post(undo, {"code": "M6-BOLT"}))

    assert "放到 WH-RAW/A-01" in html_of(there)
    assert '"location": "A-01"' in there["HX-Trigger"]
    assert "WH-RAW A-01  <b>4</b> 个" in seen
    assert "已撤销" in taken_back
    assert 'value="put_away" checked' in html_of(desk.get(BASE + "scan/?task=put-away"))


def test_english_pages_speak_english(desk: Client, store: Store):
    desk.cookies["qz_lang"] = "en"
    store.receipt("100")

    text = html_of(desk.get(BASE + "stock/"))

    assert heading(text)


def test_values_are_changed_by_who_may_change_costs(desk: Client, page_of, store: Store):
    store.receipt("100")
    made = store.made("cost-adjustments/", {"lines": [{"item": "M6-BOLT", "amount": "5.00"}]})
    row = Membership.objects.get(user__email="bob@hongda.example")
    row.role, row.rights = "storekeeper", {}
    row.save()
    bob = page_of("bob")

    assert bob.post(f"{BASE}documents/{made['id']}/reverse/").status_code == 403
    assert bob.post(f"{BASE}scan/undo/{made['id']}/").status_code == 403
    assert store.get(f"cost-adjustments/{made['id']}/")["reversed_by"] is None


def test_a_draft_without_a_list_of_its_own_is_thrown_away(desk: Client, store: Store):
    store.receipt("100")
    body = {"warehouse": "WH-RAW", "inputs": [{"item": "M6-BOLT", "quantity": "4"}], "draft": True,
            "outputs": [{"item": "FL-DN50", "quantity": "1"}]}  # fmt: skip
    draft = store.made("assemblies/", body)
    html_of(desk.get(f"{BASE}documents/{draft['id']}/"))

    answer = desk.post(f"{BASE}documents/{draft['id']}/delete/")

    assert (answer.status_code, answer["Location"]) == (302, "/inventory/stock/")
    assert store.ask(f"assemblies/{draft['id']}/").status_code == 404


def test_a_transfer_between_two_locations_is_typed(desk: Client, store: Store):
    for code in ("A-01", "B-01"):
        store.master("locations/", {"warehouse": "WH-RAW", "code": code})
    store.receipt("10", location="A-01")
    assert "调入库位 1" in html_of(desk.get(BASE + "transfers/new/"))
    body = {
        "warehouse": "WH-RAW", "to_warehouse": "WH-RAW", "moved_on": "2026-01-15", "then": "draft",
        "lines-0-item": "M6-BOLT", "lines-0-quantity": "4", "lines-0-location": "A-01", "lines-0-to_location": "B-01",
    }  # fmt: skip

    draft = desk.post(BASE + "transfers/new/", body, follow=True)
    edit = html_of(desk.get(f"{draft.redirect_chain[-1][0]}edit/"))
    nowhere = desk.post(BASE + "transfers/new/", {**body, "then": "post", "lines-0-to_location": ""})

    assert 'value="B-01"' in edit
    assert nowhere.status_code == 422
    assert "请填写另一个调入库位" in nowhere.content.decode()
