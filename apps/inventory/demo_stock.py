"""The stock of the demo company: a flange maker's store, kept through the services its people use."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from apps.inventory.models import StockDocument
from apps.inventory.records import IssueLine, ReceiptLine
from apps.inventory.services.orders import drafts, moving, states
from apps.inventory.services.orders.sides import PURCHASES, SALES, Side
from apps.inventory.services.orders.values import LineInput, MoveInput, OrderInput, Posting
from apps.inventory.services.stock.heads import Head
from apps.inventory.services.stock.issuing import issue
from apps.inventory.services.stock.receiving import receive
from apps.masterdata import public as masterdata
from kernel.clock import now
from kernel.demo import DemoCompany
from tenants.rights import Member

RATE = Decimal("0.13")
WAREHOUSES = (("WH-RAW", "原料仓", "normal"), ("WH-FG", "成品仓", "normal"), ("WH-QC", "待检仓", "inspection"))
ITEMS = (
    ("Q235-12", "钢板 Q235 12mm", "kg"), ("M16-BOLT", "六角螺栓 M16×60", "pcs"), ("GSK-50", "石墨垫片 DN50", "pcs"),
    ("FL-DN50", "法兰盘 DN50", "pcs"), ("FL-DN80", "法兰盘 DN80", "pcs"),
)  # fmt: skip
PARTNERS = (
    ("C001", "上海申通机械有限公司", True), ("C002", "苏州恒力阀门有限公司", True),
    ("S001", "无锡金鼎钢材有限公司", False), ("S002", "昆山正泰电镀厂", False),
)  # fmt: skip
OPENING = (
    ("WH-RAW", "Q235-12", "4200", "4.25"), ("WH-RAW", "M16-BOLT", "6000", "0.85"), ("WH-RAW", "GSK-50", "900", "2.40"),
    ("WH-FG", "FL-DN50", "320", "46.50"), ("WH-FG", "FL-DN80", "140", "78.00"),
)  # fmt: skip


def build(demo: DemoCompany) -> None:
    """Opening stock, what was bought, used and sold, and orders that wait today. Does nothing where stock exists."""
    if StockDocument.objects.exists():
        return
    actor, at = demo.member("owner"), now()
    for code, name, kind in WAREHOUSES:
        masterdata.ensure_warehouse(code=code, name=name, kind=kind, actor=actor)
    for code, name, unit in ITEMS:
        masterdata.ensure_item(code=code, name=name, unit=unit, actor=actor)
    for code, name, is_customer in PARTNERS:
        masterdata.ensure_partner(
            code=code, name=name, is_customer=is_customer, is_supplier=not is_customer, actor=actor
        )
    _opening(_open(demo.today, 80), actor, at)
    _months(demo.today, actor, at)
    _waiting(demo.today, actor, at)


def _open(today: date, days: int) -> date:
    """So many days ago, but not before this month: the months before are closed in the books."""
    return max(today - timedelta(days=days), today.replace(day=1))


def _opening(on: date, actor: Member, at: datetime) -> None:
    for place in ("WH-RAW", "WH-FG"):
        lines = [
            ReceiptLine(item=item, quantity=Decimal(quantity), unit_cost=Decimal(cost))
            for warehouse, item, quantity, cost in OPENING
            if warehouse == place
        ]
        receive(head=Head(moved_on=on, reason="opening", actor=actor, at=at), warehouse=place, lines=lines)


def _months(today: date, actor: Member, at: datetime) -> None:
    """Steel bought, used and turned into flanges; flanges sold."""
    bought = _order(PURCHASES, "S001", today - timedelta(days=60), [("Q235-12", "3000", "5.20", 50)], actor, at)
    how = Posting(warehouse="WH-RAW", moved_on=_open(today, 52), actor=actor, at=at)
    moving.deliver(side=PURCHASES, order_id=bought, lines=[], how=how)
    _issue("material", "WH-RAW", [("Q235-12", "1500"), ("GSK-50", "300")], _open(today, 45), actor, at)
    made = [
        ReceiptLine(item="FL-DN50", quantity=Decimal(240), unit_cost=Decimal("44.80")),
        ReceiptLine(item="FL-DN80", quantity=Decimal(60), unit_cost=Decimal("76.20")),
    ]
    head = Head(moved_on=_open(today, 40), reason="production", actor=actor, at=at)
    receive(head=head, warehouse="WH-FG", lines=made)
    sold = _order(
        SALES, "C001", today - timedelta(days=30), [("FL-DN50", "180", "72.00", 15), ("FL-DN80", "60", "118.00", 15)],
        actor, at,
    )  # fmt: skip
    how = Posting(warehouse="WH-FG", moved_on=_open(today, 16), actor=actor, at=at)
    moving.deliver(side=SALES, order_id=sold, lines=[], how=how)


def _waiting(today: date, actor: Member, at: datetime) -> None:
    """What is open today: part of an order shipped, one late, one on its way, one draft."""
    part = _order(SALES, "C002", today - timedelta(days=9), [("FL-DN50", "120", "70.00", 14)], actor, at)
    how = Posting(warehouse="WH-FG", moved_on=_open(today, 2), actor=actor, at=at)
    moving.deliver(side=SALES, order_id=part, lines=[MoveInput(line=1, quantity=Decimal(50))], how=how)
    _order(SALES, "C001", today - timedelta(days=12), [("FL-DN80", "30", "118.00", 10)], actor, at)
    _order(PURCHASES, "S001", today - timedelta(days=5), [("Q235-12", "2500", "5.15", 9)], actor, at)
    _order(PURCHASES, "S002", today, [("M16-BOLT", "5000", "0.96", 12)], actor, at, confirmed=False)


def _order(
    side: Side, partner: str, on: date, lines: list[tuple[str, str, str, int]], actor: Member, at: datetime,
    *, confirmed: bool = True,
) -> int:  # fmt: skip
    values = OrderInput(
        partner=partner,
        ordered_on=on,
        lines=[
            LineInput(
                item=item, quantity=Decimal(quantity), unit_price=Decimal(price), tax_rate=RATE,
                due_on=on + timedelta(days=days), warehouse="WH-FG" if side.sells else "WH-RAW",
            )
            for item, quantity, price, days in lines
        ],
    )  # fmt: skip
    order = drafts.create(side=side, values=values, actor=actor, at=at)
    if confirmed:
        states.confirm(side=side, order_id=order.pk, version=None, actor=actor, at=at)
    return int(order.pk)


def _issue(reason: str, warehouse: str, lines: list[tuple[str, str]], on: date, actor: Member, at: datetime) -> None:
    rows = [IssueLine(item=item, quantity=Decimal(quantity)) for item, quantity in lines]
    issue(head=Head(moved_on=on, reason=reason, actor=actor, at=at), warehouse=warehouse, lines=rows)
