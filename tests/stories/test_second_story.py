"""The second story over HTTP: one order of 500 flanges through sales, planning, suppliers, stock, machines and books.

宏利五金 sells, plans, buys from 江钢 (on the platform) and 顺发电镀 (by link), makes, ships; each fact is typed once.
"""

from decimal import Decimal
from typing import Any

from rest_framework.test import APIClient

from tests.stories.factory import BLANK, BODY, BOLT, FLANGE, STEEL, deliver
from tests.stories.hengda import Site

TODAY, DUE = "2026-01-05", "2026-01-20"


def test_one_customer_order_through_the_whole_factory(operator: Site, factory: Site, steel_maker: Site):
    open_books(factory)
    sale = take_the_order(factory)
    purchase, work_orders = plan(factory)
    chain = agree_with_the_steel_maker(factory, steel_maker, purchase)
    ask_the_plater(factory)
    receive_short_by_three(operator, factory, steel_maker, purchase, chain)
    schedule(factory)
    make(factory, work_orders)
    ship(factory, sale)
    close_the_month(operator, factory)
    check_what_is_metered(operator, factory)


def open_books(factory: Site) -> None:
    setup = {"company_name": "宏利五金", "tax_id": "91330200MA2AH12345", "standard": "small_enterprise"}
    factory.post("finance/book/setup/", {**setup, "taxpayer_kind": "general", "start_period": "2026-01"}, 201)
    factory.patch("finance/book/", {"separate_reviewer": False, "reason": "只有一名会计"})
    factory.post("finance/book/start/")


def take_the_order(factory: Site) -> dict[str, Any]:
    line = {"line": 1, "item": FLANGE, "quantity": "500", "unit_price": "38.00", "tax_rate": "0.13", "due_on": DUE}
    order = factory.post("inventory/sales-orders/", {"partner": "C001", "ordered_on": TODAY, "lines": [line]}, 201)
    assert order["total"] == "19000.00"  # 500 x 38.00

    answer = factory.get("inventory/availability/", item=FLANGE, quantity="500")
    assert (Decimal(answer["on_hand"]), answer["earliest"]) == (0, None)
    factory.post(f"inventory/sales-orders/{order['id']}/confirm/", {"version": order["version"]})
    deliver("hongli")
    return order


def plan(factory: Site) -> tuple[dict[str, Any], dict[str, str]]:
    """Explodes three levels; answers the steel purchase order and {item: work order number}."""
    run = factory.post("production/mrp-runs/", {"start_on": TODAY, "horizon_days": 60, "wait": 30}, 201)
    assert run["state"] == "done"
    orders = {row["item"]: row for row in factory.get(f"production/mrp-runs/{run['id']}/orders/")["results"]}
    # 500 x 2.5 kg x 1.02 = 1,275 kg of steel, 500 x 4 = 2,000 bolts
    wanted = {FLANGE: 500, BODY: 500, BLANK: 500, STEEL: 1275, BOLT: 2000}
    assert {item: Decimal(row["quantity"]) for item, row in orders.items()} == wanted

    pegs = factory.get(f"production/mrp-runs/{run['id']}/pegs/", order=str(orders[STEEL]["id"]))["results"]
    assert [(row["requirement"]["kind"], Decimal(row["quantity"])) for row in pegs] == [("planned", Decimal(1275))]
    messages = factory.get(f"production/mrp-runs/{run['id']}/messages/")["results"]
    assert {row["code"] for row in messages} <= {"past_due", "late_demand"}

    made = factory.post(f"production/mrp-runs/{run['id']}/release/", {"orders": [row["id"] for row in orders.values()]})
    assert (len(made["work_orders"]), len(made["purchase_orders"]), made["left"]) == (3, 1, [])
    purchases = factory.get("inventory/purchase-orders/")["results"]
    numbers = {row["item"]: row["number"] for row in factory.get("production/work-orders/")["results"]}
    return factory.get(f"inventory/purchase-orders/{purchases[0]['id']}/"), numbers


def agree_with_the_steel_maker(factory: Site, steel_maker: Site, purchase: dict[str, Any]) -> str:
    """Link, order, counter of the date, acceptance: both sides fold the same chain."""
    link = factory.post("supply/links/", {"partner": "S001", "role": "buyer"}, 201)
    taken = steel_maker.post("supply/links/accept/", {"code": link["invite_code"], "partner": "HONGLI"})
    assert taken["state"] == "active"  # its USCC is the invited one

    lines = [
        {"line": row["line"], "item": row["item"], "quantity": row["quantity"], "tax_rate": "0.13",
         "due_on": "2026-01-12", "unit_price": "5.20" if row["item"] == STEEL else "0.80"} for row in purchase["lines"]
    ]  # fmt: skip
    draft = {"version": purchase["version"], "lines": lines}
    purchase = factory.post(f"inventory/purchase-orders/{purchase['id']}/change/", draft)
    factory.post(f"inventory/purchase-orders/{purchase['id']}/confirm/", {"version": purchase["version"]})
    order = factory.post("supply/orders/", {"partner": "S001", "purchase_order": purchase["number"]}, 201)
    deliver("hongli", "jianggang")

    received = steel_maker.get("supply/orders/", waiting_for="me")["results"]
    assert [row["number"] for row in received] == [order["number"]]
    theirs = steel_maker.get(f"supply/orders/{order['id']}/")
    mapping = [
        {"line": row["line"], "item": "RB60" if row["partner_item"] == STEEL else None, "factor": "1", "remember": True}
        for row in theirs["lines"]
    ]
    steel_maker.post(f"supply/orders/{order['id']}/map/", {"lines": mapping})
    later = [{"line": row["line"], "action": "3", "promised_date": "2026-01-13"} for row in theirs["lines"]]
    counter = {"version": theirs["version"], "code": "CA", "lines": later, "reason": "轧制排期"}
    steel_maker.post(f"supply/orders/{order['id']}/respond/", counter)
    deliver("hongli", "jianggang")
    mine = factory.get(f"supply/orders/{order['id']}/")
    assert (mine["state"], mine["waiting_for"]) == ("countered", "buyer")
    factory.post(f"supply/orders/{order['id']}/respond/", {"version": mine["version"], "code": "AP"})
    deliver("hongli", "jianggang")

    both = [site.get(f"supply/chains/{order['id']}/") for site in (factory, steel_maker)]
    assert both[0]["head"] == both[1]["head"]
    assert both[0]["verified"] is both[1]["verified"] is True
    agreed = factory.get(f"supply/orders/{order['id']}/")
    assert agreed["state"] == "agreed"
    assert {row["promised_date"] for row in agreed["lines"]} == {"2026-01-13"}
    # The steel maker has a sales order of its own item; what it took as text stays in the shared order.
    (sale,) = steel_maker.get("inventory/sales-orders/")["results"]
    drafted = steel_maker.get(f"inventory/sales-orders/{sale['id']}/")
    assert (drafted["state"], drafted["partner"]) == ("draft", "HONGLI")
    assert [(row["item"], Decimal(row["quantity"])) for row in drafted["lines"]] == [("RB60", Decimal(1275))]
    return str(order["id"])


def order_plating(factory: Site) -> tuple[str, str]:
    """An order to the plater, who has no account, and the token of its link."""
    guest = {"name": "周师傅", "mobile": "13800000000"}
    link = factory.post("supply/links/", {"partner": "S002", "role": "buyer", "guest": guest}, 201)
    assert link["state"] == "active"
    line = {"line": 1, "item": FLANGE, "quantity": "500", "unit": "pcs", "unit_price": "1.20", "tax_rate": "0.13",
            "requested_date": "2026-01-18"}  # fmt: skip
    order = factory.post("supply/orders/", {"partner": "S002", "lines": [line]}, 201)
    given = factory.post(
        "supply/guest-links/", {"partner": "S002", "scope": "chain", "chain": order["id"], "check": "none"}, 201
    )
    return str(order["id"]), str(given["token"])


def ask_the_plater(factory: Site) -> None:
    """顺发电镀 confirms by link."""
    order, token = order_plating(factory)
    plater = APIClient(HTTP_HOST="localhost")
    plater.credentials(HTTP_AUTHORIZATION=f"Guest {token}")
    seen = plater.get(f"/api/v1/guest/orders/{order}/")
    assert seen.status_code == 200, seen.content.decode()
    answer = {"version": seen.json()["version"], "code": "AP"}
    said = plater.post(f"/api/v1/guest/orders/{order}/respond/", answer, format="json")
    assert said.status_code == 200, said.content.decode()
    deliver("hongli")
    assert factory.get(f"supply/orders/{order}/")["state"] == "agreed"


def receive_short_by_three(
    operator: Site, factory: Site, steel_maker: Site, purchase: dict[str, Any], chain: str
) -> None:
    operator.post("operator/test-clock/advance/", {"to": "2026-01-08T09:00:00+08:00"})
    order = steel_maker.get(f"supply/orders/{chain}/")
    lines = [
        {"order": chain, "line": row["line"], "quantity": row["quantity"], "lot": "H2601" if row["item"] else "",
         "package": 1} for row in order["lines"]
    ]  # fmt: skip
    sent = {"partner": "HONGLI", "ship_date": "2026-01-08", "lines": lines, "packages": [{"no": 1, "kind": "pallet"}]}
    despatch = steel_maker.post("supply/despatches/", sent, 201)
    deliver("hongli", "jianggang")

    scanned = factory.get("supply/despatches/packages/", code=despatch["packages"][0]["code"])
    assert scanned["despatch"] == despatch["id"]
    taken = [
        {"line": row["line"], "lot": "H2601" if row["item"] == STEEL else "",
         "quantity": "1272" if row["item"] == STEEL else "2000"} for row in purchase["lines"]
    ]  # fmt: skip
    receipt = factory.post(
        f"inventory/purchase-orders/{purchase['id']}/receive/",
        {"warehouse": "W1", "moved_on": "2026-01-08", "lines": taken}, 201,
    )  # fmt: skip
    deliver("hongli", "jianggang")
    # 1,272 kg x 5.20 / 1.13 = 5,853.45; 2,000 x 0.80 / 1.13 = 1,415.93
    amounts = {row["item"]: row["amount"] for row in receipt["lines"]}
    assert amounts == {STEEL: "5853.45", BOLT: "1415.93"}
    seen = steel_maker.get(f"supply/despatches/{despatch['id']}/")
    steel = next(row for row in seen["lines"] if row["lot"] == "H2601")
    assert (Decimal(steel["received"]), Decimal(steel["short"])) == (1272, 3)


def schedule(factory: Site) -> None:
    """Machines get their operations; the planner moves one, plans again and publishes."""
    start = {"start_at": "2026-01-08T08:00:00+08:00", "work_orders": "all", "time_limit_s": 5, "wait": 30}
    run = factory.post("production/schedule-runs/", start, 201)
    assert (run["state"], run["steps"]) == ("done", 4)
    steps = factory.get(f"production/schedule-runs/{run['id']}/steps/")["results"]
    for centre in {row["work_centre"] for row in steps}:
        spans = sorted((row["start_at"], row["end_at"]) for row in steps if row["work_centre"] == centre)
        assert all(earlier[1] <= later[0] for earlier, later in zip(spans, spans[1:], strict=False))
    factory.get(f"production/schedule-runs/{run['id']}/late/")
    factory.post(f"production/schedule-runs/{run['id']}/publish/")

    last = max(steps, key=lambda row: row["end_at"])
    wish = {"start_at": "2026-01-19T08:00:00+08:00", "work_centre": last["work_centre"]}
    moved = factory.post(f"production/schedule/steps/{last['work_order']}/{last['seq']}/move/", wish)
    assert moved["ok"] is True
    board = factory.get("production/schedule/steps/")["results"]
    assert next(row for row in board if row["work_order"] == last["work_order"])["start_at"].startswith("2026-01-19")


def make(factory: Site, work_orders: dict[str, str]) -> None:
    """From blank to flange: kit, pick, report (one undone), receive."""
    ids = {row["item"]: row["id"] for row in factory.get("production/work-orders/")["results"]}
    for number, item in enumerate((BLANK, BODY, FLANGE)):
        order = factory.get(f"production/work-orders/{ids[item]}/")
        if order["state"] == "draft":
            order = factory.post(f"production/work-orders/{order['id']}/release/", {"version": order["version"]})
        kit = factory.post("production/kit-check/", {"work_orders": [work_orders[item]], "mode": "alone"})
        good = 498 if number == 0 else 498  # 1,272 kg are enough for 498 blanks: 1,272 / 2.55 = 498.8
        assert Decimal(kit["orders"][0]["max_kits"]) == good, kit
        issue(factory, order, good)
        report(factory, order, good, undo_first=item == FLANGE)
        wish = {"warehouse": "W1", "moved_on": "2026-01-08", "quantity": str(good)}
        factory.post(f"production/work-orders/{order['id']}/receive/", wish, 201)
        order = factory.get(f"production/work-orders/{order['id']}/")
        cost = factory.get(f"production/work-orders/{order['id']}/cost/")
        spent = Decimal(cost["material"]) + Decimal(cost["labour"])
        assert (Decimal(cost["total"]), cost["output_quantity"]) == (spent, "498")
        for verb in ("complete", "close"):  # two of 500 are not made: steel for three was missing
            order = factory.post(f"production/work-orders/{order['id']}/{verb}/", {"version": order["version"]})
        deliver("hongli")


def issue(factory: Site, order: dict[str, Any], good: int) -> None:
    lines = []
    for row in order["materials"]:
        share = Decimal(row["required"]) * good / Decimal(order["quantity"])
        lines.append(
            {"item": row["item"], "quantity": str(share.normalize()), "lot": "H2601" if row["item"] == STEEL else ""}
        )
    wish = {"warehouse": "W1", "moved_on": "2026-01-08", "lines": lines}
    taken = factory.post(f"production/work-orders/{order['id']}/issue/", wish, 201)
    assert taken["document"]


def report(factory: Site, order: dict[str, Any], good: int, *, undo_first: bool) -> None:
    for step in order["steps"]:
        body = {
            "work_order": order["number"], "seq": step["seq"], "good": str(good), "scrap": "0",
            "workers": [{"employee": "E01", "weight": "1"}, {"employee": "E02", "weight": "1"}],
        }  # fmt: skip
        if undo_first:
            wrong = factory.post("production/reports/", {**body, "good": "480", "key": "wrong"}, 201)
            factory.post(f"production/reports/{wrong['id']}/undo/", {"reason": "数错"}, 201)
        told = factory.post("production/reports/", {**body, "key": f"{order['number']}-{step['seq']}"}, 201)
        assert Decimal(told["step"]["good"]) == good


def ship(factory: Site, sale: dict[str, Any]) -> None:
    wish = {"warehouse": "W1", "moved_on": "2026-01-08", "lines": [{"line": 1, "quantity": "498"}]}
    factory.post(f"inventory/sales-orders/{sale['id']}/ship/", wish, 201)
    deliver("hongli")
    order = factory.get(f"inventory/sales-orders/{sale['id']}/")
    assert (order["state"], Decimal(order["lines"][0]["shipped"])) == ("part_shipped", 498)
    wages = factory.get("production/wages/", **{"from": "2026-01-01", "to": "2026-01-31"})
    # 498 pieces at 0.35, shared by two: 174.30; the undone 480 leave nothing
    assert wages["totals"]["amount"] == "174.30"


def close_the_month(operator: Site, factory: Site) -> None:
    """Every step left a draft that names its rule and its document; stock is worth the same on both sides."""
    operator.post("operator/test-clock/advance/", {"to": "2026-02-01T09:00:00+08:00"})
    closed = factory.post("inventory/periods/2026-01/close/")
    deliver("hongli")
    drafts = factory.get("finance/vouchers/", state="draft", page_size="200")["results"]
    for row in drafts:
        source = factory.get(f"finance/vouchers/{row['id']}/")["source"]
        assert source["rule"].startswith("STD-") and source["rule_version"] == 1
        assert source["ref"].startswith(("inventory.cost:", "production.wages:"))
        factory.post(f"finance/vouchers/{row['id']}/review/")
        factory.post(f"finance/vouchers/{row['id']}/post/")

    trial = factory.get("finance/reports/trial-balance/", 200, **{"from": "2026-01", "to": "2026-01"})
    left = {row["account"]: Decimal(row["closing_debit"]) - Decimal(row["closing_credit"]) for row in trial["rows"]}
    # steel 5,853.45 - 5,843.79 (1,269.9 of 1,272 kg), bolts 1,415.93 - 1,410.27 (1,992 of 2,000)
    assert (left["1403"], closed["value"]) == (Decimal("15.32"), "15.32")
    assert left["5401"] == Decimal("7428.36")  # 5,843.79 steel + 1,410.27 bolts + 174.30 wages, all sold
    assert left.get("1405", 0) == 0
    step = factory.post("finance/periods/2026-01/run/profit_transfer/")
    for voucher in step["vouchers"]:
        factory.post(f"finance/vouchers/{voucher['id']}/review/")
        factory.post(f"finance/vouchers/{voucher['id']}/post/")
    items = {row["code"]: row["status"] for row in factory.get("finance/periods/2026-01/checklist/")["items"]}
    assert (items["stock_ties_to_ledger"], items["facts_waiting"]) == ("ok", "ok"), items
    factory.post("finance/periods/2026-01/close/")
    facts = factory.get("finance/business-facts/", page_size="200")["results"]
    assert {fact["state"] for fact in facts} <= {"drafted", "posted", "booked", "nothing"}, facts


def check_what_is_metered(operator: Site, factory: Site) -> None:
    """Each fact once, whatever module told it."""
    deliver("hongli")
    usage: dict[str, Decimal] = {}
    for row in factory.get("billing/usage/days/", **{"from": "2026-01-01", "to": "2026-02-01"})["results"]:
        usage[row["meter"]] = usage.get(row["meter"], Decimal(0)) + Decimal(row["sum"])
    moved = factory.get("inventory/moves/", page_size="200")["count"]
    assert usage["inventory.stock_moves"] == moved
    assert usage["production.scheduled_operations"] == 4
    assert usage["supply.exchange_documents"] == 2  # to the steel maker and to the plater
    posted = factory.get("finance/vouchers/", state="posted", page_size="200")["count"]
    assert usage["finance.vouchers_posted"] == posted
