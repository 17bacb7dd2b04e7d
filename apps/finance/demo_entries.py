"""What the demo company's accountant types: wages, rent, power, money in and out, taxes, and the costs of the month.

What a customer owes, a supplier is owed and the tax office gets is read from the books of the month before.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from apps.finance.demo_trade import bought, scaled, sold, tax
from apps.finance.domain.amounts import ZERO, round_half_up
from apps.finance.domain.periods import Period
from apps.finance.services.ledger import account_balance, standing_balances
from apps.production import public as production
from kernel.demo import StoryMonth
from tenants.entitlements import has_module

CUSTOMERS = (("C001", "上海申通机械有限公司"), ("C002", "苏州恒力阀门有限公司"), ("C003", "宁波远洋管件有限公司"))
SUPPLIERS = (("S001", "无锡金鼎钢材有限公司"), ("S002", "昆山正泰电镀厂"), ("S003", "海盐永固紧固件厂"))
GOODS = {"C001": "法兰盘 DN50", "C002": "法兰盘 DN80", "C003": "法兰盘 DN50、DN80"}
OWED = {"C001": Decimal(72000), "C002": Decimal(79000), "C003": Decimal(88000)}  # before the first month
OWING = {"S001": Decimal(82000), "S003": Decimal(21000)}
SLOW = {"C003": Decimal("0.97")}  # the share that comes in time
PLATING, POWER, FREIGHT = "12000", "9000", "5200"
RENT, FEE, DEPRECIATION = Decimal("9000"), Decimal("126.50"), Decimal("8000")
FOREMEN, OFFICE, PIECES = Decimal("16000"), Decimal("20000"), "23600"
MATERIAL = "168900"  # used in an ordinary month, where no store tells
SURCHARGES = (("222113", "0.07"), ("222114", "0.03"), ("222115", "0.02"))

Line = tuple[str, Decimal, Decimal, dict[str, str]]


@dataclass(frozen=True)
class Entry:
    """One voucher of the story: day, text, and (account, debit, credit, aux) lines."""

    on: date
    summary: str
    lines: tuple[Line, ...]
    papers: int = 1


def _dr(account: str, amount: Decimal, **aux: str) -> Line:
    return account, amount, ZERO, aux


def _cr(account: str, amount: Decimal, **aux: str) -> Line:
    return account, ZERO, amount, aux


def of_days(month: StoryMonth) -> list[Entry]:
    """What is typed in the course of a month."""
    entries = [*_money_in(month), *_money_out(month), *_expenses(month), *_invoices_in(month)]
    if not has_module("inventory"):
        entries += [*_sales(month), *_use(month)]
    return [entry for entry in entries if any(debit or credit for _account, debit, credit, _aux in entry.lines)]


def _before(month: StoryMonth) -> StoryMonth | None:
    return replace(month, index=month.index - 1, first=_first_before(month)) if month.index else None


def _first_before(month: StoryMonth) -> date:
    return (month.first - timedelta(days=1)).replace(day=1)


def _owed(month: StoryMonth, account: str) -> Decimal:
    """The credit balance of an account at the end of the month before."""
    return -account_balance(account, at=Period.of(month.first).index - 1)


def _money_in(month: StoryMonth) -> list[Entry]:
    before = _before(month)
    owed = sold(before) if before else OWED
    entries = []
    for day, (customer, name) in zip((8, 12, 15), CUSTOMERS, strict=True):
        paid = round_half_up(owed.get(customer, ZERO) * SLOW.get(customer, Decimal(1)))
        lines = (_dr("1002", paid), _cr("1122", paid, customer=customer))
        entries.append(Entry(month.day(day), f"收到{name}货款", lines))
    return entries


def _money_out(month: StoryMonth) -> list[Entry]:
    before = _before(month)
    owing = {code: net + tax(net) for code, net in bought(before).items()} if before else OWING
    steel, bolts = owing.get("S001", ZERO), owing.get("S003", ZERO)
    plating = scaled(before, PLATING) if before else ZERO
    debts = (("S001", steel), ("S002", plating + tax(plating)), ("S003", bolts))
    paid = tuple(_dr("2202", amount, supplier=supplier) for supplier, amount in debts if amount)
    total = sum((amount for _supplier, amount in debts), ZERO)
    wages, cash = _owed(month, "221101"), Decimal(5000)
    return [
        Entry(month.day(2), "提取备用金", (_dr("1001", cash), _cr("1002", cash))),
        Entry(month.day(5), "发放上月工资", (_dr("221101", wages), _cr("1002", wages))),
        _taxes_paid(month),
        Entry(month.day(16), "支付供应商货款", (*paid, _cr("1002", total)), 3),
    ]


def _taxes_paid(month: StoryMonth) -> Entry:
    owed = [(account, _owed(month, account)) for account in ("222102", *(code for code, _rate in SURCHARGES))]
    due = [(account, amount) for account, amount in owed if amount > 0]
    lines = (*(_dr(account, amount) for account, amount in due), _cr("1002", sum((row[1] for row in due), ZERO)))
    return Entry(month.day(14), "缴纳上月增值税及附加", lines)


def _expenses(month: StoryMonth) -> list[Entry]:
    plating, power, freight = scaled(month, PLATING), scaled(month, POWER), scaled(month, FREIGHT)
    office, guests = scaled(month, "1680"), scaled(month, "2350")
    pieces = ZERO if has_module("inventory") and has_module("production") else scaled(month, PIECES)
    piece_lines = (_dr("400102", pieces),) if pieces else ()
    wages = (*piece_lines, _dr("410102", FOREMEN), _dr("560204", OFFICE), _cr("221101", pieces + FOREMEN + OFFICE))
    return [
        Entry(month.day(9), "报销办公用品、业务招待费",
              (_dr("560206", office), _dr("560202", guests), _cr("1001", office + guests)), 5),
        Entry(month.day(15), "电镀外协加工费",
              (_dr("410106", plating), _dr("22210101", tax(plating)),
               _cr("2202", plating + tax(plating), supplier="S002"))),
        Entry(month.day(20), "支付房租、电费、运输费和银行手续费",
              (_dr("410199", RENT), _dr("410104", power), _dr("22210101", tax(power)), _dr("560104", freight),
               _dr("560304", FEE), _cr("1002", RENT + power + tax(power) + freight + FEE)), 4),
        Entry(month.day(25), "计提本月工资", wages),
        Entry(month.day(26), "计提折旧",
              (_dr("410103", DEPRECIATION), _dr("560205", Decimal(1500)), _cr("1602", DEPRECIATION + 1500)), 0),
    ]  # fmt: skip


def _invoices_in(month: StoryMonth) -> list[Entry]:
    """Suppliers' invoices: where a store booked the receipts at an estimate, the estimate becomes a debt."""
    has_store, lines = has_module("inventory"), []
    for supplier, net in sorted(bought(month).items()):
        lines.append(_dr("2202", net, supplier=supplier) if has_store else _dr("1403", net))
        lines += [_dr("22210101", tax(net)), _cr("2202", net + tax(net), supplier=supplier)]
    return [Entry(month.day(22), "收到采购发票，暂估转应付" if has_store else "采购材料", tuple(lines), 2)]


def _sales(month: StoryMonth) -> list[Entry]:
    entries = []
    for day, (customer, total) in zip((8, 18, 26), sorted(sold(month).items()), strict=True):
        net = round_half_up(total / Decimal("1.13"))
        lines = (_dr("1122", total, customer=customer), _cr("5001", net), _cr("22210107", total - net))
        entries.append(Entry(month.day(day), f"销售{GOODS[customer]}", lines, 2))
    return entries


def _use(month: StoryMonth) -> list[Entry]:
    material = scaled(month, MATERIAL)
    return [Entry(month.day(7), "生产领用材料", (_dr("400101", material), _cr("1403", material)), 4)]


def of_month_end(month: StoryMonth) -> list[Entry]:
    """The costs and taxes of a month, from what stands in its books."""
    return [*_costs(month), *_scrapped(month), *_taxes(month)]


def _costs(month: StoryMonth) -> list[Entry]:
    """制造费用 at what the goods took of it, the rest to the cost of sales; what is left in 4001 is in the shop."""
    overhead = [(row.account, row.net) for row in standing_balances("4101") if row.net]
    spent, absorbed = sum((net for _account, net in overhead), ZERO), _absorbed(month)
    wages, idle = account_balance("400102"), spent - absorbed
    rest = (_dr("5401", idle),) if idle else ()
    spread = tuple(_cr(account, net) for account, net in overhead)
    if has_module("inventory"):
        lines = (_dr("400101", wages + absorbed), *rest, _cr("400102", wages), *spread)
        return [Entry(month.last, "归集人工，分配制造费用", lines, 0)]
    material = account_balance("400101")
    output = material + wages + absorbed
    made = (_dr("1405", output), _cr("400101", material), _cr("400102", wages), _cr("400103", absorbed))
    return [
        Entry(month.last, "分配制造费用", (_dr("400103", absorbed), *rest, *spread), 0),
        Entry(month.last, "完工入库", made, 0),
        Entry(month.last, "结转销售成本", (_dr("5401", output), _cr("1405", output)), 0),
    ]


def _absorbed(month: StoryMonth) -> Decimal:
    """What the month's goods took of the overhead: machine hours at their rates, as the work orders gave them."""
    if not has_module("inventory"):
        return account_balance("4101")
    begun = ZERO
    if has_module("production"):
        begun = sum((row.value for row in production.wip_value(month.name)), ZERO)
    return begun - account_balance("4001")


def _scrapped(month: StoryMonth) -> list[Entry]:
    lost = account_balance("1901")
    return [Entry(month.last, "处理存货报废损失", (_dr("571107", lost), _cr("1901", lost)))] if lost else []


def _taxes(month: StoryMonth) -> list[Entry]:
    payable = -account_balance("222101")
    if payable <= 0:
        return []
    parts = [(account, round_half_up(payable * Decimal(rate))) for account, rate in SURCHARGES]
    (_city, city), (_education, education), (_local, local) = parts
    lines = (
        _dr("22210104", payable), _cr("222102", payable), _dr("540302", city), _dr("540306", education + local),
        *(_cr(account, amount) for account, amount in parts),
    )  # fmt: skip
    return [Entry(month.last, "转出未交增值税，计提附加税费", lines, 0)]
