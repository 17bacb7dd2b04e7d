"""Pages of master data: lists, details, forms that keep what was typed, both languages, and nothing of others."""

import re

import pytest

from apps.masterdata.models import Employee, Item, Partner, Warehouse
from tenants.context import tenant_context
from tenants.models import Membership, ModuleGrant
from tests.masterdata.given import given, given_item, given_partner

NO_ROWS = {f"{name}-{key}": value for name in ("units", "barcodes", "contacts", "addresses", "bank_accounts")
           for key, value in (("TOTAL_FORMS", "0"), ("INITIAL_FORMS", "0"))}  # fmt: skip
ITEM = {
    "code": "FL-50", "name": "法兰盘 DN50", "stock_unit": "pcs", "source": "make", "tracking": "none",
    "state": "active", "is_stocked": "on", **NO_ROWS,
}  # fmt: skip
PAGES = (
    "items/", "items/new/", "partners/", "partners/new/", "warehouses/", "warehouses/new/", "locations/new/", "staff/",
    "staff/employees/new/", "staff/departments/new/", "settings/units/", "settings/units/new/",
    "settings/categories/", "settings/categories/new/",
    "settings/families/", "settings/families/new/", "settings/numbers/", "settings/numbers/work_order/",
    "settings/company/",
)  # fmt: skip


def _all_records(api):
    given(api, "categories", code="FST", name="紧固件")
    given(api, "attribute-templates", category="FST", rows=[{"key": "material", "name": "材质", "required": True}])
    given_item(api, category="FST", units=[{"unit": "box", "factor": "100"}], barcodes=[{"value": "6901234567892"}])
    given_partner(api, contacts=[{"name": "张伟", "mobile": "13800000001"}], is_customer=True)
    given(api, "warehouses", code="WH-RAW", name="原料仓")
    given(api, "locations", warehouse="WH-RAW", code="A-01")
    given(api, "departments", code="D1", name="生产部")
    given(api, "employees", code="E1", name="张伟", department="D1")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_stands_in_both_languages(page_of, api_of, path):
    _all_records(api_of("alice"))
    alice = page_of("alice")

    chinese = alice.get(f"/masterdata/{path}")
    alice.cookies["qz_lang"] = "en"
    english = alice.get(f"/masterdata/{path}")

    assert (chinese.status_code, english.status_code) == (200, 200)
    for page in (chinese.content.decode(), english.content.decode()):
        assert "<c-" not in page and "style=" not in page and page.count("<h1") == 1
    assert _chinese_left(english.content.decode()) == []


def _chinese_left(page):
    """Chinese words outside marked data; values of inputs are the company's own."""
    main = page[page.index("<main") : page.index("</main>")]
    main = re.sub(r"<bdi lang=\"zh-CN\">.*?</bdi>", "", main, flags=re.S)
    main = re.sub(r"<select[^>]*lang=\"zh-CN\".*?</select>", "", main, flags=re.S)
    main = re.sub(r"<option[^>]*lang=\"zh-CN\".*?</option>", "", main, flags=re.S)
    main = re.sub(r"value=\"[^\"]*\"", "", main)
    return sorted(set(re.findall(r"[^<>\"]*[\u4e00-\u9fff][^<>\"]*", main)))


def test_details_stand_in_both_languages(page_of, api_of, hongda):
    _all_records(api_of("alice"))
    alice = page_of("alice")
    with tenant_context(hongda):
        item, partner, house = Item.objects.get(), Partner.objects.get(), Warehouse.objects.get()
        worker = Employee.objects.get()
    paths = [
        f"items/{item.pk}/", f"items/{item.pk}/edit/", f"items/{item.pk}/merge/", f"partners/{partner.pk}/",
        f"partners/{partner.pk}/edit/", f"warehouses/{house.pk}/", f"warehouses/{house.pk}/edit/",
        f"staff/employees/{worker.pk}/",
    ]  # fmt: skip

    for path in paths:
        assert alice.get(f"/masterdata/{path}").status_code == 200, path
    alice.cookies["qz_lang"] = "en"
    for path in paths:
        answer = alice.get(f"/masterdata/{path}")
        assert _chinese_left(answer.content.decode()) == [], path


def test_the_item_list_has_the_names_the_contract_gives(page_of, api_of):
    given_item(api_of("alice"))

    page = page_of("alice").get("/masterdata/items/").content.decode()

    assert "<h1>物料" in page
    assert 'aria-label="搜索物料"' in page
    assert re.search(r"<a [^>]*>.*?新增物料", page) and "导入 Excel" in page and "导出 Excel" in page
    assert '<caption class="q-hide">物料列表</caption>' in page
    assert re.search(r'<a href="/masterdata/items/\d+/">M6-BOLT</a>', page)


def test_searching_answers_the_table_alone(page_of, api_of):
    given_item(api_of("alice"))
    given_item(api_of("alice"), "FL-50", "法兰盘")

    answer = page_of("alice").get("/masterdata/items/?q=flp", HTTP_HX_REQUEST="true").content.decode()

    assert "FL-50" in answer and "M6-BOLT" not in answer and "<html" not in answer


def test_a_new_item_is_saved_and_shown(page_of):
    alice = page_of("alice")
    rows = {"units-TOTAL_FORMS": "1", "units-0-unit": "box", "units-0-factor": "100",
            "barcodes-TOTAL_FORMS": "1", "barcodes-0-value": "6901234567892", "barcodes-0-unit": "box"}  # fmt: skip

    answer = alice.post("/masterdata/items/new/", {**ITEM, **rows}, follow=True)

    page = answer.content.decode()
    assert answer.redirect_chain[0][1] == 302
    assert "法兰盘 DN50" in page and "06901234567892" in page and "100" in page


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"code": "M6-BOLT"}, "已被使用"),
        ({"name": ""}, "必填项"),
        ({"units-TOTAL_FORMS": "1", "units-0-unit": "box", "units-0-factor": "abc"}, "换算系数"),
        ({"units-TOTAL_FORMS": "1", "units-0-factor": "12"}, "请填写这一格"),
        ({"barcodes-TOTAL_FORMS": "1", "barcodes-0-value": "6901234567893"}, "校验位"),
    ],
)
def test_a_refused_form_keeps_what_was_typed(page_of, api_of, change, word):
    given_item(api_of("alice"))

    answer = page_of("alice").post("/masterdata/items/new/", {**ITEM, "spec": "PN16 RF", **change})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "PN16 RF" in page and word in page and 'role="alert"' in page


def test_who_saves_second_is_told(page_of, api_of, hongda):
    item = given_item(api_of("alice"))
    url = f"/masterdata/items/{item['id']}/edit/"
    body = {**ITEM, "code": "M6-BOLT", "version": "1"}
    alice = page_of("alice")
    alice.post(url, body)

    answer = alice.post(url, {**body, "name": "我的名字"})

    assert answer.status_code == 422
    assert "内容已被他人修改" in answer.content.decode() and "我的名字" in answer.content.decode()


def test_bank_accounts_wait_for_the_second_person(page_of, api_of):
    partner = given_partner(api_of("alice"), bank_accounts=[{"bank": "工商银行", "account_no": "110202010900"}])
    url = f"/masterdata/partners/{partner['id']}/"
    body = {
        "code": "C001", "name": "宏图机械有限公司", "kind": "company", "status": "approved", **NO_ROWS,
        "bank_accounts-TOTAL_FORMS": "1", "bank_accounts-0-bank": "工商银行",
        "bank_accounts-0-account_no": "999902010900",
    }  # fmt: skip

    refused = page_of("alice").post(f"{url}edit/", body)
    mine = page_of("alice").get(url).content.decode()
    theirs = page_of("bob").get(url).content.decode()
    confirm = re.search(r'action="([^"]+/confirm/)"', theirs)
    assert confirm
    done = page_of("bob").post(confirm[1], follow=True).content.decode()

    assert refused.status_code == 422 and "另一位有权限的人" in refused.content.decode()
    assert "确认改动" not in mine and "撤回" in mine
    assert "999902010900" in done and "110202010900" not in done


def test_the_export_is_the_whole_filter(page_of, api_of):
    for number in range(60):
        given_item(api_of("alice"), f"N{number:03}", "螺母")

    answer = page_of("alice").get("/masterdata/items/?q=N0&format=csv")

    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert len(text.strip().splitlines()) == 61  # the heading and all sixty, not one page


def test_a_company_with_finance_alone_meets_no_items(page_of, api_of, hongda):
    given_item(api_of("alice"))
    ModuleGrant.objects.filter(tenant_id=hongda.id).exclude(module="finance").delete()
    alice = page_of("alice")

    page = alice.get("/masterdata/partners/").content.decode()
    hits = alice.get("/search/?q=M6").content.decode()

    assert "/masterdata/items/" not in page and "/masterdata/warehouses/" not in page
    assert "/masterdata/partners/" in page and "/masterdata/staff/" in page
    assert "/masterdata/items/" not in hits


def test_the_palette_finds_by_initials(page_of, api_of):
    given_item(api_of("alice"), "FL-50", "法兰盘")
    given_partner(api_of("alice"))

    alice = page_of("alice")

    assert "法兰盘" in alice.get("/search/?q=flp").content.decode()
    assert "宏图机械" in alice.get("/search/?q=htjx").content.decode()


def test_lookups_answer_what_may_be_used(page_of, api_of):
    given_item(api_of("alice"))
    given_item(api_of("alice"), "OLD", "旧螺栓", state="stopped")
    alice = page_of("alice")

    results = alice.get("/masterdata/lookup/items/?q=").json()["results"]

    assert [row["code"] for row in results] == ["M6-BOLT"]
    assert alice.get("/masterdata/lookup/nothing/").status_code == 404


def test_a_worker_sees_the_list_and_no_way_to_change_it(page_of, api_of, hongda):
    given_item(api_of("alice"))
    Membership.objects.filter(user__email__startswith="bob@").update(role="worker")
    bob = page_of("bob")

    page = bob.get("/masterdata/items/").content.decode()

    assert "M6-BOLT" in page and "新增物料" not in page and "导入 Excel" not in page
    assert bob.get("/masterdata/items/new/").status_code == 403


def test_charlie_finds_nothing_of_hongda(page_of, api_of, hongda):
    item = given_item(api_of("alice"))
    charlie = page_of("charlie")

    assert "M6-BOLT" not in charlie.get("/masterdata/items/").content.decode()
    assert charlie.get(f"/masterdata/items/{item['id']}/").status_code == 404
    assert charlie.get("/masterdata/lookup/items/").json()["results"] == []
    assert "M6-BOLT" not in charlie.get("/search/?q=M6").content.decode()
