"""A month in the demo company's store: ordered, received, used, shipped, now and then sent back, and closed."""

from datetime import date, datetime
from decimal import Decimal

from apps.inventory.demo_stock import FINISHED, PRICES, RAW, place_order
from apps.inventory.records import IssueLine, ReceiptLine
from apps.inventory.services import closing, reversing
from apps.inventory.services.orders import moving
from apps.inventory.services.orders.sides import PURCHASES, SALES, Side
from apps.inventory.services.orders.values import MoveInput, Posting
from apps.inventory.services.stock.heads import Head
from apps.inventory.services.stock.issuing import issue
from apps.inventory.services.stock.receiving import receive
from kernel.demo import DemoCompany, Happening, StoryMonth
from tenants.entitlements import has_module

# What a kilogram of steel cost, tax included, month by month.
STEEL = ("5.12", "5.15", "5.20", "5.26", "5.24", "5.18", "5.15", "5.10", "5.14", "5.22", "5.28", "5.25")
# partner, ordered on, moved on, lines of (item, an ordinary month's quantity, price)
STEEL_BOUGHT = ("S001", 1, 3, (("Q235-12", 32500, ""),))
PARTS_BOUGHT = ("S003", 1, 3, (("M16-BOLT", 17600, "0.94"), ("GSK-50", 2000, "2.68")))  # for two months
SOLD_EARLY, SOLD_LATE = (("FL-DN50", 1000), ("FL-DN80", 300)), (("FL-DN50", 1000), ("FL-DN80", 900))
# Without the production module the store itself books what the shop takes and brings, in turn for two months each:
# item, quantity, unit cost, and what a piece takes.
MADE = (
    ("FL-DN50", 2000, "62.00", (("Q235-12", "8.446"), ("M16-BOLT", "4"), ("GSK-50", "1"))),
    ("FL-DN80", 1200, "94.00", (("Q235-12", "12.978"), ("M16-BOLT", "8"))),
)
TAKEN_ON, BROUGHT_ON = 4, 18
RETURNED_IN, MISTAKEN_IN = 5, 8  # months with a customer's return, with a slip that was taken back
Line = tuple[str, str, str, int]
Bought = tuple[str, int, int, tuple[tuple[str, int, str], ...]]


def tell(demo: DemoCompany, month: StoryMonth) -> list[Happening]:
    """Purchases and sales by the orders of the month; the month of stock is closed on its last day."""
    happenings = [*_bought(demo, month), *_sold(demo, month)]
    if not has_module("production"):
        happenings += _shop(demo, month)
    if month.index == MISTAKEN_IN:
        happenings.append(Happening(month.day(20), lambda at: _mistake(demo, month.day(20), at)))
    if not month.is_running:
        chief = demo.member("chief")
        happenings.append(Happening(month.last, lambda at: closing.close(month=month.name, actor=chief, at=at)))
    return happenings


def _many(percent: int, ordinary: int) -> str:
    """An ordinary month's quantity -> that of one so lively, to the ten."""
    return str((ordinary * percent + 500) // 1000 * 10)


def _bought(demo: DemoCompany, month: StoryMonth) -> list[Happening]:
    """Steel every month, bolts and gaskets every other one."""
    orders: list[tuple[Bought, int]] = [(STEEL_BOUGHT, month.percent)]
    if month.index % 2 == 0:
        orders.append((PARTS_BOUGHT, month.percent_of_two))
    happenings = []
    for (partner, ordered, moved, lines), percent in orders:
        rows = [(item, _many(percent, quantity), price or STEEL[month.index]) for item, quantity, price in lines]
        happenings += _trade(demo, month, PURCHASES, (partner, ordered, moved), rows)
    return happenings


def _sold(demo: DemoCompany, month: StoryMonth) -> list[Happening]:
    """One customer every month, two others in turn."""
    happenings = []
    orders = (("C001", 2, 10, SOLD_EARLY), (("C003", "C002")[month.index % 2], 14, 26, SOLD_LATE))
    for partner, ordered, moved, sold in orders:
        rows = [(item, _many(month.percent, quantity), PRICES[item]) for item, quantity in sold]
        happenings += _trade(demo, month, SALES, (partner, ordered, moved), rows)
    return happenings


def _trade(
    demo: DemoCompany, month: StoryMonth, side: Side, who: tuple[str, int, int], rows: list[tuple[str, str, str]]
) -> list[Happening]:
    """The order, what moved for it, and in one month a part that came back."""
    partner, ordered, moved = who
    ordered_on, moved_on = month.day(ordered), month.day(moved)
    days = (moved_on - ordered_on).days
    order: list[int] = []

    def place(at: datetime) -> None:
        lines: list[Line] = [(*row, days) for row in rows]
        order.append(place_order(side, partner, ordered_on, lines, demo.member("owner"), at))

    def move(at: datetime) -> None:
        moving.deliver(side=side, order_id=order[0], lines=[], how=_posting(demo, side, moved_on, at))

    happenings = [Happening(ordered_on, place, until=moved_on), Happening(moved_on, move)]
    if side.sells and partner == "C002" and month.index == RETURNED_IN:
        happenings.append(_sent_back(demo, month.day(27), order))
    return happenings


def _sent_back(demo: DemoCompany, on: date, order: list[int]) -> Happening:
    def send(at: datetime) -> None:
        lines = [MoveInput(line=1, quantity=Decimal(20))]
        moving.take_back(side=SALES, order_id=order[0], lines=lines, how=_posting(demo, SALES, on, at))

    return Happening(on, send)


def _posting(demo: DemoCompany, side: Side, on: date, at: datetime) -> Posting:
    place = FINISHED if side.sells else RAW
    return Posting(warehouse=place, moved_on=on, actor=demo.member("storekeeper"), at=at)


def _shop(demo: DemoCompany, month: StoryMonth) -> list[Happening]:
    """Material out to the shop, goods back from it."""
    actor, (item, ordinary, cost, parts) = demo.member("storekeeper"), MADE[month.index % 2]
    quantity = Decimal(_many(month.percent_of_two, ordinary))
    taken, brought = month.day(TAKEN_ON), month.day(BROUGHT_ON)

    def take(at: datetime) -> None:
        used = [IssueLine(item=part, quantity=quantity * Decimal(each)) for part, each in parts]
        issue(head=Head(moved_on=taken, reason="material", actor=actor, at=at), warehouse=RAW, lines=used)

    def bring(at: datetime) -> None:
        made = ReceiptLine(item=item, quantity=quantity, unit_cost=Decimal(cost))
        head = Head(moved_on=brought, reason="production", actor=actor, at=at)
        receive(head=head, warehouse=FINISHED, lines=[made])

    return [Happening(taken, take, until=brought), Happening(brought, bring)]


def _mistake(demo: DemoCompany, on: date, at: datetime) -> None:
    """Scrapped bolts, written down with a nought too many, taken back and written again."""
    actor = demo.member("storekeeper")
    head = Head(moved_on=on, reason="scrap", actor=actor, at=at, note="锈蚀报废")
    wrong = issue(head=head, warehouse=RAW, lines=[IssueLine(item="M16-BOLT", quantity=Decimal(600))])
    reversing.reverse(document_id=wrong.pk, actor=actor, at=at, reason="数量多写了一个零")
    issue(head=head, warehouse=RAW, lines=[IssueLine(item="M16-BOLT", quantity=Decimal(60))])
