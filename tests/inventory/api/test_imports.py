"""Files that become receipts, orders and item settings."""

from django.core.files.uploadedfile import SimpleUploadedFile
from zeal import zeal_ignore

from tests.inventory.api.company import BASE, Store


def sent(store: Store, path: str, text: str, **more):
    """Import a CSV and answer the finished job."""
    file = SimpleUploadedFile("data.csv", text.encode("utf-8-sig"), content_type="text/csv")
    with zeal_ignore():  # a document of its own for each group of rows is the point of a file
        answer = store.client.post(f"{BASE}{path}/imports/", {"file": file, **more}, format="multipart")
    assert answer.status_code == 202, answer.content.decode()
    return store.get(f"{path}/imports/{answer.json()['id']}/")


def test_opening_stock_becomes_one_receipt_a_warehouse_and_day(store: Store):
    job = sent(store, "receipts", "仓库,物料编码,数量,单价,批号,日期,类型\n"
               "WH-RAW,M6-BOLT,1000,0.35,,2026-01-01,期初\n"
               "WH-RAW,OIL-46,20,8,L-1,2026-01-01,期初\n"
               "WH-FG,FL-DN50,30,12.5,,2026-01-01,\n")  # fmt: skip

    assert (job["state"], job["rows"], job["created"], job["failed"]) == ("done", 3, 3, 0), job
    assert store.get("receipts/")["count"] == 2
    assert store.get("receipts/")["results"][0]["reason"] == "opening"
    assert store.on_hand() == "1000"
    assert store.get("valuation/")["totals"]["value"] == "885.00"  # 350 + 160 + 375


def test_a_bad_row_takes_the_file_with_it_or_falls_out(store: Store):
    text = ("仓库,物料编码,数量,单价,日期\n"
            "WH-RAW,M6-BOLT,1000,0.35,2026-01-01\n"
            "WH-RAW,NOBODY,5,1,2026-01-01\n"
            "WH-RAW,FL-DN50,两个,1,2026-01-01\n")  # fmt: skip

    refused = sent(store, "receipts", text)
    skipped = sent(store, "receipts", text, mode="skip_bad_rows")

    assert (refused["state"], refused["created"]) == ("failed", 0)
    assert (skipped["state"], skipped["created"], skipped["failed"]) == ("done", 1, 2), skipped
    assert {(error["row"], error["code"]) for error in skipped["errors"]} == {(3, "unknown_item"), (4, "bad_number")}
    assert skipped["error_file"]
    assert store.on_hand() == "1000"


def test_orders_are_drafted_by_their_numbers(store: Store):
    job = sent(store, "sales-orders", "单号,往来单位,物料编码,数量,单价,税率,交期\n"
               "SO-1,C001,M6-BOLT,100,1.13,13%,2026-02-01\n"
               "SO-1,C001,FL-DN50,5,20,13%,2026-02-01\n"
               "SO-2,C001,M6-BOLT,7,1.13,,2026-02-05\n")  # fmt: skip
    bought = sent(store, "purchase-orders", "Number,Partner,Item,Quantity,Unit price,Due on\n"
                  "PO-1,S001,M6-BOLT,100,0.9,2026-02-01\n")  # fmt: skip

    assert (job["state"], job["created"]) == ("done", 3), job
    first = store.get("sales-orders/", number="SO-1")["results"][0]
    assert (first["state"], first["total"], len(first["lines"])) == ("draft", "213.00", 2)  # 113 + 100
    assert (bought["state"], store.get("purchase-orders/")["count"]) == ("done", 1)


def test_item_settings_with_a_reorder_rule(store: Store):
    job = sent(store, "item-settings", "物料编码,计价方法,超收比例,仓库,补货规则,再订货点,补到\n"
               "M6-BOLT,先进先出,5%,WH-RAW,最低最高,500,2000\n")  # fmt: skip

    assert (job["state"], job["failed"]) == ("done", 0), job
    found = store.get("item-settings/M6-BOLT/")
    assert (found["method"], found["over_receipt_tolerance"]) == ("fifo", "0.05")
    assert (found["reorder"][0]["warehouse"], found["reorder"][0]["reorder_to"]) == ("WH-RAW", "2000")


def test_the_template_can_be_had(store: Store):
    for path in ("receipts", "sales-orders", "purchase-orders", "item-settings"):
        answer = store.ask(f"{path}/imports/template/")
        assert answer.status_code == 200, path
        assert answer.content[:2] == b"PK"
