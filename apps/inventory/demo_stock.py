"""The stock of the demo company: a flange maker's store, kept through the services its people use.

`demo_months` tells the months; here is what lay there before them, and what waits today.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal

from apps.inventory.models import StockDocument
from apps.inventory.models.settings import Method
from apps.inventory.records import ReceiptLine
from apps.inventory.services.item_settings import save_settings
from apps.inventory.services.orders import drafts, moving, states
from apps.inventory.services.orders.sides import PURCHASES, SALES, Side
from apps.inventory.services.orders.values import LineInput, MoveInput, OrderInput, Posting
from apps.inventory.services.stock.heads import Head
from apps.inventory.services.stock.receiving import receive
from apps.masterdata import public as masterdata
from kernel.clock import now
from kernel.demo import DemoCompany
from tenants.rights import Member

RATE = Decimal("0.13")
RAW, FINISHED = "WH-RAW", "WH-FG"
WAREHOUSES = ((RAW, "原料仓", "normal"), (FINISHED, "成品仓", "normal"), ("WH-QC", "待检仓", "inspection"))
ITEMS = (
    ("Q235-12", "钢板 Q235 12mm", "kg", "buy"), ("M16-BOLT", "六角螺栓 M16×60", "pcs", "buy"),
    ("GSK-50", "石墨垫片 DN50", "pcs", "buy"), ("FL-DN50", "法兰盘 DN50", "pcs", "make"),
    ("FL-DN80", "法兰盘 DN80", "pcs", "make"),
)  # fmt: skip
PARTNERS = (
    ("C001", "上海申通机械有限公司", True), ("C002", "苏州恒力阀门有限公司", True),
    ("C003", "宁波远洋管件有限公司", True), ("S001", "无锡金鼎钢材有限公司", False),
    ("S002", "昆山正泰电镀厂", False), ("S003", "海盐永固紧固件厂", False),
)  # fmt: skip
OPENING = (
    (RAW, "Q235-12", "12000", "4.55"), (RAW, "M16-BOLT", "6000", "0.82"), (RAW, "GSK-50", "900", "2.35"),
    (FINISHED, "FL-DN50", "1500", "62.00"), (FINISHED, "FL-DN80", "1700", "93.50"),
)  # fmt: skip
PRICES = {"FL-DN50": "92.00", "FL-DN80": "132.00"}


def open_store(demo: DemoCompany) -> None:
    """Warehouses, items, partners and opening stock on the story's first day; nothing where stock exists."""
    if StockDocument.objects.exists():
        return
    actor, at = demo.member("owner"), now()
    # Each issue knows its cost at once: so do the work orders, and the books.
    save_settings(values={"default_method": Method.MOVING_AVERAGE}, actor=actor)
    for code, name, kind in WAREHOUSES:
        masterdata.ensure_warehouse(code=code, name=name, kind=kind, actor=actor)
    for code, name, unit, source in ITEMS:
        masterdata.ensure_item(code=code, name=name, unit=unit, source=source, actor=actor)
    for code, name, is_customer in PARTNERS:
        masterdata.ensure_partner(
            code=code, name=name, is_customer=is_customer, is_supplier=not is_customer, actor=actor
        )
    for place in (RAW, FINISHED):
        lines = [
            ReceiptLine(item=item, quantity=Decimal(quantity), unit_cost=Decimal(cost))
            for warehouse, item, quantity, cost in OPENING
            if warehouse == place
        ]
        receive(head=Head(moved_on=demo.start, reason="opening", actor=actor, at=at), warehouse=place, lines=lines)


def build(demo: DemoCompany) -> None:
    """What is open today: part of an order shipped, one late, one on its way, one draft."""
    actor, at, today = demo.member("owner"), now(), demo.today
    part = place_order(SALES, "C002", today - timedelta(days=9), [("FL-DN50", "240", PRICES["FL-DN50"], 14)], actor, at)
    # The months before are closed in stock and in the books.
    moved_on = max(today - timedelta(days=2), today.replace(day=1))
    how = Posting(warehouse=FINISHED, moved_on=moved_on, actor=demo.member("storekeeper"), at=at)
    moving.deliver(side=SALES, order_id=part, lines=[MoveInput(line=1, quantity=Decimal(100))], how=how)
    place_order(SALES, "C001", today - timedelta(days=12), [("FL-DN80", "120", PRICES["FL-DN80"], 10)], actor, at)
    place_order(PURCHASES, "S001", today - timedelta(days=5), [("Q235-12", "18000", "5.15", 9)], actor, at)
    place_order(PURCHASES, "S003", today, [("M16-BOLT", "20000", "0.96", 12)], actor, at, confirmed=False)


def place_order(
    side: Side, partner: str, on: date, lines: list[tuple[str, str, str, int]], actor: Member, at: datetime,
    *, confirmed: bool = True,
) -> int:  # fmt: skip
    """An order of (item, quantity, price, days until it is due) lines; its id."""
    values = OrderInput(
        partner=partner,
        ordered_on=on,
        lines=[
            LineInput(
                item=item, quantity=Decimal(quantity), unit_price=Decimal(price), tax_rate=RATE,
                due_on=on + timedelta(days=days), warehouse=FINISHED if side.sells else RAW,
            )
            for item, quantity, price, days in lines
        ],
    )  # fmt: skip
    order = drafts.create(side=side, values=values, actor=actor, at=at)
    if confirmed:
        states.confirm(side=side, order_id=order.pk, version=None, actor=actor, at=at)
    return int(order.pk)
