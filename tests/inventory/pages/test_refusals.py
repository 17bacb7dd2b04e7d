"""A refusal on a page says the API's sentence, keeps what was typed, and moves nothing."""

import datetime
from html import unescape
from typing import Any

import pytest
from django.test import Client

from apps.inventory.models import PurchaseOrder
from tenants.context import tenant_context
from tests.inventory.api.company import Store, code_of
from tests.inventory.pages.test_pages import BASE

LINE = {"item": "M6-BOLT", "quantity": "5"}
OUT = {"reason": "other_out", "warehouse": "WH-RAW", "moved_on": "2026-03-20"}
IN = {"reason": "other_in", "warehouse": "WH-RAW", "moved_on": "2026-03-20"}
OIL, PUMP = {"item": "OIL-46", "quantity": "5"}, {"item": "PUMP", "quantity": "1"}
FAR = (datetime.date.today() + datetime.timedelta(days=3)).isoformat()
# kind, head, line as the API names it, code
POSTINGS: list[tuple[str, dict[str, str], dict[str, Any], tuple[int, str]]] = [
    ("issue", OUT, {**LINE, "quantity": "11"}, (409, "not_enough_stock")),
    ("issue", OUT, {**OIL, "quantity": "9"}, (409, "not_enough_available")),
    ("issue", {**OUT, "moved_on": "2026-03-09"}, LINE, (409, "negative_later")),
    ("issue", {**OUT, "moved_on": "2026-01-20"}, LINE, (409, "period_closed")),
    ("issue", OUT, {**OIL, "lot": "L-HELD"}, (409, "lot_not_usable")),
    ("issue", OUT, {**PUMP, "serials": ["P-2"]}, (409, "not_enough_available")),
    ("receipt", IN, {**PUMP, "serials": ["P-1"], "unit_cost": "1"}, (409, "duplicate_serial")),
    ("receipt", {**IN, "reason": "gain"}, {"item": "FL-DN50", "quantity": "1"}, (409, "cost_needed")),
    ("receipt", IN, {"item": "OLD", "quantity": "1", "unit_cost": "1"}, (409, "item_stopped")),
    ("receipt", {**IN, "partner": "S009"}, {**LINE, "unit_cost": "1"}, (409, "partner_blocked")),
    ("receipt", {**IN, "moved_on": FAR}, {**LINE, "unit_cost": "1"}, (400, "future_date")),
    ("issue", {**OUT, "warehouse": "WH-X"}, LINE, (400, "unknown_warehouse")),
    ("issue", OUT, {**LINE, "unit": "furlong"}, (400, "unknown_unit")),
    ("issue", OUT, {**LINE, "quantity": "0.5"}, (400, "too_many_decimals")),
    ("issue", OUT, {"item": "ROD", "quantity": "1", "unit": "m"}, (409, "unit_not_exact")),
    ("issue", OUT, {**LINE, "lot": "L-1"}, (400, "lot_not_allowed")),
    ("receipt", IN, {**OIL, "unit_cost": "1"}, (400, "lot_required")),
    ("issue", OUT, {**PUMP, "quantity": "2", "serials": ["P-1"]}, (400, "serials_mismatch")),
]  # fmt: skip


@pytest.fixture
def shelf(store: Store) -> Store:
    """Ten bolts since 10 March, oil of which one lot is held, two pumps of which one is kept, January closed."""
    store.client.patch("/api/v1/inventory/settings/", {"default_method": "moving_average"}, format="json")
    store.master("items/", {"code": "PUMP", "name": "齿轮泵", "stock_unit": "pcs", "tracking": "serial"})
    store.master("items/", {"code": "OLD", "name": "旧法兰", "stock_unit": "pcs"})
    store.master(
        "items/", {"code": "ROD", "name": "光杆", "stock_unit": "pcs", "units": [{"unit": "m", "factor": "1/3"}]}
    )
    store.client.patch("/api/v1/masterdata/items/OLD/", {"state": "stopped", "version": 1}, format="json")
    store.master("partners/", {"code": "S009", "name": "停供的厂", "is_supplier": True, "status": "blocked"})
    store.receipt("1", item="FL-DN50", moved_on="2026-01-05")
    store.made("issues/", {**OUT, "moved_on": "2026-01-06", "lines": [{"item": "FL-DN50", "quantity": "1"}]})
    store.made("periods/2026-01/close/")
    store.receipt("10", moved_on="2026-03-10")
    store.receipt("8", item="OIL-46", lot="L-FREE", moved_on="2026-03-10", expires_on="2099-01-01")
    store.receipt("5", item="OIL-46", lot="L-HELD", moved_on="2026-03-10", expires_on="2099-01-01")
    held = store.get("lots/", item="OIL-46", code="L-HELD")["results"][0]["id"]
    store.made(f"lots/{held}/hold/")
    store.receipt("2", item="PUMP", serials=["P-1", "P-2"], moved_on="2026-03-10")
    kept = {"item": "PUMP", "warehouse": "WH-RAW", "quantity": "1", "serial": "P-2"}
    store.made("reservations/", {**kept, "for": {"kind": "test", "number": "T-1"}})
    return store


def form_of(head: dict[str, str], line: dict[str, Any]) -> dict[str, str]:
    """The grid's fields: lots and serial numbers share a column."""
    cells = {key: value for key, value in line.items() if key != "serials"}
    if "serials" in line:
        cells["lot"] = " ".join(line["serials"])
    return {**head, "then": "post", "note": "急件 7 号", **{f"lines-0-{key}": text for key, text in cells.items()}}


def sentences(answer: Any) -> list[str]:
    """What the API says: the sentence of the refusal, or of the field that it names."""
    body = answer.json()
    return [body["message"], *(text for texts in body["fields"].values() for text in texts)]


@pytest.mark.parametrize(("kind", "head", "line", "expected"), POSTINGS, ids=[row[3][1] for row in POSTINGS])
def test_a_refused_posting_says_why_and_keeps_the_form(desk: Client, shelf: Store, kind, head, line, expected):
    before = shelf.get("moves/")["count"]

    told = shelf.post(f"{kind}s/", {**head, "lines": [line]})
    answer = desk.post(f"{BASE}{kind}s/new/", form_of(head, line))

    page = unescape(answer.content.decode())
    assert code_of(told) == expected
    assert answer.status_code == 422
    assert any(sentence in page for sentence in sentences(told)), (
        sentences(told),
        page[page.find('role="alert"') :][:900],
    )
    for text in ("急件 7 号", head["moved_on"], line["quantity"], line["item"]):
        assert f'value="{text}' in page
    assert shelf.get("moves/")["count"] == before


def test_a_transfer_to_where_it_is(desk: Client, shelf: Store):
    body = {"warehouse": "WH-RAW", "to_warehouse": "WH-RAW", "moved_on": "2026-03-20", "then": "post",
            "lines-0-item": "M6-BOLT", "lines-0-quantity": "5"}  # fmt: skip

    told = shelf.post("transfers/", {"from_warehouse": "WH-RAW", "to_warehouse": "WH-RAW", "lines": [LINE]})
    answer = desk.post(f"{BASE}transfers/new/", body)

    assert code_of(told) == (400, "same_warehouse")
    assert answer.status_code == 422
    assert any(text in answer.content.decode() for text in sentences(told))


# -- Orders ------------------------------------------------------------------------------------------------------


def test_a_refused_shipment_stands_open_as_it_was_typed(desk: Client, shelf: Store):
    order = shelf.sale("20")
    typed = {"warehouse": "WH-RAW", "moved_on": "2026-03-15"}

    over = desk.post(f"{BASE}sales-orders/{order['id']}/ship/", {**typed, "quantity-1": "21"})
    short = desk.post(f"{BASE}sales-orders/{order['id']}/ship/", {**typed, "quantity-1": "12"})
    no_number = desk.post(f"{BASE}sales-orders/{order['id']}/ship/", {**typed, "quantity-1": "十二"})
    no_day = desk.post(f"{BASE}sales-orders/{order['id']}/ship/", {**typed, "quantity-1": "1", "moved_on": "明天"})

    told = shelf.post(f"sales-orders/{order['id']}/ship/", {"lines": [{"line": 1, "quantity": "21"}]})
    assert code_of(told) == (409, "over_shipment")
    for answer, text, sentence in (
        (over, "21", told.json()["message"]), (short, "12", "M6-BOLT"), (no_number, "十二", "不是数字：十二"),
        (no_day, "1", "请填写日期"),
    ):  # fmt: skip
        page = unescape(answer.content.decode())
        assert answer.status_code == 422
        assert sentence in page and f'name="quantity-1" inputmode="decimal" value="{text}"' in page
        assert page.count('data-q-auto="keep"') == 1
    assert shelf.on_hand() == "10"


def test_a_dialog_without_quantities_moves_nothing(desk: Client, shelf: Store):
    order = shelf.purchase("30")
    shelf.made(f"purchase-orders/{order['id']}/receive/", {"lines": [{"line": 1, "quantity": "4"}]})
    typed = {"warehouse": "WH-RAW", "moved_on": "2026-03-15", "quantity-1": ""}

    received = desk.post(f"{BASE}purchase-orders/{order['id']}/receive/", typed)
    returned = desk.post(f"{BASE}purchase-orders/{order['id']}/return/", {**typed, "quantity-1": "0"})

    assert (received.status_code, returned.status_code) == (422, 422)
    assert "请至少填写一行的数量" in received.content.decode() and "请至少填写一行的数量" in returned.content.decode()
    assert shelf.on_hand() == "14"


def test_one_press_ships_once(desk: Client, shelf: Store):
    order = shelf.sale("8")
    typed = {"warehouse": "WH-RAW", "moved_on": "2026-03-15", "quantity-1": "2", "once": "k-1"}

    for _press in range(2):
        assert desk.post(f"{BASE}sales-orders/{order['id']}/ship/", typed).status_code == 302

    assert shelf.on_hand() == "8"  # 10 - 2


def test_receiving_and_returning_too_much(desk: Client, shelf: Store):
    order = shelf.purchase("30", line={"item": "OIL-46"})
    address = f"{BASE}purchase-orders/{order['id']}/"
    typed = {"warehouse": "WH-RAW", "moved_on": "2026-03-15", "lot-1": "L-9", "expires-1": "2028-01-31"}

    over = desk.post(f"{address}receive/", {**typed, "quantity-1": "31"})
    desk.post(f"{address}receive/", {**typed, "quantity-1": "6"})
    back = desk.post(f"{address}return/", {"moved_on": "2026-03-16", "quantity-1": "7", "lot-1": "L-9"})

    page = unescape(over.content.decode())
    assert over.status_code == 422 and 'value="L-9"' in page and 'value="2028-01-31"' in page
    told = shelf.post(f"purchase-orders/{order['id']}/return/", {"lines": [{"line": 1, "quantity": "7", "lot": "L-9"}]})
    assert code_of(told) == (409, "over_returned")
    assert back.status_code == 422 and told.json()["message"] in unescape(back.content.decode())
    more = {"lines": [{"line": 1, "quantity": "31"}]}
    assert code_of(shelf.post(f"purchase-orders/{order['id']}/receive/", more)) == (409, "over_receipt")


def test_an_order_goes_not_below_what_has_come(desk: Client, shelf: Store):
    order = shelf.purchase("30")
    shelf.made(f"purchase-orders/{order['id']}/receive/", {"lines": [{"line": 1, "quantity": "12"}]})
    version = shelf.get(f"purchase-orders/{order['id']}/")["version"]
    body = {
        "partner": "S001", "tax": "1", "version": str(version), "lines-0-line": "1", "lines-0-item": "M6-BOLT",
        "lines-0-quantity": "11", "lines-0-unit": "pcs", "lines-0-unit_price": "1.13", "lines-0-tax_rate": "13",
        "note": "改小数量",
    }  # fmt: skip

    told = shelf.post(f"purchase-orders/{order['id']}/change/", {"lines": [{"line": 1, "quantity": "11"}]})
    answer = desk.post(f"{BASE}purchase-orders/{order['id']}/edit/", body)

    page = unescape(answer.content.decode())
    assert code_of(told) == (409, "below_done")
    assert answer.status_code == 422
    assert any(text in page for text in sentences(told)) and 'value="11"' in page and "改小数量" in page
    assert shelf.get(f"purchase-orders/{order['id']}/")["lines"][0]["quantity"] == "30"


def test_verbs_that_come_too_late_are_said_on_the_order(desk: Client, shelf: Store):
    moved, closed = shelf.purchase("30"), shelf.purchase("30")
    shelf.made(f"purchase-orders/{moved['id']}/receive/", {"lines": [{"line": 1, "quantity": "12"}]})
    shelf.made(f"purchase-orders/{closed['id']}/close/", {})
    too_late = {
        f"purchase-orders/{moved['id']}/cancel/": {},
        f"purchase-orders/{closed['id']}/receive/": {"lines": [{"line": 1, "quantity": "1"}]},
    }

    codes = [code_of(shelf.post(path, body)) for path, body in too_late.items()]
    pages = [
        desk.post(f"{BASE}{path}", {"quantity-1": "1", "moved_on": "2026-03-15"}, follow=True).content.decode()
        for path in too_late
    ]

    assert codes == [(409, "already_moved"), (409, "order_closed")]
    for path, page in zip(too_late, pages, strict=True):
        assert shelf.post(path, too_late[path]).json()["message"] in unescape(page)


def test_terms_agreed_in_supply_stand(desk: Client, shelf: Store, hongda):
    order = shelf.purchase("30")
    with tenant_context(hongda):
        PurchaseOrder.objects.filter(pk=order["id"]).update(locked_by="supply.order:1")

    answer = desk.post(f"{BASE}purchase-orders/{order['id']}/cancel/", follow=True)

    told = shelf.post(f"purchase-orders/{order['id']}/cancel/")
    assert code_of(told) == (409, "locked_by_supply")
    assert told.json()["message"] in unescape(answer.content.decode())


# -- Reversals and months ----------------------------------------------------------------------------------------


def test_what_was_reversed_is_not_reversed_again(desk: Client, shelf: Store):
    receipt = shelf.receipt("3", moved_on="2026-03-11")
    shelf.made(f"receipts/{receipt['id']}/reverse/", {"reason": "重复"})

    answer = desk.post(f"{BASE}documents/{receipt['id']}/reverse/", follow=True)

    told = shelf.post(f"receipts/{receipt['id']}/reverse/")
    assert code_of(told) == (409, "already_reversed")
    assert told.json()["message"] in unescape(answer.content.decode())


def test_a_receipt_that_has_left_is_not_reversed(desk: Client, shelf: Store):
    receipt = shelf.receipt("3", moved_on="2026-03-11")
    shelf.made("issues/", {**OUT, "lines": [{**LINE, "quantity": "12"}]})

    told = shelf.post(f"receipts/{receipt['id']}/reverse/")
    answer = desk.post(f"{BASE}documents/{receipt['id']}/reverse/", follow=True)

    assert told.status_code == 409 and told.json()["code"] in ("not_enough_stock", "negative_later")
    assert told.json()["message"] in unescape(answer.content.decode())


@pytest.mark.parametrize("month", ["2026-03", "2026-01", "2099-01"])
def test_months_close_in_their_order(desk: Client, shelf: Store, month: str):
    told = shelf.post(f"periods/{month}/close/")

    page = desk.post(f"{BASE}periods/{month}/close/", follow=True).content.decode()

    assert code_of(told) == (409, "not_next_period")
    assert told.json()["message"] in unescape(page)


def test_a_draft_keeps_its_month_open(desk: Client, shelf: Store):
    draft = shelf.made("issues/", {**OUT, "moved_on": "2026-02-09", "draft": True, "lines": [LINE]})

    told = shelf.post("periods/2026-02/close/")
    page = unescape(desk.post(f"{BASE}periods/2026-02/close/", follow=True).content.decode())

    assert code_of(told) == (409, "drafts_open")
    assert told.json()["rows"] == [draft["number"]]
    assert told.json()["message"] in page and draft["number"] in page


def test_items_made_of_each_other_keep_the_month_open(desk: Client, shelf: Store):
    """Monthly averages: a ring of a plate and a plate of a ring have no order in which they could be priced."""
    for code in ("RING", "PLATE"):
        shelf.master("items/", {"code": code, "name": code, "stock_unit": "pcs"})
        shelf.client.put(f"/api/v1/inventory/item-settings/{code}/", {"method": "monthly_average"}, format="json")
        shelf.receipt("10", item=code, moved_on="2026-02-02")
    for source, target in (("RING", "PLATE"), ("PLATE", "RING")):
        body = {"warehouse": "WH-RAW", "moved_on": "2026-02-10", "inputs": [{"item": source, "quantity": "2"}],
                "outputs": [{"item": target, "quantity": "1"}]}  # fmt: skip
        shelf.made("assemblies/", body)

    check = shelf.get("periods/2026-02/check/")
    told = shelf.post("periods/2026-02/close/")
    page = unescape(desk.post(f"{BASE}periods/2026-02/close/", follow=True).content.decode())

    assert (check["ok"], [one["code"] for one in check["problems"]]) == (False, ["cost_cycle"])
    assert code_of(told) == (409, "cost_cycle")
    assert told.json()["items"] == ["PLATE", "RING"]
    assert "PLATE、RING 在本月互相组装" in page
    assert shelf.get("settings/")["closed_through"] == "2026-01"
