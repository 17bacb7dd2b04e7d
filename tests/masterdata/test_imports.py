"""Excel in and out: PLT-01 to the row, duplicates hard and soft, and a round trip that changes nothing."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import load_workbook

from apps.masterdata.models import Item, Partner
from kernel import attachments
from kernel.models import Attachment, Fact
from tenants.context import tenant_context
from tenants.models import Membership
from tests.masterdata.given import BASE, given, given_item, given_partner, refused


def sent(api, resource, text, **options):
    """Import CSV text; the job when it is over."""
    file = SimpleUploadedFile("表.csv", text.encode("utf-8-sig"), content_type="text/csv")
    answer = api.post(f"{BASE}{resource}/imports/", {"file": file, **options}, format="multipart")
    assert answer.status_code == 202, answer.content.decode()
    return api.get(f"{BASE}{resource}/imports/{answer.json()['id']}/").json()


def exported(api, resource, fmt="csv"):
    answer = api.get(f"{BASE}{resource}/?format={fmt}")
    return b"".join(answer.streaming_content)


def test_a_thousand_rows_with_twenty_duplicates(api_of, hongda):
    alice = api_of("alice")
    rows = [f"N{number:04},螺母 {number},个" for number in range(980)]
    rows += [f"n{number:04},又一个 {number},个" for number in range(20)]

    job = sent(alice, "items", "\n".join(["物料编码,物料名称,库存单位", *rows]), mode="skip_bad_rows")

    assert (job["state"], job["rows"], job["created"], job["failed"]) == ("done", 1000, 980, 20)
    assert alice.get(f"{BASE}items/").json()["count"] == 980
    errors = _error_rows(job, hongda)
    assert len(errors) == 20
    assert "N0000".lower() in " ".join(map(str, errors[0])).lower() and "重复" in " ".join(map(str, errors[0]))


def _error_rows(job, company):
    with tenant_context(company):
        attachment = Attachment.objects.get(pk=int(job["error_file"].rstrip("/").rpartition("/")[2]))
        with attachments.open_file(attachment) as file:
            return load_workbook(io.BytesIO(file.read())).get_sheet_by_index(0).to_python()[1:]


def test_all_or_nothing_writes_nothing_when_one_row_is_bad(api_of):
    alice = api_of("alice")

    job = sent(alice, "items", "物料编码,物料名称,库存单位\nA,甲,个\nB,乙,锅\n")

    assert (job["state"], job["created"], job["failed"]) == ("failed", 0, 1)
    assert job["errors"][0]["code"] == "unknown_unit" and job["errors"][0]["row"] == 3
    assert alice.get(f"{BASE}items/").json()["count"] == 0


def test_english_headings_and_more_columns(api_of):
    alice = api_of("alice")
    text = (
        "Item code,Item name,Stock unit,Source,Other units,Barcodes,Stocked,Standard cost\n"
        "A,Bolt,pcs,make,box=100;set=1/3,6901234567892@box,no,1.25\n"
    )

    job = sent(alice, "items", text)

    item = alice.get(f"{BASE}items/A/").json()
    assert job["created"] == 1, job
    assert (item["source"], item["is_stocked"], item["standard_cost"]) == ("make", False, "1.25")
    assert item["units"] == [{"unit": "box", "factor": "100"}, {"unit": "set", "factor": "1/3"}]
    assert item["barcodes"][0]["unit"] == "box"


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("M6-BOLT,又一个,个,", "duplicate_code"),
        ("OLD,旧编码,个,", "duplicate_code"),
        ("B,乙,个,6901234567892", "duplicate_barcode"),
        ("B,乙,个,6901234567893", "bad_check_digit"),
    ],
)
def test_hard_duplicates_against_what_is_stored(api_of, row, code):
    alice = api_of("alice")
    given_item(alice, "OLD", barcodes=[{"value": "6901234567892"}])
    alice.patch(f"{BASE}items/OLD/", {"code": "M6-BOLT"}, format="json")

    job = sent(alice, "items", f"物料编码,物料名称,库存单位,条码\n{row}\n")

    assert (job["state"], job["errors"][0]["code"]) == ("failed", code)


def test_soft_duplicates_are_kept_and_named(api_of):
    alice = api_of("alice")
    given_item(alice, "M6-BOLT", "六角螺栓", spec="M6x20")
    given_partner(alice, "C001", "宏图机械有限公司", contacts=[{"name": "张伟", "mobile": "13800000001"}])

    items = sent(alice, "items", "物料编码,物料名称,规格型号,库存单位\nX1,六角 螺栓,M6×20,个\n")
    text = "单位编码,单位名称,联系人\nC2,宏图机械股份有限公司,\nC3,另一家,张三 138 0000 0001\n"
    partners = sent(alice, "partners", text)

    assert (items["created"], items["warnings"]) == (1, 1)
    assert "M6-BOLT" in items["warning_rows"][0]["message"]
    assert (partners["created"], partners["warnings"]) == (2, 1)


def test_updating_touches_only_the_columns_that_are_there(api_of):
    alice = api_of("alice")
    given_item(alice, "A", "甲", spec="S1", internal_note="别改")

    job = sent(alice, "items", "物料编码,物料名称,库存单位\nA,新名字,个\n", on_existing="update")

    item = alice.get(f"{BASE}items/A/").json()
    assert (job["updated"], item["name"], item["spec"], item["internal_note"]) == (1, "新名字", "S1", "别改")


@pytest.mark.parametrize("fmt", ["csv", "xlsx"])
def test_importing_an_export_changes_nothing(api_of, hongda, fmt):
    alice = api_of("alice")
    _everything(alice)
    with tenant_context(hongda):
        facts = Fact.objects.count()
        before = list(Item.objects.order_by("id").values()), list(Partner.objects.order_by("id").values())

    for resource in ("items", "partners", "warehouses", "locations", "departments", "employees", "categories", "units"):
        content = exported(alice, resource, fmt)
        file = SimpleUploadedFile(f"x.{fmt}", content)
        body = {"file": file, "on_existing": "update"}
        job_id = alice.post(f"{BASE}{resource}/imports/", body, format="multipart").json()["id"]
        job = alice.get(f"{BASE}{resource}/imports/{job_id}/").json()
        assert (job["state"], job["created"], job["updated"], job["failed"]) == ("done", 0, 0, 0), (resource, job)

    with tenant_context(hongda):
        assert Fact.objects.count() == facts
        after = list(Item.objects.order_by("id").values()), list(Partner.objects.order_by("id").values())
    assert after == before


def _everything(api):
    given(api, "categories", code="A", name="紧固件")
    given(api, "categories", code="AB", name="螺栓", parent="A")
    given(api, "departments", code="D1", name="生产部")
    given(api, "employees", code="E1", name="张伟", department="D1", mobile="13800000001")
    given(api, "warehouses", code="WH-RAW", name="原料仓", kind="inspection")
    given(api, "locations", warehouse="WH-RAW", code="A-01", barcode="L1")
    given_item(
        api, "M6-BOLT", "=六角螺栓", spec="M6x20", category="AB", units=[{"unit": "box", "factor": "1/3"}],
        barcodes=[{"value": "6901234567892", "unit": "box"}, {"value": "own-1"}], weight="0.0123",
        standard_cost="0.350000", attributes={"材质": "304"}, is_sold=False, source="make", tracking="lot",
        shelf_life_days=365, internal_note="第一行",
    )  # fmt: skip
    given_item(api, "-MINUS", "负号开头的编码")
    given_partner(
        api, uscc="91350100M000100Y43", is_customer=True, tax_rate="0.13", credit_limit="50000.00", owner="E1",
        contacts=[{"name": "张伟", "mobile": "13800000001"}, {"name": "李娜"}],
        addresses=[{"kind": "delivery", "text": "苏州市吴中区 1 号"}],
    )  # fmt: skip


def test_an_import_is_taken_back(api_of):
    alice = api_of("alice")
    job = sent(alice, "items", "物料编码,物料名称,库存单位\nA,甲,个\nB,乙,个\n")

    answer = alice.post(f"{BASE}items/imports/{job['id']}/undo/", {}, format="json")

    assert answer.status_code == 200, answer.content.decode()
    assert alice.get(f"{BASE}items/").json()["count"] == 0


def test_who_may_not_see_costs_may_not_import_them(api_of):
    Membership.objects.filter(user__email__startswith="bob@").update(role="storekeeper")
    bob = api_of("bob")

    job = sent(bob, "items", "物料编码,物料名称,库存单位,标准成本\nA,甲,个,1.5\n")

    assert (job["state"], job["errors"][0]["code"]) == ("failed", "forbidden")
    assert "标准成本" not in exported(bob, "items").decode("utf-8-sig").splitlines()[0]
    refused(bob.post(f"{BASE}units/imports/", {}, format="multipart"), 403, "forbidden")
