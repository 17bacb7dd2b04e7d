"""Pages of the shop floor: what they are called, what their forms do, and who may."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from tests.masterdata.given import given
from tests.production.shop import fresh, get, given_order, given_people, report
from tests.standing import Standing

AT = "/production/"
TYPED = {"item": "DN50", "quantity": "5", "due_on": "2030-06-30", "priority": "3"}


@pytest.fixture
def api(standing_flange: Standing, api_of: Callable[[str], APIClient], monkeypatch: pytest.MonkeyPatch) -> APIClient:
    monkeypatch.setattr("apps.production.links.has_stock", lambda: False)
    return api_of("alice")


@pytest.fixture
def page(api: APIClient, page_of: Callable[[str], Client]) -> Client:
    return page_of("alice")


def text(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def test_the_list_names_its_parts(api: APIClient, page: Client):
    order = given_order(api, due_on="2020-01-31")

    shown = text(page.get(f"{AT}work-orders/"))

    for name in ("<h1>工单", "搜索工单", "新增工单", "导出 Excel", "工单列表", order["number"], "已下达", "延误"):
        assert name in shown
    assert "没有符合条件的工单" in text(page.get(f"{AT}work-orders/?state=closed"))


def test_an_order_is_made_on_a_page(api: APIClient, page: Client):
    form = {
        "item": "DN50",
        "quantity": "5",
        "due_on": "2030-06-30",
        "priority": "3",
        "no_materials": "on",
        "no_steps": "on",
    }

    answer = page.post(f"{AT}work-orders/new/", {**form, "release": "1"})

    assert answer.status_code == 302
    made = get(api, "work-orders/")["results"][0]
    assert (made["item"], made["quantity"], made["priority"], made["state"]) == ("DN50", "5", 3, "released")


def test_a_wrong_order_keeps_what_was_typed(page: Client):
    answer = page.post(
        f"{AT}work-orders/new/", {"item": "NOBODY", "quantity": "5", "due_on": "2030-06-30", "priority": "3"}
    )

    shown = text(answer, 422)
    assert "没有物料 NOBODY" in shown
    assert 'value="5"' in shown


def test_the_card_shows_steps_materials_and_verbs(api: APIClient, page: Client):
    order = given_order(api)
    report(api, order, 10, "4")

    shown = text(page.get(f"{AT}work-orders/{order['id']}/"))

    for name in (
        order["number"],
        "生产中",
        "工序",
        "用料",
        "报工记录",
        "操作记录",
        "领料",
        "完工入库",
        "流转卡",
        "圆钢",
    ):
        assert name in shown


@pytest.mark.parametrize(("verb", "state"), [("hold", "on_hold"), ("cancel", "cancelled"), ("close", "closed")])
def test_verbs_are_buttons(api: APIClient, page: Client, verb: str, state: str):
    order = given_order(api)

    answer = page.post(f"{AT}work-orders/{order['id']}/do/{verb}/")

    assert answer.status_code == 302
    assert fresh(api, order)["state"] == state


def test_a_refusal_is_said_on_the_card(api: APIClient, page: Client):
    order = given_order(api)
    page.post(f"{AT}work-orders/{order['id']}/do/resume/")

    shown = text(page.get(f"{AT}work-orders/{order['id']}/"))

    assert "不能恢复" in shown


def test_material_and_goods_move_from_the_card(api: APIClient, page: Client):
    given(api, "warehouses", code="WH-RAW", name="原料仓")
    order = given_order(api, steps=[])
    where = {"warehouse": "WH-RAW", "moved_on": "2025-06-30"}
    address = f"{AT}work-orders/{order['id']}"

    page.post(f"{address}/issue/", {**where, "kit": "1"})
    page.post(f"{address}/return/", {**where, "item": "STEEL", "quantity": "2"})
    page.post(f"{address}/receive/", {**where, "quantity": "3"})
    page.post(f"{address}/change/", {"version": "2", "quantity": "20", "due_on": "2030-06-30", "priority": "1"})

    shown = fresh(api, order)
    assert [(row["issued"], row["returned"]) for row in shown["materials"]] == [("12", "2"), ("40", "0")]
    assert (shown["received"], shown["quantity"]) == ("3", "20")


def test_a_refused_dialog_stands_open_with_what_was_typed(api: APIClient, page: Client):
    given(api, "warehouses", code="WH-RAW", name="原料仓")
    order = given_order(api, steps=[])
    where = {"warehouse": "WH-RAW", "moved_on": "2025-06-30"}
    address = f"{AT}work-orders/{order['id']}"

    issued = text(page.post(f"{address}/issue/", {**where, "item": "NOBODY", "quantity": "7", "lot": "H-9"}), 422)
    over = text(page.post(f"{address}/issue/", {**where, "item": "STEEL", "quantity": "99"}), 422)
    received = text(page.post(f"{address}/receive/", {**where, "quantity": "x"}), 422)
    changed = text(page.post(f"{address}/change/", {"version": "99", "quantity": "20", "due_on": "2030-06-30"}), 422)

    assert "没有物料 NOBODY" in issued and 'value="H-9"' in issued and 'value="7"' in issued
    assert "超领请写明原因" in over and 'value="99"' in over
    assert all(shown.count('data-q-auto="keep"') == 1 for shown in (issued, over, received, changed))
    assert 'role="alert"' in received and 'value="20"' in changed


def test_a_verb_that_came_too_late_is_said_on_the_card(api: APIClient, page: Client):
    given(api, "warehouses", code="WH-RAW", name="原料仓")
    order = given_order(api, steps=[])
    page.post(f"{AT}work-orders/{order['id']}/do/close/")

    late = page.post(
        f"{AT}work-orders/{order['id']}/receive/", {"moved_on": "2025-06-30", "warehouse": "WH-RAW", "quantity": "1"}
    )

    assert late.status_code == 302
    assert "已关闭，不能入库" in text(page.get(f"{AT}work-orders/{order['id']}/"))


def test_the_traveller_is_a_pdf(api: APIClient, page: Client):
    order = given_order(api)

    answer = page.get(f"{AT}work-orders/{order['id']}/traveller/")

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF")


@pytest.mark.parametrize(
    "code", ["{number}/10", "{number}|10", "http://x/production/reports/new/?order={number}&seq=10"]
)
def test_a_scan_opens_the_step(api: APIClient, page: Client, code: str):
    order = given_order(api)

    answer = page.get(f"{AT}reports/", {"code": code.format(number=order["number"])})

    assert answer.status_code == 302
    assert answer["Location"].endswith("seq=10")


def test_an_unknown_code_is_said(page: Client):
    assert "没有认出这个码" in text(page.get(f"{AT}reports/", {"code": "6901234567892"}))


def test_a_report_and_its_undo_on_a_phone(api: APIClient, page: Client):
    given_people(api, "E1", "E2")
    order = given_order(api)
    address = f"{AT}reports/new/?order={order['number']}&seq=10"
    form = text(page.get(address))
    assert 'value="10"' in form

    page.post(address, {"good": "6", "workers": ["E1", "E2"], "key": "k1"})
    page.post(address, {"good": "6", "workers": ["E1", "E2"], "key": "k1"})

    shown = text(page.get(f"{AT}reports/"))
    assert "我今天的报工" in shown
    assert fresh(api, order)["steps"][0]["good"] == "6"
    made = get(api, "reports/")["results"][0]
    page.post(f"{AT}reports/{made['id']}/undo/", {"reason": "数错"})
    assert fresh(api, order)["steps"][0]["good"] == "0"


def test_too_many_pieces_are_said_beside_the_number(api: APIClient, page: Client):
    order = given_order(api)

    answer = page.post(f"{AT}reports/new/?order={order['number']}&seq=10", {"good": "11"})

    assert "还可报 10" in text(answer, 422)


def test_wages_by_worker_and_their_month(api: APIClient, page: Client):
    given_people(api, "E1")
    page.post(f"{AT}wages/rates/", {"item": "DN50", "seq": "10", "rate": "0.5", "valid_from": "2020-01-01"})
    order = given_order(api)
    report(api, order, 10, "6", workers=[{"employee": "E1"}], ended_at="2025-02-27T10:00:00+08:00")

    shown = text(page.get(f"{AT}wages/?from=2025-02-01&to=2025-02-28"))
    page.post(f"{AT}wages/settle/", {"month": "2025-02"})

    assert "3.00" in shown
    assert "已结算" in text(page.get(f"{AT}wages/"))
    assert "0.5" in text(page.get(f"{AT}wages/rates/"))


def test_who_may_look_may_not_plan(api: APIClient, page_of: Callable[[str], Client]):
    order = given_order(api)
    bob = page_of("bob")

    assert "新增工单" not in text(bob.get(f"{AT}work-orders/"))
    assert bob.post(f"{AT}work-orders/{order['id']}/do/hold/").status_code == 403


def test_another_company_finds_no_order(api: APIClient, page_of: Callable[[str], Client]):
    order = given_order(api)

    assert page_of("charlie").get(f"{AT}work-orders/{order['id']}/").status_code == 404
    assert page_of("charlie").get(f"{AT}work-orders/{10**17}/").status_code == 404
