"""上架 and 移库: goods change their location inside one warehouse; nothing else about them changes."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from apps.inventory import public
from apps.inventory.events import CostPosted
from apps.inventory.models import Balance, CostEntry, Level, StockDocument
from apps.inventory.records import Source, TransferLine
from apps.inventory.services import reversing
from apps.inventory.services.proof import broken_stock
from apps.masterdata.models import Location, Warehouse
from kernel.errors import DomainError
from kernel.models import Fact
from tests.inventory import shop
from tests.inventory.shop import OWNER, issue_of, receive_of

DAY = "2026-03-02"


@pytest.fixture(autouse=True)
def store(in_hongda: object) -> None:
    """Two warehouses; W1 has the bins A-01 and B-01."""
    place = shop.make_warehouse("W1")
    shop.make_warehouse("W2")
    for code in ("A-01", "B-01"):
        Location.objects.create(warehouse=place, code=code, code_key=code.casefold())


def move_of(quantity: str, here: str, there: str, *, on: str = DAY, item: str = "M6-BOLT", **line: object) -> int:
    """A transfer inside W1; answers its id."""
    row = TransferLine(item=item, quantity=Decimal(quantity), location=here, to_location=there, **line)  # type: ignore[arg-type]  # lot, serials
    done = public.transfer(
        from_warehouse="W1", to_warehouse="W1", moved_on=date.fromisoformat(on), lines=[row], actor=OWNER,
        at=timezone.now(),
    )  # fmt: skip
    return done.id


def lying(item: str = "M6-BOLT") -> dict[str, Decimal]:
    """{location: quantity} of what lies in W1."""
    rows = Balance.objects.filter(item__code=item, warehouse__code="W1", quantity__gt=0).select_related("location")
    return {row.location.code if row.location else "": row.quantity for row in rows}


def refused(code: str, **move: str) -> bool:
    with pytest.raises(DomainError) as caught:
        move_of("1", **move)
    return caught.value.code == code


@pytest.mark.parametrize("scope", ["company", "warehouse"])
@pytest.mark.parametrize("method", ["moving_average", "fifo"])
def test_goods_are_put_away_and_their_worth_stays(method: str, scope: str):
    shop.make_item("M6-BOLT", method=method, scope=scope)
    receive_of("M6-BOLT", "100", on=DAY, amount="33.33")
    facts, entries = Fact.objects.filter(name=CostPosted.name).count(), CostEntry.objects.count()

    document = public.get_document(move_of("40", "", "A-01"))

    assert lying() == {"": Decimal(60), "A-01": Decimal(40)}
    assert [(move.location, move.quantity) for move in document.moves] == [("", -40), ("A-01", 40)]
    assert CostEntry.objects.count() == entries  # no value moves: no entry, and nothing to write a voucher for
    assert Fact.objects.filter(name=CostPosted.name).count() == facts
    assert Level.objects.get(item__code="M6-BOLT").quantity == 100
    assert list(broken_stock()) == []


def test_what_has_no_place_yet_is_put_away_first():
    shop.make_item("M6-BOLT")
    receive_of("M6-BOLT", "10", on="2026-03-01", amount="10", location="B-01")
    receive_of("M6-BOLT", "5", on=DAY, amount="5")

    move_of("5", "", "A-01")
    move_of("4", "", "A-01")

    # 5 without a place went first, then 4 of the 10 in B-01; what lies in A-01 is not moved onto itself
    assert lying() == {"A-01": Decimal(9), "B-01": Decimal(6)}
    with pytest.raises(DomainError, match="不够"):
        move_of("7", "", "A-01")


def test_from_bin_to_bin_and_back():
    shop.make_item("M6-BOLT")
    receive_of("M6-BOLT", "10", on=DAY, amount="10", location="A-01")

    moved = move_of("4", "A-01", "B-01")
    there = lying()
    reversing.reverse(document_id=moved, actor=OWNER, at=timezone.now())

    assert there == {"A-01": Decimal(6), "B-01": Decimal(4)}
    assert lying() == {"A-01": Decimal(10)}
    assert list(broken_stock()) == []


def test_a_serial_and_a_lot_go_to_another_bin():
    shop.make_item("MOTOR", tracking="serial")
    shop.make_item("OIL", tracking="lot")
    receive_of("MOTOR", "1", on=DAY, amount="50", serials=("S1",), location="A-01")
    receive_of("OIL", "20", on=DAY, amount="50", lot="L1")

    motor = public.get_document(move_of("1", "A-01", "B-01", item="MOTOR", serials=("S1",)))
    move_of("8", "", "B-01", item="OIL", lot="L1")

    assert [(move.serial, move.location, move.quantity) for move in motor.moves] == [
        ("S1", "A-01", -1), ("S1", "B-01", 1)
    ]  # fmt: skip
    assert lying("MOTOR") == {"B-01": Decimal(1)}
    assert lying("OIL") == {"": Decimal(12), "B-01": Decimal(8)}


def test_what_is_kept_for_others_may_change_its_bin():
    shop.make_item("M6-BOLT")
    receive_of("M6-BOLT", "10", on=DAY, amount="10", location="A-01")
    public.reserve(
        item="M6-BOLT", warehouse="W1", quantity=Decimal(10), source=Source(kind="sales_order", number="XS-1"),
        actor=OWNER, at=timezone.now(),
    )  # fmt: skip

    move_of("10", "A-01", "B-01")

    assert lying() == {"B-01": Decimal(10)}
    assert Level.objects.get(item__code="M6-BOLT").reserved == 10


def test_a_late_slip_changes_no_balance_of_the_past():
    shop.make_item("M6-BOLT", method="moving_average")
    receive_of("M6-BOLT", "10", on="2026-03-01", amount="10")
    issue_of("M6-BOLT", "4", on="2026-03-05")

    move_of("6", "", "A-01", on="2026-03-02")  # on the 2nd all 10 were there, today 6

    assert lying() == {"A-01": Decimal(6)}
    assert CostEntry.objects.count() == 2
    assert list(broken_stock()) == []


def test_nothing_moves_without_another_place():
    shop.make_item("M6-BOLT")
    receive_of("M6-BOLT", "10", on=DAY, amount="10", location="A-01")

    assert refused("same_warehouse", here="", there="")
    assert refused("same_warehouse", here="A-01", there="")
    assert refused("same_warehouse", here="A-01", there="A-01")
    assert refused("same_warehouse", here="A-01", there="a-01")
    assert refused("unknown_location", here="A-01", there="Z-99")
    line = TransferLine(item="M6-BOLT", quantity=Decimal(1), location="A-01", to_location="B-01")
    with pytest.raises(DomainError, match="另一个调入库位"):
        public.transfer(
            from_warehouse="W1", to_warehouse="W1", moved_on=date(2026, 3, 2), lines=[line], in_transit=True,
            actor=OWNER, at=timezone.now(),
        )  # fmt: skip
    assert not StockDocument.objects.filter(kind="transfer").exists()
    assert Warehouse.objects.filter(code="TRANSIT").count() == 0
