"""items/: what a client sends and gets, every refusal by its code."""

import pytest

from tenants.models import Membership
from tests.masterdata.given import BASE, given, given_item, refused

ITEMS = f"{BASE}items/"


def test_an_item_comes_back_with_its_units_and_barcodes(api_of):
    alice = api_of("alice")

    item = given_item(
        alice, spec="M6x20", units=[{"unit": "箱", "factor": "100"}], standard_cost="0.35",
        barcodes=[{"value": "6901234567892", "unit": "XBX"}],
    )  # fmt: skip

    assert (item["stock_unit"], item["units"]) == ("pcs", [{"unit": "box", "factor": "100"}])
    assert item["barcodes"] == [{"value": "06901234567892", "unit": "box", "kind": "gtin"}]
    assert item["standard_cost"] == "0.35"
    assert alice.get(f"{ITEMS}ｍ6-bolt/").json()["id"] == item["id"]
    assert alice.get(f"{ITEMS}{item['id']}/").json()["code"] == "M6-BOLT"


def test_a_code_that_is_all_digits_wins_over_an_id(api_of):
    alice = api_of("alice")
    first = given_item(alice, "A")
    numbered = given_item(alice, str(first["id"]))

    assert alice.get(f"{ITEMS}{first['id']}/").json()["id"] == numbered["id"]


def test_a_code_may_hold_a_slash(api_of):
    alice = api_of("alice")
    given_item(alice, "FL/DN50", "法兰盘 DN50")

    assert alice.get(f"{ITEMS}FL/DN50/").json()["name"] == "法兰盘 DN50"
    answer = alice.get(f"{ITEMS}FL/DN50/convert/?quantity=3&from=pcs&to=pcs").json()
    assert answer == {"quantity": "3", "unit": "pcs"}


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"code": "m6-bolt"}, 409, "duplicate_code"),
        ({"code": "Ｍ6-BOLT "}, 409, "duplicate_code"),
        ({"code": "B", "barcodes": [{"value": "6901234567892"}]}, 409, "duplicate_barcode"),
        ({"code": "B", "barcodes": [{"value": "6901234567893"}]}, 400, "bad_check_digit"),
        ({"code": "B", "stock_unit": "锅"}, 400, "unknown_unit"),
        ({"code": "B", "units": [{"unit": "锅", "factor": "2"}]}, 400, "unknown_unit"),
        ({"code": "B", "barcodes": [{"value": "X1", "unit": "box"}]}, 400, "unknown_unit"),
        ({"code": "B", "units": [{"unit": "box", "factor": "0"}]}, 400, "bad_factor"),
        ({"code": "B", "category": "无"}, 400, "unknown_category"),
        ({"code": "  "}, 400, "invalid"),
        ({"code": "B", "source": "steal"}, 400, "invalid"),
        ({"code": "B", "units": [{"unit": "box", "factor": "1e999999999"}]}, 400, "bad_factor"),
    ],
)
def test_refusals_of_a_new_item(api_of, body, status, code):
    alice = api_of("alice")
    given_item(alice, barcodes=[{"value": "6901234567892"}])

    answer = alice.post(ITEMS, {"name": "螺栓", "stock_unit": "pcs", **body}, format="json")

    refused(answer, status, code)
    assert alice.get(ITEMS).json()["count"] == 1


def test_a_renamed_item_is_still_found_and_its_old_code_is_taken(api_of):
    alice = api_of("alice")
    item = given_item(alice)

    renamed = alice.patch(f"{ITEMS}M6-BOLT/", {"code": "BOLT-M6", "version": item["version"]}, format="json").json()

    assert (renamed["code"], renamed["aliases"]) == ("BOLT-M6", ["M6-BOLT"])
    assert alice.get(f"{ITEMS}M6-BOLT/").json()["code"] == "BOLT-M6"
    assert alice.get(f"{ITEMS}?search=m6-bolt").json()["count"] == 1
    refused(
        alice.post(ITEMS, {"code": "M6-BOLT", "name": "x", "stock_unit": "pcs"}, format="json"), 409, "duplicate_code"
    )
    back = alice.patch(f"{ITEMS}BOLT-M6/", {"code": "M6-BOLT"}, format="json").json()
    assert (back["code"], back["aliases"]) == ("M6-BOLT", ["BOLT-M6"])


def test_a_stale_version_is_refused(api_of):
    alice = api_of("alice")
    item = given_item(alice)
    alice.patch(f"{ITEMS}M6-BOLT/", {"name": "螺栓", "version": item["version"]}, format="json")

    answer = alice.patch(f"{ITEMS}M6-BOLT/", {"name": "螺钉", "version": item["version"]}, format="json")

    assert refused(answer, 409, "stale_version")["current"] == item["version"] + 1


def test_conversion(api_of):
    alice = api_of("alice")
    given_item(alice, units=[{"unit": "box", "factor": "100"}, {"unit": "set", "factor": "3"}])
    convert = f"{ITEMS}M6-BOLT/convert/"

    assert alice.get(f"{convert}?quantity=250&from=个&to=箱").json() == {"quantity": "2.5", "unit": "box"}
    assert alice.get(f"{convert}?quantity=1&from=set&to=box").json() == {"quantity": "0.03", "unit": "box"}
    refused(alice.get(f"{convert}?quantity=1&from=pcs&to=set"), 409, "unit_not_exact")  # 1/3 never ends
    refused(alice.get(f"{convert}?quantity=1&from=kg&to=pcs"), 400, "unknown_unit")
    refused(alice.get(f"{convert}?quantity=x&from=pcs&to=box"), 400, "bad_quantity")
    refused(alice.get(f"{convert}?quantity=1.5&from=pcs&to=box"), 400, "too_many_decimals")


def test_completeness_lists_what_is_missing(api_of):
    alice = api_of("alice")
    given(alice, "categories", code="FST", name="紧固件")
    rows = [
        {"key": "material", "name": "材质", "required": True},
        {"key": "grade", "name": "强度等级", "type": "enum", "options": ["8.8", "10.9"], "required": True},
        {"key": "plated", "name": "镀锌", "type": "bool"},
    ]
    template = given(alice, "attribute-templates", category="FST", rows=rows)
    given_item(alice, category="FST", attributes={"grade": "8.8", "plated": "是"})

    answer = alice.get(f"{ITEMS}M6-BOLT/completeness/").json()

    assert template["version"] == 1
    assert answer == {"required": 2, "filled": 1, "ratio": "0.5000", "missing": ["材质"]}


def test_a_new_template_version_never_rewrites_an_item(api_of):
    alice = api_of("alice")
    given(alice, "categories", code="FST", name="紧固件")
    first = [{"key": "material", "name": "材质", "required": True}]
    given(alice, "attribute-templates", category="FST", rows=first)
    given_item(alice, category="FST", attributes={"material": "304"})

    again = given(alice, "attribute-templates", category="FST", rows=first)
    second = given(
        alice, "attribute-templates", category="FST", rows=[*first, {"key": "od", "name": "外径", "required": True}]
    )

    assert (again["version"], second["version"]) == (1, 2)
    assert alice.get(f"{ITEMS}M6-BOLT/").json()["template_version"] == 1
    assert alice.get(f"{ITEMS}M6-BOLT/completeness/").json()["ratio"] == "1.0000"
    body = {"category": "FST", "version": 1, "rows": []}
    refused(alice.post(f"{BASE}attribute-templates/", body, format="json"), 409, "stale_version")
    body = {"code": "B", "name": "b", "stock_unit": "pcs", "category": "FST", "attributes": {"colour": "red"}}
    refused(alice.post(ITEMS, body, format="json"), 400, "bad_attributes")


def test_a_family_makes_its_variants_once(api_of):
    alice = api_of("alice")
    axes = {"颜色": [{"code": "RD", "name": "红"}, {"code": "BL", "name": "蓝"}, {"code": "GN", "name": "绿"}],
            "尺码": ["S", "M", "L", "XL"]}  # fmt: skip
    given(alice, "families", code="GLOVE", name="劳保手套", axes=axes, stock_unit="pair")

    first = alice.post(f"{BASE}families/GLOVE/generate/", {}, format="json").json()
    second = alice.post(f"{BASE}families/GLOVE/generate/", {}, format="json").json()

    assert (first["created"], second["created"]) == (12, 0)  # 3 colours x 4 sizes
    item = alice.get(f"{ITEMS}GLOVE-RD-XL/").json()
    assert (item["axis_values"], item["stock_unit"]) == ({"颜色": "红", "尺码": "XL"}, "pair")
    refused(alice.delete(f"{BASE}families/GLOVE/"), 409, "in_use")


def test_merging_leads_the_old_code_to_the_kept_item(api_of):
    alice = api_of("alice")
    given_item(alice, "M6-BOLT")
    given_item(alice, "M6B", units=[{"unit": "box", "factor": "50"}], barcodes=[{"value": "6901234567892"}])

    kept = alice.post(f"{ITEMS}merge/", {"keep": "M6-BOLT", "drop": "M6B"}, format="json").json()

    assert (kept["aliases"], kept["units"]) == (["M6B"], [{"unit": "box", "factor": "50"}])
    assert alice.get(f"{ITEMS}M6B/").json()["code"] == "M6-BOLT"
    assert alice.get(f"{BASE}scan/?code=6901234567892").json()["item"] == "M6-BOLT"
    assert alice.get(ITEMS).json()["count"] == 1
    refused(alice.post(f"{ITEMS}merge/", {"keep": "M6-BOLT", "drop": "M6-BOLT"}, format="json"), 400, "invalid")


def test_an_unused_item_can_be_deleted(api_of):
    alice = api_of("alice")
    given_item(alice)

    assert alice.delete(f"{ITEMS}M6-BOLT/").status_code == 204
    refused(alice.get(f"{ITEMS}M6-BOLT/"), 404, "not_found")


def test_lists_are_filtered_searched_and_ordered(api_of):
    alice = api_of("alice")
    given(alice, "categories", code="A", name="紧固件")
    given(alice, "categories", code="AB", name="螺栓", parent="A")
    given_item(alice, "M6-BOLT", "六角螺栓", category="AB")
    given_item(alice, "FL-50", "法兰盘 DN50", source="make", state="stopped")

    def codes(query):
        return [row["code"] for row in alice.get(f"{ITEMS}?{query}").json()["results"]]

    assert codes("ordering=-code") == ["M6-BOLT", "FL-50"]
    assert codes("search=flp") == ["FL-50"]  # 拼音首字母
    assert codes("search=falanpan dn50") == ["FL-50"]
    assert codes("search=六角") == ["M6-BOLT"]
    assert codes("category=A") == ["M6-BOLT"]  # with everything below it
    assert codes("category=A/AB") == ["M6-BOLT"]
    assert codes("state=stopped&source=make") == ["FL-50"]
    assert codes("search=%25") == []


def test_scanning(api_of):
    alice = api_of("alice")
    given_item(alice, units=[{"unit": "box", "factor": "100"}], barcodes=[{"value": "6901234567892", "unit": "box"}])
    given(alice, "warehouses", code="WH-RAW", name="原料仓")
    given(alice, "locations", warehouse="WH-RAW", code="A-01", barcode="LOC-1")

    def scan(code):
        return alice.get(f"{BASE}scan/", {"code": code})

    assert scan("6901234567892").json() == {
        "kind": "item", "code": "6901234567892", "item_id": scan("M6-BOLT").json()["item_id"], "item": "M6-BOLT",
        "name": "六角螺栓", "unit": "box", "gtin": "06901234567892",
    }  # fmt: skip
    lot = scan("(01)06901234567892(10)L2606(17)261231").json()
    assert (lot["kind"], lot["lot"], lot["expires_on"]) == ("lot", "L2606", "2026-12-31")
    assert scan("loc-1").json()["kind"] == "location"
    assert scan("A-01").json()["warehouse"] == "WH-RAW"
    assert scan("QZ1|item|M6-BOLT").json()["item"] == "M6-BOLT"
    refused(scan("nobody"), 404, "not_found")
    refused(scan("(01)06901234567893"), 400, "bad_check_digit")
    refused(scan(""), 404, "not_found")


def test_secret_fields_are_for_those_with_the_right(api_of, db):
    Membership.objects.filter(user__email__startswith="bob@").update(role="storekeeper")
    alice, bob = api_of("alice"), api_of("bob")
    given_item(alice, standard_cost="1.20")

    seen = bob.get(f"{ITEMS}M6-BOLT/").json()

    assert "standard_cost" not in seen and "target_price" not in seen
    refused(bob.patch(f"{ITEMS}M6-BOLT/", {"standard_cost": "9"}, format="json"), 403, "forbidden")
    assert bob.patch(f"{ITEMS}M6-BOLT/", {"name": "螺栓"}, format="json").status_code == 200
    assert alice.get(f"{ITEMS}M6-BOLT/").json()["standard_cost"] == "1.2"


def test_a_worker_reads_and_never_writes(api_of, db):
    Membership.objects.filter(user__email__startswith="bob@").update(role="worker")
    bob = api_of("bob")

    assert bob.get(ITEMS).status_code == 200
    refused(bob.post(ITEMS, {"code": "A", "name": "a", "stock_unit": "pcs"}, format="json"), 403, "forbidden")


@pytest.mark.parametrize("letter", ["\\u0000", "\\ud800"])
def test_letters_that_cannot_be_stored_are_refused_in_free_form_parts(api_of, letter):
    alice = api_of("alice")
    texts = (
        f'{{"code": "A", "name": "n", "stock_unit": "pcs", "attributes": {{"k": "{letter}"}}}}',
        f'{{"code": "A", "name": "n", "stock_unit": "pcs", "attributes": {{"{letter}": "v"}}}}',
    )

    for text in texts:
        answer = alice.post(ITEMS, text, content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid"), text
