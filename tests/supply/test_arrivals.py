"""What the warehouse took of an order becomes the supplier's news, delivery by delivery."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from apps.supply.services import receipts
from apps.supply.services.turns import Act
from kernel.clock import now
from tenants.context import tenant_context
from tenants.rights import Member
from tests.supply.api.test_deliveries import agreed, ship
from tests.supply.conftest import Pair
from tests.supply.given import call, deliver

__all__ = ["agreed"]


def arrive(pair: Pair, order: str, alice: Member, key: str, **lines: str) -> int:
    arrived = {int(name.removeprefix("line")): Decimal(quantity) for name, quantity in lines.items()}
    with tenant_context(pair.hongda):
        act = Act(actor=alice, at=now(), idem=key)
        count = receipts.publish_arrivals(
            order_id=UUID(order), arrived=arrived, received_on=date(2026, 1, 5), act=act
        )  # fmt: skip
    deliver(*pair.both)
    return count


def test_what_was_announced_and_did_not_come_is_short(pair: Pair, agreed: str, alice: Member):
    sent = ship(pair, agreed, (1, "600"), (2, "20"))

    assert arrive(pair, agreed, alice, "RK1", line1="597") == 1

    theirs = call(pair.seller, "get", f"despatches/{sent['id']}/")
    assert theirs["state"] == "received"
    # 600 - 597 = 3; nobody counted the flanges: all 20 are missing
    assert [(row["received"], row["short"]) for row in theirs["lines"]] == [("597", "3"), ("0", "20")]


def test_two_deliveries_are_filled_in_the_order_they_were_sent(pair: Pair, agreed: str, alice: Member):
    first, second = ship(pair, agreed, (1, "400")), ship(pair, agreed, (1, "300"))

    assert arrive(pair, agreed, alice, "RK1", line1="710") == 2

    seen = [call(pair.seller, "get", f"despatches/{one['id']}/")["lines"][0] for one in (first, second)]
    # 400 fill the first, 310 are left for the second: 10 more than were announced
    assert [(row["received"], row["over"]) for row in seen] == [("400", "0"), ("310", "10")]


def test_what_nobody_announced_is_told_all_the_same(pair: Pair, agreed: str, alice: Member):
    assert arrive(pair, agreed, alice, "RK1", line2="5") == 1
    assert arrive(pair, agreed, alice, "RK2", line2="-5", line1="0") == 0

    assert call(pair.seller, "get", f"orders/{agreed}/")["lines"][1]["received"] == "5"
