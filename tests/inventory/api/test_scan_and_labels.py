"""scan/ and labels/: a scan is understood, posted once, and answered with what comes next."""

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
