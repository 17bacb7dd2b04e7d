"""The demo company's share of supply: a supplier by link, an order he countered, one agreed and on its way."""

from datetime import timedelta
from decimal import Decimal

from apps.masterdata import public as masterdata
from apps.supply.domain.despatching import ShipWish
from apps.supply.domain.terms import CHANGED, Change
from apps.supply.guests import acts
from apps.supply.guests.acts import Hand
from apps.supply.guests.desk import open_desk
from apps.supply.services import delivering
from apps.supply.services.despatches import DespatchWish
from apps.supply.services.guest_links import create_guest_link
from apps.supply.services.links import Guest, create_link
from apps.supply.services.negotiating import respond
from apps.supply.services.orders import LineWish, OrderWish, create_order
from apps.supply.services.packing import ParcelWish
from apps.supply.services.turns import Act
from kernel.clock import now
from kernel.demo import DemoCompany

HAND = Hand(check="none", target="", address="", agent="")
ITEMS = (("FL-DN50-R", "法兰盘毛坯 DN50"), ("FL-DN80-R", "法兰盘毛坯 DN80"))
SUPPLIER = "S-LINJI"


def build(made: DemoCompany) -> None:
    """Runs inside the company, through the services that people use."""
    actor = made.member("owner")
    for code, name in ITEMS:
        masterdata.ensure_item(code=code, name=name, actor=actor)
    masterdata.ensure_partner(code=SUPPLIER, name="林记五金加工", is_supplier=True, actor=actor)
    guest = Guest(name="林师傅", mobile="13800000000", email="lin@linji.example")
    link, _code = create_link(partner_code=SUPPLIER, role="buyer", guest=guest, actor=actor, at=now())
    _row, token = create_guest_link(
        link_id=link.pk, chain=None, verbs=(), check="none", expires_at=None, actor=actor
    )  # fmt: skip
    # Each at its own moment: the one that waits for an answer is the newest, and leads the list.
    days = (10, 20, 30)
    shipped, countered, _waiting = (create_order(wish=_wish(made, day), act=Act(actor=actor, at=now())) for day in days)
    with open_desk(token, now()) as desk:
        acts.respond(desk, shipped.pk, seen=1, code="AP", changes=[], reason="", hand=HAND)
        later = Change(line=1, action=CHANGED, promised_date=made.today + timedelta(days=27))
        acts.respond(desk, countered.pk, seen=1, code="CA", changes=[later], reason="毛坯到货晚一周", hand=HAND)
        line = ShipWish(order=str(shipped.pk), line=1, quantity=Decimal(300), lot="L2601", package="1")
        wish = DespatchWish(
            partner="", ship_date=made.today, carrier="顺丰速运", lines=[line], packages=[ParcelWish(no="1", kind="箱")]
        )
        acts.despatch(desk, wish=wish, hand=HAND)
    delivering.deliver_waiting(at=now())
    respond(order_id=countered.pk, seen=2, code="AP", changes=[], reason="", act=Act(actor=actor, at=now()))


def _wish(made: DemoCompany, days: int) -> OrderWish:
    due = made.today + timedelta(days=days)
    return OrderWish(
        partner=SUPPLIER,
        payment_terms="月结 30 天",
        lines=[
            LineWish(
                item=ITEMS[0][0], quantity=Decimal(500), unit_price=Decimal("12.50"), tax_rate=Decimal("0.13"),
                requested_date=due,
            ),
            LineWish(
                item=ITEMS[1][0], quantity=Decimal(200), unit_price=Decimal("18.20"), tax_rate=Decimal("0.13"),
                requested_date=due + timedelta(days=3),
            ),
        ],
    )  # fmt: skip
