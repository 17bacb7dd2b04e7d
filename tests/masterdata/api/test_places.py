"""Warehouses, locations, departments, employees, units, categories, number rules."""

from tests.masterdata.given import BASE, given, refused


def test_a_location_is_unique_in_its_warehouse_and_its_barcode_everywhere(api_of):
    alice = api_of("alice")
    given(alice, "warehouses", code="WH-RAW", name="原料仓", kind="normal")
    given(alice, "warehouses", code="WH-QC", name="待检仓", kind="inspection")
    given(alice, "locations", warehouse="WH-RAW", code="A-01", barcode="L1")

    twin = alice.post(f"{BASE}locations/", {"warehouse": "wh-raw", "code": "a-01"}, format="json")
    label = alice.post(f"{BASE}locations/", {"warehouse": "WH-QC", "code": "A-01", "barcode": "l1"}, format="json")
    other = given(alice, "locations", warehouse="WH-QC", code="A-01")

    refused(twin, 409, "duplicate_code")
    refused(label, 409, "duplicate_barcode")
    assert alice.get(f"{BASE}locations/WH-QC/A-01/").json()["id"] == other["id"]
    assert alice.get(f"{BASE}locations/?warehouse=WH-QC").json()["count"] == 1
    refused(alice.post(f"{BASE}locations/", {"warehouse": "NO", "code": "A"}, format="json"), 400, "unknown_warehouse")
    refused(alice.delete(f"{BASE}warehouses/WH-RAW/"), 409, "in_use")
    assert alice.delete(f"{BASE}locations/WH-RAW/A-01/").status_code == 204
    assert alice.delete(f"{BASE}warehouses/WH-RAW/").status_code == 204


def test_a_barcode_of_a_location_is_no_items_barcode(api_of):
    alice = api_of("alice")
    given(alice, "warehouses", code="WH", name="仓库")
    given(alice, "locations", warehouse="WH", code="A", barcode="X-1")

    body = {"code": "A", "name": "a", "stock_unit": "pcs", "barcodes": [{"value": "x-1"}]}

    refused(alice.post(f"{BASE}items/", body, format="json"), 409, "duplicate_barcode")


def test_departments_never_close_a_loop(api_of):
    alice = api_of("alice")
    given(alice, "departments", code="D1", name="生产部")
    given(alice, "departments", code="D2", name="一车间", parent="D1")

    refused(alice.patch(f"{BASE}departments/D1/", {"parent": "D2"}, format="json"), 409, "cycle")
    refused(alice.patch(f"{BASE}departments/D1/", {"parent": "D1"}, format="json"), 409, "cycle")
    refused(alice.delete(f"{BASE}departments/D1/"), 409, "in_use")
    assert alice.patch(f"{BASE}departments/D2/", {"parent": None}, format="json").json()["parent"] is None


def test_categories_have_paths_and_no_loops(api_of):
    alice = api_of("alice")
    given(alice, "categories", code="A", name="紧固件")
    child = given(alice, "categories", code="AB", name="螺栓", parent="A")

    assert child["path"] == "A/AB"
    refused(alice.patch(f"{BASE}categories/A/", {"parent": "AB"}, format="json"), 409, "cycle")
    refused(alice.post(f"{BASE}categories/", {"code": "A/C", "name": "x"}, format="json"), 400, "bad_code")
    moved = alice.patch(f"{BASE}categories/A/", {"code": "F"}, format="json").json()
    assert (moved["path"], alice.get(f"{BASE}categories/AB/").json()["path"]) == ("F", "F/AB")


def test_an_employee_may_be_a_member_once(api_of, alice):
    api = api_of("alice")
    given(api, "departments", code="D1", name="财务部")
    employee = given(api, "employees", code="E1", name="李敏", department="D1", member=alice.user_id)

    taken = api.post(f"{BASE}employees/", {"code": "E2", "name": "x", "member": alice.user_id}, format="json")
    unknown = api.post(f"{BASE}employees/", {"code": "E2", "name": "x", "member": 999999}, format="json")

    assert employee["member"] == alice.user_id
    refused(taken, 409, "member_taken")
    refused(unknown, 400, "unknown_member")
    assert api.patch(f"{BASE}employees/E1/", {"state": "left"}, format="json").json()["state"] == "left"
    assert api.get(f"{BASE}employees/?state=active").json()["count"] == 0


def test_units_are_provisioned_and_more_can_be_added(api_of):
    alice = api_of("alice")
    codes = [row["code"] for row in alice.get(f"{BASE}units/").json()["results"]]

    assert codes[:3] == ["pcs", "set", "pair"] and len(codes) == 17
    given(alice, "units", code="drum", name="桶", decimals=2, rec20="XDR")
    refused(alice.post(f"{BASE}units/", {"code": "PCS", "name": "件"}, format="json"), 409, "duplicate_code")
    refused(alice.post(f"{BASE}units/", {"code": "ge", "name": "个"}, format="json"), 409, "duplicate_code")
    refused(alice.post(f"{BASE}units/", {"code": "x", "name": "x", "decimals": 5}, format="json"), 400, "invalid")
    assert alice.delete(f"{BASE}units/drum/").status_code == 204


def test_number_rules(api_of):
    alice = api_of("alice")
    rule = f"{BASE}number-rules/work_order/"

    assert alice.get(rule).json()["pattern"] == "MO{yy}{MM}-{seq:4}"
    assert len(alice.get(f"{rule}preview/").json()["next"]) == 3
    body = {"pattern": "W{yyyy}{seq:5}", "reset": "year", "gapless": True}
    assert alice.put(rule, body, format="json").json()["pattern"] == "W{yyyy}{seq:5}"
    refused(alice.put(rule, {"pattern": "W", "reset": "never"}, format="json"), 400, "bad_pattern")
    refused(alice.put(rule, {"pattern": "W{seq:4}", "reset": "month"}, format="json"), 400, "bad_pattern")
    refused(alice.get(f"{BASE}number-rules/nothing/"), 404, "not_found")


def test_charlie_sees_nothing_of_hongda(api_of):
    alice, charlie = api_of("alice"), api_of("charlie")
    item = given(alice, "items", code="M6-BOLT", name="螺栓", stock_unit="pcs")
    given(alice, "partners", code="C001", name="宏图机械")
    given(alice, "warehouses", code="WH", name="仓库")

    for resource in ("items", "partners", "warehouses", "locations", "departments", "employees", "families"):
        assert charlie.get(f"{BASE}{resource}/").json()["count"] == 0
    refused(charlie.get(f"{BASE}items/M6-BOLT/"), 404, "not_found")
    refused(charlie.get(f"{BASE}items/{item['id']}/"), 404, "not_found")
    refused(charlie.get(f"{BASE}scan/?code=M6-BOLT"), 404, "not_found")
    assert given(charlie, "items", code="M6-BOLT", name="自己的螺栓", stock_unit="pcs")["name"] == "自己的螺栓"
