"""Moving stock over the door: lots, serials, reservations, transit, dates, reversals."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from apps.inventory import public, tasks
from apps.inventory.models import Lot, LotLink, Reservation, StockMove, StockSettings
from apps.inventory.records import IssueLine, PromiseRow, ReceiptLine, Source, TransferLine
from apps.inventory.selectors import stock_list
from apps.inventory.selectors.stock import StockQuery
from apps.inventory.selectors.valuation import cells
from apps.inventory.services.proof import broken_stock
from apps.inventory.services.stock.transferring import receive_transfer
from kernel.errors import DomainError, Invalid
from kernel.models import Fact
from tests.inventory import shop
from tests.inventory.shop import adjust_of, issue_of, receive_of, reverse_of, transfer_of

pytestmark = pytest.mark.usefixtures("in_hongda")
DAY = "2026-03-10"


@pytest.fixture(autouse=True)
def _warehouses(in_hongda: object):
    shop.make_warehouse("W1")
    shop.make_warehouse("W2")


def refused(code: str):
    return pytest.raises(DomainError, check=lambda error: error.code == code)


def test_first_expired_goes_first_and_unusable_lots_are_skipped():
    shop.make_item("GLUE", tracking="lot")
    for code, expires in (("L3", "2027-01-01"), ("L1", "2026-06-01"), ("L2", "2026-09-01"), ("L0", "2026-03-01")):
        receive_of("GLUE", "10", on="2026-02-01", amount="10", lot=code, expires_on=date.fromisoformat(expires))
    Lot.objects.filter(code="L1").update(state="held")

    document = public.get_document(issue_of("GLUE", "15", on=DAY).pk)

    # L0 expired on 1 March, L1 is held: 10 of L2, then 5 of L3.
    assert [(move.lot, move.quantity) for move in document.moves] == [("L2", -10), ("L3", -5)]


@pytest.mark.parametrize("lot", ["L0", "L1"])
def test_naming_a_lot_that_may_not_be_used(lot: str):
    shop.make_item("GLUE", tracking="lot")
    receive_of("GLUE", "10", on="2026-02-01", amount="10", lot="L0", expires_on=date(2026, 3, 1))
    receive_of("GLUE", "10", on="2026-02-01", amount="10", lot="L1")
    Lot.objects.filter(code="L1").update(state="blocked")

    with refused("lot_not_usable"):
        issue_of("GLUE", "1", on=DAY, lot=lot)
    assert issue_of("GLUE", "1", on=DAY, lot=lot, reason="scrap").number


def test_a_serial_is_in_one_place():
    shop.make_item("MOTOR", tracking="serial")
    receive_of("MOTOR", "2", on=DAY, amount="100.01", serials=("S1", "S2"))

    with refused("duplicate_serial"):
        receive_of("MOTOR", "1", on=DAY, amount="50", serials=("S1",), warehouse="W2")
    with refused("serials_mismatch"):
        receive_of("MOTOR", "2", on=DAY, amount="50", serials=("S3",))
    with refused("serials_mismatch"):
        issue_of("MOTOR", "1", on=DAY)
    issue_of("MOTOR", "1", on=DAY, serials=("S1",))
    back = receive_of("MOTOR", "1", on=DAY, amount="50", serials=("S1",), warehouse="W2")

    assert [move.serial for move in public.get_document(back.pk).moves] == ["S1"]
    assert broken_stock() == []


def test_what_is_kept_for_one_is_not_for_another():
    shop.make_item("M6-BOLT")
    receive_of("M6-BOLT", "10", on=DAY, amount="10")
    source = Source(kind="sales_order", number="SO1", line="1")
    kept = public.reserve(
        item="M6-BOLT", warehouse="W1", quantity=Decimal(7), source=source, actor=shop.OWNER, at=timezone.now()
    )

    with refused("not_enough_available"):
        issue_of("M6-BOLT", "4", on=DAY)
    with refused("not_enough_stock"):
        issue_of("M6-BOLT", "11", on=DAY)
    with refused("not_enough_available"):
        public.reserve(
            item="M6-BOLT", warehouse="W1", quantity=Decimal(4), source=source, actor=None, at=timezone.now()
        )
    issue_of("M6-BOLT", "3", on=DAY)
    issue_of("M6-BOLT", "5", on=DAY, reservation=kept.id)

    row = Reservation.objects.get()
    assert (row.used, row.state) == (5, "active")
    assert public.release(kept.id, actor=shop.OWNER, at=timezone.now()).state == "released"
    issue_of("M6-BOLT", "2", on=DAY)
    assert broken_stock() == []


def test_a_reservation_that_has_run_out_stands_in_nobodys_way():
    shop.make_item("M6-BOLT")
    receive_of("M6-BOLT", "10", on=DAY, amount="10")
    now = timezone.now()
    public.reserve(
        item="M6-BOLT", warehouse="W1", quantity=Decimal(10), source=Source(kind="quote", number="Q1"), actor=None,
        at=now, until=now + timedelta(hours=1),
    )  # fmt: skip

    issue_of("M6-BOLT", "4", on=DAY, head_=shop.head(DAY, "sale", at=now + timedelta(hours=2)))

    assert Reservation.objects.get().state == "expired"
    assert broken_stock() == []


def test_the_hourly_sweep_frees_what_nobody_touches():
    shop.make_item("M6-BOLT")
    receive_of("M6-BOLT", "10", on=DAY, amount="10")
    now = timezone.now()
    for number, until in (("Q1", now - timedelta(minutes=1)), ("Q2", now + timedelta(hours=1))):
        public.reserve(
            item="M6-BOLT", warehouse="W1", quantity=Decimal(3), source=Source(kind="quote", number=number),
            actor=None, at=now - timedelta(hours=2), until=until,
        )  # fmt: skip

    tasks.free_company_reservations()

    states = Reservation.objects.order_by("id").values_list("for_number", "state")
    assert list(states) == [("Q1", "expired"), ("Q2", "active")]
    assert broken_stock() == []


def test_goods_for_inspection_are_there_but_not_for_use():
    shop.make_warehouse("QC", "inspection")
    bolt = shop.make_item("M6-BOLT")
    receive_of("M6-BOLT", "10", on=DAY, amount="10", warehouse="QC")

    row = public.availability([bolt.pk], today=date(2026, 3, 11))[bolt.pk]

    assert (row.on_hand, row.available) == (0, 0)
    assert public.on_hand([bolt.pk])[0].quantity == 10
    with refused("not_enough_available"):
        public.reserve(
            item="M6-BOLT", warehouse="QC", quantity=Decimal(1), source=Source(), actor=None, at=timezone.now()
        )


def test_never_below_zero_on_any_day():
    shop.make_item("M6-BOLT")
    receive_of("M6-BOLT", "10", on="2026-03-05", amount="10")
    issue_of("M6-BOLT", "8", on="2026-03-10")
    receive_of("M6-BOLT", "10", on="2026-03-15", amount="10")

    with pytest.raises(DomainError) as caught:
        issue_of("M6-BOLT", "5", on="2026-03-06")
    assert (caught.value.code, caught.value.extra["day"]) == ("negative_later", "2026-03-10")
    with pytest.raises(DomainError) as caught:
        issue_of("M6-BOLT", "5", on="2026-03-01")
    assert (caught.value.code, caught.value.extra["day"]) == ("negative_later", "2026-03-01")
    issue_of("M6-BOLT", "2", on="2026-03-06")
    assert broken_stock() == []


def test_reversing_a_receipt_that_was_used_meanwhile():
    shop.make_item("M6-BOLT")
    first = receive_of("M6-BOLT", "10", on="2026-03-05", amount="10")
    issue_of("M6-BOLT", "10", on="2026-03-05")
    receive_of("M6-BOLT", "10", on="2026-03-05", amount="20")

    with refused("negative_later"):
        reverse_of(first)


def test_a_reversal_restores_and_is_final():
    shop.make_item("M6-BOLT")
    receive_of("M6-BOLT", "10", on=DAY, amount="10")
    gone = issue_of("M6-BOLT", "4", on=DAY)

    mirror = reverse_of(gone)

    assert (shop.on_hand_of("M6-BOLT"), shop.value_of("M6-BOLT")) == (10, 10)
    assert public.get_document(gone.pk).reversed_by == mirror.pk
    for document in (gone, mirror):
        with refused("already_reversed"):
            reverse_of(document)
    assert broken_stock() == []


def test_transit_takes_two_steps():
    shop.make_item("M6-BOLT", method="moving_average", scope="warehouse")
    receive_of("M6-BOLT", "10", on=DAY, amount="10.01")
    sent = transfer_of("M6-BOLT", "10", on=DAY, source="W1", target="W2", in_transit=True)

    assert (shop.on_hand_of("M6-BOLT", "W1"), shop.on_hand_of("M6-BOLT", "W2")) == (0, 0)
    receive_transfer(head=shop.head("2026-03-12", "transfer"), document_id=sent.pk)

    assert (shop.on_hand_of("M6-BOLT", "W2"), shop.value_of("M6-BOLT", "W2")) == (10, Decimal("10.01"))
    with refused("already_moved"):
        receive_transfer(head=shop.head("2026-03-12", "transfer"), document_id=sent.pk)


def test_a_closed_month_may_be_asked_round():
    shop.make_item("M6-BOLT")
    receive_of("M6-BOLT", "10", on="2026-02-10", amount="10")
    shop.close_of("2026-02")

    with pytest.raises(DomainError) as caught:
        receive_of("M6-BOLT", "1", on="2026-02-20", amount="1")
    assert (caught.value.code, caught.value.extra) == ("period_closed", {"first_open_day": "2026-03-01"})
    moved = receive_of(
        "M6-BOLT", "1", on="", amount="1", head_=shop.head("2026-02-20", "purchase", when_closed="first_open_day")
    )

    assert (moved.moved_on, moved.intended_on) == (date(2026, 3, 1), date(2026, 2, 20))
    with refused("not_next_period"):
        shop.close_of("2026-04")
    assert StockSettings.objects.get().closed_through == date(2026, 2, 28)


def test_every_fact_names_its_document():
    shop.make_item("M6-BOLT", method="moving_average")
    receive_of("M6-BOLT", "10", on=DAY, amount="10")
    sale = issue_of("M6-BOLT", "4", on=DAY, reason="sale")

    facts = Fact.objects.filter(payload__document_id=sale.pk).order_by("id").values_list("name", flat=True)

    assert list(facts) == ["inventory.goods_shipped", "inventory.stock_moved", "inventory.cost_posted"]
    entry = public.cost_entries(cause=sale.pk)[0]
    assert (entry.finance_reason, entry.amount, entry.kind) == ("SALE", Decimal("-4.00"), "first")


def test_one_key_one_document():
    shop.make_item("M6-BOLT")
    head = shop.head(DAY, "purchase", idem="WO-1:receipt")

    first = receive_of("M6-BOLT", "10", on=DAY, amount="10", head_=head)
    second = receive_of("M6-BOLT", "10", on=DAY, amount="10", head_=head)

    assert first.pk == second.pk
    assert shop.on_hand_of("M6-BOLT") == 10


def test_assembly_links_its_lots():
    shop.make_item("CLOTH", tracking="lot", method="moving_average")
    shop.make_item("SHIRT", tracking="lot", method="moving_average")
    receive_of("CLOTH", "10", on=DAY, amount="100", lot="C1")

    made = shop.assemble_of(
        [{"item": "CLOTH", "quantity": "4"}], [{"item": "SHIRT", "quantity": "2", "lot": "S1"}], on=DAY, extra="5"
    )

    link = LotLink.objects.get()
    assert (link.from_lot.code, link.to_lot.code, link.from_quantity, link.to_quantity) == ("C1", "S1", 4, 2)  # type: ignore[union-attr]
    assert shop.value_of("SHIRT") == 45  # 4/10 of 100 + 5
    reverse_of(made)
    assert (shop.value_of("CLOTH"), shop.on_hand_of("SHIRT")) == (100, 0)
    assert broken_stock() == []


def test_true_cost_follows_the_goods():
    shop.make_item("SHAFT", method="moving_average")
    made = public.receive(
        warehouse="W1", moved_on=date(2026, 3, 10), reason="production", actor=shop.OWNER, at=timezone.now(),
        lines=[ReceiptLine(item="SHAFT", quantity=Decimal(10), amount=Decimal(100))],
    )  # fmt: skip
    sold = issue_of("SHAFT", "5", on="2026-03-12", reason="sale")

    public.set_output_cost(receipt=made.moves[0].id, amount=Decimal("120"), actor=shop.OWNER, at=timezone.now())
    public.set_output_cost(receipt=made.moves[0].id, amount=Decimal("120"), actor=shop.OWNER, at=timezone.now())

    assert shop.amount_of(StockMove.objects.get(document=sold)) == -60
    assert public.get_move(made.moves[0].id).amount == 120
    assert broken_stock() == []


def test_adjusting_value_without_goods():
    shop.make_item("SHAFT", method="moving_average")

    with refused("value_below_zero"):
        adjust_of("SHAFT", "5", on=DAY)
    receive_of("SHAFT", "3", on=DAY, amount="10")
    with refused("value_below_zero"):
        adjust_of("SHAFT", "-10.01", on=DAY)
    changed = adjust_of("SHAFT", "-4.00", on=DAY)

    assert shop.value_of("SHAFT") == 6
    reverse_of(changed)
    assert shop.value_of("SHAFT") == 10
    assert broken_stock() == []


def test_promises_make_the_curve():
    bolt = shop.make_item("M6-BOLT")
    receive_of("M6-BOLT", "10", on=DAY, amount="10")
    public.put_expected(
        Source(kind="purchase_order", number="PO1"),
        [PromiseRow(line="1", item="M6-BOLT", quantity=Decimal(20), due_on=date(2026, 3, 20))],
    )
    order = Source(kind="sales_order", number="SO1", line="1")
    public.put_commitments(
        order, [PromiseRow(line="1", item="M6-BOLT", quantity=Decimal(15), due_on=date(2026, 3, 25))]
    )
    public.reserve(item="M6-BOLT", warehouse="W1", quantity=Decimal(4), source=order, actor=None, at=timezone.now())

    row = public.availability([bolt.pk], today=date(2026, 3, 11))[bolt.pk]

    # The 4 reserved belong to the 15 committed and count once: 10, 30 on the 20th, 15 on the 25th.
    assert [(day.on.day, day.projected, day.atp) for day in row.days] == [(11, 10, 10), (20, 30, 15), (25, 15, 15)]
    assert (row.available, row.reserved) == (6, 4)


def test_the_list_of_stock_and_its_value_now_and_then():
    shop.make_item("M6-BOLT", method="moving_average")
    shop.make_item("GLUE", tracking="lot", method="fifo")
    receive_of("M6-BOLT", "10", on="2026-02-10", amount="10")
    receive_of("GLUE", "4", on="2026-02-11", amount="8", lot="L1")
    shop.close_of("2026-02")
    issue_of("M6-BOLT", "4", on=DAY)
    today = date(2026, 3, 11)

    now = stock_list.rows(StockQuery(), today=today)
    then = stock_list.rows(StockQuery(as_of=date(2026, 3, 1), group="lot"), today=today)
    found = stock_list.rows(StockQuery(search="glue", group="lot"), today=today, limit=5)

    assert [(row.item, row.quantity, row.available) for row in now] == [("GLUE", 4, 4), ("M6-BOLT", 6, 6)]
    assert [(row.item, row.lot, row.quantity) for row in then] == [("GLUE", "L1", 4), ("M6-BOLT", "", 10)]
    assert [row.lot for row in found] == ["L1"]
    values = cells(day=today, known_at=timezone.now(), today=today)
    assert sum(cell.value for cell in values) == 14  # 6 + 8
    feb = public.stock_value("2026-02", by="item")
    assert {row.key: row.value for row in feb} == {"M6-BOLT": 10, "GLUE": 8}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"item": "NO-SUCH"}, "unknown_item"),
        ({"quantity": Decimal("0")}, "bad_quantity"),
        ({"quantity": Decimal("1.00001")}, "too_many_decimals"),
        ({"quantity": Decimal("NaN")}, "bad_quantity"),
        ({"quantity": Decimal("1E+30")}, "bad_quantity"),
        ({"unit": "furlong"}, "unknown_unit"),
        ({"lot": "L1"}, "lot_not_allowed"),
        ({"location": "A-01"}, "unknown_location"),
        ({"amount": Decimal("1.001")}, "too_many_decimals"),
        ({"amount": Decimal("-1")}, "bad_amount"),
        ({"origin": 10**12}, "unknown_origin"),
    ],
)
def test_what_is_wrong_is_named(change: dict[str, object], code: str):
    shop.make_item("M6-BOLT")
    line = ReceiptLine(**({"item": "M6-BOLT", "quantity": Decimal(1), "amount": Decimal(1)} | change))  # type: ignore[arg-type]

    with pytest.raises(Invalid) as caught:
        public.receive(
            warehouse="W1", moved_on=date(2026, 3, 10), lines=[line], reason="purchase", actor=None, at=timezone.now()
        )

    assert caught.value.code == code


def test_places_and_dates_that_cannot_be():
    shop.make_item("M6-BOLT")
    now = timezone.now()
    line = TransferLine(item="M6-BOLT", quantity=Decimal(1))

    with refused("same_warehouse"):
        public.transfer(
            from_warehouse="W1", to_warehouse="W1", moved_on=date(2026, 3, 1), lines=[line], actor=None, at=now
        )
    with refused("future_date"):
        receive_of("M6-BOLT", "1", on=(now.date() + timedelta(days=3)).isoformat(), amount="1")
    with refused("unknown_warehouse"):
        receive_of("M6-BOLT", "1", on=DAY, amount="1", warehouse="NOWHERE")
    with refused("cost_needed"):
        receive_of("M6-BOLT", "1", on=DAY, reason="gain")
    with refused("bad_reason"):
        public.issue(
            warehouse="W1", moved_on=date(2026, 3, 1), lines=[IssueLine(item="M6-BOLT", quantity=Decimal(1))],
            reason="purchase", actor=None, at=now,
        )  # fmt: skip
