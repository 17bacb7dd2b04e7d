"""scan/ and labels/: a scan is understood, posted once, and answered with what comes next."""

import pytest

from tests.inventory.api.company import Store, code_of

HERE = {"warehouse": "WH-RAW"}


def scanned(store: Store, task: str, code: str, **more):
    return store.made("scan/", {"task": task, "code": code, **more})


def test_a_scan_asks_for_what_is_missing(store: Store):
    nowhere = scanned(store, "receive", "M6-BOLT", quantity="5")
    how_many = scanned(store, "receive", "M6-BOLT", context=HERE)
    which_lot = scanned(store, "receive", "OIL-46", context=HERE, quantity="5")

    assert (nowhere["next"], nowhere["posted"]) == ("warehouse", None)
    assert (how_many["next"], how_many["posted"]) == ("quantity", None)
    assert how_many["understood"]["item"] == "M6-BOLT"
    assert which_lot["next"] == "lot"


def test_received_once_however_often_the_key_comes(store: Store):
    store.receipt("1")  # gives the item a cost to go by
    body = {"task": "receive", "code": "M6-BOLT", "quantity": "5", "context": HERE, "key": "phone-1"}

    first = store.made("scan/", body)
    second = store.made("scan/", body)

    assert first["posted"]["document"].startswith("RK")
    assert second["posted"] == first["posted"]
    assert second["repeated"] is True
    assert store.on_hand() == "6"


def test_shipping_an_order_by_scan(store: Store):
    store.receipt("100")
    order = store.sale("10")

    found = scanned(store, "ship", order["number"])
    context = {**found["context"], "warehouse": "WH-RAW"}
    posted = scanned(store, "ship", "M6-BOLT", quantity="4", context=context)
    over = store.post("scan/", {"task": "ship", "code": "M6-BOLT", "quantity": "7", "context": context})
    strange = store.post("scan/", {"task": "ship", "code": "FL-DN50", "quantity": "1", "context": context})

    assert (found["understood"]["kind"], found["context"]["document"]) == ("order", order["number"])
    assert posted["posted"]["move"] is not None
    assert store.get(f"sales-orders/{order['id']}/")["lines"][0]["shipped"] == "4"
    assert code_of(over) == (409, "over_shipment")
    assert code_of(strange) == (409, "not_in_document")


def test_gtin_lot_and_dates_of_a_gs1_code(store: Store):
    store.client.patch(
        "/api/v1/masterdata/items/OIL-46/", {"version": 1, "barcodes": [{"value": "6901234567892"}]}, format="json"
    )
    order = store.purchase("50", line={"item": "OIL-46", "unit": "kg"})

    answer = scanned(
        store, "receive", "(01)06901234567892(17)301231(10)L-7(3100)000020",
        context={"document": order["number"], "warehouse": "WH-RAW"},
    )  # fmt: skip

    assert answer["posted"] is not None, answer
    lot = store.get("lots/", item="OIL-46")["results"][0]
    assert (lot["code"], lot["quantity"], lot["expires_on"]) == ("L-7", "20", "2030-12-31")
    assert store.get(f"purchase-orders/{order['id']}/")["lines"][0]["received"] == "20"


def test_moving_and_looking_up(store: Store):
    store.receipt("10")
    asks = scanned(store, "move", "M6-BOLT", quantity="3", context=HERE)
    moved = scanned(store, "move", "M6-BOLT", quantity="3", context={**HERE, "to_warehouse": "WH-FG"})
    seen = scanned(store, "look_up", "M6-BOLT")

    assert asks["next"] == "target"
    assert moved["posted"]["document"].startswith("DB")
    assert seen["posted"] is None
    assert [(row["warehouse"], row["quantity"]) for row in seen["stock"]] == [("WH-FG", "3"), ("WH-RAW", "7")]


def test_an_unknown_code_says_what_it_looked_like(store: Store):
    refused = store.post("scan/", {"task": "look_up", "code": "6901234567892"})

    assert code_of(refused) == (400, "unknown_code")
    assert refused.json()["looks_like"] == "商品条码（13 位）"
    assert code_of(store.post("scan/", {"task": "look_up", "code": "(01)123"})) == (400, "unknown_code")
    assert code_of(store.post("scan/", {"task": "dance", "code": "M6-BOLT"})) == (400, "unknown_task")
    assert store.post("scan/", {"task": "look_up"}).status_code == 400


def test_labels_as_pdf_and_for_label_printers(store: Store):
    store.receipt("5", item="OIL-46", lot="L-1", expires_on="2030-12-31")
    lot = store.get("lots/", item="OIL-46")["results"][0]["id"]

    pdf = store.post("labels/", {"kind": "item", "ids": ["M6-BOLT", "FL-DN50"], "size": "a4"})
    zpl = store.post("labels/", {"kind": "lot", "ids": [lot], "format": "zpl", "copies": 2})

    assert pdf.content.startswith(b"%PDF")
    assert zpl.content.decode().count("^XA") == 2
    assert "QZ1|lot|OIL-46|L-1" in zpl.content.decode()
    assert code_of(store.post("labels/", {"kind": "item", "ids": ["NOBODY"]})) == (400, "invalid")
    assert code_of(store.post("labels/", {"kind": "cow", "ids": ["1"]})) == (400, "invalid")
    assert code_of(store.post("labels/", {"kind": "item", "ids": []})) == (400, "invalid")


@pytest.fixture
def bins(store: Store) -> Store:
    """The raw store has the bins A-01 and B-01, the finished goods' C-01; 10 bolts lie in no bin."""
    for place, code in (("WH-RAW", "A-01"), ("WH-RAW", "B-01"), ("WH-FG", "C-01")):
        store.master("locations/", {"warehouse": place, "code": code})
    store.receipt("10")
    return store


def lying(store: Store) -> dict[str | None, str]:
    return {
        row["location"]: row["quantity"] for row in store.get("on-hand/", item="M6-BOLT", group="location")["results"]
    }


def test_putting_away(bins: Store):
    asks = scanned(bins, "put_away", "M6-BOLT", quantity="4", context=HERE)
    bin_ = scanned(bins, "put_away", "A-01", context=HERE)
    put = scanned(bins, "put_away", "M6-BOLT", quantity="4", context=bin_["context"])
    other = scanned(bins, "put_away", "B-01", context=put["context"])
    scanned(bins, "Put away", "M6-BOLT", quantity="3", context=other["context"])
    named = {**HERE, "location": "A-01", "to_location": "B-01"}
    scanned(bins, "put_away", "M6-BOLT", quantity="1", context=named)

    assert (asks["next"], asks["message"]) == ("target", "请扫要放到的库位。")
    assert bin_["context"]["location"] == "A-01" and "放到 WH-RAW/A-01" in bin_["message"]
    assert put["posted"]["document"].startswith("DB")
    assert lying(bins) == {None: "3", "A-01": "3", "B-01": "4"}  # 10 - 4 - 3; 4 - 1; 3 + 1
    full = bins.post("scan/", {"task": "put_away", "code": "M6-BOLT", "quantity": "7", "context": other["context"]})
    assert code_of(full) == (409, "not_enough_stock")  # 3 + 3: what lies in B-01 already is not put there again


def test_putting_away_in_another_warehouse(bins: Store):
    there = scanned(bins, "put_away", "C-01", context=HERE)["context"]
    scanned(bins, "put_away", "M6-BOLT", quantity="4", context=there)

    assert (there["to_warehouse"], there["to_location"]) == ("WH-FG", "C-01")
    assert lying(bins) == {None: "6", "C-01": "4"}


def test_from_bin_to_bin(bins: Store):
    scanned(bins, "put_away", "M6-BOLT", quantity="10", context={**HERE, "location": "A-01"})

    first = scanned(bins, "move", "A-01", context=HERE)["context"]
    second = scanned(bins, "move", "B-01", context=first)["context"]
    moved = scanned(bins, "move", "M6-BOLT", quantity="6", context=second)
    anew = scanned(bins, "move", "A-01", context=moved["context"])["context"]
    asks = scanned(bins, "move", "M6-BOLT", quantity="1", context=anew)
    nowhere = {**HERE, "to_warehouse": "WH-RAW"}
    stays = bins.post("scan/", {"task": "move", "code": "M6-BOLT", "quantity": "1", "context": nowhere})

    assert (first["location"], first["to_location"]) == ("A-01", "")
    assert (second["location"], second["to_warehouse"], second["to_location"]) == ("A-01", "WH-RAW", "B-01")
    assert lying(bins) == {"A-01": "4", "B-01": "6"}
    assert (anew["location"], anew["to_location"], asks["next"]) == ("A-01", "", "target")
    assert code_of(stays) == (400, "same_warehouse")


def test_sentences_say_units_in_words_and_programs_get_codes(store: Store):
    store.receipt("300")

    seen = scanned(store, "look_up", "M6-BOLT")
    box = scanned(store, "issue", "QZ1|item|M6-BOLT|||100", context=HERE)
    short = store.post("scan/", {"task": "issue", "code": "M6-BOLT", "quantity": "999", "context": HERE})
    store.client.cookies["qz_lang"] = "en"
    english = scanned(store, "look_up", "M6-BOLT")

    assert "300 个" in seen["message"] and "100 个 已记账" in box["message"]
    assert (seen["understood"]["unit"], box["understood"]["unit"]) == ("pcs", "pcs")
    assert "只有 200 个 M6-BOLT，不够出库 999 个" in short.json()["message"]
    assert english["understood"]["unit"] == "pcs" and "200 pcs" in english["message"]
